"""Numbers taken over from the population database: beside the record, an input of every drawing, and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from accounts_parts import make_officer
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records_support import AT, acting, actor_at, enter, enter_all, offices, values

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import Kinship, LookUp, PersonLink, PopulationNumber, StatusFact
from hotich.persons.queries.look_up_foreign import Why
from hotich.persons.rules.look_up_questions import number_question
from hotich.persons.services import (
    TakenOver,
    draw_conclusions,
    take_over_identities,
    take_over_identity,
    withdraw_identity,
)
from hotich.persons.services.look_ups import look_up
from hotich.records.models import Participant, Record
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "001170000123", "001170000456"
HUSBAND = {"husband_full_name": "Trần Văn Bách", "husband_birth_date": "02/03/1970", "wife_full_name": "Lê Thị Cúc"}
CHILD = {"child_full_name": "Trần Văn Dũng", "child_sex": "1", "child_birth_date": "05/01/2001",
         "father_full_name": "Trần Văn Bách", "father_birth_date": "1970"}  # fmt: skip
DEATH = {"deceased_full_name": "Trần Văn Bách", "deceased_sex": "1", "deceased_birth_date": "1970",
         "deceased_id_doc_type": "4", "deceased_id_doc_number": NUMBER, "death_date": "01/03/2021"}  # fmt: skip


def who(record: Record, role: str) -> Participant:
    return Participant.objects.get(record=record, role=role)


def person_of(record: Record, role: str) -> UUID:
    return PersonLink.objects.get(participant__record=record, participant__role=role).person_id


def signed_in(office: Office, role: str = "civil_status_officer") -> Client:
    client = Client()
    officer = make_officer(role.replace("_", "."), office=office, role=role)
    client.force_login(officer, django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def take(actor: Actor, record: Record, role: str, number: str = NUMBER) -> PopulationNumber:
    return take_over_identity(
        actor=actor, at=AT, participant_id=who(record, role).id, personal_id=number, citizen_ref="CD-1",
        reason="Trùng khớp khi tra cứu",
    )  # fmt: skip


def snapshot() -> tuple[Any, ...]:
    return (
        sorted(PersonLink.objects.values_list("participant_id", "person_id", "rule")),
        sorted(Kinship.objects.values_list("id", "person_id", "relative_id", "kind", "ended_by"), key=str),
        sorted(StatusFact.objects.values_list("id", "person_id", "spouse_id", "kind"), key=str),
    )


def test_a_number_taken_over_joins_with_the_number_of_another_book_and_says_by_what() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **HUSBAND)
        death = enter(actor, office, "KT", year=2021, **DEATH)
        assert person_of(marriage, "husband") != person_of(death, "deceased")
        number = take(actor, marriage, "husband")
        assert person_of(marriage, "husband") == person_of(death, "deceased")
        link = PersonLink.objects.get(participant=who(marriage, "husband"))
        assert (link.rule, link.certainty) == ("population", 0.95)
        assert Kinship.objects.get(record=marriage).ended_by == "death"
        # as recorded stays as recorded
        assert who(marriage, "husband").personal_id == ""
        assert NUMBER not in str(Record.objects.get(id=marriage.id).as_recorded)
        assert (number.taken_by, number.taken_at, number.citizen_ref) == (1, AT, "CD-1")
        entry = Entry.objects.get(verb="identity.taken_over")
        assert NUMBER not in str(entry.facts)


def test_withdrawing_it_is_as_if_it_had_never_been_taken_over_and_it_stays_on_file() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **HUSBAND)
        enter(actor, office, "KT", year=2021, **DEATH)
        before = snapshot()
        take(actor, marriage, "husband")
        assert snapshot() != before
        gone = withdraw_identity(actor=actor, at=AT, participant_id=who(marriage, "husband").id, reason="Người khác")
        assert gone is not None
        assert snapshot() == before
        assert [(row.withdrawn_by, row.withdrawal_reason) for row in PopulationNumber.objects.all()] == [
            (1, "Người khác")
        ]
        again = withdraw_identity(actor=actor, at=AT, participant_id=who(marriage, "husband").id, reason="Người khác")
        assert again is None
        assert Entry.objects.filter(verb="identity.withdrawn").count() == 1


def test_the_number_of_the_book_goes_before_the_one_taken_over() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        death = enter(actor, office, "KT", year=2021, **DEATH)
        birth = enter(actor, office, "KS", year=2001, **CHILD)
        take(actor, death, "deceased", OTHER)
        take(actor, birth, "father", OTHER)
        assert person_of(death, "deceased") != person_of(birth, "father")
        take(actor, birth, "father", NUMBER)  # another one takes the place of the former
        assert person_of(death, "deceased") == person_of(birth, "father")
        rows = PopulationNumber.objects.filter(participant=who(birth, "father"))
        assert sorted((row.personal_id, row.withdrawn_at is None) for row in rows) == [(NUMBER, True), (OTHER, False)]


def test_sex_and_birth_keep_apart_in_spite_of_a_number_taken_over() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **HUSBAND)
        death = enter(actor, office, "KT", year=2021, **DEATH)
        take(actor, marriage, "wife")
        assert person_of(marriage, "wife") != person_of(death, "deceased")


def test_any_order_of_drawing_and_any_office_that_draws_gives_the_same_persons() -> None:
    places = offices(2)
    with acting(*places) as actor:
        records = enter_all(actor, places[0], [("KH", values("KH", year=1995, **HUSBAND)),
                                               ("KS", values("KS", year=2001, **CHILD))])  # fmt: skip
        records += enter_all(actor, places[1], [("KT", values("KT", year=2021, **DEATH))])
        draw_conclusions(actor=actor, at=AT, record_ids=[record.id for record in records])
        marriage, birth, death = records
        wanted = [TakenOver(who(*each).id, NUMBER, "CD-1", "Trùng khớp")
                  for each in ((marriage, "husband"), (birth, "father"))]  # fmt: skip
        take_over_identities(actor=actor, at=AT, taken=wanted)
        expected = snapshot()
        assert len({person_of(marriage, "husband"), person_of(birth, "father"), person_of(death, "deceased")}) == 1

        @settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.permutations(records))
        def in_another_order(order: list[Record]) -> None:
            for model in (Kinship, StatusFact, PersonLink):
                model.objects.all().delete()
            for record in order:
                home = next(place for place in places if place.id == record.origin_office_id)
                with office_scope([home.id]):
                    draw_conclusions(actor=actor_at(home), at=AT, record_ids=[record.id])
            assert snapshot() == expected

        in_another_order()


def test_a_number_taken_over_leads_to_another_office_through_the_audited_function_only() -> None:
    first, second = offices(2)
    with acting(second) as actor:
        marriage = enter(actor, second, "KH", year=1995, **HUSBAND)
        take(actor, marriage, "husband")
    with acting(first) as actor:
        enter(actor, first, "KS", year=2001, **CHILD)
        assert PopulationNumber.objects.count() == 0
        looked = LookUp.objects.filter(rows__gt=0).count()
        death = enter(actor, first, "KT", year=2021, **DEATH)
        assert LookUp.objects.filter(rows__gt=0).count() > looked
    with acting(first, second):
        assert person_of(marriage, "husband") == person_of(death, "deceased")


def test_who_may_and_what_is_refused() -> None:
    mine, other = offices(2)
    with acting(mine) as actor:
        marriage = enter(actor, mine, "KH", year=1995, **HUSBAND)
        husband = who(marriage, "husband").id
        cases = [
            (actor_at(mine, rights=frozenset({"record.read"})), NUMBER, "vì", "not_allowed"),
            (actor, NUMBER, " ", "reason_missing"),
            (actor, "12345", "vì", "population_number_malformed"),
            (actor_at(other), NUMBER, "vì", "participant_unknown"),
        ]
        for asking, number, reason, code in cases:
            with pytest.raises(RuleBroken) as refused:
                take_over_identity(
                    actor=asking, at=AT, participant_id=husband, personal_id=number, citizen_ref="CD-1", reason=reason
                )
            assert refused.value.code == code
        with pytest.raises(RuleBroken) as refused:
            withdraw_identity(
                actor=actor_at(mine, rights=frozenset({"case.approve"})), at=AT, participant_id=husband, reason="vì"
            )
        assert refused.value.code == "not_allowed"
        same = take(actor, marriage, "husband")
        assert take(actor, marriage, "husband").id == same.id
        assert Entry.objects.filter(verb="identity.taken_over").count() == 1
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update population_number set personal_id = '000000000000'")


def test_the_person_page_shows_it_with_its_source_and_the_search_by_number_finds_it() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        marriage = enter(actor, office, "KH", year=1995, **HUSBAND)
        take(actor, marriage, "husband")
        client = signed_in(office)
        page = client.get(reverse("persons:person", args=[person_of(marriage, "husband")])).content.decode()
        assert "Số định danh theo CSDL dân cư" in page
        assert NUMBER in page
        assert "Không phải như sổ ghi" in page
        paper = client.get(reverse("persons:print_person", args=[person_of(marriage, "husband")])).content.decode()
        assert "Không phải như sổ ghi" in paper
        record = client.get(reverse("records:record", args=[marriage.id])).content.decode()
        assert NUMBER not in record
        found = client.post(reverse("records:search"), {"q": NUMBER}).content.decode()
        assert reverse("persons:taken_over") in found
        part = client.post(reverse("persons:taken_over"), {"q": NUMBER}, headers={"HX-Request": "true"})
        assert "Trần Văn Bách" in part.content.decode()
        assert "<html" not in part.content.decode()
        whole = client.post(reverse("persons:taken_over"), {"q": OTHER}).content.decode()
        assert "Không có ai mang số này" in whole
        searched = Entry.objects.filter(verb="record.searched", facts__kinds=["population_number"])
        assert sorted(entry.facts["hits"] for entry in searched) == [0, 1]
        assert signed_in(office, "keyer").post(reverse("persons:taken_over"), {"q": NUMBER}).status_code == 403


def test_another_office_finds_it_by_the_audited_look_up_and_not_what_is_restricted() -> None:
    mine, other = offices(2)
    with acting(other) as actor:
        marriage = enter(actor, other, "KH", year=1995, **HUSBAND)
        adoption = enter(actor, other, "CN", year=2018, adoptee_full_name="Ngô Thị Lan", adoptee_birth_date="01/02/2015",
                         giving_mother_full_name="Bùi Thị Nga", adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        take(actor, marriage, "husband")
        take(actor, adoption, "adoptee", OTHER)
    with acting(mine) as actor:
        why = Why("extract_copy", "H24.01-0001")
        found = look_up(actor=actor, at=clock.now(), question=number_question(NUMBER), why=why)
        assert [(hit.record_id, hit.role) for hit in found.hits] == [(marriage.id, "husband")]
        assert look_up(actor=actor, at=clock.now(), question=number_question(OTHER), why=why).hits == []
    with acting(other) as actor:
        withdraw_identity(actor=actor, at=AT, participant_id=who(marriage, "husband").id, reason="Người khác")
    with acting(mine) as actor:
        assert look_up(actor=actor, at=clock.now(), question=number_question(NUMBER), why=why).hits == []
