"""Import of a birth workbook, from file read to committed case rows with all checks and audit, against a raw COPY.

Baseline: COPY of the very same case rows into the same table with its indexes, by a role with BYPASSRLS, in the same
round. Every round has a workbook of its own seed, which neither the import was tuned on nor this process has read
before: caches are as warm as those of a server that has imported other books. One mix without faults, one with five
times the usual, one large book. Where other work disturbs the machine, the processor time tells more than the ratio.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import psycopg
from psycopg import sql

from hotich.accounts.queries import actor_for, command_actor, officer_by_login
from hotich.accounts.services import make_demo_officers
from hotich.config.demo import Book, Demo, Mix, generate, write_book
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.intake.queries.report import Report
from hotich.intake.services import Delivery, import_book, withdraw_batch
from hotich.kernel import clock
from hotich.units.models import Office
from hotich.units.services import mark_demo_offices

WARM_UP = 7
SEEDS = (11, 97, 401)
SCALE, LARGE_SCALE = 4.0, 24.0


@dataclass(frozen=True, slots=True)
class Round:
    """One import and its baseline. Seconds; `busy` is processor time of this process and its helpers."""

    rows: int
    stored: int
    seconds: float
    busy: float
    baseline: float

    @property
    def ratio(self) -> float:
        """Speed of the import by that of the COPY: rows that were rejected are read, but not copied."""
        return (self.rows / self.seconds) / (self.stored / self.baseline)


def run() -> None:
    """Print rows a second of the import and of the raw COPY, and their ratio (median of the rounds)."""
    _round(WARM_UP, SCALE, Mix())
    print(f"{'birth workbooks':26}{'rows':>7}{'import':>9}{'COPY':>10}{'busy a row':>12}   ratio: median (min … max)")
    for title, scale, mix in (
        ("without faults", SCALE, Mix.clean()),
        ("five times the faults", SCALE, _five_times()),
        ("large", LARGE_SCALE, Mix()),
    ):
        rounds = [_round(seed, scale, mix) for seed in SEEDS]
        ratios = [each.ratio for each in rounds]
        print(
            f"{title:26}{statistics.median(each.rows for each in rounds):>7}"
            f"{statistics.median(each.rows / each.seconds for each in rounds):>7.0f}/s"
            f"{statistics.median(each.stored / each.baseline for each in rounds):>8.0f}/s"
            f"{statistics.median(each.busy / each.rows for each in rounds) * 1e6:>9.0f} µs"
            f"   {statistics.median(ratios):.2f} ({min(ratios):.2f} … {max(ratios):.2f})",
            flush=True,
        )


def _five_times() -> Mix:
    usual = Mix()
    return replace(usual, **{f.name: 5 * getattr(usual, f.name) for f in fields(usual) if f.type in ("int", int)})


def _round(seed: int, scale: float, mix: Mix) -> Round:
    demo = generate(seed=seed, scale=scale, faults=mix)
    book = _largest_pile(demo)
    mark_demo_offices(codes=[office.code for office in demo.offices])
    offices = list(Office.objects.filter(is_demo=True).order_by("code"))
    make_demo_officers(actor=command_actor(), at=clock.now(), offices=offices)
    office = next(office for office in offices if office.code == book.office_code)
    keyers = [actor_for(officer_by_login(f"nhap.{n}")) for n in (1, 2, 3)]
    actor = next(actor for actor in keyers if office.id in actor.office_ids)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_book(book, path)
        seconds, busy, report = _timed(
            lambda: import_book(
                actor=actor, at=clock.now(), office_id=office.id, delivery=Delivery(path.name, path.read_bytes())
            )
        )
    stored = report["accepted"] + report["held"]
    baseline = _copy_again(report["batch"], stored)
    with office_scope(actor.office_ids):
        withdraw_batch(actor=actor, at=clock.now(), batch_id=report["batch"])
    return Round(report["rows"], stored, seconds, busy, baseline)


def _largest_pile(demo: Demo) -> Book:
    """All births of one office and one template, as one workbook."""
    piles: dict[tuple[str, int], list[Book]] = {}
    for book in demo.books:
        if book.letters == "KS":
            piles.setdefault((book.office_code, book.template), []).append(book)
    pile = max(piles.values(), key=lambda books: sum(len(book.rows) for book in books))
    whole = Book(pile[0].office_code, "KS", pile[0].era, pile[0].number, pile[0].year)
    for book in pile:
        whole.damage |= {(row + len(whole.rows), column): kind for (row, column), kind in book.damage.items()}
        whole.rows += book.rows
    return whole


def _timed(work: Callable[[], Report]) -> tuple[float, float, Report]:
    begun, busy = time.perf_counter(), _processor_time()
    result = work()
    return time.perf_counter() - begun, _processor_time() - busy, result


def _processor_time() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _copy_again(batch: str, expected: int) -> float:
    """Seconds of a raw COPY of the batch's case rows, by a BYPASSRLS role, committed, then taken back."""
    table = sql.Identifier(Case._meta.db_table)
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in Case._meta.concrete_fields)
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        _make_bench_role(connection)
        connection.execute("set role hotich_bench")
        out = sql.SQL("copy (select {} from {} where batch_id = {}) to stdout").format(
            columns, table, sql.Literal(batch)
        )
        with connection.cursor() as cursor, cursor.copy(out) as copy:
            lines = [bytes(data) for data in copy]
        assert len(lines) == expected, (len(lines), expected)
        connection.execute(sql.SQL("delete from {} where batch_id = {}").format(table, sql.Literal(batch)))
        begun = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table, columns)) as copy:
                for line in lines:
                    copy.write(line)
        return time.perf_counter() - begun


def _make_bench_role(connection: psycopg.Connection) -> None:
    connection.execute(
        "do $$ begin if not exists (select from pg_roles where rolname = 'hotich_bench') then "
        "create role hotich_bench nologin bypassrls; end if; end $$"
    )
    connection.execute(f"grant select, insert, delete on {Case._meta.db_table} to hotich_bench")
