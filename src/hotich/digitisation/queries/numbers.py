"""Reads: what is odd about the numbers of a batch, beside what the book has already."""

from __future__ import annotations

from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState
from hotich.digitisation.queries.cases import cases_of, key_year
from hotich.digitisation.rules.numbering import BookNumbers, Numbered, NumberFinding, NumberKey, find_odd_numbers
from hotich.intake.queries.known_cases import cases_of_register
from hotich.records.models import RegistrationNumber
from hotich.records.queries.books import numbers_declared
from hotich.registers.models import Book, NumberScope

Use = RegistrationNumber.Use


def number_findings(batch: ScanBatch) -> list[NumberFinding]:
    """Missing, double, void and unknown numbers of a batch, and its gaps; nothing of cases that were set aside."""
    return find_odd_numbers(numbered_cases(batch), book_numbers(batch))


def numbered_cases(batch: ScanBatch) -> list[Numbered]:
    """The cases of a batch in order, as the numbering sees them."""
    return [
        Numbered(case.id, case.number, case.number_suffix, case.number_by, key_year(case, batch))
        for case in cases_of(batch)
        if case.state != ScannedCaseState.SET_ASIDE
    ]


def numbers_to_skip(batch: ScanBatch) -> frozenset[int]:
    """Void and missing numbers of its book and year: no page shows an entry with them."""
    declared = numbers_declared(batch.book)
    if batch.book.number_scope == NumberScope.YEAR:
        declared = declared.filter(registration_year=batch.registration_year or batch.book.opening_year)
    return frozenset(declared.values_list("number", flat=True))


def book_numbers(batch: ScanBatch) -> BookNumbers:
    """What other batches, cases and records of the same book say."""
    book = batch.book
    by_year = book.number_scope == NumberScope.YEAR
    declared, void = set(), set()
    for year, number, use in numbers_declared(book).values_list("registration_year", "number", "use"):
        key = (year if by_year else None, number)
        declared.add(key)
        if use == Use.VOID:
            void.add(key)
    keyed = _keyed(book, by_year=by_year)
    return BookNumbers(frozenset(declared), frozenset(void), _scanned(batch), keyed, bool(keyed))


def _scanned(batch: ScanBatch) -> dict[NumberKey, str]:
    others = (
        ScannedCase.objects.filter(book_id=batch.book_id, number__isnull=False)
        .exclude(batch_id=batch.id)
        .exclude(state=ScannedCaseState.SET_ASIDE)
        .exclude(batch__state=ScanBatchState.WITHDRAWN)
        .select_related("batch__book")
    )
    return {
        (key_year(case, case.batch), case.number, case.number_suffix): str(case.batch_id)
        for case in others
        if case.number is not None
    }


def _keyed(book: Book, *, by_year: bool) -> frozenset[NumberKey]:
    """Numbers of entries: cases that were keyed or imported, and records."""
    columns = ("registration_year", "number", "number_suffix")
    cases = cases_of_register(book.origin_office_id, book.register_type).filter(
        book_number=book.number, book_year=book.opening_year, number__isnull=False
    )
    entered = RegistrationNumber.objects.filter(book=book, use=Use.USED)
    rows = [*cases.values_list(*columns), *entered.values_list(*columns)]
    return frozenset(
        (year if by_year else None, number, suffix.lower()) for year, number, suffix in rows if number is not None
    )
