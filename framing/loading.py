"""Loaded wording: the terms that carry a sentence's grade, their technique, and whose they are.

The grade is the model's; this finds the words. A term is listed in framing/facts/loaded.tsv (term,
technique, strength 1 coloured or 2 propagandistic, form), or is what the model's own loading score
rests on in a sentence where no listed term stands. Techniques are named after the SemEval-2020 task 11
inventory (Da San Martino et al. 2020) where it has them, and split further where newsrooms do:
glorification, demonisation and euphemism are loaded language there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from framing.document import Document
from framing.registry import FACTS_FOLDER, fold
from framing.schema import FramingError, Prediction, Sentence, Span, Stance, Term

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
_FORMS = ("word", "noun", "verb", "adj")
_WORD = re.compile(r"[^\W_]+")
_WORD_IN = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SMALL = frozenset(
    """
    a an the and or but nor of to in on at by for from with as is are was were be been it its this that these those
    which who whom whose what where when while if than then so not no has have had do does did will would can could
    may might must shall should he she they we i you his her their our your my him them us me into over under after
    before about against between through during without within upon all any some such only even just also very more
    most there here
    """.split()
)
MORE = 2  # words by which the model's own stretch may be completed
_NEAR = 40  # characters before a term in which the writer may distance himself from it
_DISTANCE = re.compile(
    r"(?:\bso[- ]called|\bself-(?:styled|proclaimed|described)"
    r"|\b(?:calls?|called|dubs?|dubbed|termed|terms|labell?ed|labels|brand(?:s|ed)"
    r"|(?:dressed up|masquerading) as"
    r"|(?:describ(?:es|ed)|refer(?:s|red) to|characteri[sz]ed) (?:\w+ ){0,3}as))"
    r"\W+(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)


class Listed(NamedTuple):
    """A term of the lexicon as it is matched: folded words, technique, strength."""

    words: tuple[str, ...]
    technique: str
    strength: int


class Lexicon:
    """Listed terms, found by their first two words or their only one, longest first."""

    def __init__(self, rows: Sequence[Listed]) -> None:
        self._by_start: dict[tuple[str, ...], list[Listed]] = {}
        for row in rows:
            self._by_start.setdefault(row.words[:2], []).append(row)
        for found in self._by_start.values():
            found.sort(key=lambda row: -len(row.words))

    def find(self, text: str) -> Iterator[tuple[int, int, Listed]]:
        """The listed terms of a text, in order, without overlaps."""
        tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
        words = tuple(fold(text[start:end]) for start, end in tokens)
        at = 0
        while at < len(tokens):
            start = words[at : at + 2]
            listed = (*self._by_start.get(start, ()), *self._by_start.get(start[:1], ()))
            row = next((r for r in listed if words[at : at + len(r.words)] == r.words), None)
            if row is None:
                at += 1
                continue
            yield tokens[at][0], tokens[at + len(row.words) - 1][1], row
            at += len(row.words)


@cache
def builtin() -> Lexicon:
    """The lexicon that ships with framing."""
    return Lexicon(list(read_lexicon(FACTS_FOLDER / "loaded.tsv")))


def read_lexicon(file: Path) -> Iterator[Listed]:
    """Yield the terms of a lexicon in every form they are matched in; raise FramingError with file and line."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()[1:], 2):
        cells = line.split("\t")
        if len(cells) != 4 or cells[1] not in TECHNIQUES or cells[2] not in ("1", "2") or cells[3] not in _FORMS:
            raise FramingError(f"{file}:{number}: expected term, technique, strength 1 or 2, form")
        words = tuple(_WORD.findall(fold(cells[0])))
        for form in _inflected(words, cells[3]):
            yield Listed(form, cells[1], int(cells[2]))


