"""Look-up in our own persons by many at once: eight officers under row-level security, against pg_trgm on the same rows.

Each client is a process with a connection of its own, and asks one question after another for some seconds. Both sides
give the same answer: the ids of people within the officer's offices, ranked, the first twenty. Ours is
`records.queries.find_people` as the serving role `hotich_app` in the transaction of an officer, from the line that was
typed: understood, asked for, ranked. `pg_trgm` is one statement (`search_key % name`, years, offices, ordered by
similarity and day) with a GIN index, asked in three ways, the first of which the goal speaks of:

* past row-level security, by a role with BYPASSRLS that names the offices itself: the index is used, nothing else is paid;
* as `hotich_app` under row-level security, as we are: the planner leaves the GIN index aside, since `%` is not leakproof,
  and takes our own keys of the year and the office instead;
* nothing, where no year is known (it would have to read every bearer of a like name).

Before, all files of the database are read once, so that neither side waits for the disk, and each client asks some
questions that do not count.

Beside the clock stands processor time (client and its database process, of Linux), which other work on the machine
disturbs little, and, for information, our whole answer (the entries read, with reasons). Recall is the share of questions
whose person is among the twenty; `worst` that of the worst seed; a ratio is baseline p95 : our p95.

`python -m benchmarks lookup 5000000 [--keep FOLDER] [--clients 8] [--seconds 20] [--seeds 3] [--offices 3,100,600]
[--kinds "NAME;NAME"]`. With --keep the data is made once (some 5 GB for five million) and used again; without it in a folder
that is removed afterwards.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from benchmarks import lookup_data
from benchmarks.lookup_data import SEED, Subject

SHOWN = 20
LEAST = 5  # questions each client asks, however long they take
WARM = (
    12  # questions before: a prepared statement has its lasting plan after the fifth (the baselines need not so many)
)
# the threshold of our study (lower ones find more and take longer), and memory enough for whole bitmaps
BASELINE_SETTINGS = "set pg_trgm.similarity_threshold = 0.45; set work_mem = '256MB'"


def _slips(rng: Random, name: str, count: int) -> str:
    from benchmarks.search import slip

    for _ in range(count):
        name = slip(rng, name)
    return name


def _bare(name: str) -> str:
    from hotich.kernel.names import search_key

    return search_key(name)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: who can be asked for so (SQL), and what is typed. `baseline`: with a year, by the present name."""

    name: str
    condition: str
    typed: Callable[[Random, Subject], str]
    baseline: bool = False


DATED, FORMER = "born is not null", "former <> ''"
KINDS = (
    Kind("name, date", DATED, lambda rng, who: f"{_bare(who.full_name)} {who.born:%d/%m/%Y}", True),
    Kind("1 slip, date", DATED, lambda rng, who: f"{_slips(rng, who.full_name, 1)} {who.born:%d/%m/%Y}", True),
    Kind("2 slips, date", DATED, lambda rng, who: f"{_slips(rng, who.full_name, 2)} {who.born:%d/%m/%Y}", True),
    Kind("name, year", "true", lambda rng, who: f"{_bare(who.full_name)} {who.year}", True),
    Kind("1 slip, year", "true", lambda rng, who: f"{_slips(rng, who.full_name, 1)} {who.year}", True),
    Kind("name, mother", "true", lambda rng, who: f"{who.full_name} mẹ {who.mother}"),
    Kind("1 slip, mother", "true", lambda rng, who: f"{_slips(rng, who.full_name, 1)} mẹ {_bare(who.mother)}"),
    Kind("1 slip, year, mother", "true",
         lambda rng, who: f"{_slips(rng, who.full_name, 1)} {who.year} mẹ {_bare(who.mother)}"),
    Kind("former name, date", f"{FORMER} and {DATED}", lambda rng, who: f"{_bare(who.former)} {who.born:%d/%m/%Y}"),
    Kind("former, 1 slip, year", FORMER, lambda rng, who: f"{_slips(rng, who.former, 1)} {who.year}"),
    Kind("former name, mother", FORMER, lambda rng, who: f"{who.former} mẹ {who.mother}"),
    Kind("number of a book", "personal_id <> ''", lambda rng, who: who.personal_id),
    Kind("number taken over", "taken_over <> ''", lambda rng, who: who.taken_over),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed, who answers it, and of which seed it is."""

    who: UUID
    text: str
    seed: int


@dataclass(slots=True)
class Answered:
    """Of one client: milliseconds by the clock and of processors for every question, and which ones found (first round)."""

    wall: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    found: list[tuple[int, bool]] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Client:
    """What every process is told: its offices, its questions, how long."""

    offices: frozenset[int]
    asked: list[Asked]
    seconds: float
    least: int = LEAST


def main(arguments: Sequence[str]) -> None:
    """Read the command line and measure."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks lookup")
    reader.add_argument("people", type=int, nargs="?", default=1_000_000)
    reader.add_argument("--keep", type=Path, help="folder of the installation, made once and kept")
    reader.add_argument("--clients", type=int, default=8)
    reader.add_argument("--seconds", type=float, default=20, help="for each kind of question and side")
    reader.add_argument("--seeds", type=int, default=3)
    reader.add_argument("--offices", default="3,100,600", help="offices of each client, one round for each number")
    reader.add_argument("--kinds", default="", help="only these kinds of question, by ; between them")
    reader.add_argument("--ours", action="store_true", help="without the baselines")
    options = reader.parse_args(arguments)
    with lookup_data.installation(options.people, options.keep):
        every = lookup_data.offices()
        for count in map(int, options.offices.split(",")):
            _round(every, count, options)


