"""The listed loaded terms, framing/facts/loaded.tsv: term, technique, strength, form.

Strength is 2 for a mouthpiece's words, 1 for coloured ones, and 0 for what colours a sentence only where nothing
stronger stands in it.

Techniques are named after the SemEval-2020 task 11 inventory (Da San Martino et al. 2020) where it has them, and split
further where newsrooms do: glorification, demonisation and euphemism are loaded language there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from framing.registry import FACTS_FOLDER, fold
from framing.schema import FramingError

TECHNIQUES = (
    "loaded_language",
    "name_calling",
    "glorification",
    "demonisation",
    "flag_waving",
    "euphemism",
    "appeal_to_fear",
    "slogan",
)
STRENGTHS = ("0", "1", "2")
_FORMS = ("word", "noun", "verb", "adj")
_WORD = re.compile(r"[^\W_]+")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_PLURALS = {"hero": "heroes", "thief": "thieves", "wolf": "wolves"}
_HARD_CH = re.compile(r"(?:mon|olig|patri)arch$")


class Entry(NamedTuple):
    """A row of the table; `form` says what other forms of the term are matched: "word" none."""

    term: str
    technique: str
    strength: int
    form: str

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words of the term as it is listed."""
        return tuple(_WORD.findall(fold(self.term)))

    def forms(self) -> Iterator[tuple[str, ...]]:
        """Yield the folded words of every form the term is matched in."""
        yield self.words
        *before, last = self.words
        if self.form == "noun":
            head = next((i for i, word in enumerate(self.words[1:]) if word in ("of", "in")), len(before))
            yield (*self.words[:head], _with_s(self.words[head]), *self.words[head + 1 :])  # "enemies of humanity"
        elif self.form == "adj":
            yield (*before, _adverb(last))
        elif self.form == "verb":
            first, *rest = self.words
            stem = first.removesuffix("e")
            past = first[:-1] + "ied" if _CONSONANT_Y.search(first) else stem + "ed"
            for other in (_with_s(first), past, stem + "ing"):
                yield (other, *rest)


class Listed(NamedTuple):
    """A term in a form it is matched in: folded words, technique, strength."""

    words: tuple[str, ...]
    technique: str
    strength: int


class Lexicon:
    """A table's terms as they stand in texts, longest first; safe to share by threads.

    Most stand in no text: a row is read when a text has a word that begins as its term does. Raises FramingError
    then, with file and line, where it is none.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: dict[str, list[tuple[int, str]]] = {}  # by how their terms begin
        self._made: dict[str, dict[tuple[str, ...], list[Listed]]] = {}  # by that and by their one or two first words
        for number, line in _numbered(file):
            if first := _WORD.search(line):
                self._rows.setdefault(_beginning(fold(first[0])), []).append((number, line))

    def find(self, text: str) -> Iterator[tuple[int, int, Listed]]:
        """The listed terms of a text, in order, without overlaps."""
        tokens = [m.span() for m in _WORD.finditer(text)]
        words = tuple(fold(text[start:end]) for start, end in tokens)
        end = 0
        for at in [at for at, word in enumerate(words) if _beginning(word) in self._rows]:
            if at < end:
                continue
            begun = self._begun(_beginning(words[at]))
            listed = (*begun.get(words[at : at + 2], ()), *begun.get(words[at : at + 1], ()))
            row = next((r for r in listed if words[at : at + len(r.words)] == r.words), None)
            if row is not None:
                end = at + len(row.words)
                yield tokens[at][0], tokens[end - 1][1], row

    def _begun(self, beginning: str) -> dict[tuple[str, ...], list[Listed]]:
        if beginning not in self._made:
            made: dict[tuple[str, ...], list[Listed]] = {}
            for entry in (_entry(self._file, *row) for row in self._rows[beginning]):
                for form in entry.forms():
                    made.setdefault(form[:2], []).append(Listed(form, entry.technique, entry.strength))
            for rows in made.values():
                rows.sort(key=lambda row: -len(row.words))  # stable
            self._made[beginning] = made
        return self._made[beginning]


def _beginning(word: str) -> str:
    """What all forms of a word begin with: "spy" and "spies" too."""
    return word[:3].replace("y", "i")


@cache
def builtin() -> Lexicon:
    """The lexicon that ships with framing."""
    return Lexicon(FACTS_FOLDER / "loaded.tsv")


def read_lexicon(file: Path) -> Iterator[Entry]:
    """Yield the rows of a lexicon; raise FramingError with file and line where one is none."""
    for number, line in _numbered(file):
        yield _entry(file, number, line)


def _numbered(file: Path) -> Iterator[tuple[int, str]]:
    """The rows below the header, with their numbers in the file."""
    return enumerate(file.read_text(encoding="utf-8").splitlines()[1:], 2)


def _entry(file: Path, number: int, line: str) -> Entry:
    cells = line.split("\t")
    if len(cells) != 4 or cells[1] not in TECHNIQUES or cells[2] not in STRENGTHS or cells[3] not in _FORMS:
        raise FramingError(f"{file}:{number}: expected term, technique, strength {', '.join(STRENGTHS)}, form")
    return Entry(cells[0], cells[1], int(cells[2]), cells[3])


def _with_s(word: str) -> str:
    """A noun's plural, a verb's third person: cronies, henchmen, brandishes, oligarchs, heroes."""
    if word in _PLURALS:
        return _PLURALS[word]
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    if word.endswith("man") and word != "german":
        return word[:-3] + "men"
    hisses = word.endswith(("s", "sh", "ch", "x", "z")) and not _HARD_CH.search(word)
    return word + ("es" if hisses else "s")


def _adverb(adjective: str) -> str:
    """An adjective's adverb: barbarically, deplorably, bloodily, brutally."""
    if adjective.endswith("ic"):
        return adjective + "ally"
    if _CONSONANT_Y.search(adjective):
        return adjective[:-1] + "ily"
    if re.search(r"[^aeiou]le$", adjective):
        return adjective[:-1] + "y"
    return adjective + ("y" if adjective.endswith("ll") else "ly")
