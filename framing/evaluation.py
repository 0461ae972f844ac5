"""A model and labelled articles → what was right, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framing.dataset import LabelledArticle
from framing.document import Classifier, read_document
from framing.mentions import Finder
from framing.metrics import Array, Estimate, Labels, by_article, ece, kappa, macro_f1, precision_recall_f1
from framing.metrics import confusion as confusion_table
from framing.schema import LABELS


@dataclass(frozen=True)
class Scored:
    """Gold and predictions of n labelled sentences, article by article."""

    articles: tuple[str, ...]  # (n,) ids
    label: Labels  # (n,)
    scores: Array  # (n, 3)
    grade: Labels  # (n,)
    predicted_grade: Labels  # (n,)
    mention: tuple[str, ...]  # (n,) gold source mention, "" where none
    predicted_mention: tuple[str, ...]

    @property
    def predicted(self) -> Labels:
        """The most probable labels, (n,)."""
        best: Labels = self.scores.argmax(1).astype(np.int64)
        return best

    @property
    def confidence(self) -> Array:
        """Their probabilities, (n,)."""
        top: Array = self.scores.max(1)
        return top


def score(classifier: Classifier, finder: Finder, articles: Sequence[LabelledArticle]) -> Scored:
    """Let a classifier read labelled articles, given their sentences."""
    rows: list[tuple[str, int, tuple[float, float, float], int, int, str, str]] = []
    for labelled in articles:
        predictions = classifier.predict(read_document(finder, *labelled.assemble()))
        for row, found in zip(labelled.readable, predictions, strict=True):
            if row.label is None or row.grade is None:
                continue
            gold = row.text[slice(*row.mention)] if row.mention else ""
            mention = row.text[slice(*found.span)] if found.span else ""
            rows.append((labelled.id, row.label, found.scores, row.grade, found.grade, gold, mention))
    columns = list(zip(*rows, strict=True))
    return Scored(
        columns[0], np.array(columns[1]), np.array(columns[2]), np.array(columns[3]), np.array(columns[4]),
        columns[5], columns[6],
    )  # fmt: skip


def mention_counts(gold: Sequence[str], found: Sequence[str]) -> tuple[int, int, int]:
    """True positives, false positives and misses of source mentions; one inside the other counts as found."""
    hit = sum(bool(g and f and (g in f or f in g)) for g, f in zip(gold, found, strict=True))
    return hit, sum(bool(f) for f in found) - hit, sum(bool(g) for g in gold) - hit


def mention_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """F1 of source mentions by overlap; 0 where none is hit."""
    hit, wrong, missed = mention_counts(gold, found)
    return 2 * hit / (2 * hit + wrong + missed) if hit else 0.0


def figures(scored: Scored, rounds: int = 1000) -> dict[str, Estimate]:
    """The headline figures with their intervals by resampling articles."""
    predicted, confidence = scored.predicted, scored.confidence
    right = predicted == scored.label

    def estimate(figure: object) -> Estimate:
        return by_article(figure, scored.articles, rounds)  # type: ignore[arg-type]

    out = {"macro_f1": estimate(lambda at: macro_f1(scored.label[at], predicted[at]))}
    for k, label in enumerate(LABELS):
        out[f"f1_{label}"] = estimate(
            lambda at, k=k: precision_recall_f1(confusion_table(scored.label[at], predicted[at]))[k, 2]
        )
    out["accuracy"] = estimate(lambda at: float(right[at].mean()))
    out["ece"] = estimate(lambda at: ece(confidence[at], right[at]))
    out["loading_kappa"] = estimate(lambda at: kappa(scored.grade[at], scored.predicted_grade[at], quadratic=True))
    if any(scored.predicted_mention):
        out["mention_f1"] = estimate(
            lambda at: mention_f1([scored.mention[i] for i in at], [scored.predicted_mention[i] for i in at])
        )
    return out
