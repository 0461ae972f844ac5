"""What in an article is not a sentence: credits, sign-offs, datelines, times, links, a page's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from framing import archives, notices
from framing.datelines import AGENCIES, DATE, dateline, is_dateline
from framing.patterns import CAPITAL, DAY, MONTH, any_of
from framing.schema import Span

_ZONE = r"(?:gmt|utc|et|est|edt|bst|cet|cest|jst|kst|ist)(?:\s?[+-]\d+)?"
_CLOCK = rf"\d{{1,2}}[:.h]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?{_ZONE})?"
_NAME = rf"[{CAPITAL}][\w.’'-]+(?: (?:(?:de|van|von|al|el|bin|da|of|and)[ -])?[{CAPITAL}][\w.’'-]*){{0,3}}"
_NETWORK = r"(?:x|twitter|facebook|instagram|telegram|bluesky|linkedin|youtube|threads|tiktok|whatsapp)"
_BUTTON = (
    r"(?:share|save|print|e-?mail|bookmark|follow|copy link|(?:link )?copied(?: to clipboard)?|comments?|loading\.*"
    rf"|mailto|facebook|twitter|whatsapp|telegram|linkedin|instagram|share on {_NETWORK})"
)
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
        rf"{DATE}(?:[ ,|/·-]+(?:at )?{_CLOCK})?(?: \(.{{0,40}}\))?",
        rf"{_CLOCK}(?:[ ,|/-]+{DATE})?",
        rf"{DATE},? {DAY}",
        rf"(?:{DATE}[ ,|/-]+)?\d+ min(?:ute)?s?(?: read(?:ing time)?)?",
        r"(?:©|\(c\)|copyright\b(?! (?:law|rule|claim|case|infringement|holder)s?\b)).{0,120}",
        r"all rights reserved.{0,80}",
        r"(?:advertisement|enditem|bookmark|newsletter|live reporting|most read|recommended|editorial)",
        rf"{_BUTTON}(?:[ |·•,/]+{_BUTTON}){{0,12}}",
        r"related (?:stories|articles|news|topics)\b.{0,80}",
        r"(?:read (?:more|next|also)|also read|see also|sign up|subscribe|click here)\b.{0,140}",
        r"share (?:this|or comment)\b.{0,140}",
        r"follow us\b.{0,80}",
        r"follow [\w’'& ]{2,40} coverage\b.{0,120}",
        rf"follow [\w .’'-]{{2,40}} (?:on {_NETWORK}\b|at @).{{0,80}}",
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
        r"our standards:.{0,80}",
        r"image (?:source|credit)[,:] ?.{2,80}|skip to (?:main )?content|(?:log|sign) ?in|register|watch live",
        r"(?:stay tuned|you can share this|get in touch)\b.{0,120}",
        # of a page of the Kremlin's
        r"(?:publication (?:status|date)|published in sections?|direct link|text versions?)\b.{0,120}|[‹<]…[>›]",
        r"live (?:blog|updates?)|contact .{3,60} at (?:\S+@\S+|[\d().+ -]{7,}).{0,80}",
        r"(?:(?:media|press) )?(?:contacts?(?: information)?|inquiries|enquiries)(?::.{0,120})?",
        r"(?:(?:tel|telephone|phone|fax)\b[.:]? ?)?\+?(?=(?:\D*\d){9})[\d ().-]{9,20}",
        r"\d{3,5}\*+\d{3,5}",  # IRNA's codes
        r"(?:our|we.re (?:pausing|ending|closing) (?:our|this)) live (?:coverage|blog)\b.{0,120}",
        r"\([^()]{2,40} with (?:afp|ap|reuters|dpa|agencies)(?:(?:,| and|, and) (?:afp|ap|reuters|dpa))*\)",
        rf"\([^()]{{2,40}}, {DATE}(?:, page \d+)?\)",  # "(People's Daily, Oct. 16, 2026, Page 01)"
        r"\([$€£]?\d+(?: [a-z .]{2,20})? ?= ?[$€£]?[\d.,]+(?: [a-z .]{2,40})?\)",  # "($1 = 7.0210 Chinese yuan)"
        r"home(?: ?[>›»/|] ?[\w &’'-]{2,40}){1,6}",  # "Home > World > Asia"
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
LONGEST = 600


_TIMES = re.compile(
    any_of(
        rf"{DATE}|{_CLOCK}|{_ZONE}",
        r"\b(?:last |first )?(?:updated?|published|posted|issued|modified)\b|\blocal time\b|\b(?:on|at|by|[ap]m)\b",
        r"\b(?:an?|\d+) (?:second|minute|min|hour|hr|day|week|month)s?\b(?: ago| read)?",
    )
)
_WHENEVER = re.compile(rf"{DATE}|{_CLOCK}")
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


_LINKS = re.compile(
    r"(?:read more|more on this (?:story|topic)|more from .{2,40}|most (?:read|popular|viewed)"
    r"|related(?: (?:articles|content|coverage|links|news|reading|stories|topics|videos?))?"
    r"|read next|recommended(?: (?:for you|reading|articles|stories|videos))?|also read|see also"
    r"|you (?:may|might) also like|trending(?: now)?"
    r"|(?:latest|top) (?:news|stories)|what to read next|(?:media |press )?contacts?(?: information)?"
    r"|topics|persons|geography):?"
)


def links(paragraphs: Sequence[str]) -> set[int]:
    """Which paragraphs are a list of other articles: their titles, below a line that announces them.

    One alone before prose is the next part's heading: the links were left behind.
    """
    found: set[int] = set()
    run: list[int] | None = None
    for number, paragraph in enumerate(paragraphs):
        if _LINKS.fullmatch(paragraph.lower()):
            found.update(run or ())
            run = []
        elif run is not None and len(paragraph.split()) <= 16 and paragraph[-1] not in '.!:;,…”"':
            run.append(number)
        else:
            found.update(run if run and len(run) > 1 else ())
            run = None
    return found.union(run or ())


def is_bio(block: str) -> bool:
    """Whether an article's last paragraph tells of its writer."""
    return bool(_BIO.fullmatch(block))


