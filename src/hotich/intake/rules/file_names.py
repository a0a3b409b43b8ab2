"""What the name of a case's PDF says: register, year and number of the book, number of the entry (registers.md 3.4).

The Ministry's own rule is not public, so the patterns are configuration: each is a list of parts between dots, and a
name fits the first pattern it can be read by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hotich.registers.types import REGISTER_TYPES

# parts: TYPE YEAR BOOK NUMBER DAY PLACE PAPER REGISTERED; a part in [] may be left out
PATTERNS: tuple[str, ...] = (
    "TYPE.YEAR.BOOK.NUMBER",  # P1
    "TYPE.YEAR.BOOK.DAY.NUMBER",  # P2
    "TYPE.YEAR.PLACE.BOOK.PAPER.[REGISTERED].NUMBER",  # P3
)

_PARTS = {
    "TYPE": rf"(?P<type>{'|'.join(sorted(REGISTER_TYPES, key=len, reverse=True))})",
    "YEAR": r"(?P<year>(?:18|19|20)\d\d)",
    "BOOK": r"(?P<book>\d{1,3}[A-Za-z]?)",
    "NUMBER": r"(?P<number>\d{1,6})(?P<letter>[A-Za-z]?)(?P<copy>(?:\(\d{1,3}\))?)",
    "DAY": r"(?P<day>\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4})",
    "PLACE": r"(?P<place>\d{2,6})",
    "PAPER": r"(?P<paper>A\d)",
    "REGISTERED": r"(?P<registered>(?:18|19|20)\d\d)",
}


def parts_known() -> frozenset[str]:
    """The parts a pattern may be made of."""
    return frozenset(_PARTS)


@dataclass(frozen=True, slots=True)
class ScanName:
    """A file name read. `registered` is the year of registration where the name has it; `suffix` as in "12a" or "12(1)"."""

    register_type: str
    book_year: int
    book: str
    number: int
    suffix: str
    registered: int | None

    @property
    def plain_suffix(self) -> str:
        """The suffix without the running number of a doubled file: "a(1)" is "a"."""
        return self.suffix.partition("(")[0]


def _compiled(pattern: str) -> re.Pattern[str]:
    made = ""
    for part in pattern.split("."):
        optional = part.startswith("[")
        body = _PARTS[part.strip("[]")]
        dot = r"\." if made else ""
        made += f"(?:{dot}{body})?" if optional else f"{dot}{body}"
    return re.compile(made + r"\.pdf", re.IGNORECASE)


class ScanNames:
    """Reads file names by a list of patterns (default: P1, P2, P3)."""

    def __init__(self, patterns: Sequence[str] = PATTERNS) -> None:
        self._patterns = [_compiled(pattern) for pattern in patterns]

    def read(self, name: str) -> ScanName | None:
        """What the name says; None when no pattern reads it. Folders before the name are passed over."""
        bare = name.replace("\\", "/").rpartition("/")[2].strip()
        for pattern in self._patterns:
            found = pattern.fullmatch(bare)
            if found:
                return _name_of(found)
        return None


def _name_of(found: re.Match[str]) -> ScanName:
    parts = found.groupdict()
    digits = re.match(r"\d+", parts["book"])
    assert digits is not None  # the pattern wants them
    book = f"{int(digits.group()):02}{parts['book'][digits.end() :].upper()}"
    return ScanName(
        parts["type"].upper(),
        int(parts["year"]),
        book,
        int(parts["number"]),
        parts["letter"].lower() + parts["copy"],
        _registered(parts),
    )


def _registered(parts: dict[str, str | None]) -> int | None:
    if parts.get("registered"):
        return int(parts["registered"] or 0)
    day = parts.get("day") or ""
    for piece in (day[:4], day[-4:]):
        if piece.isdigit() and len(piece) == 4 and piece[:2] in ("18", "19", "20"):
            return int(piece)
    return None
