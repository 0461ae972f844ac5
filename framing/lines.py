"""The lines of a text: which are a table's rows, and where paragraphs end that are wrapped at a width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from framing.archives import is_field
from framing.furniture import is_furniture, unmarked
from framing.schema import Span

_ZERO_WIDTH = "\u200b\u2060\ufeff"  # pages leave them behind full stops and on empty lines
_SPACE = re.compile(rf"[\s{_ZERO_WIDTH}]")  # but for the plain space, none of it is printable
LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_QUOTED = re.compile(r"(?<=\n)>[> ]*")  # mail's mark of quoting
_EMPTY = re.compile(rf"\n[\s{_ZERO_WIDTH}>]*\n")
_GAP = re.compile(r" *\t[ \t]*| {2,}")
_RULE = re.compile(r"\|?(?: ?:?-{2,}:? ?\|)+(?: ?:?-{2,}:? ?)?")  # "|---|:---|", "--- | ---"
_FIGURE = re.compile(r"[-+−–~<>$€£(]{0,2}\d[\d.,:/%–-]*[ \w%)]{0,4}|[-–—*]|[Nn]/?[Aa]")  # "1,200", "-4.5%", "12 km"
_BULLET = re.compile(r"[-–—*•●▪■◦] ")
_CLOSED = re.compile(r"[.!?…:;,][\"'”’)\]»]*$")
_ENDED = re.compile(r"[.!?…:][\"'”’)\]»]*$")


def strip(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends, zero-width space too."""
    while start < end and (text[start].isspace() or text[start] in _ZERO_WIDTH):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _ZERO_WIDTH):
        end -= 1
    return start, end


def spaced(block: str) -> str:
    """The text, of the same length, with plain spaces for all white space, zero-width space too."""
    return block if block.isprintable() else _SPACE.sub(" ", block)


def unquoted(block: str) -> str:
    """The text, of the same length, without the marks that mail sets before quoted lines, but for the first."""
    return _QUOTED.sub(lambda mark: " " * len(mark[0]), block)


def behind_marks(text: str, line: Span) -> Span:
    """A line without the marks that mail quotes it with."""
    start, end = line
    while start < end and text[start] in "> ":
        start += 1
    return (start, end) if start < end else line


