"""Annotated → text for the terminal, CSV, JSON and JSON lines by the output contract."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from framing.schema import LABELS, SCHEMA_VERSION, Annotated, Sentence, Source, Tagged, Term, letter
from framing.terminal import WIDTH, clean

GUTTER = 12
_STYLES = dict(zip(LABELS, ("red", "cyan", "yellow"), strict=True))


def to_json(annotated: Annotated) -> dict[str, Any]:
    """The output contract, version 1, as a JSON object (README, "Output")."""
    article, summary = annotated.article, annotated.summary
    return {
        "schema": SCHEMA_VERSION,
        "model": {
            "name": annotated.model.name,
            "version": annotated.model.version,
            "sha256": annotated.model.sha256,
        },
        "article": {
            "path": article.path,
            "title": article.title,
            "outlet": article.outlet,
            "outlet_class": annotated.outlet_class,
            "date": article.date,
            "language": article.language,
        },
        "sentences": [_sentence(tagged) for tagged in annotated.sentences],
        "skipped": [{"start": s.start, "end": s.end, "kind": s.kind, "text": s.text} for s in annotated.skipped],
        "summary": {
            "sentences": summary.sentences,
            "shares": {label: _round(share) for label, share in summary.shares.items()},
            "loading": {
                "mean": _round(summary.loading_mean),
                "adopted": _round(summary.loading_adopted),
                "quoted": _round(summary.loading_quoted),
            },
            "sources": [{"entity": s.entity, "class": s.cls, "sentences": s.sentences} for s in summary.sources],
            "reliance": {name: _round(share) for name, share in summary.reliance.items()},
            "notes": list(summary.notes),
        },
    }


def _sentence(tagged: Tagged) -> dict[str, Any]:
    sentence = tagged.sentence
    scores = dict(zip(LABELS, _shares(tagged.scores), strict=True))
    return {
        "index": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "kind": sentence.kind,
        "text": sentence.text,
        "label": tagged.label,
        "scores": scores,
        "confidence": scores[tagged.label],
        "uncertain": tagged.uncertain,
        "loading": {
            "grade": tagged.loading.grade,
            "score": _round(tagged.loading.score),
            "terms": [_term(term) for term in tagged.loading.terms],
        },
        "source": _source(tagged.source) if tagged.source else None,
    }


def _term(term: Term) -> dict[str, Any]:
    return {
        "text": term.text,
        "start": term.start,
        "end": term.end,
        "technique": term.technique,
        "quoted": term.quoted,
        "stance": term.stance,
        "reason": term.reason,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "text": source.text,
        "start": source.start,
        "end": source.end,
        "entity": source.entity,
        "class": source.cls,
        "cue": source.cue,
        "inherited": source.inherited,
    }


def _round(value: float) -> float:
    return round(value, 4)


def _shares(scores: tuple[float, float, float]) -> list[float]:
    """Scores as decimals of four places that still sum to 1, the label's the highest."""
    rounded = [_round(score) for score in scores]
    top = max(range(3), key=scores.__getitem__)
    rounded[top] = _round(1 - sum(rounded[i] for i in range(3) if i != top))
    highest = max(range(3), key=rounded.__getitem__)  # another's by 0.0001, where all three are about a third
    rounded[top], rounded[highest] = rounded[highest], rounded[top]
    return rounded


def dumps(annotated: Annotated, indent: int | None = 2) -> str:
    """One article as JSON; with indent None on one line, for JSON lines."""
    return json.dumps(to_json(annotated), ensure_ascii=False, indent=indent)


SENTENCE_COLUMNS = (
    *("path", "outlet", "date", "index", "start", "end", "kind", "label", "confidence", "uncertain"),
    *LABELS,
    *("loading_grade", "loading_score", "terms", "source", "entity", "class", "inherited", "text"),
)


def rows(annotated: Annotated) -> Iterator[list[object]]:
    """An article's sentences as rows under SENTENCE_COLUMNS.

    Loaded terms are joined by "; "; None stands where there is nothing.
    """
    article = annotated.article
    for t in annotated.sentences:
        s, source = t.sentence, t.source
        row: list[object] = [article.path, article.outlet, article.date, s.index, s.start, s.end, s.kind, t.label]
        scores = _shares(t.scores)
        row += [max(scores), t.uncertain, *scores, t.loading.grade, _round(t.loading.score)]
        row += ["; ".join(term.text for term in t.loading.terms)]
        row += [source.text, source.entity, source.cls, source.inherited] if source else [None, None, None, None]
        yield [*row, s.text]