def _inflected(words: tuple[str, ...], form: str) -> Iterator[tuple[str, ...]]:
    yield words
    first, last = words[0], words[-1]
    if form == "noun":
        yield (*words[:-1], _with_s(last))
    elif form == "adj":
        yield (*words[:-1], _adverb(last))
    elif form == "verb":
        stem = first.removesuffix("e")
        past = first[:-1] + "ied" if _CONSONANT_Y.search(first) else stem + "ed"
        for other in (_with_s(first), past, stem + "ing"):
            yield (other, *words[1:])


_CONSONANT_Y = re.compile(r"[^aeiou]y$")


def _with_s(word: str) -> str:
    """A noun's plural, a verb's third person: cronies, henchmen, brandishes."""
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    if word.endswith("man") and word != "german":
        return word[:-3] + "men"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x", "z")) else "s")


def _adverb(adjective: str) -> str:
    """An adjective's adverb: barbarically, deplorably, bloodily, brutally."""
    if adjective.endswith("ic"):
        return adjective + "ally"
    if _CONSONANT_Y.search(adjective):
        return adjective[:-1] + "ily"
    if re.search(r"[^aeiou]le$", adjective):
        return adjective[:-1] + "y"
    return adjective + ("y" if adjective.endswith("ll") else "ly")


def find_terms(document: Document, sentence: Sentence, prediction: Prediction, lexicon: Lexicon) -> tuple[Term, ...]:
    """The loaded terms of a sentence the model graded; none in a plain one.

    Offsets are into the article. A term inside the name of a person, body or outlet is that name's.
    Where none is listed, the words the model's own grade rests on are shown.
    """
    if prediction.grade == 0:
        return ()
    text = document.article.text
    named = document.mentions_in(sentence.start, sentence.end)
    names = [m for m in named if m.cls != "place" and not m.office]
    terms = []
    for a, b, row in lexicon.find(document.text[sentence.start : sentence.end]):
        start, end = sentence.start + a, sentence.start + b
        if any(m.start < end and start < m.end for m in names):
            continue
        reason = f"listed as {row.technique.replace('_', ' ')}, {'propagandistic' if row.strength == 2 else 'coloured'}"
        stance = _stance(document, start, end)
        terms.append(Term(text[start:end], start, end, row.technique, stance, reason))
    known = [(m.start - sentence.start, m.end - sentence.start) for m in named]
    if not terms and prediction.stretch and (words := _phrase(sentence.text, *prediction.stretch, known)):
        start, end = sentence.start + words[0], sentence.start + words[1]
        stance = _stance(document, start, end)
        terms = [Term(text[start:end], start, end, TECHNIQUES[0], stance, "the model's grade rests on these words")]
    return tuple(terms)


def _phrase(text: str, start: int, end: int, named: Sequence[Span]) -> Span | None:
    """A stretch as whole words on one side of a quotation mark, without small words or names at its ends, or None.

    It takes in up to MORE words that go on from its last: "the liberation of the Kursk [region]".
    """
    pieces = re.split('[“”"]', text[start:end])
    piece = max(pieces, key=len)
    start += text[start:end].index(piece)
    found = [m.span() for m in _WORD_IN.finditer(text)]
    words = [word for word in found if word[0] < start + len(piece) and word[1] > start]

    def small(word: Span) -> bool:
        return fold(text[slice(*word)]) in _SMALL

    def idle(word: Span) -> bool:
        return small(word) or any(a < word[1] and word[0] < b for a, b in named)

    while words and idle(words[0]):
        words.pop(0)
    while words and idle(words[-1]):
        words.pop()
    if not words:
        return None
    last = words[-1][1]
    for word in found[found.index(words[-1]) + 1 :][:MORE]:
        if small(word) or not text[last : word[0]].isspace():
            break
        last = word[1]
    return words[0][0], last


def _stance(document: Document, start: int, end: int) -> Stance:
    """Whether the writer quotes a term, distances himself from it or adopts it."""
    if document.quotations.inside(start, end):
        return "quoted"
    before = document.text[max(0, start - _NEAR) : start]
    return "distanced" if _DISTANCE.search(before) else "adopted"
