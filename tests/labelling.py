"""Labelled articles made up for the tests of labels and their formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from conftest import ROOT

from framing import exchange
from framing.line_format import parse
from framing.records import LabelledArticle

HEAD = '=== {"id": "a", "event": "e", "outlet": "AP", "state_outlet": false, "country": "-", "genre": "wire", "date": "2020-05-01"}'
OTHER = (
    HEAD.replace('"a"', '"b"', 1)
    .replace('"AP"', '"KCNA"')
    .replace("false", "true")
    .replace("}", ', "url": "x://y", "n": [1]}')
)
CORPUS = f"""{HEAD}
I1h | A headline: “Peace” at 5 °C 😀
X | By Ann Lee {{staff}}

I0 | The {{court}} said on Tuesday that it would hear the case.
? | He declined to comment.

A2 | It may, {{analysts}} say, matter.
I0c | A picture.
{OTHER}
X | PYONGYANG --
S2 | Glory to the builders!
S0h | The plan
S0 | He declined to comment.

? | {{State television}} showed it.
"""
DATA = ROOT / "data" / "articles"
FILES = [f for f in exchange.FORMATS if f != "datasets"]


def bare(articles: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """Articles without the places they were read from."""
    rows = [tuple(replace(row, line=0) for row in article.sentences) for article in articles]
    return [replace(a, file="", line=0, sentences=r) for a, r in zip(articles, rows, strict=True)]


def hand_made() -> list[LabelledArticle]:
    return list(parse(CORPUS, "hand.txt"))


def through(
    articles: Sequence[LabelledArticle], form: str, folder: Path, predictions: Any = None
) -> list[LabelledArticle]:
    """Write articles in a format and read them again."""
    path = folder / f"out.{form}"
    if form == "datasets":
        exchange.save_datasets(articles, path, predictions or {}, "m")
    else:
        path.write_text(exchange.render(articles, form, predictions or {}, "m"), encoding="utf-8")
    return exchange.read_labels(path, form)
