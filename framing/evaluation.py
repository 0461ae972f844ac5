"""A model and labelled articles → one record of how good it is; framing.evaluation_text and _page show it."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from framing import dataset
from framing.document import Classifier
from framing.machine import cores
from framing.metrics import (
    BINS,
    ROUNDS,
    Array,
    Estimate,
    Resampling,
    calibration_bins,
    confusion,
    estimate,
    mention_counts,
    paired_p,
)
from framing.schema import GRADES, LABELS, Label, ModelInfo
from framing.scoring import Drawn, Gold, Scored, draw, score
from framing.slices import Slice, measure

MISREADINGS = 30
STEPS = 20  # of coverage, from the surest labels to all
FIGURES = (  # every figure, by the name gates and files use
    *("macro_f1", "accuracy", "ece", "loading_kappa"),
    *(f"{measure}_{label}" for label in LABELS for measure in ("precision", "recall", "f1")),
    *(f"{measure}_loading_{grade}" for grade in GRADES for measure in ("precision", "recall", "f1")),
    *(f"mention_{measure}" for measure in ("precision", "recall", "f1", "exact")),
)
COMPARED = ("macro_f1", "accuracy", *(f"f1_{label}" for label in LABELS), "ece", "loading_kappa", "mention_f1")
SMALLER_IS_BETTER = ("ece",)
PACKAGES = ("framing", "numpy", "scikit-learn", "onnxruntime", "tokenizers")

Confusion = tuple[tuple[int, ...], ...]  # gold in rows, predicted in columns


@dataclass(frozen=True)
class Bin:
    """Labels whose confidence lies in (low, high]: their mean confidence and how many of them are right."""

    low: float
    high: float
    confidence: float
    accuracy: float
    n: int


@dataclass(frozen=True)
class Kept:
    """What is left where every label under a confidence is withheld: its share of all, and how much of it is right."""

    threshold: float
    coverage: float
    accuracy: Estimate


@dataclass(frozen=True)
class Misreading:
    """A wrong label, by article and sentence (from 0); the texts only where they may be shown."""

    article: str
    outlet: str
    index: int
    gold: Label
    predicted: Label
    confidence: float
    text: str | None = None
    before: str | None = None  # the sentence before; None at the start
    after: str | None = None


@dataclass(frozen=True)
class Comparison:
    """Another model on the same sentences; a difference is the evaluated model's figure less the other's."""

    model: ModelInfo
    figures: dict[str, Estimate]  # of the other model, by the names of COMPARED
    differences: dict[str, Estimate]
    p_value: float  # of the difference in macro-F1, paired bootstrap over articles, two-sided
    seconds: float  # of predicting


@dataclass(frozen=True)
class Measured:
    """What was measured on."""

    name: str
    articles: int
    sentences: int  # with a label
    sha256: str  # framing.dataset.digest


@dataclass(frozen=True)
class Check:
    """A gate and how it went; `told` says by how much."""

    figure: str
    value: float
    limit: float
    passed: bool
    told: str


@dataclass(frozen=True)
class Run:
    """Under what the figures came about."""

    date: str  # UTC, ISO 8601
    versions: dict[str, str]
    machine: str
    cores: int
    rounds: int  # draws of articles behind an interval
    seed: int
    seconds: float  # of everything from the first prediction to the record


@dataclass(frozen=True)
class Evaluation:
    """A model on a labelled set; every interval is of 95 % by resampling whole articles."""

    model: ModelInfo
    data: Measured
    figures: dict[str, Estimate]  # framing.scoring.draw names them
    confusion: Confusion
    loading_confusion: Confusion
    mentions: tuple[int, int, int]  # hit, wrong, missed
    bins: tuple[Bin, ...]
    threshold: Kept  # at the model's own abstention threshold
    coverage: tuple[Kept, ...]  # from the surest labels to all
    slices: tuple[Slice, ...]
    misreadings: tuple[Misreading, ...]
    comparisons: tuple[Comparison, ...]
    seconds: float  # of predicting
    run: Run
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Plan:
    """How to evaluate: the set's name, whether its sentences may be shown, resampling, what else to say."""

    name: str
    texts: bool = True
    rounds: int = ROUNDS
    seed: int = 0
    notes: tuple[str, ...] = ()


def evaluate(gold: Gold, classifier: Classifier, others: Sequence[Classifier], plan: Plan) -> Evaluation:
    """Measure a classifier on labelled articles, beside others that read the same articles."""
    began = time.perf_counter()
    resampling = Resampling(gold.names, plan.rounds, plan.seed)
    scored = score(classifier, gold)
    drawn = draw(gold, scored, resampling)
    comparisons = tuple(compare(drawn, score(other, gold), gold, resampling) for other in others)
    return Evaluation(
        model=scored.model,
        data=Measured(plan.name, len(gold.articles), len(gold.at), dataset.digest(gold.articles)),
        figures={name: estimate(d.values, d.n) for name, d in drawn.items()},
        confusion=_table(confusion(gold.label, scored.predicted)),
        loading_confusion=_table(confusion(gold.grade, scored.grade)),
        mentions=mention_counts(gold.mention, scored.mention),
        bins=reliability(scored, gold),
        threshold=kept(scored, gold, resampling, scored.threshold),
        coverage=coverage(scored, gold, resampling),
        slices=measure(gold.facets, gold.label, scored.predicted, resampling),
        misreadings=misreadings(scored, gold, plan.texts),
        comparisons=comparisons,
        seconds=scored.seconds,
        run=_run(plan, time.perf_counter() - began),
        notes=(*plan.notes, *_warnings(gold)),
    )


