"""Packages are made: cut from scanned cases, from pages, or from a range of numbers of a book keyed from paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.ids import stable_uuid, uuid7
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    BookPlace,
    BookWork,
    BookWorkState,
    CheckMode,
    ItemKind,
    KeyingPackage,
    KeyingTeam,
    PackageItem,
)
from hotich.keying.queries.to_key import numbers_taken, pages_to_key, scans_to_key
from hotich.keying.rules.workflow import DEFAULT_MODE
from hotich.keying.services.access import LEAD, must_have, must_keep, note_package, working_team
from hotich.registers.models import Book
from hotich.registers.queries.configuration import constant_at
from hotich.registers.types import UnknownRegister, version_for

SPACING = 1000  # between the positions of two items: cases found between them have a place of their own
SMALLEST, LARGEST = 1, 500  # items of a package
MOST_PACKAGES = 1000  # of one act
MOST_NUMBERS = 20_000  # of one range: a typing error must not make a hundred thousand places


@dataclass(frozen=True, slots=True)
class Place:
    """One item to be: a scanned case, a page, or a number alone."""

    kind: str = ItemKind.CASE
    scanned_case_id: UUID | None = None
    page_id: UUID | None = None
    number: int | None = None
    number_suffix: str = ""
    registration_year: int | None = None


def cut_packages(
    *,
    actor: Actor,
    at: datetime,
    book_id: UUID,
    request_key: UUID,
    size: int | None = None,
    numbers: tuple[int, int, int] | None = None,
    scan_batch_id: UUID | None = None,
    mode: str = "",
    team_id: UUID | None = None,
) -> list[KeyingPackage]:
    """Cut what no package of the book has yet into packages of `size` items (else as the setting says), in the order
    of the book: its scanned cases; where it has none, its pages, to be keyed case by case; or the places of `numbers`
    (first, last, year), for a book keyed from the paper itself. `team_id`: only its members may take them. The same
    `request_key` again gives the same packages.

    Raises RuleBroken: not_allowed, book_unknown, office_not_in_scope, book_not_listed, book_placed_elsewhere,
    book_is_lost (there is no paper to key from; scans may still be keyed),
    era_without_register, mode_unknown, size_out_of_range, numbers_malformed, nothing_to_cut, too_many_packages,
    request_key_used, team_unknown, team_closed.
    """
    officer = must_have(actor, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        book = locked_book(actor, book_id)
        if made := _made_before(book, request_key):
            return made
        listed = _work_of(book)
        frame = replace(_frame(officer, at, book, listed, mode), team=working_team(actor, team_id))
        size = _size(size, book)
        if numbers is not None and listed.is_lost:
            raise RuleBroken("book_is_lost", field="book", book=book.label)
        places = _range(book, numbers) if numbers is not None else _scans_or_pages(book, scan_batch_id)
        if not places:
            raise RuleBroken("nothing_to_cut")
        if len(places) > size * MOST_PACKAGES:
            raise RuleBroken("too_many_packages", most=MOST_PACKAGES)
        pieces = [places[start : start + size] for start in range(0, len(places), size)]
        names = [stable_uuid("keying_package", request_key, place) for place in range(len(pieces))]
        packages = make_packages(work, frame, list(zip(names, pieces, strict=True)))
        if listed.state == BookWorkState.LISTED:
            listed.state, listed.version = BookWorkState.OPEN, listed.version + 1
            listed.save(update_fields=["state", "version"])
    return packages


@dataclass(frozen=True, slots=True)
class Frame:
    """What the packages made in one act share."""

    officer: int
    at: datetime
    book: Book
    schema_version: str
    mode: str
    sample_per_mille: int
    is_on_demand: bool = False
    team: KeyingTeam | None = None


def make_packages(
    work: UnitOfWork, frame: Frame, pieces: Sequence[tuple[UUID, Sequence[Place]]]
) -> list[KeyingPackage]:
    """Packages of a locked book, each with its identifier and its places."""
    last = KeyingPackage.objects.filter(book=frame.book).aggregate(last=Max("position"))["last"] or 0
    packages = [_package(frame, last + step, *piece) for step, piece in enumerate(pieces, start=1)]
    KeyingPackage.objects.bulk_create(packages, batch_size=500)
    PackageItem.objects.bulk_create(
        [
            _item(package, step, place)
            for package, (_, places) in zip(packages, pieces, strict=True)
            for step, place in enumerate(places, start=1)
        ],
        batch_size=500,
    )
    for package in packages:
        note_package(work, package, "package.cut", cases=package.items_total, on_demand=package.is_on_demand)
    return packages


def _package(frame: Frame, position: int, identity: UUID, places: Sequence[Place]) -> KeyingPackage:
    return KeyingPackage(
        id=identity,
        origin_office_id=frame.book.origin_office_id,
        book=frame.book,
        position=position,
        schema_version=frame.schema_version,
        mode=frame.mode,
        sample_per_mille=frame.sample_per_mille,
        items_total=len(places),
        is_on_demand=frame.is_on_demand,
        team=frame.team,
        created_by=frame.officer,
        created_at=frame.at,
    )


def _item(package: KeyingPackage, step: int, place: Place) -> PackageItem:
    return PackageItem(
        id=uuid7(),
        origin_office_id=package.origin_office_id,
        package=package,
        position=step * SPACING,
        kind=place.kind,
        scanned_case_id=place.scanned_case_id,
        page_id=place.page_id,
        number=place.number,
        number_suffix=place.number_suffix,
        registration_year=place.registration_year,
    )


def locked_book(actor: Actor, book_id: UUID) -> Book:
    """The book, locked: one at a time cuts it. Raises RuleBroken book_unknown, office_not_in_scope."""
    book = Book.objects.select_for_update(of=("self",)).filter(id=book_id).first()
    if book is None:
        raise RuleBroken("book_unknown")
    must_keep(actor, book.origin_office_id)
    return book


def frame_of(
    officer: int, at: datetime, book: Book, *, mode: str = "", sample: int | None = None, is_on_demand: bool = False
) -> Frame:
    """What packages of a book have in common. Raises RuleBroken era_without_register, mode_unknown."""
    try:
        version = version_for(book.register_type, book.era)
    except UnknownRegister as error:
        raise RuleBroken("era_without_register", field="era", era=book.era) from error
    mode = mode or DEFAULT_MODE
    if mode not in CheckMode:
        raise RuleBroken("mode_unknown", field="mode", mode=mode)
    share = constant_at("keying_sample", book.origin_office_id) if sample is None else sample
    return Frame(officer, at, book, version.id, mode, share, is_on_demand)


def _frame(officer: int, at: datetime, book: Book, listed: BookWork, mode: str) -> Frame:
    return frame_of(officer, at, book, mode=mode or listed.mode, sample=listed.sample_per_mille)


def _work_of(book: Book) -> BookWork:
    """The book as work. Raises RuleBroken book_not_listed, book_placed_elsewhere."""
    listed = BookWork.objects.select_for_update(of=("self",)).filter(book=book).first()
    if listed is None:
        raise RuleBroken("book_not_listed")
    if listed.place != BookPlace.HERE:
        raise RuleBroken("book_placed_elsewhere", place=str(BookPlace(listed.place).label))
    return listed


def _size(size: int | None, book: Book) -> int:
    wanted = constant_at("keying_package_size", book.origin_office_id) if size is None else size
    if not SMALLEST <= wanted <= LARGEST:
        raise RuleBroken("size_out_of_range", field="size", least=SMALLEST, most=LARGEST)
    return wanted


def _made_before(book: Book, request_key: UUID) -> list[KeyingPackage]:
    """The packages this request made already: their identifiers follow from its key. Raises RuleBroken
    request_key_used where they are of another book."""
    first = KeyingPackage.objects.filter(id=stable_uuid("keying_package", request_key, 0)).first()
    if first is None:
        return []
    if first.book_id != book.id:
        raise RuleBroken("request_key_used")
    names = [stable_uuid("keying_package", request_key, place) for place in range(MOST_PACKAGES)]
    return list(KeyingPackage.objects.filter(id__in=names).select_related("book").order_by("position"))


def _scans_or_pages(book: Book, scan_batch_id: UUID | None) -> list[Place]:
    """Scanned cases nobody keys; where there is none, the pages that were not cut into cases."""
    scans = scans_to_key(book, scan_batch_id)
    if scans:
        return [
            Place(
                scanned_case_id=scan.id,
                number=scan.number,
                number_suffix=scan.number_suffix,
                registration_year=scan.registration_year or scan.batch.registration_year or book.opening_year,
            )
            for scan in scans
        ]
    return [
        Place(
            kind=ItemKind.PAGE,
            page_id=page.id,
            registration_year=page.batch.registration_year or book.opening_year,
        )
        for page in pages_to_key(book, scan_batch_id)
    ]


def _range(book: Book, numbers: tuple[int, int, int]) -> list[Place]:
    """The numbers of a range that nobody keyed and no package has. Raises RuleBroken numbers_malformed."""
    first, last, year = numbers
    if not (1 <= first <= last < first + MOST_NUMBERS and 1900 <= year <= 2100):
        raise RuleBroken("numbers_malformed", field="numbers", most=MOST_NUMBERS)
    taken = numbers_taken(book, first, last, year)
    return [Place(number=number, registration_year=year) for number in range(first, last + 1) if number not in taken]
