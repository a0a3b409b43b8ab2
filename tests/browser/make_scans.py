"""Run as a process of its own: a book with keyed rows, and pages of it as a scanner would deliver them.

Usage: python make_scans.py FOLDER (after make_world.py). Writes FOLDER/scans.json: the book, and the files of its pages.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import cv2
import django
import numpy
from PIL import Image

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


def dense_page() -> bytes:
    """A page written so small and full that no PDF within the budget keeps it legible: the gate has to refuse it."""
    random = numpy.random.default_rng(7)
    pixels = numpy.full((2480, 1748, 3), (225, 232, 238), numpy.uint8)
    cv2.rectangle(pixels, (60, 60), (1688, 2420), (60, 60, 60), 3)
    for line in range(90, 2410, 17):
        word = "".join(chr(97 + int(letter)) for letter in random.integers(0, 26, 200))
        cv2.putText(pixels, word, (75, line), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (110, 50, 40), 1, cv2.LINE_AA)
    noisy = numpy.clip(pixels + random.normal(0, 6, pixels.shape), 0, 255).astype(numpy.uint8)
    target = io.BytesIO()
    Image.fromarray(noisy).save(target, "JPEG", quality=92, dpi=(300, 300))
    return target.getvalue()


def main(folder: Path) -> None:
    if (folder / "scans.json").exists():
        return  # made for another file of tests in the same installation: each takes a book of its own
    clerk = actor_for(Officer.objects.get(username="can.bo.1"))
    office = Office.objects.get(id=clerk.office_id)
    with office_scope(clerk.office_ids):
        report = bring_in(office, workbook(rows_of("KS", ROWS * PAGES)), name="KS.2016.01.xlsx")
        case = Case.objects.filter(batch_id=report["batch"]).first()
        assert case is not None
        # before any case is approved the book is not there yet
        book = a_book(office, number=case.book_number, year=case.book_year or 2016)
        second = a_book(office, number="09", year=2016)
    files = []
    for number in range(1, PAGES + 1):
        path = folder / f"trang-{number}.jpg"
        path.write_bytes(drawn_page(number, ROWS))
        files.append(str(path))
    dense = folder / "trang-day.jpg"
    dense.write_bytes(dense_page())
    made = {
        "book": str(book.id), "label": book.label, "files": files, "dense": str(dense), "cases": ROWS * PAGES,
        "second_book": str(second.id), "second_files": second_files(folder),
    }  # fmt: skip
    (folder / "scans.json").write_text(json.dumps(made), encoding="utf-8")


def second_files(folder: Path) -> dict[str, str]:
    """Pages of another book: three alike, one of them once more in another encoding, one upside down, one better."""
    drawn = {
        name: Image.open(io.BytesIO(drawn_page(seed, ROWS))) for seed, name in enumerate(("a", "b", "c", "new"), 11)
    }
    pages = {
        "1": drawn["a"], "2": drawn["b"], "3 xoay": drawn["c"].transpose(Image.Transpose.ROTATE_90),
        "4 ban sao": drawn["b"], "moi": drawn["new"],
    }  # fmt: skip
    files = {}
    for name, picture in pages.items():
        path = folder / f"so hai {name}.jpg"
        picture.save(path, "JPEG", quality=60 if name == "4 ban sao" else 92, dpi=(150, 150))
        files[name] = str(path)
    return files


if __name__ == "__main__":
    main(Path(sys.argv[1]))
