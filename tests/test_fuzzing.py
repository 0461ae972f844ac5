"""What fuzzing kept is gone through again; tests/fuzzing.py says how to look for more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import FOLDER, TARGETS


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name[:8]}")
def test_nothing_but_a_message_comes_of_any_bytes(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())


def test_every_target_has_a_corpus() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == set(TARGETS)
