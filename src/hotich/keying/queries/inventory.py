"""Reads: books as work – lists, totals by type, year, phase, place and state, what is not listed, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hotich.intake.models import Batch, Case, CaseState
from hotich.kernel.actor import Actor
from hotich.keying.models import (
    BookPlace,
    BookWork,
    BookWorkState,
    Denominator,
    Entry,
    KeyingHandoverLine,
    KeyingHandoverState,
)
from hotich.keying.rules.inventory import ShelfGap, shelf_gaps
from hotich.registers.models import Book, BookCopy
from hotich.registers.queries import books_of_offices
from hotich.registers.types.declaration import Era

DONE = (BookWorkState.KEYED, BookWorkState.ACCEPTED)
ELSEWHERE = "elsewhere"  # beside the states: the book is entered in other software
LOST = "lost"
NEEDS = ("lost", "damaged", "out")  # what a list can be narrowed to beside the columns


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """How a list of books is narrowed; what is empty narrows nothing."""

    register_type: str = ""
    phase: int | None = None
    group: int | None = None
    place: str = ""
    state: str = ""
    year: int | None = None
    need: str = ""


@dataclass(slots=True)
class Tally:
    """Totals of some books. `expected`: cases said to be in those entered here, `entered` how many of these are there;
    `unknown`: of how many books nobody says, which count in neither."""

    books: int = 0
    done: int = 0
    elsewhere: int = 0
    lost: int = 0
    pages: int = 0
    cases: int = 0
    entered: int = 0
    expected: int = 0
    unknown: int = 0
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def here(self) -> int:
        """Books that are to be entered here."""
        return self.books - self.elsewhere - self.lost


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of an inventory, whole and by type and phase, year, phase, place and state."""

    whole: Tally
    by_type: dict[tuple[str, int], Tally]
    by_year: dict[int, Tally]
    by_phase: dict[int, Tally]
    by_place: dict[str, Tally]
    damaged: int = 0


def book_works(actor: Actor, wanted: WorkFilter | None = None) -> QuerySet[BookWork]:
    """Listed books of the actor's offices in the order they are worked: phase, group, year, number."""
    wanted = wanted or WorkFilter()
    works = BookWork.objects.filter(origin_office_id__in=actor.office_ids)
    equal: dict[str, Any] = {
        "book__register_type": wanted.register_type, "phase": wanted.phase, "group": wanted.group,
        "place": wanted.place, "state": wanted.state, "book__opening_year": wanted.year,
    }  # fmt: skip
    works = works.filter(**{name: value for name, value in equal.items() if value not in ("", None)})
    if wanted.need == "lost":
        works = works.filter(is_lost=True)
    elif wanted.need == "damaged":
        works = works.filter(is_damaged=True)
    elif wanted.need == "out":
        works = works.filter(book_id__in=KeyingHandoverLine.objects.filter(is_out=True).values("book_id"))
    return works.select_related("book__origin_office", "book__keeping_office").order_by(
        "phase", "group", "book__opening_year", "book__number", "book__copy", "origin_office_id"
    )


def books_not_listed(actor: Actor) -> QuerySet[Book]:
    """Paper books of the actor's offices that no inventory holds yet; those born on the shared software are none."""
    listed = BookWork.objects.filter(origin_office_id__in=actor.office_ids).values("book_id")
    books = books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids)
    return books.exclude(era=Era.LIVE).exclude(id__in=listed)


