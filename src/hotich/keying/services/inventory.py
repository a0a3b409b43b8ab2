"""Writes: register books as work – listed, counted, classified, and where each is entered (A1–A3, A7, H2).

Whoever cuts packages of a book locks the book first; so does whoever changes its place (`locked_works`). So a book is
never marked as entered elsewhere and cut into packages at the same time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    BookPlace,
    BookWork,
    CheckMode,
    ForceKind,
    KeyingHandoverLine,
    KeyingPackage,
    PackageState,
)
from hotich.keying.rules.phases import GROUPS, PHASES, group_of, phase_of
from hotich.registers.models import Book, BookCopy
from hotich.registers.queries import books_of_offices
from hotich.registers.rules.reading import read_book
from hotich.registers.services import find_or_make_book
from hotich.registers.types import UnknownRegister, version_for
from hotich.units.queries import offices_by_id

MANAGE = "inventory.manage"
MOST_AT_ONCE = 2000  # books of one act
LONGEST_REASON, LONGEST_NOTE = 300, 500


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What an officer writes of a book at the inventory. `mode` "" and `sample_per_mille` None: as the settings say."""

    phase: int
    group: int
    counted_pages: int | None = None
    counted_cases: int | None = None
    is_damaged: bool = False
    is_lost: bool = False
    notes: str = ""
    mode: str = ""
    sample_per_mille: int | None = None


def book_title(book: Book) -> str:
    """A book in a refusal: KS 01/2006."""
    return f"{book.register_type} {book.label}"


def must_manage(actor: Actor) -> int:
    """The officer who acts. Raises RuleBroken not_allowed without the right, or for the system itself."""
    if actor.officer_id is None or not actor.may(MANAGE):
        raise RuleBroken("not_allowed")
    return actor.officer_id


def books_in_reach(actor: Actor, book_ids: Collection[UUID]) -> list[Book]:
    """These books, as on the shelf. Raises RuleBroken nothing_chosen, too_many_chosen, book_unknown.

    A book that is kept here but whose registering office is out of reach is as unknown as one of strangers: its row
    would lie beyond row-level security.
    """
    wanted = set(book_ids)
    if not wanted:
        raise RuleBroken("nothing_chosen")
    if len(wanted) > MOST_AT_ONCE:
        raise RuleBroken("too_many_chosen", most=MOST_AT_ONCE)
    books = books_of_offices(actor.office_ids).filter(id__in=wanted, origin_office_id__in=actor.office_ids)
    found = list(books)
    if len(found) != len(wanted):
        raise RuleBroken("book_unknown")
    return found


def list_books(*, actor: Actor, at: datetime, book_ids: Collection[UUID]) -> list[BookWork]:
    """Take books into the inventory, each with the phase of its era and the group of its type; those made now.

    Books listed before are left as they are. Raises RuleBroken not_allowed, nothing_chosen, too_many_chosen,
    book_unknown, book_born_digital.
    """
    officer = must_manage(actor)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        books = books_in_reach(actor, book_ids)
        known = set(BookWork.objects.filter(book__in=books).values_list("book_id", flat=True))
        return _list(work, at, officer, [book for book in books if book.id not in known])


@dataclass(frozen=True, slots=True)
class NewBook:
    """A book of paper nobody has entered anything of: register (its letters), era, number on the spine and year."""

    office_id: int
    register_type: str
    era: str
    number: str
    year: int
    copy: str = BookCopy.COMMUNE
    is_number_assigned: bool = False  # the spine shows none: ours is a surrogate


def open_and_list_book(
    *, actor: Actor, at: datetime, book: NewBook, pages: int | None = None, cases: int | None = None
) -> BookWork:
    """Take a book into the system and the inventory, with the pages and cases counted by hand.

    Raises RuleBroken not_allowed, office_not_in_scope, count_negative, book_number_too_long, book_label_unreadable (no
    number of a book), era_without_register, office_not_of_year, book_listed_already, book_born_digital.
    """
    officer = must_manage(actor)
    if min(pages or 0, cases or 0) < 0:
        raise RuleBroken("count_negative", field="counted_pages")
    read = read_book(f"{book.number}/{book.year}")
    if read is None:
        raise RuleBroken("book_label_unreadable", field="number", number=book.number)
    try:
        version_for(book.register_type, book.era)
    except UnknownRegister as error:
        raise RuleBroken("era_without_register", field="era", era=book.era) from error
    _must_have_been_there(book)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        made = find_or_make_book(
            actor=actor, at=at, office_id=book.office_id, register_type=book.register_type, era=book.era,
            number=read.number, year=book.year, assigned=book.is_number_assigned, copy=book.copy,
        )  # fmt: skip
        if BookWork.objects.filter(book=made).exists():
            raise RuleBroken("book_listed_already", field="number", book=book_title(made))
        [row] = _list(work, at, officer, [made])
        row.counted_pages, row.counted_cases = pages, cases
        row.save(update_fields=["counted_pages", "counted_cases"])
    return row


def _must_have_been_there(book: NewBook) -> None:
    """Whoever registered was there in the year of the book: one of 2012 is not the commune's that was made in 2025."""
    office = offices_by_id([book.office_id]).get(book.office_id)
    if office is None:
        return  # out of scope: refused as such
    began = office.valid_from is not None and book.year < office.valid_from.year
    if began or (office.valid_to is not None and book.year > office.valid_to.year):
        raise RuleBroken("office_not_of_year", field="office", office=office.name, year=book.year)


