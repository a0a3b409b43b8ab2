"""The trail: written with the act, gone with its rollback, and every tampering is found and named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from hotich.audit import queries, services
from hotich.audit.models import Detail, Entry, Event
from hotich.database.roles import as_owner
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor

AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
ACTOR = Actor(login="an.officer", office_id=7, officer_id=1, office_ids=frozenset({7}))


def act(count: int = 1, office: int = 7) -> None:
    with office_scope([office]), services.unit_of_work(actor=ACTOR, at=AT) as work:
        for number in range(count):
            work.record(
                "case.edited",
                subject_kind="case",
                subject_id=number,
                subject_office=office,
                before={"child_full_name": "Lò Thị A"},
                after={"child_full_name": "Lò Thị Á", "n": number, "rate": 0.5},
            )
            work.announce("case.edited", subject_kind="case", subject_id=number, office=office)


def codes() -> list[tuple[str, int]]:
    with office_scope(queries.subject_offices(7)):
        return [(fault.code, fault.sequence) for fault in queries.faults_of_chain(7)]


def tamper(sql: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        for table in ("audit_entry", "audit_detail"):
            cursor.execute(f"alter table {table} disable trigger user; alter table {table} no force row level security")
        cursor.execute(sql)
        for table in ("audit_entry", "audit_detail"):
            cursor.execute(f"alter table {table} enable trigger user; alter table {table} force row level security")


@pytest.mark.django_db(transaction=True)
def test_an_untouched_chain_is_whole() -> None:
    act(3)
    act(30)  # by COPY
    assert Entry.objects.count() == 33
    assert Event.objects.count() == 33
    assert codes() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("update audit_entry set verb = 'case.read' where sequence = 2", [("audit_entry_changed", 2)]),
        ("delete from audit_entry where sequence = 2", [("audit_entry_missing", 2)]),
        ("delete from audit_entry where sequence = 4", [("audit_entry_missing", 4)]),
        ("""update audit_detail set after = '{"child_full_name": "B"}' where entry_id in
            (select id from audit_entry where sequence = 3)""", [("audit_detail_changed", 3)]),
        ("update audit_chain_head set hash = repeat('f', 64)", [("audit_head_differs", 4)]),
    ],
)  # fmt: skip
def test_a_changed_or_removed_row_is_found_and_named(sql: str, expected: list[tuple[str, int]]) -> None:
    act(4)
    tamper(sql)
    assert codes() == expected


@pytest.mark.django_db(transaction=True)
def test_an_inserted_row_is_found_and_named() -> None:
    act(4)
    tamper(
        "update audit_entry set sequence = sequence + 10 where sequence > 2;"
        "update audit_entry set sequence = sequence - 9 where sequence > 10;"
        "insert into audit_entry select gen_random_uuid(), chain_office_id, 3, at, actor_id, actor_login, verb, subject_kind,"
        " subject_id, subject_office_id, facts, detail_hash, previous_hash, hash from audit_entry where sequence = 2"
    )
    assert ("audit_entry_changed", 3) in codes()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_leaves_no_trace() -> None:
    with pytest.raises(ZeroDivisionError), services.unit_of_work(actor=ACTOR, at=AT) as work:
        work.record("case.edited", subject_kind="case", subject_id=1, subject_office=7)
        raise ZeroDivisionError
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_inner_service_that_fails_takes_only_its_own_rows_along() -> None:
    with services.unit_of_work(actor=ACTOR, at=AT) as work:
        work.record("case.edited", subject_kind="case", subject_id=1, subject_office=7)
        with pytest.raises(ZeroDivisionError), services.unit_of_work(actor=ACTOR, at=AT) as inner:
            inner.record("case.approved", subject_kind="case", subject_id=1, subject_office=7)
            raise ZeroDivisionError
    assert [entry.verb for entry in Entry.objects.all()] == ["case.edited"]


@pytest.mark.django_db(transaction=True)
def test_details_are_hidden_from_other_offices() -> None:
    act(2)
    with office_scope([8]):
        assert Detail.objects.count() == 0
    assert Detail.objects.count() == 0
    with office_scope([7]):
        assert Detail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql", ["update audit_entry set verb = 'x'", "delete from audit_entry", "truncate audit_entry"]
)
def test_the_serving_role_may_not_rewrite_the_trail(sql: str) -> None:
    act(1)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
