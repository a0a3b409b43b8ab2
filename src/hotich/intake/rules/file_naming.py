"""How the PDF of a case, the zip and the workbook of a book are called in a delivery (registers.md 3.4).

The other half of `file_names`: every name made here is read back by it to the same register, book, number and suffix.
ASCII, no spaces, no name twice in a whole delivery – also not where small and capital letters are one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hotich.intake.rules.file_names import PATTERNS, ScanName, ScanNames, parts_known
from hotich.kernel.problems import RuleBroken

CANONICAL = "P2"
NAMED = {f"P{place}": pattern for place, pattern in enumerate(PATTERNS, start=1)}
_NEEDED = ("TYPE", "YEAR", "BOOK", "NUMBER")  # without these a name does not tell the case
_UNKNOWN_DAY = "0000-00-00"
_SUFFIX = re.compile(r"[a-z]?(?:\(\d{1,3}\))?")
_COPY = re.compile(r"(?:\(\d{1,3}\))?\.pdf$", re.IGNORECASE)
MOST_COPIES = 999


@dataclass(frozen=True, slots=True)
class CaseName:
    """What a name is made of. `registered_on`: yyyy-mm-dd, what is not known is 0; `place` and `paper` for P3."""

    register_type: str
    book_year: int
    book: str
    number: int
    suffix: str = ""
    registered_on: str = _UNKNOWN_DAY
    place: str = ""
    paper: str = ""

    @property
    def registered(self) -> int | None:
        """The year of registration where it is known."""
        return int(self.registered_on[:4]) or None


def pattern_of(text: str) -> str:
    """A pattern by its short name (P1, P2, P3) or as it is written, e.g. "TYPE.YEAR.BOOK.[PLACE].NUMBER".

    Raises RuleBroken scan_pattern_part, scan_pattern_incomplete, scan_pattern_ambiguous.
    """
    wanted = text.strip()
    pattern = NAMED.get(wanted.upper(), wanted)
    parts = pattern.split(".")
    bare = [part.removeprefix("[").removesuffix("]") for part in parts]
    for part, name in zip(parts, bare, strict=True):
        if name not in parts_known() or part not in (name, f"[{name}]") or bare.count(name) > 1:
            raise RuleBroken("scan_pattern_part", field="pattern", part=part, parts=", ".join(sorted(parts_known())))
    if left := [name for name in _NEEDED if name not in parts]:
        raise RuleBroken("scan_pattern_incomplete", field="pattern", parts=", ".join(left))
    for sample in (CaseName("KS", 2006, "01", 7), CaseName("CDGH", 1976, "02A", 123456, "a(1)", "1977-05-00", "31483")):
        if ScanNames([pattern]).read(format_name(sample, pattern)) != read_as(sample, pattern):
            raise RuleBroken("scan_pattern_ambiguous", field="pattern", pattern=pattern)
    return pattern


def patterns_read(text: str) -> tuple[str, ...]:
    """The patterns names are read by where deliveries are named by this one: it first, then the three."""
    pattern = pattern_of(text)
    return (pattern, *(other for other in PATTERNS if other != pattern))


def format_name(case: CaseName, pattern: str) -> str:
    """The name of the PDF of a case by a pattern of `pattern_of`. An optional part that is not known is left out."""
    made = []
    for part in pattern.split("."):
        name = part.strip("[]")
        text, known = _part(case, name)
        if known or name == part:
            made.append(text)
    return ".".join(made) + ".pdf"


def _part(case: CaseName, name: str) -> tuple[str, bool]:
    """The text of a part, and whether it is known; what is not known is written with zeros."""
    year = case.registered
    texts = {
        "TYPE": case.register_type.upper(),
        "YEAR": str(case.book_year),
        "BOOK": case.book,
        "NUMBER": f"{case.number:03}{case.suffix if _SUFFIX.fullmatch(case.suffix.lower()) else ''}".lower(),
        "DAY": case.registered_on,
        "PLACE": case.place or "00000",
        "PAPER": case.paper or "A0",
        # P3 names the year only where it is not that of the book
        "REGISTERED": str(year or case.book_year),
    }
    known = {"PLACE": bool(case.place), "PAPER": bool(case.paper), "DAY": case.registered_on != _UNKNOWN_DAY,
             "REGISTERED": year is not None and year != case.book_year}  # fmt: skip
    return texts[name], known.get(name, True)


def read_as(case: CaseName, pattern: str) -> ScanName:
    """What `ScanNames` reads out of the name of this case."""
    tells_year = "DAY" in pattern or ("REGISTERED" in pattern and case.registered != case.book_year)
    if "[REGISTERED]" not in pattern and "REGISTERED" in pattern and not case.registered:
        registered = case.book_year
    else:
        registered = (case.registered if tells_year else None) or 0
    suffix = case.suffix.lower() if _SUFFIX.fullmatch(case.suffix.lower()) else ""
    return ScanName(
        case.register_type.upper(), case.book_year, case.book.upper(), case.number, suffix, registered or None
    )


def day_text(earliest: date | None, latest: date | None, year: int | None = None) -> str:
    """The day of registration for a name: what earliest and latest agree in, 0 for the rest; `year` where there is none."""
    if earliest is None or latest is None or earliest.year != latest.year:
        return f"{year or 0:04}-00-00"
    if earliest.month != latest.month:
        return f"{earliest.year:04}-00-00"
    day = earliest.day if earliest.day == latest.day else 0
    return f"{earliest.year:04}-{earliest.month:02}-{day:02}"


def unique_names(names: Sequence[str]) -> list[str]:
    """The same names in the same order, none twice: of doubles the first keeps its name, the next get (1), (2) …

    A name that stands as such is never taken by the copy of another one. Raises RuleBroken scan_names_doubled.
    """
    taken = {name.casefold() for name in names}
    given: set[str] = set()
    made = []
    for name in names:
        if name.casefold() in given:
            name = _next_free(name, taken)
            taken.add(name.casefold())
        given.add(name.casefold())
        made.append(name)
    return made


def _next_free(name: str, taken: set[str]) -> str:
    stem = _COPY.sub("", name)
    for copy in range(1, MOST_COPIES + 1):
        if (free := f"{stem}({copy}).pdf").casefold() not in taken:
            return free
    raise RuleBroken("scan_names_doubled", name=name, most=MOST_COPIES)


def package_name(letters: str, number: str, year: int) -> str:
    """How zip and workbook of a book are called, without their endings: KS.2006.01."""
    return f"{letters}.{year}.{number}"
