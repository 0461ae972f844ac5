"""Gates: limits, another model, pinned floors; each against a model made worse on purpose."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import measured
import pytest
import yaml
from command import framing
from conftest import ROOT
from measured import gold, many, noisy

from framing.evaluation import COMPARED, Plan, evaluate
from framing.gates import (
    TOLERANCE,
    Floors,
    Pinned,
    check,
    check_drop,
    check_limits,
    dump_floors,
    hold,
    parse_limits,
    read_floors,
    update,
)
from framing.schema import FramingError

# Limits


def test_limits_are_read() -> None:
    assert parse_limits("macro_f1=0.80, ece=.05,loading_kappa=-0.1") == {
        "macro_f1": 0.8,
        "ece": 0.05,
        "loading_kappa": -0.1,
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not FIGURE=NUMBER"),
        ("macro_f1", "is not FIGURE=NUMBER"),
        ("macro_f1=", "is not a number"),
        ("=0.8", "is not FIGURE=NUMBER"),
        ("macro_f1=0.8,", "is not FIGURE=NUMBER"),
        ("macro_f1=good", "is not a number"),
        ("macro_f1=nan", "out of range"),
        ("macro_f1=80", "out of range"),
        ("ece=-0.1", "out of range"),
        ("macro=0.8", "no figure 'macro'; there are macro_f1"),
        ("ece=0.1,ece=0.2", "given twice"),
    ],
)
def test_bad_limits_are_refused(text: str, message: str) -> None:
    with pytest.raises(FramingError, match=message):
        parse_limits(text)


def test_a_figure_fails_by_what_it_lacks() -> None:
    assert check("macro_f1", 0.8, 0.8).passed
    assert check("macro_f1", 0.712, 0.8).told == "macro_f1 is 0.7120, 0.0880 under its floor of 0.8000"
    assert check("ece", 0.06, 0.05).told == "ece is 0.0600, 0.0100 over its limit of 0.0500"
    assert check("ece", 0.01, 0.05).told == "ece is 0.0100, within its limit of 0.0500"
    assert check("macro_f1", 0.9, 0.8).told == "macro_f1 is 0.9000, at or above its floor of 0.8000"
    assert not check("loading_kappa", float("nan"), -1).passed
    close = check("macro_f1", 0.7985, 0.8, TOLERANCE)
    assert close.passed
    assert close.told == "macro_f1 is 0.7985, 0.0015 under its floor of 0.8000, which is tolerated"
    assert not check("macro_f1", 0.7979, 0.8, TOLERANCE).passed


def test_an_evaluation_is_held_against_limits_and_another_model() -> None:
    found = many(12, 15)
    good, bad = noisy(found, 0.8, 1, "good"), noisy(found, 0.4, 2, "bad")
    worse = evaluate(gold(found), bad, [good], Plan("a set", rounds=100))
    assert [c.passed for c in check_limits(worse, {"macro_f1": 0.1, "accuracy": 0.9})] == [True, False]
    drop = check_drop(worse.comparisons[0], 0.01)
    lost = worse.comparisons[0].figures["macro_f1"].value - worse.figures["macro_f1"].value
    assert not drop.passed
    assert f"{lost:.4f} below good 1.0" in drop.told
    assert f"that is {lost - 0.01:.4f} more than the drop of 0.0100 allowed" in drop.told
    assert check_drop(worse.comparisons[0], lost).passed
    better = evaluate(gold(found), good, [bad], Plan("a set", rounds=100))
    assert check_drop(better.comparisons[0], 0.0).passed


# Floors

MEASURED = {
    "accurate": Pinned("aa", {"macro_f1": 0.9, "ece": 0.02}),
    "baseline": Pinned("bb", {"macro_f1": 0.8, "ece": 0.03}),
}
FLOORS = Floors("data-1", MEASURED)


def worse(macro: float, error: float = 0.02) -> dict[str, Pinned]:
    return {**MEASURED, "accurate": Pinned("aa", {"macro_f1": macro, "ece": error})}


def failed(floors: Floors, found: dict[str, Pinned], data: str = "data-1") -> list[str]:
    return [c.told for c in hold(floors, found, data) if not c.passed]


def test_floors_are_written_and_read(tmp_path: Path) -> None:
    floors = replace(FLOORS, history=({"date": "2026-01-01", "why": "because", "lowered": {}},))
    (tmp_path / "floors.json").write_text(dump_floors(floors))
    assert read_floors(tmp_path / "floors.json") == floors
    assert json.loads(dump_floors(FLOORS))["models"]["accurate"] == {"sha256": "aa", "macro_f1": 0.9, "ece": 0.02}
    for text in ("{", "[]", '{"data": "x"}', '{"data": "x", "models": {"a": {"macro_f1": 1}}}'):
        (tmp_path / "floors.json").write_text(text)
        with pytest.raises(FramingError, match="damaged"):
            read_floors(tmp_path / "floors.json")


def test_models_are_held_against_their_floors() -> None:
    assert failed(FLOORS, MEASURED) == []
    assert failed(FLOORS, worse(0.9 - TOLERANCE + 1e-6)) == []
    assert failed(FLOORS, worse(0.85)) == ["accurate: macro_f1 is 0.8500, 0.0500 under its floor of 0.9000"]
    assert failed(FLOORS, worse(0.95, 0.05)) == ["accurate: ece is 0.0500, 0.0300 over its limit of 0.0200"]


def test_a_change_of_data_or_models_needs_an_update() -> None:
    assert "the test split has changed" in failed(FLOORS, MEASURED, "data-2")[0]
    other = {**MEASURED, "accurate": Pinned("cc", {"macro_f1": 0.9, "ece": 0.02})}
    assert "has changed" in failed(FLOORS, other)[0]
    assert failed(FLOORS, {"accurate": MEASURED["accurate"]}) == ["baseline: has floors but is not there; --update"]
    assert failed(FLOORS, {**MEASURED, "fast": MEASURED["accurate"]}) == ["fast: has no floors yet; --update"]
    for text in (failed(FLOORS, MEASURED, "data-2")[0], failed(FLOORS, other)[0]):
        assert "--update" in text


def test_an_update_raises_floors_and_refuses_to_lower_one() -> None:
    assert update(None, MEASURED, "data-1", None, "2026-01-01") == (FLOORS, [])
    raised, against = update(FLOORS, worse(0.95, 0.01), "data-2", None, "2026-01-01")
    assert not against
    assert (raised.data, raised.models["accurate"].figures) == ("data-2", {"macro_f1": 0.95, "ece": 0.01})
    kept, against = update(FLOORS, worse(0.899, 0.021), "data-1", None, "2026-01-01")
    assert (kept, against) == (FLOORS, [])  # within the tolerance floors stay, so that they do not creep down
    _, against = update(FLOORS, worse(0.85), "data-1", None, "2026-01-01")
    assert [c.told for c in against] == ["accurate: macro_f1 is 0.8500, 0.0500 under its floor of 0.9000"]
    _, against = update(FLOORS, {"accurate": MEASURED["accurate"]}, "data-1", None, "2026-01-01")
    assert [c.told for c in against] == ["baseline: has floors but is not there"]


def test_a_floor_is_lowered_for_a_reason_that_stays() -> None:
    lowered, against = update(FLOORS, worse(0.85), "data-1", "relabelled", "2026-01-01")
    assert not against
    assert lowered.models["accurate"].figures == {"macro_f1": 0.85, "ece": 0.02}
    line = {
        "date": "2026-01-01",
        "why": "relabelled",
        "data": "data-1",
        "lowered": {"accurate": {"macro_f1": [0.9, 0.85]}},
    }
    assert lowered.history == (line,)
    again, _ = update(lowered, worse(0.8), "data-1", "once more", "2026-01-02")
    assert [entry["why"] for entry in again.history] == ["relabelled", "once more"]
    gone, _ = update(FLOORS, {"accurate": MEASURED["accurate"]}, "data-1", "dropped", "2026-01-01")
    assert gone.history[0]["lowered"] == {"baseline": "removed"}
    same, _ = update(FLOORS, MEASURED, "data-1", "nothing fell", "2026-01-01")
    assert same.history == ()


# The command line, with a model trained here and one made worse on purpose


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured.small_corpus(tmp_path_factory.mktemp("corpus") / "data")


@pytest.fixture(scope="module")
def good(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with one in it."""
    return measured.train_small(corpus, tmp_path_factory.mktemp("good") / "baseline").parent


