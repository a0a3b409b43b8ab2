import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg.errors
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from rich.progress import Progress

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for, command_actor, officer_by_login
from hotich.accounts.services import make_demo_officers
from hotich.config.demo import Book, Demo, generate, write_each
from hotich.config.management.commands._demo_keying import make_keying
from hotich.database.scope import office_scope
from hotich.database.state import state_folder
from hotich.intake.services import Delivery, approve_batch, import_book
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.queries import book_by_label
from hotich.registers.services import ClosingTotals, update_closing_totals
from hotich.units.models import Office
from hotich.units.queries import demo_offices, offices_kept_by
from hotich.units.services import mark_demo_offices

# the order of the work at a desk: so that parents are there before their children, and both before later changes
ORDER = ("KH", "KS", "CMC", "HN", "KT", "GH", "CDGH", "LH", "CN", "TD")
LEFT_WAITING = 12  # every so many books one is imported but not approved: there is work on the screens
TRIES = 3  # two desks at work may stop each other over a person both know; the database then ends one of them


@dataclass(frozen=True, slots=True)
class Desk:
    """The officers of one office that live in the demo, and the offices whose books it keeps."""

    keyer: Actor
    approver: Actor
    officer: Actor
    offices: dict[str, int]


Piled = tuple[int, Book]
"""A book and its number among all books, which decides on its day and on whether it is left waiting."""


class Command(BaseCommand):
    help = "Load the demo: three communes, their officers with known sign-ins, their books through import and approval"

    def handle(self, *args: Any, **options: Any) -> None:
        marker = state_folder() / "demo"
        if marker.exists() and marker.read_text() == "loaded":
            self.stdout.write("the demo data is there")
            return
        if not marker.exists() and Officer.objects.exists():
            raise CommandError("officers exist already: the demo is only loaded into an empty installation")
        marker.write_text("loading")  # a killed loading goes on where it stopped: every step of it is idempotent
        settings.DEMO = True
        begun, demo = time.monotonic(), generate()
        self._work(_desks(demo), demo)
        make_keying(demo)
        marker.write_text("loaded")
        self.stdout.write(f"demo data: {demo.case_count} cases in {time.monotonic() - begun:.0f} s")

    def _work(self, desks: Sequence[Desk], demo: Demo) -> None:
        """One process a desk: no desk needs another's books, what one has for another waits there as a notice."""
        books = list(enumerate(sorted(demo.books, key=_turn)))
        connections.close_all()  # no process may use the connection of another
        context = multiprocessing.get_context("fork")
        done: SimpleQueue[int] = context.SimpleQueue()
        workers = []
        for desk in desks:
            pile = [(number, book) for number, book in books if book.office_code in desk.offices]
            workers.append(context.Process(target=_work_off, args=(desk, demo, pile, done)))
        for worker in workers:
            worker.start()
        with Progress(transient=True) as progress:
            task = progress.add_task("demo …", total=len(books))
            while any(worker.is_alive() for worker in workers) or not done.empty():
                while not done.empty():
                    progress.advance(task, done.get())
                time.sleep(0.05)
        if any(worker.exitcode for worker in workers):
            raise CommandError("the demo could not be loaded whole; the same command goes on where it stopped")


def _turn(book: Book) -> tuple[int, int, str, str]:
    return ORDER.index(book.letters), book.year, book.number, book.office_code


def _desks(demo: Demo) -> list[Desk]:
    mark_demo_offices(codes=[office.code for office in demo.offices])
    offices = {office.code: office for office in demo_offices()}
    living = [offices[office.code] for office in demo.offices if not office.valid_to]
    make_demo_officers(actor=command_actor(), at=clock.now(), offices=living)
    desks = []
    for number, office in enumerate(living, start=1):
        keyer, approver, officer = (
            actor_for(officer_by_login(f"{login}.{number}")) for login in ("nhap", "duyet", "can.bo")
        )
        kept = Office.objects.filter(id__in=offices_kept_by([office.id]))
        desks.append(Desk(keyer, approver, officer, {each.code: each.id for each in kept}))
    return desks


def _work_off(desk: Desk, demo: Demo, pile: Sequence[Piled], done: "SimpleQueue[int]") -> None:
    """What the process of a desk does: every book written, imported, approved and closed, in order."""
    numbers: Iterator[int] = iter([number for number, _ in pile])
    with tempfile.TemporaryDirectory() as folder:
        for book, workbook, scans in write_each(Path(folder), [book for _, book in pile]):
            _bring_in(desk, book, workbook, scans, next(numbers))
            done.put(1)
    connections.close_all()


def _bring_in(desk: Desk, book: Book, workbook: Path, scans: Path | None, number: int) -> None:
    for left in reversed(range(TRIES)):
        try:
            _import_and_approve(desk, book, workbook, scans, number)
            return
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
                raise


def _import_and_approve(desk: Desk, book: Book, workbook: Path, scans: Path | None, number: int) -> None:
    at, office = _moment(number), desk.offices[book.office_code]
    delivery = Delivery(workbook.name, workbook.read_bytes(), scans, book.era)
    report = import_book(actor=desk.keyer, at=at, office_id=office, delivery=delivery)
    if number % LEFT_WAITING == LEFT_WAITING - 1:
        return
    with office_scope(desk.approver.office_ids):
        approve_batch(actor=desk.approver, at=at + timedelta(hours=2), batch_id=UUID(str(report["batch"])))
        _close(book, office, desk.officer, at)


def _close(book: Book, office_id: int, officer: Actor, at: datetime) -> None:
    """The control totals as the officer wrote them when the book was closed."""
    try:
        found = book_by_label(office_id, book.letters, book.label)
    except RuleBroken:
        return  # not one row of it could be approved
    if found.cases_declared is not None or book.year >= at.year:
        return
    totals = ClosingTotals(
        opened_on=date(book.year, 1, 2),
        closed_on=date(book.year, 12, 31),
        cases_declared=book.cases,
        pages_total=book.cases + 4,
        blank_pages=4,
    )
    update_closing_totals(actor=officer, at=at, book_id=found.id, version=found.version, totals=totals)


def _moment(number: int) -> datetime:
    """Work of the last weeks, some books a day."""
    morning = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)  # 08:00 in Vietnam
    return morning - timedelta(days=20 - number // 10) + timedelta(minutes=40 * (number % 10))
