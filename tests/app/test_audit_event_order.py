"""The event log is read in order, and nothing that commits late is passed by."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from hotich.audit import queries
from hotich.audit.models import Event
from hotich.audit.queries import events
from hotich.audit.services import advance_cursor, unit_of_work
from hotich.kernel.actor import Actor

AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
ACTOR = Actor(login="an.officer", office_id=7, officer_id=1, office_ids=frozenset({7}))
INSERT = "insert into event (at, kind, subject_kind, subject_id, office_id) values (now(), %s, 'case', '1', 7)"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Another session of the serving role."""
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"], dbname=known["NAME"]
    ) as session:
        yield session


def _happens(kind: str) -> None:
    with unit_of_work(actor=ACTOR, at=AT) as work:
        work.announce(kind, subject_kind="case", subject_id=1, office=7)


def _kinds(consumer: str = "test") -> list[str]:
    return [event.kind for event in queries.next_events(consumer)]


def test_events_come_in_order_and_once_for_each_consumer() -> None:
    _happens("first")
    _happens("second")
    assert _kinds() == ["first", "second"]
    assert _kinds() == ["first", "second"]  # nothing was acknowledged
    advance_cursor(consumer="test", position=queries.next_events("test", 1)[0].position)
    assert _kinds() == ["second"]
    assert _kinds("another") == ["first", "second"]


def test_a_reader_takes_nothing_while_an_earlier_position_is_under_way(
    other: psycopg.Connection[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOCK_TRIES", 3)
    other.execute(INSERT, ["late"])  # has its position, and commits later than the next one
    _happens("early")
    assert Event.objects.get().kind == "early"
    assert _kinds() == []
    other.commit()
    assert _kinds() == ["late", "early"]


def test_a_reader_waits_for_the_writer_and_then_reads_all(other: psycopg.Connection[tuple[object, ...]]) -> None:
    other.execute(INSERT, ["late"])
    _happens("early")
    found: list[str] = []

    def read() -> None:
        try:
            found.extend(_kinds())
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    time.sleep(0.3)
    assert reader.is_alive() and found == []
    other.commit()
    reader.join(5)
    assert found == ["late", "early"]


def test_a_position_that_was_given_up_stops_nobody(other: psycopg.Connection[tuple[object, ...]]) -> None:
    other.execute(INSERT, ["never"])
    other.rollback()
    _happens("second")
    assert _kinds() == ["second"]


def test_a_reader_leaves_no_lock_behind(other: psycopg.Connection[tuple[object, ...]]) -> None:
    _happens("first")
    assert _kinds() == ["first"]
    other.execute("set lock_timeout = '1s'")
    other.execute(INSERT, ["second"])
    other.commit()
    assert _kinds() == ["first", "second"]
