"""A classifier reads labelled articles: gold and predictions side by side, and the figures that follow."""

from __future__ import annotations

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from framing.attribution import Reading, attribute
from framing.dataset import labelled_document
from framing.document import Classifier, Document
from framing.mentions import Finder
from framing.metrics import (
    Array,
    Labels,
    Resampling,
    bin_sums,
    ece_of,
    kappa_of,
    mention_hits,
    pairs,
    precision_recall_f1,
)
from framing.records import LabelledArticle
from framing.registry import Registry
from framing.schema import GRADES, LABELS, FramingError, ModelInfo, Prediction
from framing.slices import facets


@dataclass(frozen=True)
class Gold:
    """Labelled articles, each read once whatever the number of models, and their n labelled sentences in order."""

    articles: tuple[LabelledArticle, ...]
    documents: tuple[Document, ...]
    registry: Registry
    at: tuple[tuple[int, int], ...]  # (n,) article, and sentence among its readable ones, both from 0
    label: Labels  # (n,)
    grade: Labels  # (n,)
    mention: tuple[str, ...]  # (n,) source mention, "" where none
    facets: tuple[dict[str, str], ...]  # (n,) what the sentence falls under (framing.slices)

    @property
    def names(self) -> list[str]:
        """The sentences' articles, (n,) ids."""
        return [self.articles[article].id for article, _ in self.at]


def prepare(finder: Finder, articles: Sequence[LabelledArticle], seen: Set[str] | None = None) -> Gold:
    """Read labelled articles for scoring; `seen` are the outlets of the train split, if known.

    Raises FramingError where no sentence has a label.
    """
    documents = tuple(labelled_document(finder, labelled) for labelled in articles)
    at, label, grade, mention, under = [], [], [], [], []
    for number, (labelled, document) in enumerate(zip(articles, documents, strict=True)):
        rows = facets(labelled, document, seen)
        for index, row in enumerate(labelled.readable):
            if row.label is None or row.grade is None:
                continue
            at.append((number, index))
            label.append(row.label)
            grade.append(row.grade)
            mention.append(row.mentioned)
            under.append(rows[index])
    if not at:
        raise FramingError("no sentence here has a label, there is nothing to measure")
    return Gold(
        tuple(articles), documents, finder.registry, tuple(at), np.array(label), np.array(grade), tuple(mention),
        tuple(under),
    )  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """What a model says of the n labelled sentences of a Gold."""

    model: ModelInfo
    threshold: float  # confidence below which the model calls a label uncertain
    scores: Array  # (n, 3) calibrated probabilities in the order of LABELS
    grade: Labels  # (n,)
    mention: tuple[str, ...]  # (n,) source mention as framing predict shows it, "" where none
    seconds: float  # of predicting, the model's opening included

    @property
    def predicted(self) -> Labels:
        """The most probable labels, (n,)."""
        best: Labels = self.scores.argmax(1).astype(np.int64)
        return best

    @property
    def confidence(self) -> Array:
        """The probabilities of the most probable labels, (n,)."""
        top: Array = self.scores.max(1)
        return top


def score(classifier: Classifier, gold: Gold) -> Scored:
    """Let a classifier read labelled articles, given their sentences."""
    began = time.perf_counter()
    predictions = [classifier.predict(document) for document in gold.documents]
    seconds = time.perf_counter() - began
    mentions = [
        _mentions(classifier, document, found, gold.registry)
        for document, found in zip(gold.documents, predictions, strict=True)
    ]
    rows = [predictions[article][index] for article, index in gold.at]
    return Scored(
        classifier.info,
        classifier.threshold,
        np.array([row.scores for row in rows], dtype=np.float64),
        np.array([row.grade for row in rows]),
        tuple(mentions[article][index] for article, index in gold.at),
        seconds,
    )


def _mentions(
    classifier: Classifier, document: Document, predictions: Sequence[Prediction], registry: Registry
) -> list[str]:
    """The source each sentence itself names: the model's span, or the rules' where a model looks for none."""
    readings = [Reading(p.label, p.span) for p in predictions]
    found = attribute(document, readings, registry, classifier.finds_spans)
    return [s.text if s and not s.inherited else "" for s in found]


@dataclass(frozen=True)
class Drawn:
    """A figure of the whole set, then of every draw of articles, (1 + rounds,); n sentences it rests on."""

    values: Array
    n: int


def draw(gold: Gold, scored: Scored, resampling: Resampling) -> dict[str, Drawn]:
    """Every figure by name, whole and resampled; all in 0..1, kappa in -1..1."""
    n = len(gold.at)
    right = scored.predicted == gold.label
    labels = resampling.totals(pairs(gold.label, scored.predicted))
    by_label = precision_recall_f1(labels)
    out = {
        "macro_f1": Drawn(by_label[..., 2].mean(-1), n),
        "accuracy": Drawn(np.trace(labels, axis1=-2, axis2=-1) / labels.sum((-2, -1)), n),
    }
    out |= _each_class(by_label, list(LABELS), gold.label, scored.predicted)
    sums = resampling.totals(bin_sums(scored.confidence, right))
    out["ece"] = Drawn(_centred(ece_of(sums)), n)
    grades = resampling.totals(pairs(gold.grade, scored.grade))
    out["loading_kappa"] = Drawn(kappa_of(grades, quadratic=True), n)
    out |= _each_class(precision_recall_f1(grades), [f"loading_{grade}" for grade in GRADES], gold.grade, scored.grade)
    named = sum(map(bool, gold.mention))
    hit, wrong, missed = resampling.totals(mention_hits(gold.mention, scored.mention)).T
    out["mention_precision"] = Drawn(_ratio(hit, hit + wrong), int(hit[0] + wrong[0]))
    out["mention_recall"] = Drawn(_ratio(hit, hit + missed), named)
    out["mention_f1"] = Drawn(_ratio(2 * hit, 2 * hit + wrong + missed), named)
    hit, wrong, missed = resampling.totals(mention_hits(gold.mention, scored.mention, exact=True)).T
    out["mention_exact"] = Drawn(_ratio(2 * hit, 2 * hit + wrong + missed), named)
    return out


def _centred(values: Array) -> Array:
    """A calibration error whose draws are moved to lie about the whole's.

    A draw repeats sentences, so its bins are noisier and its error larger, on average, than the
    whole's; without the move the interval may lie above the figure itself.
    """
    excess = values[1:].mean() - values[0] if len(values) > 1 else 0.0
    return np.concatenate([values[:1], np.maximum(values[1:] - excess, 0)])


def _each_class(found: Array, names: Sequence[str], gold: Labels, predicted: Labels) -> dict[str, Drawn]:
    """Precision, recall and F1 (1 + rounds, classes, 3) under names; n counts a class's gold sentences.

    That of precision counts those predicted.
    """
    return {
        f"{measure}_{name}": Drawn(found[:, k, m], int(((predicted if measure == "precision" else gold) == k).sum()))
        for k, name in enumerate(names)
        for m, measure in enumerate(("precision", "recall", "f1"))
    }


def _ratio(part: Array, whole: Array) -> Array:
    ratio: Array = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return ratio
