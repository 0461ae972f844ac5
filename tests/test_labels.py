from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import framing, refused

from framing import agreement, cli_labels, exchange, labels, merging, review
from framing.annotator import Annotator
from framing.dataset import LabelledArticle, LabelledSentence, parse, read_articles
from framing.document import Document
from framing.mentions import Finder
from framing.schema import FramingError, ModelInfo, Prediction

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


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "one.txt").write_text(CORPUS, encoding="utf-8")
    return tmp_path / "data" / "one.txt"


def state(file: Path) -> dict[str, bytes]:
    """Every file of the data folder, with its bytes."""
    return {path.name: path.read_bytes() for path in sorted(file.parent.iterdir())}


def table(file: Path, change: Callable[[list[dict[str, str]]], Any]) -> Path:
    """The corpus as CSV, its rows changed."""
    rows = list(csv.DictReader(io.StringIO(exchange.render(read_articles(file), "csv", {}))))
    changed = change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys() if rows else ["article"])
    writer.writeheader()
    writer.writerows(rows if changed is None else changed)
    path = file.parent.parent / "new.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


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
    assert labels.write_articles(again) == labels.write_articles(articles)


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
    facts = [draw(words) for _ in range(5)]
    return LabelledArticle(name, facts[0], facts[1], draw(st.booleans()), *facts[2:], labels.tidy(rows), extra=extra)


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
        labels.write_articles([replace(hand_made()[0], sentences=(row,))])


def test_boilerplate_may_hold_braces() -> None:
    assert "X | By Ann Lee {staff}" in labels.write_articles(hand_made())


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
    assert all(f'value="{name}"' in config for name in exchange.NAMES)


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


def test_texts_labelled_elsewhere_are_cut_into_sentences(tmp_path: Path) -> None:
    text = "The ministry said on Monday that it was ready.\nAnalysts doubt it will be."
    row = {"text": text, "label": [[0, 46, "state_media_claim/0"], [4, 12, "source"]], "article": "x"}
    (tmp_path / "d.jsonl").write_text(json.dumps(row))
    (article,) = exchange.read_labels(tmp_path / "d.jsonl")
    assert [labels.describe(s) for s in article.sentences] == ["S0 {ministry}", "?"]


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


# The command line: export, add, check, stats, compare


