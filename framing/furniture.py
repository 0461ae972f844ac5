"""What in an article is not a sentence: credits, sign-offs, datelines, times, a newsroom's notes, a page's words."""

from __future__ import annotations

import re

from framing import archives, notices
from framing.datelines import AGENCIES, CLOCK, DATE, ZONE, dateline, is_dateline
from framing.patterns import CAPITAL, DAY, MONTH, any_of
from framing.schema import Span

_NAME = rf"[{CAPITAL}][\w.’'-]+(?: (?:(?:de|van|von|al|el|bin|da|of|and)[ -])?[{CAPITAL}][\w.’'-]*){{0,3}}"
# "Ann Lee in Oslo, Bo Nilsson and the AP"
_NAMES = rf"(?:(?:[{CAPITAL}][\w.’'-]*|and|in|at|the|de|van|von|al|el|bin)[,;]? )*[{CAPITAL}][\w’'-]*"

# A whole block that is one of these is not a sentence. Those that do not depend on capitals are held against it in
# small letters: with re.IGNORECASE they would take twice as long to compile and to match.
_BOILERPLATE = re.compile(
    any_of(
        r"(?:published|posted|updated|issued on|last (?:updated?|modified)|modified|date|first published)\b"
        rf"(?=(?:[ :,|-]|{DAY}|{MONTH}|on|at|an?)*+\d| ?:| by\b)"
        r"(?!.*[a-z]{2}\.$)(?!.*(?: [a-z’'-]{4,}){3}).{0,60}",
        r"(?:an?|\d+) (?:second|minute|min|hour|hr|day|week|month)s? ago",
        r"\d{1,3} ?(?:s|m|min|h|hrs?|d|w|mo) ago",
        rf"{DATE}(?:[ ,|/·-]+(?:at )?{CLOCK})?(?: \(.{{0,40}}\))?",
        rf"{CLOCK}(?:[ ,|/-]+{DATE})?",
        rf"{DATE},? {DAY}",
        rf"(?:{DATE}[ ,|/-]+)?\d+ min(?:ute)?s?(?: read(?:ing time)?)?",
        r"(?:©|\(c\)|copyright\b(?! (?:law|rule|claim|case|infringement|holder)s?\b)).{0,120}",
        r"all rights reserved.{0,80}",
        r"enditem|editorial",
        r"(?:read|topics?|tags?|images?|credit|editor) ?:.{0,120}",
        r"(?:sources?|photos?|video) ?:(?!(?: [\w’'-]+){5}).{0,120}",  # not "Sources: Norland to reject a new proposal"
        notices.NOTICE,
        r"(?:filed under|keywords|author|twitter) ?:.{0,120}",
        r"\(?with inputs from .{3,40}\)?",
        r".{0,80} contributed (?:to (?:this|the) (?:report|story|article)|reporting)\.?",
        r".{0,200} contributed to this (?:report|story|article)\.?",
        r"\(?the (?:author|writer) (?:is|teaches|works)\b.{0,160}",
        r"(?:your thoughts|disclosure statement|key takeaways|font size).{0,20}",
        r"(?:the )?(?:statements|views|opinions)[\w ,]{0,60} "
        r"(?:solely|do not (?:necessarily (?:reflect|represent)|constitute (?:an? )?(?:endorsement|\w* ?advice)"
        r"|(?:reflect|represent) (?:(?:the|those of|its) )*(?:(?:official|editorial) )?"
        r"(?:views?|opinions?|polic|position|publisher|organi[sz]ation|newspaper|outlet|company|agency))"
        r"|are (?:those|(?:hers?|his|my)(?: own|\.|$))).{0,160}",
        r"image (?:source|credit)[,:] ?.{2,80}",
        # of a page of the Kremlin's
        r"(?:publication (?:status|date)|published in sections?|direct link|text versions?)\b.{0,120}|[‹<]…[>›]",
        r"contact .{3,60} at (?:\S+@\S+|[\d().+ -]{7,}).{0,80}",
        r"(?:(?:media|press) )?(?:contacts?(?: information)?|inquiries|enquiries)(?::.{0,120})?",
        r"(?:(?:tel|telephone|phone|fax)\b[.:]? ?)?\+?(?=(?:\D*\d){9})[\d ().-]{9,20}",
        r"\d{3,5}\*+\d{3,5}",  # IRNA's codes
        r"\([^()]{2,40} with (?:afp|ap|reuters|dpa|agencies)(?:(?:,| and|, and) (?:afp|ap|reuters|dpa))*\)",
        rf"\([^()]{{2,40}}, {DATE}(?:, page \d+)?\)",  # "(People's Daily, Oct. 16, 2026, Page 01)"
        r"\([$€£]?\d+(?: [a-z .]{2,20})? ?= ?[$€£]?[\d.,]+(?: [a-z .]{2,40})?\)",  # "($1 = 7.0210 Chinese yuan)"
        r"\(?(?:end|more|ends)\)?",
        r"\((?:laughter|laughs|applause|cheers|inaudible|crosstalk|pause|silence)\b[^()]{0,40}\)\.?",
        r"-+ ?30 ?-+",
        r"[-–—_=*#■◆●·•.\s]+",
        r"(?:https?://|www\.)\S+|\(?\S+@\S+\.\w+\)?",
        r"[a-z]{1,5}(?:-[a-z]{1,5})?(?:/[a-z-]{1,7}){1,3}",  # desk initials: "str-bdi/prc/giv"
    )
)
# These depend on capitals.
_CREDIT = re.compile(
    any_of(
        rf"(?:[Bb]y|BY):? (?:{_NAME}|[A-Z][A-Z .’'-]+)(?:(?:,| and| in| for|,and| [|·•–—-]) .{{2,60}})?",
        r"[Bb]y (?:an? )?(?:[A-Z][\w’'-]* ){1,4}(?:staff )?(?:[Rr]eporter|[Ww]riter|[Cc]orrespondent|[Ss]taff)s?\b"
        r"[^.]{0,60}",
        r"\(?[Bb]y (?:[\w/’'-]+ ){0,4}[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+\)?",
        r"[Bb]y: \S[^.]{1,80}",
        r"[A-Z][\w’'-]+ [A-Z][\w’'-]+,? (?:[\w’'-]+ ){0,4}(?:correspondent|reporter|staff writer|columnist)",
        r"\[[^\]]{2,80}\]",
        rf"\((?:{AGENCIES}|Photo|File)\b[^)]{{0,80}}\)",
        r"/[A-Z]{3,}/\.?",
        r"\(?(?i:(?:additional )?(?:reporting|written|edited|editing|translated|translation|story) by):? [A-Z].{2,200}",
        r"(?:Sources?|Photos?|Video): (?:(?:[A-Z][\w.’'-]*|of|the|and|for|[/&|]),? )*[A-Z][\w.’'-]*",
        r"Getty Images|Shutterstock|SOURCE:? [A-Z][^.]{2,80}",
        rf"{_NAME}(?:(?:,| and) {_NAME}){{0,3}} (?:also )?reported from [{CAPITAL}][^.]{{2,80}}\.",
        rf"(?:==)?(?:{AGENCIES})",
        rf"(?:{AGENCIES}|EPA)(?:(?: [Pp]hoto)?/[\w .’'-]{{2,40}}){{1,4}}",  # "REUTERS/Stringer/File Photo"
        r"(?:[A-Z][\w.’'-]*[ /]+){1,6}via (?:REUTERS|Reuters|AP|AFP|Getty Images)",  # "KCNA via REUTERS"
        r"(?:The )?(?:Associated Press|AP|Reuters|AFP|Bloomberg) (?:staff )?(?:writer|journalist|reporter)s? .{3,200} "
        r"contributed\.?",
        # "--With assistance from Ann Lee and Bo Nilsson.", and not "With assistance from Iran, the group rebuilt …"
        rf"\(?[-–— ]{{0,3}}[Ww]ith (?:(?:additional )?reporting|assistance) (?:from|by) {_NAMES}[.)]*",
        r"[A-Z]{2,6}(?:-[A-Z]{2,6})?-\d\d-\d\d-\d\d(?:\d\d)? \d{4}[A-Z]{3,4}<?",  # "APTV-12-11-94 1412EST"
    )
)
# What looks like one of these and tells something: "Reporting by the BBC showed …", "By Monday, the army had …".
_TELLS = re.compile(r"\b(?:said|says|told|was|were|had|have|will|shows?|showed|found|he|she|they)\b")
# A newsroom's notes on its own text and a wire's sign-off: these tell, and are none of the news.
_NOTE = re.compile(
    any_of(
        r"this (?:article|story) (?:was|has been|is being) (?:first |originally |last |also )?"
        r"(?:amended|updated|corrected|refiled|edited|clarified|published|produced|created|translated)\b.{0,500}",
        rf"\(?this (?:{MONTH} \d{{1,2}} )?(?:story|report|post) (?:was|has been) "
        r"(?:amended|corrected|refiled)\b.{0,500}",
        rf"(?:(?:correction|clarification)(?:, {DATE})?: ?)?"
        r"an? (?:earlier|previous) version of this (?:article|story|report|post)\b.{0,500}",
        r"(?:correction|clarification)(?: \(.{0,40}\))?: "
        r"(?:an? (?:earlier|previous)|this|the (?:headline|story|article))\b.{0,500}",
        r"editor.s note: .{0,300}\b(?:authors?|writers?|views|opinions)\b.{0,400}",
        r"press tv.s website can also be accessed\b.{0,200}",
        r"this is a (?:breaking|developing) (?:news )?story\b.{0,120}",
        r"\((?:additional )?reporting by [^()]{3,500}\)\.?(?: ?\(\(.{0,200}\)\))?",
    )
)
_META_PREFIX = re.compile(r"date \d{4}-\d\d-\d\d\s+")
_TAIL = re.compile(
    r"(?<!\s)\s*(?=[\s\[(/RAESrs])"
    + any_of(
        r"\[[A-Z][A-Z .,/&’'-]{2,60}\]",
        rf"\((?:Photo|File|{AGENCIES})[^()]{{0,60}}\)",
        r"\((?:Additional r|R)eporting by [^()]{3,500}\)\.?",
        r"/TASS/\.?",
        archives.AFTER,
        r"(?<=[.!?”\"’)]) (?:REUTERS|AFP|EPA)(?:/[\w .’'-]{2,40}){1,3}"  # "… in Kyiv. REUTERS/Stringer/File Photo"
        r"(?:(?:Purchase|Acquire) Licensing Rights.{0,30})?",
        rf"(?<=[.!?”\"’)]) {_NAME} ?/ ?(?:{AGENCIES}|EPA|Getty)[\w ]{{0,30}}",  # "… dusk. Ann Lee/AFP via Getty Images"
        r"(?<=[.!?”\"’)]) (?:Photo(?:graph)?|Picture|Image|Credit)s?: .{3,80}",
        r"(?<=[.!?”\"’)]) (?i:(?:read (?:more|also)|also read|see also):) .{3,140}",
    )
    + r"\s*[■◆●]?$"
    r"|(?<=[.!?…\"”’)])\s+(?:[■◆●▪□]{1,3}|/END/|\(ENDS?\)|ENDS?|Enditem|- ?30 ?-|#{2,4})$"  # "… he said. (END)"
)
_TAIL_ENDS = ("]", ")", ").", "/", "/.", "END", "ENDS", "Enditem", *"-#■◆●▪□")
# A reference to a note stays with its sentence: "… the institute estimates.[2]", ".²", ".[^2]", ".*", "nine plants.2"
NOTE_MARK = any_of(r"\[\^?\w{1,3}\]", "[¹²³⁰⁴-⁹*†‡]")
_NOTE_MARKS = re.compile(rf"{NOTE_MARK}{{1,6}}$|(?<=[a-z]{{4}}\.)\d{{1,2}}$")
_LONGEST_NOTE = 600  # characters of a newsroom's note
_LONGEST = 260  # of all else that is none of the text; a longer paragraph is prose


