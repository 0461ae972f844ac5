"""Which of the names in a source mention is whose word it is: "Iraq's ambassador to the United Nations" is Iraq's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from framing import naming
from framing.introduced import is_title
from framing.patterns import CAPITAL
from framing.schema import Mention, Source

_WITH_ANALYSTS = ("company", "international", "government", "state")  # whose analysts' views are their own
_OF_A_NOUN = re.compile(r" (?!(?:at|and|close|familiar|for|from|in|of|on|or|to|who|with)\b)[a-z]")
_ONLY_PLACES = re.compile(r"(?:the|and|side|\W)*(?:s\b)?\W*", re.IGNORECASE)
_RANK = re.compile(r"\b(acting|assistant|deputy|vice)[ -]$", re.IGNORECASE)
_BESIDE = re.compile(rf"(?:(?!(?:in|of|or|[Tt]he|its|their)\b|and (?![{CAPITAL}]))[\w.'’-]+ )+$")
_CAPITALISED = re.compile(rf"\b[{CAPITAL}]")
_CAPITALISED_ON = re.compile(rf"(?: [{CAPITAL}][\w'’-]*)*")
_ONLY_AND = re.compile(r"(?:the|and|['’]s?|[\s,.])+", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:\.|['’]s?)? ")
_TIED_TO = re.compile(  # "two people with access to Kremlin data", "former employees of the state oil company"
    r"(?:\w+ )?(?:(?:people|persons?|sources?) |former |retired |exiled |defected )(?!president|prime|leader|minister)",
    re.IGNORECASE,
)


def whose(source: Source, inside: Sequence[Mention]) -> Mention | None:
    """Which of the names in a source mention is whose word it is; None where none of them is."""
    inside = [m for m in inside if not _is_namesake(source, m) and not _is_adjective(source, m)]
    apart = source.start + naming.apart_from(source.text)
    against = source.text[apart - source.start :].startswith((" of ", " to "))  # "critics of the regime"
    inside = [m for m in inside if m.end >= apart and (m.start < apart or not against)]
    people = [m for m in inside if m.person]
    possessor = [m for m in people if source.text[m.end - source.start :][:1] in ("'", "’")]  # "Putin's aide Ushakov"
    if len(people) > len(possessor):
        return next(m for m in people if m not in possessor)
    if _TIED_TO.match(source.text):
        return None
    # in "Iraq's ambassador to the United Nations" the ambassador speaks
    bodies = [m for m in inside if m.cls != "place" and not _is_in_name(source, m) and not _has_authors(source, m)]
    if bodies:
        return next((m for m in bodies if m.country or not m.office), bodies[0])
    return inside[0] if inside and _ONLY_PLACES.fullmatch(_without(source, inside)) else None


def together(source: Source, inside: Sequence[Mention]) -> list[Mention]:
    """The names a source is made up of where there are several and nothing else: "Russia, Iran and the UN".

    Whoever is named with his state and office is one ("China's President Xi"); of an office that several states have
    ("U.S. and South Korean officials") they are the states.
    """
    if " and " not in source.text or not _ONLY_AND.fullmatch(_without(source, inside)):
        return []
    gaps = [source.text[m.end - source.start : n.start - source.start] for m, n in pairwise(inside)]
    names = [m for m, gap in zip(inside, [*gaps, ""], strict=True) if not _GOES_ON.fullmatch(gap)]
    if names[-1].office and all(m.cls == "place" for m in names[:-1]):
        names = [m for m in inside if m.cls == "place"]
    return names if len(names) > 1 and not any(m.office for m in names) else []


def rank_below(source: Source, speaker: Mention) -> str:
    """The rank below an office that a source has: "deputy " of "the Russian deputy trade minister"."""
    rank = _RANK.search(source.text, 0, max(0, speaker.start - source.start))
    return f"{rank[1].lower()} " if rank and speaker.office else ""


def unlisted(source: Source, inside: Sequence[Mention], office: Mention, country: str) -> str:
    """An office or a noun with the capitalised words beside it, as a name that no list has: "Texas officials"; or "".

    A state by which it is called anyway is no part of it.
    """
    text, at = source.text, max(0, office.start - source.start)
    beside = _BESIDE.search(text, 0, at)
    if beside is None:
        return ""
    states = (
        m.end - source.start for m in inside if m.cls == "place" and m.country == country and m.end < office.start
    )
    name = _CAPITALISED.search(text, max([beside.start(), *states]), at)
    rest = _CAPITALISED_ON.match(text, office.end - source.start)
    return text[name.start() : rest.end()] if name and rest else ""


def _without(source: Source, names: Sequence[Mention]) -> str:
    """The text of a source with names cut out."""
    rest = source.text
    for name in reversed(names):
        rest = rest[: max(0, name.start - source.start)] + rest[name.end - source.start :]
    return rest


def _is_namesake(source: Source, mention: Mention) -> bool:
    """Whether a source has a known person's surname and another first name: "Ann Putin"."""
    if not mention.person or mention.end != source.end or not naming.is_person(source.text):
        return False
    first = source.text[: mention.start - source.start].split()
    known = {*mention.entity.split(), *filter(is_title, first)}
    return any(word not in known and not naming.holds_office(word.lower()) for word in first)


def _is_adjective(source: Source, mention: Mention) -> bool:
    """Whether a noun only says what kind the next one is: "official newspapers", "activist groups"."""
    noun = source.text[max(0, mention.start - source.start) : mention.end - source.start].lower()
    may_be = mention.office and noun in ("academic", "activist", "expert", "official")
    return may_be and bool(_OF_A_NOUN.match(source.text, mention.end - source.start))


def _is_in_name(source: Source, mention: Mention) -> bool:
    """Whether a noun is a word of a name: "the ruling Democratic Party" is no ruling."""
    before, after = source.text[: max(0, mention.start - source.start)], source.text[mention.end - source.start :]
    last = before.endswith((" of ", " and ", " for ")) and source.text[len(before)].isupper()
    return mention.cls == "record" and (last or after[1:2].isupper())


def _has_authors(source: Source, mention: Mention) -> bool:
    """Whether a text's people speak and not the text: "the report's authors"."""
    return mention.cls == "record" and source.text[mention.end - source.start :].startswith(("'s ", "’s "))


def infers(source: Source, inside: Sequence[Mention], speaker: Mention) -> bool:
    """Whether who is named at a body speaks for himself: "economists at the Federal Reserve"."""
    first = inside[0]
    at = re.match(r" (?:at|from|of|with) ", source.text[first.end - source.start :])
    return first.cls == "analyst" and first.office and speaker.cls in _WITH_ANALYSTS and at is not None
