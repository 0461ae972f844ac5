"""Labels in the formats of other tools, and the models' reading beside them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelling import DATA, FILES, HEAD, bare, hand_made, through

from framing import cli_labels, exchange, line_format, review
from framing.annotator import Annotator
from framing.dataset import read_articles
from framing.document import Document
from framing.line_format import parse
from framing.mentions import Finder
from framing.records import LabelledArticle, LabelledSentence
from framing.registry import builtin
from framing.schema import FramingError, ModelInfo, Prediction

# Round trips


@pytest.mark.parametrize("form", exchange.FORMATS)
def test_hand_made_articles_survive_every_format(tmp_path: Path, form: str) -> None:
    if form == "datasets":
        pytest.importorskip("datasets")
    assert bare(through(hand_made(), form, tmp_path)) == bare(hand_made())


@pytest.mark.parametrize("form", exchange.FORMATS)
@pytest.mark.parametrize("name", ["seeds", "long-2", "state-1"])
def test_the_corpus_survives_every_format(tmp_path: Path, form: str, name: str) -> None:
    if form == "datasets":
        pytest.importorskip("datasets")
    articles = read_articles(DATA / f"{name}.txt")
    again = through(articles, form, tmp_path)
    assert bare(again) == bare(articles)
    assert line_format.write_articles(again) == line_format.write_articles(articles)


letters = st.characters(codec="utf-8", exclude_characters="{}\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
texts = st.text(letters, min_size=1, max_size=30).filter(str.strip)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


@st.composite
def sentences(draw: Any) -> LabelledSentence:
    text = draw(texts)
    kind = draw(st.sampled_from(["body", "body", "headline", "subhead", "caption", "boilerplate"]))
    if kind == "boilerplate":
        return LabelledSentence(text, None, None, kind, draw(st.integers(0, 3)), None)
    label = draw(st.sampled_from([None, 0, 1, 2]))
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    grade = None if label is None else draw(st.integers(0, 2))
    return LabelledSentence(text, label, grade, kind, draw(st.integers(0, 3)), (start, end) if start < end else None)


@st.composite
def articles(draw: Any) -> LabelledArticle:
    rows = draw(
        st.lists(sentences(), min_size=1, max_size=6).filter(lambda rows: any(r.kind != "boilerplate" for r in rows))
    )
    extra = draw(
        st.dictionaries(st.sampled_from(["url", "note", "n"]), st.none() | st.integers() | words | st.lists(words))
    )
    name = draw(words.filter(str.strip))
    facts = {key: draw(words) for key in ("event", "outlet", "country", "genre", "date")}
    state = draw(st.booleans())
    return LabelledArticle(id=name, **facts, state_outlet=state, sentences=line_format.tidy(rows), extra=extra)


@given(st.lists(articles(), min_size=1, max_size=3, unique_by=lambda a: a.id))
@settings(max_examples=60, deadline=None)
def test_any_article_survives_every_format_of_a_file(
    tmp_path_factory: pytest.TempPathFactory, some: list[LabelledArticle]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for form in FILES:
        assert bare(through(some, form, folder)) == bare(some), form


@given(st.lists(articles(), min_size=1, max_size=3, unique_by=lambda a: a.id))
@settings(max_examples=10, deadline=None)
def test_any_article_survives_a_dataset(tmp_path_factory: pytest.TempPathFactory, some: list[LabelledArticle]) -> None:
    pytest.importorskip("datasets")
    assert bare(through(some, "datasets", tmp_path_factory.mktemp("any"))) == bare(some)


@pytest.mark.parametrize(
    ("text", "message"), [("A { brace", "braces"), ("two\nlines", "line break"), ("\ud800", "surrogate")]
)
def test_what_the_line_format_cannot_hold_is_refused(text: str, message: str) -> None:
    row = LabelledSentence(text, 1, 0, "body", 0, None)
    with pytest.raises(FramingError, match=message):
        line_format.write_articles([replace(hand_made()[0], sentences=(row,))])


@pytest.mark.parametrize("form", ["jsonl", "doccano"])
@pytest.mark.parametrize("key", ["event", "id"])
def test_a_fact_of_the_header_is_not_told_twice(tmp_path: Path, form: str, key: str) -> None:
    row = json.loads(exchange.render(hand_made()[:1], form, {})) | {"extra": {key: "x"}}
    (tmp_path / "f.json").write_text(json.dumps(row))
    with pytest.raises(FramingError, match=rf"f\.json:1: article 'a' has {key} in extra, which the header says"):
        exchange.read_labels(tmp_path / "f.json", form)


def test_boilerplate_may_hold_braces() -> None:
    assert "X | By Ann Lee {staff}" in line_format.write_articles(hand_made())


# Formats as the tools have them


def test_label_studio_tasks_are_as_label_studio_writes_them() -> None:
    first, _ = json.loads(exchange.render(hand_made(), "labelstudio", {}))
    text = first["data"]["text"]
    region = first["annotations"][0]["result"][0]
    assert region["type"] == "labels"
    assert (region["from_name"], region["to_name"]) == ("label", "text")
    value = region["value"]
    assert value["labels"] == ["independent_report/1"]
    assert text[value["start"] : value["end"]] == value["text"] == hand_made()[0].sentences[0].text
    config = exchange.labelling_config()
    assert '<Labels name="label" toName="text"' in config
    assert all(f'value="{name}"' in config for name in exchange.SPAN_NAMES)


def test_label_studio_skips_cancelled_annotations_and_predictions(tmp_path: Path) -> None:
    (task, _) = json.loads(exchange.render(hand_made(), "labelstudio", {}))
    task["predictions"] = [{"result": task["annotations"][0]["result"]}]
    task["annotations"][0]["was_cancelled"] = True
    (tmp_path / "t.json").write_text(json.dumps([task]))
    (article,) = exchange.read_labels(tmp_path / "t.json")
    assert not article.labelled


def test_doccano_rows_of_all_its_versions_are_read(tmp_path: Path) -> None:
    row = json.loads(exchange.render(hand_made()[:1], "doccano", {}))
    assert row["label"][0][2] == "independent_report/1"
    spans = row.pop("label")
    row["id"] = 17  # doccano's own
    entities = [{"id": 1, "start_offset": a, "end_offset": b, "label": name} for a, b, name in spans]
    for key, value in (("label", spans), ("labels", spans), ("entities", entities)):
        (tmp_path / "d.jsonl").write_text(json.dumps(row | {key: value}))
        assert bare(exchange.read_labels(tmp_path / "d.jsonl")) == bare(hand_made()[:1])


@pytest.mark.parametrize(("answer", "taken"), [("accept", 4), ("reject", 0), ("ignore", 0), (None, 4)])
def test_prodigys_answers_decide(tmp_path: Path, answer: str | None, taken: int) -> None:
    row = json.loads(exchange.render(hand_made()[:1], "prodigy", {}))
    row["answer"] = answer
    (tmp_path / "p.jsonl").write_text(json.dumps(row))
    assert len(exchange.read_labels(tmp_path / "p.jsonl")[0].labelled) == taken


def test_argillas_own_folders_are_read(tmp_path: Path) -> None:
    source = hand_made()[0]
    facts = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in exchange.facts_of(source).items()
    }
    spans = [{"start": span.start, "end": span.end, "label": span.name} for span in exchange.spans_of(source)]
    record = {"id": "a", "fields": {"text": source.place()[0]}, "metadata": facts, "suggestions": {}, "vectors": {},
              "responses": {"spans": [{"value": spans, "user_id": "u"}]}}  # fmt: skip
    (tmp_path / "records.json").write_text(json.dumps([record]))
    assert bare(exchange.read_labels(tmp_path)) == bare([source])


@pytest.mark.parametrize("body", ["5", "null", '"x"', "{}"])
def test_argillas_records_that_are_no_list_are_refused(tmp_path: Path, body: str) -> None:
    (tmp_path / "records.json").write_text(body)
    with pytest.raises(FramingError, match=r"records\.json: not a list of records$"):
        exchange.read_labels(tmp_path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_tables_columns_stand_in_any_order(tmp_path: Path, delimiter: str) -> None:
    lines = [["index", "text", "label", "grade", "article"], ["0", "He said so.", "independent_report", "0", "x"]]
    (tmp_path / "t.csv").write_text("".join(delimiter.join(cells) + "\n" for cells in lines))
    (article,) = exchange.read_labels(tmp_path / "t.csv")
    assert (article.id, line_format.describe(article.sentences[0])) == ("x", "I0")


def test_a_table_whose_rows_differ_on_their_article_is_refused(tmp_path: Path) -> None:
    rows = ["article,index,text,label,grade,outlet", "x,0,He said so.,,,Yonhap", "x,1,He left.,,,", "x,2,No.,,,KCNA"]
    (tmp_path / "t.csv").write_text("\n".join(rows) + "\n")
    with pytest.raises(FramingError, match=r"t\.csv:4: outlet is 'KCNA', but 'Yonhap' in line 2$"):
        exchange.read_labels(tmp_path / "t.csv")


def read_spans(folder: Path, kind: str, *names: str) -> LabelledArticle:
    """A text of two lines whose first one is said to be of a kind and has these spans."""
    lines = [
        {"start": 0, "end": 10, "kind": kind, "paragraph": 0},
        {"start": 11, "end": 19, "kind": "body", "paragraph": 0},
    ]
    row = {
        "text": "By Ann Lee He left.",
        "article": "x",
        "sentences": lines,
        "label": [[0, 10, name] for name in names],
    }
    (folder / "d.jsonl").write_text(json.dumps(row))
    (article,) = exchange.read_labels(folder / "d.jsonl", "doccano")
    return article


@pytest.mark.parametrize(
    ("kind", "names", "told"),
    [
        ("boilerplate", ["unlabelled"], "?"),
        ("boilerplate", [], "X"),
        ("body", ["boilerplate"], "X"),
        ("body", ["unlabelled", "independent_report/0"], "I0"),  # as exported, and then labelled
    ],
)
def test_a_span_says_what_a_line_is(tmp_path: Path, kind: str, names: list[str], told: str) -> None:
    assert line_format.code(read_spans(tmp_path, kind, *names).sentences[0]) == told


@pytest.mark.parametrize("other", ["unlabelled", "independent_report/0"])
def test_a_line_is_not_boilerplate_and_a_sentence(tmp_path: Path, other: str) -> None:
    with pytest.raises(FramingError, match=f"line 0 is labelled boilerplate and {other}"):
        read_spans(tmp_path, "body", "boilerplate", other)


def test_texts_labelled_elsewhere_are_cut_into_sentences(tmp_path: Path) -> None:
    text = "The ministry said on Monday that it was ready.\nAnalysts doubt it will be."
    row = {"text": text, "label": [[0, 46, "state_media_claim/0"], [4, 12, "source"]], "article": "x"}
    (tmp_path / "d.jsonl").write_text(json.dumps(row))
    (article,) = exchange.read_labels(tmp_path / "d.jsonl")
    assert [line_format.describe(s) for s in article.sentences] == ["S0 {ministry}", "?"]


@pytest.mark.parametrize("form", FILES)
def test_an_article_without_a_sentence_is_refused_by_every_reader(tmp_path: Path, form: str) -> None:
    row = LabelledSentence("By Ann Lee", None, None, "boilerplate", 0, None)
    some = [*hand_made(), replace(hand_made()[0], id="n", sentences=(row,))]
    with pytest.raises(FramingError, match=rf"out\.{form}:\d+: article 'n' has no sentence"):
        through(some, form, tmp_path)


def test_an_article_that_opens_with_a_bracket_is_no_list_of_tasks(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("[Beijing] The minister said that talks had begun.\n", encoding="utf-8")
    (article,) = review.gather([str(path)], builtin())
    assert [row.label for row in article.readable] == [None]


@pytest.mark.parametrize("form", ["csv", "jsonl", "labelstudio", "doccano", "prodigy"])
def test_formats_are_known_by_their_looks(tmp_path: Path, form: str) -> None:
    name = tmp_path / ("f.csv" if form == "csv" else "f.json")
    name.write_text(exchange.render(hand_made(), form, {}))
    assert exchange.detect(name, name.read_text()) == form
    assert set(cli_labels.Format) == {"auto", *exchange.FORMATS}


# Predictions


class Fake:
    """A classifier as sure of a sentence as its text says."""

    info = ModelInfo("fake", "1", "")
    threshold = 0.5
    finds_spans = True

    def __init__(self, sure: dict[str, float], label: int = 0) -> None:
        self.sure, self.label = sure, label

    def predict(self, document: Document) -> list[Prediction]:
        out = []
        for sentence in document.sentences:
            top = next((p for word, p in self.sure.items() if word in sentence.text), 0.9)
            scores = [(1 - top) / 2] * 3
            scores[self.label] = top
            out.append(Prediction(tuple(scores), 1, 0.5, (0, 2)))  # type: ignore[arg-type]
        return out


@pytest.mark.parametrize("form", [f for f in exchange.FORMATS if f != "corpus"])
def test_predictions_ride_along_and_are_never_labels(tmp_path: Path, finder: Finder, form: str) -> None:
    if form == "datasets":
        pytest.importorskip("datasets")
    found = review.predict(hand_made(), Annotator(Fake({"comment": 0.6}), finder))
    assert bare(through(hand_made(), form, tmp_path, found)) == bare(hand_made())
    if form != "datasets":
        text = (tmp_path / f"out.{form}").read_text()
        assert "0.6" in text
        assert "state_media_claim" in text


def test_a_model_reads_labelled_articles_as_it_reads_any(finder: Finder) -> None:
    article = replace(hand_made()[0], outlet="Village Bugle", state_outlet=True)  # which the registry does not know
    reader, read = Fake({}), []

    def predict(document: Document) -> list[Prediction]:
        read.append(document)
        return Fake.predict(reader, document)

    reader.predict = predict  # type: ignore[method-assign]
    review.predict([article], Annotator(reader, finder))
    assert [document.outlet_class for document in read] == ["unknown"]


def test_a_task_without_labels_waits_with_its_prediction(finder: Finder) -> None:
    blank = tuple(replace(row, label=None, grade=None, mention=None) for row in hand_made()[0].sentences)
    article = replace(hand_made()[0], sentences=blank)
    found = review.predict([article], Annotator(Fake({"court": 0.4}), finder))
    (task,) = json.loads(exchange.render([article], "labelstudio", found, "fake"))
    assert task["annotations"] == []
    (guess,) = task["predictions"]
    assert (guess["model_version"], guess["score"]) == ("fake", 0.4)
    assert {region["value"]["labels"][0] for region in guess["result"]} == {
        "state_media_claim/1",
        "boilerplate",
        "source",
    }


def drafts(**sentences: str) -> list[LabelledArticle]:
    text = "".join(
        f"{HEAD.replace(chr(34) + 'a' + chr(34), json.dumps(name))}\n{body}\n" for name, body in sentences.items()
    )
    return list(parse(text))


def test_the_least_certain_come_first(finder: Finder) -> None:
    some = drafts(sure="? | Clear.", doubt="? | Clear.\n? | Murky.", done="I0 | Murky.", half="I0 | Murky.\n? | Dim.")
    found = review.predict(some, Annotator(Fake({"Murky": 0.4, "Dim": 0.5}), finder))
    assert [a.id for a in review.least_certain(some, found)] == ["doubt", "half", "sure", "done"]
    assert [a.id for a in review.take(review.least_certain(some, found), 3)] == ["doubt", "half"]


def test_what_two_models_differ_on_comes_first(finder: Finder) -> None:
    some = drafts(agreed="? | Clear.", disputed="? | Murky.")
    one, other = (review.predict(some, Annotator(Fake({"Clear": 0.34, "Murky": p}), finder)) for p in (0.9, 0.4))
    assert [a.id for a in review.most_disputed(some, one, other)] == ["disputed", "agreed"]


# Damage


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, child in inner for found in ((*path, key), *leaves(child, (*path, key)))]


junk = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
)


@given(form=st.sampled_from(["jsonl", "labelstudio", "doccano", "prodigy"]), data=st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_files_raise_nothing_but_a_message(
    tmp_path_factory: pytest.TempPathFactory, form: str, data: Any
) -> None:
    record = json.loads(exchange.render(hand_made()[:1], form, {}))
    *path, last = data.draw(st.sampled_from(leaves(record)))
    place = record
    for key in path:
        place = place[key]
    place[last] = data.draw(junk)
    file = tmp_path_factory.mktemp("junk") / "f.json"
    file.write_text(json.dumps(record))
    with suppress(FramingError):
        line_format.write_articles(exchange.read_labels(file, form))
