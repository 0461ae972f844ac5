"""Nothing an article brings along steers the terminal, whatever is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import framing, refused
from labelling import CORPUS

from framing import audit, terminal
from framing.dataset import read_articles

STEERS = "\x1b]0;owned\x07 \x9b31m\u202e"
TEXT = "The ministry said on Monday that it was ready. Analysts doubt it."


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """An article whose own path would rename the terminal's window, and whose date is read as none."""
    row = {"text": TEXT, "path": f"a{STEERS}b", "date": "yesterday"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return tmp_path / "a.jsonl"


def inert(text: str) -> bool:
    return not set("\x1b\x07\x9b\u202e") & set(text)


def test_a_message_is_one_line_that_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.tell(f"a{STEERS}\nb")
    assert capsys.readouterr().err == "framing: a\ufffd]0;owned\ufffd \ufffd31m\ufffd b\n"


def test_notes_and_faults_of_an_article_are_inert(stranger: Path) -> None:
    done = framing("predict", stranger, "--model", "baseline")
    assert "'yesterday' read as none" in done.stderr
    assert inert(done.stderr + done.stdout)
    stranger.write_text(json.dumps({"text": TEXT, "path": f"a{STEERS}b"}))
    said = refused("predict", stranger, "--model", "baseline", "--max-sentences", 1)
    assert "over the limit of 1" in said
    assert inert(said)


def test_drafts_are_named_inertly(stranger: Path, tmp_path: Path) -> None:
    done = framing("labels", "add", stranger, "--into", tmp_path / "new.txt")
    assert done.returncode == 0, done.stderr
    assert "'yesterday' read as none" in done.stderr
    assert "2 sentences to label" in done.stdout
    assert inert(done.stderr + done.stdout)


def test_lists_of_labels_are_inert(tmp_path: Path) -> None:
    body = CORPUS.replace('"wire"', json.dumps(STEERS)).replace("The {court}", f"The {STEERS} {{court}}")
    (tmp_path / "a.txt").write_text(body.replace('"id": "a"', f'"id": {json.dumps(STEERS)}'), encoding="utf-8")
    (tmp_path / "b.txt").write_text(CORPUS, encoding="utf-8")
    for command in (("stats",), ("check",), ("compare", tmp_path / "b.txt")):
        done = framing("labels", *command, tmp_path / "a.txt")
        assert done.returncode == 0, done.stderr
        assert inert(done.stdout + done.stderr), command


def test_an_audit_is_inert(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CORPUS.replace("The plan", f"The {STEERS} plan"), encoding="utf-8")
    article = read_articles(tmp_path / "a.txt")[1]
    row = article.sentences[2]
    told = audit.to_text(
        [audit.Suspect(article, row, 0, 1, 0.1)],
        [audit.Duplicate((article, row), (article, row), 0.9)],
        [audit.Cue(STEERS, 0, 30, 1.0)],
        5,
    )
    assert told.count("owned") == 3
    assert inert(told)