def tables_in(text: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Runs of lines that are a table's rows."""
    for is_row, group in groupby(lines, key=lambda span: len(_cells(text[slice(*span)])) > 1):
        rows = list(group)
        if is_row and _table([text[slice(*span)] for span in rows]):
            yield rows[0][0], rows[-1][1]


def merged(lines: Sequence[Span], found: set[Span]) -> list[Span]:
    """Lines, with one span for all rows of a table."""
    ends = dict(found)
    out: list[Span] = []
    for start, end in lines:
        if not out or start >= out[-1][1]:
            out.append((start, ends.get(start, end)))
    return out


def is_table(block: str) -> bool:
    """Whether a block's lines are all a table's rows."""
    if block[0] != "|" and LINE.fullmatch(block):
        return False  # one line, as nearly all are
    rows = [line.strip() for line in LINE.findall(block)]
    rows = [row for row in rows if row]
    return all(len(_cells(row)) > 1 for row in rows) and _table(rows)


def _cells(line: str) -> list[str]:
    """The cells of a table's row: between pipes, tabs or wide gaps; a line of prose has none."""
    if line[0] == "|" or _RULE.fullmatch(line):
        return line.strip("|").split("|")
    cells = _GAP.split(line) if "\t" in line or "  " in line else []
    return cells if all(0 < len(cell) <= 40 and cell[-1] not in ".!?;:”" for cell in cells) else []


def _table(rows: Sequence[str]) -> bool:
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


def wrapping(text: str, lines: Sequence[Span]) -> Callable[[Span, Span], bool] | None:
    """Whether a line goes on in the next one, of a text whose lines are broken at a width; None where they are not.

    Paragraphs begin behind an empty line, or with an indent where the text has indents.
    """
    if sum(end - start > 120 for start, end in lines) > 0.1 * len(lines):  # an address or two may be
        return None
    lines = [behind_marks(text, span) for span in lines]
    prose = [
        span for span in lines if not is_furniture(text[slice(*span)])
    ]  # a mail's fields tell nothing of its lines
    joints = [(a, b) for a, b in pairwise(prose) if not _apart(text, a, b) and "\n" not in text[a[1] : b[0]].strip()]
    if indented := _indented(text, lines, joints):
        width = max(end - start for start, end in lines)
        return lambda a, b: not _apart(text, a, b) and not _begins(text, a, b, indented, width)
    if len(joints) >= 3 and _running(text, joints):
        return lambda a, b: not _apart(text, a, b) and not _item(text, a, b) and not _field(text, a, b)
    return None


def _apart(text: str, a: Span, b: Span) -> bool:
    return bool(_EMPTY.search(text, a[1], b[0])) or not all(text[slice(*span)].strip("> ") for span in (a, b))


def _running(text: str, joints: Sequence[tuple[Span, Span]]) -> bool:
    """Whether most lines go on in mid-sentence: long ones without an end, or before a small letter.

    The small letters tell narrow columns from lists of headings.
    """
    lines = [text[slice(*a)] for a, _ in joints]
    unclosed = sum(len(line) > 40 and not _CLOSED.search(unmarked(line)) for line in lines)
    small = sum(len(line) > 15 and text[b[0]].islower() for line, (_, b) in zip(lines, joints, strict=True))
    return unclosed > 0.6 * len(joints) or small > 0.5 * len(joints)


def _indented(text: str, lines: Sequence[Span], joints: Sequence[tuple[Span, Span]]) -> tuple[int, int] | None:
    """The margin of lines that go on, and where the first further in begins, if those begin paragraphs."""
    indents = {b: _indent(text[a[1] : b[0]]) for a, b in pairwise(((0, 0), *lines))}
    margin = min((indents[b] for _, b in joints), default=0)
    deep = [span for span in lines if indents[span] > margin + 1]
    hanging = sum(text[start].islower() for start, _ in deep)  # of a list: the lines that go on stand further in
    if len(deep) < 2 or hanging > 0.2 * len(deep):
        return None
    flush = [a for a, b in joints if b[0] > deep[0][0] and indents[b] <= margin + 1]
    running = sum(not _ENDED.search(unmarked(text[slice(*a)])) and a[1] - a[0] > 25 for a in flush)
    return (margin, deep[0][0]) if running and running > 0.6 * len(flush) else None


def _begins(text: str, a: Span, b: Span, indented: tuple[int, int], width: int) -> bool:
    """Whether a line begins a paragraph: it is indented, or stands behind an end that left room for its first word.

    Above the first indent a headline may go on, and a byline stands on a line of its own.
    """
    margin, body = indented
    if _indent(text[a[1] : b[0]]) > margin + 1 or _item(text, a, b):
        return True
    this, after = text[slice(*a)], text[slice(*b)]
    if b[0] < body and (is_furniture(this) or is_furniture(after)):
        return True
    return bool(_ENDED.search(this)) and len(this) + 1 + len(after.split(maxsplit=1)[0]) < 0.8 * width


def _field(text: str, a: Span, b: Span) -> bool:
    return any(is_field(text[slice(*behind_marks(text, span))]) for span in (a, b))


def _item(text: str, a: Span, b: Span) -> bool:
    """Whether a line begins an item of a list; a dash is a bullet behind an end only."""
    bullet = _BULLET.match(text, *b)
    return bool(bullet) and (text[b[0]] in "*•●▪■◦" or bool(_ENDED.search(text[slice(*a)])))


def _indent(gap: str) -> int:
    """How far in a line stands, by the white space before it."""
    return len(re.split(r"[\n\r\x0b\x0c\x85\u2028\u2029]", gap)[-1].expandtabs(8))
