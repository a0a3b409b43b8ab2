"""Cases before they are written into books, with the marks later cases leave on them; and marriages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hotich.config.demo.model import Person
from hotich.config.demo.places import Community


@dataclass(slots=True, eq=False)
class Case:
    """One registered event. `roles` maps a role to a position in the list of people; `data` is per register type.

    `number`, `book_number`, `book_year` and `page` are dealt out when the books are bound; `notes` are later remarks.
    `overrides` are cells the book holds wrongly, to be corrected by a later change case.
    """

    letters: str
    day: date
    place: Community
    roles: dict[str, int]
    data: dict[str, Any] = field(default_factory=dict)
    number: str = ""
    book_number: str = ""
    book_year: int = 0
    page: str = ""
    notes: list[str] = field(default_factory=list)
    overrides: dict[str, str] = field(default_factory=dict)
    children: dict[str, Case] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def era(self) -> str:
        """Code of the era the case was registered in."""
        return self.place.era_at(self.day)

    @property
    def office(self) -> str:
        """Code of the office that registered."""
        return self.place.office_at(self.day)

    @property
    def number_text(self) -> str:
        """The number as the column `so` holds it, e.g. 123/2006."""
        return f"{self.number}/{self.day.year}"

    @property
    def book_text(self) -> str:
        """The book as the column `quyenSo` holds it, e.g. 01/2006."""
        return f"{self.book_number}/{self.book_year}"


@dataclass(slots=True)
class Couple:
    """A marriage; `end` is the day it ended, by death or divorce. `case` is its registration, if there was one."""

    man: Person
    woman: Person
    start: date
    case: Case | None = None
    end: date | None = None
    end_reason: str = ""

    def together_at(self, day: date) -> bool:
        """Whether the marriage stood on a day."""
        return self.start <= day and (self.end is None or day < self.end)
