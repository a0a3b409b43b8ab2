"""Faults on the way of a save, each with a real database: counted are what is kept, kept once, and lost (none)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from hotich.audit.queries import faults_of_chain, subject_offices
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.keying.models import Entry, KeyingPackage, PackageItem, SecondKeying
from hotich.keying.rules.sync import SyncAnswer, SyncItem
from hotich.keying.services.packages import check_out_package, take_back_package
from tests.app.keying_parts import AT, Team, a_package, a_team, items_of
from tests.app.keying_sync_parts import an_item, counted, results, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
Out = tuple[Team, KeyingPackage, list[PackageItem]]
COUNT = 12


@pytest.fixture
def out() -> Out:
    team = a_team()
    package = a_package(team, count=COUNT)
    check_out_package(actor=team.keyer, at=AT, package_id=package.id)
    return team, package, items_of(team, package)


def batch(out: Out) -> list[SyncItem]:
    _, package, places = out
    return [an_item(package, place, number) for number, place in enumerate(places, start=1)]


def stored(team: Team, sent: list[SyncItem]) -> tuple[int, int, int]:
    """(kept, kept more than once, lost) of what was sent, whoever keyed it; the trail is whole."""
    with office_scope(subject_offices(team.office.id)):
        assert faults_of_chain(team.office.id) == []
    with office_scope([team.office.id]):
        entries = list(Entry.objects.values_list("id", flat=True))
        kept = {*entries, *SecondKeying.objects.values_list("id", flat=True)}
        cases = list(Entry.objects.filter(case__isnull=False).values_list("case_id", flat=True))
        assert Case.objects.exclude(state="withdrawn").count() == len(set(cases))
        places = list(Entry.objects.values_list("item_id", flat=True))
        doubled = len(entries) - len(set(entries)) + len(cases) - len(set(cases)) + len(places) - len(set(places))
    return len(kept), doubled, sum(item.client_id not in kept for item in sent)


def in_threads(*works: Callable[[], object]) -> list[Any]:
    """Run these at the same time, each on a connection of its own; what they gave, or the exception."""
    found: list[Any] = [None] * len(works)
    together = threading.Barrier(len(works))

    def run(place: int) -> None:
        try:
            together.wait()
            found[place] = works[place]()
        except Exception as error:
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@contextmanager
def package_held(package: KeyingPackage) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else holds the package: a save waits in the middle of its transaction."""
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"], dbname=known["NAME"]
    ) as other:
        other.execute("select set_config('app.offices', %s, true)", [str(package.origin_office_id)])
        other.execute("select 1 from keying_package where id = %s for update", [package.id])
        yield other
        other.rollback()


def waiting_backend() -> int:
    """The process of the database that waits for a lock."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
            if row := cursor.fetchone():
                return int(row[0])
        time.sleep(0.02)
    raise AssertionError("no save waits")


def test_the_same_batch_from_two_windows_at_once_is_stored_once(out: Out) -> None:
    team, sent = out[0], batch(out)
    keyer = team.keyer
    answers = in_threads(*[lambda: send(keyer, *sent)] * 4)
    assert sorted({result for found in answers for result in results(found)}) == ["accepted", "duplicate"]
    assert sum(results(found) == ["accepted"] * COUNT for found in answers) == 1
    assert stored(team, sent) == (COUNT, 0, 0)


def test_an_answer_that_was_lost_is_given_again(out: Out) -> None:
    team, sent = out[0], batch(out)
    send(team.keyer, *sent)  # committed; nobody heard of it
    assert results(send(team.keyer, *sent)) == ["duplicate"] * COUNT
    assert stored(team, sent) == (COUNT, 0, 0)


def test_two_officers_on_one_package_lose_nothing_of_either(out: Out) -> None:
    """The package was taken from a keyer whose PC had no line; both send at the same moment."""
    team, package, _ = out
    mine, theirs = batch(out), batch(out)
    take_back_package(actor=team.leader, at=AT, package_id=package.id, reason="Mất mạng")
    check_out_package(actor=team.keyer2, at=AT, package_id=package.id)
    first, second = team.keyer, team.keyer2
    answers: list[list[SyncAnswer]] = in_threads(lambda: send(first, *mine), lambda: send(second, *theirs))
    assert [results(found) for found in answers] == [["accepted"] * COUNT] * 2
    assert stored(team, [*mine, *theirs]) == (2 * COUNT, 0, 0)
    assert counted(team) == {"entries": COUNT, "cases": COUNT, "seconds": COUNT}


def test_a_package_taken_back_while_a_save_is_under_way_keeps_what_was_sent(out: Out) -> None:
    team, package, _ = out
    sent, keyer, leader = batch(out), team.keyer, team.leader
    found = in_threads(
        lambda: [result for item in sent for result in results(send(keyer, item))],
        lambda: take_back_package(actor=leader, at=AT, package_id=package.id, reason="Nghỉ ốm"),
    )
    assert found[0] == ["accepted"] * COUNT
    assert stored(team, sent) == (COUNT, 0, 0)


def test_a_connection_of_the_database_killed_in_the_middle_stores_nothing_and_the_next_try_all(out: Out) -> None:
    team, package, _ = out
    sent, keyer, failures = batch(out), team.keyer, []

    def save() -> None:
        try:
            send(keyer, *sent)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connections.close_all()

    with package_held(package):
        thread = threading.Thread(target=save)
        thread.start()
        pid = waiting_backend()
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [pid])
        thread.join()
    assert len(failures) == 1
    assert stored(team, sent) == (0, 0, COUNT)  # the browser still has them
    assert results(send(keyer, *sent)) == ["accepted"] * COUNT
    assert stored(team, sent) == (COUNT, 0, 0)


def test_an_item_the_database_refuses_is_refused_alone_and_the_others_go_in(out: Out) -> None:
    """Its name belongs to an entry of an office the keyer does not see."""
    team, package, places = out
    elsewhere = a_team(_another_office(team), mark=".b")
    other = a_package(elsewhere, count=1)
    check_out_package(actor=elsewhere.keyer, at=AT, package_id=other.id)
    taken = an_item(other, items_of(elsewhere, other)[0], 1)
    send(elsewhere.keyer, taken)
    sent = batch(out)
    sent[3] = an_item(package, places[3], 4, client_id=str(taken.client_id))
    answers = send(team.keyer, *sent)
    assert results(answers) == [*["accepted"] * 3, "refused", *["accepted"] * (COUNT - 4)]
    assert answers[3].code == "sync_not_stored"
    assert counted(team) == {"entries": COUNT - 1, "cases": COUNT - 1, "seconds": 0}
    with office_scope([team.office.id]):
        assert PackageItem.objects.get(id=places[3].id).state == "open"


def _another_office(team: Team) -> Any:
    from hotich.units.models import Office

    return (
        Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=team.office.id).order_by("id").first()
    )
