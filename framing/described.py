"""What an article says of the names in it that nothing is known of: a trade, an office, the body they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing import naming
from framing.document import Document
from framing.mentions import BODIES

_IN_SENTENCE = re.compile(r"[a-z,] $")
_TITLE_BEFORE = re.compile(r"([^,.;:!?\n“”\"()]{3,40}) $")
_SAID_BEHIND = re.compile(
    r"(?:, (?:\(?\d\d\)?, )?|,? (?:(?:who|which) (?:is|was) )?(?=an? |the |one ))"
    r"((?:[A-Z][\w-]+ (?=(?:advis[eo]r|analyst|chief|director|head|manager|researcher)\b))?"
    r"[a-z]+[ -][^,.;:!?\n“”\"()]{3,120})"
)


class Described:
    """What an article says beside names; looked for once a name, as an article may have thousands that speak."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._kinds: dict[str, str | None] = {}
        self._bodies: dict[str, str | None] = {}

    def kind(self, name: str) -> str | None:
        """The class the article gives a name, or a noun has: "company" for "Hollweg, a pump maker"."""
        if name not in self._kinds:
            text = self._document.text
            said = () if name.islower() else _beside(text, name)
            texts = (name, *(text[start:end] for start, end in said))
            self._kinds[name] = next(filter(None, map(naming.kind_of, texts)), None)
        return self._kinds[name]

    def body(self, person: str) -> str | None:
        """The class of the body that the article says someone leads or is of: "ngo" for "Amnesty's Asia director X"."""
        if person not in self._bodies:
            said = () if person.islower() else _beside(self._document.text, person)
            self._bodies[person] = next(filter(None, (self._body_in(start, end) for start, end in said)), None)
        return self._bodies[person]

    def _body_in(self, start: int, end: int) -> str | None:
        office = self._document.text[start:end]
        if not naming.leads(office):
            return None
        named = (m.cls for m in self._document.mentions_in(start, end) if not m.office and not m.person)
        return next((cls for cls in named if cls in BODIES), None) or naming.led_body(office)


def _beside(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a text says something of a name: "insurance broker" of "X, an insurance broker" or "insurance broker X"."""
    places = list(_places(text, name))
    if " " not in name and not any(_IN_SENTENCE.search(text, max(0, start - 2), start) for start, _ in places):
        return  # a noun that only begins a sentence
    for start, end in places:
        if behind := _SAID_BEHIND.match(text, end):
            yield behind.span(1)
        if before := _TITLE_BEFORE.search(text, max(0, start - 41), start):
            yield before.span(1)


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a name stands in a text, as whole words; with str.find, as an article may have a thousand unknown names."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
        start = text.find(name, end + 1)
