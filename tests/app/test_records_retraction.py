"""What an entry wrote into others goes when that entry is annulled or put right; other offices are asked."""

from __future__ import annotations

from typing import Any

import pytest
from records_support import AT, acting, actor_at, enter, offices, ruling, values

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship
from hotich.persons.services import annul_record, confirm_notice, decide_repair
from hotich.records.models import Annotation, AnnotationNotice, Participant, Record
from hotich.records.queries import notices_for
from hotich.records.rules.current_view import current_view
from hotich.records.services import propose_repair, refuse_notice
from hotich.registers.rules.values import text_of
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Phan Thị Mơ", "child_sex": "2", "child_birth_date": "02/03/2008",
         "mother_full_name": "Nguyễn Thị Hạnh"}  # fmt: skip
IDENTITY = {"child_id_doc_type": "4", "child_id_doc_number": "001308001234"}


def change_entry(office: Office, **more: Any) -> dict[str, Any]:
    rows = [{"changed_field": "Họ, chữ đệm, tên", "old_value": "Phan Thị Mơ", "new_value": "Phan Thị Mai"}]
    return values("TD", year=2019, change_type="Cải chính", subject_full_name="Phan Thị Mơ",
                  target_record_type="Giấy khai sinh", target_registration_number="40/2008",
                  target_registration_office=office.name, target_registration_date="10/03/2008",
                  change_items=rows) | more  # fmt: skip


def current(record: Record, code: str = "child_full_name") -> str:
    return text_of(current_view(record.as_recorded, record.annotations.all()).values, code)


def test_annulling_an_entry_of_changes_takes_its_annotations_back() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2008, number=40, **CHILD)
        change = enter(actor, office, "TD", **change_entry(office))
        assert current(birth) == "Phan Thị Mai"
        annul_record(actor=actor, at=AT, record_id=change.id, decision=ruling("QĐ 9/QĐ-UBND"))
        assert current(birth) == "Phan Thị Mơ"
        assert Participant.objects.get(record=birth, role="child").full_name == "Phan Thị Mơ"
        assert [note.in_force for note in birth.annotations.all()] == [False]
        assert Entry.objects.filter(verb="record.annotation_withdrawn", subject_id=str(birth.id)).count() == 1
        assert AnnotationNotice.objects.count() == 0


def test_annulling_a_recognition_takes_the_father_and_what_was_concluded_from_him() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2008, child_personal_id="001308001234", **CHILD)
        recognition = enter(actor, office, "CMC", year=2015, recognition_direction="1", child_full_name="Phan Thị Mơ",
                            child_birth_date="02/03/2008", parent_full_name="Tô Văn Uy", parent_birth_date="1980",
                            **IDENTITY)  # fmt: skip
        assert Kinship.objects.filter(record=birth, kind="father").count() == 1
        annul_record(actor=actor, at=AT, record_id=recognition.id, decision=ruling("Bản án 3/2020"))
        assert current(birth, "father_full_name") == ""
        assert not Participant.objects.filter(record=birth, role="father").exists()
        assert not Kinship.objects.filter(kind="father").exists()


def test_annulling_a_divorce_makes_the_marriage_last_again() -> None:
    (office,) = offices(1)
    couple = {"husband_full_name": "Cao Văn Rạng", "wife_full_name": "Lý Thị Sen"}
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=2010, number=12, **couple)
        divorce = enter(actor, office, "LH", year=2020, dissolution_type="Ly hôn", judgment_number="77/2019", **couple,
                        judgment_date="01/02/2019", judgment_authority="Tòa án", origin_marriage_number="12/2010",
                        origin_marriage_office=office.name)  # fmt: skip
        assert Kinship.objects.get(record=marriage, kind="spouse").ended_by == "divorce"
        annul_record(actor=actor, at=AT, record_id=divorce.id, decision=ruling("QĐ 2"))
        assert Kinship.objects.get(record=marriage, kind="spouse").ended_by == ""


def test_a_repair_of_what_was_asked_for_takes_the_old_annotation_back_and_writes_the_new() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2008, number=40, **CHILD)
        change = enter(actor, office, "TD", **change_entry(office))
        rows = [change.as_recorded["change_items"][0] | {"new_value": "Phan Thị Mây"}]
        _repair(office, change, {"change_items": rows})
        assert current(birth) == "Phan Thị Mây"
        notes = [(note.in_force, note.new_value) for note in birth.annotations.order_by("sequence")]
        assert notes == [(False, "Phan Thị Mai"), (True, "Phan Thị Mây")]
        change.refresh_from_db()
        _repair(office, change, {"page_no": "77"})  # asks for nothing else: nothing is written again
        assert birth.annotations.count() == 2