def is_furniture(block: str) -> bool:
    """Whether a whole paragraph is none of the article's sentences."""
    if len(block) > LONGEST:
        return False
    if _NOTE.fullmatch(block.lower()) or archives.is_set_around(block):
        return True
    if len(block) > 260:
        return False
    if is_dateline(block):
        return True
    if _is_stamp(block):
        return True
    bare = block.rstrip(" ■◆●") or block
    return bool(_BOILERPLATE.fullmatch(bare.lower()) or _CREDIT.fullmatch(bare)) and not _TELLS.search(block)


# What may stand above an article's first paragraph: a section's name, with its parent's ("Opinion / Middle East").
_SECTION = any_of(
    r"(?:breaking|world|top|latest|local|national|international|asia|europe|africa) (?:news|story|stories)",
    r"world|news|asia|(?:the )?(?:middle east|americas)|africa|europe|politics|business|economy|markets|security",
    r"defen[cs]e|international|national|opinions?|op-?ed|editorials?|commentary|comment|column|letters|viewpoint",
    r"perspectives?|exclusive|breaking|special report|features?|interview|explainer|fact.?check|summary|toplines",
    r"home|sport|culture|tech(?:nology)?|health|science|video|weather|travel|innovation|menu|search"
    r"|q&a|live|analysis|[\w’'-]+ analysis",
)
_LABEL = re.compile(rf"\[?{_SECTION}(?: ?[/|>·&:-] ?{_SECTION}(?: & [\w ]{{2,20}})?){{0,3}}:?\]?")
_PARTS = re.compile(r"\s*[|·•;]\s*|\s+[/–—-]\s+|\s*,\s+(?:and\s+)?|\s+(?:and|&|in|at|by|for)\s+")
_WORD = re.compile(r"\w+")
_WHEN = re.compile(
    r"(?:(?:published|posted|updated?)(?: on| at)?:? ?)?"
    rf"(?:{DATE}|{MONTH}|{DAY}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|\d\d?|today)?"
    rf"[ ,]*(?:\d{{4}})?[ ,]*(?:{_CLOCK}|{_ZONE})?(?:page \d+|\d+ min(?:ute)?s?(?: read)?)?"
)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|columnist|journalist|analyst|fellow|lecturer|staff|desk|bureau|team)s?\b"
)
_SMALL = frozenset("al bin da de del der di el la le of van von".split())  # inside a name
_NO_NAME = frozenset(  # begins a heading's words, and no one's name
    "A An And Are As At Be But By Can Do Does For From Has How If In Into Is It Its New No Not Of On Or Our Over Out So"
    " The Their Then This To Under Up We Were What When Where Which Who Whom Why Will With".split()
)


