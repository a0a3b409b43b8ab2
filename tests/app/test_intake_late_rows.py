"""A row of a change case that was keyed late: it is added to the record of its siblings, by a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hotich.audit.models import Event
from hotich.audit.queries import faults_of_chain
from hotich.intake.models import Case, CaseState
from hotich.intake.services import approve_batch, approve_cases, export_book
from hotich.intake.services.approval import Approval
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, AnnotationNotice, Attachment, KeyingRepair, Record, RecordVersion
from hotich.records.services import add_missed_rows
from hotich.units.models import Office
from tests.app.intake_parts import AT, a_pdf, an_office, approver, bring_in, good_cells, keyer, workbook
from tests.app.test_intake_round_trip import read_back
from tests.app.test_intake_scans import a_zip

pytestmark = pytest.mark.django_db
FIRST = good_cells("TD", 4)
LATE = good_cells("TD", 4, changed_field="Dân tộc", old_value="Kinh", new_value="Tày")


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def _approve(
    office: Office, rows: list[dict[str, str]], letters: str = "TD", officer: int = 22, **more: Any
) -> Approval:
    batch = bring_in(office, workbook(rows, letters), **more)["batch"]
    return approve_batch(actor=approver(office, officer), at=AT, batch_id=UUID(batch))


def _exported(office: Office) -> list[dict[str, str]]:
    out = export_book(actor=keyer(office), at=AT, office_id=office.id, register_type="TD", book="01/2016")
    return [{key: cell for key, cell in row.items() if key != "STT"} for row in read_back(out)[1]]


def test_a_late_row_makes_the_next_version_of_its_record(office: Office) -> None:
    _approve(office, [FIRST, good_cells("TD", 5)])
    record = Record.objects.get(number=4)
    before = record.as_recorded
    done = _approve(office, [LATE], scans=a_zip({"TD.2016.01.004.pdf": a_pdf()}))
    assert (len(done.approved), done.records, done.refused) == (1, 0, [])
    record.refresh_from_db()
    assert record.version == 2
    assert [item["changed_field"] for item in record.as_recorded["change_items"]] == ["Ngày sinh", "Dân tộc"]
    assert "changed_field" not in record.as_recorded
    kept = RecordVersion.objects.get(record=record)
    repair = KeyingRepair.objects.get(id=kept.repair_id)
    assert (kept.version, kept.as_recorded, repair.reason) == (1, before, "Bổ sung dòng nhập sót")
    assert (repair.state, repair.proposed_by, repair.decided_by) == ("approved", 11, 22)
    case = Case.objects.get(record_id=record.id, batch_id=Case.objects.order_by("-created_at", "-id")[0].batch_id)
    assert (case.state, case.approved_by) == (CaseState.APPROVED, 22)
    assert Attachment.objects.get(record=record).file_id == case.scan_id
    assert Event.objects.filter(kind="record.repaired", subject_id=str(record.id)).count() == 1
    assert Record.objects.count() == 2
    assert faults_of_chain(office.id) == []


def test_every_row_is_exported_and_known_again(office: Office) -> None:
    third = good_cells("TD", 4, changed_field="Quê quán", old_value="xã A", new_value="xã B")
    _approve(office, [FIRST])
    _approve(office, [LATE])
    _approve(office, [third])
    assert _exported(office) == [FIRST, LATE, third]
    assert Record.objects.get().version == 3
    assert bring_in(office, workbook([FIRST, LATE, third], "TD"))["unchanged"] == 3


def test_rows_stand_in_the_order_of_their_file_also_when_the_first_one_was_late(office: Office) -> None:
    bring_in(office, workbook([LATE | {"change_type": "99"}, FIRST], "TD"))
    held, waiting = Case.objects.order_by("row_number")
    # the row in error stood under another number until it was corrected
    Case.objects.filter(id=held.id).update(number=40, number_text="40/2016")
    approve_cases(actor=approver(office), at=AT, case_ids=[waiting.id])
    good = {**held.as_recorded, "change_type": FIRST["change_type"]}
    Case.objects.filter(id=held.id).update(
        number=4, number_text="4/2016", state="waiting", as_recorded=good, problems=[], error_count=0
    )
    assert len(approve_cases(actor=approver(office), at=AT, case_ids=[held.id]).approved) == 1
    assert _exported(office) == [LATE, FIRST]


def test_only_the_late_row_is_written_into_the_entry_that_is_changed(office: Office) -> None:
    target = {"so": "3/2016", "nksHoTen": FIRST["subject_full_name"], "quyenSo": "01/2016"}
    _approve(office, [good_cells("KS", 3, **target)], "KS")
    birth = Record.objects.get(register_type="KS")
    aim = {"target_record_type": "KS", "target_registration_number": "3/2016",
           "target_registration_date": good_cells("KS", 3)["ngayDangKy"]}  # fmt: skip
    _approve(office, [FIRST | aim])
    assert [note.field for note in Annotation.objects.filter(record=birth)] == ["child_birth_date"]
    _approve(office, [LATE | aim])
    notes = Annotation.objects.filter(record=birth).order_by("sequence")
    assert [note.field for note in notes] == ["child_birth_date", "child_ethnicity"]
    assert {note.source_record_id for note in notes} == {Record.objects.get(register_type="TD").id}
    assert not AnnotationNotice.objects.exists()


def test_who_keyed_the_late_row_may_not_approve_it(office: Office) -> None:
    _approve(office, [FIRST])
    with pytest.raises(RuleBroken, match="second_person_required"):
        _approve(office, [LATE], officer=11)
    assert Record.objects.get().version == 1
    record = Record.objects.get()
    with pytest.raises(RuleBroken, match="own_repair"):
        add_missed_rows(
            actor=approver(office), at=AT, record_id=record.id, version=1, items=[{}], missed=[{}], keyed_by=22
        )
    with pytest.raises(RuleBroken, match="changed_meanwhile"):
        add_missed_rows(
            actor=approver(office), at=AT, record_id=record.id, version=9, items=[{}], missed=[{}], keyed_by=11
        )


def test_a_late_row_that_disagrees_with_the_record_waits(office: Office) -> None:
    _approve(office, [FIRST])
    done = _approve(office, [LATE | {"subject_full_name": "Nguyễn Văn Khác"}])
    assert [refusal.code for _, refusal in done.refused] == ["group_disagrees"]
    assert Case.objects.filter(state=CaseState.WAITING).count() == 1
    assert Record.objects.get().version == 1


def test_a_late_row_of_an_annulled_record_is_refused(office: Office) -> None:
    _approve(office, [FIRST])
    Record.objects.update(state="annulled")
    done = _approve(office, [LATE])
    assert [refusal.code for _, refusal in done.refused] == ["act_not_allowed_in_state"]
    assert not RecordVersion.objects.exists()
