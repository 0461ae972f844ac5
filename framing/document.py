"""An article as everything downstream reads it: sentences, known names, quotations; and what classifiers are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Protocol

from framing.blocks import flat
from framing.mentions import Finder
from framing.quotes import Quotations
from framing.registry import Registry
from framing.schema import Article, Mention, ModelInfo, OutletClass, Prediction, Sentence, Span
from framing.signed import signed
from framing.turns import turns


@dataclass(frozen=True)
class Document:
    """An article read once: its sentences and the names in it, for the classifier and the attribution alike."""

    article: Article
    text: str  # the article's with plain spaces inside paragraphs; the same offsets
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]  # in order, none over another
    outlet_class: OutletClass

    @cached_property
    def quotations(self) -> Quotations:
        """Where the article quotes."""
        return Quotations(self.text)

    @cached_property
    def turns(self) -> dict[int, Span | None]:
        """The turns of an interview or a transcript, by where their first sentence begins: see framing.turns."""
        paragraphs = (list(rows) for _, rows in groupby(self.sentences, key=lambda sentence: sentence.paragraph))
        return turns(self.text, [(rows[0].start, rows[-1].end) for rows in paragraphs])

    def in_turn(self, sentence: Sentence) -> bool:
        """Whether a sentence is in a turn of an interview, of a named speaker or not; a heading between them is not."""
        return sentence.kind == "body" and self._first_turn <= sentence.start

    @cached_property
    def _first_turn(self) -> float:
        return min(self.turns, default=float("inf"))

    def mentions_in(self, start: int, end: int) -> tuple[Mention, ...]:
        """The names that lie in a stretch of the article or reach into it."""
        first = bisect_right(self._ends, start)
        last = first
        while last < len(self.mentions) and self.mentions[last].start < end:
            last += 1
        return self.mentions[first:last]

    @cached_property
    def _ends(self) -> list[int]:
        return [mention.end for mention in self.mentions]


def identified(
    article: Article, sentences: Sequence[Sentence], skipped: Sequence[Sentence], registry: Registry
) -> Article:
    """Fill in the title and the outlet from the article's own headline, dateline, byline and last lines."""
    title = article.title or next((s.text for s in sentences if s.kind == "headline"), None)
    return replace(article, title=title, outlet=article.outlet or signed(sentences, skipped, registry))


def read_document(finder: Finder, article: Article, sentences: Sequence[Sentence]) -> Document:
    """Find the names of an article; its outlet's class is the registry's."""
    text, known = flat(article.text), finder.registry.outlet_class(article.outlet)
    return Document(article, text, tuple(sentences), tuple(finder.find(text, article.date)), known)


class Classifier(Protocol):
    """A model that labels the sentences of one article, read together."""

    info: ModelInfo
    threshold: float  # confidence below which a label is marked uncertain
    finds_spans: bool  # whether its predictions point at source mentions

    def predict(self, document: Document) -> list[Prediction]:
        """Return one prediction a sentence, in order."""
        ...
