"""Folders and patterns → files, in the order of their paths, in the same memory however many there are."""

from __future__ import annotations

import heapq
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

# Names of one folder held at a time, 3 MB. A folder with more is listed again for each further
# chunk: a million files cost 50 listings, under a minute beside hours of annotation.
CHUNK = 20_000
_WORK = re.compile(r"\..+\.parts")  # the work folder of an unfinished batch
_MAGIC = re.compile(r"[*?[]")
MANY = (".jsonl", ".parquet")  # files of many articles


@dataclass(frozen=True, slots=True)
class Found:
    """A file with its size and time of change, or a folder that cannot be listed and why."""

    path: str
    size: int = 0
    mtime: int = 0  # in nanoseconds
    problem: str | None = None


def is_url(source: str) -> bool:
    """Whether a source is an address on the web."""
    return source.startswith(("http://", "https://"))


def is_pattern(source: str) -> bool:
    """Whether a source that does not exist as it stands is a pattern of paths."""
    return bool(_MAGIC.search(source)) and not os.path.lexists(source)


def one(path: str) -> Found:
    """A file given by its path; raises OSError where there is none."""
    facts = os.stat(path)
    return Found(path, facts.st_size, facts.st_mtime_ns)


def walk(folder: str) -> Iterator[Found]:
    """Yield every file below a folder; links to folders are not followed."""
    for found, is_folder in _children(folder):
        if is_folder:
            yield from walk(found.path)
        else:
            yield found


def matching(pattern: str) -> Iterator[Found]:
    """Yield the files a pattern stands for: `*`, `?` and `[…]` in a name, `**` for any folders.

    As in a shell, a name with a leading dot must be asked for, and a folder stands for what is in it.
    """
    parts = Path(pattern).parts
    fixed = next((i for i, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    folder = Path(*parts[:fixed])
    if folder.is_dir():
        yield from _matching(str(folder), {parts[fixed:]})


def _matching(folder: str, patterns: set[tuple[str, ...]]) -> Iterator[Found]:
    for found, is_folder in _children(folder):
        if found.problem:
            yield found
            continue
        left = _step(patterns, os.path.basename(found.path))
        if any(all(part == "**" for part in rest) for rest in left):
            yield from walk(found.path) if is_folder else (found,)
        elif is_folder and left:
            yield from _matching(found.path, left)


def _step(patterns: set[tuple[str, ...]], name: str) -> set[tuple[str, ...]]:
    """What is left of patterns behind one name of a path."""
    left: set[tuple[str, ...]] = set()
    for first, *rest in patterns:
        if first == "**":
            if not name.startswith("."):
                left.add((first, *rest))
            if rest:
                left |= _step({tuple(rest)}, name)
        elif fnmatchcase(name, first) and (first.startswith(".") or not name.startswith(".")):
            left.add(tuple(rest))
    return left


def _children(folder: str) -> Iterator[tuple[Found, bool]]:
    """The files and folders in a folder in order, and whether each is a folder."""
    try:
        for name in _names(folder):
            path = name if folder == "." else os.path.join(folder, name)
            try:
                facts = os.lstat(path)
                if stat.S_ISDIR(facts.st_mode):
                    if not _WORK.fullmatch(name):
                        yield Found(path), True
                    continue
                facts = os.stat(path)
            except OSError:  # gone since it was listed, or a link to nowhere
                continue
            if stat.S_ISREG(facts.st_mode):
                yield Found(path, facts.st_size, facts.st_mtime_ns), False
    except OSError as error:
        yield Found(folder, problem=error.strerror or str(error)), False


def _names(folder: str) -> Iterator[str]:
    last = ""
    while True:
        with os.scandir(folder) as entries:
            names = heapq.nsmallest(CHUNK, (entry.name for entry in entries if entry.name > last))
        yield from names
        if len(names) < CHUNK:
            return
        last = names[-1]
