"""A text whose mark-up has been read: the paragraphs of its article, what they are, and its own facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from framing.schema import Kind, Mark

Paragraph = tuple[str, Kind | None]  # its kind where the mark-up tells it


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: its article's text, what its mark-up says of stretches of it, and its own facts."""

    text: str
    marks: tuple[Mark, ...]
    title: str | None = None
    outlet: str | None = None
    date: str | None = None


def joined(paragraphs: Iterable[Paragraph]) -> tuple[str, tuple[Mark, ...]]:
    """Paragraphs as one text, and the kinds that are known as marks on it."""
    parts, marks, at = [], [], 0
    for text, kind in paragraphs:
        if kind:
            marks.append((at, at + len(text), kind))
        parts.append(text)
        at += len(text) + 2
    return "\n\n".join(parts), tuple(marks)
