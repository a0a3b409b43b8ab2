"""Server time of pages at 1 M and at 5 M records, with the same officer's office in both.

The demo's officers ask in process (Django's test client, signed in, as `hotich_app` under row-level security), each page
at least 100 times on different objects, after ten to warm up. Goal: at 5 M within 20 % of 1 M.

By the clock, other work on the machine shows; so the processor time of Python and of the database's process stand beside.

`python -m benchmarks pages 1000000 5000000` (records; needs some 45 GB in the state folder for 5 M).
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection as django_connection
from django.test import Client

from benchmarks.pages_data import Country, sizes
from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for
from hotich.audit.services import count_finished_days
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.records.services import give_reading_reason

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REQUESTS, WARM, SEED, REASONS = 120, 10, 20261125, 20
OFFICER, APPROVER, AUDITOR = "can.bo.1", "duyet.1", "kiem.toan"
WHY = "Đo thời gian trả lời của máy chủ"


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: who asks, and the addresses (with what is posted) in turn."""

    name: str
    login: str
    asked: list[tuple[str, dict[str, str]]]


@dataclass(slots=True)
class Times:
    """Milliseconds of every request: by the clock, of Python's processor, of the database's; statements sent."""

    wall: list[float] = field(default_factory=list)
    python: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)


def run(*records: int) -> None:
    """Load the demo, then grow the country and measure at every size."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", verbosity=0)
    country, found = Country(), {}
    for size in records or (1_000_000, 5_000_000):
        print(f"{size:,} records loaded in {country.grow(size):.0f} s", flush=True)
        found[size] = measure()
    compare(found)


def measure(explain: bool = False) -> dict[str, Times]:
    """Every page once warm and once measured. `explain`: print the slowest statements (for whoever mends them)."""
    count_finished_days(at=clock.now())
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        print(f"  rows: {sizes(connection)}; load {os.getloadavg()[0]:.1f}", flush=True)
        pages = list(_pages(connection))
    print(f"  {'p50/p95, ms':24}{'clock':>14}{'Python busy':>14}{'database busy':>15}{'statements':>12}")
    found = {}
    for page in pages:
        times = found[page.name] = _times(page)
        print(f"  {page.name:24}{_shares(times.wall):>14}{_shares(times.python):>14}{_shares(times.database):>15}"
              f"{statistics.median(times.statements):>12.0f}", flush=True)  # fmt: skip
        if explain:
            for text, spent in sorted(times.slowest.items(), key=lambda item: -item[1])[:3]:
                print(f"      {spent:7.1f} ms  {text[:1500]}")
    Session.objects.all().delete()
    return found


def compare(found: dict[int, dict[str, Times]]) -> None:
    """The largest size against the smallest, by medians of processor time of both processes, and by the clock."""
    small, large = min(found), max(found)
    for name, times in found[small].items():
        other = found[large][name]
        busy = _busy(other) / _busy(times)
        wall = statistics.median(other.wall) / statistics.median(times.wall)
        print(f"  {name:24} {large:,} : {small:,}  busy {busy:.2f}, clock {wall:.2f}", flush=True)


def _busy(times: Times) -> float:
    return statistics.median(map(sum, zip(times.python, times.database, strict=True)))


def _actor(login: str) -> Actor:
    return actor_for(Officer.objects.get(username=login))


def _pages(connection: psycopg.Connection) -> Iterator[Page]:
    rng, offices = Random(SEED), sorted(_actor(OFFICER).office_ids)
    records = _drawn(connection, "select id from civil_status_record where origin_office_id = any (%s)", offices, rng)
    persons = _drawn(
        connection,
        "select distinct l.person_id from person_link l join kinship k on k.person_id = l.person_id "
        "where l.origin_office_id = any (%s)", offices, rng,
    )  # fmt: skip
    people = _drawn(
        connection,
        "select full_name || ' ' || birth_year from participant where origin_office_id = any (%s) "
        "and birth_year is not null and full_name <> '' and not restricted", offices, rng,
    )  # fmt: skip
    years = _drawn(connection, "select distinct opening_year from register_book where origin_office_id = any (%s)",
                   offices, rng)  # fmt: skip
    batches = _drawn(connection, "select distinct batch_id from intake_case where origin_office_id = any (%s) "
                     "and state = 'waiting'", offices, rng)  # fmt: skip
    today = clock.in_vietnam(clock.now()).date()
    days = [(today - timedelta(days=number)).isoformat() for number in range(2, 2 + REQUESTS)]
    yield Page("record page", OFFICER, [(f"/ban-ghi/{each}/", {}) for each in records])
    yield Page("person page", OFFICER, [(f"/nguoi/{each}/", {}) for each in persons])
    yield Page("books of a year", OFFICER, [(f"/so/?nam={each}", {}) for each in years])
    yield Page("books, all", OFFICER, [("/so/", {})])
    yield Page("home", OFFICER, [("/", {})])
    yield Page("search, name and year", OFFICER, [("/ban-ghi/", {"q": each}) for each in people])
    yield Page("approval queue", APPROVER, [("/phe-duyet/", {})])
    yield Page("approval, one batch", APPROVER, [(f"/phe-duyet/{each}/", {}) for each in batches])
    yield Page("audit list, last days", AUDITOR, [("/nhat-ky/", {})])
    yield Page("audit list, one day", AUDITOR, [(f"/nhat-ky/?tu={day}&den={day}", {}) for day in days])


def _drawn(connection: psycopg.Connection, statement: str, offices: list[int], rng: Random) -> list[str]:
    rows = sorted(str(row[0]) for row in connection.execute(statement.encode(), [offices]).fetchall())
    return rng.sample(rows, min(REQUESTS + WARM, len(rows)))


def _times(page: Page) -> Times:
    client, times = Client(headers={"host": "localhost"}), Times()
    officer = Officer.objects.get(username=page.login)
    client.force_login(officer, backend=BACKEND)
    if page.login == OFFICER:  # so many readings in a day ask for a reason, in the product too
        actor = _actor(page.login)
        with office_scope(actor.office_ids):
            for _ in range(REASONS):
                give_reading_reason(actor=actor, at=clock.now(), reason=WHY)
    with django_connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        process = int(cursor.fetchone()[0])
    for number in range(WARM + REQUESTS):
        path, posted = page.asked[number % len(page.asked)]
        _one(client, path, posted, process, times if number >= WARM else Times())
    return times


def _one(client: Client, path: str, posted: dict[str, str], process: int, times: Times) -> None:
    statements = 0

    def noted(execute: Any, statement: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal statements
        statements, begun = statements + 1, _database_busy(process)
        try:
            return execute(statement, parameters, many, context)
        finally:
            spent = _database_busy(process) - begun
            times.slowest[statement] = max(spent, times.slowest.get(statement, 0))

    database, python, wall = _database_busy(process), time.process_time(), time.perf_counter()
    with django_connection.execute_wrapper(noted):
        answer = client.post(path, posted) if posted else client.get(path)
    times.wall.append((time.perf_counter() - wall) * 1000)
    times.python.append((time.process_time() - python) * 1000)
    times.database.append(_database_busy(process) - database)
    times.statements.append(statements)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")


def _database_busy(process: int) -> float:
    """Milliseconds of processor time a process of the database has used so far (Linux)."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6


def _shares(values: list[float]) -> str:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49]:.1f}/{cuts[94]:.1f}"
