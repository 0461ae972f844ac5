"""Sentence + neighbours → the source it rests on: mention, cue, entity, class, inherited or not.

Which words name the source is the model's finding where it has one (its span output), else the rules'
(framing.cues). Here the mention is resolved to an entity, and a sentence that names no one inherits
the speaker whose quotation or statement runs on in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from framing import naming
from framing.cues import candidates, cue_of, shortest, whole
from framing.described import Described
from framing.discourse import Discourse
from framing.document import Document
from framing.mentions import BODIES
from framing.offices import CLOSED_PLACES, Homes, holders, homes_of, out_of_office, places, roles
from framing.registry import Registry
from framing.schema import Label, Mention, Sentence, Source, Span
from framing.speaker import infers, rank_below, together, unlisted, whose
from framing.voice import STATE, STATES_WORD, UNKNOWN, clash, voice

_PRONOUN = re.compile(r"(?!WHO)(?i:he|she|they|it|his|her|their|its|who|i|we)")
_THE_NOUN = re.compile(r"(?:(?:the|this|that) (?:\w+ )?)?(\w+)", re.IGNORECASE)
_UNNAMED = re.compile(r"\b(?:sources?|people|persons?)\b")
_ANY_OUTLET = re.compile(r"\bmedia\b|\bnews agency\b")  # "state media": the one the article names, if it names one
_ITS = re.compile(r"(?:its|their)\b(?!.*\bministry)", re.IGNORECASE)
_THE_TEXT = re.compile(  # whose noun is in small letters, or all there is: "the Post" is a newspaper
    r"(?:(?:the|this|that|its|his|her|their|another) (?:\w+ )?)?"
    r"(?:^|(?-i:(?=[a-z])))(?:statement|report|message|letter|speech|text|dispatch|commentary|editorial|article|announcement|document|post)",
    re.IGNORECASE,
)
_A_TEXT = re.compile(r"an? (?:\w+ )?(?:report|message|letter|text|article|document|post)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What attribution is given of a sentence: the label, and the source span the model points at, in the sentence."""

    label: Label
    span: Span | None = None


def attribute(
    document: Document, readings: Sequence[Reading], registry: Registry, finds_spans: bool
) -> list[Source | None]:
    """The source of each sentence, in order; None where none is named or runs on.

    `finds_spans` is whether the model looks for source mentions at all; where it does not, the rules do.
    """
    outside = document.quotations.blanked()
    resolver = _Resolver(registry, document)
    out: list[Source | None] = []
    turn: Source | None = None  # whose turn it is, in an interview
    for written, reading in zip(document.sentences, readings, strict=True):
        text = document.text[written.start : written.end]
        sentence = written if written.text == text else replace(written, text=text)
        local = document.mentions_in(sentence.start, sentence.end)
        find = _pointed_at if finds_spans else _by_rules
        if opens := sentence.start in document.turns:
            turn = resolver.turn(sentence, local, reading.label)
        named = find(sentence, reading, local, outside[sentence.start : sentence.end])
        if named is not None:
            source = resolver.resolve(sentence, *named, local, reading.label)
            out.append(resolver.voiced(source, sentence, reading.label))
        elif document.in_turn(sentence):
            out.append(turn and replace(turn, inherited=not opens))
        else:
            out.append(resolver.discourse.runs_on(sentence, reading.label))
    return [source and _as_written(source, document.article.text) for source in out]


def _as_written(source: Source, text: str) -> Source:
    """The source in the article's own text, which may have line breaks where it was read with spaces."""
    written = text[source.start : source.end]
    return source if written == source.text else replace(source, text=written)


def _pointed_at(
    sentence: Sentence, reading: Reading, local: Sequence[Mention], outside: str
) -> tuple[Span, str | None] | None:
    if reading.span is None or not any(map(str.isalnum, sentence.text[slice(*reading.span)])):
        return None
    return whole(sentence.text, reading.span, _within(sentence, local)), cue_of(outside, reading.span)


def _by_rules(sentence: Sentence, _: Reading, local: Sequence[Mention], outside: str) -> tuple[Span, str | None] | None:
    phrases = list(candidates(outside, sentence.kind))
    mentions = _within(sentence, local) if phrases else []  # most sentences have none
    for phrase, cue in phrases:
        if cue == ":" and not any(m.start < phrase[1] and m.end > phrase[0] for m in mentions if m.cls != "place"):
            continue  # "Analysis: Why Moscow waits"
        if span := shortest(sentence.text, phrase, mentions):
            return whole(sentence.text, span, mentions), cue
    return None


