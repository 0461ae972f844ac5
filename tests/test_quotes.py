from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.quotes import Quotations, quoted


def found(text: str) -> list[str]:
    return [text[a:b] for a, b in quoted(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “yes” and “no”.", ["“yes”", "“no”"]),
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("the North's 'heroic' troops' feats", ["'heroic'"]),
        ("Moscow’s ‘special operation’ in Kyiv’s suburbs", ["‘special operation’"]),
        ("``We cannot stop,'' he said.", ["``We cannot stop,''"]),
        ("“She told me ‘go’ and I went,” he said.", ["“She told me ‘go’ and I went,”"]),
        ("“It is not closed here.\n\n“But it is here,” he said.", ["“It is not closed here.", "“But it is here,”"]),
        ("the claim “courage and skill.’ This is new.", ["“courage and skill.’"]),
        ("no quotation, only the workers' and bosses' rights", []),
        ('an inch is 1" and no more', []),
        ("“left open", ["“left open"]),
        ("``We will win\nand go on,'' he said.", ["``We will win"]),
        ("„Sieg“, sagte er, und „Frieden”.", ["„Sieg“", "„Frieden”"]),
        ("in the '60s „We won“ was sung", ["„We won“"]),
        ("closed only”", []),
        ("", []),
    ],
)
def test_quotations_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_places_are_inside_or_not() -> None:
    text = "He called it “a heroic dispatch” of troops."
    quotations = Quotations(text)
    at = text.index("heroic")
    assert quotations.inside(at, at + 6)
    assert not quotations.inside(text.index("troops"), text.index("troops") + 6)
    assert quotations.share(0, len(text)) == pytest.approx(19 / len(text))
    assert len(quotations.blanked()) == len(text)
    assert "heroic" not in quotations.blanked()


@given(st.text(alphabet="ab .,“”„\"'‘’«»`\n", max_size=60))
def test_any_marks_give_ordered_spans_within_the_text(text: str) -> None:
    spans = quoted(text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(x[1] <= y[0] for x, y in pairwise(spans))
    assert "\n" not in "".join(found(text))
