"""Pages in the background, with real worker processes: bad pages, many pages, layouts, what is done again."""

from __future__ import annotations

import io
from typing import Any

import cv2
import pytest
from PIL import Image
from register_pages import FontBook, make_page

from hotich.audit.models import Entry
from hotich.digitisation import services
from hotich.digitisation.models import ScanBatch, ScanPage
from hotich.digitisation.queries import pages_of, progress
from hotich.digitisation.queries.batches import confirmable
from hotich.digitisation.services import processing
from hotich.files.models import StoredFile
from hotich.units.models import Office
from tests.app.digitisation_parts import a_batch, a_book, drawn_page, preparer, process, receive
from tests.app.intake_parts import AT, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


@pytest.fixture(scope="session")
def scans() -> list[bytes]:
    return [drawn_page(seed) for seed in (1, 2, 3)]


def test_a_scanners_pdf_gives_its_pages_in_order_and_the_same_picture_twice_is_told(
    office: Office, scans: list[bytes]
) -> None:
    batch, target = a_batch(office), io.BytesIO()
    first, *others = [Image.open(io.BytesIO(scan)) for scan in (scans[0], scans[1], scans[0])]
    first.save(target, "PDF", save_all=True, append_images=others, resolution=200)
    receive(office, batch, b_pdf=target.getvalue(), a_jpg=scans[2])
    process(office, batch)
    pages = pages_of(batch)
    assert [(page.master.name, page.page_of_master) for page in pages] == [
        ("a.jpg", 0), ("b.pdf", 0), ("b.pdf", 1), ("b.pdf", 2),
    ]  # fmt: skip
    assert {page.state for page in pages} == {"prepared"}
    twice = [[(f["code"], f["params"]["page"]) for f in page.findings if f["code"] == "page_twice"] for page in pages]
    assert twice == [[], [], [], [("page_twice", 2)]]
    process(office, batch)  # again: nothing is left to do, no page is made twice
    assert [page.version for page in pages_of(batch)] == [page.version for page in pages]
    assert Entry.objects.filter(verb="scan_page.prepared").count() == 4


def test_a_page_known_from_another_batch_of_the_book_is_told(office: Office, scans: list[bytes]) -> None:
    book = a_book(office)
    first, second = a_batch(office, book), a_batch(office, book)
    receive(office, first, a_jpg=scans[0])
    process(office, first)
    receive(office, second, a_jpg=scans[0] + b"\x00")  # another file, the same picture
    process(office, second)
    found = [item for item in pages_of(second)[0].findings if item["code"] == "page_twice"]
    assert [item["params"]["batch"] for item in found] == [str(first.id)]


def test_bad_pages_are_refused_each_by_itself(office: Office, scans: list[bytes]) -> None:
    batch = a_batch(office)
    small = io.BytesIO()
    Image.open(io.BytesIO(scans[1])).resize((280, 400)).save(small, "JPEG", dpi=(50, 50))
    receive(
        office, batch, a_jpg=scans[0], b_jpg=scans[1][:4000], c_pdf=b"%PDF-1.7 broken", d_jpg=small.getvalue(),
        e_jpg=scans[2],
    )  # fmt: skip
    lost = ScanPage.objects.get(master__name="e.jpg").master
    StoredFile.objects.filter(id=lost.id).update(sha256="0" * 64)  # its content is gone from the storage
    process(office, batch)
    found = {page.master.name: page for page in pages_of(batch)}
    assert {name: page.state for name, page in found.items()} == {
        "a.jpg": "prepared", "b.jpg": "refused", "c.pdf": "refused", "d.jpg": "refused", "e.jpg": "refused",
    }  # fmt: skip
    codes = {name: page.findings[0]["code"] for name, page in found.items() if page.state == "refused"}
    assert codes == {
        "b.jpg": "image_truncated", "c.pdf": "pdf_damaged", "d.jpg": "resolution_low", "e.jpg": "file_content_missing",
    }  # fmt: skip
    # what was refused early can still be looked at, and used with a reason
    page = found["d.jpg"]
    assert page.delivered is not None and page.flat is None
    services.take_page_back(
        actor=preparer(office), at=AT, page_id=page.id, version=page.version, reason="Chỉ có bản này"
    )
    process(office, batch)
    page.refresh_from_db()
    assert page.state == "prepared"
    assert {item["severity"] for item in page.findings} == {"review"}


def test_a_page_an_officer_changed_meanwhile_is_done_again_and_not_overwritten(
    office: Office, scans: list[bytes]
) -> None:
    batch = a_batch(office)
    receive(office, batch, a_jpg=scans[0])
    page = pages_of(batch)[0]
    stale = processing.Piece(page.master, (pages_of(batch)[0],))
    services.set_page_aside(actor=preparer(office), at=AT, page_id=page.id, version=page.version)
    page.refresh_from_db()
    services.take_page_back(actor=preparer(office), at=AT, page_id=page.id, version=page.version)
    refusal = {"code": "worker_crashed", "params": {}}
    processing._store(preparer(office), AT, batch, stale, {"total": 1, "pages": {0: refusal}})
    page.refresh_from_db()
    assert (page.state, page.findings) == ("received", [])
    process(office, batch)
    page.refresh_from_db()
    assert page.state == "prepared"


def test_a_turned_page_is_flattened_as_the_officer_says(office: Office, scans: list[bytes]) -> None:
    batch = a_batch(office)
    receive(office, batch, a_jpg=scans[0])
    process(office, batch)
    page = pages_of(batch)[0]
    assert page.width is not None and page.height is not None and page.width < page.height
    shown = page.turn_found or 0
    services.turn_page(actor=preparer(office), at=AT, page_id=page.id, by=90, version=page.version)
    process(office, batch)
    page.refresh_from_db()
    assert page.width is not None and page.height is not None and page.width > page.height
    assert page.turn_found == page.turned == (shown + 90) % 360
    corners = [[15, 15], [855, 15], [855, 1225], [15, 1225]]
    services.set_corners(actor=preparer(office), at=AT, page_id=page.id, corners=corners, version=page.version)
    process(office, batch)
    page.refresh_from_db()
    assert page.state == "prepared"
    assert page.corners_found is not None and len(page.corners_found) == 4


def test_a_layout_drawn_on_one_page_boxes_the_others(office: Office, page_fonts: FontBook) -> None:
    scans = [make_page("halves", seed, 150, page_fonts, book="one")[0] for seed in (1, 2, 3)]
    jpegs = [cv2.imencode(".jpg", scan[:, :, ::-1])[1].tobytes() for scan in scans]
    batch = a_batch(office)
    receive(office, batch, a_jpg=jpegs[0], b_jpg=jpegs[1], c_jpg=jpegs[2])
    process(office, batch)
    first, *others = pages_of(batch)
    layout = services.save_layout_from_page(actor=preparer(office), at=AT, page_id=first.id, name="Hai hồ sơ")
    assert (layout.register_type, layout.cases_on_page) == ("KS", len(first.boxes))
    assert progress(ScanBatch.objects.get()).waiting_pages == 3
    process(office, ScanBatch.objects.get())
    for page in others:
        page.refresh_from_db()
        assert (page.boxes_by, len(page.boxes)) == ("layout", layout.cases_on_page)
        assert page.layout_fit is not None and page.layout_fit > 0.85
    harmless = {"resolution_doubtful", "resolution_unknown", "dpi_assumed", "page_soft"}
    plain = {page.id for page in pages_of(batch) if {found["code"] for found in page.findings} <= harmless}
    assert {page.id for page in confirmable(batch.id)} == plain
    assert len(plain) == 3
