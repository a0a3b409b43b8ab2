"""Search of people within one's offices, as the serving role under row-level security, against pg_trgm.

Baseline: a GIN index of pg_trgm on the same names, rows and questions: `search_key % name` with the same years and
offices, ordered by similarity, the first 20. It is measured past row-level security (by a role with BYPASSRLS), because
under it the planner leaves that index aside; how slow that is stands beside it. An officer of 3 offices and one of a
province with 100 offices ask; a slip is one letter wrong, missing, too many or exchanged with its neighbour.

`python -m benchmarks search 1000000` (people; 600 offices).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection as django_connection

from benchmarks.search_people import AT, Somebody, Town, load
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.database.state import secret
from hotich.kernel.actor import Actor
from hotich.kernel.names import search_key
from hotich.records.queries import Filters, find_records, understand
from hotich.records.rules.search_question import Question
from hotich.units.models import Office

OFFICES, FEW, MANY = 600, 3, 100
QUESTIONS, BASELINE_QUESTIONS, SLOW_QUESTIONS = 200, 40, 10
SEED, SHOWN = 20261125, 20
LETTERS = "aeghiklmnoptuy"


@dataclass(slots=True)
class Times:
    """Milliseconds of a kind of question and how often the answer showed.

    `database`: from statement sent to answered; `busy`: processor time of the database's process, which other work on
    the machine disturbs little; `whole`: the query with understanding, ranking and entries read.
    """

    database: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    found: int = 0
    asked: int = 0

    @property
    def recall(self) -> float:
        return self.found / max(self.asked, 1)


def slip(rng: Random, name: str) -> str:
    """The name with one letter wrong, missing, too many, or exchanged; never in a blank."""
    key = search_key(name)
    place = rng.choice([at for at, char in enumerate(key[:-1]) if char != " " and key[at + 1] != " "])
    kind = rng.randrange(4)
    if kind == 0:
        return key[:place] + rng.choice(LETTERS.replace(key[place], "")) + key[place + 1 :]
    if kind == 1:
        return key[:place] + key[place + 1 :]
    if kind == 2:
        return key[:place] + rng.choice(LETTERS) + key[place:]
    return key[:place] + key[place + 1] + key[place] + key[place + 2 :]


def _moved(rng: Random, day: date) -> str:
    """The date with a slip: a year more or less, or day and month exchanged where both are months."""
    if day.day <= 12 and day.day != day.month and rng.random() < 0.5:
        return f"{day.month:02}/{day.day:02}/{day.year}"
    return f"{day:%d/%m}/{day.year + rng.choice((-1, 1))}"


KINDS: dict[str, Callable[[Random, Somebody], str]] = {
    "name and date": lambda rng, who: f"{search_key(who.full_name)} {who.born:%d/%m/%Y}",
    "name with a slip, date": lambda rng, who: f"{slip(rng, who.full_name)} {who.born:%d/%m/%Y}",
    "name, date with a slip": lambda rng, who: f"{search_key(who.full_name)} {_moved(rng, who.born)}",
    "name and year": lambda rng, who: f"{search_key(who.full_name)} {who.born.year}",
    "name with a slip, year": lambda rng, who: f"{slip(rng, who.full_name)} {who.born.year}",
    "name, mother": lambda rng, who: f"{who.full_name} mẹ {who.mother}",
    "name with a slip, mother": lambda rng, who: f"{slip(rng, who.full_name)} mẹ {search_key(who.mother)}",
    "name, office": lambda rng, who: search_key(who.full_name),
    "name with a slip, office": lambda rng, who: slip(rng, who.full_name),
    "personal number": lambda rng, who: who.personal_id or "000000000000",
    "registration number": lambda rng, who: f"{who.number}/{who.year}",
}
WITH_BASELINE = tuple(KINDS)[:5]


def run(people: int = 1_000_000) -> None:
    """Load `people` participants and print p50 and p95 of every kind of question, recall, and the baseline."""
    town = load_town(people)
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        trigram_index(connection)
        _sizes(connection)
        for title, count in (("officer, 3 offices", FEW), ("province, 100 offices", MANY)):
            offices = frozenset(town.offices[:count])
            own = [each for each in town.children if each.office_id in offices]
            print(f"\n{title}: {people:,} participants in {OFFICES} offices")
            print(
                f"{'p50/p95, ms':26}{'busy':>14}{'database':>16}{'whole':>16}{'recall@20':>11}"
                "   pg_trgm: busy, database, recall, ratio of busy p95"
            )
            for kind in KINDS:
                own_kind = [each for each in own if kind != "personal number" or each.personal_id]
                questions = _questions(kind, own_kind)
                ours = _ours(kind, questions, offices)
                baseline = _baseline(connection, questions, offices) if kind in WITH_BASELINE else None
                _print(kind, ours, baseline)
            slow = _under_row_level_security(_questions("name with a slip, year", own)[:SLOW_QUESTIONS], offices)
            print(
                f"pg_trgm under row-level security (name with a slip, year), busy p50/p95: {_shares(slow)}", flush=True
            )


def load_town(people: int, few: int = FEW) -> Town:
    """Invented people in 600 offices; all children of the first `few` offices are kept for questions."""
    begun = time.perf_counter()
    offices = list(
        Office.objects.filter(kind="commune", valid_to__isnull=True)
        .order_by("code")
        .values_list("id", flat=True)[:OFFICES]
    )
    Random(SEED).shuffle(offices)
    books = {office: uuid4() for office in offices}
    town = Town(people, offices, books, SEED, few)
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy register_book (id, origin_office_id, keeping_office_id, register_type, era, number, opening_year, "
                "copy, number_scope, is_number_assigned, paper_size, condition, storage_location, created_at, version) "
                "from stdin"
            ) as copy,
        ):
            for office, book in books.items():
                copy.write_row(
                    (book, office, office, "KS", "L2014", "01", 2016, "commune", "year", False, "", "", "", AT, 1)
                )
        load(connection, town)
    print(f"{people:,} participants loaded in {time.perf_counter() - begun:.0f} s", flush=True)
    return town


def trigram_index(connection: psycopg.Connection) -> None:
    """The baseline's index, and a role that asks past row-level security."""
    connection.execute("create extension if not exists pg_trgm")
    connection.execute("create index bench_trigram on participant using gin (search_key gin_trgm_ops)")
    connection.execute("analyze participant")
    connection.execute(
        "do $$ begin if not exists (select from pg_roles where rolname = 'hotich_bench') then "
        "create role hotich_bench nologin bypassrls; end if; end $$"
    )
    connection.execute("grant select on participant to hotich_bench")


