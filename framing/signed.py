"""Whose article it is: the outlet that its dateline, its byline or the lines around it name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing.datelines import agency, is_dateline
from framing.registry import Fact, Registry
from framing.schema import Sentence

_APART = re.compile(r"[|·•()]|, |\s(?=(?:Published|Updated)\b)")
_BY = re.compile(r"(?:(?:By|BY|From|Source|SOURCE|Author|Direct link)\b:?|©|\(c\)|Copyright) *(?:\d{4} *)?")
_HOST = re.compile(r"(?:https?://)?(?:[\w.-]+@)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}(?:/\S*)?")
_VIEWS = re.compile(r"\b(?:those|views|opinions?|position|policy) of (?:the )?([^.,;]{2,40})\.?$")
_PICTURE = re.compile(r"photo|picture|image|\bvia\b|^\[|©.* / ", re.IGNORECASE)
# What a byline calls those who wrote, and some outlet is called too.
_WRITERS = frozenset("correspondent editor insider newsroom record report reporter staff".split())
LONGEST = 60  # characters of an outlet's name


def signed(sentences: Sequence[Sentence], skipped: Sequence[Sentence], registry: Registry) -> str | None:
    """The outlet that an article names as its own; None where it names none, or only a picture's."""
    named = (*_datelines(sentences, skipped), *_around(sentences, skipped))
    return next((fact.name for name in named if (fact := _known(name, registry))), None)


def _known(name: str, registry: Registry) -> Fact | None:
    return registry.outlet(name) if 2 <= len(name) <= LONGEST or "://" in name else None


def _datelines(sentences: Sequence[Sentence], skipped: Sequence[Sentence]) -> Iterator[str]:
    begun = {s.paragraph: s.start for s in reversed(sentences)}
    for piece in skipped:
        if piece.end <= begun.get(piece.paragraph, 0) or is_dateline(piece.text):
            yield agency(piece.text) or ""


def _around(sentences: Sequence[Sentence], skipped: Sequence[Sentence]) -> Iterator[str]:
    """What the lines above the first sentence and behind the last may name."""
    first = next((s.start for s in sentences if s.kind == "body"), 0)
    last = sentences[-1].end if sentences else 0
    for piece in skipped:
        if piece.start >= last:
            yield piece.text.strip("()/[]. ")
        if (piece.end <= first or piece.start >= last) and not _PICTURE.search(piece.text):
            yield from _named(piece.text)


def _named(line: str) -> Iterator[str]:
    """Names in a byline, an address or a disclaimer: "By China Daily | Updated: 2025-05-06"."""
    told = bool(_BY.match(line)) or any(map(str.isdigit, line))
    for part in map(str.strip, _APART.split(line)):
        by = _BY.match(part)
        name = (part[by.end() :] if by else part).strip(" .:;–—-/")
        writers = name.partition("/")[0].strip().lower() in _WRITERS
        if not writers and (by or _HOST.fullmatch(part) or (told and " " in name)):
            yield name
    if views := _VIEWS.search(line):
        yield views[1]
