"""Sources of a batch → its articles one by one, each by where it lies, to be read later by a worker.

Nothing here holds more than a shard, a few rows of a table or a chunk of a folder's names.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from framing import parquet, read
from framing.json_lines import line_at, places
from framing.limits import Limits
from framing.schema import Article, FramingError
from framing.walk import MANY, Found, is_pattern, is_url, matching, one, walk

BATCH_SUFFIXES = (*read.SUFFIXES, ".parquet")
_HEAD = 65_536  # bytes at both ends of a file of many articles that tell it from another


@dataclass(frozen=True, slots=True)
class Item:
    """One article to be: a file, a line of one, a row of a table, or the reason why there is none."""

    name: str  # how errors call it: the file's path, with ":" and the number of the line or row
    path: str
    facts: str = ""  # changes when what lies there does
    offset: int | None = None  # where the line begins, in bytes
    size: int = 0
    row: dict[str, Any] | None = None
    problem: str | None = None

    def read(self, limits: Limits) -> Article:
        """The article; raises FramingError where there is none."""
        if self.problem is not None:
            raise FramingError(self.problem)
        if self.row is not None:
            text = self.row.get("text")
            limits.check_bytes(len(text.encode("utf-8", "surrogatepass")) if isinstance(text, str) else 0, self.name)
            return read.from_row(self.row, self.name)
        if self.offset is None:
            (article,) = read.read_file(self.path, limits)
            return article
        limits.check_bytes(self.size, self.name)
        return read.from_json(self._line(self.offset), self.name)

    def _line(self, offset: int) -> bytes:
        try:
            with open(self.path, "rb") as handle:
                return line_at(handle, offset, self.size)
        except OSError as error:
            raise FramingError(f"{self.name}: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class Shard:
    """A stretch of the batch that is annotated, written and counted as one."""

    number: int
    items: tuple[Item, ...]

    def digest(self) -> str:
        """A digest of where its articles lie; a later run that means the same articles finds the same."""
        return str(_digest("\n".join(f"{item.name}\0{item.facts}" for item in self.items)).hexdigest())


@dataclass(frozen=True, slots=True)
class Survey:
    """What the sources hold: how many articles, and a digest of the files' names, sizes, times and ends."""

    articles: int
    sha256: str


@dataclass(frozen=True)
class Corpus:
    """The sources of a batch; `own` are the files of its output, by their real paths, which are no input."""

    sources: tuple[str, ...]
    own: frozenset[str] = frozenset()

    def survey(self, tick: Callable[[int], None]) -> Survey:
        """Count the articles, telling `tick` how many so far.

        Raises FramingError where a source is missing, empty, cannot be read in a batch or is the output.
        """
        digest, articles = _digest(""), 0
        for source in self.sources:
            before = articles
            for found in self._files(source):
                named = found.path in (source, os.path.normpath(source))
                if found.problem and named:
                    raise FramingError(f"{source}: {found.problem}")
                digest.update(_digest(f"{found.path}\0{_facts(found)}").digest())
                articles += _count(found, digest, strict=named)
                tick(articles)
            if articles == before:
                looked = f" (looked for {' '.join(BATCH_SUFFIXES)})" if os.path.isdir(source) else ""
                raise FramingError(f"{source}: no articles here{looked}")
        return Survey(articles, digest.hexdigest())

    def shards(self, size: int) -> Iterator[Shard]:
        """Cut the articles into shards, as they are asked for."""
        items = (item for source in self.sources for found in self._files(source) for item in _items(found))
        number = 0
        while batch := tuple(islice(items, size)):
            yield Shard(number, batch)
            number += 1

    def _files(self, source: str) -> Iterator[Found]:
        if source == "-" or is_url(source):
            raise FramingError(f"{source}: a batch reads folders, patterns and files")
        if is_pattern(source):
            yield from filter(self._is_foreign, matching(source))
        elif os.path.isdir(source):
            for found in walk(os.path.normpath(source)):
                if found.problem or (Path(found.path).suffix.lower() in BATCH_SUFFIXES and self._is_foreign(found)):
                    yield found
        else:
            try:
                found = one(source)
            except OSError as error:
                raise FramingError(f"{source}: {error.strerror or error}") from error
            if not self._is_foreign(found):
                raise FramingError(f"{source}: the output would take the input's place")
            yield found

    def _is_foreign(self, found: Found) -> bool:
        name = os.path.basename(found.path)
        return not any(os.path.basename(own) == name and os.path.realpath(found.path) == own for own in self.own)


def _suffix(found: Found) -> str:
    return os.path.splitext(found.path)[1].lower()


def _facts(found: Found) -> str:
    return f"{found.size} {found.mtime} {found.problem or ''}"


def _digest(text: str) -> Any:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape"))


def _count(found: Found, digest: Any, strict: bool) -> int:
    """The articles of a file; one of many is read to be counted, and its ends go into the digest.

    What cannot be read counts as one, an error to be, or raises FramingError if `strict`.
    """
    if found.problem or _suffix(found) not in MANY:
        return 1
    try:
        with open(found.path, "rb") as handle:
            digest.update(handle.read(_HEAD))
            handle.seek(max(0, found.size - _HEAD))
            digest.update(handle.read(_HEAD))
        if _suffix(found) == ".parquet":
            return parquet.count(found.path)
        with open(found.path, "rb") as handle:
            return sum(1 for _ in places(handle))
    except OSError as error:
        if strict:
            raise FramingError(f"{found.path}: {error.strerror or error}") from error
    except FramingError:
        if strict:
            raise
    return 1


def _items(found: Found) -> Iterator[Item]:
    """The articles of a file; an Item with a problem where they cannot be read."""
    name, number = found.path, 0
    try:
        if found.problem:
            raise FramingError(f"{name}: {found.problem}")
        if _suffix(found) == ".jsonl":
            with open(found.path, "rb") as handle:
                for number, offset, size in places(handle):
                    yield Item(f"{name}:{number}", found.path, f"{offset} {_facts(found)}", offset, size)
        elif _suffix(found) == ".parquet":
            for number, row in enumerate(parquet.read(found.path), 1):
                yield Item(f"{name}:{number}", found.path, _facts(found), row=row)
        else:
            yield Item(name, found.path, _facts(found))
    except OSError as error:
        yield Item(name, found.path, problem=f"{name}: {error.strerror or error}")
    except FramingError as error:
        at = f"{name}:{number + 1}" if number else name
        yield Item(at, found.path, problem=str(error))
