"""Sentence + neighbours → the source it rests on: mention, cue, entity, class, inherited or not.

Which words name the source is the model's finding where it has one (its span output), else the rules'
(framing.cues). Here the mention is resolved to an entity, and a sentence that names no one inherits
the speaker whose quotation or statement runs on in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from framing.cues import Span, cue_of, find_source, whole
from framing.document import Document
from framing.mentions import Mention, surnames
from framing.quotes import Quotations
from framing.registry import Registry
from framing.schema import Label, Sentence, Source

MOST_PLACES = 0.6  # share of an article's places from which it is about one state
OWN_PLACES = 0.4  # share from which a national outlet's unnamed offices are its own state's
RECENT = 4  # speakers back to whom "he" or "it" may go
UNKNOWN = "unknown"  # the class of a source nothing is known of
STATE = ("state_media", "state")
NO_PERSON = ("record", "media", "state_media")  # who is never "he"
OUTSIDERS = ("government", "international", "ngo", "media", "company", "opposition")
_PRONOUN = re.compile(r"(?:he|she|they|it|his|her|their|its|who|i|we)", re.IGNORECASE)
_PERSONAL = re.compile(r"(?:he|she|his|her|i)\b", re.IGNORECASE)
_OF_A_BODY = re.compile(
    r"(?:it|its|(?:the|this|that|its) (?:\w+ )?"
    r"(?:statement|report|announcement|document|dispatch|commentary|editorial))",
    re.IGNORECASE,
)
_SENT_ABROAD = re.compile(r"\b(?:ambassador|embassy|envoy|consul|consulate|mission|diplomat|representative)s?\b")
_UNNAMED = re.compile(r"\b(?:sources?|people|persons?)\b")
_ONLY_PLACES = re.compile(r"(?:the|and|side|\W)*(?:s\b)?\W*", re.IGNORECASE)
_TIED_TO = re.compile(  # "two people with access to Kremlin data", "former employees of the state oil company"
    r"(?:\w+ )?(?:(?:people|persons?|sources?) |former |retired )(?!president|prime|leader|minister)", re.IGNORECASE
)
_ANY_OUTLET = re.compile(r"\bmedia\b|\bnews agency\b")  # "state media": the one the article names, if it names one
_HELD_BY_ONE = re.compile(
    r"\b(?:leader|president|minister|premier|chancellor|king|emir|sultan|governor|mayor|speaker)$"
)
_NO_LONGER = re.compile(r"\b(?:former|late|then|ex|retired)\b[ -][^.,;]*$", re.IGNORECASE)
_WHO_WAS = re.compile(r", (?:(?:an?|the|who was|once) )?(?:former|retired|ex-)\b")
_ITS = re.compile(r"(?:its|their)\b(?!.*\bministry)", re.IGNORECASE)
_HUMAN = re.compile(  # offices held by one person, who is "he" or "she" later
    r"\b(?:official|officer|minister|spokes(?:man|woman|person)|ambassador|envoy|diplomat|president|premier|chancellor"
    r"|leader|king|emir|general|commander|chief|governor|mayor|senator|lawmaker|mp|aide|adviser|source|secretary"
    r"|director|head|chairman|chairwoman|judge|prosecutor|captain|inspector|editor)$"
)
_ANY_MEDIA = re.compile(  # outlets without a name
    r"\b(?<!white )(?:media|press|newspapers?|papers?|television|tv|broadcasters?|channel|radio|reporter"
    r"|correspondent|presenter|anchor|programme?|bulletin)\b",
    re.IGNORECASE,
)
_THE_TEXT = re.compile(
    r"(?:(?:the|this|that|its|his|her|their|a|another) (?:\w+ )?)?"
    r"(?:statement|report|message|letter|speech|text|dispatch|commentary|editorial|article|announcement|document|post)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What attribution is given of a sentence: the label, and the source span the model points at, in the sentence."""

    label: Label
    confidence: float
    span: Span | None
    has_spans: bool  # whether the model looks for spans at all; if not, the rules do