def keyed_of_books(book_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many entries were keyed of each book here."""
    rows = Entry.objects.filter(package__book_id__in=list(book_ids)).order_by().values("package__book_id")
    return {row["package__book_id"]: row["n"] for row in rows.annotate(n=Count("id"))}


def imported_of_books(books: Iterable[Book]) -> dict[UUID, int]:
    """How many cases of each book came in by workbooks: what the police keyed, or software before this one.

    A workbook knows no copies: its cases count at the commune's original.
    """
    shelf = {
        (book.origin_office_id, book.register_type, book.opening_year, book.number): book.id
        for book in books
        if book.copy == BookCopy.COMMUNE
    }
    if not shelf:
        return {}
    offices, types, years, _numbers = map(set, zip(*shelf, strict=True))
    rows = (
        Case.objects.filter(
            origin_office_id__in=offices, register_type__in=types, book_year__in=years, batch__workbook__isnull=False
        )
        .exclude(state=CaseState.WITHDRAWN)
        .order_by()
        .values_list("origin_office_id", "register_type", "book_year", "book_number")
        .annotate(n=Count("id"))
    )
    return {shelf[key]: n for *place, n in rows if (key := tuple(place)) in shelf}


def denominators_of(book_ids: Iterable[UUID]) -> dict[UUID, Denominator]:
    """The denominator in force of each book that has one."""
    return {row.book_id: row for row in Denominator.objects.filter(book_id__in=list(book_ids), is_current=True)}


def entered_of_books(works: Iterable[BookWork]) -> dict[UUID, int]:
    """How many cases of each book are here: keyed, or come in by a workbook."""
    rows = list(works)
    keyed, imported = keyed_of_books([row.book_id for row in rows]), imported_of_books([row.book for row in rows])
    return {book_id: keyed.get(book_id, 0) + imported.get(book_id, 0) for book_id in {*keyed, *imported}}


def expected_cases(row: BookWork, frozen: Denominator | None) -> int | None:
    """How many cases a book is said to hold: the frozen value, else as counted, else as declared at closing."""
    if frozen is not None:
        return frozen.value
    return row.counted_cases if row.counted_cases is not None else row.book.cases_declared


def totals_of(works: Iterable[BookWork]) -> Totals:
    """Totals of listed books (`book_works`)."""
    rows = list(works)
    ids = [row.book_id for row in rows]
    frozen, entered = denominators_of(ids), entered_of_books(rows)
    totals = Totals(
        Tally(), defaultdict(Tally), defaultdict(Tally), defaultdict(Tally), defaultdict(Tally),
        damaged=sum(row.is_damaged for row in rows),
    )  # fmt: skip
    for row in rows:
        expected = expected_cases(row, frozen.get(row.book_id))
        for tally in (
            totals.whole,
            totals.by_type[row.book.register_type, row.phase],
            totals.by_year[row.book.opening_year],
            totals.by_phase[row.phase],
            totals.by_place[row.place],
        ):
            _add(tally, row, entered.get(row.book_id, 0), expected)
    return totals


def _add(tally: Tally, row: BookWork, entered: int, expected: int | None) -> None:
    is_elsewhere = row.place != BookPlace.HERE
    is_lost = row.is_lost and not is_elsewhere
    tally.books += 1
    tally.elsewhere += is_elsewhere
    tally.lost += is_lost
    tally.pages += (row.book.pages_total if row.counted_pages is None else row.counted_pages) or 0
    tally.cases += expected or 0
    tally.states[ELSEWHERE if is_elsewhere else LOST if is_lost else row.state] += 1
    if not is_elsewhere and not is_lost:
        tally.done += row.state in DONE
        if expected is None:
            tally.unknown += 1
        else:  # a share is of the books whose number is known: what the others hold would make it more than whole
            tally.entered += entered
            tally.expected += expected


def missing_on_shelf(actor: Actor) -> list[tuple[int, ShelfGap]]:
    """Books that seem to be missing, by the office that registered: years without a book, numbers skipped."""
    shelves: dict[int, set[tuple[str, int, str]]] = defaultdict(set)
    books = books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids).exclude(era=Era.LIVE)
    for office, letters, year, number in books.values_list(
        "origin_office_id", "register_type", "opening_year", "number"
    ):
        shelves[office].add((letters, year, number))
    return [(office, gap) for office, shelf in sorted(shelves.items()) for gap in shelf_gaps(shelf)]


def out_lines(book_ids: Iterable[UUID]) -> dict[UUID, KeyingHandoverLine]:
    """The hand-over each of these books is out with."""
    lines = KeyingHandoverLine.objects.filter(book_id__in=list(book_ids), is_out=True).select_related("handover")
    return {line.book_id: line for line in lines}


def handover_lines_of(book_id: UUID) -> Sequence[KeyingHandoverLine]:
    """Every hand-over a book went through, the newest first; drafts and those given up are none."""
    done = (KeyingHandoverState.HANDED_OVER, KeyingHandoverState.RETURNED)
    lines = KeyingHandoverLine.objects.filter(book_id=book_id, handover__state__in=done)
    return list(lines.select_related("handover").order_by("-handover__day", "-id"))


def imports_of_book(book: Book) -> list[tuple[Batch, int]]:
    """The workbooks whose rows are of this book, with how many of its cases each brought: what the police keyed, too.

    Batches of keying here have no workbook.
    """
    cases = (
        Case.objects.filter(
            Q(batch__workbook__isnull=False), origin_office_id=book.origin_office_id,
            register_type=book.register_type, book_year=book.opening_year, book_number=book.number,
        )
        .exclude(state=CaseState.WITHDRAWN)
        .order_by()
    )  # fmt: skip
    counts = {row["batch"]: row["n"] for row in cases.values("batch").annotate(n=Count("id"))}
    batches = Batch.objects.filter(id__in=counts).order_by("-created_at")
    return [(batch, counts[batch.id]) for batch in batches]
