"""The second officer: who may approve, what becomes of cases, groups that go together, and withdrawal."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from hotich.audit.models import Event
from hotich.audit.queries import faults_of_chain
from hotich.intake.models import Batch, BatchState, Case, CaseState, Dispatch
from hotich.intake.queries.batches import batches_of_offices, cases_waiting_for_approval, held_cases, next_held_case
from hotich.intake.services import (
    approve_batch,
    approve_cases,
    correct_case,
    withdraw_batch,
    withdraw_case,
)
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship, PersonLink
from hotich.records.models import Attachment, Participant, Record, RegistrationNumber
from hotich.registers.models import Book
from hotich.units.models import Office
from tests.app.intake_parts import (
    AT,
    a_pdf,
    an_office,
    approver,
    bring_in,
    good_cells,
    keyer,
    rows_of,
    workbook,
)
from tests.app.test_intake_scans import a_zip

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def _batch(office: Office, rows: list[dict[str, str]], letters: str = "KS", **more: Any) -> UUID:
    return UUID(bring_in(office, workbook(rows, letters), **more)["batch"])


def test_cases_become_records_with_persons_kinship_scans_and_rows_for_the_ministry(office: Office) -> None:
    batch = _batch(office, rows_of("KS", 3), scans=a_zip({"KS.2016.01.001.pdf": a_pdf()}))
    done = approve_batch(actor=approver(office), at=AT, batch_id=batch)
    assert (len(done.approved), done.records, done.refused) == (3, 3, [])
    case = Case.objects.order_by("row_number")[0]
    assert (case.state, case.approved_by, case.keyed_by) == (CaseState.APPROVED, 22, 11)
    record = Record.objects.get(id=case.record_id)
    assert (record.source_case_id, record.number_text, record.keyed_by) == (case.id, "1/2016", 11)
    assert record.as_recorded == case.as_recorded
    assert Book.objects.get().label == "01/2016"
    assert RegistrationNumber.objects.count() == 3
    assert Attachment.objects.get().record_id == record.id
    assert Participant.objects.filter(record=record).count() == 4
    assert PersonLink.objects.filter(participant__record=record).count() == 3
    assert {edge.kind for edge in Kinship.objects.filter(record=record)} == {"mother", "father"}
    assert Dispatch.objects.filter(record=record, state="queued").count() == 1
    assert Event.objects.filter(kind="case.approved").count() == 3
    assert faults_of_chain(office.id) == []


def test_who_imported_may_not_approve(office: Office) -> None:
    batch = _batch(office, rows_of("KS", 2))
    with pytest.raises(RuleBroken, match="second_person_required"):
        approve_batch(actor=approver(office, 11), at=AT, batch_id=batch)
    with pytest.raises(RuleBroken, match="second_person_required"):
        approve_cases(actor=approver(office, 11), at=AT, case_ids=[Case.objects.order_by("row_number")[0].id])
    with pytest.raises(RuleBroken, match="not_allowed"):
        approve_batch(actor=keyer(office), at=AT, batch_id=batch)
    assert not Record.objects.exists()


def test_who_changed_one_row_may_not_approve_the_batch(office: Office) -> None:
    batch = _batch(office, rows_of("KS", 2))
    case = Case.objects.order_by("row_number")[0]
    values = {**case.as_recorded, "page_no": "9"}
    correct_case(actor=keyer(office, 33), at=AT, case_id=case.id, values=values, version=1)
    with pytest.raises(RuleBroken, match="second_person_required"):
        approve_batch(actor=approver(office, 33), at=AT, batch_id=batch)
    assert len(approve_batch(actor=approver(office), at=AT, batch_id=batch).approved) == 2


def test_approving_again_changes_nothing(office: Office) -> None:
    batch = _batch(office, rows_of("KS", 2))
    first = approve_batch(actor=approver(office), at=AT, batch_id=batch)
    again = approve_batch(actor=approver(office), at=AT, batch_id=batch)
    assert (again.approved, again.refused, again.records) == ([], [], 0)
    assert approve_cases(actor=approver(office), at=AT, case_ids=first.approved).approved == []
    assert Record.objects.count() == 2


def test_held_cases_stay_behind(office: Office) -> None:
    batch = _batch(office, [good_cells(number=1), good_cells(number=2, nksNgaySinh="30.02.2016")])
    assert len(approve_batch(actor=approver(office), at=AT, batch_id=batch).approved) == 1
    held = held_cases(batch).get()
    assert next_held_case(batch) == held
    done = approve_cases(actor=approver(office), at=AT, case_ids=[held.id])
    assert [(row, refusal.code) for row, refusal in done.refused] == [(3, "case_not_waiting")]


def test_rows_of_one_change_case_become_one_record(office: Office) -> None:
    rows = [
        good_cells("TD", 4),
        good_cells("TD", 4, changed_field="Quê quán", old_value="", new_value="xã Tân Thử"),
        good_cells("TD", 5),
    ]
    batch = _batch(office, rows, "TD")
    one = Case.objects.order_by("row_number")[0]
    done = approve_cases(actor=approver(office), at=AT, case_ids=[one.id])
    assert (len(done.approved), done.records) == (2, 1)
    record = Record.objects.get()
    items = record.as_recorded["change_items"]
    assert [item["changed_field"] for item in items] == ["Ngày sinh", "Quê quán"]
    assert "changed_field" not in record.as_recorded
    assert len(approve_batch(actor=approver(office), at=AT, batch_id=batch).approved) == 1


def test_a_held_row_keeps_its_whole_case_back(office: Office) -> None:
    rows = [good_cells("TD", 4), good_cells("TD", 4, changed_field="Quê quán", old_value="a", new_value="b",
                                            change_type="99")]  # fmt: skip
    batch = _batch(office, rows, "TD")
    assert sorted(Case.objects.values_list("state", flat=True)) == ["held", "waiting"]
    done = approve_batch(actor=approver(office), at=AT, batch_id=batch)
    assert [(row, refusal.code) for row, refusal in done.refused] == [(2, "group_incomplete")]
    assert not Record.objects.exists()


def test_rows_of_one_case_that_disagree_are_refused(office: Office) -> None:
    rows = [good_cells("TD", 4), good_cells("TD", 4, changed_field="Quê quán", old_value="a", new_value="b",
                                            subject_full_name="Nguyễn Văn Khác")]  # fmt: skip
    done = approve_batch(actor=approver(office), at=AT, batch_id=_batch(office, rows, "TD"))
    assert {refusal.code for _, refusal in done.refused} == {"group_disagrees"}


def test_a_number_that_is_in_the_book_by_then_holds_the_case_and_lets_the_others_in(office: Office) -> None:
    _batch(office, rows_of("KS", 3))
    approve_cases(actor=approver(office), at=AT, case_ids=[Case.objects.order_by("row_number")[0].id])
    # the same number comes to the book by another way than a case
    RegistrationNumber.objects.create(
        origin_office=office, register_type="KS", book=Book.objects.get(), number=2, registration_year=2016, use="void"
    )
    done = approve_batch(actor=approver(office), at=AT, batch_id=Batch.objects.get().id)
    assert (len(done.approved), [refusal.code for _, refusal in done.refused]) == (1, ["registration_number_void"])
    assert Case.objects.get(number=2).state == CaseState.HELD
    assert Record.objects.count() == 2


def test_a_batch_is_withdrawn_whole_and_may_come_again(office: Office) -> None:
    content = workbook(rows_of("KS", 3))
    first = UUID(bring_in(office, content)["batch"])
    assert withdraw_batch(actor=keyer(office), at=AT, batch_id=first).state == BatchState.WITHDRAWN
    assert set(Case.objects.values_list("state", flat=True)) == {CaseState.WITHDRAWN}
    withdraw_batch(actor=keyer(office), at=AT, batch_id=first)
    with pytest.raises(RuleBroken, match="batch_withdrawn_already"):
        approve_batch(actor=approver(office), at=AT, batch_id=first)
    again = bring_in(office, content)
    assert (again["accepted"], again["unchanged"]) == (3, 0)
    assert again["batch"] != str(first)


def test_a_batch_with_an_approved_case_is_not_withdrawn(office: Office) -> None:
    batch = _batch(office, rows_of("KS", 2))
    approve_cases(actor=approver(office), at=AT, case_ids=[Case.objects.order_by("row_number")[0].id])
    with pytest.raises(RuleBroken, match="batch_has_approved_cases"):
        withdraw_batch(actor=keyer(office), at=AT, batch_id=batch)
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        withdraw_case(actor=keyer(office), at=AT, case_id=Case.objects.get(state="approved").id)


def test_a_batch_that_is_still_loading_is_not_approved(office: Office) -> None:
    batch = _batch(office, rows_of("KS", 2))
    Batch.objects.update(state=BatchState.LOADING)
    with pytest.raises(RuleBroken, match="batch_still_loading"):
        approve_batch(actor=approver(office), at=AT, batch_id=batch)
    with pytest.raises(RuleBroken, match="batch_unknown"):
        approve_batch(actor=approver(office), at=AT, batch_id=uuid4())


def test_what_waits_is_shown_by_batch_and_without_ones_own(office: Office) -> None:
    batch = _batch(office, [good_cells(number=1), good_cells(number=2, nksNgaySinh="30.02.2016")])
    waiting = cases_waiting_for_approval([office.id])
    assert [(each.batch.id, each.waiting) for each in waiting] == [(batch, 1)]
    assert cases_waiting_for_approval([office.id], not_of=[11]) == []
    row = batches_of_offices([office.id]).get()
    assert (row.approved_now, row.waiting_now, row.held_now) == (0, 1, 1)
