"""Fixtures shared by the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from framing import registry
from framing.annotator import Annotator, load
from framing.mentions import Finder

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "data" / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def finder() -> Finder:
    return Finder(registry.builtin())


@pytest.fixture(scope="session")
def baseline() -> Annotator:
    return load("baseline")


@pytest.fixture(scope="session")
def accurate() -> Annotator:
    return load("accurate")
