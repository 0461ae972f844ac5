"""Who is named as vouching for a sentence, by rule: reporting verbs, "according to", headline colons, passives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing import naming
from framing.patterns import CAPITAL, SMALL, WEEKDAY
from framing.schema import Mention, Span


def _by_letter(words: str) -> str:
    """The same alternatives, grouped by their first letters: a search then takes two fifths of the time."""
    groups: dict[str, list[str]] = {}
    for word in words.split("|"):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in groups.items())


# Verbs that report speech or a finding, third person and past; from the field's usual lists, by hand.
_VERBS = (
    "said|says|say|told|tells|added|adds|announced|announces|reported|reports|claimed|claims|confirmed|confirms|denied"
    "|denies|stated|states|warned|warns|argued|argues|believes?|believed|wrote|writes|noted|notes|declared|declares"
    "|stressed|stresses|insisted|insists|acknowledged|acknowledges|admitted|admits|accused|accuses|alleged|alleges"
    "|described|describes|called|calls|demanded|demands|explained|explains|pointed out|points out|estimated|estimates"
    "|suggested|suggests|revealed|reveals|disclosed|emphasi[sz]ed|emphasi[sz]es|underlined|underscored|reiterated"
    "|reaffirmed|pledged|vowed|vows|urged|urges|praised|hailed|condemned|rejected|dismissed|predicted|predicts"
    "|concluded|concludes|found|finds|showed|shows|tweeted|posted|replied|responded|recalled|recounted|commented"
    "|remarked|maintained|maintains|conceded|asserted|asserts|cautioned|expects?|expected|fears?|feared"
    "|thinks?(?! tank)|hopes?|hoped|asked(?! to be)(?! not to be)|quoted|cited|expressed|accepted|agreed|ordered"
    "|promised|threatened|complained|lamented|joked|denounced|denounces|blamed|blames"
)
# Both are looked for in small letters (`_found`).
_CUE = re.compile(rf"\b(?<!united )(?:{_by_letter(_VERBS)})\b")
_PHRASES = (
    "according to|in the words of|as reported by|reported by|quoted by|cited by|released by|published by|carried by"
    "|issued by|provided by|announced by|citing|quoting|told reporters? for|speaking to reporters? for"
)
_AFTER = re.compile(rf"\b(?:{_by_letter(_PHRASES)})(?=\s)")
_BARRIER = re.compile(
    r"[,;:–—()]\s|\s[-–—]{1,2}\s|\b(?:that|but|while|as|when|after|which|who|whose|because|although|if)\s|[“”\"]\s?"
)
_STOP = re.compile(
    r"[,;:.!?()“”\"]|\s[-–—]|\b(?:that|who|which|on|at|in an?|in the|to|as|after|when|during|following|from|with|by|for"
    r"|about|and|said|had|has|have|was|were|is|are|will|would)\b|$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(  # what stands between a subject and its verb: "He has also said", "Xi on Monday told"
    rf"(?:\b(?:on |last |this |late |early )?(?:{WEEKDAY}|yesterday|today"
    r"|earlier|also|later|then|however|meanwhile|separately|previously|again|once|has|have|had|since|reportedly|repeatedly)"
    r"\b\W*)+$",
    re.IGNORECASE,
)
# "X, a scholar at Y, said": the chunk behind the comma describes the name before it.
_APPOSED = re.compile(
    r"(?:an? |the |one of |\d\d\b|(?:former |deputy |senior |chief |acting )*[a-z]+ (?:of|at|for|in|with|to) )"
)
_NAMED_BEHIND = re.compile(rf", \w+ (?!{WEEKDAY})[{CAPITAL}][^,.;]*[,.;]")  # ", said Hamas."
_WHO = re.compile(r", (?:who|whose) $")
_NAMED = re.compile(rf"[{CAPITAL}][\w.’'-]+(?: (?:[a-z]{{2,3}} )?[{CAPITAL}][\w.’'-]*)*,? ?$")
_NOUN = re.compile(rf"[{CAPITAL}{SMALL}]")
_BELONGS = re.compile(  # what stands before a noun: a place, looked up where it ends, or a word of these
    r"(?:['’]s?)? $|\b(?P<modifier>its|his|her|their|our|one|two|three|four|five|six|several|some|most|many|few|other"
    r"|another|senior|local|regional|provincial|federal|national|official|unnamed|independent|judicial) $",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
_COMPLETE = re.compile(r"(?:the|an?|this|that|its|his|her|their|our|he|she|they|it|who|we|i|you)\b", re.IGNORECASE)
_QUOTING = re.compile(r"\b(?:quot|cit)(?:ed|es|ing) (?=\w)")
_BRACKETED = re.compile(r"\(([A-Z]{2,12})\)")
_LONGEST_WORD = 60  # characters
_HALF_WORD = re.compile(r"[\w-]+-$")
_INVERTED = frozenset("said says added wrote told explained asked noted warned argued".split())  # "…," said X
MAX_WORDS = 14  # of a phrase that may name a source; longer ones are clauses
_REACH = 400  # characters before a verb in which its subject is looked for: so many words, and what is said of it


def cue_of(outside: str, span: Span) -> str | None:
    """The reporting verb or phrase nearest to a source mention in its sentence, or None."""
    found = [*_found(_CUE, outside), *_found(_AFTER, outside)]
    if not found:
        return None
    start, end = min(found, key=lambda cue: max(span[0] - cue[1], cue[0] - span[1], 0))
    return outside[start:end]


def _found(cues: re.Pattern[str], outside: str) -> Iterator[Span]:
    """Where cues stand, in capitals or not: with re.IGNORECASE it takes six times as long."""
    small = outside.replace("İ", "I").lower()  # the one letter that two small ones stand for
    return (match.span() for match in cues.finditer(small))


def whole(text: str, span: Span, mentions: Sequence[Mention]) -> Span:
    """A source mention with what belongs to its noun: "{the North's state media}", "{two officials}".

    `text` is a sentence, `mentions` those in it, offsets into it. A name keeps its titles outside
    ("President {Putin}"), as the guide and the corpus have them.
    """
    start, end = _without_carrier(text, _with_its_name(text, span), mentions)
    if _COMPLETE.match(text, start) or any(m.person and m.start == start for m in mentions):
        return start, end
    places = {m.end: m.start for m in mentions if m.cls == "place"}
    while before := _BELONGS.search(text, max(0, start - 20), start):
        place = places.get(before.start())
        if before["modifier"] is None and place is None:
            break
        start = before.start() if place is None else place
    start, end = _unbroken(text, (start, end))
    if article := _ARTICLE.search(text, max(0, start - 4), start):
        start = article.start()
    return start, end


def _unbroken(text: str, span: Span) -> Span:
    """A span with the rest of a hyphenated word it begins in, and the bracket it ends before."""
    start, end = span
    if half := _HALF_WORD.search(text, max(0, start - _LONGEST_WORD), start):
        start -= len(half[0])
    return start, end + (text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end))


def _without_carrier(text: str, span: Span, mentions: Sequence[Mention]) -> Span:
    """The speaker alone where a model's span begins with who carried him ("KCNA, Putin", "Yonhap quoted a source")."""
    start, end = span
    if quoting := _QUOTING.search(text, start, end):
        return quoting.end(), end
    speaker = next((m for m in mentions if m.person and start < m.start and m.end == end), None)
    outlets = [m for m in mentions if m.cls in ("media", "state_media") and start <= m.start < end]
    if speaker is None or not outlets or not re.fullmatch(r"\)?, ", text[outlets[-1].end : speaker.start]):
        return span
    return speaker.start, end


