"""The house's own rules, read from the code: who imports whom, and how long things are."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "framing"
MODULES = sorted(PACKAGE.glob("*.py"))
HEAVY = ("torch", "transformers", "datasets", "accelerate", "onnx", "sklearn", "scipy", "pandas", "spacy")


def groups() -> dict[str, list[str]]:
    """CONTRIBUTING.md's groups of modules, in its order."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("| --- | --- | --- |\n")[2]
    rows = [line.strip("| ").replace("\\", "").split(" | ") for line in table.partition("\n\n")[0].splitlines()]
    return {name: modules.split(", ") for name, _, modules in rows}


GROUPS = groups()


def imported(path: Path) -> set[str]:
    """The modules of framing that a module imports, at once, later or for types alone."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "framing":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("framing."):
            names.add(str(node.module).split(".")[1])
    return names & {module.stem for module in MODULES}


def test_every_module_stands_in_one_group() -> None:
    assert sorted(name for modules in GROUPS.values() for name in modules) == [path.stem for path in MODULES]


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_imports_only_from_itself_and_those_above_it_in_the_table(group: str) -> None:
    names = [*GROUPS]
    reachable = {module for name in names[: names.index(group) + 1] for module in GROUPS[name]}
    for module in GROUPS[group]:
        assert imported(PACKAGE / f"{module}.py") <= reachable, f"{module} imports from a group below {group}"


@pytest.mark.parametrize("group", GROUPS)
def test_inside_a_group_no_imports_run_in_a_circle(group: str) -> None:
    own = {module: imported(PACKAGE / f"{module}.py") & {*GROUPS[group]} for module in GROUPS[group]}
    TopologicalSorter(own).prepare()  # raises CycleError with the circle


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 50, node.name


@pytest.mark.parametrize("model", ["baseline", "accurate"])
def test_predicting_loads_nothing_heavy(model: str) -> None:
    code = (
        "import sys; from framing.annotator import load; "
        f"load({model!r})('The ministry said it was ready. Analysts disagree.'); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_module_loads_pickles() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        found = re.search(
            r"pickle\.load|joblib\.load|torch\.load|allow_pickle=True|yaml\.load|(?<![.\w])(?:eval|exec)\(", text
        )
        assert not found, f"{path.name}: {found}"


def test_every_target_of_the_makefile_has_a_recipe() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (names,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    without = [name for name in names.split() if not re.search(rf"^{name}:.*\n\t", makefile, re.MULTILINE)]
    assert without == []


def test_helps_hold_no_mark_up_of_richs() -> None:
    """It takes "[default: …]" in a help text for mark-up and drops it."""
    for path in MODULES:
        assert "[default:" not in path.read_text(encoding="utf-8"), path.name
