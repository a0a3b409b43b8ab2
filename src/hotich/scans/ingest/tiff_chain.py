"""The list of pages of a TIFF, followed by itself: whether it leads out of the file.

Decoders take a list that is cut off for one that ends, and the pages behind the cut would be lost without a word.
"""

from __future__ import annotations

import struct
from typing import IO

_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MOST_DIRECTORIES = 20_000


def is_cut(file: IO[bytes]) -> bool:
    """Whether a directory of the list lies, or ends, beyond the end of the file; never of what is no TIFF.

    TIFF 6.0 section 2, and the same with longer numbers (BigTIFF).
    """
    file.seek(0, 2)
    length = file.tell()
    file.seek(0)
    start = file.read(4)
    if start not in _STARTS:
        return False
    order = "<" if start[:2] == b"II" else ">"
    is_big = b"+" in start
    word, count, entry = ("Q", "Q", 20) if is_big else ("I", "H", 12)
    pointer, seen = 8 if is_big else 4, set[int]()
    while len(seen) < _MOST_DIRECTORIES:
        at = _number(file, pointer, order + word)
        if at is None:
            return True
        if at == 0 or at in seen:
            return False
        seen.add(at)
        entries = _number(file, at, order + count) if at < length else None
        if entries is None:
            return True
        pointer = at + struct.calcsize(order + count) + entries * entry
        if pointer >= length:
            return True
    return False


def _number(file: IO[bytes], at: int, form: str) -> int | None:
    """None where the file has ended."""
    size = struct.calcsize(form)
    file.seek(at)
    found = file.read(size)
    return int(struct.unpack(form, found)[0]) if len(found) == size else None
