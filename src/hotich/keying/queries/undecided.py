"""Reads: cases of both originals of a book that wait for a decision, listed and counted (H6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from hotich.intake.models import Case, CaseState
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE
from hotich.intake.rules.workflow import HOLDS_ITS_NUMBER
from hotich.kernel.actor import Actor
from hotich.keying.models import (
    BookWork,
    BookWorkState,
    CheckState,
    Entry,
    EntryKind,
    KeyingPackage,
    PackageState,
)
from hotich.keying.queries.copies import CopyPair
from hotich.keying.queries.originals import Beside, besides, paired_entries, sibling_pair
from hotich.records.models import Record
from hotich.registers.models import Book, BookCopy
from hotich.registers.types import REGISTER_TYPES

KEYED = (PackageState.RELEASED, PackageState.CHECKING, PackageState.CHECKED)
SHARED_NUMBERS = frozenset(
    letters
    for letters, register in REGISTER_TYPES.items()
    if any(version.row_fields for version in register.every_version)
)
_SAME_BOOK = ("origin_office", "register_type", "number", "opening_year")  # with another copy: the other original
# a workbook that names no original is of the commune's: that one was entered before packages were
_COPY_OF_CASE = Coalesce(NullIf("batch__original", Value("")), Value(BookCopy.COMMUNE.value))


@dataclass(frozen=True, slots=True)
class Undecided:
    """A pair of books with the cases that wait for a decision: beside the other original, and only in the district's."""

    pair: CopyPair
    beside: int
    alone: int


def waiting_pairs(pair: CopyPair) -> list[Beside]:
    """Cases of handed-in packages of both originals that wait for their decision beside another, in the book's order."""
    return besides(list(_open_entries(pair).filter(case__state=CaseState.HELD)))


def _open() -> QuerySet[Entry]:
    return Entry.objects.filter(package__state__in=KEYED, kind=EntryKind.CASE, original_decision__isnull=True)


def _open_entries(pair: CopyPair) -> QuerySet[Entry]:
    rows = _open().filter(package__book_id__in=[pair.first.id, pair.second.id])
    rows = rows.select_related("package__book", "package__origin_office", "item", "case__batch")
    return rows.order_by("case__registration_year", "case__number", "case__number_suffix", "id")


def waiting_alone(pair: CopyPair) -> list[Entry]:
    """Cases only the district's original has, once the commune's was keyed whole: each is entered, or not, by decision."""
    return list(only_in_district(_open_entries(pair)))


def count_undecided(book: Book) -> int:
    """How many cases of the two originals of a book wait for a decision; while any does the book is not accepted."""
    pair = sibling_pair(book)
    if pair is None:
        return 0
    rows = _open_entries(pair)
    return sum(_beside_by_book(rows).values()) + only_in_district(rows).count()


def alone_of_package(package: KeyingPackage) -> set[UUID]:
    """Entries of a package that stand only in its original and wait for the decision about that."""
    if package.book.copy != BookCopy.DISTRICT:
        return set()
    return set(only_in_district(_open().filter(package=package)).values_list("id", flat=True))


def alone_among(entries: Sequence[Entry]) -> set[UUID]:
    """Which of these entries stand only in the district's original and wait for the decision about that."""
    rows = _open().filter(id__in=[each.id for each in entries])
    return set(only_in_district(rows).values_list("id", flat=True))


def pairs_with_undecided(actor: Actor) -> list[Undecided]:
    """The books of which cases wait for a decision about both originals, for the queue of a checker.

    Everything is counted where it lies: no case is loaded, however many wait.
    """
    rows = _open().filter(origin_office_id__in=actor.office_ids)
    both, alone = _beside_by_book(rows), _by_book(only_in_district(rows))
    if not both and not alone:
        return []
    counted = []
    for pair in _pairs_of(both.keys() | alone.keys()):
        ids = (pair.first.id, pair.second.id)
        counted.append(Undecided(pair, sum(both.get(each, 0) for each in ids), sum(alone.get(each, 0) for each in ids)))
    return counted