def test_export_puts_predictions_beside_plain_articles(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(
        "Leader hails troops\n\nThe ministry said on Monday that it was ready. Analysts doubt it.\n"
    )
    done = framing(
        "labels",
        "export",
        tmp_path / "news.txt",
        "--format",
        "labelstudio",
        "--model",
        "baseline",
        "--order",
        "certain",
    )
    assert done.returncode == 0, done.stderr
    (task,) = json.loads(done.stdout)
    assert task["data"]["article"] == "news"
    assert len(task["predictions"][0]["result"]) == 3
    assert task["annotations"] == []
    assert "1 of 1 articles, 3 sentences" in done.stderr


def test_export_of_drafts_only_and_of_the_labelling_interface(corpus: Path) -> None:
    corpus.with_name("two.txt").write_text(HEAD.replace('"a"', '"c"', 1) + "\nI0 | Done.\n")
    done = framing("labels", "export", corpus.parent, "--drafts", "--format", "jsonl", "--limit", "1")
    assert [json.loads(line)["article"] for line in done.stdout.splitlines()] == ["a"]
    assert "1 of 3 articles" in done.stderr
    assert framing("labels", "export", "--config").stdout == exchange.labelling_config()
    assert "lacks a label" in refused("labels", "export", corpus.with_name("two.txt"), "--drafts")


def test_add_brings_a_draft_in(corpus: Path, tmp_path: Path) -> None:
    wrapped = textwrap.fill("The ministry in Pyongyang said on Monday that it was ready. " * 6, 72)
    (tmp_path / "kim.txt").write_text(f"Leader hails troops\n\nBy Ann Lee\n\n{wrapped}\n")
    done = framing("labels", "add", tmp_path / "kim.txt", "--into", corpus, "--outlet", "KCNA", "--date", "2026-01-02")
    assert done.returncode == 0, done.stderr
    assert "kim, 7 sentences to label, 1 lines that are none" in done.stdout
    assert corpus.read_text(encoding="utf-8").startswith(CORPUS)
    (draft,) = [a for a in read_articles(corpus, drafts=True) if a.id == "kim"]
    assert [labels.code(s) for s in draft.sentences] == ["?h", "X", *"??????"]
    assert {row.text for row in draft.sentences[2:]} == {"The ministry in Pyongyang said on Monday that it was ready."}
    assert (draft.event, draft.outlet, draft.state_outlet, draft.date) == ("kim", "KCNA", True, "2026-01-02")
    assert "kim" not in {a.id for a in read_articles(corpus)}
    before = state(corpus)
    assert "stands already" in refused("labels", "add", tmp_path / "kim.txt", "--into", corpus)
    (tmp_path / "c.txt").write_text("Some {braces} stand in this sentence here.")
    assert "braces" in refused("labels", "add", tmp_path / "c.txt", "--into", corpus.with_name("new.txt"))
    assert state(corpus) == before


def test_check_finds_every_fault(corpus: Path) -> None:
    good = framing("labels", "check", corpus)
    assert (good.returncode, good.stdout) == (0, "2 articles: 0 faults, 0 drafts, 0 with most labels lacking\n")
    long = "I0 | This sentence has more than eight words and stands in two articles."
    (corpus.parent / "bad.txt").write_text(
        f"{HEAD}\nQ0 | What.\nI0 | An {{open brace.\n{HEAD.replace(chr(34) + 'a' + chr(34), '1')}\n{long}\n"
        '=== {"id": "x"}\nI9 | No.\n'
        + OTHER.replace('"b"', '"c"', 1).replace("2020-05-01", "May").replace('"e"', '"f"')
        + f"\n{long}\n"
    )
    (corpus.parent / "latin.txt").write_bytes("=== café".encode("cp1252"))
    (corpus.parent / "splits.json").write_text('{"events": {"train": ["e"], "dev": ["e"], "test": ["f"]}}')
    done = framing("labels", "check", corpus.parent)
    assert done.returncode == 2
    found = done.stderr.replace(f"framing: {corpus.parent}/", "").splitlines()
    assert [line.split(": ")[0] for line in found] == [
        "bad.txt:2", "bad.txt:3", "bad.txt:1", "bad.txt:6", "bad.txt:7", "latin.txt", "bad.txt:8", "splits.json", "bad.txt:9"
    ]  # fmt: skip
    assert "9 faults" in done.stdout


def test_the_shipped_corpus_has_no_fault() -> None:
    assert labels.check([DATA])[1] == []


def test_stats_counts_drafts_too(corpus: Path) -> None:
    corpus.with_name("two.txt").write_text(HEAD.replace('"a"', '"c"', 1) + "\n? | Not yet.\n")
    out = framing("labels", "stats", corpus.parent).stdout
    assert "articles      3, 1 of them drafts" in out
    assert "sentences     7 labelled, 3 not yet" in out
    assert "KCNA" in out


def test_compare_says_how_far_two_agree(corpus: Path, tmp_path: Path) -> None:
    other = CORPUS.replace("A2 | It may, {analysts} say", "I1 | It may, analysts say").replace(
        "S2 | Glory", "? | Glory"
    )
    other += HEAD.replace('"a"', '"c"', 1) + "\nI0 | Only here.\n"
    (tmp_path / "b.txt").write_text(other, encoding="utf-8")
    found = agreement.compare(read_articles(corpus), read_articles(tmp_path / "b.txt"))
    assert len(found.pairs) == 6
    assert found.label_kappa == pytest.approx(1 - (1 / 6) / (1 - 16 / 36))
    assert found.mention_f1 == pytest.approx(2 / 3)
    done = framing("labels", "compare", corpus, tmp_path / "b.txt")
    assert (
        f"{corpus}:8 {tmp_path / 'b.txt'}:8 article a line 4, label+grade+mention: A2 {{analysts}} | I1" in done.stdout
    )
    assert f"{tmp_path / 'b.txt'}:17 article c" in done.stdout
    assert f"{corpus}:12 article b line 1" in done.stdout
    rows = framing("labels", "compare", corpus, tmp_path / "b.txt", "--format", "tsv").stdout.splitlines()
    assert rows[0].split("\t") == list(agreement.COLUMNS)
    assert len(rows) == 2
    (tmp_path / "c.txt").write_text(HEAD.replace('"a"', '"z"', 1) + "\nI0 | Elsewhere.\n")
    assert "share no sentence" in refused("labels", "compare", corpus, tmp_path / "c.txt")


# Import


def test_import_adds_updates_and_counts(corpus: Path) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[3] |= {"label": "state_media_claim", "grade": "1"}
        new = [row | {"article": "c"} for row in rows if row["article"] == "b"]
        return [*rows[:6], *new]

    done = framing("labels", "import", table(corpus, change), "--into", corpus.with_name("two.txt"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "1 articles added (4 sentences); 1 updated, 4 same, 0 contradicted, 0 replaced, 1 unlabelled, 0 header facts"
    )
    assert corpus.read_text(encoding="utf-8") == CORPUS.replace("? | He", "S1 | He", 1)
    (added,) = read_articles(corpus.with_name("two.txt"))
    assert bare([replace(added, id="b")]) == bare(hand_made()[1:])


def test_import_of_a_few_rows_leaves_the_others_alone(corpus: Path) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[3] |= {"label": "state_media_claim", "grade": "0"}
        return [{key: rows[i][key] for key in ("article", "index", "text", "label", "grade")} for i in (3, 0)]

    done = framing("labels", "import", table(corpus, change), "--into", corpus)
    assert done.returncode == 0, done.stderr
    assert corpus.read_text(encoding="utf-8") == CORPUS.replace("? | He", "S0 | He", 1)


def test_import_of_what_is_there_changes_nothing(corpus: Path) -> None:
    before = state(corpus)
    done = framing("labels", "import", table(corpus, lambda rows: None), "--into", corpus)
    assert "0 updated, 7 same" in done.stdout
    assert "written: nothing" in done.stdout
    assert state(corpus) == before


def test_a_contradiction_is_listed_and_wins_only_with_replace(corpus: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[2] |= {"label": "analyst_speculation", "grade": "2", "mention_start": "", "mention_end": ""}
        for row in rows[:6]:
            row["genre"] = "analysis"

    new, before = table(corpus, change), state(corpus)
    done = framing("labels", "import", new, "--into", corpus)
    assert (done.returncode, done.stdout) == (2, "")
    assert "new.csv:4: article a, line 2: I0 {court} → A2" in done.stderr
    assert "new.csv:2: article a, genre: 'wire' → 'analysis'" in done.stderr
    assert "2 of the labels contradict the corpus" in done.stderr
    assert state(corpus) == before
    done = framing("labels", "import", new, "--into", corpus, "--replace")
    assert "2 contradicted, 2 replaced" in done.stdout
    wanted = CORPUS.replace("I0 | The {court} said", "A2 | The court said").replace(
        '"genre": "wire"', '"genre": "analysis"', 1
    )
    assert corpus.read_text(encoding="utf-8") == wanted


def test_two_annotators_who_agree_are_one(corpus: Path, tmp_path: Path) -> None:
    for name, text in (("x", CORPUS.replace("S2 | G", "? | G")), ("y", CORPUS.replace("? | He", "I0 | He", 1))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    both = merging.combine([*read_articles(tmp_path / "x.txt"), *read_articles(tmp_path / "y.txt")])
    assert [labels.code(row) for a in both for row in a.readable].count("?") == 1


def test_line_ends_and_blank_lines_stay(corpus: Path) -> None:
    corpus.write_bytes(CORPUS.replace("\n", "\r\n").encode())

    def change(rows: list[dict[str, str]]) -> None:
        rows[3] |= {"label": "state_media_claim", "grade": "0"}

    assert framing("labels", "import", table(corpus, change), "--into", corpus).returncode == 0
    assert corpus.read_bytes() == CORPUS.replace("? | He", "S0 | He", 1).replace("\n", "\r\n").encode()


def _set(at: int, **values: str) -> Callable[[list[dict[str, str]]], None]:
    return lambda rows: rows[at].update(values)


def _shift(rows: list[dict[str, str]]) -> None:
    for row in rows[3:6]:
        row |= {"start": str(int(row["start"]) + 1), "end": str(int(row["end"]) + 1)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set(2, label="fake_news"), "new.csv:4: unknown label 'fake_news'"),
        (_set(2, grade="3"), "new.csv:4: label 'independent_report' with grade 3"),
        (_set(2, kind="footer"), "new.csv:4: unknown kind"),
        (_set(2, mention_end="900"), "new.csv:4: the mention 4–900"),
        (_set(2, text="The court said."), "new.csv:4: line 2 reads 'The court said.'"),
        (_set(2, index="1e300"), "article 'a' lacks line 2"),
        (_shift, "new.csv:5: shifted offsets"),
        (lambda rows: [*rows, rows[2]], "line 2 of article 'a' stands already at"),
        (lambda rows: [row for row in rows if row["label"] in ("state_media_claim", "")], "all 3 labels are S"),
        (lambda rows: [row | {"label": "", "grade": ""} for row in rows], "no label in it"),
        (lambda rows: [], "no articles in it"),
        (lambda rows: [{"article": "c", **rows[2]} | {"article": "c"}], "article 'c' lacks line 0"),
    ],
)
def test_a_bad_table_is_refused_and_the_data_stay(corpus: Path, change: Any, message: str) -> None:
    new, before = table(corpus, change), state(corpus)
    assert message in refused("labels", "import", new, "--into", corpus)
    assert state(corpus) == before


def test_one_class_is_taken_where_it_is_asked_for(corpus: Path) -> None:
    new = table(corpus, lambda rows: [row for row in rows if row["label"] in ("state_media_claim", "")])
    assert framing("labels", "import", new, "--into", corpus, "--one-class").returncode == 0


def _spans(change: Callable[[dict[str, Any]], Any]) -> str:
    row = json.loads(exchange.render(hand_made()[:1], "doccano", {}))
    change(row)
    return json.dumps(row)


def _two_annotators() -> str:
    tasks = json.loads(exchange.render(hand_made(), "labelstudio", {}))
    second = json.loads(json.dumps(tasks[0]["annotations"][0]))
    second["result"][2]["value"]["labels"] = ["state_media_claim/0"]
    tasks[0]["annotations"].append(second)
    return json.dumps(tasks)


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("e.csv", b"", "new.csv:1: the table lacks the column article"),
        ("e.json", b"[]", "no articles in it"),
        ("e.jsonl", b"", "not a format of labels"),
        ("e.txt", HEAD.encode(), "article 'a' has no sentence"),
        ("e.json", b"[{", "e.json:1: not JSON"),
        ("e.json", b'[{"text": "x"}]', 'e.json:1: no "data"'),
        (
            "e.jsonl",
            b'{"text": "A man.", "label": [[0, 6]], "article": "x"}',
            "e.jsonl:1: not laid out as it should be",
        ),
        ("e.jsonl", b'{"text": "A man.", "label": [[0, 6, "unlabelled"]]}', 'e.jsonl:1: no "article"'),
        ("e.jsonl", '{"text": "caf\u00e9", "label": []}'.encode("cp1252"), "not UTF-8 (byte 13)"),
        (
            "e.jsonl",
            _spans(lambda r: r["label"][2].__setitem__(0, r["label"][2][0] + 3)).encode(),
            "is not exactly the sentence at",
        ),
        ("e.jsonl", _spans(lambda r: r["label"][0].__setitem__(2, "good")).encode(), "e.jsonl:1: unknown label 'good'"),
        ("e.jsonl", _spans(lambda r: r.update(text=" " + r["text"])).encode(), "shifted offsets"),
        ("e.json", _two_annotators().encode(), "conflicting annotators"),
        ("e.txt", CORPUS.replace('"b"', '"a"', 1).encode(), "article 'a' stands already at"),
    ],
)
def test_a_bad_file_is_refused_and_the_data_stay(
    corpus: Path, tmp_path: Path, name: str, body: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(body)
    before = state(corpus)
    assert message.replace("new.csv", name) in refused("labels", "import", tmp_path / name, "--into", corpus)
    assert state(corpus) == before


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
        labels.write_articles(exchange.read_labels(file, form))


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    texts = {tmp_path / "a": "new", tmp_path / "b": "new", tmp_path / "no" / "c": "new"}
    with pytest.raises(FramingError, match="No such file"):
        cli_labels._write_all(texts)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_conflicting_files_and_a_bad_target_are_refused(corpus: Path, tmp_path: Path) -> None:
    before = state(corpus)
    (tmp_path / "x.txt").write_text(CORPUS, encoding="utf-8")
    (tmp_path / "y.txt").write_text(CORPUS.replace("S2 | G", "A1 | G"), encoding="utf-8")
    said = refused("labels", "import", tmp_path / "x.txt", tmp_path / "y.txt", "--into", corpus, "--replace")
    assert "y.txt:12: article 'b', line 1: A1, but S2 at" in said
    assert "annotators disagree 1 times" in said
    (tmp_path / "plain.txt").write_text("Not labelled.")
    assert "not a file of labelled articles" in refused(
        "labels", "import", tmp_path / "x.txt", "--into", tmp_path / "plain.txt"
    )
    assert "no such folder" in refused("labels", "import", tmp_path / "x.txt", "--into", tmp_path / "no" / "new.txt")
    assert state(corpus) == before


@pytest.mark.parametrize("command", ["import", "export", "add", "check", "stats", "compare"])
def test_every_command_of_labels_has_help_with_an_example(command: str) -> None:
    done = framing("labels", command, "--help")
    assert done.returncode == 0
    assert f"Example: framing labels {command}" in done.stdout
    assert f"framing labels {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
