"""Sentence + neighbours → the source it rests on: mention, cue, entity, class, inherited or not.

Which words name the source is the model's finding where it has one (its span output), else the rules'
(framing.cues). Here the mention is resolved to an entity, and a sentence that names no one inherits
the speaker whose quotation or statement runs on in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from framing.cues import Span, cue_of, find_source
from framing.document import Document
from framing.mentions import Mention, surnames
from framing.quotes import Quotations
from framing.registry import Registry
from framing.schema import Label, Sentence, Source

UNKNOWN = "unknown"  # the class of a source nothing is known of
STATE = ("state_media", "state")
_PRONOUN = re.compile(r"(?:he|she|they|it|his|her|their|its|who|i|we)", re.IGNORECASE)
_PERSONAL = re.compile(r"(?:he|she|his|her|i)", re.IGNORECASE)
_THE_TEXT = re.compile(
    r"(?:(?:the|this|that|its|his|her|their|a|another) (?:\w+ )?)?"
    r"(?:statement|report|message|letter|speech|text|dispatch|commentary|editorial|article|announcement|document|post|paper)",
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
    trace = _Trace(registry, document.mentions)
    out: list[Source | None] = []
    for sentence, reading in zip(document.sentences, readings, strict=True):
        local = document.mentions_in(sentence.start, sentence.end)
        named = _named(sentence, reading, local, outside[sentence.start : sentence.end])
        if named is not None:
            source = trace.resolve(sentence, named[0], named[1], local)
            trace.heard(source, sentence, reading.label)
            out.append(source)
        else:
            out.append(trace.inherited(sentence, reading.label, quotations))
    return out


def _named(
    sentence: Sentence, reading: Reading, local: Sequence[Mention], outside: str
) -> tuple[Span, str | None] | None:
    if reading.has_spans:
        return (reading.span, cue_of(outside, reading.span)) if reading.span else None
    shifted = [replace(m, start=m.start - sentence.start, end=m.end - sentence.start) for m in local]
    return find_source(sentence.text, outside, sentence.kind, shifted)


class _Trace:
    """Who has spoken so far in an article."""

    def __init__(self, registry: Registry, mentions: Sequence[Mention]) -> None:
        self.registry = registry
        self.people = {name.casefold(): m for m in reversed(mentions) if m.person for name in surnames(m)}
        self.last: Source | None = None
        self.label: Label | None = None
        self.paragraph = -1
        self.person: Source | None = None
        self.body: Source | None = None

    def resolve(self, sentence: Sentence, span: Span, cue: str | None, local: Sequence[Mention]) -> Source:
        """A mention as a source: the entity it names, or the one a pronoun or "the statement" stands for."""
        start, end = sentence.start + span[0], sentence.start + span[1]
        text = sentence.text[span[0] : span[1]]
        source = Source(text, start, end, _bare(text), UNKNOWN, cue)
        if _PRONOUN.fullmatch(text) or _THE_TEXT.fullmatch(text):
            known = self._antecedent(text)
            return replace(source, entity=known.entity, cls=known.cls) if known else source
        inside = [m for m in local if m.start < end and m.end > start]
        if not inside:
            return self._once_more(source)
        entity, cls = self._entity(inside)
        return replace(source, entity=entity, cls=cls)

    def _antecedent(self, text: str) -> Source | None:
        if _PERSONAL.fullmatch(text):
            return self.person or self.last
        if text.lower() in ("it", "its"):
            return self.body or self.last
        return self.last

    def _entity(self, inside: Sequence[Mention]) -> tuple[str, str]:
        names = [m for m in inside if m.cls != "place" and not m.office]
        offices = [m for m in inside if m.cls != "place" and m.office]
        best = (names or offices or list(inside))[0]
        if best.cls == "place":
            return best.entity, "state" if best.tier == "closed" else "government"
        if best.office and best.country and (state := self.registry.state(best.country)):
            return f"{state}: {best.entity}", best.cls
        if best.cls == "official":  # an office whose state is not named: unresolved
            return best.entity, UNKNOWN
        return best.entity, best.cls

    def _once_more(self, source: Source) -> Source:
        """A name that was resolved before under the same last word, or a headline's "Kim" named in full below."""
        word = source.entity.split()[-1].casefold() if source.entity else ""
        for known in (self.last, self.person, self.body):
            if known and word and known.entity.split()[-1].casefold() == word:
                return replace(source, entity=known.entity, cls=known.cls)
        person = self.people.get(word)
        return replace(source, entity=person.entity, cls=person.cls) if person else source

    def heard(self, source: Source, sentence: Sentence, label: Label) -> None:
        """Remember who spoke."""
        self.last, self.label, self.paragraph = source, label, sentence.paragraph
        if (
            source.entity[:1].isupper()
            and re.search(r"[A-Z]\S* [A-Z]|^[A-Z]\S*$", source.entity)
            and ":" not in source.entity
        ):
            self.person = source
        if source.cls in ("state_media", "media", "international", "ngo", "company", "government", "state"):
            self.body = source

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


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", text, flags=re.IGNORECASE)


def contradicts(source: Source | None, label: Label, confidence: float, outlet_is_state: bool) -> bool:
    """Whether a named source and a confident label can not both be right, by the guide's rules 1 and 5."""
    if source is None or source.inherited or confidence < 0.5:
        return False
    if label == "independent_report":
        return source.cls in STATE
    outsider = source.cls in ("government", "international", "ngo", "media", "company", "opposition")
    return label == "state_media_claim" and outsider and not outlet_is_state