@pytest.fixture(scope="module")
def bad(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured.worsen(good / "baseline", tmp_path_factory.mktemp("bad") / "baseline").parent


def test_a_worse_model_fails_the_gates_of_evaluate(corpus: Path, good: Path, bad: Path, tmp_path: Path) -> None:
    options = ("--data", corpus, "--model", bad / "baseline", "--against", good / "baseline", "--max-drop", "0.05")
    files = ("--report", tmp_path / "o.md", "--json", tmp_path / "o.json", "--html", tmp_path / "o.html")
    done = framing("evaluate", *options, *files, "--fail-under", "macro_f1=0.99,ece=1")
    assert done.returncode == 1, done.stderr
    record = json.loads((tmp_path / "o.json").read_text())
    value, theirs = (part["figures"]["macro_f1"]["value"] for part in (record, record["comparisons"][0]))
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"framing: gate failed: macro_f1 is {value:.4f}, ")
    assert "under its floor of 0.9900" in lines[0]
    assert f"which has {theirs:.4f}" in lines[1]
    assert "more than the drop of 0.0500 allowed" in lines[1]
    assert len(lines) == 2
    assert [c["passed"] for c in record["checks"]] == [False, True, False]
    assert "❌" in (tmp_path / "o.md").read_text()
    assert (tmp_path / "o.html").read_text().startswith("<!DOCTYPE html>")
    assert "macro-F1" in done.stdout


