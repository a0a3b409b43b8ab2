"""Run as a process of its own: a book with keyed rows, and pages of it as a scanner would deliver them.

Usage: python make_scans.py FOLDER (after make_world.py). Writes FOLDER/scans.json: the book, and the files of its pages.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotich.config.settings.dev")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the tests' own makers of workbooks and pages
django.setup()

from hotich.accounts.models import Officer  # noqa: E402
from hotich.accounts.queries import actor_for  # noqa: E402
from hotich.database.scope import office_scope  # noqa: E402
from hotich.intake.models import Case  # noqa: E402
from hotich.units.models import Office  # noqa: E402
from tests.app.digitisation_parts import a_book, drawn_page  # noqa: E402
from tests.app.intake_parts import bring_in, rows_of, workbook  # noqa: E402

ROWS, PAGES = 3, 2


def main(folder: Path) -> None:
    clerk = actor_for(Officer.objects.get(username="can.bo.1"))
    office = Office.objects.get(id=clerk.office_id)
    with office_scope(clerk.office_ids):
        report = bring_in(office, workbook(rows_of("KS", ROWS * PAGES)), name="KS.2016.01.xlsx")
        case = Case.objects.filter(batch_id=report["batch"]).first()
        assert case is not None
        # before any case is approved the book is not there yet
        book = a_book(office, number=case.book_number, year=case.book_year or 2016)
    files = []
    for number in range(1, PAGES + 1):
        path = folder / f"trang-{number}.jpg"
        path.write_bytes(drawn_page(number, ROWS))
        files.append(str(path))
    made = {"book": str(book.id), "label": book.label, "files": files, "cases": ROWS * PAGES}
    (folder / "scans.json").write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
