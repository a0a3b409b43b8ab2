"""Books of the demo that are keyed in it: other people, numbers nobody else has, and pages with two entries each."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hotich.config.demo.generate import SEED, generate
from hotich.config.demo.model import Book, Demo, Mix, Row, Scan
from hotich.config.demo.scans import ScanPrinter

APART = 300  # numbers of these books start so far above those of the same year that are there already
DPI, WIDE, HIGH, EDGE = 150, 1240, 1754, 40  # an A4 page, in pixels
ON_A_PAGE = 2
SHARE = 0.77  # of its drawn size, every entry: a book is printed in one size, whatever is written in it
# where the fields of a birth stand on the drawn entry: the lines of the frame from above, then what stands around it
_LINES = (
    "child_full_name", "child_sex", "child_birth_date", "child_birth_date_words",
    "child_birth_place child_birth_place_admin_code", "child_ethnicity child_nationality", "child_native_place", "",
    "mother_full_name", "mother_birth_date mother_ethnicity mother_nationality",
    "mother_usual_residence mother_residence_type", "father_full_name",
    "father_birth_date father_ethnicity father_nationality", "father_usual_residence father_residence_type",
    "informant_full_name informant_relationship", "remarks",
)  # fmt: skip
_AROUND = {
    "registration_office": (0.198, 0.077, 0.5, 0.123), "register_book_no": (0.573, 0.077, 0.738, 0.123),
    "page_no": (0.701, 0.077, 0.829, 0.123), "registration_number": (0.39, 0.132, 0.61, 0.187),
    "registration_date": (0.5, 0.626, 0.802, 0.671), "signatory_title": (0.5, 0.653, 0.802, 0.699),
    "signatory_name": (0.5, 0.69, 0.802, 0.799), "recording_officer_name": (0.226, 0.626, 0.482, 0.763),
}  # fmt: skip
_FIRST, _STEP, _LEFT, _RIGHT = 0.192, 0.0261, 0.207, 0.793
_NUMBER = re.compile(r"\d+/\d{4}")


def of_keying() -> Demo:
    """The invented people and books that the books to be keyed are taken from."""
    return generate(SEED + 1, 0.6, faults=Mix.clean())


def keying_books(office_codes: Iterable[str], wanted: Mapping[str, int]) -> dict[str, Book]:
    """For each register (letters) a book of the era ND158 with at most so many entries, at one of these offices.

    The entries are of one year as far as they go, then of others. The people are of another seed, so that none of them
    is in the books that are there. Raises LookupError when the seed has no such book.
    """
    offices = set(office_codes)
    books = [book for book in of_keying().books if book.era == "ND158" and book.office_code in offices]
    return {letters: _apart(books, letters, count) for letters, count in wanted.items()}


def _apart(books: Sequence[Book], letters: str, count: int) -> Book:
    of_register = [book for book in books if book.letters == letters]
    rows = [row for book in of_register for row in book.rows if _NUMBER.fullmatch(row["so"])]
    if not rows:
        raise LookupError(f"no book {letters} for the demo of keying")
    often = Counter(map(year_of, rows))
    rows = [dict(row) for row in sorted(rows, key=lambda row: (-often[year_of(row)], year_of(row)))[:count]]
    rows.sort(key=year_of)  # stable: within a year in the order of the books
    year, number = year_of(rows[0]), 20 + len(of_register)
    for place, row in enumerate(rows):
        row["so"] = f"{APART + place + 1}/{year_of(row)}"
        row["quyenSo"] = f"{number}/{year}"
        row["trangSo"] = str(place // ON_A_PAGE + 1)
    return replace(of_register[0], number=str(number), year=year, rows=rows, damage={}, scans=())


def year_of(row: Row) -> int:
    """The year of registration, as the number says."""
    return int(row["so"].rpartition("/")[2])


def regions_of_birth() -> dict[str, list[float]]:
    """A map of regions for the birth book: field -> [left, top, right, bottom] in shares of the picture of a case."""
    made = {code: list(box) for code, box in _AROUND.items()}
    for place, codes in enumerate(_LINES):
        top = round(_FIRST + place * _STEP, 4)
        made |= {code: [_LEFT, top, _RIGHT, round(top + 1.3 * _STEP, 4)] for code in codes.split()}
    return made


def scanned(book: Book, printer: ScanPrinter) -> bytes:
    """Its pages as a scanner delivers them: one PDF of pictures, two entries on each page."""
    entries = [printer.png(book, Scan(f"{book.letters}.{place}.png", place)) for place in range(len(book.rows))]
    sheets = [_sheet(entries[place : place + ON_A_PAGE]) for place in range(0, len(entries), ON_A_PAGE)]
    target = io.BytesIO()
    sheets[0].save(target, "PDF", save_all=True, append_images=sheets[1:], resolution=DPI, quality=85)
    return target.getvalue()


def _sheet(entries: list[bytes]) -> Any:
    from PIL import Image  # with the first picture: no start of a process waits for it

    sheet = Image.new("RGB", (WIDE, HIGH), "#f2ead2")
    room = (HIGH - 2 * EDGE) // ON_A_PAGE
    for place, entry in enumerate(entries):
        with Image.open(io.BytesIO(entry)) as drawn:
            if drawn.height * SHARE > room:
                raise ValueError(f"an entry {drawn.height} high does not stand on its half of a page")
            small = drawn.convert("RGB").resize((round(drawn.width * SHARE), round(drawn.height * SHARE)))
        sheet.paste(small, ((WIDE - small.width) // 2, EDGE + place * room))
    return sheet
