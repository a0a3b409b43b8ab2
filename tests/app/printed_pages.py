"""Pages of a register in print, as an engine can read them, put into batches as if the background had prepared them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontpkg_noto_serif import ROOT as NOTO_SERIF
from PIL import Image, ImageDraw, ImageFont

from hotich.digitisation.models import ScanBatch, ScanPage
from hotich.digitisation.services import confirm_boxes, receive_page_files
from hotich.files.services import store_file
from hotich.kernel.actor import Actor
from hotich.units.models import Office
from tests.app.digitisation_parts import pictures, prepared, preparer
from tests.app.intake_parts import AT

WIDTH, HEIGHT, DPI = 1240, 1000, 150.0
EDGES, TOP, TITLES, ROW = (60, 150, 560, 800, 1180), 150, 70, 110
Cells = tuple[str, str, str, str]
FONT = next(Path(NOTO_SERIF).rglob("NotoSerif[[]*.ttf"))


def row(number: int, name: str = "Nguyễn Minh Hải", born: str = "01.06.2016", noted: str = "20.06.2016") -> Cells:
    """The cells of one case: number, name, day of birth, day of registration."""
    return str(number), name, born, noted


def printed_page(rows: Sequence[Cells], page_number: int | None = None) -> bytes:
    """A JPEG of a ruled table in print, with a page number in the corner."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (242, 238, 228))
    pen, ink = ImageDraw.Draw(picture), (25, 25, 45)
    large, small = (ImageFont.truetype(str(FONT), size) for size in (31, 27))
    bottom = TOP + TITLES + len(rows) * ROW
    for y in (TOP, *range(TOP + TITLES, bottom + 1, ROW)):
        pen.line((EDGES[0], y, EDGES[-1], y), fill=(50, 50, 50), width=2)
    for x in EDGES:
        pen.line((x, TOP, x, bottom), fill=(50, 50, 50), width=2)
    for x, title in zip(EDGES, ("Số", "Họ và tên", "Ngày sinh", "Ngày đăng ký"), strict=False):
        pen.text((x + 12, TOP + 14), title, fill=ink, font=small)
    for place, cells in enumerate(rows):
        for x, text in zip(EDGES, cells, strict=False):
            pen.text((x + 14, TOP + TITLES + place * ROW + 32), text, fill=ink, font=large)
    if page_number is not None:
        pen.text((1130, 24), str(page_number), fill=ink, font=large)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=92, dpi=(150, 150))
    return target.getvalue()


def boxes_of(count: int) -> list[dict[str, Any]]:
    """The boxes of the rows of such a page."""
    titles = [float(EDGES[0]), float(TOP), float(EDGES[-1]), float(TOP + TITLES)]
    tops = [float(TOP + TITLES + place * ROW) for place in range(count)]
    return [{"box": [titles[0], top, titles[2], top + ROW], "header": titles} for top in tops]


def add_pages(office: Office, batch: ScanBatch, *pages: tuple[bytes, int]) -> list[ScanPage]:
    """Confirmed pages with these flat pictures and so many rows each, in this order."""
    files = pictures(*(f"trang {place}.png" for place in range(1, len(pages) + 1)))
    receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=files)
    made = []
    waiting = ScanPage.objects.filter(batch=batch).order_by("position")
    for page, (content, count) in zip(waiting, pages, strict=True):
        prepared(page, boxes_of(count))
        page.flat = flat_of(page, content)
        page.width, page.height, page.dpi = WIDTH, HEIGHT, DPI
        page.save()
        made.append(confirm_boxes(actor=preparer(office), at=AT, page_id=page.id, version=page.version))
    return made


def flat_of(page: ScanPage, content: bytes) -> Any:
    system = Actor("system", page.origin_office_id, None, frozenset({page.origin_office_id}))
    return store_file(
        office_id=page.origin_office_id, name="flat.jpg", content=content, media_type="image/jpeg", actor=system, at=AT
    )
