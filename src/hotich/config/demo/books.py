"""Binding cases into books: numbers run through the year, books are numbered within the year they were opened."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from hotich.config.demo.cases import Case
from hotich.config.demo.model import ERA_CODES, LETTERS, TYPES_BY_ERA, Book
from hotich.config.demo.rows_other import ROWS, note_changes
from hotich.config.demo.writing import Writer

BOOK_ROWS = 64  # a full book is closed
BOOK_YEARS = {"PRE1999": 8, "ND83": 8, "ND158": 10, "L2014": 4, "LIVE": 8}  # a thin book serves several years
YEARLY = frozenset(
    {("24529-2025", "KS", "ND158"), ("24985-2025", "KH", "ND158")}
)  # here a new book was opened every year
SUFFIX_SHARE = 0.006  # entries squeezed in later carry a letter: 12a/2003
CASES_ON_PAGE = {"KS": 2, "KH": 2, "KT": 2}


def bind(cases: list[Case], writer: Writer, rng: Random) -> list[Book]:
    """All books in a fixed order: by office, register, opening year and number."""
    shelves: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: (case.day, LETTERS.index(case.letters))):
        if case.letters in TYPES_BY_ERA[case.era]:
            shelves[case.office, case.letters, case.era].append(case)
    kept = [case for shelf in shelves.values() for case in shelf]
    bound: list[tuple[Book, list[Case]]] = []
    opened: dict[tuple[str, str, int], int] = defaultdict(int)
    counters: dict[tuple[str, str, int], int] = defaultdict(int)
    for office, letters, era in sorted(
        shelves, key=lambda key: (key[0], LETTERS.index(key[1]), ERA_CODES.index(key[2]))
    ):
        years = 1 if (office, letters, era) in YEARLY else BOOK_YEARS[era]
        for part in _volumes(shelves[office, letters, era], years):
            year = part[0].day.year
            opened[office, letters, year] += 1
            book = Book(office, letters, era, f"{opened[office, letters, year]:02d}", year)
            _number(part, book, counters, rng)
            bound.append((book, part))
    note_changes([case for case in kept if "target" not in case.children or case.children["target"].number])
    for book, part in bound:
        for case in part:
            book.rows += [
                {column: text for column, text in row.items() if text} for row in ROWS[book.letters](writer, case)
            ]
    return [book for book, _ in bound]


def _volumes(shelf: list[Case], years: int) -> list[list[Case]]:
    volumes: list[list[Case]] = []
    for case in shelf:
        last = volumes[-1] if volumes else []
        if not last or len(last) >= BOOK_ROWS or case.day.year - last[0].day.year >= years:
            volumes.append([])
        volumes[-1].append(case)
    return volumes


def _number(part: list[Case], book: Book, counters: dict[tuple[str, str, int], int], rng: Random) -> None:
    for position, case in enumerate(part):
        key = (book.office_code, book.letters, case.day.year)
        squeezed = position and counters[key] and book.letters in CASES_ON_PAGE and rng.random() < SUFFIX_SHARE
        if squeezed and part[position - 1].number.isdigit() and part[position - 1].day.year == case.day.year:
            case.number = f"{counters[key]:02d}a"
        else:
            counters[key] += 1
            case.number = f"{counters[key]:02d}"
        case.book_number, case.book_year = book.number, book.year
        unnumbered = book.era == "PRE1999" and int(book.number) % 2 == 1 and book.year < 1985
        case.page = "" if unnumbered else str(position // CASES_ON_PAGE.get(book.letters, 4) + 1)