def _round(every: list[int], count: int, options: argparse.Namespace) -> None:
    """All kinds of question for clients of so many offices each."""
    step = max(1, len(every) // options.clients) if count > 3 else count
    groups = [frozenset((every * 2)[at * step : at * step + min(count, len(every))]) for at in range(options.clients)]
    print(f"\n{options.people:,} people in {len(every)} offices; {options.clients} clients of {len(groups[0])} offices each, "
          f"{options.seconds:g} s a kind and side, {options.seeds} seeds; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"{'':22}{'clock p50/p95/p99 ms':>22}{'busy p50/p95':>16}{'a second':>10}{'recall':>8}{'worst':>8}  ")
    for kind in KINDS:
        if options.kinds and kind.name not in options.kinds.split(";"):
            continue
        clients = [_client(kind, group, options) for group in groups]
        ours = _together(_ours, clients)
        _print(kind.name, ours)
        if not options.ours:
            _print("    whole answer", _together(_whole, clients))
        if kind.baseline and not options.ours:
            _compare("    pg_trgm, its index", ours, _together(_trigram, clients))
            _compare("    pg_trgm under RLS", ours, _together(_trigram_under_security, clients))


def _client(kind: Kind, group: frozenset[int], options: argparse.Namespace) -> Client:
    """The questions of all seeds, one of each in turn."""
    by_seed = []
    for seed in range(1, options.seeds + 1):
        rng = Random(f"{SEED} {kind.name} {seed} {min(group)}")
        people = lookup_data.subjects(group, kind.condition, seed)
        if kind.name == "number of a book":
            people = [each for each in people if each.personal_id]
        by_seed.append([Asked(each.id, kind.typed(rng, each), seed) for each in people])
    shortest = min(map(len, by_seed))
    if not shortest:
        raise SystemExit(f"too few people: nobody to be asked for by {kind.name} in some offices")
    return Client(group, [each for turn in zip(*(some[:shortest] for some in by_seed), strict=True) for each in turn],
                  options.seconds)  # fmt: skip


# ---- clients

Ask = Callable[[Asked], bool]


def _together(side: Callable[[Client], Answered], clients: list[Client]) -> list[Answered]:
    """All clients at once, each a process that begins when the last one is ready."""
    from django.db import connections

    connections.close_all()  # no process inherits the connection of another
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(len(clients)), context.Queue()
    started = [context.Process(target=_work, args=(side, client, ready, answers)) for client in clients]
    for process in started:
        process.start()
    found = [answers.get(timeout=3600) for _ in started]
    for process in started:
        process.join()
    return found


def _work(side: Callable[[Client], Answered], client: Client, ready: Any, answers: Queue[Answered]) -> None:
    ready_client = Client(client.offices, client.asked[-WARM:], 0.5, WARM if side in (_ours, _whole) else 1)
    side(ready_client)  # connected, plans and caches warm; not with the same people
    ready.wait()
    answers.put(side(client))


def _actor(offices: frozenset[int]) -> Any:
    from hotich.kernel.actor import Actor

    return Actor("bench", min(offices), 1, offices, frozenset({"record.read", "person.read"}))


def _ours(client: Client) -> Answered:
    """Ids, ranked."""
    from hotich.database.scope import office_scope
    from hotich.database.state import secret
    from hotich.persons.queries.population_numbers import holders_of_number
    from hotich.records.queries import find_people, understand

    actor, key = _actor(client.offices), secret("lookup")

    def answer(one: Asked) -> bool:
        with office_scope(client.offices):
            question = understand(one.text)
            shown = [hit.candidate.id for hit in find_people(actor, question, secret=key)][:SHOWN]
            if question.document:  # as the search page does
                held = holders_of_number(question.document, actor=actor, secret=key)
                shown += [each.number.participant_id for each in held]
        return one.who in shown

    return _ask(answer, client, _process_of_django())


def _whole(client: Client) -> Answered:
    """The answer as the page shows it: entries, books, people, reasons."""
    from hotich.database.scope import office_scope
    from hotich.database.state import secret
    from hotich.persons.queries.population_numbers import holders_of_number
    from hotich.records.queries import find_records, understand

    actor, key = _actor(client.offices), secret("lookup")

    def answer(one: Asked) -> bool:
        with office_scope(client.offices):
            question = understand(one.text)
            found = find_records(actor, question, secret=key)
            held = holders_of_number(question.document, actor=actor, secret=key) if question.document else []
        shown = [hit.candidate.id for record in found.records for hit in record.hits][:SHOWN]
        return one.who in [*shown, *(each.number.participant_id for each in held)]

    return _ask(answer, client, _process_of_django())


def _trigram(client: Client) -> Answered:
    """Past row-level security, the offices in the statement."""
    from benchmarks.search import TRIGRAM, trigram_parameters
    from hotich.records.queries import understand

    with lookup_data.superuser() as connection:
        connection.execute("set role hotich_bench")
        connection.execute(BASELINE_SETTINGS)

        def answer(one: Asked) -> bool:
            parameters = trigram_parameters(understand(one.text), client.offices)
            return one.who in {row[0] for row in connection.execute(TRIGRAM, parameters).fetchall()}

        return _ask(answer, client, connection.info.backend_pid)


def _trigram_under_security(client: Client) -> Answered:
    """As the serving role in the transaction of an officer."""
    from django.db import connection

    from benchmarks.search import TRIGRAM, trigram_parameters
    from hotich.database.scope import office_scope
    from hotich.records.queries import understand

    process = _process_of_django()
    with connection.cursor() as cursor:
        cursor.execute(BASELINE_SETTINGS)

    def answer(one: Asked) -> bool:
        with office_scope(client.offices), connection.cursor() as cursor:
            cursor.execute(TRIGRAM, trigram_parameters(understand(one.text), client.offices))
            return one.who in {row[0] for row in cursor.fetchall()}

    return _ask(answer, client, process)


def _process_of_django() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _ask(answer: Ask, client: Client, backend: int) -> Answered:
    """One question after another until the time is over; from the beginning again when all have been asked."""
    done, begun, schedule = Answered(), time.perf_counter(), Path(f"/proc/{backend}/schedstat")

    def busy() -> float:  # nanoseconds of processors, of this process and the database's
        return time.process_time_ns() + int(schedule.read_text().split()[0])

    while done.seconds < client.seconds or len(done.wall) < client.least:
        one = client.asked[len(done.wall) % len(client.asked)]
        spent, at = busy(), time.perf_counter()
        found = answer(one)
        now = time.perf_counter()
        done.wall.append((now - at) * 1000)
        done.busy.append((busy() - spent) / 1e6)
        if len(done.wall) <= len(client.asked):
            done.found.append((one.seed, found))
        done.seconds = now - begun
    return done


# ---- figures


def _cuts(clients: list[Answered], of: str) -> list[float]:
    values = [each for client in clients for each in getattr(client, of)]
    return statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99


def _recall(found: list[tuple[int, bool]]) -> tuple[float, float]:
    by_seed: dict[int, list[bool]] = {}
    for seed, each in found:
        by_seed.setdefault(seed, []).append(each)
    return sum(each for _, each in found) / len(found), min(sum(each) / len(each) for each in by_seed.values())


def _line(name: str, clients: list[Answered]) -> str:
    wall, busy = _cuts(clients, "wall"), _cuts(clients, "busy")
    rate = sum(len(client.wall) / client.seconds for client in clients)
    recall, worst = _recall([each for client in clients for each in client.found])
    return (f"{name:22}{f'{wall[49]:.1f}/{wall[94]:.1f}/{wall[98]:.1f}':>22}{f'{busy[49]:.1f}/{busy[94]:.1f}':>16}"
            f"{rate:>10.1f}{recall:>8.3f}{worst:>8.3f}")  # fmt: skip


def _print(name: str, clients: list[Answered]) -> None:
    print(_line(name, clients), flush=True)


def _compare(name: str, ours: list[Answered], baseline: list[Answered]) -> None:
    """The baseline, how many times our p95 its own is, and our recall on the questions it came to."""
    wall, busy = (_cuts(baseline, of)[94] / _cuts(ours, of)[94] for of in ("wall", "busy"))
    same = [each for our, their in zip(ours, baseline, strict=True) for each in our.found[: len(their.found)]]
    asked = sum(len(client.found) for client in baseline)
    print(f"{_line(name, baseline)}  1/{wall:.1f} clock, 1/{busy:.1f} busy; our recall on these {asked}: "
          f"{_recall(same)[0]:.3f}", flush=True)  # fmt: skip