def _beside_by_book(rows: QuerySet[Entry]) -> Counter[UUID]:
    """How many cases of each book stand beside the case of the other original that has their number."""
    held = _held_beside(rows)
    counted = _by_book(held.exclude(case__register_type__in=SHARED_NUMBERS))
    # several cases of such a register share a number, and only their words say which of them is meant
    shared = list(held.filter(case__register_type__in=SHARED_NUMBERS).select_related("package"))
    paired = paired_entries(shared)
    counted.update(each.package.book_id for each in shared if each.id in paired)
    return counted


def _by_book(rows: QuerySet[Entry]) -> Counter[UUID]:
    found = rows.order_by().values("package__book").annotate(n=Count("id"))
    return Counter({row["package__book"]: row["n"] for row in found})


def _held_beside(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Those held because a case of the other original has their number: `firsts_of`, asked of the database."""
    names = ("origin_office", "register_type", "book_number", "book_year", "registration_year", "number")
    others = Case.objects.filter(state__in=HOLDS_ITS_NUMBER, **{name: OuterRef(f"case__{name}") for name in names})
    others = others.alias(suffix=Lower("number_suffix"), copy=_COPY_OF_CASE).filter(
        ~Q(copy=OuterRef("case__batch__original")), suffix=Lower(OuterRef("case__number_suffix"))
    )
    held = rows.filter(case__state=CaseState.HELD, case__problems__contains=[{"code": NUMBER_UNIQUE}])
    return held.exclude(case__book_number="").filter(Exists(others))


def only_in_district(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of open entries those of a district's original whose number the commune's, keyed whole, does not have."""
    book = {f"book__{name}": OuterRef(f"package__book__{name}") for name in _SAME_BOOK} | {
        "book__copy": BookCopy.COMMUNE
    }
    whole = BookWork.objects.filter(**book, state__in=(BookWorkState.KEYED, BookWorkState.ACCEPTED))
    number = {name: OuterRef(f"case__{name}") for name in ("registration_year", "number")}
    suffix = Lower(OuterRef("case__number_suffix"))
    keyed = Entry.objects.filter(
        **{f"package__{name}": value for name, value in book.items()},
        **{f"case__{name}": value for name, value in number.items()},
    ).exclude(case__state=CaseState.WITHDRAWN, original_decision__isnull=True)  # fmt: skip
    # a record knows no copy: one that was keyed from the district's original lies in the commune's book too
    of_district = Entry.objects.filter(case_id=OuterRef("source_case_id"), package__book__copy=BookCopy.DISTRICT)
    records = Record.objects.filter(**book, **number).filter(~Exists(of_district))
    return rows.filter(
        Exists(whole),
        ~Exists(keyed.alias(suffix=Lower("case__number_suffix")).filter(suffix=suffix)),
        ~Exists(records.alias(suffix=Lower("number_suffix")).filter(suffix=suffix)),
        package__book__copy=BookCopy.DISTRICT, case__number__isnull=False,
        case__state__in=(CaseState.CHECKING, CaseState.WAITING, CaseState.HELD),
    ).exclude(check_state=CheckState.RETURNED)  # fmt: skip


def _pairs_of(book_ids: Collection[UUID]) -> list[CopyPair]:
    same = Book.objects.filter(id__in=book_ids, **{name: OuterRef(name) for name in _SAME_BOOK})
    found: dict[tuple[object, ...], dict[str, Book]] = defaultdict(dict)
    books = Book.objects.filter(Exists(same)).select_related("origin_office")
    for book in books.order_by("register_type", "opening_year", "number"):
        key = (book.origin_office_id, book.register_type, book.number, book.opening_year)
        found[key][book.copy] = book
    return [
        CopyPair(copies[BookCopy.COMMUNE], copies[BookCopy.DISTRICT])
        for copies in found.values()
        if len(copies) == len(BookCopy)
    ]