def attribute(document: Document, readings: Sequence[Reading], registry: Registry) -> list[Source | None]:
    """The source of each sentence, in order; None where none is named or runs on."""
    quotations = document.quotations
    outside = quotations.blanked(document.article.text)
    trace = _Trace(registry, document)
    out: list[Source | None] = []
    for sentence, reading in zip(document.sentences, readings, strict=True):
        local = document.mentions_in(sentence.start, sentence.end)
        named = _named(sentence, reading, local, outside[sentence.start : sentence.end])
        if named is not None:
            source = trace.resolve(sentence, *named, local, reading.label)
            out.append(trace.heard(source, sentence, reading.label))
        else:
            out.append(trace.inherited(sentence, reading.label, quotations))
    return out


def _named(
    sentence: Sentence, reading: Reading, local: Sequence[Mention], outside: str
) -> tuple[Span, str | None] | None:
    shifted = [replace(m, start=m.start - sentence.start, end=m.end - sentence.start) for m in local]
    if reading.has_spans:
        found = (reading.span, cue_of(outside, reading.span)) if reading.span else None
    else:
        found = find_source(sentence.text, outside, sentence.kind, shifted)
    return (whole(sentence.text, found[0], shifted), found[1]) if found else None


class _Trace:
    """Who has spoken so far in an article."""

    def __init__(self, registry: Registry, document: Document) -> None:
        self.registry = registry
        self.people = {name.casefold(): m for m in reversed(document.mentions) if m.person for name in surnames(m)}
        self.persons = {mention.entity for mention in self.people.values()}
        self.mentions = document.mentions
        self.former = _out_of_office(document)
        self.named = _named_once(document)
        self.date = document.article.date
        self.homes = {controlling: home_of(document, registry, controlling) for controlling in (True, False)}
        self.state_outlet = document.outlet_class == "state"
        self.last: Source | None = None
        self.label: Label | None = None
        self.paragraph = -1
        self.people_heard: list[Source] = []
        self.bodies_heard: list[Source] = []

    def resolve(
        self, sentence: Sentence, span: Span, cue: str | None, local: Sequence[Mention], label: Label
    ) -> Source:
        """A mention as a source: the entity it names, or the one a pronoun or "the statement" stands for.

        Whose an office is that no state is named with, the sentence's label helps to tell.
        """
        start, end = sentence.start + span[0], sentence.start + span[1]
        text = sentence.text[span[0] : span[1]]
        source = Source(text, start, end, _bare(text), UNKNOWN, cue)
        if _PRONOUN.fullmatch(text) or _THE_TEXT.fullmatch(text):
            known = self._antecedent(text, label, start)
            return replace(source, entity=known.entity, cls=known.cls) if known else source
        inside = [m for m in local if m.start < end and m.end > start]
        if not inside:
            return self._once_more(source)
        entity, cls = self._entity(source, inside, label)
        return replace(source, entity=entity, cls=cls)

    def _antecedent(self, text: str, label: Label, at: int) -> Source | None:
        if _PERSONAL.match(text):
            last = self.last if self.last and self.last.cls not in NO_PERSON else None
            return self._latest(self.people_heard, label) or self._just_named(at) or last
        if _OF_A_BODY.fullmatch(text):
            return self._latest(self.bodies_heard, label) or self.last
        return self.last

    def _just_named(self, at: int) -> Source | None:
        """The last person named before a place in the text."""
        person = next((m for m in reversed(self.mentions) if m.person and m.end <= at), None)
        if person is None:
            return None
        return Source("", at, at, person.entity, UNKNOWN if person.cls == "official" else person.cls)

    def _latest(self, heard: Sequence[Source], label: Label) -> Source | None:
        """The last one heard, or one shortly before whose word the label allows this to be where his it forbids."""
        recent = heard[: -RECENT - 1 : -1]
        fitting = (source for source in recent if not _clash(source.cls, label, self.state_outlet))
        return next(fitting, recent[0] if recent else None)

    def _entity(self, source: Source, inside: Sequence[Mention], label: Label) -> tuple[str, str]:
        speaker = _speaker(source, inside)
        if speaker is None:
            return source.entity, UNKNOWN
        if speaker.cls == "place":
            return speaker.entity, "state" if speaker.tier == "closed" else "government"
        country, cls = speaker.country, speaker.cls
        if label == "analyst_speculation" and speaker.entity in self.former:
            return speaker.entity, "analyst"
        if cls == "official" and (speaker.office or speaker.person):
            if _ITS.match(source.text) and self.last and self.last.cls in ("international", "ngo", "company"):
                return f"{self.last.entity}: {speaker.entity}", self.last.cls
            country, cls = self._unowned(speaker.entity, label)
        elif cls == "state_media" and not country:  # "state media", without a state
            country = self.homes[True] or ""
        if speaker.office and (only := self._only(country, speaker.entity, cls)):
            return only, cls
        if speaker.office and country and (state := self.registry.state(country)):
            return f"{state}: {speaker.entity}", cls
        return speaker.entity, UNKNOWN if cls == "official" else cls

    def _unowned(self, office: str, label: Label) -> tuple[str, str]:
        """Country and class of an office no state is named with, from what the sentence's label says of its voice."""
        controlling = label == "state_media_claim"
        if not controlling and _UNNAMED.search(office):
            return "", "official"
        home = None if _SENT_ABROAD.search(office) else self.homes[controlling]
        closed = controlling if home is None else self.registry.tier(home, self.date) == "closed"
        return home or "", "state" if closed else "government"

    def _only(self, country: str, office: str, cls: str) -> str | None:
        """The one person or outlet of a state an article names that "the leader" or "state media" can be, if one."""
        if cls == "state_media":
            return self.named.get((country, cls)) if _ANY_OUTLET.search(office) else None
        holder = self.named.get((country, office))
        return self.named.get((country, "president")) if holder is None and office == "leader" else holder

    def _once_more(self, source: Source) -> Source:
        """A name that was resolved before under the same last word, or a headline's "Kim" named in full below."""
        word = source.entity.split()[-1].casefold() if source.entity else ""
        for known in (self.last, *self.people_heard[-1:], *self.bodies_heard[: -RECENT - 1 : -1]):
            if known and word and known.entity.split()[-1].casefold() == word:
                return replace(source, entity=known.entity, cls=known.cls)
        person = self.people.get(word)
        return replace(source, entity=person.entity, cls=person.cls) if person else source

    def heard(self, source: Source, sentence: Sentence, label: Label) -> Source:
        """Remember who spoke; give the source back with the class its sentence's label says it has."""
        known = source.entity in self.persons or source.cls in ("witness", "analyst") or _HUMAN.search(source.entity)
        named = bool(known) or (source.cls == UNKNOWN and _looks_named(source, sentence))
        body = source.cls in ("state_media", "media", "international", "ngo", "company", "government", "state")
        if label == "state_media_claim":
            source = self._voiced(source)
        elif label == "analyst_speculation" and source.cls == "witness" and source.entity in self.persons:
            source = replace(source, cls="analyst")  # a lawyer, a trader: named for what he makes of it
        self.last, self.label, self.paragraph = source, label, sentence.paragraph
        self.people_heard += [source] if named else []
        self.bodies_heard += [source] if body else []
        return source

    def _voiced(self, source: Source) -> Source:
        """The source of a sentence that is on a state's word.

        A state's own experts are its voice (guide, rule 10), and so is whoever nothing else is known of,
        except for those a state's outlet puts forward.
        """
        if source.cls in ("media", "record", UNKNOWN) and _ANY_MEDIA.search(source.entity):
            return replace(source, cls="state_media")
        told = source.cls == "analyst" or (source.cls in (UNKNOWN, "record") and not self.state_outlet)
        return replace(source, cls="state") if told else source

    def inherited(self, sentence: Sentence, label: Label, quotations: Quotations) -> Source | None:
        """The speaker whose words run on in a sentence that names no one, or None."""
        if self.last is None or sentence.kind != "body":
            return None
        quoted = quotations.share(sentence.start, sentence.end) > 0.6
        same = label == self.label
        near = sentence.paragraph - self.paragraph <= (2 if quoted else 1)
        state = label == "state_media_claim" and self.last.cls in STATE
        if not near or not same or not (quoted or state):
            self.label = None if not same else self.label
            return None
        self.paragraph = sentence.paragraph
        return replace(self.last, inherited=True)


