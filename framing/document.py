"""An article as everything downstream reads it: sentences, known names, quotations; and what classifiers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from framing.mentions import Finder, Mention
from framing.quotes import Quotations
from framing.schema import Article, ModelInfo, OutletClass, Prediction, Sentence


@dataclass(frozen=True)
class Document:
    """An article read once: its sentences and the names in it, for the classifier and the attribution alike."""

    article: Article
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    outlet_class: OutletClass

    @cached_property
    def quotations(self) -> Quotations:
        """Where the article quotes."""
        return Quotations(self.article.text)


def read_document(
    finder: Finder, article: Article, sentences: Sequence[Sentence], outlet_class: OutletClass | None = None
) -> Document:
    """Find the names of an article; its outlet's class is the registry's unless given."""
    known = outlet_class or finder.registry.outlet_class(article.outlet)
    return Document(article, tuple(sentences), tuple(finder.find(article.text, article.date)), known)


class Classifier(Protocol):
    """A model that labels the sentences of one article, read together."""

    info: ModelInfo
    threshold: float  # confidence below which a label is marked uncertain
    finds_spans: bool  # whether its predictions point at source mentions

    def predict(self, document: Document) -> list[Prediction]:
        """Return one prediction a sentence, in order."""
        ...
