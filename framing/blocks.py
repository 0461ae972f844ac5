"""Article → blocks: its paragraphs, what each of them is, and what in them is not a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Literal

from framing.furniture import any_of, head, is_byline, is_furniture, is_label, tail, unmarked
from framing.schema import Kind

Span = tuple[int, int]
# Where a paragraph stands: before the headline is found, between it and the first paragraph of sentences, below that.
Place = Literal["top", "opening", "below"]


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
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_GAP = re.compile(r" *\t[ \t]*| {2,}")
_RULE = re.compile(r"\|?(?: ?:?-{2,}:? ?\|)+(?: ?:?-{2,}:? ?)?")  # "|---|:---|", "--- | ---"
_FIGURE = re.compile(r"[-+−–~<>$€£(]{0,2}\d[\d.,:/%–-]*[ \w%)]{0,4}|[-–—*]|[Nn]/?[Aa]")  # "1,200", "-4.5%", "12 km"
_CLOSED = re.compile(r"[.!?…:;,][\"'”’)\]»]*$")


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def blocks(text: str) -> Iterator[Span]:
    """Paragraphs: lines, or runs of lines where the text is wrapped at a fixed width; a table is one."""
    lines = [strip(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    lines = [span for span in lines if span[0] < span[1]]
    tables = set(_tables(text, lines))
    if tables:
        lines = _merged(lines, tables)
    if not _wrapped(text, [span for span in lines if span not in tables]):
        yield from lines
        return
    run: Span | None = None
    for start, end in lines:
        alone = (start, end) in tables or run in tables
        if run and not alone and not re.search(r"\n\s*\n", text[run[1] : start]):
            run = (run[0], end)
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run


def _tables(text: str, lines: list[Span]) -> Iterator[Span]:
    """Runs of lines that are a table's rows."""
    for is_row, group in groupby(lines, key=lambda span: len(_cells(text[slice(*span)])) > 1):
        rows = list(group)
        if is_row and _table([text[slice(*span)] for span in rows]):
            yield rows[0][0], rows[-1][1]


def _merged(lines: list[Span], tables: set[Span]) -> list[Span]:
    """Lines, with one span for all rows of a table."""
    ends = dict(tables)
    out: list[Span] = []
    for start, end in lines:
        if not out or start >= out[-1][1]:
            out.append((start, ends.get(start, end)))
    return out


def _cells(line: str) -> list[str]:
    """The cells of a table's row: between pipes, tabs or wide gaps; a line of prose has one."""
    if line[0] == "|" or _RULE.fullmatch(line):
        return line.strip("|").split("|")
    cells = _GAP.split(line) if _GAP.search(line) else []
    return cells if all(0 < len(cell) <= 40 and cell[-1] not in ".!?;:”" for cell in cells) else []


def _table(rows: list[str]) -> bool:
    """Whether lines that have cells are rows: between pipes, with figures, or of the same few words each.

    A text justified with wide gaps has neither.
    """
    if all(row[0] == "|" or _RULE.fullmatch(row) for row in rows):
        return True
    if len(rows) < 2:
        return False
    cells = [_cells(row) for row in rows]
    figures = sum(any(_FIGURE.fullmatch(cell.strip()) for cell in row[1:]) for row in cells)
    short = all(len(cell.split()) <= 4 for row in cells for cell in row)
    return figures >= len(rows) / 2 or (short and len(rows) > 2 and len({len(row) for row in cells}) == 1)


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


def cut(text: str, start: int, end: int, place: Place, last: bool) -> tuple[list[tuple[int, int, Kind]], Kind]:
    """Cut what is not a sentence off a block's ends and name the kind of the rest."""
    body = text[start:end]
    above = place != "below" and not last and (is_label(body) or (place == "opening" and is_byline(body)))
    if above or is_furniture(body) or _is_table(body):
        return [(start, end, "boilerplate")], "boilerplate"
    pieces: list[tuple[int, int, Kind]] = []
    for a, b in head(text, start, end):
        pieces.append((*strip(text, a, b), "boilerplate"))
        start, _ = strip(text, b, end)
    stop = start + tail(text[start:end])
    pieces.append((*strip(text, start, stop), "body"))
    if stop < end:
        pieces.append((*strip(text, stop, end), "boilerplate"))
    return pieces, _kind(text[start:stop], place == "top", last)


def _is_table(block: str) -> bool:
    if block[0] != "|" and _LINE.fullmatch(block):
        return False  # one line, as nearly all are
    rows = [line.strip() for line in _LINE.findall(block)]
    rows = [row for row in rows if row]
    return all(len(_cells(row)) > 1 for row in rows) and _table(rows)


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
