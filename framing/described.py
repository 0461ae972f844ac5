"""What an article says of the names in it that nothing is known of: a trade, an office, the body they are of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, TypeVar

from framing import naming
from framing.document import Document
from framing.introduced import is_title
from framing.mentions import BODIES
from framing.patterns import CAPITAL
from framing.schema import Span

_IN_SENTENCE = re.compile(r"[a-z,] $")
_TITLE = r"([^,.;:!?\n“”\"()]{3,40})"
_TITLE_BEFORE = re.compile(rf"{_TITLE} $")
_TITLE_APART = re.compile(rf"{_TITLE}, $")  # "the victim's widow, Ann,"
_FIRST_NAME = re.compile(rf"(?<![\w’'.-])([{CAPITAL}][\w’'-]+) (?:[{CAPITAL}]\. )?$")
_ARTICLES = ("a ", "an ", "the ", "one ")
_FORMER = re.compile(r"(?:an? |the |one )?(?:former|retired|ex)[ -]")
_SAID_BEHIND = re.compile(
    r"(?:, (?:\(?\d\d\)?, )?|,? (?:(?:who|which) (?:is|was) )?(?=an? |the |one ))"
    r"((?:[A-Z][\w-]+ (?=(?:advis[eo]r|analyst|chief|director|head|manager|researcher)\b))?"
    r"[a-z]+[ -](?:U\.[KNS]\.|[^,.;:!?\n“”\"()]){3,120})"
)


_Found = TypeVar("_Found")


def _once(find: Callable[[Described, str], _Found]) -> Callable[[Described, str], _Found]:
    """A method that looks for what an article says of a name only once: thousands may speak in it, and often."""

    @wraps(find)
    def known(self: Described, name: str) -> _Found:
        found = self._known.setdefault(find.__name__, {})
        if name not in found:
            found[name] = find(self, name)
        answer: _Found = found[name]
        return answer

    return known


class Described:
    """What an article says beside names."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, dict[str, Any]] = {}  # by what was looked for, and of whom

    @_once
    def is_name(self, word: str) -> bool:
        """Whether a word has its capital inside a sentence too."""
        return _is_name(self._document.text, _places(self._document.text, word))

    @_once
    def in_full(self, surname: str) -> str:
        """The whole name where the article gives it somewhere: "Ian Khama" for "Khama"; else the word as it is."""
        if not surname.isalpha() or surname.islower():
            return surname
        return next((self._document.text[start:end] for start, end in self._whole(surname)), surname)

    def _whole(self, surname: str) -> Iterator[Span]:
        for start, end in _places(self._document.text, surname):
            first = _FIRST_NAME.search(self._document.text, max(0, start - 40), start)
            if first and not is_title(first[1]) and not self._document.mentions_in(*first.span(1)):
                yield first.start(), end

    @_once
    def kind(self, name: str) -> str | None:
        """The class the article gives a name, or a noun has: "company" for "Hollweg, a pump maker"."""
        if (known := naming.kind_of(name)) or name.islower():
            return known
        said = (self._document.text[start:end] for start, end in _beside(self._document.text, name))
        return next(filter(None, map(_kind_in, said)), None)

    @_once
    def body(self, person: str) -> str | None:
        """The class of the body that the article says someone leads or is of: "ngo" for "Amnesty's Asia director X"."""
        said = () if person.islower() else _beside(self._document.text, person)
        return next(filter(None, (self._body_in(start, end) for start, end in said)), None)

    @_once
    def is_foreign(self, person: str) -> bool:
        """Whether the article says that someone is of a state which does not control its media, and of no other."""
        said = () if person.islower() else _beside(self._document.text, person)
        named = [m for start, end in said for m in self._document.mentions_in(start, end) if m.tier]
        return bool(named) and not any(m.tier == "closed" or m.cls == "state_media" for m in named)

    def _body_in(self, start: int, end: int) -> str | None:
        office = self._document.text[start:end]
        if not naming.leads(office):
            return None
        named = (m.cls for m in self._document.mentions_in(start, end) if not m.office and not m.person)
        if known := next((cls for cls in named if cls in BODIES), None) or naming.led_body(office):
            return known
        led = naming.led(office)
        return self.kind(led) if led else None


def _kind_in(said: str) -> str | None:
    """The class of a trade or an office that is said of someone; who held an office speaks for himself."""
    kind = naming.kind_of(said)
    return "analyst" if kind == "official" and _FORMER.match(said) else kind


def _beside(text: str, name: str) -> Iterator[Span]:
    """Where a text says something of a name: "insurance broker" of "X, an insurance broker" or "insurance broker X"."""
    places = list(_places(text, name))
    if " " not in name and not _is_name(text, places):
        return  # a noun that only begins a sentence
    for start, end in places:
        apposed = text.startswith(", ", max(0, start - 2))  # "the envoy, Ann Lee, met students"
        if (behind := _SAID_BEHIND.match(text, end)) and not (apposed and not behind[1].startswith(_ARTICLES)):
            yield behind.span(1)
        form = _TITLE_APART if apposed and text[end : end + 1] == "," else _TITLE_BEFORE
        if before := form.search(text, max(0, start - 42), start):
            yield before.span(1)


def _is_name(text: str, places: Iterable[Span]) -> bool:
    return any(_IN_SENTENCE.search(text, max(0, start - 2), start) for start, _ in places)


def _places(text: str, name: str) -> Iterator[Span]:
    """Where a name stands in a text, as whole words; with str.find, as an article may have a thousand unknown names."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum():
            yield start, end
        start = text.find(name, end + 1)
