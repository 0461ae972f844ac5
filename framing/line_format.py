"""The line format of labelled articles, read and written.

One header line `=== {json}` an article, then one sentence a line, `CODE | text`: provenance S, I or A,
loading 0, 1 or 2, then h (headline, subhead), c (caption) or nothing; `?` in place of the first two is
a sentence without a label (a draft, or disputed); `X | text` is not a sentence; `{}` surround the
source mention; a blank line is a paragraph break.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from framing.records import REQUIRED, LabelledArticle, LabelledSentence, not_empty, noting
from framing.schema import CODES, FramingError, Kind

_HEADER = re.compile(r"=== (\{.*\})")
_LINE = re.compile(r"(?:([SIA])([012])|\?)([hc]?) \| (.*\S.*)")
_OTHER = re.compile(r"X \| (.*\S.*)")
_BREAKS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")  # where str.splitlines breaks


def parse(text: str, file: str = "<text>", faults: list[str] | None = None) -> Iterator[LabelledArticle]:
    """Yield the articles of a text in the line format, drafts too.

    Raises FramingError with file and line; with `faults`, faults go there and what stands is yielded.
    """
    blocks: list[list[tuple[int, str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("==="):
            blocks.append([])
        if blocks:
            blocks[-1].append((number, line))
        elif line.strip():
            with noting(faults):
                raise FramingError(f"{file}:{number}: a sentence before the first header line (=== {{…}})")
    for block in blocks:
        header: dict[str, object] | None = None
        with noting(faults):
            header = _header(block[0][1], file, block[0][0])
        rows = _rows(block[1:], file, faults)
        if header is not None:
            with noting(faults):
                yield _article(header, rows, file, block[0][0])


def _rows(lines: Sequence[tuple[int, str]], file: str, faults: list[str] | None) -> list[LabelledSentence]:
    rows: list[LabelledSentence] = []
    paragraph, broken = 0, False  # broken: a blank line stands before the next
    for number, line in lines:
        if not line.strip():
            broken = True
            continue
        with noting(faults):
            row = _sentence(line, file, number, bool(rows))
            paragraph += bool(rows) and (broken or row.kind != "body" or rows[-1].kind != "body")
            broken = False
            rows.append(replace(row, paragraph=paragraph))
    return rows


def _header(line: str, file: str, number: int) -> dict[str, object]:
    match = _HEADER.fullmatch(line.rstrip())
    try:
        header = json.loads(match[1]) if match else None
    except (ValueError, RecursionError) as error:
        raise FramingError(f"{file}:{number}: the header is not JSON ({error})") from error
    if not isinstance(header, dict):
        raise FramingError(f"{file}:{number}: a header is '=== ' and a JSON object")
    lacking = [key for key in REQUIRED if key not in header]
    if lacking:
        raise FramingError(f"{file}:{number}: the header lacks {', '.join(lacking)}")
    if not isinstance(header["state_outlet"], bool):
        raise FramingError(f"{file}:{number}: state_outlet is true or false, not {header['state_outlet']!r}")
    if wrong := [key for key in REQUIRED if key != "state_outlet" and not isinstance(header[key], str | int)]:
        raise FramingError(f"{file}:{number}: {wrong[0]} is {header[wrong[0]]!r}, not text")
    return header


def _sentence(line: str, file: str, number: int, started: bool) -> LabelledSentence:
    if other := _OTHER.fullmatch(line):
        return LabelledSentence(other[1], None, None, "boilerplate", 0, None, number)
    match = _LINE.fullmatch(line)
    if not match:
        raise FramingError(f"{file}:{number}: expected a code of S I A, 0 1 2, h c (or ?, or X), then ' | text'")
    code, grade, kind_code, marked = match.groups()
    opening, closing = marked.find("{"), marked.find("}")
    if marked.count("{") > 1 or marked.count("{") != marked.count("}") or closing < opening:
        raise FramingError(f"{file}:{number}: braces must be one balanced pair round the source mention")
    mention = None
    if opening >= 0:
        mention = (opening, closing - 1)
        if closing - 1 <= opening:
            raise FramingError(f"{file}:{number}: the braces are empty")
    text = marked.replace("{", "").replace("}", "")
    kinds: dict[str, Kind] = {"": "body", "c": "caption", "h": "subhead" if started else "headline"}
    label, loading = (CODES.index(code), int(grade)) if code else (None, None)
    return LabelledSentence(text, label, loading, kinds[kind_code], 0, mention, number)


def _article(header: dict[str, object], rows: list[LabelledSentence], file: str, line: int) -> LabelledArticle:
    extra = {key: value for key, value in header.items() if key not in REQUIRED}
    known = {key: str(header[key]) for key in REQUIRED if key != "state_outlet"}
    state = bool(header["state_outlet"])
    return not_empty(
        LabelledArticle(**known, state_outlet=state, sentences=tuple(rows), file=file, line=line, extra=extra)
    )


def write_articles(articles: Iterable[LabelledArticle]) -> str:
    """Articles in the line format, so that reading gives the same labels, kinds, paragraphs and header.

    Raises FramingError for what the format cannot hold: a line break or braces in a sentence.
    """
    return "\n".join(_block(article) for article in articles)


def _block(article: LabelledArticle) -> str:
    lines = [header_line(article)]
    before: LabelledSentence | None = None
    for row in article.sentences:
        # Only between two body sentences does the reader need the blank line to see a new paragraph.
        if before and before.kind == row.kind == "body" and before.paragraph != row.paragraph:
            lines.append("")
        lines.append(to_line(row, article))
        before = row
    return "\n".join(lines) + "\n"


def header_line(article: LabelledArticle) -> str:
    """An article's facts as its header line."""
    facts = {key: getattr(article, key) for key in REQUIRED} | article.extra
    text = _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(facts, ensure_ascii=False))
    return "=== " + _utf8(text, f"article {article.id!r}")


