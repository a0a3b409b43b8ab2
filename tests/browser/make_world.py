"""Run as a process of its own: the offices and officers of the journeys, and the books they import, as files.

Usage: python make_world.py FOLDER. Writes FOLDER/world.json and the workbooks and zips it names.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
django.setup()

from hotich.accounts.queries import command_actor  # noqa: E402
from hotich.accounts.services.demo import DEMO_PASSWORD, make_demo_officers  # noqa: E402
from hotich.config.demo.generate import generate  # noqa: E402
from hotich.config.demo.model import Book, Mix  # noqa: E402
from hotich.config.demo.scans import ScanPrinter, write_scans  # noqa: E402
from hotich.config.demo.workbook import write_book  # noqa: E402
from hotich.kernel import clock  # noqa: E402
from hotich.units.models import Office, OfficeSuccession  # noqa: E402
from hotich.units.queries import office_by_code  # noqa: E402

OFFICE, OLD_OFFICE = "24529", "24529-2025"
# far more faults than real books have, so that a small book has some of each
FAULTY = Mix(
    wrong_number_year=40, impossible_date=50, words_disagree=50, lost_leading_zero=40, mother_younger=30,
    unknown_code=40, name_with_digits=40, scan_missing=80, scan_too_large=60, scan_unmatched=60,
)  # fmt: skip


def main(folder: Path) -> None:
    offices = [office_by_code(code) for code in (OFFICE, OLD_OFFICE)]
    second, empty = other_offices(offices[0])
    offices += [second, empty]
    sign_ins = make_demo_officers(actor=command_actor(), at=clock.now(), offices=offices)
    demo = generate(faults=FAULTY)
    faults: dict[str, int] = {}
    for fault in demo.planted:
        faults[fault.book] = faults.get(fault.book, 0) + 1
    own = [book for book in demo.books if book.office_code == OLD_OFFICE]
    births = max((book for book in own if book.letters == "KS" and book.scans), key=lambda book: len(book.rows))
    marriages = max((book for book in own if book.letters == "KH"), key=lambda book: len(book.rows))
    deaths = max((book for book in own if book.letters == "KT"), key=lambda book: len(book.rows))
    books = {"births": births, "marriages": marriages, "deaths": deaths}
    with ScanPrinter() as printer:
        made = {name: write(book, folder, printer) for name, book in books.items()}
    world = {
        "office": offices[1].id,
        "office_name": offices[1].name,
        "second_office": second.id,
        "password": DEMO_PASSWORD,
        "logins": [line.login for line in sign_ins],
        "books": made,
        "faults": {name: faults.get(book.key, 0) for name, book in books.items()},
    }
    (folder / "world.json").write_text(json.dumps(world, ensure_ascii=False), encoding="utf-8")


def other_offices(first: Office) -> list[Office]:
    """Two communes of the province that keep books of a closed one: make_pages.py fills the first, nobody the other."""
    assert first.unit is not None
    found = OfficeSuccession.objects.filter(
        is_default=True, successor__valid_to__isnull=True, successor__kind="commune",
        successor__unit__parent=first.unit.parent, predecessor__kind="commune",
    ).exclude(successor=first).order_by("successor__code").select_related("successor")  # fmt: skip
    offices = list(dict.fromkeys(line.successor for line in found))[:2]
    assert len(offices) == 2
    return offices


def write(book: Book, folder: Path, printer: ScanPrinter) -> dict[str, object]:
    stem = folder / f"{book.letters}.{book.year}.{book.number}"
    workbook, archive = stem.with_name(stem.name + ".xlsx"), stem.with_name(stem.name + ".zip")
    write_book(book, workbook)
    if book.scans:
        write_scans(book, archive, printer=printer)
    return {
        "workbook": str(workbook),
        "scans": str(archive) if book.scans else "",
        "rows": len(book.rows),
        "scan_count": len(book.scans),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
