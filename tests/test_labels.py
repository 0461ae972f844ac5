"""The commands of labels: export, add, check, stats, compare, import."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command import framing, refused
from conftest import ROOT
from labelling import CORPUS, DATA, HEAD, OTHER, bare, hand_made

from framing import agreement, exchange, labels, line_format, merging
from framing.dataset import read_articles
from framing.schema import FramingError


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


def test_export_takes_a_folder_of_plain_articles(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text("Leader hails troops\n\nThe ministry said that it was ready.\n")
    done = framing("labels", "export", tmp_path, "--drafts")
    assert [json.loads(line)["article"] for line in done.stdout.splitlines()] == ["one", "two"], done.stderr


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
    assert [line_format.code(s) for s in draft.sentences] == ["?h", "X", *"??????"]
    assert {row.text for row in draft.sentences[2:]} == {"The ministry in Pyongyang said on Monday that it was ready."}
    assert (draft.event, draft.outlet, draft.state_outlet, draft.date) == ("kim", "KCNA", True, "2026-01-02")
    assert "kim" not in {a.id for a in read_articles(corpus)}
    before = state(corpus)
    assert "stands already" in refused("labels", "add", tmp_path / "kim.txt", "--into", corpus)
    (tmp_path / "kcna.2024.1").write_text("MOSCOW, May 21. /TASS/. The ministry said on Monday that it was ready.")
    assert framing("labels", "add", tmp_path / "kcna.2024.1", "--into", corpus).returncode == 0
    (signed,) = [a for a in read_articles(corpus, drafts=True) if a.id == "kcna.2024.1"]
    assert (signed.outlet, signed.state_outlet) == ("TASS", True)
    before = state(corpus)
    (tmp_path / "c.txt").write_text("Some {braces} stand in this sentence here.")
    assert "braces" in refused("labels", "add", tmp_path / "c.txt", "--into", corpus.with_name("new.txt"))
    assert state(corpus) == before


@pytest.mark.parametrize("date", ["yesterday", "3 May 2026", "2026-02-31", "2026-1-5", "202601"])
def test_a_date_that_check_would_fault_is_not_taken(corpus: Path, tmp_path: Path, date: str) -> None:
    (tmp_path / "kim.txt").write_text("The ministry said on Monday that it was ready.")
    before = state(corpus)
    assert "is no date as YYYY-MM-DD" in refused(
        "labels", "add", tmp_path / "kim.txt", "--into", corpus, "--date", date
    )
    assert "is no date as YYYY-MM-DD" in refused("registry", "KCNA", "--date", date)
    assert state(corpus) == before


@pytest.mark.parametrize("date", ["2026", "2026-02", "2026-02-03"])
def test_a_date_may_be_a_month_or_a_year(corpus: Path, tmp_path: Path, date: str) -> None:
    (tmp_path / "kim.txt").write_text("The ministry said on Monday that it was ready.")
    assert framing("labels", "add", tmp_path / "kim.txt", "--into", corpus, "--date", date).returncode == 0
    assert framing("labels", "check", corpus).returncode == 0
    assert framing("registry", "KCNA", "--date", date).returncode == 0


def test_check_finds_every_fault(corpus: Path) -> None:
    good = framing("labels", "check", corpus)
    assert (good.returncode, good.stdout) == (0, "2 articles: 0 faults, 0 drafts, 0 with most labels lacking\n")
    long = "I0 | This sentence has more than eight words and stands in two articles."
    (corpus.parent / "bad.txt").write_text(
        f"{HEAD}\nQ0 | What.\nI0 | An {{open brace.\n{HEAD.replace(chr(34) + 'a' + chr(34), '1')}\n{long}\n"
        '=== {"id": "x"}\nI9 | No.\n'
        + OTHER.replace('"b"', '"c"', 1).replace("2020-05-01", "2020-13-45").replace('"e"', '"f"')
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
    assert rows[0].split("\t") == list(agreement.Dispute._fields)
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
    assert [line_format.code(row) for a in both for row in a.readable].count("?") == 1


def test_two_annotators_who_name_different_outlets_are_told_so(corpus: Path, tmp_path: Path) -> None:
    (outlet,) = {a.outlet for a in read_articles(corpus)[:1]}
    for name, text in (("x", CORPUS), ("y", CORPUS.replace(f'"outlet": "{outlet}"', '"outlet": "KCNA"', 1))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(FramingError, match=r"y\.txt:1: article .*, outlet 'KCNA', but .* at .*x\.txt:1"):
        merging.combine([*read_articles(tmp_path / "x.txt"), *read_articles(tmp_path / "y.txt")])


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
        ("e.jsonl", _spans(lambda r: r.update(state_outlet="WAHR")).encode(), "neither true nor false"),
        (
            "e.jsonl",
            (
                _spans(lambda r: None) + '\n{"article": "n", "text": "By Ann", "label": [[0, 6, "boilerplate"]]}'
            ).encode(),
            "'n' has no sentence",
        ),
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


@pytest.mark.parametrize("command", ["import", "export", "add", "check", "stats", "compare", "audit"])
def test_every_command_of_labels_has_help_with_an_example(command: str) -> None:
    done = framing("labels", command, "--help")
    assert done.returncode == 0
    assert f"Example: framing labels {command}" in done.stdout
    assert f"framing labels {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
