"""The main way: an article in, every sentence tagged, the article summed up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock

from framing import artefact, lexicon, registry
from framing.attribution import Reading, attribute
from framing.document import Classifier, Document, identified, read_document
from framing.limits import LIMITS, Clock, Limits
from framing.loading import find_terms
from framing.mentions import Finder
from framing.read import checked
from framing.schema import Annotated, Article, FramingError, Loading, Prediction, Sentence, Source, Tagged
from framing.split import split
from framing.summary import summarise
from framing.voice import contradicts


@dataclass(frozen=True)
class Annotator:
    """A classifier with the registry its input and its sources are read by; safe to share by threads."""

    classifier: Classifier
    finder: Finder
    limits: Limits = LIMITS

    def __call__(self, article: Article | str) -> Annotated:
        """Annotate one article; the text of it is never altered.

        Raises FramingError where it is empty, over a limit, or what framing.read.checked refuses.
        """
        article = checked(Article(article) if isinstance(article, str) else article)
        if not article.text.strip():
            raise FramingError(f"{article.path or 'text'}: empty, there is nothing to annotate")
        clock = Clock(self.limits, article.path or "text")
        sentences, skipped = split(article)
        self.limits.check_sentences(sentences, clock.name)
        clock.check()
        article = identified(article, sentences, skipped, self.finder.registry)
        document = read_document(self.finder, article, sentences)
        clock.check()
        predictions = self.classifier.predict(document)
        clock.check()
        sources = self._sources(document, predictions)
        tagged = tuple(self._tag(document, *row) for row in zip(document.sentences, predictions, sources, strict=True))
        summary = summarise(tagged, document.outlet_class)
        return Annotated(self.classifier.info, article, document.outlet_class, tagged, tuple(skipped), summary)

    def all(self, articles: Iterable[Article | str]) -> Iterator[Annotated]:
        """Annotate articles one by one, as they are asked for."""
        return map(self, articles)

    def warm(self) -> Annotator:
        """Have the model read now and not in the first article's time; raises FramingError where it is damaged."""
        replace(self, limits=LIMITS)("Models are read when the first sentence comes.")
        return self

    def _sources(self, document: Document, predictions: Sequence[Prediction]) -> list[Source | None]:
        readings = [Reading(p.label, p.span) for p in predictions]
        return attribute(document, readings, self.finder.registry, self.classifier.finds_spans)

    def _tag(self, document: Document, sentence: Sentence, prediction: Prediction, source: Source | None) -> Tagged:
        label, confidence = prediction.label, prediction.confidence
        doubtful = confidence < self.classifier.threshold
        doubtful = doubtful or contradicts(source, label, confidence, document.outlet_class == "state")
        terms = find_terms(document, sentence, prediction, lexicon.builtin())
        loading = Loading(prediction.grade, prediction.loading, terms)
        return Tagged(sentence, prediction.scores, label, confidence, doubtful, loading, source)


def load(
    model: str = "auto",
    registry_files: Sequence[Path] = (),
    threads: int | None = None,
    limits: Limits = LIMITS,
) -> Annotator:
    """Open a model by name or path and the registry, extended by the user's own tables.

    Raises FramingError where the model is unknown or damaged, or a table cannot be read.
    """
    known = registry.builtin()
    finder = Finder(known.extended(*registry_files) if registry_files else known)
    annotator = Annotator(open_model(artefact.named(model), threads), finder, limits)
    return annotator if limits.seconds is None else annotator.warm()


_OPENING = Lock()


def shared(model: str = "auto") -> Annotator:
    """The one annotator of a model in this process, for all its threads; opened when first asked for.

    Raises FramingError where the model is unknown or damaged.
    """
    with _OPENING:  # `cache` alone would let two threads open it side by side
        return _opened(artefact.find(model).resolve(), os.getpid())


@cache
def _opened(folder: Path, process: int) -> Annotator:
    """By process: an ONNX session's threads are not there in a forked child, which may crash when it frees them."""
    return load(str(folder))


def open_model(found: artefact.Artefact, threads: int | None = None) -> Classifier:
    """The classifier of a checked model folder; raises FramingError where its manifest is of no model framing knows."""
    try:
        if found.kind == "baseline":
            from framing.baseline import Baseline

            return Baseline(found)
        if found.kind == "transformer":
            from framing.transformer import Transformer

            return Transformer(found, threads)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise FramingError(f"{found.folder}: the manifest lacks something or has it wrong ({error!r})") from error
    raise FramingError(f"{found.folder}: a model of kind {found.kind!r}, which this version of framing does not know")
