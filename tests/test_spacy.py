"""framing as a component of spaCy's pipelines; `make test-spacy` installs spaCy and runs these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, run_readme

import framing
from framing.report import to_json
from framing.schema import LABELS, Article, FramingError

spacy = pytest.importorskip("spacy")
TEXTS = [path.read_text(encoding="utf-8") for path in SEEDS]
SHORT = "The ministry said it was ready. It may be a bluff, analysts say."


@pytest.fixture(scope="module")
def nlp() -> Any:
    made = spacy.blank("en")
    made.add_pipe("framing", config={"model": "baseline"})
    return made


@pytest.mark.parametrize("text", TEXTS, ids=[path.stem[:3] for path in SEEDS])
def test_a_document_carries_what_framing_says_of_its_text(nlp: Any, text: str) -> None:
    doc, expected = nlp(text), to_json(framing.annotate(text, "baseline"))
    assert [span._.framing for span in doc.spans["framing"]] == expected["sentences"]
    assert doc._.framing == expected["summary"]
    for span in doc.spans["framing"]:
        said = span._.framing
        assert span.label_ == said["label"]
        assert span.label_ in LABELS
        assert span.start_char <= said["start"] < said["end"] <= span.end_char
        assert said["text"] in span.text
        assert len(span.text) - len(said["text"]) < 20


def test_spacys_own_sentences_are_neither_used_nor_changed() -> None:
    text = "The U.S. said on Monday. it was ready; residents disagreed. It may be a bluff, analysts say."
    plain, both = spacy.blank("en"), spacy.blank("en")
    plain.add_pipe("sentencizer", config={"punct_chars": [";", "."]})
    both.add_pipe("sentencizer", config={"punct_chars": [";", "."]})
    both.add_pipe("framing", config={"model": "baseline"})
    before, after = plain(text), both(text)
    assert [s.text for s in after.sents] == [s.text for s in before.sents]
    own = [s.sentence.text for s in framing.annotate(text, "baseline").sentences]
    assert [span.text for span in after.spans["framing"]] == own
    assert own != [s.text for s in after.sents]
    *others, last = after.sents
    assert last._.framing["text"] == last.text == own[-1]  # the borders agree here
    assert others[-1]._.framing is None


def test_a_token_across_a_border_belongs_to_both_sentences(nlp: Any) -> None:
    words = ["He", "left. She", "stayed", "there."]
    doc = nlp(spacy.tokens.Doc(nlp.vocab, words=words))
    assert doc.text[:18] == "He left. She staye"
    assert [span.text for span in doc.spans["framing"]] == ["He left. She", "left. She stayed there."]
    assert [span._.framing["text"] for span in doc.spans["framing"]] == ["He left.", "She stayed there."]


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_document_stays_empty(nlp: Any, text: str) -> None:
    doc = nlp(text)
    assert list(doc.spans["framing"]) == []
    assert doc._.framing is None


def test_documents_flow_through_one_by_one(nlp: Any) -> None:
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(len(taken))
            yield "" if len(taken) % 2 else SHORT

    found = nlp.pipe(endless(), batch_size=1)
    assert [len(next(found).spans["framing"]) for _ in range(4)] == [0, 2, 0, 2]
    assert len(taken) < 8


def test_a_document_that_fails_goes_to_the_pipelines_error_handler() -> None:
    nlp, failed = spacy.blank("en"), []
    nlp.add_pipe("framing", config={"model": "baseline"})
    nlp.set_error_handler(lambda name, proc, docs, error: failed.append((name, str(error))))
    docs = [nlp.make_doc(SHORT) for _ in range(3)]
    docs[1]._.framing_article = {"outlet": "AP", "paper": "AP"}
    assert list(nlp.pipe(docs)) == [docs[0], docs[2]]
    assert failed == [("framing", "framing_article knows outlet, date, title, not paper")]


def test_the_outlet_is_told_by_the_document_or_else_by_the_config() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("framing", config={"model": "baseline", "outlet": "KCNA"})
    docs = [nlp.make_doc(SHORT), nlp.make_doc(SHORT)]
    docs[1]._.framing_article = {"outlet": "Reuters", "date": "2025-01-02"}
    found = [[span._.framing["scores"] for span in doc.spans["framing"]] for doc in nlp.pipe(docs)]
    for scores, outlet in zip(found, ("KCNA", "Reuters"), strict=True):
        expected = to_json(framing.annotate(Article(SHORT, outlet=outlet), "baseline"))
        assert scores == [sentence["scores"] for sentence in expected["sentences"]]
    assert found[0] != found[1]


def test_what_is_said_is_kept_in_bytes(nlp: Any) -> None:
    doc = nlp(TEXTS[0])
    again = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    (boxed,) = spacy.tokens.DocBin(store_user_data=True, docs=[doc]).get_docs(nlp.vocab)
    for copy in (again, boxed):
        for mine, theirs in zip((doc, *doc.spans["framing"]), (copy, *copy.spans["framing"]), strict=True):
            assert json.dumps(mine._.framing) == json.dumps(theirs._.framing)  # spaCy reads lists back as tuples
        assert [s.label_ for s in copy.spans["framing"]] == [s.label_ for s in doc.spans["framing"]]


def test_a_saved_pipeline_opens_again(nlp: Any, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    assert spacy.load(tmp_path / "pipeline")(SHORT)._.framing == nlp(SHORT)._.framing


def test_the_readmes_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    run_readme("add_pipe", nlp=spacy.blank("en"), text=SHORT)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        tagged.label for tagged in framing.annotate(SHORT, "fast").sentences
    ]


def test_an_unknown_model_is_heard_of_at_once() -> None:
    with pytest.raises(FramingError, match="no model 'none'"):
        spacy.blank("en").add_pipe("framing", config={"model": "none"})


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # spaCy forks; framing has threads by then
def test_processes_annotate_as_one_does() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("framing", config={"model": "fast"})
    expected = [doc._.framing for doc in nlp.pipe(TEXTS)]
    assert [doc._.framing for doc in nlp.pipe(TEXTS, n_process=2, batch_size=2)] == expected
