"""An evaluation as text, Markdown, JSON and HTML: whole, inert, and silent about texts that may not be shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pages
import pytest
from lxml import etree
from measured import PLAN, Told, article, gold, made, many, noisy, prediction

from framing.evaluation import FIGURES, Evaluation, evaluate
from framing.evaluation_page import to_html
from framing.evaluation_tables import shown_slices
from framing.evaluation_text import plain, to_json, to_markdown, to_text

# Reports


ELEMENTS = set(
    "html head meta title style body div header footer main section p h1 h2 b bdi span strong code br ol ul li svg g rect text"
    " line circle polyline polygon table thead tbody tr th td details summary".split()
)
ATTRIBUTES = set(
    "lang charset http-equiv content name class dir tabindex role aria-label scope x y x1 x2 y1 y2 cx cy r width height"
    " points viewBox transform fill-opacity".split()
)
EVIL = " ".join(pages.ATTACKS)


def hostile() -> Evaluation:
    """Attacks in every field that labelled articles or a model can fill."""
    rows = [
        replace(a, id=f"{EVIL} {a.id}", outlet=EVIL, genre=EVIL, country=f"{EVIL} {k % 2}")
        for k, a in enumerate(many(12, 15))
    ]
    rows = [replace(a, sentences=tuple(replace(s, text=f"{s.text} {EVIL}") for s in a.sentences)) for a in rows]
    evil = noisy(rows, 0.4, name="told")
    evil.info = replace(evil.info, name=EVIL, version=EVIL, sha256=EVIL)
    evaluation = evaluate(gold(rows), evil, [evil], replace(PLAN, name=EVIL, notes=(EVIL,)))
    return replace(evaluation, checks=(replace(_check(), told=EVIL),))


def _check() -> object:
    from framing.gates import check

    return check("macro_f1", 0.5, 0.6)


@pytest.fixture(scope="module", params=["plain", "hostile", "tiny"])
def evaluation(request: pytest.FixtureRequest) -> Evaluation:
    if request.param == "hostile":
        return hostile()
    if request.param == "tiny":
        return evaluate(gold([article("a", "S0 | One.")]), Told(lambda _: prediction(0, 0.5)), [], PLAN)
    return made()


def test_the_page_is_well_formed_and_inert(evaluation: Evaluation) -> None:
    page = to_html(evaluation)
    root = etree.fromstring(page.encode(), etree.XMLParser(resolve_entities=False, recover=False))
    for element in root.iter("*"):
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
    assert not root.findall(".//svg//span")  # a browser would close the picture there
    assert "default-src 'none'" in page
    assert page.count("<style") == 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00\x07\ud800-\udfff]", page)
    slices = bool(shown_slices(evaluation.slices))
    assert len(root.findall(".//svg")) == 4 + slices  # two confusions, reliability, coverage
    assert "nan" not in " ".join(e.get(a) for e in root.iter("*") for a in ("x1", "y1", "cx", "points") if e.get(a))


def test_markdown_tables_have_one_width(evaluation: Evaluation) -> None:
    text = to_markdown(evaluation)
    blocks = [block.splitlines() for block in re.split(r"\n\n+", text) if block.startswith("|")]
    assert len(blocks) >= 9
    for block in blocks:
        cells = [len(re.findall(r"(?<!\\)\|", line)) for line in block]
        assert len(set(cells)) == 1, block
        assert re.fullmatch(r"\|( -+:? \|)+", block[1])
    assert not re.search(r"<(?!/?details>|/?summary>)", text)
    assert "\u202e" not in text


def test_markdown_reads_back_as_it_was() -> None:
    from markdown_it import MarkdownIt

    text = 'a_b_ *c* `d` [e](f) <g> | h ~i~ #1 \\ & "j"'
    (token,) = (t for t in MarkdownIt().parse(plain(text)) if t.type == "inline")
    assert "".join(child.content for child in token.children or []) == text
    assert "@" not in plain("@someone")


def test_the_json_is_strict_and_whole(evaluation: Evaluation) -> None:
    found = json.loads(to_json(evaluation).encode(), parse_constant=lambda name: pytest.fail(name))
    assert found["schema"] == "framing-evaluation/1"
    assert set(found["figures"]) == set(FIGURES)
    assert set(found["figures"]["macro_f1"]) == {"value", "low", "high", "n"}
    assert found["data"]["sha256"] == evaluation.data.sha256
    assert {"python", "numpy", "scikit-learn"} <= set(found["run"]["versions"])
    assert found["confusion"]["gold_by_read"] == [list(row) for row in evaluation.confusion]


def test_the_text_cannot_steer_a_terminal_and_says_the_figures(evaluation: Evaluation) -> None:
    text = to_text(evaluation)
    assert text.encode()
    assert not set("\x1b\x07\u202e\x9b\x00") & set(text)
    for part in (
        "Overall",
        "macro-F1",
        "loading, weighted kappa",
        "Source mentions",
        "Calibration",
        "Slices",
        "digest",
        "seed 0",
    ):
        assert part in text


def test_sentences_are_in_no_report_unless_they_may_be_shown() -> None:
    shown, hidden = made(), made(texts=False)
    for render in (to_text, to_markdown, to_json, to_html):
        assert "it is." in render(shown)
        assert "it is." not in render(hidden)
    assert [m.index for m in hidden.misreadings] == [m.index for m in shown.misreadings]


def test_failed_gates_come_first_in_every_report() -> None:
    failed = replace(made(), checks=(_check(),))
    assert "FAILED: macro_f1 is 0.5000, 0.1000 under its floor of 0.6000" in to_text(failed)
    assert "A gate failed." in to_markdown(failed)
    assert "<h2>A gate failed</h2>" in to_html(failed)
    assert json.loads(to_json(failed))["checks"][0]["passed"] is False
