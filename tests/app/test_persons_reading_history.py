"""Who looked at a person, how much one may look at in a day, and what is pointed out to the leader."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from accounts_parts import make_officer
from records_support import AT, actor_at, enter, offices

from hotich.accounts.models import Post
from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry, Event
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink
from hotich.persons.queries.look_up_foreign import Why
from hotich.persons.queries.oversight import alarms_and_reasons, oversight_report
from hotich.persons.queries.reading_history import Reading, readings_of_person
from hotich.persons.rules.look_up_questions import number_question
from hotich.persons.services.look_ups import look_up, open_look_up_hit
from hotich.records.models import Record
from hotich.records.services import give_reading_reason, note_reading, reading_day
from hotich.records.services import reading as reading_service
from hotich.units.models import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> list[Office]:
    return offices(2)


def reviewer(*places: Office) -> Actor:
    return actor_at(*places, officer=9, rights=ROLES["commune_leader"].rights)


def birth_at(office: Office) -> Record:
    actor = actor_at(office)
    with office_scope([office.id]):
        return enter(actor, office, "KS", child_full_name="Vũ Thị Hằng", child_personal_id="052301000123")


def read(actor: Actor, subject: Any, office: Office, kind: str = "record", at: Any = AT) -> None:
    note_reading(actor=actor, at=at, subject_kind=kind, subject_id=subject, subject_office=office.id)


def told(office: Office, record: Record, **more: Any) -> list[Reading]:
    with office_scope([office.id]):
        person = PersonLink.objects.get(participant__record=record, participant__role="child").person_id
        return readings_of_person(person, **more)


def test_every_kind_of_reading_appears_with_office_role_and_purpose(places: list[Office]) -> None:
    home, elsewhere = places
    record = birth_at(home)
    officer = make_officer("lan.thu", office=home, role="civil_status_officer")
    Post.objects.filter(officer=officer).update(valid_from=date(2020, 1, 1))
    reader = actor_at(home, officer=officer.id)
    with office_scope([home.id]):
        read(reader, record.id, home)
        person = PersonLink.objects.get(participant__record=record, participant__role="child").person_id
        read(reader, person, home, "person")
    stranger = actor_at(elsewhere, officer=77)
    with office_scope([elsewhere.id]):
        found = look_up(
            actor=stranger, at=clock.now(), question=number_question("052301000123"),
            why=Why("marital_status", "H24.01-0001"),
        )  # fmt: skip
        open_look_up_hit(actor=stranger, at=clock.now(), look_up_id=found.id, record_id=record.id)
    citizen = told(home, record)
    assert {(each.kind, each.office_id) for each in citizen} == {
        ("record", home.id), ("person", home.id), ("opened", elsewhere.id),
    }  # fmt: skip
    assert {each.officer_id for each in citizen} == {None}
    foreign = next(each for each in citizen if each.kind == "opened")
    assert (foreign.purpose, foreign.dossier) == ("marital_status", "H24.01-0001")
    assert {each.roles for each in citizen if each.kind == "record"} == {("civil_status_officer",)}
    named = told(home, record, actor=reviewer(home))
    assert {each.officer_id for each in named} == {officer.id, 77}


def test_names_of_officers_are_for_reviewers_and_other_offices_see_nothing(places: list[Office]) -> None:
    record = birth_at(places[0])
    with pytest.raises(RuleBroken) as refusal:
        told(places[0], record, actor=actor_at(places[0], rights=frozenset({"person.read"})))
    assert refusal.value.code == "not_allowed"
    with office_scope([places[0].id]):
        person = PersonLink.objects.get(participant__record=record, participant__role="child").person_id
    with office_scope([places[1].id]), pytest.raises(RuleBroken) as refusal:
        readings_of_person(person, actor=reviewer(places[1]))
    assert refusal.value.code == "person_unknown"


def small_budget(monkeypatch: pytest.MonkeyPatch, alarm: int, limit: int) -> None:
    values = {"reading_alarm_officer": alarm, "reading_limit_officer": limit, "reading_reason_length": 20}
    monkeypatch.setattr(reading_service, "constant", values.__getitem__)


def test_beyond_the_budget_the_leader_is_told_and_beyond_the_limit_a_reason_is_asked(
    places: list[Office], monkeypatch: pytest.MonkeyPatch, in_scope: Any
) -> None:
    home = places[0]
    in_scope(home)
    small_budget(monkeypatch, 2, 4)
    officer = make_officer("lan.thu", office=home, role="civil_status_officer")
    actor = actor_at(home, officer=officer.id, rights=ROLES["civil_status_officer"].rights)
    subjects = [uuid7() for _ in range(6)]
    for subject in subjects[:4]:
        read(actor, subject, home)
        read(actor, subject, home)  # the same again is no more
    assert Event.objects.filter(kind="reading.alarm").count() == 1
    with pytest.raises(RuleBroken) as refusal:
        read(actor, subjects[4], home)
    assert (refusal.value.code, refusal.value.params["read"]) == ("reading_reason_needed", 4)
    read(actor, subjects[0], home)
    read(actor, uuid7(), home, "scan")  # belongs to a record that was counted
    with pytest.raises(RuleBroken) as refusal:
        give_reading_reason(actor=actor, at=AT, reason="vì cần")
    assert refusal.value.code == "reason_too_short"
    give_reading_reason(actor=actor, at=AT, reason="Kiểm kê toàn bộ sổ theo kế hoạch tháng mười một")
    read(actor, subjects[4], home)
    assert reading_day(actor, AT).read == 5
    rows = alarms_and_reasons(reviewer(home), since=AT - timedelta(days=1))
    assert {(entry.verb, reason) for entry, reason in rows} == {
        ("reading.alarm", ""), ("reading.reason_given", "Kiểm kê toàn bộ sổ theo kế hoạch tháng mười một"),
    }  # fmt: skip
    # the next day begins anew
    read(actor, subjects[5], home, at=AT + timedelta(days=1))


def test_the_report_names_what_is_odd_at_ones_own_offices_only(places: list[Office]) -> None:
    home, elsewhere = places
    here = make_officer("lan.thu", office=home, role="civil_status_officer")
    there = make_officer("minh.thu", office=elsewhere, role="civil_status_officer")
    night = AT + timedelta(hours=12)
    for officer, office in ((here, home), (there, elsewhere)):
        with office_scope([office.id]):
            read(actor_at(office, officer=officer.id), uuid7(), office, at=night)
    with office_scope([home.id]):
        report = oversight_report(reviewer(home), since=AT - timedelta(days=1), until=AT + timedelta(days=2))
        assert [(each.rule, each.officer) for each in report.findings] == [("outside_hours", here.id)]
        assert report.by_officer == {here.id: 1}
        narrowed = oversight_report(
            reviewer(home), since=AT - timedelta(days=1), until=AT + timedelta(days=2), officer_id=there.id
        )
        assert narrowed.findings == []
        for rights, days, code in ((frozenset[str](), 1, "not_allowed"), (reviewer(home).rights, 100, "span_too_long")):
            with pytest.raises(RuleBroken) as refusal:
                oversight_report(actor_at(home, rights=rights), since=AT - timedelta(days=days), until=AT)
            assert refusal.value.code == code
    assert Entry.objects.filter(verb="record.read").count() == 2