def _speaker(source: Source, inside: Sequence[Mention]) -> Mention | None:
    """Which of the names in a source mention is whose word it is; None where none of them is."""
    people = [m for m in inside if m.person]
    possessor = [m for m in people if source.text[m.end - source.start :][:1] in ("'", "’")]  # "Putin's aide Ushakov"
    if len(people) > len(possessor):
        return next(m for m in people if m not in possessor)
    if _TIED_TO.match(source.text):
        return None
    # in "Iraq's ambassador to the United Nations" the ambassador speaks
    bodies = [m for m in inside if m.cls != "place"]
    if bodies:
        return next((m for m in bodies if m.country or not m.office), bodies[0])
    rest = source.text
    for place in reversed(inside):
        rest = rest[: max(0, place.start - source.start)] + rest[place.end - source.start :]
    return inside[0] if _ONLY_PLACES.fullmatch(rest) else None


def _named_once(document: Document) -> dict[tuple[str, str], str]:
    """Who holds a state's office, by its code and the office, and its outlet, under "state_media": where there is one.

    Only who is introduced with an office holds it ("Russian President Vladimir Putin").
    """
    text = document.article.text
    found: dict[tuple[str, str], set[str]] = {}
    for mention in document.mentions:
        if mention.cls == "state_media" and not mention.office:
            found.setdefault((mention.country, mention.cls), set()).add(mention.entity)
    for office, person in pairwise(document.mentions):
        beside = office.office and person.person and 0 < person.start - office.end < 3
        gone = _NO_LONGER.search(text, max(0, office.start - 30), office.start)
        if beside and office.country and _HELD_BY_ONE.search(office.entity) and not gone:
            found.setdefault((office.country, office.entity), set()).add(person.entity)
    return {key: next(iter(names)) for key, names in found.items() if len(names) == 1}


