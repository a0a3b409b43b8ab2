"""PDFs of cases in the background, with real worker processes: made once, made again, refused."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.audit.models import Entry
from hotich.digitisation import services
from hotich.digitisation.models import ScannedCase
from hotich.digitisation.queries import cases_of, pages_of
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.digitisation_parts import a_batch, confirm, cut, drawn_page, encode, preparer, process, receive
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


def test_pdfs_are_made_once_taken_from_what_is_known_and_made_again_when_settings_change(
    office: Office, scans: list[bytes]
) -> None:
    batch = a_batch(office)
    receive(office, batch, a_jpg=scans[0])
    process(office, batch)
    page = pages_of(batch)[0]
    boxes = page.boxes
    confirm(office, page)
    cut(office, batch)
    encode(office, batch)
    case = cases_of(batch)[0]
    assert case.state == {"pass": "passed", "review": "review", "refuse": "refused"}[case.gate["verdict"]]
    assert case.pdf is not None and case.pdf.size == case.size and len(case.encoded_key) == 64
    made = case.pdf_id
    # moved, and moved back: the same picture and box give the same file without any work on pictures
    for change in (10.0, 0.0):
        page.refresh_from_db()
        left, top, right, bottom = boxes[0]["box"]
        services.set_boxes(
            actor=preparer(office), at=AT, page_id=page.id, version=page.version,
            boxes=[{**boxes[0], "box": [left, top, right, bottom - change]}],
        )  # fmt: skip
        cut(office, batch)
    case.refresh_from_db()
    assert case.state == "pending"
    ScannedCase.objects.filter(id=case.id).update(encoded_key=case.encoded_key)
    encode(office, batch)
    case.refresh_from_db()
    assert case.pdf_id == made
    assert services.encode_again(actor=preparer(office), at=AT, batch_id=batch.id) == 0
    ScannedCase.objects.filter(id=case.id).update(encoded_key="of other settings")
    assert services.encode_again(actor=preparer(office), at=AT, batch_id=batch.id) == 1
    encode(office, batch)
    case.refresh_from_db()
    assert case.pdf_id == made  # the same bytes: the file is stored once
    # before and after, each look in the trail
    before = services.case_before(actor=preparer(office), at=AT, case_id=case.id)
    assert before.startswith(b"\xff\xd8\xff")
    assert read_file(services.open_case_pdf(actor=preparer(office), at=AT, case_id=case.id)).startswith(b"%PDF")
    assert Entry.objects.filter(verb="scan.read", facts__scanned_case=str(case.id)).count() == 2
    with pytest.raises(RuleBroken, match="sheet_unknown"):
        services.case_before(actor=preparer(office), at=AT, case_id=case.id, sheet=5)


def test_a_case_whose_page_is_done_anew_waits_and_one_whose_picture_is_lost_is_refused(
    office: Office, scans: list[bytes]
) -> None:
    batch = a_batch(office)
    receive(office, batch, a_jpg=scans[0], b_jpg=scans[1])
    process(office, batch)
    first, second = pages_of(batch)
    for page in (first, second):
        confirm(office, page)
    cut(office, batch)
    second.refresh_from_db()
    services.turn_page(actor=preparer(office), at=AT, page_id=second.id, by=180, version=second.version)
    first.refresh_from_db()
    StoredFile.objects.filter(id=first.flat_id).update(sha256="0" * 64)
    encode(office, batch)
    assert [(case.state, case.reason) for case in cases_of(batch)] == [
        ("refused", "file_content_missing"), ("rescan", "page_changed"),
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match="scan_without_pdf"):
        case = cases_of(batch)[0]
        services.accept_case(actor=preparer(office), at=AT, case_id=case.id, note="ổn", version=case.version)
