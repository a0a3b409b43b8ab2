"""The order of pages by the names of their files, as a person reads them: "trang 9" before "trang 10"."""

from __future__ import annotations

import re

_PIECES = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key to sort names by: runs of figures as numbers, all else as text without regard to case."""
    return tuple(
        (0, int(piece), "") if piece.isascii() and piece.isdigit() else (1, 0, piece.casefold())
        for piece in _PIECES.split(name)
        if piece
    )
