"""Predictions and gold → scores with intervals, agreement and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROUNDS = 1000  # resamples behind an interval
CLASSES = 3  # there are three labels, and three grades
BINS = 10  # equal ones of confidence


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the 95 % interval of it by resampling whole articles, and the sentences it rests on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n={self.n})"


def confusion(gold: Labels, predicted: Labels) -> NDArray[np.int64]:
    """Counts of shape (CLASSES, CLASSES): gold in rows, predicted in columns."""
    table = np.zeros((CLASSES, CLASSES), dtype=np.int64)
    np.add.at(table, (gold, predicted), 1)
    return table


def pairs(gold: Labels, predicted: Labels) -> Array:
    """What each of n sentences adds to the confusion table, shape (n, CLASSES, CLASSES)."""
    out = np.zeros((len(gold), CLASSES, CLASSES))
    out[np.arange(len(gold)), gold, predicted] = 1
    return out


def precision_recall_f1(table: NDArray[Any]) -> Array:
    """Precision, recall and F1 of each class, (..., classes, 3), of tables (..., classes, classes); 0 for no hit."""
    hits = np.diagonal(table, axis1=-2, axis2=-1).astype(float)
    predicted, gold = table.sum(-2), table.sum(-1)
    precision = np.divide(hits, predicted, out=np.zeros_like(hits), where=predicted > 0)
    recall = np.divide(hits, gold, out=np.zeros_like(hits), where=gold > 0)
    f1 = np.divide(2 * hits, predicted + gold, out=np.zeros_like(hits), where=predicted + gold > 0)
    return np.stack([precision, recall, f1], axis=-1)


def macro_f1(gold: Labels, predicted: Labels) -> float:
    """Mean F1 of the three labels."""
    return float(precision_recall_f1(confusion(gold, predicted))[:, 2].mean())


def kappa(first: Labels, second: Labels, quadratic: bool = False) -> float:
    """Cohen's kappa of two readings; quadratically weighted for grades (Cohen 1960, 1968)."""
    return float(kappa_of(confusion(first, second).astype(float), quadratic))


def kappa_of(table: Array, quadratic: bool = False) -> Array:
    """Kappa of confusion tables (..., classes, classes); not a number where chance alone explains everything."""
    grid = np.arange(table.shape[-1])
    cost = (grid[:, None] - grid[None]) ** 2 if quadratic else (grid[:, None] != grid[None])
    total = np.maximum(table.sum((-2, -1)), 1)
    chance = (table.sum(-1)[..., :, None] * table.sum(-2)[..., None, :] * cost).sum((-2, -1)) / total
    found = (table * cost).sum((-2, -1))
    ratio: Array = np.divide(found, chance, out=np.full_like(chance, np.nan), where=chance > 0)
    return 1 - ratio


def mention_counts(gold: Sequence[str], found: Sequence[str]) -> tuple[int, int, int]:
    """True positives, false positives and misses of source mentions; one inside the other counts as found."""
    hit, wrong, missed = mention_hits(gold, found).sum(0).astype(int).tolist()
    return hit, wrong, missed


