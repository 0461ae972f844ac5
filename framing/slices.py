"""Parts of a labelled set that may go worse than the whole: by outlet, country, genre, kind, length, place."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from framing.document import Document
from framing.metrics import Array, Estimate, Flags, Labels, Resampling, estimate, pairs, precision_recall_f1
from framing.records import LabelledArticle
from framing.schema import Sentence

LEAST_SENTENCES = 20  # a slice of fewer is shown but never flagged
LEAST_ARTICLES = 5  # resampling fewer articles gives no interval worth the name: not a number there
QUOTED = 0.5  # a sentence with more than this share of it inside quotation marks is quoted
_LENGTHS = ((9, "under 10 words"), (19, "10 to 19 words"), (29, "20 to 29 words"))
_PLACES = ((1, "first"), (5, "2 to 5"), (15, "6 to 15"))


@dataclass(frozen=True)
class Slice:
    """The sentences that share a value of a group, e.g. group "country", name "RU".

    Macro-F1 is over the labels the slice has, and so is `whole`, the figure of all sentences that it
    is held against. `below`: at least LEAST_SENTENCES of LEAST_ARTICLES, and the interval lies under `whole`.
    """

    group: str
    name: str
    articles: int
    macro_f1: Estimate
    accuracy: Estimate
    whole: float
    below: bool

    @property
    def n(self) -> int:
        """Its sentences."""
        return self.macro_f1.n


def facets(labelled: LabelledArticle, document: Document, seen: Set[str] | None) -> list[dict[str, str]]:
    """What each sentence of an article falls under, group by group; `seen` are the outlets train names, if known."""
    shared: dict[str, str] = {"outlet class": document.outlet_class}
    if seen is not None:
        shared["outlet"] = "named in train" if labelled.outlet in seen else "not named in train"
    shared |= {"country": _named(labelled.country), "genre": _named(labelled.genre)}
    rows = []
    for place, (sentence, run) in enumerate(zip(document.sentences, quotation_runs(document), strict=True), 1):
        own = {
            "kind": sentence.kind,
            "length": _range(len(sentence.text.split()), _LENGTHS, "30 words or more"),
            "quotation run": f"{run}" if run < 2 else "2 or more",
            "position": _range(place, _PLACES, "16 or later"),
        }
        rows.append(shared | own)
    return rows


def _named(value: str) -> str:
    return "none" if value in ("", "-") else value


def _range(number: int, steps: Sequence[tuple[int, str]], last: str) -> str:
    return next((name for limit, name in steps if number <= limit), last)


def quotation_runs(document: Document) -> list[int]:
    """For each sentence how many in a row, it included, have stood inside quotation marks so far; 0 for none."""
    runs, run = [], 0
    for sentence in document.sentences:
        run = run + 1 if _quoted(document, sentence) else 0
        runs.append(run)
    return runs


def _quoted(document: Document, sentence: Sentence) -> bool:
    return document.quotations.share(sentence.start, sentence.end) > QUOTED


def measure(
    rows: Sequence[dict[str, str]], gold: Labels, predicted: Labels, resampling: Resampling
) -> tuple[Slice, ...]:
    """The slices of n sentences, group by group, the largest first; groups with a single value are left out."""
    each = pairs(gold, predicted)
    whole = precision_recall_f1(each.sum(0))[:, 2]
    out: list[Slice] = []
    for group in dict.fromkeys(key for row in rows for key in row):
        values = np.array([row.get(group, "") for row in rows])
        names = [name for name in dict.fromkeys(values.tolist()) if name]
        found = [_slice(group, name, values == name, each, resampling, whole) for name in names]
        if len(found) > 1:
            out += sorted(found, key=lambda part: -part.n)
    return tuple(out)


def _slice(
    group: str, name: str, inside: Flags, each: Array, resampling: Resampling,
    whole: Array,
) -> Slice:  # fmt: skip
    tables = resampling.totals(each * inside[:, None, None])
    present = tables[0].sum(1) > 0  # labels the slice has
    n, articles = int(inside.sum()), len(np.unique(resampling.article[inside]))
    total = tables.sum((-2, -1))
    right = np.trace(tables, axis1=-2, axis2=-1)
    both = [mean_f1(tables, present), np.divide(right, total, out=np.full_like(right, np.nan), where=total > 0)]
    macro, accuracy = (estimate(values if articles >= LEAST_ARTICLES else values[:1], n) for values in both)
    reference = float(whole[present].mean())
    below = n >= LEAST_SENTENCES and articles >= LEAST_ARTICLES and macro.high < reference
    return Slice(group, name, articles, macro, accuracy, reference, below)


def mean_f1(tables: Array, present: Flags) -> Array:
    """Mean F1, (...), over some labels of tables (..., 3, 3); a label a draw has none of is left out of that draw."""
    f1 = precision_recall_f1(tables)[..., 2]
    counted = present & ((tables.sum(-1) + tables.sum(-2)) > 0)
    number = counted.sum(-1)
    mean: Array = np.divide((f1 * counted).sum(-1), number, out=np.full(number.shape, np.nan), where=number > 0)
    return mean
