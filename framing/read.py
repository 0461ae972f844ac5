"""Files, folders, HTML, Markdown, JSON lines, standard input and URLs → articles."""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from framing.dates import find_date, is_iso, iso_date
from framing.json_lines import BYTE_ORDER_MARKS, line_at, places
from framing.limits import LIMITS, Limits
from framing.marked import Page
from framing.schema import Article, FramingError
from framing.walk import is_pattern, is_url, walk

_PAGE = re.compile(r"\s*(?:<\?xml\b[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)
SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".jsonl")


def read(source: str, limits: Limits = LIMITS) -> Iterator[Article]:
    """Yield the articles of a file, a folder, a URL or standard input ("-").

    Raises FramingError in one line where there is nothing to read: no such file, no permission, an
    empty or binary file, one over limits.bytes, a folder without articles, a JSON line without text.
    """
    if source == "-":
        yield from read_bytes(sys.stdin.buffer.read(limits.bytes + 1), "-", "", limits)
    elif is_url(source):
        from framing.fetch import fetch

        body, kind = fetch(source, limits.bytes, limits.private)
        yield from read_bytes(body, source, _suffix(kind), limits, kind)
    elif os.path.isdir(source):  # Path.is_dir raises where a name is too long
        yield from _folder(Path(source), limits)
    elif is_pattern(source) or source.lower().endswith(".parquet"):
        raise FramingError(f"{source}: patterns and Parquet are read in a batch: framing predict … -o OUT.jsonl")
    else:
        yield from read_file(source, limits)


def _suffix(kind: str) -> str:
    """What a server says a page is, as a file's ending; "" where it does not say."""
    return ".html" if "html" in kind.lower() else ".txt" if kind else ""


def read_file(path: str, limits: Limits = LIMITS) -> Iterator[Article]:
    """Yield the articles of one file: several where it holds JSON lines."""
    yield from read_bytes(_bytes(Path(path), limits.bytes), path, Path(path).suffix.lower(), limits)


def from_text(text: str, **known: str | None) -> Article:
    """An article from a text, checked; `known` are fields of Article. Raises FramingError as checked does."""
    return checked(Article(text, **known))  # type: ignore[arg-type]


def checked(article: Article) -> Article:
    """An article as it may be annotated and written, whoever made it; one that was checked stays as it is.

    Its date is the one given, written in ISO, or else the one that the text gives. Raises FramingError where
    a field is no string (text and language; the others may be None), or has half a surrogate pair, as JSON can
    hold it.
    """
    name = printable(str(article.path or "text"))
    for field in ("text", "path", "title", "outlet", "date", "language"):
        value = getattr(article, field)
        if not (isinstance(value, str) or (value is None and field not in ("text", "language"))):
            raise FramingError(f"{name}: the {field} is no text")
        try:
            (value if value and field != "path" else "").encode()  # in a path it is replaced
        except UnicodeEncodeError as error:
            raise FramingError(f"{name}: half a character (a surrogate) at {error.start}") from error
    path = article.path and name
    told = iso_date(article.date) if article.date else None
    date = told or find_date(article.text)
    if article.date and not (told and is_iso(article.date, told)):
        instead = f", the text's is {date}" if date and not told else ""
        note = f"{name}: date {article.date!r} read as {told or 'none'}{instead}"
        article = replace(article, notes=(*article.notes, note))
    return replace(article, path=path, date=date)


def printable(path: str) -> str:
    """A path without the surrogates that stand for bytes which are no UTF-8."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", path)


def file_name(path: str) -> str:
    """The name of an article's file; "news-7" for the article of line 7 of news.jsonl."""
    return Path(re.sub(r"\.jsonl:(\d+)$", r"-\1", path)).name


def _folder(folder: Path, limits: Limits) -> Iterator[Article]:
    empty = True
    for found in walk(str(folder)):
        if found.problem:
            raise FramingError(f"{found.path}: {found.problem}")
        if Path(found.path).suffix.lower() in SUFFIXES:
            empty = False
            yield from read_file(found.path, limits)
    if empty:
        raise FramingError(f"{folder}: no articles in this folder (looked for {' '.join(SUFFIXES)})")


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(max_bytes + 1)
    except FileNotFoundError:
        raise FramingError(f"{path}: no such file") from None
    except OSError as error:
        raise FramingError(f"{path}: {error.strerror or error}") from error


