"""The main way: an article in, every sentence tagged, the article summed up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from framing import artefact, registry
from framing.mentions import Finder
from framing.schema import (
    LABELS,
    Annotated,
    Article,
    Classifier,
    FramingError,
    Loading,
    Prediction,
    Sentence,
    Summary,
    Tagged,
)
from framing.split import split


@dataclass(frozen=True)
class Annotator:
    """A classifier with the registry its input and its sources are read by; safe to share by threads."""

    classifier: Classifier
    finder: Finder

    def __call__(self, article: Article | str) -> Annotated:
        """Annotate one article; the text of it is never altered."""
        if isinstance(article, str):
            article = Article(article)
        if not article.text.strip():
            raise FramingError(f"{article.path or 'text'}: empty, there is nothing to annotate")
        sentences, skipped = split(article)
        article = self._identified(article, sentences, skipped)
        predictions = self.classifier.predict(article, sentences)
        tagged = tuple(self._tag(s, p) for s, p in zip(sentences, predictions, strict=True))
        outlet_class = self.finder.registry.outlet_class(article.outlet)
        return Annotated(self.classifier.info, article, outlet_class, tagged, tuple(skipped), summarise(tagged))

    def all(self, articles: Iterable[Article | str]) -> Iterator[Annotated]:
        """Annotate articles one by one, as they are asked for."""
        return map(self, articles)

    def _tag(self, sentence: Sentence, prediction: Prediction) -> Tagged:
        return Tagged(
            sentence,
            prediction.scores,
            prediction.label,
            prediction.confidence,
            prediction.confidence < self.classifier.threshold,
            Loading(prediction.grade, prediction.loading),
        )

    def _identified(self, article: Article, sentences: Sequence[Sentence], skipped: Sequence[Sentence]) -> Article:
        """Fill in the title and the outlet from the article's own headline, dateline and agency tag."""
        title = article.title or next((s.text for s in sentences if s.kind == "headline"), None)
        outlet = article.outlet or self._signed(skipped)
        return replace(article, title=title, outlet=outlet)

    def _signed(self, skipped: Sequence[Sentence]) -> str | None:
        for piece in skipped:
            tags = re.findall(r"[(/\[]([^()/\[\]]{2,40})[)/\]]\s*(?:\.|[-–—]+)?$", piece.text) or [piece.text]
            for tag in tags:
                if len(tag) <= 40 and (fact := self.finder.registry.outlet(tag.strip())):
                    return fact.name
        return None


def load(model: str = "auto", registry_files: Sequence[Path] = (), threads: int | None = None) -> Annotator:
    """Open a model by name or path and the registry, extended by the user's own tables.

    Raises FramingError where the model is unknown or damaged, or a table cannot be read.
    """
    known = registry.builtin()
    finder = Finder(known.extended(*registry_files) if registry_files else known)
    found = artefact.check(artefact.find(model))
    if found.kind == "baseline":
        from framing.baseline import Baseline

        return Annotator(Baseline(found, finder), finder)
    if found.kind == "transformer":
        from framing.transformer import Transformer

        return Annotator(Transformer(found, finder, threads), finder)
    raise FramingError(f"{found.folder}: a model of kind {found.kind!r}, which this version of framing does not know")


def summarise(tagged: Sequence[Tagged]) -> Summary:
    """Sum an article up in shares of its sentences."""
    n = len(tagged)
    shares: dict[str, float] = {label: sum(t.label == label for t in tagged) / n for label in LABELS}
    adopted = sum(any(not term.quoted for term in t.loading.terms) for t in tagged) / n
    quoted = sum(any(term.quoted for term in t.loading.terms) for t in tagged) / n
    return Summary(n, shares, sum(t.loading.score for t in tagged) / n, adopted, quoted)