def test_a_good_model_passes_on_a_labelled_file(corpus: Path, good: Path, bad: Path) -> None:
    file = corpus / "articles" / "kp-1.txt"
    done = framing(
        "evaluate",
        "--model",
        good / "baseline",
        "--split",
        file,
        "--against",
        bad / "baseline",
        "--fail-under",
        "macro_f1=0.3",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "passed: macro_f1" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--fail-under", "macro_f1=much"), "is not a number"),
        (("--max-drop", "0.1"), "goes with --against"),
        (("--gold", "x", "--split", "test"), "give one of them"),
        (("--split", "dev", "--floors", "floors.json"), "--floors are of the test split"),
        (("--split", "nowhere.txt"), "no such file"),
        (("--html", "no/such/folder/o.html"), "no such folder"),
        (("--against", "nobody"), "no model 'nobody'"),
    ],
)
def test_bad_usage_of_evaluate_exits_2(good: Path, options: tuple[str, ...], message: str) -> None:
    done = framing("evaluate", *options, FRAMING_MODELS=str(good))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_gate_holds_lifts_and_refuses(corpus: Path, good: Path, bad: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    common = ("gate", "--data", corpus, "--floors", floors)
    first = framing(*common, FRAMING_MODELS=str(good))
    assert first.returncode == 1
    assert f"there is no {floors}" in first.stderr
    assert framing(*common, "--update", FRAMING_MODELS=str(good)).returncode == 0
    pinned = read_floors(floors)
    assert set(pinned.models["baseline"].figures) == set(COMPARED)
    assert framing(*common, FRAMING_MODELS=str(good)).returncode == 0
    beside = ("evaluate", "--model", "baseline", "--data", corpus, "--floors", floors)
    held = framing(*beside, FRAMING_MODELS=str(good))
    assert held.returncode == 0, held.stderr
    assert held.stdout.count("passed: baseline: ") == len(COMPARED)
    fallen = framing(*beside, FRAMING_MODELS=str(bad))
    assert fallen.returncode == 1
    assert "gate failed: baseline: macro_f1 is " in fallen.stderr

    report = tmp_path / "gate.md"
    fallen = framing(*common, "--report", report, FRAMING_MODELS=str(bad))
    assert fallen.returncode == 1
    assert "gate failed: baseline: macro_f1 is " in fallen.stderr
    assert f"under its floor of {pinned.models['baseline'].figures['macro_f1']:.4f}" in fallen.stderr
    assert "has changed: its manifest's SHA-256" in fallen.stderr
    assert "❌ FAILED: baseline: macro\\_f1" in report.read_text()

    refused = framing(*common, "--update", FRAMING_MODELS=str(bad))
    assert refused.returncode == 1
    assert "only with --allow-regression" in refused.stderr
    assert read_floors(floors) == pinned
    lowered = framing(*common, "--update", "--allow-regression", "made worse on purpose", FRAMING_MODELS=str(bad))
    assert lowered.returncode == 0
    assert read_floors(floors).history[0]["why"] == "made worse on purpose"
    assert framing(*common, FRAMING_MODELS=str(bad)).returncode == 0


def test_bad_usage_of_gate_exits_2(tmp_path: Path, corpus: Path) -> None:
    for options, message in (
        (("--allow-regression", "why"), "goes with --update"),
        (("--update", "--allow-regression", " "), "says why"),
        (("--update", "--data", corpus), "no models here"),
        (("--report", tmp_path), "is a folder"),
    ):
        done = framing("gate", *options, FRAMING_MODELS=str(tmp_path))
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr


# What CI runs


def test_the_workflow_runs_what_make_runs() -> None:
    found = yaml.safe_load((ROOT / ".github" / "workflows" / "evaluate.yml").read_text())
    triggers = found[True]  # YAML takes "on" for true
    for event in ("push", "pull_request"):
        assert {"data/**", "models/**", "framing/**"} <= set(triggers[event]["paths"])
    steps = found["jobs"]["evaluate"]["steps"]
    assert "make evaluate" in [step.get("run") for step in steps]
    assert any("GITHUB_STEP_SUMMARY" in step.get("run", "") for step in steps)
    (upload,) = (step for step in steps if "upload-artifact" in step.get("uses", ""))
    assert "evaluation.html" in upload["with"]["path"]
    assert "evaluation.json" in upload["with"]["path"]
    assert "make evaluate" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="the action runs bash")
