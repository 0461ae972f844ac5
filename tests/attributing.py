"""What the tests of attribution share: the sources of a text whose labels are given."""

from __future__ import annotations

from framing.attribution import Reading, attribute
from framing.document import read_document
from framing.mentions import Finder
from framing.schema import LABELS, Article, Label, Source
from framing.split import split

S, I, A = LABELS


def sources(
    finder: Finder, text: str, labels: list[Label] | None = None, outlet: str | None = None, date: str = "2025-12-25"
) -> list[Source | None]:
    article = Article(text, outlet=outlet, date=date)
    sentences = split(article)[0]
    found = labels or [I] * len(sentences)
    readings = [Reading(label) for label in found]
    return attribute(read_document(finder, article, sentences), readings, finder.registry, finds_spans=False)


def pointed(finder: Finder, article: Article, words: str | None, label: Label = S) -> Source:
    """The source of an article of one sentence in which a model points at words, or the rules look for it."""
    document = read_document(finder, article, split(article)[0])
    at = article.text.index(words) if words else 0
    reading = Reading(label, (at, at + len(words)) if words else None)
    (source,) = attribute(document, [reading], finder.registry, finds_spans=words is not None)
    assert source is not None
    assert source.text == article.text[source.start : source.end]
    return source
