"""Annulment: on a decision, shown before it is done, undone by another decision; nothing disappears."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from records_support import AT, acting, actor_at, enter, offices, ruling, values

from hotich.audit.models import Entry, Event
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship, PersonLink, StatusFact
from hotich.persons.services import annul_record, confirm_notice, revoke_annulment
from hotich.persons.services.consequences import (
    consequences_of_annulment,
    consequences_of_revocation,
    consequences_of_superseding,
)
from hotich.records.models import Annotation, AnnotationNotice, Annulment, Record, RegistrationNumber
from hotich.records.services import Decision
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

HUSBAND = {"husband_full_name": "Cao Văn Rạng", "husband_birth_date": "02/03/1970", "husband_id_doc_type": "1",
           "husband_id_doc_number": "210111222"}  # fmt: skip
MARRIAGE = HUSBAND | {"wife_full_name": "Lý Thị Sen", "wife_birth_date": "1972"}
CHILD = {"child_full_name": "Cao Thị Dịu", "child_sex": "2", "child_birth_date": "05/01/2001",
         "father_full_name": "Cao Văn Rạng", "father_birth_date": "1970", "father_id_doc_type": "1",
         "father_id_doc_number": "210111222"}  # fmt: skip


def everything_drawn() -> tuple[Any, ...]:
    return tuple(
        sorted(model.objects.values_list(*columns))
        for model, columns in (
            (Kinship, ("id", "person_id", "relative_id", "ended_by")),
            (PersonLink, ("participant_id", "person_id", "rule")),
            (StatusFact, ("id", "person_id", "kind")),
        )
    )


def change_entry(office: Office) -> dict[str, Any]:
    rows = [{"changed_field": "Họ, chữ đệm, tên", "old_value": "Cao Thị Dịu", "new_value": "Cao Thị Diệu"}]
    return values("TD", year=2019, change_type="Cải chính", subject_full_name="Cao Thị Dịu",
                  target_record_type="Giấy khai sinh", target_registration_number="8/2001",
                  target_registration_office=office.name, target_registration_date="15/06/2001",
                  change_items=rows)  # fmt: skip


def test_an_annulment_keeps_its_decision_and_the_record_its_number() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KH", year=1999, number=3, **MARRIAGE)
        annul_record(actor=actor, at=AT, record_id=record.id,
                     decision=Decision(" 12/QĐ-UBND ", "3/11/2026", "UBND tỉnh", "Kết hôn giả", "Điều 70"))  # fmt: skip
        kept = Annulment.objects.get(record=record)
        assert (kept.decision_number, kept.decision_authority, kept.legal_basis) == (
            "12/QĐ-UBND",
            "UBND tỉnh",
            "Điều 70",
        )
        assert (kept.state_before, kept.annulled_by) == ("in_force", 1)
        assert RegistrationNumber.objects.filter(record=record, use="used").exists()


@pytest.mark.parametrize("missing", ["number", "date_text", "authority", "reason"])
def test_a_decision_without_number_day_authority_or_reason_annuls_nothing(missing: str) -> None:
    (office,) = offices(1)
    given = {"number": "1", "date_text": "02/11/2026", "authority": "UBND", "reason": "Sai"} | {missing: " "}
    with acting(office) as actor:
        record = enter(actor, office, "KH", **MARRIAGE)
        with pytest.raises(RuleBroken) as refused:
            annul_record(actor=actor, at=AT, record_id=record.id, decision=Decision(**given))
        assert (refused.value.code, refused.value.field) == ("decision_incomplete", missing)
        assert Record.objects.get(id=record.id).state == "in_force"


def test_the_day_of_a_decision_must_be_one() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KH", **MARRIAGE)
        with pytest.raises(RuleBroken) as refused:
            annul_record(actor=actor, at=AT, record_id=record.id, decision=Decision("1", "31/02/2026", "UBND", "Sai"))
        assert refused.value.field == "date_text"


def test_only_who_may_annul_may_give_the_effect_back() -> None:
    (office,) = offices(1)
    clerk = actor_at(office, officer=5, rights=frozenset({"record.read", "record.annotate"}))
    with office_scope(clerk.office_ids):
        record = enter(actor_at(office), office, "KH", **MARRIAGE)
        annul_record(actor=actor_at(office), at=AT, record_id=record.id, decision=ruling("1"))
        with pytest.raises(RuleBroken) as refused:
            revoke_annulment(actor=clerk, at=AT, record_id=record.id, decision=ruling("2"))
        assert refused.value.code == "not_allowed"


def test_a_revoked_annulment_leaves_everything_as_it_was_and_tells_both_decisions() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1999, number=3, **MARRIAGE)
        enter(actor, office, "KS", year=2001, number=8, **CHILD)
        before = everything_drawn()
        annul_record(actor=actor, at=AT, record_id=marriage.id, decision=ruling("1/QĐ"))
        assert everything_drawn() != before
        revoke_annulment(actor=actor, at=AT, record_id=marriage.id, decision=ruling("2/QĐ"))
        assert everything_drawn() == before
        kept = Annulment.objects.get(record=marriage)
        assert (kept.decision_number, kept.revoking_number) == ("1/QĐ", "2/QĐ")
        assert Record.objects.get(id=marriage.id).state == "in_force"
        assert Event.objects.filter(kind="record.restored", subject_id=str(marriage.id)).count() == 1
        with pytest.raises(RuleBroken) as refused:
            revoke_annulment(actor=actor, at=AT, record_id=marriage.id, decision=ruling("3/QĐ"))
        assert refused.value.code == "act_not_allowed_in_state"


def test_a_record_annulled_twice_keeps_both_decisions() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KH", **MARRIAGE)
        annul_record(actor=actor, at=AT, record_id=record.id, decision=ruling("1"))
        revoke_annulment(actor=actor, at=AT, record_id=record.id, decision=ruling("2"))
        annul_record(actor=actor, at=AT, record_id=record.id, decision=ruling("3"))
        assert Annulment.objects.filter(record=record).count() == 2


def test_an_entry_of_changes_whose_annulment_is_revoked_writes_its_note_again() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2001, number=8, **CHILD)
        change = enter(actor, office, "TD", **change_entry(office))
        annul_record(actor=actor, at=AT, record_id=change.id, decision=ruling("1"))
        revoke_annulment(actor=actor, at=AT, record_id=change.id, decision=ruling("2"))
        assert [note.in_force for note in birth.annotations.order_by("sequence")] == [False, True]


def test_consequences_are_shown_and_nothing_is_done() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1999, number=3, **MARRIAGE)
        enter(actor, office, "KS", year=2001, number=8, **CHILD)
        before, entries = everything_drawn(), Entry.objects.count()
        found = consequences_of_annulment(actor=actor, at=AT, record_id=marriage.id)
        assert everything_drawn() == before
        assert Entry.objects.count() == entries
        assert Record.objects.get(id=marriage.id).state == "in_force"
        assert not Annulment.objects.exists()
        people = {change.name: change for change in found.persons}
        assert people["Lý Thị Sen"].how == "removed"
        changed = people["Cao Văn Rạng"]
        assert changed.before is not None
        assert (changed.before.marital, changed.now[0].marital) == ("M", "U")
        assert [(edge.how, edge.before.kind) for edge in found.edges if edge.before] == [("removed", "spouse")]


def test_what_is_shown_is_what_then_happens() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2001, number=8, **CHILD)
        change = enter(actor, office, "TD", **change_entry(office))
        found = consequences_of_annulment(actor=actor, at=AT, record_id=change.id)
        assert [(note.record.id, note.written) for note in found.notes] == [(birth.id, False)]
        renamed = next(item for item in found.persons if item.before and item.before.name == "Cao Thị Diệu")
        assert [state.name for state in renamed.now] == ["Cao Thị Dịu"]
        annul_record(actor=actor, at=AT, record_id=change.id, decision=ruling("1"))
        assert Annotation.objects.get(record=birth).in_force is False
        assert [note.written for note in consequences_of_revocation(actor=actor, at=AT, record_id=change.id).notes] == [
            True
        ]


def test_a_notice_that_another_office_would_get_is_announced_beforehand() -> None:
    here, there = offices(2)
    with office_scope({here.id, there.id}):
        keeper = actor_at(there, officer=9)
        with office_scope(keeper.office_ids):
            enter(keeper, there, "KS", year=2001, number=8, **CHILD)
        actor = actor_at(here)
        with office_scope(actor.office_ids):
            change = enter(actor, here, "TD", **change_entry(there))
            notice = AnnotationNotice.objects.get(source_record=change)
        with office_scope(keeper.office_ids):
            confirm_notice(actor=keeper, at=AT, notice_id=notice.id)
        with office_scope(actor.office_ids):
            found = consequences_of_annulment(actor=actor, at=AT, record_id=change.id)
            assert [(item.office_id, item.to_send, item.takes_back) for item in found.notices] == [
                (there.id, True, True)
            ]
            assert AnnotationNotice.objects.filter(source_record=change).count() == 1


def test_restricted_consequences_are_only_hinted_at() -> None:
    (office,) = offices(1)
    leader = actor_at(office, officer=3, rights=frozenset({"record.read", "record.annul", "person.read"}))
    with office_scope(leader.office_ids):
        adoption = enter(actor_at(office), office, "CN", adoptee_full_name="Ngô Thị Lan",
                         adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        found = consequences_of_annulment(actor=leader, at=AT, record_id=adoption.id)
        assert (found.persons, found.edges, found.hides) == ([], [], True)


def test_an_act_that_would_be_refused_says_so_instead_of_consequences() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        old = enter(actor, office, "KH", year=1999, **MARRIAGE)
        new = enter(actor, office, "KH", year=2018, **MARRIAGE)
        found = consequences_of_superseding(actor=actor, at=AT, record_id=old.id, by_record_id=new.id)
        assert found.refusal is not None
        assert found.refusal.code == "not_registered_again"


def test_another_office_sees_no_annulment_even_with_raw_sql() -> None:
    here, there = offices(2)
    with acting(here) as actor:
        record = enter(actor, here, "KH", **MARRIAGE)
        annul_record(actor=actor, at=AT, record_id=record.id, decision=ruling("1"))
    with office_scope({there.id}), connection.cursor() as cursor:
        cursor.execute("select count(*) from record_annulment")
        assert cursor.fetchone() == (0,)
