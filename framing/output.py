"""Annotations → the terminal, a file or a folder of pages; files appear whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from framing import page, report
from framing.read import file_name
from framing.schema import Annotated, FramingError

FORMATS = ("text", "json", "jsonl", "csv", "html")


def write(found: Sequence[Annotated], form: str, output: Path | None) -> None:
    """Write annotated articles in one of FORMATS.

    Raises FramingError where the form does not fit: json is one article, several html pages need a
    folder. Nothing is written unless everything can be.
    """
    _refuse_own(found, form, output)
    if form == "json" and len(found) > 1:
        raise FramingError(f"--format json is for one article, here are {len(found)}: use jsonl")
    if form == "html" and (output is None or len(found) > 1 or output.suffix.lower() not in (".html", ".htm")):
        if output is None:
            raise FramingError("--format html needs -o: a folder, or a .html file for one article")
        if output.suffix.lower() in (".html", ".htm") and not output.is_dir():
            raise FramingError(f"{output}: a page is for one article, here are {len(found)}: name a folder")
        write_pages(found, output)
        return
    to_terminal = output is None and sys.stdout.isatty()
    text = render(found, form, colour=to_terminal)
    if output is None:
        sys.stdout.write(text)
    else:
        write_file(output, text)


def form_of(output: Path | None) -> str:
    """The form that a file's name asks for; text where it asks for none."""
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    return "html" if suffix == "htm" else suffix if suffix in FORMATS else "text"


def _refuse_own(found: Sequence[Annotated], form: str, output: Path | None) -> None:
    """Raise FramingError where an output would take the place of an article that was read."""
    if output is None:
        return
    paths = [annotated.article.path or "article" for annotated in found]
    targets = {output, *(output / name for name in page_names(paths))} if form == "html" else {output}
    read = {os.path.realpath(path) for path in paths}
    if own := next((target for target in targets if os.path.realpath(target) in read), None):
        raise FramingError(f"{own}: is one of the articles, which this would replace")


def render(found: Sequence[Annotated], form: str, colour: bool = False) -> str:
    """Annotated articles as one text in a format."""
    if form == "csv":
        return report.to_csv(found)
    if form == "html":
        return "".join(map(page.to_html, found))
    if form == "text":
        return "\n".join(report.to_text(annotated, colour=colour) for annotated in found)
    return "".join(report.dumps(annotated, indent=2 if form == "json" else None) + "\n" for annotated in found)


def write_pages(found: Sequence[Annotated], folder: Path) -> None:
    """Write a page for each article and an index, last, into a folder; it stays as it was where one cannot be."""
    names = page_names([annotated.article.path or "article" for annotated in found])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FramingError(f"{folder}: {error.strerror or error}") from error
    named = list(zip(names, found, strict=True))
    pages = ((folder / name, page.to_html(annotated)) for name, annotated in named)
    write_files(chain(pages, [(folder / "index.html", page.index(named))]))


def page_names(paths: Sequence[str]) -> list[str]:
    """A file name for each article's page, safe and without doubles."""
    taken: dict[str, None] = {"index.html": None}  # in order
    last: dict[str, int] = {}  # number of a stem
    for path in paths:
        stem = Path(file_name(path)).stem
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:80] or "article"
        name = f"{stem}.html"
        while name in taken:
            last[stem] = last.get(stem, 1) + 1
            name = f"{stem}-{last[stem]}.html"
        taken[name] = None
    return [*taken][1:]


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all; see write_files."""
    write_files([(path, text)])


def write_files(texts: Iterable[tuple[Path, str]]) -> None:
    """Write files, each whole or not at all; they are put in their places, in order, once all of them are written.

    Raises FramingError where one cannot be written. A link stays one, a file keeps its mode, and a device
    or a pipe is written to as it is.
    """
    drafts: list[tuple[Path, Path]] = []  # the files under other names, and where they go
    path = Path()
    try:
        for given, text in texts:
            path = Path(os.path.realpath(given))
            if path.exists() and not path.is_file():
                path.write_text(text, encoding="utf-8")
                continue
            # a short name: the file's own may be of full length
            draft = path.with_name(f".framing-{secrets.token_hex(8)}")
            drafts.append((draft, path))
            with open(draft, "x", encoding="utf-8", newline="") as out:
                if path.exists():  # before anything is in it: it may be for no other's eyes
                    draft.chmod(path.stat().st_mode & 0o777)
                out.write(text)
        for draft, path in drafts:
            os.replace(draft, path)
    except OSError as error:
        raise FramingError(f"{path}: {error.strerror or error}") from error
    finally:
        for draft, _ in drafts:
            with suppress(OSError):  # it is in its place, or never was
                draft.unlink()
