"""A file of lines → where each lies, by the encoding that the mark at its beginning says."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_BLOCK = 1 << 20


def places(handle: BinaryIO) -> Iterator[tuple[int, int, int]]:
    """Number from 1, offset and size in bytes of each line that is not blank; a long one is never held whole."""
    mark, encoding = _marked(handle)
    newline = "\n".encode(encoding)
    number, offset = 0, len(mark)
    handle.seek(offset)
    while piece := _piece(handle, newline):
        number += 1
        size, blank = 0, True
        while piece:
            size += len(piece)
            blank = blank and piece.decode(encoding, "replace").isspace()
            piece = b"" if piece.endswith(newline) else _piece(handle, newline)
        if not blank:
            yield number, offset, size
        offset += size


def line_at(handle: BinaryIO, offset: int, size: int) -> bytes:
    """A line where `places` found it, behind the mark of its file, which says how it is to be read."""
    mark, _ = _marked(handle)
    handle.seek(offset)
    return mark + handle.read(size)


def _marked(handle: BinaryIO) -> tuple[bytes, str]:
    handle.seek(0)
    head = handle.read(4)
    return next((known for known in BYTE_ORDER_MARKS if head.startswith(known[0])), (b"", "utf-8"))


def _piece(handle: BinaryIO, newline: bytes) -> bytes:
    """A line or a block of it, in whole units of the encoding; in UTF-16 the byte of a line's end is in others' too."""
    found = bytearray()
    while len(found) < _BLOCK and (part := handle.readline(_BLOCK)):
        found += part
        found += handle.read(-len(found) % len(newline))
        if found.endswith(newline):
            break
    return bytes(found)