_TIMES = re.compile(
    any_of(
        rf"{DATE}|{CLOCK}|{ZONE}",
        r"\b(?:last |first )?(?:updated?|published|posted|issued|modified)\b|\blocal time\b|\b(?:on|at|by|[ap]m)\b",
        r"\b(?:an?|\d+) (?:second|minute|min|hour|hr|day|week|month)s?\b(?: ago| read)?",
    )
)
_WHENEVER = re.compile(rf"{DATE}|{CLOCK}")
_SET_APART = re.compile(r"\||\d:\d\d|updated?\b|issued on|published|posted|\([a-z]{2,9}\) ?[-–—]")


def _is_stamp(block: str) -> bool:
    """Whether a paragraph is times, and no more beside them than whose: "Ann Lee | 14.11.2025 - Update: 15.11.2025"."""
    small = block.lower()
    rest, times = _TIMES.subn(" ", small)
    if not times or len(block) > 120 or not _WHENEVER.search(small) or re.search(r"[a-z]{3}\.$", block):
        return False
    words = re.findall(r"[^\W\d_][\w.’'&/-]*", rest)
    return not words or (
        len(words) <= 5
        and bool(_SET_APART.search(small))
        and all(f" {word}" not in f" {block}" or "." in word for word in words)
    )


# Of whoever wrote it, in the last paragraph: "Ann Lee is a senior fellow at the institute in Oslo."
_BIO = re.compile(
    rf"{_NAME}(?:,? (?:and|&) {_NAME})? (?:is|are|was|teaches|works) (?:an? |the )?(?:[\w-]+ ){{0,4}}?"
    r"(?:fellow|professor|lecturer|columnist|novelist|author|journalist|reporter|researcher|correspondent|editor|writer|scholar"
    r"|historian|commentator)s?\b.{0,240}"
)