def to_line(row: LabelledSentence, article: LabelledArticle) -> str:
    """One line of the format; `article` is for messages."""
    where = f"article {article.id!r}, {row.text[:60]!r}"
    if not row.text.strip() or _BREAKS.search(row.text):
        raise FramingError(f"{where}: empty or with a line break, which a line cannot hold")
    marked = row.text
    if row.kind != "boilerplate":
        if "{" in marked or "}" in marked:
            raise FramingError(f"{where}: braces, which the line format keeps for the source mention")
        if row.mention:
            start, end = row.mention
            marked = f"{marked[:start]}{{{marked[start:end]}}}{marked[end:]}"
    return f"{code(row)} | {_utf8(marked, where)}"


def _utf8(text: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FramingError(f"{where}: half a surrogate pair, which UTF-8 cannot hold") from error
    return text


def code(row: LabelledSentence) -> str:
    """The code in front of a line: S1h, I0, A2c, ?, ?h, X."""
    if row.kind == "boilerplate":
        return "X"
    label = "?" if row.label is None else f"{CODES[row.label]}{row.grade}"
    return label + {"headline": "h", "subhead": "h", "caption": "c"}.get(row.kind, "")


def describe(row: LabelledSentence) -> str:
    """What a line says of its sentence: the code and the source mention."""
    return code(row) + (f" {{{row.mentioned}}}" if row.mention else "")


def tidy(rows: Iterable[LabelledSentence]) -> tuple[LabelledSentence, ...]:
    """Rows as the line format can say them.

    Only the first line is a headline, later ones are subheads; whatever is not body text stands in
    a paragraph of its own.
    """
    out: list[LabelledSentence] = []
    paragraph, before = 0, None
    for row in rows:
        kind = row.kind
        if kind in ("headline", "subhead"):
            kind = "subhead" if out else "headline"
        paragraph += bool(out) and not (before == row.paragraph and kind == out[-1].kind == "body")
        before = row.paragraph
        out.append(replace(row, kind=kind, paragraph=paragraph))
    return tuple(out)


def one_line(text: str) -> str:
    """A text with its line breaks as spaces, of the same length."""
    return _BREAKS.sub(" ", text)