def to_csv(found: Iterable[Annotated]) -> str:
    """One row a sentence, under SENTENCE_COLUMNS."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(SENTENCE_COLUMNS)
    for annotated in found:
        writer.writerows([_cell(value) for value in row] for row in rows(annotated))
    return out.getvalue()


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula is kept from being one."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def to_text(annotated: Annotated, width: int = WIDTH, colour: bool = False) -> str:
    """The article sentence by sentence, legible at 80 columns and without colour."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False)
    with console.capture() as capture:
        for line, style in _lines(annotated, width):
            console.print(Text(line, style=style), soft_wrap=True)
    return capture.get()


def _lines(annotated: Annotated, width: int) -> list[tuple[str, str]]:
    article = annotated.article
    known = [article.outlet and f"{article.outlet} ({annotated.outlet_class})", article.date]
    lines = [(clean(article.title or article.path or "article"), "bold")]
    if any(known):
        lines.append((clean(" · ".join(part for part in known if part)), "dim"))
    lines.append(("", ""))
    paragraph = None
    for tagged in annotated.sentences:
        if paragraph is not None and tagged.sentence.paragraph != paragraph:
            lines.append(("", ""))
        paragraph = tagged.sentence.paragraph
        lines += _tagged_lines(tagged, width)
    return [*lines, ("", ""), *_summary_lines(annotated, width)]


def _tagged_lines(tagged: Tagged, width: int) -> list[tuple[str, str]]:
    doubt = "?" if tagged.uncertain else " "
    gutter = f"{letter(tagged.label)}{doubt}{tagged.confidence:4.0%} {'+' * tagged.loading.grade:<2}"
    text = _heading(tagged.sentence)
    wrapped = textwrap.wrap(text, width - GUTTER, break_long_words=True) or [""]
    style = _STYLES[tagged.label]
    lines = [(f"{gutter if not i else '':<{GUTTER}}{line}", style) for i, line in enumerate(wrapped)]
    below = textwrap.wrap(_below(tagged), width - GUTTER - 2)
    return lines + [(f"{'':<{GUTTER}}  {line}", "dim") for line in below]


def _below(tagged: Tagged) -> str:
    """The source a sentence rests on and its loaded terms, as a line under it."""
    parts = []
    if source := tagged.source:
        runs_on = ", runs on" if source.inherited else ""
        parts.append(f"source: {source.entity} ({source.cls.replace('_', ' ')}{runs_on})")
    if terms := tagged.loading.terms:
        parts.append("loaded: " + ", ".join(f"{t.text} [{t.stance}]" for t in terms))
    return clean("; ".join(parts))


def _heading(sentence: Sentence) -> str:
    text = clean(sentence.text)
    return (
        f"# {text}" if sentence.kind in ("headline", "subhead") else f"[{text}]" if sentence.kind == "caption" else text
    )


def _summary_lines(annotated: Annotated, width: int) -> list[tuple[str, str]]:
    summary = annotated.summary
    parts = [f"{summary.shares[label]:.0%} {label.replace('_', ' ')} ({letter(label)})" for label in LABELS]
    loaded = sum(t.loading.grade > 0 for t in annotated.sentences)
    counted = f"{summary.sentences} sentence{'s' if summary.sentences > 1 else ''}"
    first = f"{counted}: {', '.join(parts)}; {loaded} loaded (+ coloured, ++ propagandistic)."
    doubtful = sum(t.uncertain for t in annotated.sentences)
    if doubtful:
        first += f" {doubtful} uncertain (?)."
    lines = textwrap.wrap(first, width)
    for note in summary.notes:
        lines += textwrap.wrap(clean(note), width, initial_indent="- ", subsequent_indent="  ")
    model = annotated.model
    return [*((line, "") for line in lines), (f"model {model.name} {model.version}", "dim")]
