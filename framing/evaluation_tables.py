"""An evaluation → the tables that its text, Markdown and HTML show alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from framing.evaluation import COMPARED, Comparison, Evaluation, Kept, Misreading
from framing.metrics import Estimate
from framing.schema import GRADES, LABELS, letter
from framing.slices import LEAST_ARTICLES, LEAST_SENTENCES, Slice

LABEL_NAMES = tuple(f"{letter(label)} {label.replace('_', ' ')}" for label in LABELS)
GRADE_NAMES = ("0 plain", "1 coloured", "2 propagandistic")
FIGURE_NAMES = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    **{f"f1_{label}": f"F1 {name}" for label, name in zip(LABELS, LABEL_NAMES, strict=True)},
    "ece": "calibration error",
    "loading_kappa": "loading, weighted kappa",
    "mention_f1": "source mentions, F1",
}


@dataclass(frozen=True)
class FigureTable:
    """A table under a title: the first column names, the others are figures; a note says how to read it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def number(value: float) -> str:
    """A figure, "–" where it could not be measured."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def _change(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:+.3f}"


def interval(found: Estimate) -> str:
    """A 95 % interval."""
    return "–" if math.isnan(found.low) else f"{found.low:.3f} to {found.high:.3f}"


def share(value: float) -> str:
    """A share in percent."""
    return "–" if math.isnan(value) else f"{value:.1%}"


def headline(evaluation: Evaluation) -> str:
    """The evaluation in one sentence."""
    data, macro = evaluation.data, evaluation.figures["macro_f1"]
    return (
        f"Macro-F1 {number(macro.value)} ({interval(macro)}) on {data.articles} articles, {data.sentences:,} sentences."
    )


def tables_of(evaluation: Evaluation) -> list[FigureTable]:
    """Every table of the report, in order."""
    found = [_overall(evaluation)]
    found += [_against(evaluation, comparison) for comparison in evaluation.comparisons]
    found += [
        _classes(evaluation, "Labels", LABELS, LABEL_NAMES),
        _confusion("Labels, gold against read", evaluation.confusion, LABEL_NAMES),
        _classes(evaluation, "Loading", [f"loading_{grade}" for grade in GRADES], GRADE_NAMES),
        _confusion("Loading, gold against read", evaluation.loading_confusion, GRADE_NAMES),
        _mentions(evaluation),
        _calibration(evaluation),
        _coverage(evaluation),
    ]
    return [*found, _slices(evaluation.slices)]


def _estimates(evaluation: Evaluation, names: Iterable[str]) -> Iterable[tuple[str, Estimate]]:
    return ((FIGURE_NAMES[name], evaluation.figures[name]) for name in names)


def _overall(evaluation: Evaluation) -> FigureTable:
    overall = [name for name in COMPARED if not name.startswith("f1_")]
    rows = [(name, number(e.value), interval(e), f"{e.n:,}") for name, e in _estimates(evaluation, overall)]
    return FigureTable("Overall", ("figure", "value", "95 % interval", "n"), tuple(rows))


def _against(evaluation: Evaluation, other: Comparison) -> FigureTable:
    rows = [
        (
            FIGURE_NAMES[name],
            number(evaluation.figures[name].value),
            number(other.figures[name].value),
            _change(other.differences[name].value),
            interval(other.differences[name]),
        )
        for name in COMPARED
    ]
    mine, theirs = evaluation.model, other.model
    named = theirs.name if theirs.name != mine.name else f"{theirs.name} {theirs.sha256[:8]}"
    head = ("figure", mine.name, named, "difference", "95 % interval")
    note = (
        f"p = {other.p_value:.3f} for the difference in macro-F1 (paired bootstrap over articles, two-sided, "
        f"{evaluation.run.rounds:,} draws). Seconds to predict: {evaluation.seconds:.1f} and {other.seconds:.1f}."
    )
    return FigureTable(f"Against {named}", head, tuple(rows), note)


def _classes(evaluation: Evaluation, title: str, keys: Sequence[str], names: Sequence[str]) -> FigureTable:
    rows = []
    for key, name in zip(keys, names, strict=True):
        precision, recall, f1 = (evaluation.figures[f"{measure}_{key}"] for measure in ("precision", "recall", "f1"))
        rows.append((name, *(f"{number(e.value)} ({interval(e)})" for e in (precision, recall, f1)), f"{f1.n:,}"))
    note = "In brackets 95 % intervals; n: sentences with this label." if title == "Labels" else ""
    return FigureTable(title, ("", "precision", "recall", "F1", "n"), tuple(rows), note)


def _confusion(title: str, table: Sequence[Sequence[int]], names: Sequence[str]) -> FigureTable:
    rows = [(name, *(f"{cell:,}" for cell in row), f"{sum(row):,}") for name, row in zip(names, table, strict=True)]
    return FigureTable(title, ("gold", *(f"read {name[0]}" for name in names), "n"), tuple(rows))


def _mentions(evaluation: Evaluation) -> FigureTable:
    found = [
        ("precision", "mention_precision"),
        ("recall", "mention_recall"),
        ("F1", "mention_f1"),
        ("F1, word for word", "mention_exact"),
    ]
    figures = [(name, evaluation.figures[key]) for name, key in found]
    hit, wrong, missed = evaluation.mentions
    note = (
        f"{hit:,} hit, {wrong:,} wrong, {missed:,} missed. A mention hits where it holds the gold one or lies in it; "
        "sources carried over from an earlier sentence do not count."
    )
    rows = tuple((name, number(e.value), interval(e), f"{e.n:,}") for name, e in figures)
    return FigureTable("Source mentions", ("figure", "value", "95 % interval", "n"), rows, note)


def _calibration(evaluation: Evaluation) -> FigureTable:
    rows = [
        (f"{b.low:.1f} to {b.high:.1f}", share(b.confidence), share(b.accuracy), f"{b.n:,}") for b in evaluation.bins
    ]
    error = evaluation.figures["ece"]
    note = f"Expected calibration error {number(error.value)} ({interval(error)})."
    return FigureTable("Calibration", ("confidence", "mean confidence", "right", "n"), tuple(rows), note)


def _coverage(evaluation: Evaluation) -> FigureTable:
    points = [kept for k, kept in enumerate(evaluation.coverage, 1) if k % 2 == 0 or k == len(evaluation.coverage)]
    rows = [_kept(f"{kept.threshold:.3f}", kept) for kept in points]
    own = evaluation.threshold
    rows.append(_kept(f"{own.threshold:.3f} (the model's)", own))
    note = "Where every label under the threshold is withheld: how many are kept, and how many of those are right."
    return FigureTable(
        "Accuracy against coverage", ("threshold", "kept", "right", "95 % interval", "n"), tuple(rows), note
    )


def _kept(name: str, kept: Kept) -> tuple[str, ...]:
    return name, share(kept.coverage), share(kept.accuracy.value), interval(kept.accuracy), f"{kept.accuracy.n:,}"


def shown_slices(slices: Iterable[Slice]) -> list[Slice]:
    """The slices large enough to read anything from."""
    return [part for part in slices if part.n >= LEAST_SENTENCES]


def _slices(slices: Sequence[Slice]) -> FigureTable:
    shown = shown_slices(slices)
    rows = [
        (
            f"{part.group}: {part.name}",
            number(part.macro_f1.value),
            interval(part.macro_f1),
            number(part.whole),
            number(part.accuracy.value),
            f"{part.articles:,}",
            f"{part.n:,}",
            "BELOW" if part.below else "",
        )
        for part in shown
    ]
    small, able = len(slices) - len(shown), sum(part.articles >= LEAST_ARTICLES for part in shown)
    note = (
        "Macro-F1 over the labels a slice has, against the whole's over the same labels. BELOW: the interval lies "
        f"under the whole; by chance alone about {able * 0.025:.0f} of {able} would. Without an interval: fewer than "
        f"{LEAST_ARTICLES} articles. {small} slices under {LEAST_SENTENCES} sentences are in the JSON."
    )
    head = ("slice", "macro-F1", "95 % interval", "whole", "accuracy", "articles", "n", "")
    return FigureTable("Slices", head, tuple(rows), note)


def misreading(found: Misreading) -> str:
    """What was misread where, without the sentence."""
    read = f"{letter(found.gold)} read as {letter(found.predicted)}, {found.confidence:.1%}"
    return f"{read}: {found.article}, sentence {found.index} {found.outlet}"


def facts(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Under what the figures came about."""
    model, data, run = evaluation.model, evaluation.data, evaluation.run
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    return [
        ("model", f"{model.name} {model.version}, SHA-256 {model.sha256}"),
        ("data", f"{data.name}, digest {data.sha256}"),
        ("intervals", f"95 %, {run.rounds:,} draws of whole articles, seed {run.seed}"),
        (
            "time",
            f"{evaluation.seconds:.1f} s to predict, {run.seconds:.1f} s in all, {run.cores} cores, {run.machine}",
        ),
        ("versions", versions),
        ("date", run.date),
    ]
