"""What turns raw outputs into predictions is fitted, and not to chance."""

from __future__ import annotations

import numpy as np
import pytest

from framing.calibration import mention_margin
from framing.records import LabelledSentence
from framing.transformer import Raw

TEXT = "It rained, he said."
HE = (11, 13)


def sentences(margins: list[float], named: bool) -> list[tuple[Raw, LabelledSentence]]:
    """Sentences whose mention a network points to with these margins, and which name one or do not."""
    nothing = np.zeros(3, np.float32)
    row = LabelledSentence(TEXT, 1, 0, "body", 0, HE if named else None)
    return [(Raw(nothing, nothing[:2], HE, margin, None), row) for margin in margins]


@pytest.mark.parametrize(
    ("without_one", "expected"),
    [
        ([3.2], 0.0),  # one of 300 is what chance does
        ([1.2] * 60, 1.5),  # sixty are not
        ([-3.0] * 60, 0.0),
    ],
)
def test_the_margin_of_mentions_leaves_nought_only_for_more_than_chance(
    without_one: list[float], expected: float
) -> None:
    pairs = sentences([4.0] * 300, named=True) + sentences(without_one, named=False)
    assert mention_margin([raw for raw, _ in pairs], [row for _, row in pairs]) == expected
