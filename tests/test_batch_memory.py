"""A batch's memory, as benchmarks/batch.py measures it."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from framing import artefact


@pytest.fixture
def benchmark() -> object:
    spec = importlib.util.spec_from_file_location("batch_benchmark", ROOT / "benchmarks" / "batch.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path, benchmark: object) -> None:
    peaks = []
    for count in (400, 4000):
        source = tmp_path / f"{count}.jsonl"
        source.write_text(
            "".join(json.dumps({"text": f"Spokesman Ivan Petrov{n} said it."}) + "\n" for n in range(count))
        )
        args = benchmark.predict(source, tmp_path / "out.jsonl", artefact.find("baseline"), 1)  # type: ignore[attr-defined]
        peaks.append(benchmark.measured(args)[1])  # type: ignore[attr-defined]
        assert len((tmp_path / "out.jsonl").read_text().splitlines()) == count
    assert peaks[1] < 1.1 * peaks[0] + 5, peaks
