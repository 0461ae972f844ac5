"""Predictions and gold → scores with intervals, agreement and calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

ROUNDS = 1000  # resamples behind an interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the 95 % interval of it by resampling whole articles, and the sentences it rests on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] (n={self.n})"


def confusion(gold: Labels, predicted: Labels, classes: int = 3) -> NDArray[np.int64]:
    """Counts of shape (classes, classes): gold in rows, predicted in columns."""
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (gold, predicted), 1)
    return table


def precision_recall_f1(table: NDArray[np.int64]) -> Array:
    """Precision, recall and F1 of each class, shape (classes, 3); 0 where a class has no hit."""
    hits = np.diag(table).astype(float)
    predicted, gold = table.sum(0), table.sum(1)
    precision = np.divide(hits, predicted, out=np.zeros_like(hits), where=predicted > 0)
    recall = np.divide(hits, gold, out=np.zeros_like(hits), where=gold > 0)
    f1 = np.divide(2 * hits, predicted + gold, out=np.zeros_like(hits), where=predicted + gold > 0)
    return np.stack([precision, recall, f1], axis=1)


def macro_f1(gold: Labels, predicted: Labels) -> float:
    """Mean F1 of the three labels."""
    return float(precision_recall_f1(confusion(gold, predicted))[:, 2].mean())


def kappa(first: Labels, second: Labels, classes: int = 3, quadratic: bool = False) -> float:
    """Cohen's kappa of two readings; quadratically weighted for grades (Cohen 1960, 1968)."""
    table = confusion(first, second, classes) / max(1, len(first))
    grid = np.arange(classes)
    cost = (grid[:, None] - grid[None]) ** 2 if quadratic else (grid[:, None] != grid[None])
    chance = float((np.outer(table.sum(1), table.sum(0)) * cost).sum())
    return 1 - float((table * cost).sum()) / chance if chance else float("nan")


def calibration_bins(confidence: Array, correct: NDArray[np.bool_], bins: int = 10) -> Array:
    """Mean confidence, accuracy and count of each of `bins` equal bins, shape (bins, 3)."""
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(index, minlength=bins).astype(float)
    sums = np.bincount(index, confidence, bins), np.bincount(index, correct.astype(float), bins)
    means = [np.divide(s, count, out=np.zeros(bins), where=count > 0) for s in sums]
    return np.stack([*means, count], axis=1)


def ece(confidence: Array, correct: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error of the top label (Guo et al. 2017), equal-width bins."""
    table = calibration_bins(confidence, correct, bins)
    return float((np.abs(table[:, 0] - table[:, 1]) * table[:, 2]).sum() / max(1, len(confidence)))


def scaled(logits: NDArray[np.floating[Any]], temperature: float, offsets: Sequence[float]) -> Array:
    """Calibrated probabilities: a temperature for all classes and an offset for each (Guo et al. 2017)."""
    return softmax(np.asarray(logits, dtype=np.float64) / temperature + np.asarray(offsets))


def softmax(logits: Array) -> Array:
    """Softmax over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    shares: Array = shifted / shifted.sum(-1, keepdims=True)
    return shares


def by_article(
    figure: Callable[[Labels], float], groups: Sequence[object], rounds: int = ROUNDS, seed: int = 0
) -> Estimate:
    """Estimate a figure with its interval by resampling articles.

    `figure` takes sentence positions (with repeats) and returns the figure; `groups` names each
    sentence's article.
    """
    positions: dict[object, list[int]] = {}
    for position, group in enumerate(groups):
        positions.setdefault(group, []).append(position)
    blocks = [np.array(block, dtype=np.int64) for block in positions.values()]
    everything = np.arange(len(groups), dtype=np.int64)
    rng = np.random.default_rng(seed)
    drawn = [
        figure(np.concatenate([blocks[i] for i in rng.integers(0, len(blocks), len(blocks))])) for _ in range(rounds)
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Estimate(figure(everything), float(low), float(high), len(groups))
