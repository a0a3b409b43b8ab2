"""What the generator hands out: offices, books with their rows, scans, planted faults, people."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Literal

Row = dict[str, str]
Damage = Literal["number", "float", "date"]
ScanKind = Literal["normal", "large", "unmatched"]

ERA_CODES: tuple[str, ...] = ("PRE1999", "ND83", "ND158", "L2014", "LIVE")
LETTERS: tuple[str, ...] = ("KS", "KH", "KT", "CMC", "HN", "GH", "CDGH", "TD", "LH", "CN")

# Registers kept in each era (registers.md 1.2): the termination book came with the 2015 forms, foreign divorces were
# first noted under the 2013 decree, and before 1999 only births, marriages and deaths had books of their own.
TYPES_BY_ERA: dict[str, tuple[str, ...]] = {
    "PRE1999": ("KS", "KH", "KT"),
    "ND83": ("KS", "KH", "KT", "CMC", "HN", "GH", "TD", "CN"),
    "ND158": ("KS", "KH", "KT", "CMC", "HN", "GH", "TD", "LH", "CN"),
    "L2014": LETTERS,
    "LIVE": LETTERS,
}


@dataclass(frozen=True, slots=True)
class Office:
    """An office that registers or keeps books. `code` of a closed commune carries the year it closed.

    `successor` is the code of the office that keeps the books of a closed one, "" while the office is open.
    """

    code: str
    name: str
    province_code: str
    district_code: str
    commune_code: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""


@dataclass(slots=True)
class Person:
    """Somebody of the invented population. `key` is the position in `Demo.people`; dates are the true ones."""

    key: int
    name: str
    sex: str
    birth: date
    ethnicity: str
    community: str
    village: str
    native_place: str
    birth_place: str
    personal_id: str
    old_id: str
    old_id_issued: date | None
    card_issued: date | None
    issuer_province: str
    nationality: str = "Việt Nam"
    passport: str = ""
    abroad: str = ""
    abroad_since: date | None = None
    father: int | None = None
    mother: int | None = None
    death: date | None = None
    spouse: int | None = None
    earlier_names: list[tuple[date, str]] = field(default_factory=list)
    earlier_ethnicities: list[tuple[date, str]] = field(default_factory=list)

    def name_at(self, day: date) -> str:
        """The name borne on a day: a change of name counts from the day of its registration."""
        return next((name for until, name in self.earlier_names if day < until), self.name)

    def ethnicity_at(self, day: date) -> str:
        """The ethnicity recorded on a day."""
        return next((name for until, name in self.earlier_ethnicities if day < until), self.ethnicity)

    def age_at(self, day: date) -> int:
        """Completed years on a day (negative before birth)."""
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))

    def alive_at(self, day: date) -> bool:
        """Whether born and not yet dead on a day."""
        return self.birth <= day and (self.death is None or day < self.death)


@dataclass(frozen=True, slots=True)
class Scan:
    """One case PDF of a book. `row` is the index in `Book.rows`, -1 for a file that belongs to no row."""

    name: str
    row: int
    kind: ScanKind = "normal"


@dataclass(slots=True)
class Book:
    """A register book as an officer would key it. A row holds only the cells that are not empty.

    `damage` says which cells the workbook holds as what Excel makes of them: a number (leading zeros lost), a float,
    a true date. The row keeps the text that was meant.
    """

    office_code: str
    letters: str
    era: str
    number: str
    year: int
    rows: list[Row] = field(default_factory=list)
    damage: dict[tuple[int, str], Damage] = field(default_factory=dict)
    scans: tuple[Scan, ...] = ()
    scan_pattern: str = ""

    @property
    def label(self) -> str:
        """The book number as written in the column `quyenSo`, e.g. 01/2006."""
        return f"{self.number}/{self.year}"

    @property
    def key(self) -> str:
        """A name that is unique in the demo, e.g. 24529-KS-2006-01."""
        return f"{self.office_code}-{self.letters}-{self.year}-{self.number}"

    @property
    def cases(self) -> int:
        """How many cases the closing note of the book declares: a change case counts once, whatever its rows."""
        return len({row["so"] for row in self.rows}) if self.letters == "TD" else len(self.rows)

    @property
    def template(self) -> int:
        """How many columns the birth workbook of this book has: the older books were keyed in the older template."""
        return 60 if self.letters == "KS" and self.era in ("PRE1999", "ND83") else 70 if self.letters == "KS" else 0


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault put in on purpose. `excel_row` is the row number in the sheet; `column` is "" for scan faults."""

    book: str
    row: int
    column: str
    kind: str
    before: str = ""
    after: str = ""

    @property
    def excel_row(self) -> int:
        """Row number in the workbook (the header is row 1)."""
        return self.row + 2


@dataclass(frozen=True, slots=True)
class Mix:
    """How often each fault is planted, as cases in a thousand rows; 0 leaves a kind out."""

    wrong_number_year: float = 3
    impossible_date: float = 3
    words_disagree: float = 3
    lost_leading_zero: float = 4
    date_cell: float = 3
    float_cell: float = 3
    mother_younger: float = 2
    duplicate_number: float = 3
    unknown_code: float = 3
    marriage_under_age: float = 2
    name_with_digits: float = 3
    future_date: float = 2
    registered_before_birth: float = 2
    illegible: float = 6
    blank_field: float = 4
    sex_digit_swapped: float = 2
    scan_missing: float = 15
    scan_too_large: float = 10
    scan_unmatched: float = 10

    @classmethod
    def clean(cls) -> Mix:
        """No fault at all."""
        return cls(**{item.name: 0.0 for item in fields(cls)})

    def rates(self) -> dict[str, float]:
        """Kind → cases in a thousand, in the order of planting."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything one seed gives. Lists are in a fixed order: the same arguments give the same Demo."""

    seed: int
    scale: float
    offices: tuple[Office, ...]
    books: tuple[Book, ...]
    planted: tuple[Planted, ...]
    people: tuple[Person, ...]

    @property
    def case_count(self) -> int:
        """Number of rows in all books."""
        return sum(len(book.rows) for book in self.books)