def figures(classifier: Classifier, gold: Gold, rounds: int = ROUNDS) -> dict[str, Estimate]:
    """The figures alone, by name, with their intervals."""
    drawn = draw(gold, score(classifier, gold), Resampling(gold.names, rounds))
    return {name: estimate(d.values, d.n) for name, d in drawn.items()}


def _warnings(gold: Gold) -> list[str]:
    lacking = [label for k, label in enumerate(LABELS) if not (gold.label == k).any()]
    found = [f"No sentence here is labelled {label}: its F1 counts as 0 in macro-F1." for label in lacking]
    if len(gold.articles) < 10:
        found.append(f"Only {len(gold.articles)} articles: the intervals are rough.")
    return found


def _table(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Confusion:
    return tuple(tuple(int(cell) for cell in row) for row in counts)


def _run(plan: Plan, seconds: float) -> Run:
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue  # run from a checkout that is not installed
    now = datetime.now(UTC).isoformat(timespec="seconds")
    machine = f"{platform.system()} {platform.machine()}"
    return Run(now, versions, machine, cores(), plan.rounds, plan.seed, round(seconds, 2))


def compare(drawn: dict[str, Drawn], other: Scored, gold: Gold, resampling: Resampling) -> Comparison:
    """Set a model's figures against another's, draw by draw."""
    theirs = draw(gold, other, resampling)
    differences = {name: estimate(drawn[name].values - theirs[name].values, theirs[name].n) for name in COMPARED}
    return Comparison(
        other.model,
        {name: estimate(theirs[name].values, theirs[name].n) for name in COMPARED},
        differences,
        paired_p(drawn["macro_f1"].values, theirs["macro_f1"].values),
        other.seconds,
    )


def reliability(scored: Scored, gold: Gold) -> tuple[Bin, ...]:
    """Confidence against accuracy in equal bins; empty ones are left out."""
    table = calibration_bins(scored.confidence, scored.predicted == gold.label)
    return tuple(
        Bin(k / BINS, (k + 1) / BINS, float(confidence), float(right), int(n))
        for k, (confidence, right, n) in enumerate(table)
        if n
    )


def kept(scored: Scored, gold: Gold, resampling: Resampling, threshold: float) -> Kept:
    """Accuracy and coverage of the labels at or above a confidence."""
    sure = scored.confidence >= threshold
    right = sure & (scored.predicted == gold.label)
    totals = resampling.totals(np.stack([sure, right], axis=1).astype(np.float64))
    accuracy: Array = np.divide(
        totals[:, 1], totals[:, 0], out=np.full(len(totals), np.nan), where=totals[:, 0] > 0
    )  # fmt: skip
    return Kept(float(threshold), float(sure.mean()), estimate(accuracy, int(sure.sum())))


def coverage(scored: Scored, gold: Gold, resampling: Resampling) -> tuple[Kept, ...]:
    """Accuracy where the surest 5 %, 10 %, … of labels are kept; a confidence several share is kept whole."""
    ordered = np.sort(scored.confidence)[::-1]
    counts = [max(1, round(len(ordered) * step / STEPS)) for step in range(1, STEPS + 1)]
    thresholds = dict.fromkeys(float(ordered[count - 1]) for count in counts)
    return tuple(kept(scored, gold, resampling, threshold) for threshold in thresholds)


def misreadings(scored: Scored, gold: Gold, texts: bool) -> tuple[Misreading, ...]:
    """The wrong labels the model was surest of, surest first."""
    wrong = np.flatnonzero(scored.predicted != gold.label)
    surest = sorted(wrong.tolist(), key=lambda i: -scored.confidence[i])[:MISREADINGS]
    return tuple(_misreading(scored, gold, i, texts) for i in surest)


def _misreading(scored: Scored, gold: Gold, i: int, texts: bool) -> Misreading:
    number, index = gold.at[i]
    labelled, sentences = gold.articles[number], gold.documents[number].sentences

    def text(at: int) -> str | None:
        return sentences[at].text if texts and 0 <= at < len(sentences) else None

    return Misreading(
        labelled.id, labelled.outlet, index, LABELS[gold.label[i]], LABELS[scored.predicted[i]],
        float(scored.confidence[i]), text(index), text(index - 1), text(index + 1),
    )  # fmt: skip