def _sizes(connection: psycopg.Connection) -> None:
    for name, size in connection.execute(
        "select indexrelid::regclass::text, pg_relation_size(indexrelid) from pg_index "
        "where indrelid = 'participant'::regclass order by 2 desc"
    ):
        print(f"  {name}: {size / 2**20:.0f} MB")
    print(f"  syllables: {connection.execute('select count(*) from name_syllable').fetchone()[0]}")  # type: ignore[index]


def _questions(kind: str, people: list[Somebody]) -> list[tuple[Somebody, str]]:
    rng = Random(f"{SEED} {kind}")
    return [(who, KINDS[kind](rng, who)) for who in rng.sample(people, min(QUESTIONS, len(people)))]


def _ours(kind: str, questions: list[tuple[Somebody, str]], offices: frozenset[int]) -> Times:
    times, key = Times(), secret("lookup")
    process = _process_of_django()
    actor = Actor("bench", min(offices), 1, offices, frozenset({"record.read"}))
    for round_ in ("warm", "measured"):
        for who, text in questions[:20] if round_ == "warm" else questions:
            filters = Filters(office_id=who.office_id) if "office" in kind else Filters()
            with office_scope(offices), database_time() as spent:
                begun, busy = time.perf_counter(), _busy(process)
                found = find_records(actor, understand(text), filters=filters, secret=key)
                whole, busy = time.perf_counter() - begun, _busy(process) - busy
            if round_ == "warm":
                continue
            times.database.append(sum(spent) * 1000)
            times.whole.append(whole * 1000)
            times.busy.append(busy)
            shown = [hit.candidate.id for record in found.records for hit in record.hits][:SHOWN]
            by_number = any(record.record.number == who.number for record in found.records) and "number" in kind
            times.asked += 1
            times.found += who.id in shown or (by_number and not shown)
    return times


def _busy(process: int) -> float:
    """Milliseconds of processor time a process of the database has used so far (Linux)."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6


def _process_of_django() -> int:
    with django_connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


@contextmanager
def database_time() -> Iterator[list[float]]:
    """The seconds of every statement from sent to answered, planning included."""
    spent: list[float] = []

    def timed(execute: Any, statement: str, parameters: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(statement, parameters, many, context)
        finally:
            spent.append(time.perf_counter() - begun)

    with django_connection.execute_wrapper(timed):
        yield spent


TRIGRAM = (
    "select id from participant where search_key %% %s and birth_year = any (%s) and origin_office_id = any (%s) "
    "order by similarity(search_key, %s) desc, abs(coalesce(birth_md, 0) - %s) limit 20"
)


def _baseline(connection: psycopg.Connection, questions: list[tuple[Somebody, str]], offices: frozenset[int]) -> Times:
    times = Times()
    connection.execute("set role hotich_bench")
    connection.execute("set pg_trgm.similarity_threshold = 0.45")
    for who, text in questions[:BASELINE_QUESTIONS]:
        parameters = trigram_parameters(understand(text), offices)
        begun, busy = time.perf_counter(), _busy(connection.info.backend_pid)
        rows: list[tuple[UUID]] = connection.execute(TRIGRAM, parameters).fetchall()
        times.database.append((time.perf_counter() - begun) * 1000)
        times.busy.append(_busy(connection.info.backend_pid) - busy)
        times.asked += 1
        times.found += who.id in {row[0] for row in rows}
    connection.execute("reset role")
    return times


def trigram_parameters(question: Question, offices: frozenset[int]) -> list[Any]:
    """What fills TRIGRAM."""
    name, year = search_key(question.name), question.birth_year or 0
    return [name, [year - 1, year, year + 1], sorted(offices), name, question.birth_md or 0]


def _under_row_level_security(questions: list[tuple[Somebody, str]], offices: frozenset[int]) -> list[float]:
    """Processor time of the baseline's statement as the serving role would have it."""
    times, process = [], _process_of_django()
    for _, text in questions:
        with office_scope(offices), django_connection.cursor() as cursor:
            cursor.execute("set local pg_trgm.similarity_threshold = 0.45")
            busy = _busy(process)
            cursor.execute(TRIGRAM, trigram_parameters(understand(text), offices))
            times.append(_busy(process) - busy)
    return times


def _shares(values: list[float]) -> str:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49]:.1f}/{cuts[94]:.1f}"


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[94]


def _print(kind: str, ours: Times, baseline: Times | None) -> None:
    line = (f"{kind:26}{_shares(ours.busy):>14}{_shares(ours.database):>16}{_shares(ours.whole):>16}"
            f"{ours.recall:>11.3f}")  # fmt: skip
    if baseline is not None:
        line += (f"   {_shares(baseline.busy)}, {_shares(baseline.database)}, {baseline.recall:.3f}, "
                 f"1/{_p95(baseline.busy) / _p95(ours.busy):.0f}")  # fmt: skip
    print(line, flush=True)
