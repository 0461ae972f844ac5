"""Loaded wording: the terms that carry a sentence's grade, their technique, and whose they are.

The grade is the model's; this finds the words. A term is listed (framing.lexicon), or is what the model's own
loading score rests on in a sentence where no listed term stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from framing.document import Document
from framing.lexicon import Lexicon
from framing.registry import fold
from framing.schema import Prediction, Sentence, Span, Stance, Term

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
_STRENGTH_WORDS = ("mildly coloured", "coloured", "propagandistic")
_COMPLETED_BY = 2  # words at most that the model's own stretch is completed by
# Words of it that are shown: of 82 phrases up to this a reader found 43 well cut and loaded, of 71 longer ones 19.
_LONGEST_PHRASE = 5
_NEAR = 40  # characters before a term in which the writer may distance himself from it
_DISTANCE = re.compile(
    r"(?:\bso[- ]called|\bself-(?:styled|proclaimed|described))\W+(?:\w+\W+)?$"
    r"|(?:\b(?<!so[- ])(?:(?:calls?|called)(?! (?:for|on|upon|off|to|in|out|back)\b)|dubs?|dubbed"
    r"|(?:termed|(?<!in )terms|labell?ed|labels|brand(?:s|ed))(?! of\b)"
    r"|(?:dressed up|masquerading) as"
    r"|(?:describ(?:es|ed)|refer(?:s|red) to|characteri[sz]ed) (?:\w+ ){0,3}as))"
    r"\W+(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)


def find_terms(document: Document, sentence: Sentence, prediction: Prediction, lexicon: Lexicon) -> tuple[Term, ...]:
    """The loaded terms of a sentence the model graded; none in a plain one.

    Offsets are into the article. A term inside the name of a person, body or outlet is that name's.
    Where none is listed, the words the model's own grade rests on are shown, if they are few.
    """
    if prediction.grade == 0:
        return ()
    text = document.article.text
    named = document.mentions_in(sentence.start, sentence.end)
    names = [m for m in named if m.cls != "place" and not m.office]
    found = lexicon.find(document.text[sentence.start : sentence.end])
    placed = [(sentence.start + a, sentence.start + b, row) for a, b, row in found]
    listed = [(a, b, row) for a, b, row in placed if not any(m.start < b and a < m.end for m in names)]
    terms = []
    for start, end, row in [each for each in listed if each[2].strength] or listed:
        reason = f"listed as {row.technique.replace('_', ' ')}, {_STRENGTH_WORDS[row.strength]}"
        stance = _stance(document, sentence, start, end)
        terms.append(Term(text[start:end], start, end, row.technique, stance, reason))
    known = [(m.start - sentence.start, m.end - sentence.start) for m in named]
    if not terms and prediction.stretch and (words := _phrase(sentence.text, *prediction.stretch, known)):
        start, end = sentence.start + words[0], sentence.start + words[1]
        stance = _stance(document, sentence, start, end)
        terms = [Term(text[start:end], start, end, "loaded_language", stance, "the model's grade rests on these words")]
    return tuple(terms)


def _phrase(text: str, start: int, end: int, named: Sequence[Span]) -> Span | None:
    """A stretch as whole words on one side of a quotation mark, without small words or names at its ends, or None.

    It takes in up to _COMPLETED_BY words that go on from its last, "the liberation of the Kursk [region]", and is a
    phrase, of at most _LONGEST_PHRASE words: a longer one only says that the loading is somewhere in the sentence.
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
    for word in found[found.index(words[-1]) + 1 :][:_COMPLETED_BY]:
        if small(word) or not text[last : word[0]].isspace():
            break
        last = word[1]
    return (words[0][0], last) if len(text[words[0][0] : last].split()) <= _LONGEST_PHRASE else None


def _stance(document: Document, sentence: Sentence, start: int, end: int) -> Stance:
    """Whether the writer quotes a term, distances himself from it or adopts it."""
    if document.quotations.inside(start, end) or document.in_turn(sentence):
        return "quoted"
    before = document.text[max(0, start - _NEAR) : start]
    return "distanced" if _DISTANCE.search(before) else "adopted"
