"""Restricted facts in an emergency: a reason, one record, some minutes, and a leader who looks at it afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from records_support import AT, actor_at, enter, offices

from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry, Event
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import BreakGlass
from hotich.persons.queries.oversight import openings
from hotich.persons.queries.reading_history import glasses_to_review, readings_of_record
from hotich.persons.services.break_glass import break_glass, read_behind_glass, review_glass
from hotich.records.models import Record
from hotich.records.queries import record_view
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

REASON = "Cơ quan công an yêu cầu xác minh nguyên nhân chết ngay trong ngày"


@pytest.fixture
def office() -> Office:
    return offices(1)[0]


@pytest.fixture
def death(office: Office, in_scope: Any) -> Record:
    in_scope(office)
    return enter(actor_at(office), office, "KT", year=2019, deceased_full_name="Vũ Văn Đức", cause_of_death="Bệnh kín")


def approver(office: Office, officer: int = 3) -> Actor:
    return actor_at(office, officer=officer, rights=ROLES["approver"].rights)


def leader(office: Office, officer: int = 4) -> Actor:
    return actor_at(office, officer=officer, rights=ROLES["commune_leader"].rights)


def code_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        call(**arguments)
    return refusal.value.code


def test_behind_the_glass_one_record_is_whole_and_everything_else_stays_hidden(office: Office, death: Record) -> None:
    other = enter(actor_at(office), office, "KT", year=2018, deceased_full_name="Lê Văn Tám", cause_of_death="Kín")
    actor = approver(office)
    assert "cause_of_death" in record_view(death.id, actor).recorded.hidden
    glass = break_glass(actor=actor, at=AT, record_id=death.id, reason=REASON)
    found, view = read_behind_glass(actor=actor, at=AT, glass_id=glass.id)
    assert (found.id, view.recorded.values["cause_of_death"]) == (glass.id, "Bệnh kín")
    for record in (death, other):  # the ordinary pages know nothing of it
        assert "cause_of_death" in record_view(record.id, actor).recorded.hidden
    assert set(Entry.objects.filter(actor_id=3).values_list("verb", flat=True)) == {"glass.broken", "restricted.read"}
    assert Event.objects.get(kind="glass.broken").subject_id == str(glass.id)
    assert "Bệnh" not in str(list(Entry.objects.values_list("facts", flat=True)))
    assert BreakGlass.objects.get().readings == 1


def test_it_closes_by_itself_and_is_nobody_elses(office: Office, death: Record) -> None:
    glass = break_glass(actor=approver(office), at=AT, record_id=death.id, reason=REASON)
    late = AT + timedelta(minutes=30)
    assert code_of(read_behind_glass, actor=approver(office), at=late, glass_id=glass.id) == "glass_closed"
    assert code_of(read_behind_glass, actor=approver(office, 5), at=AT, glass_id=glass.id) == "glass_unknown"
    elsewhere = actor_at(offices(2)[1], officer=3)
    assert code_of(read_behind_glass, actor=elsewhere, at=AT, glass_id=glass.id) == "glass_unknown"


def test_it_needs_the_right_a_reason_and_something_hidden(office: Office, death: Record) -> None:
    wanted = {"at": AT, "record_id": death.id, "reason": REASON}
    reader = actor_at(office, officer=6, rights=frozenset({"record.read"}))
    assert code_of(break_glass, actor=reader, **wanted) == "not_allowed"
    assert (
        code_of(break_glass, actor=approver(office), **wanted | {"reason": "1234567890 123456"}) == "reason_too_short"
    )
    assert code_of(break_glass, actor=leader(office), **wanted) == "nothing_is_hidden"
    stranger = actor_at(offices(2)[1], officer=3, rights=ROLES["approver"].rights)
    assert code_of(break_glass, actor=stranger, **wanted) == "record_unknown"


def test_another_officer_reviews_it_once_with_words(office: Office, death: Record) -> None:
    glass = break_glass(actor=approver(office), at=AT, record_id=death.id, reason=REASON)
    assert glasses_to_review(leader(office)) == 1
    said = {"at": AT, "glass_id": glass.id, "justified": False, "words": "Không có yêu cầu nào của công an"}
    own = actor_at(office, officer=3)
    assert glasses_to_review(own) == 0
    assert code_of(review_glass, actor=own, **said) == "second_reader_required"
    assert code_of(review_glass, actor=approver(office, 5), **said) == "not_allowed"
    assert code_of(review_glass, actor=leader(office), **said | {"words": "…"}) == "review_words_missing"
    done = review_glass(actor=leader(office), **said)
    assert (done.verdict, done.reviewed_by) == ("not_justified", 4)
    assert code_of(review_glass, actor=leader(office, 7), **said) == "reviewed_already"
    assert glasses_to_review(leader(office)) == 0
    assert [each.id for each in openings(leader(office), waiting=False)] == [glass.id]


def test_the_history_of_the_record_tells_who_opened_it_and_why(office: Office, death: Record) -> None:
    glass = break_glass(actor=approver(office), at=AT, record_id=death.id, reason=REASON)
    read_behind_glass(actor=approver(office), at=AT, glass_id=glass.id)
    told = readings_of_record(death.id, actor=leader(office))
    assert [(reading.kind, reading.officer_id) for reading in told] == [("restricted", 3), ("glass", 3)]
    assert {reading.reason for reading in told} == {REASON}
    assert code_of(readings_of_record, record_id=death.id, actor=approver(office)) == "not_allowed"


@pytest.mark.parametrize(
    "sql",
    [
        "update break_glass set reason = 'anything else'",
        "update break_glass set expires_at = now() + interval '1 year'",
        "delete from break_glass",
        "update break_glass set verdict = 'justified', reviewed_by = opened_by",
    ],
)
def test_raw_sql_neither_lengthens_it_nor_reviews_its_own(office: Office, death: Record, sql: str) -> None:
    break_glass(actor=approver(office), at=AT, record_id=death.id, reason=REASON)
    with office_scope([office.id]), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
