"""Looking beyond one's offices: purpose and case, the look-up written by the function, and nobody gets around it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from records_support import actor_at, enter, offices

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import ForeignHit, ForeignLookUp
from hotich.persons.queries.look_up_foreign import Why
from hotich.persons.rules.look_up_foreign import opening
from hotich.persons.rules.look_up_questions import (
    EntryQuestion,
    NumberQuestion,
    Question,
    entry_question,
    name_question,
    number_question,
)
from hotich.persons.services.look_ups import Found, look_up, open_look_up_hit
from hotich.records.models import Record
from hotich.records.rules.restricted import fields_closed_elsewhere
from hotich.records.services import AnnotationDraft, annotate_record
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Vũ Thị Hằng", "child_sex": "2", "child_birth_date": "05/01/2001",
         "child_personal_id": "052301000123", "father_full_name": "Vũ Văn Đức", "father_birth_date": "1970",
         "remarks": "Ghi chú riêng của sổ"}  # fmt: skip
DEAD = {"deceased_full_name": "Vũ Văn Đức", "deceased_birth_date": "02/03/1970", "cause_of_death": "Bệnh hiểm nghèo"}
WHY = Why("extract_copy", "H24.01-0001")


@pytest.fixture
def places() -> list[Office]:
    return offices(2)


@pytest.fixture
def there(places: list[Office]) -> dict[str, Record]:
    """A birth, a death and an adoption at the second office."""
    home = places[1]
    actor = actor_at(home, officer=2)
    with office_scope(actor.office_ids):
        return {
            "birth": enter(actor, home, "KS", year=2001, number=8, **CHILD),
            "death": enter(actor, home, "KT", year=2019, number=3, **DEAD),
            "adoption": enter(actor, home, "CN", year=2018, number=4, adoptee_full_name="Vũ Thị Hằng",
                              adoptee_birth_date="05/01/2001", giving_mother_full_name="Bùi Thị Nga",
                              adoptive_father_full_name="Ngô Văn Minh"),
        }  # fmt: skip


def asked(actor: Actor, question: Question, why: Why = WHY) -> Found:
    with office_scope(actor.office_ids):
        return look_up(actor=actor, at=clock.now(), question=question, why=why)


def code_of(call: Any, **more: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        call(**more)
    return refusal.value.code


def test_a_personal_number_finds_the_records_of_other_offices_and_is_written_down(
    places: list[Office], there: dict[str, Record]
) -> None:
    actor = actor_at(places[0])
    found = asked(actor, number_question("052 301 000 123"))
    assert [hit.record_id for hit in found.hits] == [there["birth"].id]
    with office_scope(actor.office_ids):
        row = ForeignLookUp.objects.get(id=found.id)
        hit = ForeignHit.objects.get(look_up_id=found.id)
    assert (row.office_id, row.officer_id, row.purpose, row.dossier, row.rows) == (
        places[0].id, 1, "extract_copy", "H24.01-0001", 1,
    )  # fmt: skip
    assert (hit.record_id, hit.subject_office_id, hit.opened_at) == (there["birth"].id, places[1].id, None)
    entry = Entry.objects.get(verb="look_up.made")
    assert entry.subject_id == str(found.id)
    assert "052301000123" not in str(entry.facts)


def test_a_personal_number_is_found_beside_another_document(places: list[Office]) -> None:
    home = actor_at(places[1], officer=2)
    with office_scope(home.office_ids):
        both = {"mother_full_name": "Vũ Thị Hai", "mother_personal_id": "052175000321", "mother_id_doc_type": "1",
                "mother_id_doc_number": "210333444"}  # fmt: skip
        record = enter(home, places[1], "KS", year=2005, child_full_name="Vũ Văn Con", **both)
    for number in ("052175000321", "210 333 444"):
        assert [hit.record_id for hit in asked(actor_at(places[0]), number_question(number)).hits] == [record.id]


def test_an_entry_and_a_name_with_a_birth_find_too_and_a_parent_narrows(
    places: list[Office], there: dict[str, Record]
) -> None:
    actor = actor_at(places[0])
    by_entry = entry_question(office_id=places[1].id, letters="KS", number="8/2001", year=None)
    assert [hit.full_name for hit in asked(actor, by_entry).hits] == ["Vũ Thị Hằng"]
    assert [hit.record_id for hit in asked(actor, name_question(name="vu thi hang", birth="2001")).hits] == [
        there["birth"].id
    ]
    with_parent = name_question(name="Vũ Thị Hằng", birth="05/01/2001", parent="Vũ Văn Đức")
    assert len(asked(actor, with_parent).hits) == 1
    other_parent = name_question(name="Vũ Thị Hằng", birth="05/01/2001", parent="Trần Văn Tư")
    assert asked(actor, other_parent).hits == []


def test_nothing_found_is_written_down_as_well(places: list[Office], there: dict[str, Record]) -> None:
    actor = actor_at(places[0])
    found = asked(actor, NumberQuestion("099999999999"))
    with office_scope(actor.office_ids):
        assert (found.hits, ForeignLookUp.objects.get(id=found.id).rows) == ([], 0)


def test_adoptions_restricted_people_and_own_records_are_never_shown(
    places: list[Office], there: dict[str, Record]
) -> None:
    actor = actor_at(places[0])
    # the adopted child by name: its birth, not its adoption; who gave it away: nobody
    assert {hit.register_type for hit in asked(actor, name_question(name="Vũ Thị Hằng", birth="2001")).hits} == {"KS"}
    assert asked(actor, EntryQuestion(places[1].id, "CN", 4, "", 2018)).hits == []
    home = actor_at(places[1], officer=2)
    assert asked(home, number_question("052301000123")).hits == []
    assert code_of(asked, actor=home, question=EntryQuestion(places[1].id, "KS", 8, "", 2001)) == "office_is_own"


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (Why("", "H1"), "purpose_missing"),
        (Why("curiosity", "H1-001"), "purpose_missing"),
        (Why("other", "H1-001", "vì"), "purpose_words_missing"),
        (Why("extract_copy", ""), "dossier_missing"),
        (Why("extract_copy", "Nguyễn Văn A"), "dossier_missing"),
        (Why("extract_copy", "khong-co-so"), "dossier_missing"),
    ],
)
def test_without_purpose_and_case_nothing_is_looked_up(places: list[Office], why: Why, code: str) -> None:
    assert code_of(asked, actor=actor_at(places[0]), question=NumberQuestion("052301000123"), why=why) == code
    with office_scope([places[0].id]):
        assert not ForeignLookUp.objects.exists()


def test_without_the_right_nothing_is_looked_up(places: list[Office]) -> None:
    reader = actor_at(places[0], rights=frozenset({"record.read"}))
    assert code_of(asked, actor=reader, question=NumberQuestion("052301000123")) == "not_allowed"


def test_a_hit_opens_without_restricted_fields_remarks_and_sealed_notes(
    places: list[Office], there: dict[str, Record]
) -> None:
    home, actor = actor_at(places[1], officer=2), actor_at(places[0])
    with office_scope(home.office_ids):
        annotate_record(
            actor=home, at=clock.now(), record_id=there["birth"].id,
            drafts=[AnnotationDraft("correction", "Cải chính dân tộc", "child_ethnicity", "Kinh", basis_number="12",
                                    basis_authority="UBND"),
                    AnnotationDraft("other", "Kín", "child_native_place", "Chỗ cũ", restricted=True)],
        )  # fmt: skip
    found = asked(actor, name_question(name="Vũ Văn Đức", birth="1970"))
    assert {hit.register_type for hit in found.hits} == {"KT", "KS"}
    with office_scope(actor.office_ids):
        death = open_look_up_hit(actor=actor, at=clock.now(), look_up_id=found.id, record_id=there["death"].id)
        birth = open_look_up_hit(actor=actor, at=clock.now(), look_up_id=found.id, record_id=there["birth"].id)
        assert ForeignHit.objects.get(record_id=there["death"].id).openings == 1
    assert death.recorded["deceased_full_name"] == "Vũ Văn Đức"
    assert "cause_of_death" not in death.recorded
    assert "remarks" not in birth.recorded
    assert birth.current.values["child_ethnicity"] == "Kinh"
    assert "child_native_place" not in birth.recorded
    assert [note.text for note in birth.notes] == ["Cải chính dân tộc"]
    assert Entry.objects.filter(verb="foreign_record.read").count() == 2


def test_a_hit_is_opened_by_whom_it_was_shown_and_not_long_after(
    places: list[Office], there: dict[str, Record]
) -> None:
    actor = actor_at(places[0])
    found = asked(actor, number_question("052301000123"))
    opened = {"at": clock.now(), "look_up_id": found.id, "record_id": there["birth"].id}
    with office_scope(actor.office_ids):
        colleague = actor_at(places[0], officer=7)
        assert code_of(open_look_up_hit, actor=colleague, **opened) == "look_up_not_open"
        other = opened | {"record_id": there["death"].id}
        assert code_of(open_look_up_hit, actor=actor, **other) == "look_up_not_open"
        assert code_of(open_look_up_hit, actor=actor, **opened | {"look_up_id": uuid4()}) == "look_up_not_open"
    with office_scope(actor.office_ids), connection.cursor() as cursor:
        # the time allowed is over at once when it is none
        for hours, rows in ((0, 0), (1, 1)):
            cursor.execute(
                "select count(*) from open_foreign_hit(%s, %s, %s, 1, %s)",
                [found.id, there["birth"].id, places[0].id, hours],
            )
            assert cursor.fetchone()[0] == rows


@pytest.mark.parametrize(
    "sql",
    [
        "insert into foreign_look_up (id, at, office_id, officer_id, purpose, purpose_words, dossier, way, question, rows) "
        "values (gen_random_uuid(), now(), {own}, 1, 'extract_copy', '', 'H1-001', 'number', 'x', 0)",
        "insert into foreign_look_up_hit (id, look_up_id, record_id, subject_office_id, asking_office_id, officer_id, "
        "purpose, dossier, at, openings) values (gen_random_uuid(), gen_random_uuid(), '{record}', {there}, {own}, 1, "
        "'extract_copy', 'H1-001', now(), 0)",
        "update foreign_look_up set purpose = 'verification'",
        "delete from foreign_look_up",
        "delete from foreign_look_up_hit",
        "update foreign_look_up_hit set at = now()",
        # no purpose, no case, another office's name, a birth as wide as a decade
        "select * from look_up_by_number('k', '', {own}, 1, '', '', 'H1-001')",
        "select * from look_up_by_number('k', '', {own}, 1, null, '', 'H1-001')",
        "select * from look_up_by_number('k', '', {own}, 1, 'extract_copy', '', '')",
        "select * from look_up_by_number('k', '', {own}, 1, 'extract_copy', '', null)",
        "select * from look_up_by_number('k', '', {own}, 1, 'other', 'vì', 'H1-001')",
        "select * from look_up_by_number('k', '', {there}, 1, 'extract_copy', '', 'H1-001')",
        "select * from look_up_by_number('k', '', {own}, null, 'extract_copy', '', 'H1-001')",
        "select * from look_up_by_number('', '', {own}, 1, 'extract_copy', '', 'H1-001')",
        "select * from look_up_by_name('{{vu}}', '', '2001-01-01', '2001-12-31', null, {own}, 1, 'extract_copy', '', "
        "'H1-001')",
        "select * from look_up_by_name('{{hang thi vu}}', '', '1900-01-01', '2020-01-01', null, {own}, 1, 'extract_copy', "
        "'', 'H1-001')",
        # a list of strangers, no name at all, far too many of them
        "select * from look_up_by_name('{{hang thi vu,binh le}}', '', '2001-01-01', '2001-12-31', null, {own}, 1, "
        "'extract_copy', '', 'H1-001')",
        "select * from look_up_by_name('{{}}', '', '2001-01-01', '2001-12-31', null, {own}, 1, 'extract_copy', '', 'H1-001')",
        "select * from look_up_by_name(array_fill('hang thi vu'::text, array[601]), '', '2001-01-01', '2001-12-31', null, "
        "{own}, 1, 'extract_copy', '', 'H1-001')",
        "select * from look_up_by_entry({there}, 'KS', null, '', 2001, {own}, 1, 'extract_copy', '', 'H1-001')",
    ],
)
def test_raw_sql_neither_forges_a_look_up_nor_asks_without_a_reason(
    places: list[Office], there: dict[str, Record], sql: str
) -> None:
    filled = sql.format(own=places[0].id, there=places[1].id, record=there["birth"].id)
    with office_scope([places[0].id]), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(filled)


def test_raw_sql_gets_twenty_records_at_most(places: list[Office]) -> None:
    home = actor_at(places[1], officer=2)
    with office_scope(home.office_ids):
        for number in range(1, 26):
            enter(home, places[1], "KS", draw=False, year=2003, number=number, child_full_name="Đinh Văn Trùng",
                  child_sex="1", child_birth_date="05/01/2001")  # fmt: skip
    with office_scope([places[0].id]), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from look_up_by_name('{dinh trung van}', '', '2001-01-01', '2001-12-31', null, %s, 1, "
            "'extract_copy', '', 'H1-001')",
            [places[0].id],
        )
        assert cursor.fetchone()[0] == 20


def test_raw_sql_reads_the_log_of_ones_own_office_only(places: list[Office], there: dict[str, Record]) -> None:
    asked(actor_at(places[0]), number_question("052301000123"))
    with office_scope([offices(3)[2].id]), connection.cursor() as cursor:
        for table in ("foreign_look_up", "foreign_look_up_hit", "person_look_up", "break_glass"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone()[0] == 0, table
    # whose record it is sees that it was shown, not what else was asked
    with office_scope([places[1].id]):
        assert ForeignHit.objects.count() == 1
        assert not ForeignLookUp.objects.exists()


def test_the_function_leaves_out_every_field_that_is_restricted_today() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'open_foreign_hit'")
        (body,) = cursor.fetchone()
    missing = [code for code in fields_closed_elsewhere() if f"'{code}'" not in body]
    assert missing == [], "a field became restricted: a migration must create open_foreign_hit anew"
    assert "cause_of_death" in opening(fields_closed_elsewhere())[2]