_NEWSROOM = re.compile(
    r"(?:Agency|News|Press|Times|Post|Media|Service|Online|TV|Radio|Today|Daily|Network|Observer|Staff|Bureau|Desk|Team)$"
)
# What ends like these is no name's part; some short words of headings end like nothing.
_ABSTRACT = re.compile(
    r"[A-Z][a-z]{2,}(?:[ts]ions?|ments?|ness|ings|ities|[rlsctv]ity|isms?|omics?|ical|ances?|ences?|ships?|ures?|ous|tives?)"
    r"|(?:Growing|Rising|Mutual|New|Old|Next|Last|Nuclear|Military|Foreign|Global|Regional|Public|Political|Final|Deadly)"
    r"|(?:Pride|Peace|War|Wars|Power|Talks|Trade|Crisis|Threats?|Fears?|Hopes?|Concerns?|Links|Ties|Deals?|Aid|Costs?"
    r"|Rights|Losses|Troops|Attacks?|Strikes?|Weapons|Missiles?|Steps|Risks?|Response|Background|Context|Timeline|Toll)"
)
_VERB = re.compile(  # of headlines in capitals: "Great Parade Held in Lunden"
    r"\b(?:Held|Meets?|Met|Visit(?:s|ed)|Says|Said|Opens|Opened|Calls|Vows|Warns|Urges|Sends|Sent|Receives|Gives|Given|Hails|Signs"
    r"|Begins|Ends|Seeks|Faces|Rises?|Falls|Fires|Launch(?:es|ed)|Marked|Makes|Takes|Gets|Goes|Comes|Returns|Arrives)\b"
)
# Whose surname may be any word: "Mark Long", "Rose King".
_GIVEN = frozenset(
    "Aaron Adam Alan Alex Alexander Alice Amy Andrea Andrew Anna Anne Ann Anthony Barbara Ben Benjamin Brian Carl"
    " Caroline Charles Chris Christian Christine Christopher Claire Colin Daniel David Dominic Donald Edward"
    " Elizabeth Emily Emma Eric Frank Gary George Gordon Graham Grant Guy Hannah Harry Helen Henry Hugh Ian Jack"
    " James Jane Jason Jeff Jennifer Jessica Jim Joe John Jonathan Joseph Josh Joshua Julia Julian Julie Justin"
    " Karen Kate Katherine Keith Kelly Ken Kevin Laura Lauren Lee Linda Lisa Louise Lucy Luke Maria Mark Martin"
    " Mary Matt Matthew Melissa Michael Michelle Mike Nancy Natalie Nathan Neil Nicholas Nick Nicole Oliver Olivia"
    " Pamela Patricia Patrick Paul Peter Phil Philip Rachel Ralph Raymond Rebecca Richard Robert Robin Roger"
    " Ronald Rose Ross Ruth Ryan Sam Samuel Sandra Sara Sarah Scott Sean Sharon Simon Sophie Stephanie Stephen"
    " Steve Steven Stuart Susan Terry Thomas Tim Timothy Tom Tony Victoria William".split()
)


def is_label(block: str) -> bool:
    """Whether a paragraph above an article's first is its section's name: "WORLD NEWS", "Opinion / Africa"."""
    return archives.is_masthead(block) or (len(block) <= 60 and bool(_LABEL.fullmatch(block.lower())))


class _Part(NamedTuple):
    """A part of what may be a byline."""

    text: str
    is_role: bool  # "Staff Writer"
    is_time: bool
    names: int  # the words of a name; 0 where it is none

    @property
    def is_told(self) -> bool:
        """Whether it needs no name to belong to a byline."""
        return self.is_role or self.is_time


def is_byline(block: str, text: str) -> bool:
    """Whether a paragraph between headline and first sentence is a name without "By": "Ann Lee in Oslo".

    Names, places, roles and times and nothing else, and no words that the article's text has in small letters.
    Further down, two or three capitalised words are a subhead as often as a name: that is not asked there.
    """
    block = block.rstrip(" -–—")
    if not block or len(block) > 140 or block[-1] in ".?!…:;,”\"'’":
        return False
    parts = [_part(part) for part in _PARTS.split(block) if part]
    if not parts or not all(part.is_told or part.names for part in parts):
        return False
    if all(part.is_told for part in parts):
        return True
    sure = any(part.is_role or part.names > 1 or (part.names and part.text.isupper()) for part in parts)
    told = any(part.is_told for part in parts)
    return sure and (told or not (_VERB.search(block) or all(_is_heading(part.text, text) for part in parts)))


def _part(text: str) -> _Part:
    is_role = bool(_ROLE.search(text)) and len(text.split()) < 8
    is_time = bool(_WHEN.fullmatch(text.lower()))
    return _Part(text, is_role, is_time, 0 if is_role or is_time else _capitals(text))


def _is_heading(part: str, text: str) -> bool:
    """Whether capitalised words are a heading's: "Growing Economic Pressure", "Mutual Pride"; not "Mark Long"."""
    words = part.split()
    if len(words) < 2 or words[0] in _GIVEN or _NEWSROOM.search(part):
        return False
    return any(_ABSTRACT.fullmatch(word) or (word.istitle() and word.lower() in _words(text)) for word in words)


@lru_cache(maxsize=1)  # an article may begin with thousands of names
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def _capitals(part: str) -> int:
    """How many words a name has; 0 where it is none."""
    words = part.split()
    names = [word for word in words if word[0].isupper()]
    if len(names) > 4 or any(word in _NO_NAME or not (word in names or word in _SMALL) for word in words):
        return 0
    return len(names)


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
