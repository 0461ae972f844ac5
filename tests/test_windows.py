"""What training meets of the windows: batches of one length, marks that are left out by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

torch = pytest.importorskip("torch")

from framing import dataset, inputs, training  # noqa: E402
from framing.mentions import Finder  # noqa: E402

TOKENIZER = ROOT / "models" / "accurate" / "tokenizer.json"


@pytest.fixture(scope="module")
def examples(finder: Finder) -> list[training.Example]:
    articles = dataset.read_articles(Path(ROOT / "data" / "articles" / "kp-1.txt"))[:9]
    return training.examples(articles, inputs.load_tokenizer(TOKENIZER), finder)


def test_batches_keep_to_one_length_in_every_epoch(examples: list[training.Example]) -> None:
    recipe = training.Recipe(epochs=3, batch=8)
    rows = training.Windows(examples, (0, 2), recipe).rows
    once = len(training.Windows(examples, (0, 2), replace(recipe, epochs=1)).rows)
    assert once % recipe.batch, "an epoch has to leave a remainder here"
    sizes = [len(window.ids) for window, _ in rows]
    whole = recipe.epochs * (once // recipe.batch)
    batches = [sizes[i : i + recipe.batch] for i in range(0, whole * recipe.batch, recipe.batch)]
    assert all(batch == sorted(batch) for batch in batches)
    assert len({batch[0] for batch in batches}) > 1


def test_a_name_loses_its_marks_as_a_whole(examples: list[training.Example]) -> None:
    torch.manual_seed(0)
    rows = training.Windows(examples, (0, 2), training.Recipe(epochs=1)).rows
    whole, left = (training.Collator(1, share)(rows)["marks"] for share in (0.0, 0.3))
    names = whole < inputs.MARKS.index("outlet_state")
    assert (whole[~names] == left[~names]).all()
    lost = (whole != left) & names
    same = (whole[:, 1:] == whole[:, :-1]) & (whole[:, 1:] > 0) & names[:, 1:]
    assert (lost[:, 1:] == lost[:, :-1])[same].all()
    share = lost[(whole > 0) & names].float().mean()
    assert 0.15 < share < 0.45
