"""Demo cases to be keyed: fifty a register, varied over seeds, eras and offices, each with the book before it.

What has been learned is what the server would know: the words of the cases of the same office that stand in other books.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from hotich.config.demo import Book, Mix, generate
from hotich.keying.queries.learned import CASES, MOST, SHARED, count_words
from hotich.keying.rules.form_data import form_data
from hotich.registers.rules.cells import from_cells
from hotich.registers.types import REGISTER_TYPES, version_for
from hotich.registers.types.declaration import RegisterVersion

NAMES = UUID(int=5)
RUN = 10  # cases of one book in a row: what carries over must be earned, and the first case has nothing


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cases of one book, with the package the screen is given for them."""

    letters: str
    cases: tuple[Mapping[str, Any], ...]
    package: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Of the package."""
        return str(self.package["package"]["id"])


def runs(wanted: int = 50, registers: Iterable[str] = REGISTER_TYPES) -> Iterator[Run]:
    """Runs of cases of these registers until there are at least `wanted` of each."""
    left = dict.fromkeys(registers, wanted)
    for seed in range(7, 40):
        if not any(left.values()):
            return
        books, words = _demo(seed)
        shelves: dict[str, list[Book]] = defaultdict(list)
        for book in books:
            shelves[book.letters].append(book)
        for letters, shelf in shelves.items():
            for book in _spread(shelf):
                if left.get(letters, 0) <= 0:
                    break
                run = _run(book, words, seed)
                if run is not None:
                    left[letters] -= len(run.cases)
                    yield run


@lru_cache(maxsize=12)  # asked for by one register after the other
def _demo(seed: int) -> tuple[tuple[Book, ...], Mapping[str, Any]]:
    books = tuple(generate(seed, faults=Mix.clean()).books)
    return books, _words(books)


def _spread(books: list[Book]) -> list[Book]:
    """Books so ordered that eras and offices change from one to the next."""
    by_era: dict[str, list[Book]] = defaultdict(list)
    for book in books:
        by_era[book.era].append(book)
    return [book for place in range(3) for several in by_era.values() for book in several[place : place + 1]]


def _run(book: Book, words: Mapping[str, Any], seed: int) -> Run | None:
    version = version_for(book.letters, book.era)
    shown = {field.code for field in version.fields if field.on_form}
    values = [
        {code: value for code, value in from_cells(version, row).items() if code in shown and isinstance(value, str)}
        for row in book.rows
    ]
    start = min(max(0, len(values) // 3), max(0, len(values) - RUN))
    cases = values[start : start + RUN]
    if len(cases) < 5:
        return None
    before = values[start - 1] if start else {}
    carry = {field.code: before[field.code] for field in version.fields if field.carry and field.code in before}
    carry["register_book_no"] = f"{book.number}/{book.year}"
    return Run(book.letters, tuple(cases), _package(book, version, len(cases), carry, words[book.office_code], seed))


def scanned(run: Run, pictures: dict[str, bytes]) -> Run:
    """The same cases with a scan each (an A4 page of lines, 150 dpi) and a map that says where on it each field stands."""
    items = [
        {**item, "picture": {"url": f"/nhap-lieu/anh/{item['id']}.jpg", "bytes": 0, "width": 1240, "height": 1754}}
        for item in run.package["items"]
    ]
    pictures |= {item["id"]: _page(place) for place, item in enumerate(items)}
    codes = [field["code"] for section in run.package["form"]["sections"] for field in section["fields"]]
    height = 0.9 / len(codes)
    regions = {code: [0.1, 0.05 + place * height, 0.9, 0.05 + (place + 1) * height] for place, code in enumerate(codes)}
    return replace(run, package={**run.package, "items": items, "regions": regions})


def _page(seed: int) -> bytes:
    chance, image = Random(seed), Image.new("L", (1240, 1754), 238)
    pen = ImageDraw.Draw(image)
    for top in range(120, 1640, 44):
        for left in range(120, 1080, 14):
            pen.line((left, top + chance.randrange(14), left + 12, top + chance.randrange(14)), fill=70, width=2)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=60)
    return kept.getvalue()


def _package(
    book: Book, version: RegisterVersion, count: int, carry: Mapping[str, str], words: Mapping[str, Any], seed: int
) -> dict[str, Any]:
    own = uuid5(NAMES, f"{seed} {book.office_code} {book.letters} {book.era} {book.number}/{book.year}")
    items = [
        {"id": str(uuid5(own, str(place))), "position": 1000 * place, "kind": "case", "number": None, "suffix": "",
         "year": None, "state": "open", "reason": "", "picture": None, "entry": None}
        for place in range(1, count + 1)
    ]  # fmt: skip
    return {
        "schema": 1,
        "package": {
            "id": str(own), "title": f"{book.letters} {book.number}/{book.year}", "register": book.letters,
            "register_label": "", "schema_version": version.id, "mode": "review", "kind": "key", "layout": "form",
            "office": book.office_code, "is_on_demand": False,
            "book": {"label": f"{book.number}/{book.year}", "number": book.number, "year": book.year,
                     "number_scope": "year", "assigned": False},
        },
        "form": form_data(version),
        "regions": {},
        "items": items,
        "learned": dict(words),
        "carry": dict(carry),
    }  # fmt: skip


def _words(books: tuple[Book, ...]) -> dict[str, dict[str, list[str]]]:
    """Of each office what its other books teach, counted and cut off as the server does."""
    rows: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for place, book in enumerate(books):
        if place % 2:
            continue
        version = version_for(book.letters, book.era)
        rows[book.office_code] += [(version.id, from_cells(version, row)) for row in book.rows]
    return {office: _taught(several) for office, several in rows.items()}


def _taught(rows: list[tuple[str, Mapping[str, Any]]]) -> dict[str, list[str]]:
    counted = count_words(rows[-CASES:])
    return {
        name: [word for word, times in counted[name].most_common(most) if times >= SHARED]
        for name, most in MOST.items()
    }