def read_bytes(body: bytes, name: str, suffix: str, limits: Limits = LIMITS, header: str = "") -> Iterator[Article]:
    """Yield the articles of a file's bytes; `suffix` says what it is, but a page is one whatever its file is called.

    `header` is what a server says of it (Content-Type).
    """
    name = printable(name)
    limits.check_bytes(len(body), name)
    if suffix == ".jsonl":
        yield from _json_lines(body, name)
        return
    text, notes = decode(body, name, header)
    if not text.strip():
        raise FramingError(f"{name}: empty, there is nothing to annotate")
    if suffix in (".md", ".markdown"):
        yield _noted(_markdown(text, name), notes)
    elif suffix in (".html", ".htm") or _PAGE.match(text):
        yield _noted(_html(text, name), notes)
    else:
        yield _noted(from_text(text, path=name), notes)


def _noted(article: Article, notes: tuple[str, ...]) -> Article:
    """An article with what had to be assumed of its bytes, before what had to be of its text."""
    return replace(article, notes=(*notes, *article.notes))


def decode(body: bytes, name: str, header: str = "") -> tuple[str, tuple[str, ...]]:
    """Bytes → text, and a note where they are not UTF-8. Raises FramingError for binary data.

    The encoding is then what the server's `header` says, else what the page does, else Windows-1252.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            try:
                return body[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError:
                raise FramingError(f"{name}: begins like {encoding} but does not go on so") from None
    if b"\0" in body[:65536] or body.startswith(b"%PDF-"):  # which may go on without a NUL, as no archive does
        raise FramingError(f"{name}: binary, not text")
    try:
        return body.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        control = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in body[:65536])
        if control > len(body[:65536]) / 100:
            raise FramingError(f"{name}: binary, not text") from None
        charset = _declared(header.encode()) or _declared(body[:4096], rb"<meta[^>]{1,100}") or "Windows-1252"
        return body.decode(charset, errors="replace"), (f"{name}: not UTF-8 (byte {error.start}), read as {charset}",)


def _declared(where: bytes, before: bytes = b"") -> str | None:
    """The encoding that a header or a page names, of those news is written in."""
    found = re.search(before + rb"charset=[\"']?([\w-]{2,20})", where, re.IGNORECASE)
    name = found[1].decode().lower() if found else ""
    return name if re.match(r"iso-8859-|windows-125|koi8-|gb|big5|euc-|shift_jis", name) and _is_known(name) else None


def _is_known(encoding: str) -> bool:
    try:
        return bool(codecs.lookup(encoding))
    except LookupError:
        return False


def _json_lines(body: bytes, name: str) -> Iterator[Article]:
    """Line by line, as a batch reads them: one that is not UTF-8 says nothing of the others."""
    handle = io.BytesIO(body)
    found = list(places(handle))
    if not found:
        raise FramingError(f"{name}: empty, there is nothing to annotate")
    for number, offset, size in found:
        yield from_json(line_at(handle, offset, size), f"{name}:{number}")


def from_json(line: bytes, name: str) -> Article:
    """The article of one JSON line; `name` is its place, and its path unless it has one of its own."""
    text, notes = decode(line, name)
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FramingError(f"{name}: not JSON ({error})") from error
    return _noted(from_row(row, name), notes)


def from_row(row: Any, name: str) -> Article:
    """The article of a row with "text" and, where known, path or id, title, outlet and date."""
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
        raise FramingError(f'{name}: no "text" in this line')
    known = {}
    for key in ("path", "id", "title", "outlet", "date"):
        value = row.get(key)
        if isinstance(value, (dict, list)):
            raise FramingError(f"{name}: the {key} is no text")
        # A table's empty cell may be NaN, which is not itself; an id of 0 is one.
        if value == value and (value or (key in ("path", "id") and value not in (None, ""))):
            known[key] = str(value)
    own = known.pop("id", name)
    return from_text(row["text"], **{"path": own} | known)


def _html(text: str, name: str) -> Article:
    from framing.web import read_page

    return _from_page(read_page(text), name, "no article text found in this HTML")


def _markdown(text: str, name: str) -> Article:
    from framing.markdown import read_markdown

    return _from_page(read_markdown(text), name, "no text in this Markdown")


def _from_page(page: Page | None, name: str, missing: str) -> Article:
    if page is None:
        raise FramingError(f"{name}: {missing}")
    article = from_text(page.text, path=name, title=page.title, outlet=page.outlet, date=page.date)
    return replace(article, marks=page.marks)