@pytest.mark.parametrize(("limit", "code"), [("", 0), ("macro_f1=0.999", 1)])
def test_the_action_evaluates_and_fails_on_a_gate(
    corpus: Path, good: Path, tmp_path: Path, limit: str, code: int
) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (step,) = (s for s in action["runs"]["steps"] if s.get("id") == "evaluate")
    given = {
        "model": str(good / "baseline"),
        "labels": str(corpus / "articles" / "kp-1.txt"),
        "fail-under": limit,
        "name": "a b/../c",
    }
    values = {name: given.get(name, facts["default"]) for name, facts in action["inputs"].items()}
    env = {}
    for variable, value in step["env"].items():
        name = value.removeprefix("${{ inputs.").removesuffix(" }}")
        assert name in values
        env[variable] = values[name]
    assert "${{" not in step["run"]  # an input that reached the shell's text could run
    shim = tmp_path / "framing" / "bin" / "framing"
    shim.parent.mkdir(parents=True)
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m framing "$@"\n')
    shim.chmod(0o755)
    env |= {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "out"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    bash = shutil.which("bash") or "bash"
    command = [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == code, done.stderr
    assert (tmp_path / "summary").read_text().startswith("# baseline on ")
    outputs = dict(line.split("=", 1) for line in (tmp_path / "out").read_text().splitlines())
    assert json.loads(Path(outputs["json"]).read_text())["schema"] == "framing-evaluation/1"
    assert Path(outputs["html"]).parent == tmp_path / "a-b-..-c"
