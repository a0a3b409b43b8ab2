import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import track

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for, command_actor, officer_by_login
from hotich.accounts.services import make_demo_officers
from hotich.config.demo import Book, Demo, generate, write_all
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

# the order of the work in a phase: so that parents are there before their children, and both before later changes
ORDER = ("KH", "KS", "CMC", "HN", "KT", "GH", "CDGH", "LH", "CN", "TD")
LEFT_WAITING = 12  # every so many books one is imported but not approved: there is work on the screens


@dataclass(frozen=True, slots=True)
class Desk:
    """The officers of one office that live in the demo, and the offices whose books it keeps."""

    keyer: Actor
    approver: Actor
    officer: Actor


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
        desks = self._desks(demo)
        with tempfile.TemporaryDirectory() as folder:
            for number, (book, workbook, scans) in enumerate(self._deliveries(demo, Path(folder))):
                self._bring_in(book, workbook, scans, desks[book.office_code], number)
        marker.write_text("loaded")
        self.stdout.write(f"demo data: {demo.case_count} cases in {time.monotonic() - begun:.0f} s")

    def _desks(self, demo: Demo) -> dict[str, Desk]:
        mark_demo_offices(codes=[office.code for office in demo.offices])
        offices = {office.code: office for office in demo_offices()}
        living = [offices[office.code] for office in demo.offices if not office.valid_to]
        make_demo_officers(actor=command_actor(), at=clock.now(), offices=living)
        desks = {}
        for number, office in enumerate(living, start=1):
            keyer, approver, officer = (
                actor_for(officer_by_login(f"{login}.{number}")) for login in ("nhap", "duyet", "can.bo")
            )
            for kept in Office.objects.filter(id__in=offices_kept_by([office.id])):
                desks[kept.code] = Desk(keyer, approver, officer)
        return desks

    def _deliveries(self, demo: Demo, folder: Path) -> Iterator[tuple[Book, Path, Path | None]]:
        books = sorted(
            demo.books, key=lambda book: (ORDER.index(book.letters), book.year, book.number, book.office_code)
        )
        made = write_all(demo, folder, books)
        yield from track(made, description="demo …", total=len(books), transient=True)

    def _bring_in(self, book: Book, workbook: Path, scans: Path | None, desk: Desk, number: int) -> None:
        at = self._moment(number)
        office = Office.objects.get(code=book.office_code)
        delivery = Delivery(workbook.name, workbook.read_bytes(), scans, book.era)
        report = import_book(actor=desk.keyer, at=at, office_id=office.id, delivery=delivery)
        if number % LEFT_WAITING == LEFT_WAITING - 1:
            return
        with office_scope(desk.approver.office_ids):
            approve_batch(actor=desk.approver, at=at + timedelta(hours=2), batch_id=UUID(str(report["batch"])))
            self._close(book, office.id, desk.officer, at)

    def _close(self, book: Book, office_id: int, officer: Actor, at: datetime) -> None:
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

    def _moment(self, number: int) -> datetime:
        """Work of the last weeks, some books a day."""
        morning = clock.now().replace(hour=1, minute=0, second=0, microsecond=0)  # 08:00 in Vietnam
        return morning - timedelta(days=20 - number // 10) + timedelta(minutes=40 * (number % 10))
