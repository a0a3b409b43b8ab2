"""From files of pages to records: everything for real – worker processes, the pipeline, the door to the records."""

from __future__ import annotations

import io
from typing import Any

import cv2
import pikepdf
import pytest
from register_pages import FontBook, make_page

from hotich.audit.queries import faults_of_chain
from hotich.digitisation import services
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries import cases_of, number_findings, pages_of
from hotich.files.queries import read_file
from hotich.files.services import NewFile
from hotich.intake.models import Case, CaseState
from hotich.intake.services import approve_cases, correct_case
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Attachment, Record
from hotich.registers.rules.values import AsRecorded
from hotich.units.models import Office
from tests.app.digitisation_parts import a_batch, encode, preparer, process
from tests.app.intake_parts import AT, an_office, approver, bring_in, rows_of, workbook
from tests.rules.registers_rows import good_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


@pytest.fixture(scope="session")
def scans(page_fonts: FontBook) -> list[bytes]:
    """A page of two forms, one of one form upside down, and a page of a table, as JPEGs of 200 dpi."""
    made = []
    for layout, seed, turn in (("halves", 5, 0), ("form", 6, 180), ("table", 7, 0)):
        pixels, _ = make_page(layout, seed, 200, page_fonts)
        if turn:
            pixels = cv2.rotate(pixels, cv2.ROTATE_180)
        made.append(cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    return made


def confirmed(office: Office, batch: ScanBatch, most: int) -> list[ScanPage]:
    """Confirm the pages as an officer does, with the first boxes of each."""
    made = []
    for page in pages_of(batch):
        if page.state == "prepared":
            made.append(
                services.set_boxes(
                    actor=preparer(office), at=AT, page_id=page.id, boxes=page.boxes[:most], version=page.version,
                    confirm=True,
                )
            )  # fmt: skip
    return made


def values() -> AsRecorded:
    made: dict[str, Any] = {**good_row("KS", "L2014"), "registration_number": "3/2016", "register_book_no": "01/2016"}
    return made


def test_pages_become_pdfs_that_are_linked_to_their_entries_and_records(office: Office, scans: list[bytes]) -> None:
    who, batch = preparer(office), a_batch(office)
    bring_in(office, workbook(rows_of("KS", 2)))
    approve_cases(
        actor=approver(office), at=AT, case_ids=list(Case.objects.filter(number=1).values_list("id", flat=True))
    )
    files = [NewFile(f"trang {place}.jpg", scan, "") for place, scan in enumerate(scans, start=1)]
    files.append(NewFile("trang 9.jpg", scans[0][: len(scans[0]) // 8], ""))
    services.receive_page_files(actor=who, at=AT, batch_id=batch.id, files=files)
    process(office, batch)
    pages = pages_of(batch)
    assert [(page.state, len(page.boxes)) for page in pages[:2]] == [("prepared", 2), ("prepared", 1)]
    assert pages[1].turn_found == 180
    assert (pages[2].state, len(pages[2].boxes) > 5) == ("prepared", True)
    # the truncated file is told and harms nobody
    assert (pages[3].state, [found["code"] for found in pages[3].findings]) == ("refused", ["image_truncated"])
    for page in pages[:3]:
        assert page.flat is not None and page.delivered is not None
        assert read_file(page.flat).startswith(b"\xff\xd8\xff") and b"Exif" not in read_file(page.flat)[:400]
    services.set_page_aside(actor=who, at=AT, page_id=pages[3].id, version=pages[3].version)
    confirmed(office, batch, 2)
    made = services.make_cases(actor=who, at=AT, batch_id=batch.id)
    assert (made.made, made.pages_left) == (5, 0)
    batch = services.set_start_number(
        actor=who, at=AT, batch_id=batch.id, number=1, registration_year=2016, version=ScanBatch.objects.get().version
    )
    encode(office, batch)
    cases = cases_of(batch)
    assert [case.number for case in cases] == [1, 2, 3, 4, 5]
    assert all(case.pdf is not None and case.pdf.size <= 100_000 for case in cases)
    assert all(case.state in ("passed", "review") for case in cases), [(case.state, case.reason) for case in cases]
    for case in cases:
        if case.state == "review":
            services.accept_case(actor=who, at=AT, case_id=case.id, note="", version=case.version)
        with pikepdf.open(io.BytesIO(read_file(case.pdf))) as document:
            assert len(document.pages) == 1
    assert {found.code for found in number_findings(batch)} == {"number_unknown"}  # 3, 4, 5 are not keyed yet
    assert services.link_batch(actor=who, at=AT, batch_id=batch.id) == 2
    assert services.link_batch(actor=who, at=AT, batch_id=batch.id) == 0
    first, second = Case.objects.get(number=1), Case.objects.get(number=2)
    assert (first.scan_id, second.scan_id) == (cases[0].pdf_id, cases[1].pdf_id)
    assert Attachment.objects.get().record_id == first.record_id  # the approved one has it at its record
    with pytest.raises(RuleBroken, match="second_person_required"):
        approve_cases(actor=approver(office, who.officer_id or 0), at=AT, case_ids=[second.id])
    approve_cases(actor=approver(office), at=AT, case_ids=[second.id])
    assert Attachment.objects.get(record__number=2).file_id == cases[1].pdf_id
    # on demand: number 3 is keyed from its scan
    third = ScannedCase.objects.get(number=3)
    opened = services.start_case_from_scan(actor=who, at=AT, scanned_case_id=third.id)
    assert services.start_case_from_scan(actor=who, at=AT, scanned_case_id=third.id).id == opened.id
    assert (opened.state, opened.scan_id, opened.number_text) == (CaseState.HELD, third.pdf_id, "3/2016")
    keyed = correct_case(actor=who, at=AT, case_id=opened.id, values=values(), version=opened.version)
    assert keyed.state == CaseState.WAITING
    with pytest.raises(RuleBroken, match="second_person_required"):
        approve_cases(actor=approver(office, who.officer_id or 0), at=AT, case_ids=[opened.id])
    approve_cases(actor=approver(office), at=AT, case_ids=[opened.id])
    record = Record.objects.get(number=3)
    assert Attachment.objects.get(record=record).file_id == third.pdf_id
    assert faults_of_chain(office.id) == []
