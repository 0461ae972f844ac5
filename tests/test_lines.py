"""Text whose lines are broken: wrapped, indented, in columns; and lines that are whole."""

from __future__ import annotations

import textwrap

import pytest

from framing.schema import Article
from framing.split import split

BODY = "The talks went on until late on Tuesday evening in the capital."


def texts(text: str) -> list[str]:
    return [s.text for s in split(Article(text))[0]]


def test_hard_wrapped_text_is_read_as_paragraphs() -> None:
    text = (
        "The foreign ministers of the two countries met in the capital on Monday\n"
        "to discuss the border. They agreed to meet again before the end of the\n"
        "year, said a spokesman who was not allowed to speak about the details of\n"
        "the talks in public.\n\nThe border has been closed since March, when shots\nwere fired.\n"
    )
    assert len(texts(text)) == 3


P1 = "The ministry said on Friday that the talks would go on until the border is open."
P2 = "It fell into the sea."
P3 = "The neighbours condemned the launch, which violates the resolutions of the council, and asked for talks in Oslo."


@pytest.mark.parametrize("indent", ["   ", "     ", "\t", "\u3000\u3000"])
@pytest.mark.parametrize("width", [45, 64, 72])
@pytest.mark.parametrize("margin", ["", "   "])
def test_an_indent_begins_a_paragraph_of_wrapped_text(indent: str, width: int, margin: str) -> None:
    paragraphs = ["OSLO (AP) -- " + P1, P2, P3, P2, P2, P1]
    wrapped = [textwrap.fill(p, width, initial_indent=margin + indent, subsequent_indent=margin) for p in paragraphs]
    found, left = split(Article("NORWAY FIRES MISSILE\n\n" + "\n".join(wrapped)))
    whole = [(s.kind, " ".join(s.text.split()), s.paragraph) for s in found]
    bodies = [("body", text, number) for number, text in enumerate([P1, P2, P3, P2, P2, P1], 1)]
    assert whole == [("headline", "NORWAY FIRES MISSILE", 0), *bodies]
    assert [s.text for s in left] == ["OSLO (AP) --"]


def test_lines_above_the_first_indent_are_told_apart() -> None:
    body = "\n".join(textwrap.fill(p, 64, initial_indent="   ") for p in (P1, P3, P2))
    found, left = split(
        Article(f"NORWAY FIRES A MISSILE INTO THE SEA AND\nSAYS SO\nBy ANN LEE\nNorway Press Writer\n{body}")
    )
    assert found[0].text == "NORWAY FIRES A MISSILE INTO THE SEA AND\nSAYS SO"
    assert [s.kind for s in found] == ["headline", "body", "body", "body"]
    assert [s.text for s in left] == ["By ANN LEE", "Norway Press Writer"]


def test_a_number_at_the_start_of_a_wrapped_line_begins_no_sentence() -> None:
    text = "\n".join(
        ["The toll of the storm on the coast of the country rose by", "40. The rest of", *textwrap.wrap(P3, 60)]
    )
    assert texts(text)[0] == "The toll of the storm on the coast of the country rose by\n40."


def test_a_flush_subhead_ends_an_indented_paragraph() -> None:
    first, second = (textwrap.fill(p, 64, initial_indent="   ") for p in (P3, P1))
    found = split(Article(f"{first}\n   {P2}\nMutual pride\n{second}\n{first}"))[0]
    assert [s.kind for s in found] == ["body", "body", "subhead", "body", "body"]


@pytest.mark.parametrize("width", [30, 40, 72])
def test_text_in_narrow_columns_is_read_as_paragraphs(width: int) -> None:
    text = "\n\n".join(textwrap.fill(p, width) for p in (P1, P3, P1))
    assert [" ".join(t.split()) for t in texts(text)] == [P1, P3, P1]


@pytest.mark.parametrize(
    "lines",
    [
        ["Leaders meet in the capital", "King praises the troops", "Talks on borders go on", "Prices fall in May"],
        ["   " + BODY, "   " + BODY, "Mutual pride", "   " + BODY, "Peace In Our Time", "   " + BODY],
        ["- The first item of the list goes on\n  and on.", "- The second item of the list goes on\n  and on."],
    ],
)
def test_lines_that_are_whole_stay_apart(lines: list[str]) -> None:
    assert texts("\n".join(lines)) == [line.strip() for line in lines]