def _repair(office: Office, record: Record, wanted: dict[str, Any]) -> None:
    proposer, decider = actor_at(office, officer=1), actor_at(office, officer=2)
    repair = propose_repair(
        actor=proposer, at=AT, record_id=record.id, version=record.version, values=wanted, reason="Gõ sai"
    )
    decide_repair(actor=decider, at=AT, repair_id=repair.id, approve=True)


def test_a_notice_nobody_answered_is_withdrawn_with_its_ground() -> None:
    mine, keeper = offices(2)
    with acting(mine) as actor:
        change = enter(actor, mine, "TD", **change_entry(keeper))
        annul_record(actor=actor, at=AT, record_id=change.id, decision=ruling("QĐ 9"))
        notice = AnnotationNotice.objects.get()
        assert (notice.state, notice.reason) == ("withdrawn", ruling("QĐ 9").quoted)
    with acting(keeper) as actor:
        assert not notices_for(actor.office_ids).exists()
        with pytest.raises(RuleBroken) as refused:
            refuse_notice(actor=actor, at=AT, notice_id=notice.id, reason="muộn")
        assert refused.value.code == "act_not_allowed_in_state"


def test_another_office_is_asked_to_take_back_what_it_confirmed_and_does() -> None:
    mine, keeper = offices(2)
    with acting(keeper) as actor:
        birth = enter(actor, keeper, "KS", year=2008, number=40, **CHILD)
    with acting(mine) as actor:
        change = enter(actor, mine, "TD", **change_entry(keeper))
    with acting(keeper) as actor:
        confirm_notice(actor=actor, at=AT, notice_id=AnnotationNotice.objects.get().id)
    with acting(mine) as actor:
        annul_record(actor=actor, at=AT, record_id=change.id, decision=ruling("QĐ 9/QĐ-UBND"))
    with acting(keeper) as actor:
        assert current(birth) == "Phan Thị Mai"  # nobody but the keeping office writes beside its entry
        notice = notices_for(actor.office_ids).get()
        assert notice.withdraws is not None
        assert confirm_notice(actor=actor, at=AT, notice_id=notice.id).id == birth.id
        assert current(birth) == "Phan Thị Mơ"
        assert Annotation.objects.get(record=birth).in_force is False
        assert not notices_for(actor.office_ids).exists()


def test_what_an_officer_of_both_offices_wrote_is_asked_back_by_one_who_sees_only_the_source() -> None:
    mine, keeper = offices(2)
    with acting(mine, keeper) as actor:
        birth = enter(actor, keeper, "KS", year=2008, number=40, **CHILD)
        change = enter(actor, mine, "TD", **change_entry(keeper))
        assert current(birth) == "Phan Thị Mai"
    with acting(mine) as actor:
        annul_record(actor=actor, at=AT, record_id=change.id, decision=ruling("QĐ 9"))
    with acting(keeper) as actor:
        notice = notices_for(actor.office_ids).get()
        confirm_notice(actor=actor, at=AT, notice_id=notice.id)
        assert current(birth) == "Phan Thị Mơ"


def test_a_late_withdrawal_leaves_alone_what_was_written_anew() -> None:
    mine, keeper = offices(2)
    with acting(keeper) as actor:
        birth = enter(actor, keeper, "KS", year=2008, number=40, **CHILD)
    with acting(mine) as actor:
        change = enter(actor, mine, "TD", **change_entry(keeper))
    with acting(keeper) as actor:
        confirm_notice(actor=actor, at=AT, notice_id=AnnotationNotice.objects.get().id)
    with office_scope([mine.id]):
        rows = [change.as_recorded["change_items"][0] | {"new_value": "Phan Thị Mây"}]
        _repair(mine, change, {"change_items": rows})
    later = AT.replace(hour=10)
    with acting(keeper) as actor:
        fresh = notices_for(actor.office_ids).get(withdraws__isnull=True)
        confirm_notice(actor=actor, at=later, notice_id=fresh.id)
        withdrawal = notices_for(actor.office_ids).get(withdraws__isnull=False)
        confirm_notice(actor=actor, at=later, notice_id=withdrawal.id)
        assert current(birth) == "Phan Thị Mây"
        assert [note.in_force for note in birth.annotations.order_by("sequence")] == [False, True]


def test_nobody_decides_a_repair_of_what_he_may_not_see() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        adoption = enter(actor, office, "CN", adoptee_full_name="Ngô Thị Lan", adoptive_father_full_name="Ngô Văn Minh")
        wanted = {"giving_mother_full_name": "Bùi Thị Nga"}
        repair = propose_repair(actor=actor, at=AT, record_id=adoption.id, version=1, values=wanted, reason="Bỏ sót")
        narrow = actor_at(office, officer=2, rights=frozenset({"record.read", "record.approve_repair"}))
        with pytest.raises(RuleBroken) as refused:
            decide_repair(actor=narrow, at=AT, repair_id=repair.id, approve=True)
        assert refused.value.code == "repair_restricted"
