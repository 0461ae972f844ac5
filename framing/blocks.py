"""Article → blocks: its paragraphs, what each of them is, and what in them is not a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from framing.schema import Kind

Span = tuple[int, int]


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
_ZONE = r"(?:gmt|utc|et|est|edt|bst|cet|cest|jst|kst|ist)(?:\s?[+-]\d+)?"
_CLOCK = rf"\d{{1,2}}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?{_ZONE})?"
_DATE = rf"(?:{_DAY},? )?" + _any(
    rf"\d{{1,2}}(?:st|nd|rd|th)?[ /.-]{_MONTH}[ ,/.-]*(?:\d{{4}})?",
    rf"{_MONTH} \d{{1,2}}(?:,? \d{{4}})?",
    r"\d{4}[-.]\d\d(?:[-.]\d\d)?",
    r"\d{1,2}[/.]\d{1,2}[/.]\d{4}",
)
_NAME = r"[A-ZÀ-Þ][\w.’'-]+(?: (?:(?:de|van|von|al|el|bin|da|of|and)[ -])?[A-ZÀ-Þ][\w.’'-]*){0,3}"
_AGENCIES = "Yonhap|Reuters|AFP|AP|UPI|TASS|KCNA|Xinhua|VNA|ANI|PTI|EFE|dpa|Kyodo|SANA|SPA|WAM|Interfax|Ukrinform"

# A whole block that is one of these is not a sentence.
_BOILERPLATE = re.compile(
    _any(
        r"(?:published|posted|updated|issued on|last (?:updated?|modified)|modified|date|first published)\b"
        r"(?=.{0,40}\d| ?:| by\b).{0,60}",
        r"(?:an?|\d+) (?:second|minute|min|hour|hr|day|week|month)s? ago",
        rf"{_DATE}(?:[ ,|/·-]+(?:at )?{_CLOCK})?(?: \(.{{0,40}}\))?",
        rf"{_CLOCK}(?:[ ,|/-]+{_DATE})?",
        rf"(?:{_DATE}[ ,|/-]+)?\d+ min(?:ute)?s? read(?:ing time)?",
        r"(?:©|\(c\)|copyright\b).{0,120}",
        r"all rights reserved.{0,80}",
        r"(?:advertisement|enditem|bookmark|newsletter|live reporting|most read|recommended|editorial)",
        r"related (?:stories|articles|news|topics)\b.{0,80}",
        r"(?:read (?:more|next|also)|also read|see also|share (?:this|or comment)|sign up|subscribe)\b.{0,140}",
        r"follow us\b.{0,80}",
        r"(?:read|topic|tags?|source|sources|photos?|images?|credit|editor|video) ?:.{0,120}",
        r"(?:reporting|written|edited|editing|translated|translation|story) by .{3,200}",
        r"\(?with inputs from .{3,40}\)?",
        r".{0,80} contributed (?:to (?:this|the) (?:report|story|article)|reporting)\.?",
        r"\(?the (?:author|writer) (?:is|teaches|works)\b.{0,160}",
        r"(?:your thoughts|disclosure statement|key takeaways|font size).{0,20}",
        r"(?:the )?(?:statements|views|opinions)[\w ,]{0,60} (?:solely|do not|are (?:those|hers?|his|my))\b.{0,160}",
        r"\(?(?:end|more|ends)\)?",
        r"[-–—_=*#■◆●·•.\s]+",
        r"https?://\S+|\(?\S+@\S+\.\w+\)?",
        r"[a-z]{1,5}(?:-[a-z]{1,5})?(?:/[a-z-]{1,7}){1,3}",  # desk initials: "str-bdi/prc/giv"
    ),
    re.IGNORECASE,
)
# These depend on capitals.
_CREDIT = re.compile(
    _any(
        rf"(?:[Bb]y|BY) (?:{_NAME}|[A-Z][A-Z .’'-]+)(?:(?:,| and| in| for|,and| \|| -) .{{2,60}})?",
        r"\(?[Bb]y (?:[\w/’'-]+ ){0,4}[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+\)?",
        r"[A-Z][\w’'-]+ [A-Z][\w’'-]+,? (?:[\w’'-]+ ){0,4}(?:correspondent|reporter|staff writer|columnist)",
        r"\[[^\]]{2,80}\]",
        rf"\((?:{_AGENCIES}|Photo|File)\b[^)]{{0,80}}\)",
        r"/[A-Z]{3,}/\.?",
        r"Getty Images|Shutterstock",
        rf"(?:==)?(?:{_AGENCIES})",
    )
)
# What looks like one of these and tells something: "Reporting by the BBC showed …", "By Monday, the army had …".
_TELLS = re.compile(r"\b(?:said|says|told|was|were|had|have|shows?|showed|found|he|she|they)\b")
_PLACE = r"[A-ZÀ-Þ][\w.’'-]*(?: (?:[a-z]{2,3} )?[A-ZÀ-Þ][\w.’'-]*){0,3}"
_AGENCY = r"(?:\([A-Z][\w./& -]{1,24}\)|/(?:TASS|Xinhua)/\.?)"
# "ERBIL (Kurdistan24) - ", "Pyongyang, August 4 (KCNA) -- ", "MOSCOW, May 21. /TASS/. ", "TOKYO -- "
_DATELINE = re.compile(
    _any(
        rf"{_PLACE}(?:[,/] ?{_PLACE}){{0,3}}[,.]? (?:(?i:{_DATE})[,.]? )?{_AGENCY}(?:\s?[-–—]{{1,2}}\s?|(?<=/\.) )",
        r"[A-Z][A-Z./' -]{2,30}(?:, [A-Z][\w.]+)? ?(?:[–—]|--) ",
    )
)
_DATELINE_ONLY = re.compile(
    _any(
        rf"{_PLACE}(?:[,/] ?{_PLACE}){{0,2}},? (?i:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})[.,]?",
        rf"{_PLACE}(?:,? {_PLACE})?[,.]? .{{0,20}}{_AGENCY}[\s–—-]*",
    )
)
_META_PREFIX = re.compile(r"date \d{4}-\d\d-\d\d\s+")
_TAIL = re.compile(
    rf"(?<!\s)\s*(?:\[[A-Z][A-Z .,/&’'-]{{2,60}}\]|\((?:Photo|File|{_AGENCIES})[^()]{{0,60}}\)|/TASS/\.?)$"
)
_CAPTION = re.compile(
    _any(
        r"\bin (?:this|a|an) (?:undated |file |handout |still )?(?:photo|picture|image|photograph|screengrab)\b",
        r"^(?:file|an? (?:undated )?)?\s?(?:photo|picture|image)s?\b.{0,60}\b(?:shows?|released|provided|taken)\b",
        r"\b(?:photo|picture|image) (?:released|provided|taken|distributed) by\b",
        r"\b(?:file|handout) photo\b",
        r"AP Photo|Getty Images|AFP via|/REUTERS",
    ),
    re.IGNORECASE,
)
_CLOSED = re.compile(r"[.!?…:;,][\"'”’)\]»]*$")


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def blocks(text: str) -> Iterator[Span]:
    """Paragraphs: lines, or runs of lines where the text is wrapped at a fixed width."""
    lines = [strip(text, m.start(), m.end()) for m in re.finditer(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+", text)]
    lines = [span for span in lines if span[0] < span[1]]
    if not _wrapped(text, lines):
        yield from lines
        return
    run: Span | None = None
    for start, end in lines:
        if run and not re.search(r"\n\s*\n", text[run[1] : start]):
            run = (run[0], end)
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run


def flat(text: str) -> str:
    """The text, of the same length, with plain spaces for the white space inside paragraphs.

    So that a name or a quotation is whole where a line ends in it, or a hard space stands in it.
    """
    parts, at = [], 0
    for start, end in blocks(text):
        parts += [text[at:start], re.sub(r"\s", " ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _wrapped(text: str, lines: list[Span]) -> bool:
    """Whether lines are broken at a width, not at paragraphs: most go on in mid-sentence."""
    joints = [(a, b) for a, b in pairwise(lines) if not re.search(r"\n\s*\n", text[a[1] : b[0]])]
    long = sum(end - start > 120 for start, end in lines)  # an address or two may be
    if len(joints) < 3 or long > 0.1 * len(lines):
        return False
    running = sum(not _CLOSED.search(text[a[0] : a[1]]) and a[1] - a[0] > 40 for a, _ in joints)
    return running > 0.6 * len(joints)


def cut(text: str, start: int, end: int, first: bool, last: bool) -> tuple[list[tuple[int, int, Kind]], Kind]:
    """Cut what is not a sentence off a block's ends and name the kind of the rest."""
    body = text[start:end]
    if end - start <= 260 and _boilerplate(body):
        return [(start, end, "boilerplate")], "boilerplate"
    pieces: list[tuple[int, int, Kind]] = []
    for prefix in (_META_PREFIX, _DATELINE):
        match = prefix.match(text, start, end)
        if match and match.end() < end and match.end() - start <= 80:
            a, b = strip(text, start, match.end())
            pieces.append((a, b, "boilerplate"))
            start, _ = strip(text, match.end(), end)
    tail = _TAIL.search(text[start:end])
    stop = start + tail.start() if tail and tail.start() > 0 else end
    pieces.append((*strip(text, start, stop), "body"))
    if stop < end:
        pieces.append((*strip(text, stop, end), "boilerplate"))
    return pieces, _kind(text[start:stop], first, last)


def _boilerplate(block: str) -> bool:
    if _DATELINE_ONLY.fullmatch(block):
        return True
    return bool(_BOILERPLATE.fullmatch(block) or _CREDIT.fullmatch(block)) and not _TELLS.search(block)


def _kind(block: str, first: bool, last: bool) -> Kind:
    words = block.split()
    if _CAPTION.search(block) and len(words) <= 60 and not re.search(r"\b(?:said|says|told)\b", block):
        return "caption"
    open_ended = not re.search(r"[.…:;,][\"'”’)\]»]*$", block)
    if first and not last and len(words) <= 30 and open_ended:
        return "headline"
    if not last and len(words) <= 12 and block[-1] == "?" and block[0] not in "“\"‘'":
        return "subhead"  # an explainer's question
    if not last and len(words) <= 12 and open_ended and block[0] not in "“\"‘'-–—•*" and block[-1] not in '?!”"':
        return "subhead"
    return "body"