def _with_its_name(text: str, span: Span) -> Span:
    """An abbreviation in brackets with the name before it that has its letters; else the span itself."""
    start, end = span
    found = _BRACKETED.match(text, start - 1) if start else None
    if found is None or end > found.end():
        return span
    letters = [[*found[1]], [found[1][:2], *found[1][2:]]]  # the UK Health Security Agency is the UKHSA
    words = (" (?:(?:of|for|and|the) )*".join(rf"{letter}[\w’'-]*" for letter in each) for each in letters)
    name = re.search(rf"\b(?:{'|'.join(words)}) $", text[max(0, start - 120) : start - 1])
    return (start - 1 - len(name[0]), found.end()) if name else span


def candidates(outside: str, kind: str) -> Iterator[tuple[Span, str]]:
    """The phrases that may name a sentence's source, each with its cue, likeliest first.

    `outside` is the sentence with what it quotes blanked out. Reporting verbs come first, then "according to", then
    what stands behind a headline's colon and before it: there only a known name is likely.
    """
    for start, end in _found(_CUE, outside):
        cue = outside[start:end]
        inverted = _phrase(outside, end) if cue.lower() in _INVERTED else None
        if inverted and _NAMED_BEHIND.fullmatch(outside, start - 2, inverted[1] + 1):
            yield inverted, cue
        elif before := _before(outside, start):
            yield before, cue
        elif inverted:
            yield inverted, cue
    for start, end in _found(_AFTER, outside):
        if phrase := _phrase(outside, end):
            yield phrase, outside[start:end]
    if kind in ("headline", "subhead"):
        if tail := re.search(r"(?::| [-–—]) ([^:]{2,40})$", outside):
            yield tail.span(1), ":"
        if head := re.match(r"([^:“”\"]{2,40}): ", outside):
            yield head.span(1), ":"


