"""Whose offices an article means where it names no state with them: who holds them, and which state is at home."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from framing import naming
from framing.document import Document
from framing.patterns import WEEKDAY
from framing.registry import Registry
from framing.schema import Mention

MOST_PLACES = 0.6  # share of an article's places from which it is about one state
LEAST_PLACES = 3  # so often a state's places are named before an article is about it
OWN_PLACES = 0.4  # share from which a national outlet's unnamed offices are its own state's
CLOSED_PLACES = 0.25  # share of an article's places under which it is a story of open states
_HELD_BY_ONE = re.compile(
    r"\b(?:leader|president|minister|premier|chancellor|king|emir|sultan|governor|mayor|speaker)$"
)
_APPOSED = re.compile(r", [^,.;:!?\n“”\"()]{0,60}")
_NO_LONGER = re.compile(
    rf"\b(?:(?P<sure>former|ex|retired)|then|late(?! (?:{WEEKDAY}|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b))[ -](?=[^.,;]*,? ?$)",
    re.IGNORECASE,
)
# Between an office and whose it is: "former envoy to the United Nations Ann Lee", but "the former envoy met Ann Lee".
_NO_VERB = re.compile(r"(?:['’]s)?(?: (?:of|to|in|for|the|and|at)(?= )| [^\W_a-z][\w’'.-]*)*,? ?")
_WHO_WAS = re.compile(r" \(ret(?:d|ired)?\b|,? (?:(?:an?|the|who was|once) )?(?:former|retired|ex-)\b")


def holders(document: Document, registry: Registry) -> dict[tuple[str, str], str]:
    """Who holds a state's office, by its code and the office, and its outlet, under "state_media": where there is one.

    Whoever is introduced with an office holds it ("Russian President Vladimir Putin"), else who the registry
    knows to at the article's date.
    """
    text = document.text
    found: dict[tuple[str, str], set[str]] = {}
    for mention in document.mentions:
        if mention.cls == "state_media" and not mention.office:
            found.setdefault((mention.country, mention.cls), set()).add(mention.entity)
    rows = document.mentions
    for office, person, third in zip(rows, rows[1:], (*rows[2:], None), strict=False):
        end = office.end
        if third and person.cls == "place" and text[end : person.start] == " of ":  # "Minister of Defence of Belarus X"
            end, person = person.end, third
        beside = office.office and person.person and 0 < person.start - end < 3
        if not (beside and office.country and _HELD_BY_ONE.search(office.entity)):
            continue
        if not _no_longer_held(document, office.start):
            found.setdefault((office.country, office.entity), set()).add(person.entity)
    known: dict[tuple[str, str], set[str]] = {}
    for person in document.mentions:
        if person.person and person.country:
            for title in registry.offices(person.entity, person.country, document.article.date):
                if _HELD_BY_ONE.search(title) and (person.country, title) not in found:
                    known.setdefault((person.country, title), set()).add(person.entity)
    return {key: next(iter(names)) for key, names in (found | known).items() if len(names) == 1}


def roles(document: Document) -> dict[str, Mention]:
    """The one person an article introduces as an ambassador, an analyst, a chief, by the last word of that.

    "Ambassador X", "X, a professor at …"; a noun that two people are introduced with is left out.
    """
    found: dict[str, dict[str, Mention]] = {}
    rows = document.mentions
    for before, first, second in zip((None, *rows), rows, rows[1:], strict=False):
        noun, person = (first, second) if second.person else (second, first)
        gap = document.text[first.end : second.start]
        if before and first.cls == "place" and second.person and document.text[before.end : first.start] == " to ":
            noun = before  # "the ambassador to Vietnam X"
        beside = _APPOSED.fullmatch(gap) if person is first else gap in (" ", ", ")
        if beside and noun.office and person.person:
            word = document.text[noun.start : noun.end].split()[-1].lower()
            if word == "official" or word.endswith("s"):
                continue
            for called in (word, "diplomat") if naming.is_sent_abroad(word) else (word,):
                found.setdefault(called, {})[person.entity] = person
    return {word: next(iter(people.values())) for word, people in found.items() if len(people) == 1}


def out_of_office(document: Document) -> set[str]:
    """The people an article introduces with an office they held ("former envoy X", "X, a former envoy")."""
    people = (m for m in document.mentions if m.person)
    return {m.entity for m in people if _no_longer_held(document, m.start) or _WHO_WAS.match(document.text, m.end)}


def _no_longer_held(document: Document, at: int) -> bool:
    """Whether a "former" shortly before an office or a name at a place in the text is said of it."""
    text = document.text
    said = _NO_LONGER.search(text, max(0, at - 60), at)
    if said is None:
        return False
    offices = [m for m in document.mentions_in(said.end(), at) if m.office]
    if offices and not _NO_VERB.fullmatch(text, min(at, offices[0].end), at):
        return False
    noun = offices[0].start if offices else at  # "then" and "late" are seldom said of an office
    return said["sure"] is not None or not re.search(r"\b[a-z]", text[said.end() : noun])


def places(document: Document, registry: Registry) -> list[str]:
    """The code of the state of every place that an article names: countries, capitals, provinces, cities."""
    named = [mention.country for mention in document.mentions if mention.cls == "place"]
    return named + registry.regions_in(document.text)


class Homes(NamedTuple):
    """The states whose offices an article calls "the ministry" or "the president", by their codes; None where unclear.

    One is for offices on a controlling state's word, the other for all others.
    """

    controlling: str | None
    other: str | None


def homes_of(document: Document, registry: Registry, named: Sequence[str]) -> Homes:
    """Of each kind the state most places are of, of those `named` (see places), else the outlet's own where it fits.

    A state outlet's offices are its own state's unless it tells of another state alone.
    """
    outlet = registry.outlet(document.article.outlet)
    own = outlet.country if outlet and registry.state(outlet.country) else None
    if own and document.outlet_class == "state":
        return Homes(own if own in named else _most_named(Counter(named)) or own, None)
    closed = {code: registry.tier(code, document.article.date) == "closed" for code in {*named, *filter(None, [own])}}

    def home(controlling: bool) -> str | None:
        national = own if own and closed[own] == controlling else None
        counts = Counter(code for code in named if closed[code] == controlling)
        if not counts:
            return None if named else national
        ours = national and counts[national] >= OWN_PLACES * counts.total()
        return _most_named(counts) or (national if ours else None)

    return Homes(home(True), home(False))


def _most_named(counts: Counter[str]) -> str | None:
    """The state an article is about by its places; None where it is about several, or names too few to tell."""
    country, times = next(iter(counts.most_common(1)), ("", 0))
    return country if times >= max(LEAST_PLACES, MOST_PLACES * counts.total()) else None
