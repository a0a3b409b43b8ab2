"""Reads: pairs of originals (commune, district) of the same book, what was keyed of each, and the findings (H6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from hotich.intake.models import CaseState
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookWork, BookWorkState, CopyComparison, Entry, OriginalDecision
from hotich.keying.rules.copies import KeyedCase, Number
from hotich.records.models import Annotation, Record
from hotich.registers.models import Book, BookCopy
from hotich.registers.queries import books_of_offices


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two originals of one book; how many findings there are, and how many of them wait for somebody."""

    first: Book
    second: Book
    findings: int = 0
    open: int = 0


def copy_pairs(actor: Actor) -> list[CopyPair]:
    """Every pair of the actor's offices, as on the shelf."""
    books = books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids)
    by_key: dict[tuple[object, ...], dict[str, Book]] = {}
    for book in books:
        key = (book.origin_office_id, book.register_type, book.opening_year, book.number)
        by_key.setdefault(key, {})[book.copy] = book
    pairs = [found for found in by_key.values() if len(found) == len(BookCopy)]
    counts = {
        row["first"]: row
        for row in CopyComparison.objects.filter(first__in=[pair[BookCopy.COMMUNE] for pair in pairs])
        .order_by()
        .values("first")
        .annotate(findings=Count("id"), open=Count("id", filter=Q(settled_at__isnull=True)))
    }
    made = []
    for pair in pairs:
        row = counts.get(pair[BookCopy.COMMUNE].id, {"findings": 0, "open": 0})
        made.append(CopyPair(pair[BookCopy.COMMUNE], pair[BookCopy.DISTRICT], row["findings"], row["open"]))
    return made


def pair_of(actor: Actor, book_id: UUID) -> CopyPair | None:
    """The pair a book belongs to, None where the other original is not known here. Raises RuleBroken book_unknown."""
    books = books_of_offices(actor.office_ids).filter(origin_office_id__in=actor.office_ids)
    book = books.filter(id=book_id).first()
    if book is None:
        raise RuleBroken("book_unknown")
    other = (
        books.filter(
            origin_office_id=book.origin_office_id, register_type=book.register_type, number=book.number,
            opening_year=book.opening_year,
        ).exclude(copy=book.copy)
    ).first()  # fmt: skip
    if other is None:
        return None
    first, second = (book, other) if book.copy == BookCopy.COMMUNE else (other, book)
    findings = CopyComparison.objects.filter(first=first)
    return CopyPair(first, second, findings.count(), findings.filter(settled_at__isnull=True).count())


def findings_of_pair(pair: CopyPair) -> QuerySet[CopyComparison]:
    """The findings of a pair: those nobody settled first, by number."""
    return CopyComparison.objects.filter(first=pair.first, second=pair.second).order_by(
        F("settled_at").asc(nulls_first=True), "registration_year", "number", "number_suffix", "id"
    )


def keyed_cases(book_id: UUID) -> dict[Number, KeyedCase]:
    """What was keyed of a copy, by registration year and number: the cases of its packages and the records in it.

    A record goes before the case it came from: it holds what was mended later.
    """
    entries = Entry.objects.filter(package__book_id=book_id, case__number__isnull=False)
    there = entries.exclude(case__state=CaseState.WITHDRAWN, original_decision__isnull=True)
    cases = there.values_list(
        "case__registration_year", "case__number", "case__number_suffix", "case__as_recorded", "case__annotations"
    )
    found = {
        (year, number, suffix): KeyedCase(values, len(notes))
        for year, number, suffix, values, notes in cases
        if year is not None and number is not None
    }
    # a record knows no copy: one that was keyed from the other original lies in this book too
    of_other = Entry.objects.exclude(package__book_id=book_id).filter(
        package__book__in=_originals(book_id), case__isnull=False
    )
    records = Record.objects.filter(book_id=book_id, number__isnull=False, registration_year__isnull=False).exclude(
        source_case_id__in=of_other.values("case_id")
    )
    noted = _noted(records.values("id"))
    for record in records.only("id", "registration_year", "number", "number_suffix", "as_recorded"):
        assert record.registration_year is not None and record.number is not None
        key = (record.registration_year, record.number, record.number_suffix)
        found[key] = KeyedCase(record.as_recorded, noted.get(record.id, 0))
    return found


def decided_numbers(book_ids: Iterable[UUID]) -> set[Number]:
    """Numbers of which a checker has decided what the originals say (queries.originals)."""
    rows = OriginalDecision.objects.filter(
        entry__package__book_id__in=list(book_ids), entry__case__number__isnull=False
    )
    columns = ("entry__case__registration_year", "entry__case__number", "entry__case__number_suffix")
    return {(year, number, suffix) for year, number, suffix in rows.values_list(*columns)}


def _originals(book_id: UUID) -> QuerySet[Book]:
    book = Book.objects.get(id=book_id)
    return Book.objects.filter(
        origin_office_id=book.origin_office_id, register_type=book.register_type, number=book.number,
        opening_year=book.opening_year,
    )  # fmt: skip


def _noted(record_ids: object) -> dict[UUID, int]:
    rows = Annotation.objects.filter(record_id__in=record_ids).order_by().values("record_id")  # type: ignore[misc]
    return {row["record_id"]: row["n"] for row in rows.annotate(n=Count("id"))}


def is_keyed_whole(book_id: UUID) -> bool:
    """Whether a copy was keyed to its end: only then a number it lacks says something."""
    done = (BookWorkState.KEYED, BookWorkState.ACCEPTED)
    return BookWork.objects.filter(book_id=book_id, state__in=done).exists()


def count_open_findings(actor: Actor) -> int:
    """How many differences of two originals nobody has settled."""
    return CopyComparison.objects.filter(origin_office_id__in=actor.office_ids, settled_at__isnull=True).count()
