"""The JSON that framing writes is the one its published schema describes."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import jsonschema
import pages
import pytest
from conftest import ROOT, SEEDS

from framing import read, report
from framing.annotator import Annotator
from framing.lexicon import TECHNIQUES
from framing.schema import Article, Prediction
from framing.summary import summarise

SCHEMA = json.loads((ROOT / "framing" / "contract.schema.json").read_text(encoding="utf-8"))
ODD = [
    "Peace",
    "PEACE AT LAST. THE WAR IS OVER, SAYS THE KING.",
    "By Our Reporter\n\nPublished: 25 Dec. 2025\n\n\u201cNever,\u201d he said.\n",
    "\U0001f600 \u202e x\r\n\r\nA caf\u00e9 in Kyiv was hit, the \u201cso-called\u201d ministry said.",
]


@pytest.fixture(scope="module", params=["baseline", "accurate"])
def annotator(request: pytest.FixtureRequest) -> Annotator:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def checked(found: dict[str, Any], text: str) -> None:
    """Against the schema, and what a schema cannot say."""
    jsonschema.validate(found, SCHEMA)
    pieces = [*found["sentences"], *found["skipped"]]
    spans = sorted((piece["start"], piece["end"]) for piece in pieces)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for piece in pieces:
        assert text[piece["start"] : piece["end"]] == piece["text"]
    for index, sentence in enumerate(found["sentences"]):
        scores = sentence["scores"]
        assert sentence["index"] == index
        assert sum(scores.values()) == pytest.approx(1, abs=1e-9)
        assert scores[sentence["label"]] == max(scores.values()) == sentence["confidence"]
        for term in sentence["loading"]["terms"]:
            assert sentence["start"] <= term["start"] < term["end"] <= sentence["end"]
            assert text[term["start"] : term["end"]] == term["text"]
        if source := sentence["source"]:
            assert text[source["start"] : source["end"]] == source["text"]
            assert source["inherited"] or sentence["start"] <= source["start"] < source["end"] <= sentence["end"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_seeds_keep_the_contract(annotator: Annotator, seed: Any) -> None:
    (article,) = read.read(str(seed))
    checked(json.loads(report.dumps(annotator(article))), article.text)


@pytest.mark.parametrize("text", ODD)
def test_odd_articles_keep_the_contract(annotator: Annotator, text: str) -> None:
    checked(json.loads(report.dumps(annotator(Article(text)), indent=None)), text)


@pytest.mark.parametrize(
    ("known", "date"),
    [
        ({"date": "25 Dec 2025"}, "2025-12-25"),
        ({"date": "yesterday"}, None),
        ({"path": "a/caf\udce9.txt", "date": "2025-12"}, "2025-12"),
    ],
)
def test_articles_from_elsewhere_keep_the_contract(annotator: Annotator, known: Any, date: str | None) -> None:
    found = json.loads(report.dumps(annotator(Article("He said so.", **known))).encode())
    checked(found, "He said so.")
    assert found["article"]["date"] == date


@pytest.mark.parametrize("scores", [(0.450033, 0.450034, 0.099933), (0.33338, 0.33336, 0.33326)])
def test_rounding_leaves_the_label_on_top(scores: tuple[float, float, float]) -> None:
    read = Prediction(scores, 0, 0.0)
    tagged = replace(pages.single().sentences[0], scores=scores, label=read.label, confidence=read.confidence)
    annotated = replace(pages.single(), sentences=(tagged,), summary=summarise([tagged]))
    found = report.to_json(annotated)
    checked(found, "One.")
    (row,) = report.rows(annotated)
    assert row[report.SENTENCE_COLUMNS.index("confidence")] == found["sentences"][0]["confidence"]


def test_the_schema_names_what_the_code_does() -> None:
    assert tuple(SCHEMA["$defs"]["term"]["properties"]["technique"]["enum"]) == TECHNIQUES
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": "framing/2"}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate("2025 Dec", SCHEMA["properties"]["article"]["properties"]["date"])
