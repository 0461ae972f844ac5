"""Article → blocks: its paragraphs, what each of them is, and what in them is not a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from framing.bylines import is_byline, is_label
from framing.furniture import head, is_bio, is_furniture, is_photo_credit, tail, unmarked
from framing.lines import LINE, is_table, merged, spaced, strip, tables_in, unquoted, wrapping
from framing.patterns import any_of
from framing.schema import Kind, Span

# Where a paragraph stands: before the headline is found, between it and the first paragraph of sentences, below that.
Place = Literal["top", "opening", "below"]

_SAYS = re.compile(r"\b(?:said|says|told)\b")
_CAPTION = re.compile(
    any_of(
        r"\bin (?:this|a|an) (?:undated |file |handout |still )?(?:photo|picture|image|photograph|screengrab)\b",
        r"^(?:file|an? (?:undated )?)?\s?(?:photo|picture|image)s?\b.{0,60}\b(?:shows?|released|provided|taken)\b",
        r"\b(?:photo|picture|image) (?:released|provided|taken|distributed) by\b",
        r"\b(?:file|handout) photo\b|\bin a still from\b|\bphoto(?:graph)? (?:from|courtesy)\b",
        r"^(?:screen ?(?:shot|grab)s?|pictured|combination (?:picture|photo)s?|image caption)\b",
        r"^(?:on|in) the (?:photo|picture)\b|^(?:figure|fig\.|map) \d{1,2}[.:] ",
        r"AP Photo|Getty Images|AFP via|/REUTERS",
    ),
    re.IGNORECASE,
)
_PICTURE = (
    "figure ",
    "fig. ",
    "map ",
    "photo",
    "picture",
    "image",
    "screen",
    "still",
    "afp via",
    "/reuters",
)  # one of them is in every caption
_QUOTED = re.compile(r"[‘'][^‘’“”\".!…,;:]{3,70}[’']|[“\"][^“”\".!?…,;:]{3,70}[”\"]")  # "‘Nobody sleeps here’"
_INNER_END = re.compile(r"[.!?…][\"'”’)]* ")


def blocks(text: str) -> Iterator[Span]:
    """Paragraphs: lines, or runs of lines where the text is wrapped at a fixed width; a table is one."""
    lines = [strip(text, m.start(), m.end()) for m in LINE.finditer(text)]
    lines = [span for span in lines if span[0] < span[1]]
    found = set(tables_in(text, lines))
    if found:
        lines = merged(lines, found)
    goes_on = wrapping(text, [span for span in lines if span not in found])
    run: list[Span] = []
    for span in lines:
        if run and not (goes_on and not found.intersection((run[-1], span)) and goes_on(run[-1], span)):
            yield run[0][0], run[-1][1]
            run = []
        run.append(span)
    if run:
        yield run[0][0], run[-1][1]


def flat(text: str) -> str:
    """The text, of the same length, with plain spaces for the white space inside paragraphs.

    So that a name or a quotation is whole where a line ends in it, or a hard space stands in it.
    """
    parts, at = [], 0
    for start, end in blocks(text):
        block = unquoted(text[start:end])
        parts += [text[at:start], block if block.isprintable() else re.sub(r"\s", " ", block)]
        at = end
    return "".join([*parts, text[at:]])


class Cut(NamedTuple):
    """A block told apart: what is not a sentence at its ends, the rest (None where nothing is left) and its kind."""

    skipped: tuple[Span, ...]
    rest: Span | None
    kind: Kind


def cut(text: str, start: int, end: int, place: Place, last: bool) -> Cut:
    """Cut what is not a sentence off a block's ends and name the kind of the rest."""
    block = spaced(unquoted(text[start:end]))  # a wrapped paragraph's furniture may be on two lines
    bare = block.lstrip("> ") or block
    above_body = place != "below" and not last
    above = above_body and (is_label(bare) or (place == "opening" and is_byline(bare, text)))
    if above or is_furniture(bare) or (last and is_bio(bare)) or is_table(text[start:end]):
        return Cut(((start, end),), None, "boilerplate")
    skipped = [strip(text, start + a, start + b) for a, b in head(block, place != "below")]
    begin, _ = strip(text, skipped[-1][1] if skipped else start, end)
    stop = begin + tail(block[begin - start :])
    rest = strip(text, begin, stop)
    if stop < end:
        skipped.append(strip(text, stop, end))
        credit = text[stop:end]
        if (above_body or "REUTERS/" in credit) and is_photo_credit(credit) and not _SAYS.search(block):
            return Cut(tuple(skipped), rest, "caption")
    if place == "opening" and begin > start:
        place = "below"  # no standfirst has a dateline
    return Cut(tuple(skipped), rest, _kind(text[begin:stop], place, last))


def _kind(block: str, place: Place, last: bool) -> Kind:
    words = block.split()
    if len(words) <= 60 and _is_caption(block):
        return "caption"
    block = unmarked(block).removeprefix("**") or block  # a briefing's "**Myanmar"
    open_ended = not re.search(r"[.…:;,][\"'”’)\]»]*$", block)
    if place == "top" and not last and len(words) <= 30 and open_ended:
        return "headline"
    if not last and len(words) <= 12 and block[-1] == "?" and block[0] not in "“\"‘'-–—•*":
        return "subhead"  # an explainer's question
    if not last and len(words) <= 9 and _QUOTED.fullmatch(block):
        return "subhead"
    if place == "opening" and not last and len(words) <= 40 and open_ended and not _INNER_END.search(block):
        return "subhead"  # what stands below the headline at a sentence's length, without a sentence's end
    if not last and len(words) <= 12 and open_ended and block[0] not in "“\"‘'-–—•*" and block[-1] not in '?!”"':
        return "subhead"
    return "body"


def _is_caption(block: str) -> bool:
    small = block.lower()
    pictured = any(word in small for word in _PICTURE) and _CAPTION.search(block)  # which alone is slow
    return bool(pictured) and not _SAYS.search(block)
