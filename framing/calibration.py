"""Raw outputs on a development set → what turns raw outputs into predictions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from framing.metrics import Array, Flags, Labels, kappa, mention_f1, scaled, sigmoid, softmax
from framing.records import LabelledSentence
from framing.transformer import Calibration, Raw

# The share of labels that should be right among those not marked uncertain: models are chosen by the set it is fitted
# on, and 0.965 there is 0.95 on articles that nothing was chosen by (data/README.md, `news-held`).
KEPT_RIGHT = 0.965
PENALTY = 0.002  # of the squares of what scales logits: it tells where a class has a handful of sentences, else not
MOST_UNCERTAIN = 0.2  # but no more than this share is marked
BY_CHANCE = 0.005  # of F1 of source mentions: what a few hundred sentences cannot tell apart


def calibrate(raws: Sequence[Raw], rows: Sequence[LabelledSentence]) -> Calibration:
    """Fit temperature, abstention threshold, grade cuts and mention margin on labelled sentences."""
    label = np.array([row.label for row in rows])
    logits = np.array([raw.logits for raw in raws], dtype=np.float64)
    temperature, offsets = fit_scaling(logits, label)
    scores = scaled(logits, temperature, offsets)
    right = scores.argmax(1) == label
    loading = sigmoid(np.array([raw.loading for raw in raws], dtype=np.float64))
    grade = np.array([row.grade for row in rows])
    return Calibration(
        temperature,
        offsets,
        abstention(scores.max(1), right),
        grade_cuts(loading, grade),
        mention_margin(raws, rows),
    )


def fit_scaling(logits: Array, gold: Labels) -> tuple[float, tuple[float, float, float]]:
    """Temperature and class offsets of least negative log likelihood; logits (n, 3).

    The offsets take the prior of the training text, half of it written for the purpose, to that of
    real news; PENALTY keeps them and the temperature's logarithm near zero.
    """
    from scipy.optimize import minimize  # comes with scikit-learn; serving does not need it

    def cost(at: Array) -> float:
        scores = softmax(logits * np.exp(at[0]) + np.array([at[1], at[2], 0.0]))
        return float(-np.log(scores[np.arange(len(gold)), gold] + 1e-12).mean() + PENALTY * (at**2).sum())

    found = minimize(cost, np.zeros(3)).x
    centred = np.array([found[1], found[2], 0.0])
    centred -= centred.mean()
    a, b, c = (round(float(offset), 4) for offset in centred)
    return round(float(np.exp(-found[0])), 4), (a, b, c)


def abstention(confidence: Array, right: Flags) -> float:
    """The lowest confidence from which KEPT_RIGHT of the labels are right; confidence and right (n,).

    Where that would mark more than MOST_UNCERTAIN of them uncertain, the one that marks about so many.
    """
    for threshold in np.arange(0.34, 1.0, 0.01):
        kept = confidence >= threshold
        if (~kept).mean() > MOST_UNCERTAIN:
            break
        if right[kept].mean() >= KEPT_RIGHT:
            return round(float(threshold), 2)
    return round(float(np.quantile(confidence, MOST_UNCERTAIN)), 2)


def grade_cuts(at_least: Array, grade: Labels) -> tuple[float, float]:
    """The probabilities of grade ≥ 1 and ≥ 2 from which to give that grade, for the best weighted kappa."""
    cuts = np.arange(0.2, 0.71, 0.05)

    def agreement(pair: tuple[float, float]) -> float:
        given = np.where(at_least[:, 1] >= pair[1], 2, (at_least[:, 0] >= pair[0]).astype(int))
        return kappa(grade, given.astype(np.int64), quadratic=True)

    first, second = max(product(cuts, cuts), key=agreement)
    return round(float(first), 2), round(float(second), 2)


def mention_margin(raws: Sequence[Raw], rows: Sequence[LabelledSentence]) -> float:
    """The margin from which to report a source mention: near the best F1 (framing.metrics.mention_f1), nearest to 0.

    Over margins the F1 of a few hundred sentences goes up and down by chance; 0 is what training aims at.
    """
    gold = [row.mentioned for row in rows]

    def f1(margin: float) -> float:
        pairs = zip(raws, rows, strict=True)
        found = [r.text[slice(*raw.span)] if raw.span and raw.margin >= margin else "" for raw, r in pairs]
        return mention_f1(gold, found)

    reached = {float(margin): f1(margin) for margin in np.arange(-4.0, 4.1, 0.5)}
    near = [margin for margin, value in reached.items() if value >= max(reached.values()) - BY_CHANCE]
    return min(near, key=abs)
