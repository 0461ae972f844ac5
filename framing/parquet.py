"""Parquet through pyarrow, which is optional: articles as rows in, sentences as rows out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from framing.schema import LABELS, FramingError

ARTICLE_COLUMNS = ("text", "path", "id", "title", "outlet", "date")  # of a row; only the first must be there
_TYPES = {"index": "int32", "start": "int64", "end": "int64", "loading_grade": "int8"}
_TYPES |= dict.fromkeys(("confidence", "loading_score"), "float64")
_TYPES |= dict.fromkeys(LABELS, "float64")
_TYPES |= dict.fromkeys(("uncertain", "inherited"), "bool_")
_READ = 16  # rows read at a time: a long article is 100 kB
_WRITE = 50_000  # rows of a group written: 15 MB


def require() -> None:
    """Raise FramingError in one line where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise FramingError("Parquet needs pyarrow: pip install 'framing[parquet]'") from error


def count(path: str) -> int:
    """The rows of a table; raises FramingError where it is not one of articles."""
    rows: int = _open(path).metadata.num_rows
    return rows


def read(path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, a few in memory at a time however large its row groups.

    Raises FramingError where it is not a table of articles, or from where on it is damaged.
    """
    import pyarrow as pa

    table = _open(path)
    columns = [name for name in ARTICLE_COLUMNS if name in table.schema_arrow.names]
    try:
        for batch in table.iter_batches(_READ, columns=columns, use_threads=False):
            for row in batch.to_pylist():
                yield {key: _plain(value) for key, value in row.items()}
    except (pa.ArrowException, OSError) as error:
        raise FramingError(f"{path}: damaged ({error})") from error


def _open(path: str) -> Any:
    require()
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # buffered, not mapped or read ahead: a row group of a million articles would fill the memory
        table = pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    except (pa.ArrowException, OSError) as error:
        raise FramingError(f"{path}: not a Parquet file ({error})") from error
    if "text" not in table.schema_arrow.names:
        raise FramingError(f'{path}: no column "text" (it has {", ".join(table.schema_arrow.names[:12]) or "none"})')
    return table


def _plain(value: Any) -> Any:
    """A cell's value as JSON lines have it: days in ISO 8601, a text that was written as bytes as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


def schema(columns: Sequence[str]) -> Any:
    """The Arrow schema of a table of sentences."""
    import pyarrow as pa

    return pa.schema([(name, getattr(pa, _TYPES.get(name, "string"))()) for name in columns])


def packed(rows: Iterable[Sequence[object]], columns: Sequence[str]) -> bytes:
    """Rows as the bytes of an Arrow record batch, which pass between processes and machines."""
    import pyarrow as pa

    found = schema(columns)
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pa.array(c, f.type) for c, f in zip(cells, found, strict=True)]
    return bytes(pa.record_batch(arrays, schema=found).serialize())


def unpacked(encoded: bytes, columns: Sequence[str]) -> Any:
    """The record batch that `packed` gave."""
    import pyarrow as pa

    return pa.ipc.read_record_batch(pa.py_buffer(encoded), schema(columns))


class Writer:
    """Writes record batches to a file in groups of many rows."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        import pyarrow.parquet as pq

        self._schema = schema(columns)
        self._file = pq.ParquetWriter(path, self._schema)
        self._held: list[Any] = []
        self._rows = 0

    def write(self, found: Any) -> None:
        """Add a record batch."""
        self._held.append(found)
        self._rows += found.num_rows
        if self._rows >= _WRITE:
            self._flush()

    def close(self) -> None:
        """Write what is held and the file's end."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._held:
            self._file.write_table(pa.Table.from_batches(self._held, self._schema).combine_chunks())
            self._held, self._rows = [], 0


def join(parts: Iterable[Path], path: Path, columns: Sequence[str]) -> None:
    """Write the rows of several files into one."""
    import pyarrow.parquet as pq

    writer = Writer(path, columns)
    for part in parts:
        for found in pq.ParquetFile(part, pre_buffer=False).iter_batches(_WRITE // 5):
            writer.write(found)
    writer.close()
