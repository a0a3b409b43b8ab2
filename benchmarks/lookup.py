"""Look-up in our own persons by many at once: eight officers under row-level security, against pg_trgm with the year.

Each client is a process with its own connection as the serving role, an officer of 3 offices of his own, and asks one
question after another for some seconds: by number, by name with the date, by name one slip away with the date or the year,
by name with the mother. A tenth of the people have a number taken over from the population database that no book has; who
asks by number is asked that too, as the search page does.

Baseline: a GIN index of pg_trgm on the same names, with the same years and offices, by as many clients at once, past
row-level security (under it the planner leaves that index aside; see `search`). It is given questions by name and year only,
and answers with twenty ids; ours is the whole answer: understood, ranked, with reasons, the entries read. The time its
statements took stands beside it.

`python -m benchmarks lookup 5000000` (people; 600 offices); `lookup 1000000 8 20`: people, clients, seconds a kind.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.queues import Queue
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections

from benchmarks.search import (
    FEW,
    KINDS,
    OFFICES,
    SEED,
    SHOWN,
    TRIGRAM,
    database_time,
    load_town,
    trigram_index,
    trigram_parameters,
)
from benchmarks.search_people import AT, Town
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.database.state import secret
from hotich.kernel.actor import Actor
from hotich.persons.queries.population_numbers import holders_of_number
from hotich.records.queries import find_records, understand
from hotich.records.rules.keys import personal_id_key

CLIENTS, SECONDS, SHARE = 8, 20, 10
OF_NAMES = ("name and date", "name with a slip, date", "name and year", "name with a slip, year", "name, mother")
WITH_BASELINE = OF_NAMES[:4]  # it needs a year
OF_NUMBERS = ("number of a book", "number taken over")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed, and the participant that answers it."""

    who: UUID
    text: str


@dataclass(slots=True)
class Answered:
    """Milliseconds of every question of one client, and how many showed the person among the first 20."""

    times: list[float]
    database: list[float]  # of these, from a statement sent to answered
    found: int
    seconds: float


def run(people: int = 1_000_000, clients: int = CLIENTS, seconds: int = SECONDS) -> None:
    """Load, then print for every kind of question p50, p95 and p99, questions a second and recall, ours and baseline."""
    town = load_town(people, FEW * clients)
    groups = [frozenset(town.offices[at * FEW : at * FEW + FEW]) for at in range(clients)]
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        taken = _take_over(connection, town)
        trigram_index(connection)
    print(f"{people:,} participants in {OFFICES} offices, {clients} clients of {FEW} offices each, {seconds} s a kind")
    print(
        f"{'':26}{'p50/p95/p99, ms':>20}{'questions/s':>13}{'recall@20':>11}{'database':>16}   pg_trgm: the same three"
    )
    for kind in (*OF_NUMBERS, *OF_NAMES):
        questions = [_questions(kind, town, group, taken) for group in groups]
        ours = _together(_ours, groups, questions, seconds)
        line = f"{kind:26}{_told(ours)}{_in_database(ours)}"
        if kind in WITH_BASELINE:
            line += f"   {_told(_together(_baseline, groups, questions, seconds))}"
        print(line, flush=True)


def _take_over(connection: psycopg.Connection, town: Town) -> dict[UUID, str]:
    """A number of the population database for every tenth participant without one, as take_over_identity keeps it."""
    rng, key = Random(f"{SEED} taken"), secret("lookup")
    bare = connection.execute(
        "select id, origin_office_id, record_id from participant where personal_id_key = '' "
        "and mod(hashtextextended(id::text, 1), %s) = 0",
        [SHARE],
    ).fetchall()
    made: dict[UUID, str] = {}
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy population_number (id, origin_office_id, record_id, participant_id, personal_id, personal_id_key, "
            "citizen_ref, reason, taken_at, withdrawal_reason) from stdin"
        ) as copy,
    ):
        for participant, office, record in bare:
            number = f"{rng.randrange(10**12):012}"
            copy.write_row((UUID(int=rng.getrandbits(128), version=4), office, record, participant, number,
                            personal_id_key(key, number), "CD", "bench", AT, ""))  # fmt: skip
            made[participant] = number
    connection.execute("analyze population_number")
    return made


