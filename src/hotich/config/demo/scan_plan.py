"""Which entries have a scan, and under which file name."""

from __future__ import annotations

import re
from random import Random

from hotich.config.demo.model import Book, Mix, Planted, Scan

PATTERNS = ("P1", "P2", "P3")
PAPER = {"KS": "A3", "KH": "A3"}
_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")


def plan_scans(books: list[Book], rng: Random, mix: Mix, wanted: int) -> list[Planted]:
    """Give books scans until `wanted` entries have one; returns the planted scan faults.

    Every register gets at least one scanned book. Names follow P1 (type.year.book.number), P2 (with the day) or
    P3 (with the office and the paper size); P1 names hold no year of registration, so only books of one year use it.
    """
    chosen = _choose(books, rng, wanted)
    planted: list[Planted] = []
    for position, book in enumerate(chosen):
        book.scan_pattern = "P1" if _one_year(book) else PATTERNS[1 + position % 2]
        book.scans = _scans_of(book)
    spots = [(book, scan) for book in chosen for scan in book.scans]
    for kind, rate in mix.rates().items():
        if kind.startswith("scan_") and rate > 0 and spots:
            for _ in range(max(1, round(rate * len(spots) / 1000))):
                planted.append(_spoil(kind, *spots.pop(rng.randrange(len(spots))), rng))
    return planted


def _choose(books: list[Book], rng: Random, wanted: int) -> list[Book]:
    """Books to scan: one of each register, some of a single year, then any, until there are enough entries."""
    order = [book for book in books if 3 < len(book.rows) < 32]
    rng.shuffle(order)
    first = {book.letters: book for book in reversed(order)}
    single = [book for book in order if _one_year(book) and book.letters in ("KS", "KH")]
    chosen: list[Book] = []
    for book in [*first.values(), *single[:5], *order]:
        if sum(len(one.rows) for one in chosen) >= wanted and {one.letters for one in chosen} >= set(first):
            break
        if not any(book is one for one in chosen):
            chosen.append(book)
    return chosen


def _one_year(book: Book) -> bool:
    return {row["so"][-4:] for row in book.rows} == {str(book.year)}


def _scans_of(book: Book) -> tuple[Scan, ...]:
    seen: set[str] = set()
    scans: list[Scan] = []
    for index, row in enumerate(book.rows):
        name = scan_name(book, index)
        if book.letters == "TD" and row["so"] in seen:
            continue  # a change case has one scan, whatever the number of its rows
        while name in {scan.name for scan in scans}:  # a number that is doubled in the book
            name = _doubled(name)
        seen.add(row["so"])
        scans.append(Scan(name, index))
    return tuple(scans)


def _doubled(name: str) -> str:
    match = re.search(r"\((\d+)\)\.pdf$", name)
    count = int(match[1]) + 1 if match else 1
    return re.sub(r"(\(\d+\))?\.pdf$", f"({count}).pdf", name)


def scan_name(book: Book, index: int) -> str:
    """File name of the scan of a row under the pattern of its book."""
    row = book.rows[index]
    number, year = row["so"].split("/")
    digits = re.match(r"\d+", number)
    padded = f"{int(digits[0]):03d}{number[digits.end() :]}" if digits else number
    stem = [book.letters, str(book.year)]
    if book.scan_pattern == "P1":
        return ".".join([*stem, book.number, padded, "pdf"])
    if book.scan_pattern == "P2":
        match = _DATE.fullmatch(row.get("ngayDangKy", "") or row.get("registration_date", ""))
        day = f"{match[3]}-{match[2]}-{match[1]}" if match else f"{year}-00-00"
        return ".".join([*stem, book.number, day, padded, "pdf"])
    again = [] if year == str(book.year) else [year]
    office = book.office_code.split("-")[0]
    return ".".join([*stem, office, book.number, PAPER.get(book.letters, "A4"), *again, padded, "pdf"])


def _spoil(kind: str, book: Book, scan: Scan, rng: Random) -> Planted:
    if kind == "scan_missing":
        book.scans = tuple(one for one in book.scans if one is not scan)
        return Planted(book.key, scan.row, "", kind, scan.name, "")
    if kind == "scan_too_large":
        book.scans = tuple(Scan(one.name, one.row, "large") if one is scan else one for one in book.scans)
        return Planted(book.key, scan.row, "", kind, scan.name, scan.name)
    number = re.search(r"\.(\d+)[^.]*\.pdf$", scan.name)
    stray = scan.name[: number.start(1)] + f"{rng.randrange(700, 999)}.pdf" if number else f"x{scan.name}"
    book.scans = (*book.scans, Scan(stray, -1, "unmatched"))
    return Planted(book.key, -1, "", kind, "", stray)
