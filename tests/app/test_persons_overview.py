"""A department looks over the readings of its province by numbers and flags; the leader of an office answers for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from records_support import actor_at

from hotich.accounts.models import Post
from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry
from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import ReadingOverview, ReadingQuestion
from hotich.persons.queries.look_up_foreign import Why
from hotich.persons.queries.overview import Counts, questions_to_answer
from hotich.persons.rules.look_up_questions import number_question
from hotich.persons.rules.overview import ROLES_EVERYWHERE, ROLES_WITHIN
from hotich.persons.services.look_ups import look_up
from hotich.persons.services.overview import answer_question, ask_leader, look_over
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Vietnam
NIGHT = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
SPAN = {"since": MORNING - timedelta(days=3), "until": MORNING + timedelta(days=3)}


@pytest.fixture
def commune() -> Office:
    """An office of a province that has a department of justice."""
    seat = Office.objects.filter(kind="province", valid_to__isnull=True, unit__isnull=False).order_by("code").first()
    assert seat is not None
    found = Office.objects.filter(kind="commune", valid_to__isnull=True, unit__parent_id=seat.unit_id).first()
    assert found is not None
    return found


@pytest.fixture
def department(commune: Office) -> Actor:
    assert commune.unit is not None
    seat = Office.objects.get(kind="province", valid_to__isnull=True, unit_id=commune.unit.parent_id)
    officer = make_officer("so.tu.phap.ra.soat", office=seat, role="department_of_justice", totp=False)
    return actor_at(seat, officer=officer.id, rights=ROLES["department_of_justice"].rights)


def read(office: Office, officer: int, at: datetime, subject: UUID | None = None) -> None:
    actor = actor_at(office, officer=officer)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        work.record("record.read", subject_kind="record", subject_id=subject or uuid4(), subject_office=office.id)


def looked_over(actor: Actor, **more: Any) -> list[Counts]:
    with office_scope(actor.office_ids):
        return look_over(**{"actor": actor, "at": MORNING, "purpose": "periodic", **SPAN} | more)


def flags(found: list[Counts], officer: int | None) -> dict[str, int]:
    return {flag: count for each in found if each.officer_id == officer for flag, count in each.flags.items() if count}


def code_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        call(**arguments)
    return refusal.value.code


def test_numbers_and_flags_are_told_by_officer_and_that_it_was_asked_is_written_down(
    commune: Office, department: Actor
) -> None:
    subject = uuid4()
    for officer in (11, 12, 13, 14):
        read(commune, officer, MORNING + timedelta(minutes=officer), subject)
    read(commune, 11, NIGHT)
    for minute in range(25):
        read(commune, 15, MORNING + timedelta(seconds=20 * minute))
    found = looked_over(department)
    assert {(each.officer_id, each.subjects) for each in found} == {
        (None, 0), (11, 2), (12, 1), (13, 1), (14, 1), (15, 25)}  # fmt: skip
    assert flags(found, 11) == {"outside_hours": 1}
    assert flags(found, 12) == {}
    assert flags(found, 15) == {"many_at_once": 25}
    assert flags(found, None) == {"many_readers": 1}
    with office_scope(department.office_ids):
        row = ReadingOverview.objects.get()
    assert (row.office_id, row.officer_id, row.purpose) == (department.office_id, department.officer_id, "periodic")
    assert Entry.objects.get(verb="reading.looked_over").facts["purpose"] == "periodic"


def test_look_ups_that_showed_nobody_are_counted_where_they_repeat(commune: Office, department: Actor) -> None:
    actor = actor_at(commune, officer=11, rights=frozenset({"record.look_up"}))
    with office_scope(actor.office_ids):
        for number in range(3):
            look_up(
                actor=actor,
                at=MORNING,
                question=number_question(f"09900000000{number}"),
                why=Why("verification", "H1-001"),
            )
        span = {"since": datetime.now(UTC) - timedelta(days=1), "until": datetime.now(UTC) + timedelta(days=1)}
    found = looked_over(department, **span)
    assert [(each.officer_id, each.look_ups, each.flags["empty_again"]) for each in found] == [(11, 3, 3)]


def test_other_provinces_are_neither_shown_nor_asked_for(commune: Office, department: Actor) -> None:
    assert commune.unit is not None
    others = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(
        unit__parent_id=commune.unit.parent_id
    )
    other = others.select_related("unit").first()
    assert other is not None
    read(other, 31, NIGHT)
    assert looked_over(department) == []
    assert code_of(looked_over, actor=department, office_ids=frozenset({other.id})) == "overview_office_beyond"


def test_without_right_purpose_or_within_too_long_a_span_nothing_is_told(commune: Office, department: Actor) -> None:
    leader = actor_at(commune, officer=41, rights=ROLES["commune_leader"].rights)
    assert code_of(looked_over, actor=leader) == "not_allowed"
    assert code_of(looked_over, actor=replace(department, on_behalf_of=7)) == "not_allowed"
    assert code_of(looked_over, actor=department, purpose="curiosity") == "overview_purpose_missing"
    assert code_of(looked_over, actor=department, purpose="complaint", words="đơn") == "overview_words_missing"
    long = {"since": MORNING - timedelta(days=100), "until": MORNING}
    assert code_of(looked_over, actor=department, **long) == "span_too_long"
    with office_scope(department.office_ids):
        assert not ReadingOverview.objects.exists()


ASKED = {
    "offices": "'{{{commune}}}'", "since": "now() - interval '1 day'", "asking": "{seat}", "officer": "{officer}",
    "why": "'periodic', ''",
}  # fmt: skip


def ask_raw(scope: Office, department: Actor, commune: Office, **other: str) -> int:
    """As a program would that has the serving role's password, past every service."""
    asked = {
        name: text.format(commune=commune.id, seat=department.office_id, officer=department.officer_id, scope=scope.id)
        for name, text in (ASKED | other).items()
    }
    sql = (
        "select * from overview_of_readings({offices}, {since}, now(), 7, 19, '{{}}', 20, 10, 4, 3, 10, 5, {asking}, "
        "{officer}, {why})"
    ).format(**asked)
    with office_scope([scope.id]), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return len(cursor.fetchall())


