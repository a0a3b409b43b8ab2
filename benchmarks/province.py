"""A whole province compared with the population in the path of the browser: wall, memory, checks a second, one kill.

Births of as many communes as the largest province has, three participants each, drawn from invented families of the stand-in
(`partners.population`); their citizens, and more, are the extract. The run is planned as an officer of the department does it
and done by worker processes of their own, as the queue does it. The first is killed with SIGKILL while it writes; the second
goes on. Then every participant must have one check.

`python -m benchmarks province 300000 1000000`: entries, citizens. Some 8 GB of disk at that size, all removed afterwards.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import duckdb
import orjson
import psycopg
from django.db import connection

from benchmarks.search_people import PERSON_COLUMNS, PERSON_TABLE, RECORD_COLUMNS, RECORD_TABLE
from hotich.accounts.rules.roles import ROLES
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.database.state import secret, state_folder
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.names import given_key, keyset, match_key, search_key, sort_key
from hotich.reconciliation.models import MatchRun
from hotich.reconciliation.services.match_run_work import advance_match_run
from hotich.reconciliation.services.match_runs import start_match_run
from hotich.records.rules.keys import document_key, personal_id_key
from hotich.records.rules.participants import participant_id
from hotich.units.models import Office
from hotich.units.queries import units_of_province
from partners.population.families import draw_families
from partners.population.names import Chance
from partners.population.numbers import Numbers
from partners.population.places import Place

Known = dict[str, Any]  # a citizen, as the stand-in draws one
AT = datetime(2026, 11, 25, tzinfo=UTC)
RIGHTS = frozenset().union(*(role.rights for role in ROLES.values()))
KILL_AT = 0.4  # of the checks are written then
TOLD_EVERY = 0.5


def run(entries: int = 300_000, citizens: int = 1_000_000) -> None:
    """Load, compare with a kill in the middle, count; figures go to the screen."""
    department, communes = _province()
    begun = time.perf_counter()
    extract = state_folder() / "extract.parquet"
    with launcher.connect_as_superuser(launcher.DATABASE) as superuser:
        number = _load(superuser, communes, entries, citizens, extract)
    made_in = time.perf_counter() - begun
    print(f"{entries:,} entries in {len(communes)} communes, {number:,} citizens; made in {made_in:.0f} s", flush=True)
    connection.close()
    actor = Actor("bench", department.id, 1, frozenset({department.id}), RIGHTS)
    assert department.unit is not None
    made = start_match_run(
        actor=actor, at=clock.now(), scope="province", scope_id=department.unit.code, upload=("tinh.parquet", extract)
    )
    extract.unlink()
    before = _size()
    for killed in (True, False):
        _worker(department, made.id, killed=killed)
    grown = (_size() - before) / 1e6
    with launcher.connect_as_superuser(launcher.DATABASE) as superuser:
        _count(superuser, made.id, grown)


def _province() -> tuple[Office, list[Office]]:
    """The department of the province with the most communes, and the offices of those."""
    best: tuple[Office, list[Office]] | None = None
    for department in Office.objects.filter(kind="province", valid_to__isnull=True).select_related("unit"):
        if department.unit is None:
            continue
        units = units_of_province(department.unit.id)
        found = list(
            Office.objects.filter(kind="commune", valid_to__isnull=True, unit_id__in=units)
            .select_related("unit")
            .order_by("id")
        )
        if best is None or len(found) > len(best[1]):
            best = department, found
    assert best is not None
    return best


# ---- data


def _load(superuser: psycopg.Connection, communes: list[Office], entries: int, citizens: int, target: Path) -> int:
    """Citizens into a file as the partner hands it out; births of children among them past row-level security."""
    places = tuple(Place(each.unit.code, each.name, each.code[:2], "Tỉnh") for each in communes if each.unit)
    of_commune = {each.unit.code: each.id for each in communes if each.unit}
    books = {each.id: uuid4() for each in communes}
    superuser.execute("set session_replication_role = replica")
    with superuser.cursor() as cursor, cursor.copy(
        "copy register_book (id, origin_office_id, keeping_office_id, register_type, era, number, opening_year, "
        "copy, number_scope, is_number_assigned, paper_size, condition, storage_location, created_at, version) from stdin"
    ) as copy:  # fmt: skip
        for office, book in books.items():
            copy.write_row(
                (book, office, office, "KS", "L2014", "01", 2000, "commune", "year", False, "", "", "", AT, 1)
            )
    lines = target.with_suffix(".jsonl")
    births: list[tuple[int, Any, Any, Any]] = []
    made = 0
    with lines.open("wb") as out:
        for family in islice(draw_families(Chance("province"), places, Numbers(set())), citizens):
            for each in family:
                made += 1
                out.write(orjson.dumps(_citizen(each, made)) + b"\n")
            father, mother, *children = family
            births += [(of_commune[each["commune_code"]], each, father, mother) for each in children]
            if made >= citizens:
                break
    Random("births").shuffle(births)
    _copy_births(superuser, births[:entries], books)
    superuser.execute("set session_replication_role = origin")
    superuser.execute("vacuum analyze")
    with duckdb.connect() as db:
        db.execute(
            f"copy (select * from read_json('{lines}', format = 'newline_delimited')) to '{target}' (format parquet)"
        )
    lines.unlink()
    return made


def _citizen(each: dict[str, Any], number: int) -> dict[str, Any]:
    kept = ("full_name", "father_name", "mother_name", "province_code", "commune_code", "personal_id", "ethnicity")
    sexes = {"1": "male", "2": "female"}
    return {"id": f"CD{number:09}", "birth_date": each["birth"], "sex": sexes[each["sex"]], "life": "alive",
            **{name: each.get(name) or None for name in kept}}  # fmt: skip


def _copy_births(superuser: psycopg.Connection, births: list[Any], books: dict[int, UUID]) -> None:
    rng, key = Random("pens"), secret("lookup")
    people: list[list[Any]] = []
    names = ", ".join(RECORD_COLUMNS)
    with superuser.cursor() as cursor:
        with cursor.copy(f"copy {RECORD_TABLE} ({names}) from stdin".encode()) as copy:
            for number, (office, child, father, mother) in enumerate(births, start=1):
                record = uuid7()
                recorded = dict(_recorded(rng, child, father, mother))
                copy.write_row(_record_row(record, office, books[office], number, child, recorded))
                people += [_person_row(record, office, role, recorded, each, key)
                           for role, each in (("child", child), ("father", father), ("mother", mother))]  # fmt: skip
        with cursor.copy(f"copy {PERSON_TABLE} ({', '.join(PERSON_COLUMNS)}) from stdin".encode()) as copy:
            for row in people:
                copy.write_row(row)
        # as approval leaves them: everybody a person of his own, since these books hold no numbers
        cursor.execute("insert into person (id, created_at) select id, now() from participant")
        cursor.execute(
            "insert into person_link (participant_id, person_id, origin_office_id, rule, certainty) "
            "select id, id, origin_office_id, 'alone', 1 from participant"
        )


def _recorded(
    rng: Random, child: dict[str, Any], father: dict[str, Any], mother: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """What the book says: every twentieth name lost a letter, parents mostly told with their year."""
    for role, each in (("child", child), ("father", father), ("mother", mother)):
        name = each["full_name"]
        if rng.random() < 0.05:
            at = rng.randrange(1, len(name) - 1)
            name = name[:at] + name[at + 1 :] if name[at] != " " else name
        yield f"{role}_full_name", name
        born = "/".join(reversed(each["birth"].split("-")))
        yield f"{role}_birth_date", born if role == "child" else born[-4:]
    yield "child_sex", "Nam" if child["sex"] == "1" else "Nữ"
    yield "child_ethnicity", child["ethnicity"]


def _record_row(
    record: UUID, office: int, book: UUID, number: int, child: dict[str, Any], recorded: dict[str, str]
) -> list[Any]:
    year = int(child["birth"][:4])
    day = date(year, 12, 31)
    head = {"registration_number": f"{number}/{year}", "registration_date": f"31/12/{year}"}
    return [record, office, "KS", "KS-L2014-1", "L2014", "historical", book, number, "", f"{number}/{year}", year, "1",
            day, day, "in_force", json.dumps(head | recorded, ensure_ascii=False), "{}", 1, AT]  # fmt: skip


def _person_row(
    record: UUID, office: int, role: str, recorded: dict[str, str], each: dict[str, Any], key: str
) -> list[Any]:
    name, birth = recorded[f"{role}_full_name"], each["birth"]
    year, exact = int(birth[:4]), role == "child" and len(birth) == 10
    first = date.fromisoformat(birth) if exact else date(year, 1, 1)
    last = first if exact else date(year, 12, 31)
    return [participant_id(record, role), office, record, role, name, search_key(name), match_key(name), sort_key(name),
            keyset(name), given_key(name), each["sex"], recorded[f"{role}_birth_date"], first, last, year,
            first.month * 100 + first.day if exact else None, "", personal_id_key(key, ""), "", "", "",
            document_key(key, ""), each["ethnicity"], "Việt Nam", "", False]  # fmt: skip


# ---- the run


def work(run_id: str, office_id: int) -> None:
    """A worker: step by step until nothing is left, then what it took."""
    actor = Actor("bench", office_id, 1, frozenset({office_id}), RIGHTS)
    while advance_match_run(actor=actor, now=clock.now, run_id=UUID(run_id)):
        pass
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"worker: {used.ru_utime + used.ru_stime:.0f} s CPU, {used.ru_maxrss / 1024:.0f} MB at most", flush=True)


def _worker(department: Office, run_id: UUID, *, killed: bool) -> None:
    code = f"import django; django.setup(); from benchmarks.province import work; work('{run_id}', {department.id})"
    begun, steps, peak = time.perf_counter(), dict[str, float](), 0
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    first: tuple[float, int] | None = None
    while process.poll() is None:
        time.sleep(TOLD_EVERY)
        peak = max(peak, _memory(process.pid))
        with office_scope([department.id]):
            step, written, everybody = MatchRun.objects.values_list("step", "written", "participants").get(id=run_id)
        steps[step] = time.perf_counter() - begun
        if written and first is None:
            first = time.perf_counter(), written
        if killed and everybody and written > everybody * KILL_AT:
            process.send_signal(signal.SIGKILL)
            process.wait()
    end = time.perf_counter()
    with office_scope([department.id]):
        written = MatchRun.objects.values_list("written", flat=True).get(id=run_id)
    rate = (written - first[1]) / (end - first[0]) if first and end > first[0] else 0.0
    shown = ", ".join(f"{step} until {at:.0f} s" for step, at in steps.items() if step)
    print(f"{'killed' if killed else 'went on'}: {end - begun:.0f} s, {written:,} checks, {rate:.0f} a second, "
          f"{peak / 1024:.0f} MB at most; {shown}", flush=True)  # fmt: skip


def _memory(process: int) -> int:
    try:
        found = [line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM")]
    except OSError:
        return 0
    return int(found[0].split()[1]) if found else 0


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _count(superuser: psycopg.Connection, run_id: UUID, grown: float) -> None:
    """Every participant once, the counts of the run the same as those of the table."""
    checks, different, pairs = superuser.execute(
        "select count(*), count(distinct participant_id), count(distinct (record_id, role)) from population_check "
        "where run_id = %s", [run_id]
    ).fetchone() or (0, 0, 0)  # fmt: skip
    told = superuser.execute(
        "select state, participants, written, counts - 'offices', finished_at - asked_at from match_run where id = %s",
        [run_id],
    ).fetchone()  # fmt: skip
    entries = superuser.execute("select count(*) from audit_entry").fetchone()
    print(f"checks {checks:,}, participants {different:,}, places {pairs:,}; run {told}; audit entries {entries}; "
          f"database grown by {grown:,.0f} MB")  # fmt: skip
    if not told or not checks == different == pairs == told[1] == told[2]:
        raise SystemExit("a participant has no check, or two")