def is_bio(block: str) -> bool:
    """Whether an article's last paragraph tells of its writer."""
    return bool(_BIO.fullmatch(block))


def is_furniture(block: str) -> bool:
    """Whether a whole paragraph is none of the article's sentences."""
    if len(block) > _LONGEST_NOTE:
        return False
    if _NOTE.fullmatch(block.lower()) or archives.is_set_around(block):
        return True
    if len(block) > _LONGEST:
        return False
    if is_dateline(block) or _is_stamp(block):
        return True
    bare = block.rstrip(" ■◆●") or block
    return bool(_BOILERPLATE.fullmatch(bare.lower()) or _CREDIT.fullmatch(bare)) and not _TELLS.search(block)


def unmarked(block: str) -> str:
    """A paragraph without the marks of notes behind its last sentence."""
    found = _NOTE_MARKS.search(block, max(0, len(block) - 40))
    return block[: found.start()] if found else block


def head(block: str, opening: bool) -> list[Span]:
    """Where at a paragraph's start stands what is not its first sentence's: a date, a dateline."""
    found, start = [], 0
    for prefix in (archives.PREFIX, _META_PREFIX):
        stamp = prefix.match(block, start)
        if stamp and start < stamp.end() < len(block):
            found.append(stamp.span())
            start = stamp.end()
    if (end := dateline(block, start, opening)) > start:
        found.append((start, end))
    return found


_PHOTO = re.compile(
    rf"\((?:{AGENCIES}|AP Photo|EPA)/[^()]{{2,60}}\)|(?:REUTERS|AFP|EPA)/.*"
    r"|\(?(?:Photo(?:graph)?|Picture|Image|File)\b.*"
)


def is_photo_credit(end: str) -> bool:
    """Whether what stands behind a paragraph's sentences credits a picture, which the paragraph then describes."""
    return bool(_PHOTO.fullmatch(end.strip(" ■◆●")))


def tail(block: str) -> int:
    """Where the credits and links at a paragraph's end begin; its length where there are none."""
    may_have = block.endswith(_TAIL_ENDS) or "/" in block or ": " in block  # few do, and to search takes long
    found = _TAIL.search(block) if may_have else None
    return found.start() if found and found.start() > 0 else len(block)