@pytest.fixture
def seat(department: Actor) -> Office:
    return Office.objects.get(id=department.office_id)


@pytest.mark.parametrize(
    "other",
    [
        {"asking": "{commune}"},
        {"why": "'curiosity', ''"},
        {"why": "'complaint', 'x'"},
        {"since": "now() - interval '1 year'"},
        {"officer": "null"},
        {"officer": "2147483647"},  # an officer without a post there
        {"offices": "'{{}}'"},
    ],
)
def test_raw_sql_does_not_ask_without_office_purpose_officer_or_span(
    seat: Office, department: Actor, commune: Office, other: dict[str, str]
) -> None:
    with pytest.raises(Error):
        ask_raw(seat, department, commune, **other)


def test_the_database_itself_keeps_a_department_to_its_province_and_a_leader_out(
    seat: Office, department: Actor, commune: Office
) -> None:
    assert ask_raw(seat, department, commune) == 0
    assert commune.unit is not None
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(unit__parent_id=commune.unit.parent_id)
    far = other[0].id
    with pytest.raises(Error):
        ask_raw(seat, department, commune, offices=f"'{{{{{commune.id},{far}}}}}'")
    leader = make_officer("lanh.dao.xem", office=commune, role="commune_leader", totp=False)
    with pytest.raises(Error):
        ask_raw(commune, department, commune, asking=str(commune.id), officer=str(leader.id))
    watcher = make_officer("bo.tu.phap", office=seat, role="ministry", totp=False)
    assert ask_raw(seat, department, commune, offices=f"'{{{{{far}}}}}'", officer=str(watcher.id)) == 0
    Post.objects.filter(officer=department.officer_id).update(ended_at=MORNING)
    with pytest.raises(Error):
        ask_raw(seat, department, commune)


