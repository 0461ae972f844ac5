"""The house's own rules, read from the code: who imports whom, and how long things are."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
from conftest import ROOT

# A module imports only from a lower layer.
LAYERS = {
    "schema": 0, "letters": 0, "datelines": 0, "exports": 0.2, "turns": 0, "furniture": 0.5, "lines": 0.7,
    "registry": 1, "blocks": 1, "artefact": 1, "metrics": 1, "fetch": 1, "dataset": 1, "quotes": 1, "summary": 1, "naming": 1,
    "limits": 1, "dates": 1, "json_lines": 1, "walk": 1, "parquet": 1, "progress": 1, "terminal": 1,
    "introduced": 1.5, "mentions": 2, "web": 1, "split": 2, "read": 2, "encoders": 2,
    "document": 3, "cues": 3, "standoff": 3,
    "items": 3,
    "labels": 3.5, "offices": 3.5, "described": 3.5, "voice": 1, "discourse": 3.7, "speaker": 3.5, "inputs": 4, "attribution": 4, "loading": 4, "slices": 4, "merging": 4, "spans": 4,
    "baseline": 5, "transformer": 5, "scoring": 5, "tables": 5,
    "restore": 5, "shelf": 5,
    "calibration": 6, "network": 6, "outliers": 6, "fusion": 6, "annotator": 6, "report": 6, "markup": 6, "layout": 6, "evaluation": 6,
    "exchange": 6, "export": 7, "training": 7, "page": 7, "review": 7, "agreement": 7, "sink": 7,
    "labelled": 7, "estimator": 7, "spacy_component": 7, "gates": 7, "evaluation_tables": 7, "charts": 7,
    "pipeline": 8, "output": 8, "workfolder": 8, "evaluation_text": 8, "evaluation_page": 8,
    "card": 9, "retraining": 10, "cli_models": 9,
    "audit": 9, "worker": 9, "cli_labels": 10, "cli_evaluate": 9, "crew": 10, "cluster": 10, "batch": 11,
    "cli": 12, "__main__": 13, "__init__": 13,
}  # fmt: skip
MODULES = sorted((ROOT / "framing").glob("*.py"))
HEAVY = ("torch", "transformers", "datasets", "accelerate", "onnx", "sklearn", "scipy", "pandas", "spacy")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_imports_point_down(path: object) -> None:
    own = LAYERS[path.stem]  # type: ignore[attr-defined]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):  # type: ignore[attr-defined]
        names = []
        if isinstance(node, ast.ImportFrom) and node.module == "framing":
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("framing."):
            names = [str(node.module).split(".")[1]]
        for name in names:
            if name in LAYERS:
                assert LAYERS[name] < own or path.stem in ("__init__", "__main__"), f"{path.stem} imports {name}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_files_and_functions_stay_small(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
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
