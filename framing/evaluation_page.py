"""An evaluation → one self-contained HTML page: no script, nothing fetched, pictures drawn in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from framing import charts
from framing.evaluation import Check, Evaluation, Misreading
from framing.evaluation_tables import GRADE_NAMES, LABEL_NAMES, FigureTable, facts, headline, shown_slices, tables_of
from framing.markup import badge, document, footer, isolated, shown


def to_html(evaluation: Evaluation) -> str:
    """The whole report as a page of its own."""
    model, data = evaluation.model, evaluation.data
    title = f"{model.name} on {data.name}"
    tables = {table.title: table for table in tables_of(evaluation)}
    body = (
        f'<div class="page report" tabindex="-1">\n'
        f'<header class="top plain"><p class="kicker"><b>framing</b> evaluation</p>'
        f"<h1>{isolated(model.name)} {isolated(model.version)} on {isolated(data.name)}</h1>"
        f'<p class="facts"><span>{shown(headline(evaluation))}</span></p></header>\n'
        f"<main>\n{_checks(evaluation.checks)}{_notes(evaluation.notes)}{_body(evaluation, tables)}\n"
        f"{_misreadings(evaluation.misreadings)}\n{_facts(evaluation)}\n</main>\n"
        f"{footer([model, *(other.model for other in evaluation.comparisons)])}\n</div>"
    )
    return document(title, body, "en")


def _body(evaluation: Evaluation, tables: dict[str, FigureTable]) -> str:
    """The tables in order, each with its picture; what a picture shows fully is folded away."""
    labels, loading = evaluation.confusion, evaluation.loading_confusion
    pictures = {
        "Labels, gold against read": charts.confusion(labels, LABEL_NAMES, "Labels"),
        "Loading, gold against read": charts.confusion(loading, GRADE_NAMES, "Loading"),
        "Calibration": charts.reliability(evaluation.bins),
        "Accuracy against coverage": charts.coverage(evaluation.coverage, evaluation.threshold),
    }
    large = shown_slices(evaluation.slices)
    if large:
        pictures["Slices"] = charts.slices(large, evaluation.figures["macro_f1"].value)
    return "\n".join(_section(table, pictures.get(title)) for title, table in tables.items())


def _section(table: FigureTable, picture: str | None) -> str:
    note = f'<p class="soft">{shown(table.note)}</p>' if table.note else ""
    told = _table(table)
    if picture:
        told = f"{picture}<details><summary>As a table</summary>{told}</details>"
    return f'<section class="part"><h2>{shown(table.title)}</h2>{told}{note}</section>'


def _table(table: FigureTable) -> str:
    heads = "".join(f'<th scope="col"{_figure(k)}>{shown(name)}</th>' for k, name in enumerate(table.head))
    rows = "\n".join(_row(row) for row in table.rows)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(cells: Sequence[str]) -> str:
    first = f'<th scope="row">{isolated(cells[0])}</th>'
    return f"<tr>{first}{''.join(f'<td{_figure(1)}>{shown(cell)}</td>' for cell in cells[1:])}</tr>"


def _figure(column: int) -> str:
    return ' class="n"' if column else ""


def _checks(checks: Sequence[Check]) -> str:
    if not checks:
        return ""
    verdict = "All gates passed" if all(check.passed for check in checks) else "A gate failed"
    rows = "".join(
        f'<li class="{"passed" if check.passed else "failed"}"><b>{"passed" if check.passed else "FAILED"}</b> '
        f"{shown(check.told)}</li>"
        for check in checks
    )
    return f'<section class="part"><h2>{verdict}</h2><ul class="checks">{rows}</ul></section>\n'


def _notes(notes: Iterable[str]) -> str:
    rows = "".join(f"<li>{shown(note)}</li>" for note in notes)
    return f'<ul class="notes">{rows}</ul>\n' if rows else ""


def _misreadings(found: Sequence[Misreading]) -> str:
    if not found:
        return '<section class="part"><h2>No misreadings</h2></section>'
    rows = "\n".join(_misreading(item) for item in found)
    return (
        f'<section class="part"><h2>The {len(found)} most confident misreadings</h2>'
        '<p class="soft">Gold, what it was read as, how sure the model was; sentences are counted from 0.</p>'
        f'<ol class="misread">\n{rows}\n</ol></section>'
    )


def _misreading(item: Misreading) -> str:
    head = (
        f"<p>{badge(item.gold)} read as {badge(item.predicted)} {item.confidence:.1%} "
        f'<span class="soft">{isolated(item.article)}, sentence {item.index}, {isolated(item.outlet)}</span></p>'
    )
    if item.text is None:
        return f"<li>{head}</li>"
    around = [item.before and f'<span class="soft">{shown(item.before)}</span>', f"<b>{shown(item.text)}</b>"]
    around.append(item.after and f'<span class="soft">{shown(item.after)}</span>')
    return f'<li>{head}<p class="context" dir="auto">{" ".join(text for text in around if text)}</p></li>'


def _facts(evaluation: Evaluation) -> str:
    rows = "".join(
        f'<tr><th scope="row">{shown(name)}</th><td>{isolated(value)}</td></tr>' for name, value in facts(evaluation)
    )
    return f'<section class="part"><h2>How this was measured</h2><table><tbody>{rows}</tbody></table></section>'
