"""A user's story end to end: articles out for review, corrected, back in, retrained, held against the old model."""

from __future__ import annotations

import json
from pathlib import Path

import measured
import pytest
from command import framing
from conftest import ROOT

from framing import artefact, dataset, shelf

CORRECTED = 10


def corrected(tasks: list[dict[str, object]]) -> int:
    """Answer every task with the model's prediction, but for CORRECTED labels; returns how many were changed."""
    changed = 0
    for task in tasks:
        (prediction,) = task.pop("predictions")  # type: ignore[misc]
        for region in prediction["result"]:
            labels = region["value"].get("labels", [])
            if changed < CORRECTED and labels and labels[0].startswith(("state_media_claim/", "independent_report/")):
                labels[0] = "analyst_speculation/" + labels[0].split("/")[1]
                changed += 1
        task["annotations"] = [{"result": prediction["result"]}]
    return changed


@pytest.mark.slow
def test_from_doubtful_sentences_to_a_model_that_a_gate_lets_through(tmp_path: Path) -> None:
    corpus, home, new = measured.small_corpus(tmp_path / "data"), tmp_path / "models", tmp_path / "new"
    assert framing("train", "--data", corpus, "--model", "baseline", "--out", home).returncode == 0
    before = artefact.check(home / "baseline").sha256

    (tmp_path / "incoming").mkdir()
    for article in dataset.read_articles(ROOT / "data" / "articles" / "wire-1.txt")[:6]:
        (tmp_path / "incoming" / f"{article.id}.txt").write_text(article.place()[0])
    texts = sorted((tmp_path / "incoming").glob("*.txt"))
    tasks = tmp_path / "tasks.json"
    done = framing(
        *("labels", "export", *texts, "--format", "labelstudio", "--model", home / "baseline"),
        *("--order", "certain", "--limit", 50, "-o", tasks),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(tasks.read_text())
    assert corrected(found) == CORRECTED
    tasks.write_text(json.dumps(found))

    (new / "articles").mkdir(parents=True)
    done = framing("labels", "import", tasks, "--into", new / "articles" / "new.txt")
    assert done.returncode == 0, done.stderr
    labels = [row.label for a in dataset.read_articles(new / "articles") for row in a.labelled]
    assert len(labels) >= 50
    assert labels.count(2) >= CORRECTED

    done = framing("train", "--data", corpus, "--data", new, "--model", "baseline", "--out", home)
    assert done.returncode in (0, 1), done.stderr
    assert "macro_f1 is" in done.stderr
    if done.returncode == 0:
        assert artefact.check(shelf.folder_of(home, "baseline", "previous")).sha256 == before
        assert artefact.check(home / "baseline").sha256 != before
        older = shelf.folder_of(home, "baseline", "previous")
    else:
        assert artefact.check(home / "baseline").sha256 == before
        older = shelf.folder_of(home, "baseline", "refused")
    done = framing(
        *("evaluate", "--model", home / "baseline", "--data", corpus, "--against", older, "--max-drop", 1),
        *("--report", tmp_path / "report.md"),
    )
    assert done.returncode == 0, done.stderr
    assert "p = " in (tmp_path / "report.md").read_text()