def _list(work: UnitOfWork, at: datetime, officer: int, books: Sequence[Book]) -> list[BookWork]:
    rows = []
    for book in books:
        phase = phase_of(book.era, book.opening_year)
        if phase not in PHASES:
            raise RuleBroken("book_born_digital", book=book_title(book))
        rows.append(
            BookWork(
                origin_office_id=book.origin_office_id, book=book, phase=phase, group=group_of(book.register_type),
                listed_by=officer, listed_at=at,
            )
        )  # fmt: skip
    ids = [row.id for row in rows]
    BookWork.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may have listed one just now
    made = list(BookWork.objects.filter(id__in=ids).select_related("book"))
    for row in made:
        work.record(
            "book_work.listed", subject_kind="book", subject_id=row.book_id, subject_office=row.origin_office_id,
            facts={"phase": row.phase, "group": row.group},
        )  # fmt: skip
    return made


def update_book_work(*, actor: Actor, at: datetime, book_id: UUID, version: int, facts: WorkFacts) -> BookWork:
    """Write what the officer found: counts, phase and group put right, damage, how it is to be checked.

    Raises RuleBroken not_allowed, book_not_listed, book_work_changed_meanwhile, phase_unknown, group_unknown,
    count_negative, mode_unknown, sample_out_of_range.
    """
    must_manage(actor)
    _refuse_impossible(facts)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        row = locked_work(actor, book_id)
        if row.version != version:
            raise RuleBroken("book_work_changed_meanwhile")
        values = {**asdict(facts), "notes": facts.notes.strip()[:LONGEST_NOTE]}
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*changed, "version"])
        work.record(
            "book_work.updated", subject_kind="book", subject_id=row.book_id, subject_office=row.origin_office_id,
            before=before, after=changed, facts={"version": row.version},
        )  # fmt: skip
    return row


def _refuse_impossible(facts: WorkFacts) -> None:
    if facts.phase not in PHASES:
        raise RuleBroken("phase_unknown", field="phase")
    if facts.group not in GROUPS:
        raise RuleBroken("group_unknown", field="group")
    for name in ("counted_pages", "counted_cases"):
        if (getattr(facts, name) or 0) < 0:
            raise RuleBroken("count_negative", field=name)
    if facts.mode and facts.mode not in CheckMode.values:
        raise RuleBroken("mode_unknown", field="mode")
    if facts.sample_per_mille is not None and not 0 <= facts.sample_per_mille <= 1000:
        raise RuleBroken("sample_out_of_range", field="sample_per_mille")


def mark_place(
    *, actor: Actor, at: datetime, book_ids: Collection[UUID], place: str, reason: str
) -> list[BookWork]:  # fmt: skip
    """Say in which software whole lists of books are entered; books not listed yet are listed. Those changed.

    A reason is asked for wherever the place changes: elsewhere it is the proof (phase, decision, record), back here
    it says why the other entry does not count. Raises RuleBroken not_allowed, place_unknown, place_reason_missing,
    book_is_keyed_here, book_is_with_police, and what `list_books` raises.
    """
    must_manage(actor)
    if place not in BookPlace.values:
        raise RuleBroken("place_unknown", field="place")
    if not reason.strip():
        raise RuleBroken("place_reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        list_books(actor=actor, at=at, book_ids=book_ids)
        rows = [row for row in locked_works(book_ids) if row.place != place]
        return set_place(work, rows, place, reason.strip()[:LONGEST_REASON])


def locked_works(book_ids: Collection[UUID]) -> list[BookWork]:
    """The rows of listed books, locked – the books themselves first, as whoever cuts packages does."""
    books = Book.objects.select_for_update(of=("self",)).filter(id__in=set(book_ids)).order_by("id")
    ids = list(books.values_list("id", flat=True))
    rows = BookWork.objects.select_for_update(of=("self",)).select_related("book")
    return list(rows.filter(book_id__in=ids).order_by("book_id"))


def set_place(work: UnitOfWork, rows: Sequence[BookWork], place: str, reason: str) -> list[BookWork]:
    """Change the place of locked rows and note it. Raises RuleBroken book_is_keyed_here, book_is_with_police."""
    for row in rows:
        _refuse_second_entry(row, place)
        before = {"place": row.place, "place_reason": row.place_reason}
        row.place, row.place_reason = place, reason
        row.version += 1
        row.save(update_fields=["place", "place_reason", "version"])
        work.record(
            "book_work.placed", subject_kind="book", subject_id=row.book_id, subject_office=row.origin_office_id,
            before=before, after={"place": place, "place_reason": reason}, facts={"place": place},
        )  # fmt: skip
        work.announce("book_work.placed", subject_kind="book", subject_id=row.book_id, office=row.origin_office_id)
    return list(rows)


def _refuse_second_entry(row: BookWork, place: str) -> None:
    if place != BookPlace.HERE:
        packages = KeyingPackage.objects.filter(book_id=row.book_id).exclude(state=PackageState.WITHDRAWN).count()
        if packages:
            raise RuleBroken("book_is_keyed_here", book=book_title(row.book), packages=packages)
    out = KeyingHandoverLine.objects.filter(book_id=row.book_id, is_out=True, handover__force_kind=ForceKind.POLICE)
    if place != BookPlace.POLICE and out.exists():
        raise RuleBroken("book_is_with_police", book=book_title(row.book))


def locked_work(actor: Actor, book_id: UUID) -> BookWork:
    """The row of a book of the actor's offices, locked. Raises RuleBroken book_not_listed."""
    rows = BookWork.objects.select_for_update(of=("self",)).select_related("book")
    row = rows.filter(book_id=book_id, origin_office_id__in=actor.office_ids).first()
    if row is None:
        raise RuleBroken("book_not_listed")
    return row
