"""Models are put to use, refused, listed and switched; nothing in use is touched until a new one is whole."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import measured
import pytest
from command import framing as run
from conftest import ROOT

from framing import artefact, pipeline, retraining, shelf
from framing.schema import FramingError


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured.small_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def data(corpus: Path) -> pipeline.Data:
    return pipeline.load_data([corpus])


BASELINE = retraining.Choice(models=("baseline",))


def test_without_articles_to_calibrate_on_nothing_is_trained(data: pipeline.Data, tmp_path: Path) -> None:
    with pytest.raises(FramingError, match="no article is in the dev split"):
        retraining.train(replace(data, dev=[]), tmp_path, BASELINE)


def test_without_a_sentence_of_every_label_and_grade_nothing_is_trained(data: pipeline.Data, tmp_path: Path) -> None:
    mild = [a for a in data.train if all(row.grade != 2 for row in a.labelled)]
    with pytest.raises(FramingError, match="no training sentence is of grade 2, the models need some"):
        retraining.train(replace(data, train=mild), tmp_path, BASELINE)


@pytest.fixture(scope="module")
def first(data: pipeline.Data, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first") / "models"
    (outcome,) = retraining.train(data, folder, BASELINE)
    assert (outcome.used, outcome.told) == (True, None)
    return folder


@pytest.fixture
def home(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "models"))


def digest(home: Path, state: str = "in use") -> str:
    return artefact.check(shelf.folder_of(home, "baseline", state)).sha256


def test_a_card_is_written_from_the_runs_own_figures(home: Path, data: pipeline.Data) -> None:
    model = artefact.check(home / "baseline")
    card = model.file("README.md").read_text()
    assert "A sentence's provenance is not its truth" in card
    assert all(row["sha256"][:16] in card for row in model.manifest["data"])
    assert f"{sum(len(a.labelled) for a in data.test)} sentences" in card
    assert not any(row.text in card for article in data.test for row in article.labelled)


def test_a_model_as_good_replaces_the_one_in_use_and_can_be_switched_back(home: Path, data: pipeline.Data) -> None:
    before = digest(home)
    (outcome,) = retraining.train(data, home, retraining.Choice(models=("baseline",), seed=1))
    after = digest(home)
    assert outcome.used
    assert "macro_f1 is" in str(outcome.told)
    assert digest(home, "previous") == before != after
    assert shelf.switch(home, "baseline").sha256 == before
    assert digest(home, "previous") == after
    assert shelf.switch(home, "baseline").sha256 == after
    assert sorted(row.state for row in shelf.listed(home)) == ["in use", "previous"]


def test_a_worse_model_is_put_aside_unless_forced(home: Path, data: pipeline.Data) -> None:
    before = digest(home)
    flipped = pipeline.Data(train=data.train[:2], dev=data.dev, test=data.test)
    (outcome,) = retraining.train(flipped, home, BASELINE)
    assert not outcome.used
    assert "more than the drop" in str(outcome.told)
    assert digest(home) == before
    assert outcome.folder == shelf.folder_of(home, "baseline", "refused")
    (outcome,) = retraining.train(flipped, home, retraining.Choice(models=("baseline",), force=True))
    assert outcome.used
    assert digest(home) != before


def test_an_interrupted_run_leaves_the_model_in_use(
    home: Path, data: pipeline.Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(home)
    monkeypatch.setattr("framing.baseline.store", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        retraining.train(data, home, BASELINE)
    assert digest(home) == before
    assert [row.state for row in shelf.listed(home)] == ["in use"]


def test_the_same_data_and_seed_give_the_same_labels(home: Path, data: pipeline.Data, tmp_path: Path) -> None:
    retraining.train(data, tmp_path / "again", BASELINE)
    for name in ("arrays.npz", "vocabulary.json"):
        assert artefact.sha256(home / "baseline" / name) == artefact.sha256(tmp_path / "again" / "baseline" / name)


def test_without_torch_nothing_is_begun(data: pipeline.Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("framing.training", raising=False)
    monkeypatch.setitem(sys.modules, "framing.training", None)
    with pytest.raises(ModuleNotFoundError):
        retraining.train(data, tmp_path / "models", retraining.Choice(models=("baseline", "fast")))
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("finetune", [False, True])
def test_a_quick_run_is_one_epoch_that_no_export_is_judged_by(finetune: bool) -> None:
    pytest.importorskip("torch")
    found = retraining.recipe("accurate", retraining.Choice(quick=True, finetune=finetune), "mpnet")
    assert (found.epochs, found.trial) == (1, True)
    whole = retraining.recipe("accurate", retraining.Choice(finetune=True), "mpnet")
    assert (found.rate == whole.rate) is finetune  # what goes on from a model does so at the rate it always does


@pytest.mark.parametrize("in_use", [("fast",), ("accurate", "fast")])
def test_fast_goes_on_learning_from_accurate_where_that_is_in_use(
    in_use: tuple[str, ...], data: pipeline.Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch")
    for name in in_use:
        (tmp_path / name).symlink_to(ROOT / "models" / name)
    asked: list[Any] = []

    def finetune(*given: object) -> None:
        asked.extend(given)
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "finetune_transformer", finetune)
    given = replace(data, new=data.train[:1], drafts=data.test[:1])
    with pytest.raises(KeyboardInterrupt):
        retraining.train(given, tmp_path, retraining.Choice(models=("fast",), finetune=True))
    model, recipe, seen, *_, teacher = asked
    assert (model.manifest["name"], recipe.taught, seen.drafts) == ("fast", retraining.TAUGHT, given.drafts)
    assert teacher.info.name == "accurate" if "accurate" in in_use else teacher is None


def test_a_damaged_previous_model_is_not_switched_to(home: Path, data: pipeline.Data) -> None:
    with pytest.raises(FramingError, match="no previous baseline"):
        shelf.switch(home, "baseline")
    retraining.train(data, home, BASELINE)
    before = digest(home)
    (shelf.folder_of(home, "baseline", "previous") / "vocabulary.json").write_text("{}")
    with pytest.raises(FramingError, match="damaged"):
        shelf.switch(home, "baseline")
    assert digest(home) == before


@pytest.mark.parametrize("moves", [1, 2])
def test_a_killed_switch_is_taken_back_by_the_next(
    home: Path, data: pipeline.Data, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(home)
    retraining.train(data, home, retraining.Choice(models=("baseline",), seed=1))
    after, done = digest(home), 0
    move = shelf._move

    def killed(source: Path, target: Path) -> None:
        nonlocal done
        if done == moves:
            raise KeyboardInterrupt
        done += 1
        move(source, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(shelf, "_move", killed)
        shelf.switch(home, "baseline")
    assert shelf.switch(home, "baseline").sha256 == before
    assert digest(home, "previous") == after


def test_the_commands(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "baseline", home / ".previous" / "baseline")
    (home / ".previous" / "baseline" / "vocabulary.json").write_text("{}")
    listed = run("models", "list", "--home", home).stdout
    assert "in use" in listed
    assert "DAMAGED" in listed
    assert "## Limits" in run("models", "show", home / "baseline").stdout
    assert "as the manifest says" in run("models", "verify", home / "baseline").stdout
    for bad in (["switch", "baseline", "--home", home], ["verify", home / ".previous" / "baseline"]):
        done = run("models", *bad)
        assert (done.returncode, done.stdout) == (2, "")
        assert "damaged" in done.stderr
    for bad in (["switch", "../x"], ["verify", "none"], ["export", home / "baseline", tmp_path / "hf"]):
        done = run("models", *bad)
        assert done.returncode == 2, done
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_train_by_command_line_exits_1_where_a_gate_refuses(corpus: Path, tmp_path: Path) -> None:
    assert run("train", "--data", corpus, "--model", "baseline", "--out", tmp_path).returncode == 0
    facts = json.loads((corpus / "splits.json").read_text())
    kept = facts["events"]["train"]
    poor = tmp_path / "poor"
    shutil.copytree(corpus, poor)
    facts["events"]["dev"] += kept[2:]
    facts["events"]["train"] = kept[:2]
    (poor / "splits.json").write_text(json.dumps(facts))
    done = run("train", "--data", poor, "--model", "baseline", "--out", tmp_path)
    assert done.returncode == 1, done.stderr
    assert "not in use" in done.stderr
    assert run("train", "--data", poor, "--model", "baseline", "--out", tmp_path, "--force").returncode == 0


@pytest.mark.parametrize("way", ["install", "switch"])
def test_a_model_that_cannot_be_moved_leaves_the_one_in_use(
    home: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    state = "new" if way == "install" else "previous"
    shutil.copytree(home / "baseline", shelf.folder_of(home, "baseline", state))
    used, rename = home / "baseline", Path.rename
    before = digest(home)
    failed: list[Path] = []

    def full(source: Path, target: Path) -> Path:
        if target == used and not failed:
            failed.append(source)
            raise OSError(28, "No space left on device")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(FramingError, match="No space left"):
        getattr(shelf, way)(home, "baseline")
    assert digest(home) == before
    assert [row.state for row in shelf.listed(home)] == ["in use", state]


def test_without_a_new_model_none_is_put_to_use(home: Path) -> None:
    shutil.copytree(home / "baseline", shelf.folder_of(home, "baseline", "previous"))
    with pytest.raises(FramingError, match="there is no new baseline"):
        shelf.install(home, "baseline")
    assert [row.state for row in shelf.listed(home)] == ["in use", "previous"]
