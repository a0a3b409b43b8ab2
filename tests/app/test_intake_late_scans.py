"""Scans that come after approval, scans made anew, and PDFs that are locked."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest

from hotich.audit.models import Entry, Event
from hotich.audit.queries import faults_of_chain
from hotich.files.queries import read_file
from hotich.files.services import PDF, store_file
from hotich.intake.models import Batch, Case, CaseState
from hotich.intake.services import approve_batch, replace_scan
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Attachment, Record
from hotich.records.services import attach_scan
from hotich.units.models import Office
from tests.app.intake_parts import (
    AT,
    a_pdf,
    an_office,
    approver,
    bring_in,
    codes_of,
    good_cells,
    keyer,
    rows_of,
    workbook,
)
from tests.app.test_intake_scans import a_zip

pytestmark = pytest.mark.django_db
NAME = "KS.2016.01.001.pdf"
BOOK = workbook(rows_of("KS", 2))


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def locked_pdf() -> bytes:
    """A PDF that does not open without its password."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as document:
        document.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    return target.getvalue()


def _approved(office: Office, **more: Any) -> Record:
    batch = bring_in(office, BOOK, **more)["batch"]
    approve_batch(actor=approver(office), at=AT, batch_id=UUID(batch))
    return Record.objects.get(number=1)


def test_a_scan_that_comes_after_approval_is_attached_to_the_record(office: Office) -> None:
    record = _approved(office)
    content = a_pdf(mark="late")
    report = bring_in(office, BOOK, scans=a_zip({NAME: content, "KS.2016.01.099.pdf": a_pdf(mark="99")}))
    assert report["unchanged"] == 2
    assert report["scans"] == {"linked": 1, "missing": [], "unmatched": ["KS.2016.01.099.pdf"], "too_large": []}
    assert read_file(Attachment.objects.get(record=record).file) == content
    case = Case.objects.get(record_id=record.id)
    assert (case.state, case.scan_id) == (CaseState.APPROVED, Attachment.objects.get().file_id)
    assert Event.objects.filter(kind="record.scan_attached", subject_id=str(record.id)).count() == 1
    assert Entry.objects.filter(verb="record.scan_attached", subject_id=str(record.id)).count() == 1
    assert faults_of_chain(office.id) == []


def test_the_same_scan_again_adds_nothing_not_even_a_batch(office: Office) -> None:
    _approved(office)
    package = a_zip({NAME: a_pdf()})
    bring_in(office, BOOK, scans=package)
    batches = Batch.objects.count()
    again = bring_in(office, BOOK, scans=package)
    assert again["scans"] == {"linked": 0, "missing": [], "unmatched": [], "too_large": []}
    assert (Attachment.objects.count(), Batch.objects.count()) == (1, batches)


def test_a_second_scan_of_a_record_stands_beside_the_first(office: Office) -> None:
    first, second = a_pdf(mark="first"), a_pdf(mark="second")
    record = _approved(office, scans=a_zip({NAME: first}))
    assert bring_in(office, BOOK, scans=a_zip({NAME: second}))["scans"]["linked"] == 1
    found = Attachment.objects.filter(record=record).order_by("id")
    assert [read_file(each.file) for each in found] == [first, second]
    # the first one again is known as well
    assert bring_in(office, BOOK, scans=a_zip({NAME: first}))["scans"]["linked"] == 0
    assert Attachment.objects.count() == 2


def test_a_large_scan_of_a_record_is_told_and_the_record_stays_as_it_is(office: Office) -> None:
    record = _approved(office)
    report = bring_in(office, BOOK, scans=a_zip({NAME: a_pdf(120_000)}))
    assert (report["scans"]["linked"], report["scans"]["too_large"]) == (1, [NAME])
    assert Attachment.objects.filter(record=record).count() == 1
    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.APPROVED}


def test_a_scan_made_smaller_frees_the_case_it_held_and_makes_its_bringer_one_of_the_hands(office: Office) -> None:
    bring_in(office, BOOK, scans=a_zip({NAME: a_pdf(120_000)}))
    assert Case.objects.get(number=1).state == CaseState.HELD
    report = bring_in(office, BOOK, scans=a_zip({NAME: a_pdf(mark="small")}), actor=keyer(office, 33))
    assert report["scans"]["linked"] == 1
    case = Case.objects.get(number=1)
    assert (case.state, case.error_count, case.touched_by) == (CaseState.WAITING, 0, [11, 33])
    with pytest.raises(RuleBroken, match="second_person_required"):
        approve_batch(actor=approver(office, 33), at=AT, batch_id=case.batch_id)


def test_a_bad_scan_does_not_take_the_place_of_a_good_one(office: Office) -> None:
    good = a_pdf(mark="good")
    bring_in(office, BOOK, scans=a_zip({NAME: good}))
    report = bring_in(office, BOOK, scans=a_zip({NAME: b"%PDF-1.7 cut short"}))
    assert report["scans"] == {"linked": 0, "missing": [], "unmatched": [NAME], "too_large": []}
    case = Case.objects.get(number=1)
    assert case.scan is not None and read_file(case.scan) == good


def test_rows_of_one_approved_change_share_a_late_scan(office: Office) -> None:
    book = workbook(
        [good_cells("TD", 4), good_cells("TD", 4, changed_field="Quê quán", old_value="a", new_value="b")], "TD"
    )
    approve_batch(actor=approver(office), at=AT, batch_id=UUID(bring_in(office, book)["batch"]))
    report = bring_in(office, book, scans=a_zip({"TD.2016.01.004.pdf": a_pdf()}))
    assert (report["unchanged"], report["scans"]["linked"], report["scans"]["unmatched"]) == (2, 1, [])
    assert Attachment.objects.get().record_id == Record.objects.get().id


def test_attaching_needs_the_right_the_record_and_a_file_of_the_office(office: Office) -> None:
    record = _approved(office)
    file = store_file(office_id=office.id, name="x.pdf", content=a_pdf(), media_type=PDF, actor=keyer(office), at=AT)
    attach = {"at": AT, "record_id": record.id, "file_id": file.id}
    nobody = Actor("x", office.id, 5, frozenset({office.id}), frozenset({"record.read"}))
    for changes, code in [
        ({"actor": nobody}, "not_allowed"),
        ({"record_id": uuid4()}, "record_unknown"),
        ({"file_id": uuid4()}, "file_unknown"),
    ]:
        with pytest.raises(RuleBroken, match=code):
            attach_scan(**{"actor": keyer(office), **attach, **changes})
    first = attach_scan(actor=keyer(office), **attach)
    assert attach_scan(actor=keyer(office), **attach).id == first.id
    assert Event.objects.filter(kind="record.scan_attached").count() == 1


def test_a_locked_pdf_is_stored_without_pages_and_refused_as_a_scan(office: Office) -> None:
    content = locked_pdf()
    stored = store_file(office_id=office.id, name="x.pdf", content=content, media_type=PDF, actor=keyer(office), at=AT)
    assert stored.page_count is None
    report = bring_in(office, BOOK, scans=a_zip({NAME: content}))
    assert "scan_encrypted" in codes_of(report, 2)
    assert report["scans"]["unmatched"] == [NAME]
    with pytest.raises(RuleBroken, match="scan_encrypted"):
        replace_scan(actor=keyer(office), at=AT, case_id=Case.objects.get(number=1).id, name=NAME, content=content)