def _before(outside: str, end: int, floor: int = 0) -> Span | None:
    """The noun phrase in front of a verb: back to the clause's start, or over an appositive ("X, a scholar, said")."""
    floor = max(floor, end - _REACH)
    barriers = [barrier.end() for barrier in _BARRIER.finditer(outside, floor, end)]
    starts = [floor, *barriers]
    while len(starts) > 1 and not outside[starts[-1] : end].strip(" ,"):
        end = starts.pop()
    start = starts[-1]
    clause = _WHO.search(outside, floor, start) if len(starts) <= len(barriers) else None
    if clause:  # "Trump, who met Putin, said …"
        return _before(outside, clause.start(), floor)
    apposed = len(starts) > 1 and outside[start - 2] == "," and _APPOSED.match(outside, start)
    if apposed and (named := _NAMED.search(outside[starts[-2] : start])):
        return _trim(outside, starts[-2] + named.start(), starts[-2] + named.end())
    between = _BETWEEN.search(outside, start, end)
    return _trim(outside, start, between.start() if between else end)


def _phrase(outside: str, start: int) -> Span | None:
    """The noun phrase behind a cue, or None."""
    while start < len(outside) and outside[start].isspace():
        start += 1
    stop = _STOP.search(outside, start + 1)
    return _trim(outside, start, stop.start() if stop else len(outside))


def _trim(outside: str, start: int, end: int) -> Span | None:
    while start < end and not outside[start].isalnum():
        start += 1
    while end > start and not outside[end - 1].isalnum() and outside[end - 1] != ")":
        end -= 1
    words = outside[start:end].split()
    if not words or len(words) > MAX_WORDS or not _NOUN.search(outside[start:end]):
        return None
    return start, end


def shortest(text: str, span: Span, mentions: Sequence[Mention]) -> Span | None:
    """The shortest naming of a source within a phrase: a known name, else a pronoun, else the phrase; None if none is.

    `text` is a sentence, `mentions` those in it, offsets into it.
    """
    inside = [m for m in mentions if m.start >= span[0] and m.end <= span[1] and m.cls != "place"]
    named = [m for m in inside if not m.office] or inside
    apart = naming.apart_from(text[slice(*span)])  # "Kremlin critics"
    if named and not apart and not re.search(r"\b(?:of|for|in|from|at)\s", text[span[0] : named[0].start]):
        best = named[-1] if named[-1].person else named[0]
        return best.start, best.end
    phrase = text[span[0] : span[1]]
    if re.fullmatch(r"(?:he|she|they|it|we|i)", phrase, re.IGNORECASE):
        return span
    capital = re.search(rf"[{CAPITAL}]", phrase)
    if not inside and not capital and not re.match(r"(?:the|an?|some|many|several|one|two)\b", phrase, re.IGNORECASE):
        return None
    if article := re.match(r"(?:the|an?|and|but|in|also)\s+", phrase, re.IGNORECASE):
        span = (span[0] + article.end(), span[1])
    return span