def _out_of_office(document: Document) -> set[str]:
    """The people an article introduces with an office they held ("former envoy X", "X, a former envoy")."""
    text = document.article.text
    return {
        m.entity
        for m in document.mentions
        if m.person and (_NO_LONGER.search(text, max(0, m.start - 60), m.start) or _WHO_WAS.match(text, m.end))
    }


def home_of(document: Document, registry: Registry, controlling: bool) -> str | None:
    """The state whose offices an article calls "the ministry" or "the president", by its code; None where unclear.

    Asked for controlling states, or for all others. It is a state outlet's own, else the one most of such places
    named are of, else an outlet's own where enough are or no place is named at all.
    """
    outlet = registry.outlet(document.article.outlet)
    own = outlet.country if outlet and registry.state(outlet.country) else None
    if own and document.outlet_class == "state":
        return own if controlling else None
    if own and (registry.tier(own, document.article.date) == "closed") != controlling:
        own = None
    named = [mention for mention in document.mentions if mention.cls == "place"]
    places = Counter(mention.country for mention in named if (mention.tier == "closed") == controlling)
    if not places:
        return None if named else own
    country, most = places.most_common(1)[0]
    if most >= MOST_PLACES * places.total() and most > 2:
        return country
    return own if own and places[own] >= OWN_PLACES * places.total() else None


def _looks_named(source: Source, sentence: Sentence) -> bool:
    """Whether a source nothing is known of is a person's name; a sentence's first word has its capital anyway."""
    capitals = sum(word[0].isupper() for word in source.entity.split())
    return ":" not in source.entity and capitals > (source.start == sentence.start)


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", text, flags=re.IGNORECASE)


def contradicts(source: Source | None, label: Label, confidence: float, outlet_is_state: bool) -> bool:
    """Whether a named source and a confident label can not both be right, by the guide's rules 1 and 5."""
    if source is None or source.inherited or confidence < 0.5:
        return False
    return _clash(source.cls, label, outlet_is_state)


def _clash(cls: str, label: Label, outlet_is_state: bool) -> bool:
    if label == "state_media_claim":
        return cls in OUTSIDERS and not outlet_is_state
    return label == "independent_report" and cls in STATE
