"""Annotations add, never overwrite; entries of one's own offices are annotated at once, others' by notice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from records_support import AT, acting, actor_at, enter, offices, ruling, values

from hotich.audit.models import Entry, Event
from hotich.kernel.problems import RuleBroken
from hotich.persons.services import confirm_notice
from hotich.records.models import AnnotationNotice, Participant, Record, RecordVersion, RegistrationNumber
from hotich.records.queries import notices_for, record_view
from hotich.records.rules.current_view import current_view
from hotich.records.services import (
    AnnotationDraft,
    address_notice,
    annotate_record,
    annul_record,
    decide_repair,
    propose_repair,
    refuse_notice,
    withdraw_annotation,
)
from hotich.registers.rules.values import text_of
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Phan Thị Mơ", "child_sex": "2", "child_birth_date": "02/03/2008",
         "mother_full_name": "Nguyễn Thị Hạnh"}  # fmt: skip
BASIS = {"basis_number": "12/QĐ-UBND", "basis_authority": "UBND xã", "basis_date_text": "05/06/2019"}


def name_change(new: str = "Phan Thị Mai") -> AnnotationDraft:
    return AnnotationDraft(kind="change", field="child_full_name", new_value=new, text="Thay đổi tên", **BASIS)


def change_entry(office: Office, **more: Any) -> dict[str, Any]:
    """An entry of the register of changes that names birth entry 40/2008."""
    recorded = values("TD", year=2019, change_type="Cải chính", subject_full_name="Phan Thị Mơ",
                      target_record_type="Giấy khai sinh", target_registration_number="40/2008",
                      target_registration_office=office.name, target_registration_date="10/03/2008")  # fmt: skip
    rows = [
        {"changed_field": "Họ, chữ đệm, tên", "old_value": "Phan Thị Mơ", "new_value": "Phan Thị Mai"},
        {"changed_field": "Họ tên mẹ", "old_value": "Nguyễn Thị Hạnh", "new_value": "Nguyễn Thị Hạnh Phúc"},
    ]
    return recorded | {"change_items": rows} | more


def current_name(record: Record, code: str = "child_full_name") -> str:
    return text_of(current_view(record.as_recorded, record.annotations.all()).values, code)


def test_an_annotation_changes_the_current_view_and_the_search_and_nothing_else() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", year=2008, **CHILD)
        (note,) = annotate_record(actor=actor, at=AT, record_id=record.id, drafts=[name_change()])
        record.refresh_from_db()
        assert record.as_recorded["child_full_name"] == "Phan Thị Mơ"
        assert note.old_value == "Phan Thị Mơ"
        assert current_name(record) == "Phan Thị Mai"
        assert Participant.objects.get(record=record, role="child").search_key == "phan thi mai"
        withdraw_annotation(actor=actor, at=AT, annotation_id=note.id, reason="Ghi nhầm bản ghi")
        assert current_name(record) == "Phan Thị Mơ"
        assert Participant.objects.get(record=record, role="child").full_name == "Phan Thị Mơ"
        assert record.annotations.count() == 1
        assert {entry.verb for entry in Entry.objects.filter(subject_id=str(record.id))} >= {
            "record.annotated", "record.annotation_withdrawn"
        }  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (AnnotationDraft(kind="change", field="child_full_name", new_value="X"), "annotation_without_basis"),
        (AnnotationDraft(kind="change", **BASIS), "annotation_empty"),
        (AnnotationDraft(kind="change", field="no_such_field", new_value="X", **BASIS), "field_not_changeable"),
        (
            AnnotationDraft(kind="change", field="registration_number", new_value="9/2008", **BASIS),
            "field_not_changeable",
        ),
        (AnnotationDraft(kind="magic", text="x", **BASIS), "annotation_kind_unknown"),
        (AnnotationDraft(kind="change", field="child_full_name", new_value="Phan Thị Mơ", **BASIS), "value_unchanged"),
        (AnnotationDraft(kind="other", text="x", note_date_text="31/02/2019"), "date_impossible"),
    ],
)
def test_a_faulty_annotation_is_refused(draft: AnnotationDraft, code: str) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", year=2008, **CHILD)
        with pytest.raises(RuleBroken) as refused:
            annotate_record(actor=actor, at=AT, record_id=record.id, drafts=[draft])
        assert refused.value.code == code
        assert record.annotations.count() == 0


def test_an_office_cannot_annotate_anothers_record() -> None:
    mine, other = offices(2)
    with acting(other) as actor:
        record = enter(actor, other, "KS", year=2008, **CHILD)
    with acting(mine) as actor, pytest.raises(RuleBroken) as refused:
        annotate_record(actor=actor, at=AT, record_id=record.id, drafts=[name_change()])
    assert refused.value.code == "record_unknown"


@pytest.mark.parametrize("change_first", [False, True])
def test_an_entry_of_changes_is_written_into_the_entry_it_names_in_either_order(change_first: bool) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        if change_first:
            enter(actor, office, "TD", **change_entry(office))
            assert AnnotationNotice.objects.get().state == "pending"
        birth = enter(actor, office, "KS", year=2008, number=40, **CHILD)
        if not change_first:
            enter(actor, office, "TD", **change_entry(office))
        assert current_name(birth) == "Phan Thị Mai"
        assert current_name(birth, "mother_full_name") == "Nguyễn Thị Hạnh Phúc"
        assert [note.kind for note in birth.annotations.order_by("sequence")] == ["correction", "correction"]
        assert set(AnnotationNotice.objects.values_list("state", flat=True)) <= {"confirmed"}


def test_an_entry_under_the_named_number_that_is_somebody_elses_is_left_alone() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        stranger = CHILD | {"child_full_name": "Đinh Văn Quý"}
        birth = enter(actor, office, "KS", year=2008, number=40, **stranger)
        enter(actor, office, "TD", **change_entry(office))
        assert birth.annotations.count() == 0
        assert AnnotationNotice.objects.get().state == "pending"


def test_another_office_gets_a_notice_and_its_officer_confirms_it() -> None:
    mine, keeper = offices(2)
    with acting(keeper) as actor:
        birth = enter(actor, keeper, "KS", year=2008, number=40, **CHILD)
    with acting(mine) as actor:
        enter(actor, mine, "TD", **change_entry(keeper))
        notice = AnnotationNotice.objects.get()
        assert (notice.target_office_id, notice.state) == (keeper.id, "pending")
        with pytest.raises(RuleBroken) as refused:
            confirm_notice(actor=actor, at=AT, notice_id=notice.id)
        assert refused.value.code == "notice_unknown"
    with acting(keeper) as actor:
        assert [each.id for each in notices_for(actor.office_ids)] == [notice.id]
        confirm_notice(actor=actor, at=AT, notice_id=notice.id)
        assert current_name(birth) == "Phan Thị Mai"
        assert Event.objects.filter(kind="notice.confirmed").count() == 1
        with pytest.raises(RuleBroken) as refused:
            refuse_notice(actor=actor, at=AT, notice_id=notice.id, reason="muộn")
        assert refused.value.code == "act_not_allowed_in_state"


def test_a_notice_with_an_unknown_office_is_addressed_and_may_be_refused() -> None:
    mine, keeper = offices(2)
    with acting(mine) as actor:
        enter(actor, mine, "TD", **change_entry(keeper, target_registration_office="cơ quan cũ"))
        notice = AnnotationNotice.objects.get()
        assert notice.target_office_id is None
        address_notice(actor=actor, at=AT, notice_id=notice.id, office_id=keeper.id)
    with acting(keeper) as actor:
        with pytest.raises(RuleBroken) as refused:
            confirm_notice(actor=actor, at=AT, notice_id=notice.id)
        assert refused.value.code == "notice_entry_not_found"
        with pytest.raises(RuleBroken) as refused:
            refuse_notice(actor=actor, at=AT, notice_id=notice.id, reason=" ")
        assert refused.value.code == "reason_missing"
        assert refuse_notice(actor=actor, at=AT, notice_id=notice.id, reason="Sổ không có").state == "refused"


def test_a_foreign_divorce_is_noted_in_the_marriage() -> None:
    (office,) = offices(1)
    couple = {"husband_full_name": "Cao Văn Rạng", "wife_full_name": "Lý Thị Sen"}
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=2010, number=12, **couple)
        enter(actor, office, "LH", year=2020, dissolution_type="Ly hôn", judgment_number="77/2019", **couple,
              judgment_date="01/02/2019", judgment_authority="Tòa án", origin_marriage_number="12/2010",
              origin_marriage_office=office.name)  # fmt: skip
        note = marriage.annotations.get()
        assert (note.kind, note.basis_number, note.field) == ("divorce", "77/2019", "")


def test_a_recognition_writes_the_father_into_the_birth_entry_found_by_identity() -> None:
    (office,) = offices(1)
    identity = {"child_id_doc_type": "4", "child_id_doc_number": "001308001234"}
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2008, child_personal_id="001308001234", **CHILD)
        enter(actor, office, "CMC", year=2015, recognition_direction="1", child_full_name="Phan Thị Mơ",
              child_birth_date="02/03/2008", parent_full_name="Tô Văn Uy", parent_birth_date="1980", **identity)  # fmt: skip
        assert current_name(birth, "father_full_name") == "Tô Văn Uy"
        assert Participant.objects.get(record=birth, role="father").sex == "1"


def test_a_repair_keeps_the_old_version_and_needs_a_second_officer() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", year=2008, number=41, **CHILD)
        wanted = {"child_full_name": "Phan Thị Mới", "registration_number": "14/2008"}
        repair = propose_repair(actor=actor, at=AT, record_id=record.id, version=1, values=wanted, reason="Gõ sai")
        for attempt, code in (
            (lambda: decide_repair(actor=actor, at=AT, repair_id=repair.id, approve=True), "own_repair"),
            (lambda: propose_repair(actor=actor, at=AT, record_id=record.id, version=1, values=wanted, reason="x"),
             "repair_waiting_already"),
        ):  # fmt: skip
            with pytest.raises(RuleBroken) as refused:
                attempt()
            assert refused.value.code == code
    with acting(office, officer=2) as actor:
        decide_repair(actor=actor, at=AT, repair_id=repair.id, approve=True)
        record.refresh_from_db()
        assert (record.as_recorded["child_full_name"], record.version, record.number) == ("Phan Thị Mới", 2, 14)
        assert record.annotations.count() == 0
        old = RecordVersion.objects.get(record=record)
        assert (old.version, old.as_recorded["child_full_name"]) == (1, "Phan Thị Mơ")
        assert Participant.objects.get(record=record, role="child").search_key == "phan thi moi"
        assert list(RegistrationNumber.objects.filter(record=record).values_list("number", flat=True)) == [14]
        assert Event.objects.filter(kind="record.repaired").count() == 1
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update record_version set version = 9")


@pytest.mark.parametrize(
    ("wanted", "version", "code"),
    [
        ({"child_full_name": "Phan Thị Mơ"}, 1, "repair_changes_nothing"),
        ({"register_book_no": "02/2008"}, 1, "book_not_repairable"),
        ({"nothing": "x"}, 1, "field_not_changeable"),
        ({"child_full_name": "Khác"}, 2, "changed_meanwhile"),
    ],
)
def test_a_repair_that_cannot_be_is_refused(wanted: dict[str, str], version: int, code: str) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", year=2008, **CHILD)
        with pytest.raises(RuleBroken) as refused:
            propose_repair(actor=actor, at=AT, record_id=record.id, version=version, values=wanted, reason="x")
        assert refused.value.code == code


def test_a_repair_that_takes_a_used_number_or_leaves_an_error_is_refused_whole() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", year=2008, number=1, **CHILD)
        records = [enter(actor, office, "KS", year=2008, number=number, **CHILD) for number in (2, 3)]
        with pytest.raises(RuleBroken) as refused:
            propose_repair(actor=actor, at=AT, record_id=records[0].id, version=1,
                           values={"registration_number": "1/2008"}, reason="x")  # fmt: skip
        assert refused.value.code == "registration_number_taken"
        wishes = [{"registration_number": "4/2008"}, {"registration_number": "không số"}]
        repairs = [
            propose_repair(actor=actor, at=AT, record_id=record.id, version=1, values=wish, reason="x")
            for record, wish in zip(records, wishes, strict=True)
        ]
        enter(actor, office, "KS", year=2008, number=4, **CHILD)  # taken before the second officer decides
    with acting(office, officer=2) as actor:
        for repair, code in zip(repairs, ("registration_number_taken", "repair_leaves_errors"), strict=True):
            with pytest.raises(RuleBroken) as refused:
                decide_repair(actor=actor, at=AT, repair_id=repair.id, approve=True)
            assert refused.value.code == code
        assert RecordVersion.objects.count() == 0


def test_an_annulled_record_keeps_its_number_and_takes_no_repair() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", year=2008, number=1, **CHILD)
        annul_record(actor=actor, at=AT, record_id=record.id, decision=ruling("QĐ 9/QĐ-UBND"))
        with pytest.raises(RuleBroken) as refused:
            enter(actor, office, "KS", year=2008, number=1, **CHILD)
        assert refused.value.code == "registration_number_taken"
        with pytest.raises(RuleBroken) as refused:
            propose_repair(actor=actor, at=AT, record_id=record.id, version=1, values={"page_no": "2"}, reason="x")
        assert refused.value.code == "act_not_allowed_in_state"


def test_restricted_facts_are_taken_out_of_the_view_without_the_right() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "CN", adoptee_full_name="Ngô Thị Lan", giving_mother_full_name="Bùi Thị Nga",
                       adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        assert "giving_mother_full_name" in record_view(record.id, actor).recorded.values
        view = record_view(record.id, actor_at(office, rights=frozenset({"record.read"})))
        assert "giving_mother_full_name" not in view.recorded.values
        assert "giving_mother_full_name" in view.recorded.hidden
        assert {person.role for person in view.participants} == {"adoptee", "adoptive_father"}
