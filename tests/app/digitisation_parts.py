"""What the tests of digitisation share: officers, a book, and pages that are prepared without any work on pictures."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import cv2
import numpy
from PIL import Image

from hotich.digitisation.models import ScanBatch, ScanPage
from hotich.digitisation.services import (
    confirm_boxes,
    encode_next_cases,
    make_cases,
    open_scan_batch,
    prepare_next_pages,
    receive_page_files,
    set_boxes,
)
from hotich.files.services import NewFile, store_file
from hotich.kernel.actor import Actor
from hotich.registers.models import Book
from hotich.registers.services import find_or_make_book
from hotich.units.models import Office
from tests.app.intake_parts import AT

PREPARES = frozenset(
    {"scan.prepare", "scan.review", "case.read", "case.edit", "case.import", "book.manage", "record.read"}
)
SETTINGS_PAGE = (1240, 1754)


def preparer(office: Office, officer_id: int = 11, rights: frozenset[str] = PREPARES) -> Actor:
    """Somebody who scans and reviews."""
    return Actor("quet.thu", office.id, officer_id, frozenset({office.id}), rights)


def a_book(office: Office, *, letters: str = "KS", number: str = "01", year: int = 2016, era: str = "L2014") -> Book:
    """A book of the office."""
    return find_or_make_book(
        actor=preparer(office), at=AT, office_id=office.id, register_type=letters, era=era, number=number, year=year
    )


def a_batch(office: Office, book: Book | None = None, **more: Any) -> ScanBatch:
    """An open batch of scans."""
    return open_scan_batch(
        actor=preparer(office), at=AT, book_id=(book or a_book(office)).id, request_key=uuid4(), **more
    )


def a_picture(mark: int = 0) -> bytes:
    """A small PNG that no other mark gives."""
    pixels = numpy.full((40, 30, 3), 255, numpy.uint8)
    pixels[5:9, 3:20] = (mark % 251, mark // 251, 7)
    return cv2.imencode(".png", pixels)[1].tobytes()


def pictures(*names: str) -> list[NewFile]:
    """Files with these names, each with another content."""
    return [NewFile(name, a_picture(sum(map(ord, name))), "image/png") for name in names]


def rows(count: int, *, width: float = 1000.0, height: float = 100.0) -> list[dict[str, Any]]:
    """So many boxes under one another, under one strip of titles."""
    return [
        {
            "box": [100.0, 300.0 + step * height, 100.0 + width, 400.0 + step * height],
            "header": [100.0, 200.0, 1100.0, 300.0],
        }
        for step in range(count)
    ]


def prepared(page: ScanPage, boxes: list[dict[str, Any]], **columns: Any) -> ScanPage:
    """The page as the background leaves it: a flat picture (nobody looks at it here) and proposed boxes."""
    page.flat = store_file(
        office_id=page.origin_office_id,
        name=f"flat-{page.id}.jpg",
        content=b"\xff\xd8\xff" + page.id.bytes,
        media_type="image/jpeg",
        actor=Actor("system", page.origin_office_id, None, frozenset({page.origin_office_id})),
        at=AT,
    )
    page.width, page.height = SETTINGS_PAGE
    page.delivered_width, page.delivered_height = SETTINGS_PAGE
    page.dpi, page.state, page.boxes, page.boxes_by = 150.0, "prepared", boxes, "grid"
    page.turn_found = 0
    for name, value in columns.items():
        setattr(page, name, value)
    page.version += 1
    page.save()
    return page


def pages_with(office: Office, batch: ScanBatch, *counts: int) -> list[ScanPage]:
    """Confirmed pages with so many boxes each."""
    files = pictures(*(f"trang {place}.png" for place in range(1, len(counts) + 1)))
    receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=files)
    made = []
    for page, count in zip(ScanPage.objects.filter(batch=batch).order_by("position"), counts, strict=True):
        prepared(page, rows(count))
        made.append(confirm_boxes(actor=preparer(office), at=AT, page_id=page.id, version=page.version))
    return made


def cut(office: Office, batch: ScanBatch) -> Any:
    """Make the cases of a batch."""
    return make_cases(actor=preparer(office), at=AT, batch_id=batch.id)


def drawn_page(seed: int, count: int = 3) -> bytes:
    """A JPEG of an A5 page at 150 dpi with a ruled table of so many rows, written full; other seeds, other words."""
    random = numpy.random.default_rng(seed)
    pixels = numpy.full((1240, 874, 3), (238, 232, 215), numpy.uint8)
    top, row = 110, 315
    bottom = top + count * row
    for line in range(count + 1):
        cv2.line(pixels, (66, top + line * row), (806, top + line * row), (60, 60, 60), 2)
    for place in (66, 300, 806):
        cv2.line(pixels, (place, top), (place, bottom), (60, 60, 60), 2)
    for line in range(top + 45, bottom - 15, 45):
        for left in (80, 315):
            word = "".join(chr(97 + int(letter)) for letter in random.integers(0, 26, 8 if left < 300 else 20))
            cv2.putText(pixels, word, (left, line), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 50, 110), 2, cv2.LINE_AA)
    noisy = numpy.clip(pixels + random.normal(0, 2, pixels.shape), 0, 255).astype(numpy.uint8)
    target = io.BytesIO()
    Image.fromarray(noisy).save(target, "JPEG", quality=90, dpi=(150, 150))
    return target.getvalue()


def receive(office: Office, batch: ScanBatch, **files: bytes) -> None:
    """Hand in files: `a_jpg` is a.jpg."""
    given = [NewFile(name.replace("_", "."), content, "") for name, content in files.items()]
    receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=given)


def process(office: Office, batch: ScanBatch) -> None:
    """All received pages, with real worker processes."""
    while prepare_next_pages(actor=preparer(office), at=AT, batch_id=batch.id):
        pass


def encode(office: Office, batch: ScanBatch) -> None:
    """All pending cases, with real worker processes."""
    while encode_next_cases(actor=preparer(office), at=AT, batch_id=batch.id):
        pass


def confirm(office: Office, page: ScanPage, most: int = 1) -> None:
    """Confirm the first boxes of a page."""
    set_boxes(
        actor=preparer(office), at=AT, page_id=page.id, boxes=page.boxes[:most], version=page.version, confirm=True
    )
