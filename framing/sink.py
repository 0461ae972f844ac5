"""Annotations of a batch → a shard's part, and the parts joined in order: JSON lines or Parquet."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from framing import parquet, report
from framing.schema import Annotated

FORMS = (".jsonl", ".jsonl.gz", ".parquet")


def form_of(output: Path) -> str | None:
    """The form a batch's output has by its name: one of FORMS, or None."""
    return next((form for form in FORMS if output.name.lower().endswith(form)), None)


def encode(annotated: Annotated, form: str) -> bytes:
    """What is to be written of an article in a form of FORMS; raises where the article cannot be."""
    if form == ".parquet":
        return parquet.packed(report.rows(annotated), report.SENTENCE_COLUMNS)
    return report.dumps(annotated, indent=None).encode() + b"\n"


class Part(Protocol):
    """A file that grows by an article at a time."""

    def write(self, encoded: bytes) -> None:
        """Write what `encode` gave for an article."""
        ...

    def close(self) -> None:
        """End the file."""
        ...


def part(path: Path, form: str) -> Part:
    """Open a part for writing."""
    return _Rows(path) if form == ".parquet" else _Lines(path, packed=form == ".jsonl.gz")


class _Lines:
    def __init__(self, path: Path, packed: bool) -> None:
        self._raw = path.open("wb")
        # without name and time, so that the same articles give the same bytes
        self._file = gzip.GzipFile("", "wb", 6, self._raw, mtime=0) if packed else self._raw

    def write(self, encoded: bytes) -> None:
        self._file.write(encoded)

    def close(self) -> None:
        self._file.close()
        self._raw.close()


class _Rows:
    def __init__(self, path: Path) -> None:
        self._writer = parquet.Writer(path, report.SENTENCE_COLUMNS)

    def write(self, encoded: bytes) -> None:
        self._writer.write(parquet.unpacked(encoded, report.SENTENCE_COLUMNS))

    def close(self) -> None:
        self._writer.close()


def join(parts: Iterable[Path], path: Path, form: str) -> None:
    """Write the parts into one file, in order; it is on the disk when this returns."""
    if form == ".parquet":
        parquet.join(parts, path, report.SENTENCE_COLUMNS)
    else:
        with path.open("wb") as out:
            for found in parts:
                with found.open("rb") as handle:
                    shutil.copyfileobj(handle, out, 1 << 20)
            if form == ".jsonl.gz" and not out.tell():
                out.write(gzip.compress(b"", mtime=0))
    with path.open("rb+") as written:
        os.fsync(written.fileno())
