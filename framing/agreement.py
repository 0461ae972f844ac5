"""Two annotators' labels of the same articles → how far they agree, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from framing.line_format import describe
from framing.merging import combine
from framing.metrics import kappa, mention_f1
from framing.records import LabelledArticle, LabelledSentence
from framing.schema import FramingError
from framing.terminal import clean

Pair = tuple[LabelledSentence, LabelledSentence]


class Dispute(NamedTuple):
    """A sentence that two annotators read differently, a row of the table."""

    article: str
    line: str
    differs: str  # "label+grade"
    first: str
    second: str
    where_first: str
    where_second: str
    text: str


@dataclass
class Agreement:
    """What two annotators both labelled, and what only one did (by file and line)."""

    pairs: list[Pair] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    only: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    @property
    def label_kappa(self) -> float:
        """Cohen's kappa of the labels; not a number where there is but one."""
        first, second = (np.array([pair[side].label for pair in self.pairs]) for side in (0, 1))
        return kappa(first, second)

    @property
    def grade_kappa(self) -> float:
        """Quadratically weighted kappa of the grades."""
        first, second = (np.array([pair[side].grade for pair in self.pairs]) for side in (0, 1))
        return kappa(first, second, quadratic=True)

    @property
    def mention_f1(self) -> float:
        """F1 of the source mentions, one within the other; not a number where nobody marked one."""
        first, second = ([pair[side].mentioned for pair in self.pairs] for side in (0, 1))
        return mention_f1(first, second) if any(first) or any(second) else float("nan")


def compare(first: Sequence[LabelledArticle], second: Sequence[LabelledArticle]) -> Agreement:
    """Lay two annotators' articles side by side, by id and sentence.

    Raises FramingError where they share no labelled sentence, or one has an article twice.
    """
    found = Agreement()
    sides = {article.id: article for article in combine(first)}, {article.id: article for article in combine(second)}
    for here, (own, others) in enumerate((sides, sides[::-1])):
        found.only[here].extend(
            f"{article.file}:{article.line} article {name}" for name, article in own.items() if name not in others
        )
    for name, article in sides[0].items():
        if name in sides[1]:
            _compare(found, article, sides[1][name])
    if not found.pairs:
        raise FramingError("the two files share no sentence that both label")
    return found


def _compare(found: Agreement, first: LabelledArticle, second: LabelledArticle) -> None:
    rows = dict(_keyed(first)), dict(_keyed(second))
    for key, (index, one) in rows[0].items():
        _, other = rows[1].get(key, (0, None))
        where = f"{first.file}:{one.line}"
        if other is None or other.label is None:
            if one.label is not None:
                found.only[0].append(f"{where} article {first.id} line {index}")
            continue
        where_other = f"{second.file}:{other.line}"
        if one.label is None:
            found.only[1].append(f"{where_other} article {first.id} line {index}")
            continue
        found.pairs.append((one, other))
        differs = [name for name in ("label", "grade", "mention") if getattr(one, name) != getattr(other, name)]
        if differs:
            read = describe(one), describe(other)
            found.disputes.append(Dispute(first.id, str(index), "+".join(differs), *read, where, where_other, one.text))
    found.only[1].extend(
        f"{second.file}:{row.line} article {first.id} line {index}"
        for key, (index, row) in rows[1].items()
        if key not in rows[0] and row.label is not None
    )


def _keyed(article: LabelledArticle) -> Iterator[tuple[tuple[str, int], tuple[int, LabelledSentence]]]:
    """Lines by their text and how often it stood before, so that a line more elsewhere does not matter."""
    seen: Counter[str] = Counter()
    for index, row in enumerate(article.sentences):
        yield (row.text, seen[row.text]), (index, row)
        seen[row.text] += 1


def to_text(found: Agreement, names: tuple[str, str]) -> str:
    """Figures, what only one file has, and the disputes, to be read."""
    lines = [
        f"{len(found.pairs):,} sentences labelled by both",
        f"label    kappa {_figure(found.label_kappa)}",
        f"grade    weighted kappa {_figure(found.grade_kappa)}",
        f"source   F1 {_figure(found.mention_f1)}",
    ]
    for name, only in zip(names, found.only, strict=True):
        lines += [f"only in {name}: {len(only):,}", *(f"  {clean(place)}" for place in only)]
    lines.append(f"{len(found.disputes):,} disputes")
    for d in (Dispute(*map(clean, dispute)) for dispute in found.disputes):
        where = f"{d.where_first} {d.where_second} article {d.article} line {d.line}"
        lines += [f"{where}, {d.differs}: {d.first} | {d.second}", f"    {d.text}"]
    return "\n".join(lines) + "\n"


def to_tsv(found: Agreement) -> str:
    """The disputes as a table, separated by tabs."""
    rows = [Dispute._fields, *found.disputes]
    return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)


def _figure(value: float) -> str:
    return "undefined" if np.isnan(value) else f"{value:.3f}"