def test_the_roles_in_the_function_are_those_that_look_over_readings() -> None:
    wide = {code for code, role in ROLES.items() if {"reading.review", "unit.manage"} <= role.rights}
    within = {code for code in wide if "officer.manage" in ROLES[code].rights}
    assert (set(ROLES_WITHIN), set(ROLES_EVERYWHERE)) == (within, wide - within)


def test_the_leader_answers_once_and_not_about_himself(commune: Office, department: Actor) -> None:
    with office_scope(department.office_ids):
        asked = {"actor": department, "at": MORNING, "office_id": commune.id, "flag": "outside_hours", **SPAN}
        assert code_of(ask_leader, **asked, officer_id=41, words="vì sao") == "question_words_missing"
        question = ask_leader(**asked, officer_id=41, words="Vì sao xem lúc 23 giờ ngày 24/11?")  # type: ignore[arg-type]
    rights = ROLES["commune_leader"].rights
    himself, leader = actor_at(commune, officer=41, rights=rights), actor_at(commune, officer=42, rights=rights)
    given = {"at": MORNING, "question_id": question.id, "words": "Trực giải quyết khai tử lưu động"}
    with office_scope([commune.id]):
        assert (questions_to_answer(himself), questions_to_answer(leader)) == (0, 1)
        assert code_of(answer_question, actor=himself, **given) == "second_reader_required"
        assert code_of(answer_question, actor=leader, **given | {"words": "trực"}) == "question_words_missing"
        answer_question(actor=leader, **given)  # type: ignore[arg-type]
        assert code_of(answer_question, actor=leader, **given) == "question_answered_already"
        assert questions_to_answer(leader) == 0
    with office_scope(department.office_ids):
        assert ReadingQuestion.objects.get().answer == "Trực giải quyết khai tử lưu động"
        assert code_of(answer_question, actor=department, **given) == "question_unknown"


def test_the_pages_of_department_and_leader(commune: Office, department: Actor) -> None:
    read(commune, 11, datetime.now(UTC) - timedelta(minutes=5), None)
    seat = Office.objects.get(id=department.office_id)
    client, leader = Client(), Client()
    client.force_login(
        make_officer("so.tu.phap", office=seat, role="department_of_justice"), settings.AUTHENTICATION_BACKENDS[-1]
    )
    leader.force_login(
        make_officer("lanh.dao", office=commune, role="commune_leader"), settings.AUTHENTICATION_BACKENDS[-1]
    )
    url = reverse("persons:overview")
    assert "Chỉ có số lượng và dấu hiệu" in client.get(url).content.decode()
    page = client.post(url, {"ngay": "7", "purpose": "periodic", "words": ""}).content.decode()
    assert commune.name in page
    assert leader.get(url).status_code == 302
    ask = f"{reverse('persons:ask_leader')}?co_quan={commune.id}&can_bo=11&dau_hieu=outside_hours&ngay=7"
    assert client.post(ask, {"words": "Vì sao xem ngoài giờ làm việc?"}).status_code == 302
    listed = leader.get(reverse("persons:reading_questions")).content.decode()
    assert "Vì sao xem ngoài giờ làm việc?" in listed
    with office_scope([commune.id]):
        question = ReadingQuestion.objects.get()
    answer = reverse("persons:answer_question", args=[question.id])
    assert "Vì sao xem ngoài giờ" in leader.get(answer).content.decode()
    assert leader.post(answer, {"words": "Cán bộ trực theo lịch phân công"}).status_code == 302
    assert "Cán bộ trực theo lịch" in client.get(reverse("persons:reading_questions")).content.decode()
    assert leader.get(reverse("persons:ask_leader") + "?co_quan=x").status_code == 302
    assert client.get(reverse("persons:ask_leader") + "?co_quan=x").status_code == 404
