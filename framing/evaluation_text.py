"""An evaluation → text for the terminal, Markdown for a job summary, JSON."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from framing.evaluation import Check, Evaluation, Misreading
from framing.evaluation_tables import FigureTable, facts, headline, misreading, tables_of
from framing.schema import GRADES, LABELS
from framing.terminal import WIDTH, clean

SCHEMA = "framing-evaluation/1"
ON_TERMINAL = 10  # misreadings; the files hold them all
_LONE = re.compile("[\ud800-\udfff]")  # halves of characters, which no encoding writes
_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")


# Text


def to_text(evaluation: Evaluation) -> str:
    """The report for the terminal, 80 columns where its tables allow."""
    model, data = evaluation.model, evaluation.data
    lines = [clean(f"{model.name} {model.version} on {data.name}"), headline(evaluation)]
    lines += [f"{'passed' if c.passed else 'FAILED'}: {clean(c.told)}" for c in evaluation.checks]
    for note in evaluation.notes:
        lines += textwrap.wrap(clean(note), WIDTH)
    for table in tables_of(evaluation):
        lines += ["", *_text_table(table)]
    lines += ["", *_text_misreadings(evaluation.misreadings), ""]
    for name, value in facts(evaluation):
        lines += textwrap.wrap(f"{name:<10}{clean(value)}", WIDTH, subsequent_indent=" " * 10)
    return "\n".join(lines) + "\n"


def _text_table(table: FigureTable) -> list[str]:
    rows = [table.head, *table.rows]
    widths = [max(len(clean(row[k])) for row in rows) for k in range(len(table.head))]
    lines = [clean(table.title)]
    for row in rows:
        padded = [clean(cell).rjust(width) for cell, width in zip(row, widths, strict=True)]
        padded[0] = clean(row[0]).ljust(widths[0])
        lines.append(("  " + "  ".join(padded)).rstrip())
    indent = "  "
    return lines + textwrap.wrap(table.note, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _text_misreadings(found: Sequence[Misreading]) -> list[str]:
    if not found:
        return ["No misreadings."]
    shown = found[:ON_TERMINAL]
    rest = f" of the {len(found)} in --report, --json and --html" if len(found) > len(shown) else ""
    lines = [f"The {len(shown)} most confident misreadings{rest}", "  (sentences of an article are counted from 0)"]
    for item in shown:
        lines.append(f"  {clean(misreading(item))}")
        for mark, text in (("   ", item.before), (" > ", item.text), ("   ", item.after)):
            if text is not None:
                first = f"   {mark}"
                lines += textwrap.wrap(clean(text), WIDTH, initial_indent=first, subsequent_indent=" " * 6)
    return lines


# Markdown


def to_markdown(evaluation: Evaluation) -> str:
    """The report as Markdown that GitHub shows: a job summary, a comment."""
    model, data = evaluation.model, evaluation.data
    failed = [c for c in evaluation.checks if not c.passed]
    verdict = ""
    if evaluation.checks:
        verdict = f"**{'A gate failed' if failed else 'All gates passed'}.** "
    lines = [f"# {plain(model.name)} on {plain(data.name)}", "", verdict + plain(headline(evaluation)), ""]
    if evaluation.checks:
        lines += [*checks_markdown(evaluation.checks), ""]
    lines += [f"> {plain(note)}" for note in evaluation.notes] + [""] * bool(evaluation.notes)
    for table in tables_of(evaluation):
        lines += [f"## {plain(table.title)}", "", *markdown_table(table), ""]
        lines += [plain(table.note), ""] if table.note else []
    lines += _markdown_misreadings(evaluation.misreadings)
    lines += ["## How this was measured", "", "| | |", "| --- | --- |"]
    lines += [f"| {plain(name)} | {plain(value)} |" for name, value in facts(evaluation)]
    return "\n".join(lines) + "\n"


def checks_markdown(checks: Sequence[Check]) -> list[str]:
    """Gates as a list, the failed ones first."""
    ordered = sorted(checks, key=lambda check: check.passed)
    return [f"- {'✅ passed' if check.passed else '❌ FAILED'}: {plain(check.told)}" for check in ordered]


def markdown_table(table: FigureTable) -> list[str]:
    """A table in Markdown."""
    rules = ["---", *("---:" for _ in table.head[1:])]
    rows = [table.head, *table.rows]
    lines = ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return [lines[0], "| " + " | ".join(rules) + " |", *lines[1:]]


def _markdown_misreadings(found: Sequence[Misreading]) -> list[str]:
    if not found:
        return ["## No misreadings", ""]
    lines = [f"## The {len(found)} most confident misreadings", ""]
    lines += ["<details><summary>Show them (sentences are counted from 0)</summary>", ""]
    for item in found:
        lines.append(f"1. {plain(misreading(item))}")
        if item.text is not None:
            around = [item.before and plain(item.before), f"**{plain(item.text)}**", item.after and plain(item.after)]
            lines += ["", "   > " + " ".join(text for text in around if text), ""]
    return [*lines, "", "</details>", ""]


def plain(text: str) -> str:
    """A text that Markdown shows as it stands: no markup, table, formula, mention or HTML in it."""
    return _SPECIAL.sub(r"\\\1", escape(clean(text), quote=False)).replace("@", "&#64;")


# JSON


def to_json(evaluation: Evaluation) -> str:
    """The whole record; shares and figures rounded to four places, null where not measured."""
    record = asdict(evaluation)
    record["confusion"] = {"labels": list(LABELS), "gold_by_read": record["confusion"]}
    record["loading_confusion"] = {"grades": list(GRADES), "gold_by_read": record["loading_confusion"]}
    record["mentions"] = dict(zip(("hit", "wrong", "missed"), evaluation.mentions, strict=True))
    record["calibration"] = record.pop("bins")
    text = json.dumps({"schema": SCHEMA, **_rounded(record)}, ensure_ascii=False, indent=1, allow_nan=False)
    return _LONE.sub("\ufffd", text) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value