def mention_hits(gold: Sequence[str], found: Sequence[str], exact: bool = False) -> Array:
    """For each of n sentences whether its mention is hit, wrongly found, missed; shape (n, 3).

    It hits where one lies in the other as text, wherever that stands, with `exact` where both are the same words.
    A wrong mention where there is another one is both wrong and a miss.
    """
    hits = [bool(g and f and (g == f if exact else g in f or f in g)) for g, f in zip(gold, found, strict=True)]
    rows = [(h, bool(f) and not h, bool(g) and not h) for h, g, f in zip(hits, gold, found, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def mention_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """F1 of source mentions, as mention_hits counts; 0 where none is hit."""
    hit, wrong, missed = mention_counts(gold, found)
    return 2 * hit / (2 * hit + wrong + missed) if hit else 0.0


def bin_sums(confidence: Array, correct: Flags) -> Array:
    """What each of n sentences adds to its bin: confidence, whether it is right, 1; shape (n, BINS, 3)."""
    index = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    out = np.zeros((len(confidence), BINS, 3))
    out[np.arange(len(confidence)), index] = np.stack([confidence, correct, np.ones(len(confidence))], axis=1)
    return out


def calibration_bins(confidence: Array, correct: Flags) -> Array:
    """Mean confidence, accuracy and count of each bin, shape (BINS, 3)."""
    sums = bin_sums(confidence, correct).sum(0)
    count = sums[:, 2:]
    means = np.divide(sums[:, :2], count, out=np.zeros((BINS, 2)), where=count > 0)
    return np.concatenate([means, count], axis=1)


def ece_of(sums: Array) -> Array:
    """Expected calibration error of the top label (Guo et al. 2017) from summed bins (..., bins, 3)."""
    gaps: Array = np.abs(sums[..., 0] - sums[..., 1]).sum(-1) / np.maximum(sums[..., 2].sum(-1), 1)
    return gaps


def scaled(logits: NDArray[np.floating[Any]], temperature: float, offsets: Sequence[float]) -> Array:
    """Calibrated probabilities: a temperature for all classes and an offset for each (Guo et al. 2017)."""
    return softmax(np.asarray(logits, dtype=np.float64) / temperature + np.asarray(offsets))


def sigmoid(logits: Array) -> Array:
    """The probability behind each logit."""
    shares: Array = 1 / (1 + np.exp(-logits))
    return shares


def softmax(logits: Array) -> Array:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    shares: Array = shifted / shifted.sum(-1, keepdims=True)
    return shares


class Resampling:
    """Draws of whole articles with replacement, the same for every figure, so that figures compare draw by draw.

    Every figure here is a function of counts that add up over sentences, so a draw is a weighted sum
    of the articles' counts and a thousand draws are one product of matrices.
    """

    def __init__(self, articles: Sequence[object], rounds: int = ROUNDS, seed: int = 0) -> None:
        """`articles` names each sentence's article, (n,)."""
        names = {name: number for number, name in enumerate(dict.fromkeys(articles))}
        self.article = np.array([names[name] for name in articles], dtype=np.int64)
        drawn = np.random.default_rng(seed).integers(0, len(names), (rounds, len(names)))
        counts = [np.bincount(row, minlength=len(names)) for row in drawn]
        self.times = np.array(counts, dtype=np.float64).reshape(rounds, len(names))

    def totals(self, counts: NDArray[Any]) -> Array:
        """Sums of the sentences' counts (n, ...): over all sentences, then in each draw, (1 + rounds, ...)."""
        flat = counts.reshape(len(counts), -1)
        sums = np.zeros((self.times.shape[1], flat.shape[1]))
        np.add.at(sums, self.article, flat)
        every = np.concatenate([flat.sum(0)[None], self.times @ sums])
        return every.reshape(-1, *counts.shape[1:])


def estimate(values: Array, n: int) -> Estimate:
    """A figure of the whole followed by that of every draw, (1 + rounds,) → the figure with its 95 % interval."""
    drawn = values[1:][~np.isnan(values[1:])]
    low, high = np.percentile(drawn, [2.5, 97.5]) if len(drawn) else (np.nan, np.nan)
    return Estimate(float(values[0]), float(low), float(high), n)


def paired_p(first: Array, second: Array) -> float:
    """How often chance alone makes two models differ as much as they do: the paired bootstrap, two-sided.

    Both are figures of the whole followed by those of the same draws of articles, (1 + rounds,). The
    draws' differences are shifted to mean no difference (Efron and Tibshirani 1993, chapter 16;
    Berg-Kirkpatrick et al. 2012, "An Empirical Investigation of Statistical Significance in NLP").
    """
    difference = first - second
    extreme = np.abs(difference[1:] - difference[0]) >= abs(difference[0]) - 1e-12
    return float((1 + extreme.sum()) / (1 + len(extreme)))
