"""Where a text quotes: spans between quotation marks, whatever marks and however many are missing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from framing.schema import Span

_MARK = re.compile(r"[“”„«»\"‘’\n]|``|''|'")
_DOUBLE = {"“": ("”", '"'), "„": ("“", "”", '"'), "«": ("»",), '"': ('"',), "``": ("''",)}  # what opens, what closes it
_SINGLE = {"‘": "’", "'": "'"}
CLOSES = 200  # characters in which the right mark would stand, were the single one no slip of the pen
LONGEST_SINGLE = 300  # characters between single marks; beyond that they were apostrophes


def quoted(text: str) -> list[Span]:
    """The outermost quotations of a text in order, marks included; never raises.

    A quotation that is not closed ends with its paragraph (line); the news habit of opening every
    paragraph of a long quotation anew and closing only the last comes out as one span a paragraph.
    """
    spans: list[Span] = []
    start, opener = -1, ""
    for match in _MARK.finditer(text):
        mark, at = match[0], match.start()
        if mark == "\n":
            if start >= 0 and opener in _DOUBLE:  # a single mark left open was an apostrophe
                spans.append((start, at))
            start = -1
        elif start < 0:
            if _opens(text, mark, at):
                start, opener = at, mark
        elif _closes(text, mark, at, opener):
            if opener in _DOUBLE or at - start <= LONGEST_SINGLE:
                spans.append((start, match.end()))
            start = -1
        elif opener in _SINGLE and mark in _DOUBLE and _opens(text, mark, at):
            start, opener = at, mark
    if start >= 0 and opener in _DOUBLE:
        spans.append((start, len(text)))
    return spans


def _opens(text: str, mark: str, at: int) -> bool:
    """Whether a mark opens a quotation here."""
    before = text[at - 1] if at else " "
    after = text[at + 1 : at + 2]
    if mark == '"':
        return not after.isspace() and (not before.isalnum() or after.isalnum())
    if mark in _SINGLE:
        return not before.isalnum() and after.isalnum() and not (mark == "'" and before in "’'")
    return mark in _DOUBLE


def _closes(text: str, mark: str, at: int, opener: str) -> bool:
    if opener in _SINGLE:
        return mark == _SINGLE[opener] and not text[at + 1 : at + 2].isalnum()
    return mark in _DOUBLE[opener] or (mark == "’" and "”" in _DOUBLE[opener] and _stray(text, at))


def _stray(text: str, at: int) -> bool:
    """Whether a single mark closes a double one, as in “courage and skill.’ The …"""
    return (
        text[at - 1] in ".,!?" and (at + 1 == len(text) or text[at + 1].isspace()) and "”" not in text[at : at + CLOSES]
    )


class Quotations:
    """The quotations of an article, asked by place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.spans = quoted(text)
        self._starts = [start for start, _ in self.spans]

    def inside(self, start: int, end: int) -> bool:
        """Whether a stretch lies inside one quotation."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self.spans[at][1] and start < self.spans[at][1]

    def share(self, start: int, end: int) -> float:
        """The share of a stretch that is quoted."""
        covered = sum(max(0, min(end, b) - max(start, a)) for a, b in self._around(start, end))
        return covered / max(1, end - start)

    def _around(self, start: int, end: int) -> Sequence[Span]:
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_right(self._starts, end)
        return self.spans[first:last]

    def blanked(self) -> str:
        """The text with every quotation replaced by spaces, of the same length."""
        parts, at = [], 0
        for start, end in self.spans:
            parts += [self._text[at:start], " " * (end - start)]
            at = end
        return "".join([*parts, self._text[at:]])