def _questions(kind: str, town: Town, offices: frozenset[int], taken: dict[UUID, str]) -> list[Asked]:
    own = [each for each in town.children if each.office_id in offices]
    rng = Random(f"{SEED} {kind} {min(offices)}")
    rng.shuffle(own)
    if kind == "number taken over":
        return [Asked(each.id, taken[each.id]) for each in own if each.id in taken]
    if kind == "number of a book":
        return [Asked(each.id, each.personal_id) for each in own if each.personal_id]
    return [Asked(each.id, KINDS[kind](rng, each)) for each in own]


Client = Callable[[frozenset[int], list[Asked], float], Answered]


def _together(
    client: Client, groups: list[frozenset[int]], questions: list[list[Asked]], seconds: float
) -> list[Answered]:
    """All clients at once, each a process that begins when the last one is ready."""
    connections.close_all()  # no process inherits the connection of another
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(len(groups)), context.Queue()
    started = [
        context.Process(target=_work, args=(client, offices, asked, seconds, ready, answers))
        for offices, asked in zip(groups, questions, strict=True)
        if asked
    ]
    if len(started) < len(groups):
        raise SystemExit("too few people for so many clients: every client needs somebody to ask for")
    for process in started:
        process.start()
    found = [answers.get(timeout=seconds * 5 + 60) for _ in started]
    for process in started:
        process.join()
    return found


def _work(
    client: Client, offices: frozenset[int], asked: list[Asked], seconds: float, ready: Any, answers: Queue[Answered]
) -> None:
    client(offices, asked[:20], 1)  # connected, plans and caches warm
    ready.wait()
    answers.put(client(offices, asked, seconds))


def _ours(offices: frozenset[int], asked: list[Asked], seconds: float) -> Answered:
    actor, key = Actor("bench", min(offices), 1, offices, frozenset({"record.read", "person.read"})), secret("lookup")

    def answer(one: Asked) -> bool:
        question = understand(one.text)
        with office_scope(offices):
            found = find_records(actor, question, secret=key)
            holders = holders_of_number(question.document, actor=actor, secret=key) if question.document else []
        shown = [hit.candidate.id for record in found.records for hit in record.hits][:SHOWN]
        return one.who in shown or one.who in {each.number.participant_id for each in holders}

    return _ask(answer, asked, seconds)


def _baseline(offices: frozenset[int], asked: list[Asked], seconds: float) -> Answered:
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        connection.execute("set role hotich_bench")
        connection.execute("set pg_trgm.similarity_threshold = 0.45")

        def answer(one: Asked) -> bool:
            parameters = trigram_parameters(understand(one.text), offices)
            return one.who in {row[0] for row in connection.execute(TRIGRAM, parameters).fetchall()}

        return _ask(answer, asked, seconds)


def _ask(answer: Callable[[Asked], bool], asked: list[Asked], seconds: float) -> Answered:
    """One question after another until the time is over; from the beginning again when all have been asked."""
    done, begun = Answered([], [], 0, 0.0), time.perf_counter()
    while done.seconds < seconds:
        at = time.perf_counter()
        with database_time() as spent:
            done.found += answer(asked[len(done.times) % len(asked)])
        now = time.perf_counter()
        done.times.append((now - at) * 1000)
        done.database.append(sum(spent) * 1000)
        done.seconds = now - begun
    return done


def _told(clients: list[Answered]) -> str:
    times = [each for client in clients for each in client.times]
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    rate = sum(len(client.times) / client.seconds for client in clients)
    recall = sum(client.found for client in clients) / len(times)
    return f"{f'{cuts[49]:.1f}/{cuts[94]:.1f}/{cuts[98]:.1f}':>20}{rate:>13.0f}{recall:>11.3f}"


def _in_database(clients: list[Answered]) -> str:
    cuts = statistics.quantiles([each for client in clients for each in client.database], n=100, method="inclusive")
    return f"{f'{cuts[49]:.1f}/{cuts[94]:.1f}':>16}"