def _within(sentence: Sentence, local: Sequence[Mention]) -> list[Mention]:
    """An article's mentions with offsets into a sentence of it."""
    return [replace(m, start=m.start - sentence.start, end=m.end - sentence.start) for m in local]


class _Resolver:
    """What an article's source mentions stand for, as one sentence after the other is read."""

    def __init__(self, registry: Registry, document: Document) -> None:
        self.registry = registry
        self.discourse = Discourse(document, registry)
        self.described = Described(document)
        self.persons = {m.entity for m in document.mentions if m.person}
        analysts = [m for m in document.mentions if m.cls == "analyst" and not m.office and m.tier != "closed"]
        self.outsiders = {m.entity for m in analysts if not m.person or registry.knows(m.entity)}
        self.former = out_of_office(document)
        self.holders = holders(document, registry)
        self.roles = roles(document)
        self.date = document.article.date
        self.document = document
        self.state_outlet = document.outlet_class == "state"

    @cached_property
    def _places(self) -> list[str]:
        return places(self.document, self.registry)

    @cached_property
    def _homes(self) -> Homes:
        return homes_of(self.document, self.registry, self._places)

    @cached_property
    def _bodies(self) -> list[Mention]:
        """The bodies of several states that the article names, in order."""
        return [m for m in self.document.mentions if m.cls == "international" and not m.office and not m.person]

    @cached_property
    def _is_of_open_states(self) -> bool:
        closed = [self.registry.tier(code, self.document.article.date) == "closed" for code in self._places]
        return sum(closed) < CLOSED_PLACES * len(closed)

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
            known = self.discourse.antecedent(text, label, sentence, start)
            return replace(source, entity=known.entity, cls=known.cls) if known else source
        if _A_TEXT.fullmatch(text):
            return replace(source, cls="record")
        inside = [m for m in local if m.start < end and m.end > start]
        inside = self._introduced(text, inside, start, end) or inside
        owner = self._owner(source, inside, local, label)
        entity, cls = self._entity(source, inside, owner, label) if inside else self._named(source, owner)
        if body := self.discourse.body_before(text, start, label) if entity.islower() else None:
            return replace(source, entity=body.entity, cls=body.cls)
        cls = self._by_noun(entity, inside, label) if cls == UNKNOWN else cls
        if cls == UNKNOWN and (outlet := self.registry.outlet(entity)):  # "Sputnik", too ambiguous to find in a text
            entity, cls = outlet.name, self.registry.classify(outlet)
        return replace(source, entity=entity, cls=cls)

    def turn(self, sentence: Sentence, local: Sequence[Mention], label: Label) -> Source | None:
        """Who speaks in the turn that a sentence begins; None where the turn's mark names nobody."""
        name = self.document.turns[sentence.start]
        if name is None:
            return None
        span = (name[0] - sentence.start, name[1] - sentence.start)
        return replace(self.voiced(self.resolve(sentence, span, ":", local, label), sentence, label), turn=True)

    def _named(self, source: Source, owner: tuple[str, str] | None) -> tuple[str, str]:
        """Entity and class of a source in which no name is known."""
        if owner and naming.holds_office(source.entity):
            return f"{owner[0]}: {source.entity.split()[-1]}", owner[1]
        return self.discourse.namesake(source.entity) or (self.described.in_full(source.entity), UNKNOWN)

    def _introduced(self, text: str, inside: Sequence[Mention], start: int, end: int) -> list[Mention]:
        """The one person whom the article introduces as what "the (Russian) ambassador" names, as if named."""
        noun = _THE_NOUN.fullmatch(text)
        person = self.roles.get(noun[1].lower()) if noun else None
        if person is None or any(m.person or not (m.office or _is_of_state(m, person)) for m in inside):
            return []
        return [replace(person, start=start, end=end)]

    def _owner(
        self, source: Source, inside: Sequence[Mention], local: Sequence[Mention], label: Label
    ) -> tuple[str, str] | None:
        """The body, and its class, whose "its director" is, or "a spokesperson" in a sentence that begins with it."""
        its, last = bool(_ITS.match(source.text)), self.discourse.last
        of_an_outlet = its and naming.kind_of(source.text) == "media"  # "its editor-in-chief"
        owners = (*BODIES, "media", "state_media") if of_an_outlet else BODIES
        known = [(m.entity, m.cls) for m in local if m.cls in owners and not m.office and m.end < source.start]
        if its and last and last.cls in owners:
            known.append((last.entity, last.cls))
        asked = its or (len(inside) == 1 and naming.speaks_for_others(inside[0].entity))
        return known[0] if asked and known and (its or not clash(known[0][1], label, self.state_outlet)) else None

    def _by_noun(self, name: str, inside: Sequence[Mention], label: Label) -> str:
        """The class of a source nothing is known of, by its noun or what the article says beside the name.

        "The Mine Action Agency", "Hollweg, a pump maker". On a state's word there are only its officials (see _states).
        """
        if naming.opposes(name):
            return "opposition"
        place_tiers = [mention.tier for mention in inside if mention.cls == "place"]
        tiers = [mention.tier for mention in inside if mention.tier]
        if naming.has_left(name) and "closed" in tiers and label != STATES_WORD:
            return "witness" if label == "independent_report" else "analyst"
        if label == STATES_WORD and tiers and not (naming.is_person(name) or _ITS.match(name)):
            # "a source in Ukraine's Security Service"
            return "state" if "closed" in tiers else "government"
        office = naming.is_official(name) and (place_tiers or not name.islower())
        kind = "official" if office else self.described.kind(name) or self._body(name, label)
        if kind == "official":
            closed = "closed" in place_tiers if place_tiers else self._unowned(name, name, label)[1] == "state"
            return "state" if closed else "government"
        inferred = label == "analyst_speculation" and naming.is_person(name)  # see _is_an_analyst
        told = not inferred and (label != STATES_WORD or self.state_outlet)
        return kind if kind and told else UNKNOWN

    def _body(self, person: str, label: Label) -> str | None:
        """The class of the body someone is said to be of; on a state's word there are only its officials."""
        kind = self.described.body(person)
        return kind if kind == "official" or label != STATES_WORD else None

    def _entity(
        self, source: Source, inside: Sequence[Mention], owner: tuple[str, str] | None, label: Label
    ) -> tuple[str, str]:
        if names := together(source, inside):
            entities = [name.entity for name in names]
            office = f": {inside[-1].entity}" if inside[-1].office else ""
            return f"{', '.join(entities[:-1])} and {entities[-1]}{office}", voice(names[0])
        speaker = whose(source, inside)
        of_nobody = naming.is_record(source.entity) and (speaker is None or speaker.person)
        if of_nobody or naming.is_shown(source.entity):
            return source.entity, "record"
        if speaker is None:
            return source.entity, UNKNOWN
        if infers(source, inside, speaker):
            return source.entity, "analyst"
        if speaker.cls == "place":
            return speaker.entity, voice(speaker)
        country, cls = speaker.country, speaker.cls
        if label == "analyst_speculation" and speaker.entity in self.former:
            return speaker.entity, "analyst"
        introduced = cls in ("company", "government", "official") and not self.registry.knows(speaker.entity)
        if speaker.person and (introduced or cls == "witness"):
            cls = self._body(speaker.entity, label) or cls
        office = rank_below(source, speaker) + speaker.entity
        if owner and speaker.office and cls in ("official", "media", "company"):
            return f"{owner[0]}: {office}", owner[1]
        if cls == "official" and naming.heads_a_body(office) and (body := self._headed(source)):
            return f"{body}: {office}", "international"
        if cls == "official" and (speaker.office or speaker.person):
            country, cls = self._unowned(source.text, office, label)
        elif cls == "state_media" and not country:  # "state media", without a state
            country = self._homes.controlling or ""
        elif cls == "media" and speaker.office:
            country = next((m.country for m in inside if m.cls == "place" and m.end == speaker.start - 1), country)
        if speaker.office and (only := self._only(country, office, cls)):
            return only, cls
        if name := unlisted(source, inside, speaker, country) if speaker.office else "":
            office = name if self.described.is_name(name.split()[0]) else office
        if speaker.office and country and (state := self.registry.state(country)):
            return f"{state}: {office}", cls
        return office, voice(speaker) if cls == "official" else cls

    def _headed(self, source: Source) -> str | None:
        """The body whose secretary-general it is: the last named before it; None where none is."""
        before = bisect_left(self._bodies, source.start, key=lambda body: body.start)
        named = self._bodies[before - 1].entity if before else None
        return "United Nations" if named and named.startswith("UN ") else named

    def _unowned(self, text: str, office: str, label: Label) -> tuple[str, str]:
        """Country and class of an office no state is named with: a province's, else by what its sentence's label says.

        `text` is the source's own, which may name a province or a city: "the mayor of Kharkiv".
        """
        controlling = label == STATES_WORD
        if not controlling and _UNNAMED.search(office):
            return "", "official"
        if controlling and self._homes.controlling is None and self._homes.other and self._is_of_open_states:
            controlling = False  # in a story of other states the label must be wrong
        home = self._homes.controlling if controlling else self._homes.other
        home = None if naming.is_sent_abroad(office) else next(iter(self.registry.regions_in(text)), home)
        closed = controlling if home is None else self.registry.tier(home, self.date) == "closed"
        return home or "", "state" if closed else "government"

    def _only(self, country: str, office: str, cls: str) -> str | None:
        """The one person or outlet of a state an article names that "the leader" or "state media" can be, if one."""
        if cls == "state_media":
            return self.holders.get((country, cls)) if _ANY_OUTLET.search(office) else None
        holder = self.holders.get((country, office))
        chief = office in ("leader", "head of state")
        return self.holders.get((country, "president")) if holder is None and chief else holder

    def voiced(self, source: Source, sentence: Sentence, label: Label) -> Source:
        """The source with the class its sentence's label says it has; from here on "he" may be its."""
        person, own = self._is_a_person(source, sentence), source.cls in STATE
        if label == STATES_WORD:
            source = self._states(source)
        elif label == "analyst_speculation" and self._is_an_analyst(source):
            source = replace(source, cls="analyst")
        self.discourse.heard(source, sentence, label, person, own)
        return source

    def _is_a_person(self, source: Source, sentence: Sentence) -> bool:
        if source.entity.endswith("s") and source.entity.split()[-1].islower():  # "analysts", "Former pupils"
            return False
        if source.entity in self.persons or source.cls in ("witness", "analyst") or _is_one(source):
            return True
        if source.cls not in BODIES and naming.is_person(source.entity) and self.described.kind(source.entity):
            return True
        return source.cls == UNKNOWN and _is_named(source, sentence)

    def _is_an_analyst(self, source: Source) -> bool:
        """Whether who infers is a person without an office: a lawyer, a trader, named for what he makes of it."""
        witness = source.cls == "witness" and source.entity in self.persons
        return witness or (source.cls == UNKNOWN and naming.is_person(source.entity))

    def _states(self, source: Source) -> Source:
        """The source of a sentence that is on a state's word.

        A state's own experts are its voice (guide, rule 10), and so is whoever nothing else is known of,
        except for those a state's outlet puts forward.
        """
        if source.cls in ("media", "record", UNKNOWN) and naming.is_outlet(source.entity):
            if naming.is_foreign(source.text):
                return replace(source, cls="media")
            return replace(source, cls="state_media")
        nothing_known = source.cls == UNKNOWN and (_is_one(source) or not self.state_outlet)
        theirs = source.cls == "analyst" and not self._is_outside(source.entity)
        told = theirs or nothing_known or (source.cls == "record" and not self.state_outlet)
        return replace(source, cls="state") if told else source

    def _is_outside(self, expert: str) -> bool:
        return expert in self.outsiders or self.described.is_foreign(expert)


def _is_of_state(place: Mention, person: Mention) -> bool:
    """Whether a name is that of the state someone is of."""
    return place.cls == "place" and place.country == person.country


def _is_one(source: Source) -> bool:
    """Whether a source holds an office of one person's: "an official of …", "the Kremlin's spokesman"."""
    return naming.holds_office(source.entity) or naming.holds_office(source.text)


def _is_named(source: Source, sentence: Sentence) -> bool:
    """Whether a source nothing is known of is a person's name; a sentence's first word has its capital anyway."""
    one = source.entity.isalpha() and source.entity[0].isupper() and source.start > sentence.start
    return one or naming.is_person(source.entity)


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", text, flags=re.IGNORECASE)
