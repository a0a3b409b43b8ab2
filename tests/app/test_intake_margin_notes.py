"""Notes in the margin of an old book are keyed with the case and stand beside the record from its first day."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.intake.models import Case, CaseState
from hotich.intake.services import approve_batch
from hotich.records.models import Annotation, FormerName, Participant
from hotich.records.rules.current_view import current_view
from hotich.units.models import Office
from tests.app.intake_parts import AT, an_office, approver, rows_of
from tests.app.test_intake_approval import _batch

pytestmark = pytest.mark.django_db

CHANGED_NAME = {
    "kind": "change", "text": "Thay đổi họ tên thành Trần Thị Mới theo QĐ 12/QĐ-UBND", "field": "child_full_name",
    "new_value": "Trần Thị Mới", "basis_number": "12/QĐ-UBND", "basis_authority": "UBND huyện",
}  # fmt: skip
IN_WORDS = {"kind": "other", "text": "Đã trích lục ngày 3/4/2017", "note_date_text": "03.04.2017"}


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def _approved_with(office: Office, *notes: dict[str, Any]) -> tuple[Case, Any]:
    batch = _batch(office, rows_of("KS", 1))
    Case.objects.update(annotations=list(notes))
    done = approve_batch(actor=approver(office), at=AT, batch_id=batch)
    return Case.objects.get(), done


def test_margin_notes_become_annotations_in_the_order_of_the_margin(office: Office) -> None:
    case, _ = _approved_with(office, CHANGED_NAME, IN_WORDS)
    first, second = Annotation.objects.filter(record_id=case.record_id).order_by("sequence")
    assert (first.kind, first.field, first.new_value, first.old_value) == (
        "change", "child_full_name", "Trần Thị Mới", case.as_recorded["child_full_name"],
    )  # fmt: skip
    assert (second.kind, second.text, second.note_date_text) == ("other", IN_WORDS["text"], "03.04.2017")
    assert first.record.as_recorded == case.as_recorded  # what the book says first stays as it is


def test_the_current_view_and_the_participants_follow_the_margin_and_the_former_name_is_found(office: Office) -> None:
    case, _ = _approved_with(office, CHANGED_NAME)
    record = Annotation.objects.get().record
    assert current_view(record.as_recorded, record.annotations.all()).values["child_full_name"] == "Trần Thị Mới"
    assert Participant.objects.get(record=record, role="child").full_name == "Trần Thị Mới"
    assert FormerName.objects.get(record=record).full_name == case.as_recorded["child_full_name"]


def test_a_note_without_a_date_in_the_margin_is_not_given_the_day_of_approval(office: Office) -> None:
    _approved_with(office, CHANGED_NAME)
    note = Annotation.objects.get()
    assert (note.note_date_text, note.note_date) == ("", None)


def test_a_note_on_a_field_the_form_has_not_stops_its_case_alone(office: Office) -> None:
    case, done = _approved_with(office, {**CHANGED_NAME, "field": "no_such_field"})
    assert [refusal.code for _, refusal in done.refused] == ["field_not_changeable"]
    assert case.state == CaseState.WAITING and not Annotation.objects.exists()
