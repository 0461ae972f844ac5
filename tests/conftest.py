"""Fixtures shared by the tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from framing import registry
from framing.annotator import Annotator, load
from framing.mentions import Finder

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "data" / "seeds").glob("*.txt"))


def run_readme(part: str, **names: object) -> None:
    """Run the Python of the README's code block that holds `part`, with what it takes for granted."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (block,) = [found for found in blocks if part in found]
    exec(block, names)


@pytest.fixture(scope="session")
def finder() -> Finder:
    return Finder(registry.builtin())


@pytest.fixture(scope="session")
def baseline() -> Annotator:
    return load("baseline")


@pytest.fixture(scope="session")
def accurate() -> Annotator:
    return load("accurate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test goes first: at the end one process would work at it alone."""
    items.sort(key=lambda item: "goes_on_from_the_same_labels" not in item.name)
