"""Labelled articles read from files, split by event, counted, and named by a digest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from framing.document import Document, read_document
from framing.line_format import parse
from framing.mentions import Finder
from framing.records import LabelledArticle, noting
from framing.schema import CODES, FramingError

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = ("train", "dev", "test")
LEAST_WORDS = 8  # a shorter sentence ("He declined to comment.") may stand in two splits


def labelled_document(finder: Finder, labelled: LabelledArticle) -> Document:
    """A labelled article as a model reads it.

    Training, scoring and serving must see one outlet class, and serving has the registry's alone: what
    the header says of `state_outlet` is left out.
    """
    return read_document(finder, *labelled.assemble())


def read_articles(*paths: Path, drafts: bool = False, faults: list[str] | None = None) -> list[LabelledArticle]:
    """Read every labelled article below the paths (files, or folders of .txt files).

    Drafts, articles without any label yet, are left out unless asked for. Raises FramingError naming
    file and line for the first fault of the format, an id that stands twice, or an article without a
    sentence; and where there is nothing to read. With `faults`, all faults go there instead.
    """
    articles: list[LabelledArticle] = []
    seen: dict[str, str] = {}
    for file in _files(paths):
        with noting(faults):
            for article in parse(read_text(file), str(file), faults):
                with noting(faults):
                    _unseen(article, seen)
                    articles.append(article)
    wanted = [article for article in articles if drafts or article.labelled]
    if not wanted and not faults:
        raise FramingError(f"no labelled articles in {', '.join(map(str, paths)) or 'nothing given'}")
    return wanted


def _unseen(article: LabelledArticle, seen: dict[str, str]) -> None:
    where = f"{article.file}:{article.line}"
    if article.id in seen:
        raise FramingError(f"{where}: id {article.id!r} stands already at {seen[article.id]}")
    seen[article.id] = where


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += corpus_files(path)
        elif path.exists():
            files.append(path)
        else:
            raise FramingError(f"{path}: no such file or folder")
    return files


def corpus_files(folder: Path) -> list[Path]:
    """The files in and below a folder that may hold labelled articles."""
    return sorted(folder.rglob("*.txt"))


def read_text(file: Path) -> str:
    """A file as text; raises FramingError where it is not UTF-8 or cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FramingError(f"{file}: not UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise FramingError(f"{file}: {error.strerror or error}") from error


def digest(articles: Iterable[LabelledArticle]) -> str:
    """SHA-256 of the articles' labels and texts, whatever their order and files."""
    lines = sorted(
        json.dumps([a.id, a.event, a.outlet, a.date, [(s.text, s.label, s.grade, s.mention) for s in a.sentences]])
        for a in articles
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def sentence_hash(text: str) -> str:
    """The stand-off tables' name of a sentence: the first 12 digits of its SHA-1."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]


def counts(articles: Iterable[LabelledArticle]) -> dict[str, Counter[str]]:
    """Count sentences by label, grade, kind, country and genre, and articles by outlet."""
    tables: dict[str, Counter[str]] = {
        name: Counter() for name in ("label", "grade", "kind", "country", "genre", "outlet")
    }
    for article in articles:
        tables["outlet"][article.outlet] += 1
        for row in article.labelled:
            assert row.label is not None
            tables["label"][CODES[row.label]] += 1
            tables["grade"][str(row.grade)] += 1
            tables["kind"][row.kind] += 1
            tables["country"][article.country] += 1
            tables["genre"][article.genre] += 1
    return tables


def load_splits(
    articles: Sequence[LabelledArticle], file: Path, faults: list[str] | None = None
) -> dict[Split, list[LabelledArticle]]:
    """Put articles into train, dev and test as the split file says, by event.

    Events the file does not name go to train or dev by a hash of their name, never to test.
    Raises FramingError where an event stands in two splits or a text repeats across splits; with
    `faults`, these go there.
    """
    named: dict[str, Split] = {}
    for split, events in read_split_file(file).items():
        for event in events:
            with noting(faults):
                if event in named:
                    raise FramingError(f"{file}: event {event!r} is in {named[event]} and in {split}")
                named[event] = split
    parts: dict[Split, list[LabelledArticle]] = {split: [] for split in SPLITS}
    for article in articles:
        parts[named.get(article.event) or _by_hash(article.event)].append(article)
    check_repeats(parts, faults)
    return parts


def read_split_file(file: Path) -> dict[Split, list[str]]:
    """Read {"train": [event, …], "dev": […], "test": […]} from a JSON file."""
    try:
        found = json.loads(read_text(file))["events"]
        return {split: [str(event) for event in found[split]] for split in SPLITS}
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise FramingError(f"{file}: not a split file ({error})") from error


def check_repeats(parts: dict[Split, list[LabelledArticle]], faults: list[str] | None = None) -> None:
    """Raise FramingError where a sentence of LEAST_WORDS or more stands in two splits."""
    first: dict[str, tuple[Split, str]] = {}
    for split, articles in parts.items():
        for article in articles:
            for row in article.labelled:
                if len(row.text.split()) < LEAST_WORDS:
                    continue
                where = f"{article.file}:{row.line}"
                known = first.setdefault(row.text, (split, where))
                with noting(faults):
                    if known[0] != split:
                        raise FramingError(f"{where}: this text of {split} stands in {known[0]} too, at {known[1]}")


def _by_hash(event: str) -> Split:
    return "dev" if int(hashlib.sha256(event.encode()).hexdigest(), 16) % 8 == 0 else "train"
