"""The bar on a terminal: the same for every command, and none before two seconds of work."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from command import framing
from labelling import CORPUS
from measured import PLAN, many, noisy

from framing import cli_evaluate, progress
from framing.labelled import LabelledSet


class Bar:
    """Keeps what rich's bar would show: each stage's name and total, and how much of it was done."""

    def __init__(self) -> None:
        self.shown: dict[int, list[object]] = {}
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False

    def add_task(self, name: str, total: int | None) -> int:
        self.shown[len(self.shown)] = [name, total, 0]
        return len(self.shown) - 1

    def remove_task(self, task: int) -> None:
        assert task in self.shown

    def update(self, task: int, completed: int, total: int | None) -> None:
        self.shown[task][1:] = [total, completed]


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Bar:
    """A terminal on which every piece of work is a long one."""
    made = Bar()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setattr(progress, "WAIT", 0.0)
    monkeypatch.setattr(progress, "_bar", lambda: made)
    return made


def test_work_under_two_seconds_shows_nothing(bar: Bar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "WAIT", 2.0)
    with progress.Progress() as shown:
        assert list(shown.each("quick", [1, 2, 3])) == [1, 2, 3]
    assert bar.shown == {}


def test_evaluate_has_a_stage_a_model(bar: Bar) -> None:
    found = many(3, 6)
    models = noisy(found, 0.6, name="mine"), [noisy(found, 0.4, name="theirs")]
    cli_evaluate._evaluated(cli_evaluate._read(LabelledSet("a set", found)), *models, PLAN)
    assert list(bar.shown.values()) == [["mine", 3, 3], ["theirs", 3, 3]]
    assert not bar.running


def test_export_shows_how_much_is_read(bar: Bar, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(CORPUS, encoding="utf-8")
    done = framing("labels", "export", tmp_path / "one.txt", "--model", "baseline", "--order", "certain")
    assert done.returncode == 0, done.stderr
    assert list(bar.shown.values()) == [["reading by baseline", 2, 2]]
    assert not bar.running
