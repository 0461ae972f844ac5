"""Article → blocks: its paragraphs, what each of them is, and what in them is not a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from framing.furniture import any_of, head, is_furniture, tail, unmarked
from framing.schema import Kind

Span = tuple[int, int]


_CAPTION = re.compile(
    any_of(
        r"\bin (?:this|a|an) (?:undated |file |handout |still )?(?:photo|picture|image|photograph|screengrab)\b",
        r"^(?:file|an? (?:undated )?)?\s?(?:photo|picture|image)s?\b.{0,60}\b(?:shows?|released|provided|taken)\b",
        r"\b(?:photo|picture|image) (?:released|provided|taken|distributed) by\b",
        r"\b(?:file|handout) photo\b",
        r"AP Photo|Getty Images|AFP via|/REUTERS",
    ),
    re.IGNORECASE,
)
_CLOSED = re.compile(r"[.!?…:;,][\"'”’)\]»]*$")


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def blocks(text: str) -> Iterator[Span]:
    """Paragraphs: lines, or runs of lines where the text is wrapped at a fixed width."""
    lines = [strip(text, m.start(), m.end()) for m in re.finditer(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+", text)]
    lines = [span for span in lines if span[0] < span[1]]
    if not _wrapped(text, lines):
        yield from lines
        return
    run: Span | None = None
    for start, end in lines:
        if run and not re.search(r"\n\s*\n", text[run[1] : start]):
            run = (run[0], end)
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run


def flat(text: str) -> str:
    """The text, of the same length, with plain spaces for the white space inside paragraphs.

    So that a name or a quotation is whole where a line ends in it, or a hard space stands in it.
    """
    parts, at = [], 0
    for start, end in blocks(text):
        parts += [text[at:start], re.sub(r"\s", " ", text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _wrapped(text: str, lines: list[Span]) -> bool:
    """Whether lines are broken at a width, not at paragraphs: most go on in mid-sentence."""
    joints = [(a, b) for a, b in pairwise(lines) if not re.search(r"\n\s*\n", text[a[1] : b[0]])]
    long = sum(end - start > 120 for start, end in lines)  # an address or two may be
    if len(joints) < 3 or long > 0.1 * len(lines):
        return False
    running = sum(not _CLOSED.search(unmarked(text[a[0] : a[1]])) and a[1] - a[0] > 40 for a, _ in joints)
    return running > 0.6 * len(joints)


def cut(text: str, start: int, end: int, first: bool, last: bool) -> tuple[list[tuple[int, int, Kind]], Kind]:
    """Cut what is not a sentence off a block's ends and name the kind of the rest."""
    if is_furniture(text[start:end]):
        return [(start, end, "boilerplate")], "boilerplate"
    pieces: list[tuple[int, int, Kind]] = []
    for a, b in head(text, start, end):
        pieces.append((*strip(text, a, b), "boilerplate"))
        start, _ = strip(text, b, end)
    stop = start + tail(text[start:end])
    pieces.append((*strip(text, start, stop), "body"))
    if stop < end:
        pieces.append((*strip(text, stop, end), "boilerplate"))
    return pieces, _kind(text[start:stop], first, last)


def _kind(block: str, first: bool, last: bool) -> Kind:
    words = block.split()
    if _CAPTION.search(block) and len(words) <= 60 and not re.search(r"\b(?:said|says|told)\b", block):
        return "caption"
    block = unmarked(block) or block
    open_ended = not re.search(r"[.…:;,][\"'”’)\]»]*$", block)
    if first and not last and len(words) <= 30 and open_ended:
        return "headline"
    if not last and len(words) <= 12 and block[-1] == "?" and block[0] not in "“\"‘'":
        return "subhead"  # an explainer's question
    if not last and len(words) <= 12 and open_ended and block[0] not in "“\"‘'-–—•*" and block[-1] not in '?!”"':
        return "subhead"
    return "body"
