"""Beyond one's offices a name may have one slip, or be one from before a change; the very name comes first and alone."""

from __future__ import annotations

import pytest
from records_support import actor_at, enter, offices

from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.persons.models import ForeignLookUp
from hotich.persons.queries.look_up_foreign import Why
from hotich.persons.rules.look_up_questions import name_question
from hotich.persons.services.look_ups import look_up
from hotich.records.services import AnnotationDraft, annotate_record
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Vũ Thị Hằng", "child_sex": "2", "child_birth_date": "05/01/2001",
         "mother_full_name": "Đỗ Thị Nga"}  # fmt: skip


def found(office: Office, name: str, birth: str = "2001", parent: str = "") -> list[str]:
    actor = actor_at(office)
    with office_scope(actor.office_ids):
        question = name_question(name=name, birth=birth, parent=parent)
        made = look_up(actor=actor, at=clock.now(), question=question, why=Why("extract_copy", "H24.01-0001"))
        assert ForeignLookUp.objects.get(id=made.id).rows == len(made.hits)
    return [hit.full_name for hit in made.hits]


def birth_at(office: Office, number: int = 1, *, renamed: str = "", kind: str = "change", **more: str) -> None:
    home = actor_at(office, officer=2)
    with office_scope(home.office_ids):
        record = enter(home, office, "KS", draw=False, year=2001, number=number, **(CHILD | more))
        if renamed:
            draft = AnnotationDraft(
                kind, "Đổi tên", "child_full_name", renamed, basis_number="12", basis_authority="UBND"
            )
            annotate_record(actor=home, at=clock.now(), record_id=record.id, drafts=[draft])


@pytest.mark.parametrize("typed", ["Vũ Thị Hắng", "vu thi hangg", "Vu Thi Hag", "Vũ Thị  Hnằg", "Vu Thihang"])
def test_one_slip_in_the_name_is_forgiven(typed: str) -> None:
    here, there = offices(2)
    birth_at(there)
    assert found(here, typed) == ["Vũ Thị Hằng"]


def test_two_slips_are_not_and_a_slip_in_the_parent_is() -> None:
    here, there = offices(2)
    birth_at(there)
    assert found(here, "Bu Thi Hagg") == []
    assert found(here, "Vũ Thị Hằng", parent="Do Thi Ngaa") == ["Vũ Thị Hằng"]
    assert found(here, "Vũ Thị Hằng", parent="Đỗ Thị Liên") == []


def test_where_somebody_has_the_very_name_nobody_else_is_shown() -> None:
    here, there = offices(2)
    birth_at(there)
    birth_at(there, 2, child_full_name="Vũ Thị Hằn")
    assert found(here, "Vũ Thị Hằng") == ["Vũ Thị Hằng"]
    assert found(here, "Vũ Thị Hẳn") == ["Vũ Thị Hằn"]


def test_a_name_from_before_a_change_is_found_and_the_birth_still_counts() -> None:
    here, there = offices(2)
    birth_at(there, renamed="Vũ Minh Hằng")
    assert found(here, "Vũ Thị Hằng") == ["Vũ Minh Hằng"]
    assert found(here, "Vũ Minh Hằng") == ["Vũ Minh Hằng"]
    assert found(here, "Vũ Thị Hằng", birth="1999") == []


def test_the_name_before_an_adoption_is_never_told() -> None:
    here, there = offices(2)
    birth_at(there, renamed="Ngô Minh Hằng", kind="adoption")
    assert found(here, "Vũ Thị Hằng") == []
