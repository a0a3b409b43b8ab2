"""Reads: what was digitised of one book, for its acceptance record."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from hotich.intake.models import Case, CaseState
from hotich.records.models import Attachment, KeyingRepair, Record
from hotich.registers.models import Book


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Counts of one book. `errors`: findings that still hold cases; `keyers`, `approvers`: officers who took part."""

    entered: int
    held: int
    waiting: int
    errors: int
    with_scan: int
    scans: int
    repaired: int
    keyers: frozenset[int]
    approvers: frozenset[int]


def acceptance_of(book: Book) -> Acceptance:
    """Counts of a book: its records, and its cases that are none yet."""
    records = Record.objects.filter(book=book)
    cases = Case.objects.filter(
        origin_office_id=book.origin_office_id,
        register_type=book.register_type,
        book_year=book.opening_year,
        book_number=book.number,
    )
    counts = cases.aggregate(
        held=Count("id", filter=Q(state=CaseState.HELD)),
        waiting=Count("id", filter=Q(state__in=[CaseState.WAITING, CaseState.RETURNED])),
        errors=Sum("error_count", filter=Q(state=CaseState.HELD)),
    )
    scans = Attachment.objects.filter(record__book=book, kind=Attachment.Kind.SCAN)
    return Acceptance(
        entered=records.count(),
        held=counts["held"],
        waiting=counts["waiting"],
        errors=counts["errors"] or 0,
        with_scan=scans.order_by().values("record_id").distinct().count(),
        scans=scans.count(),
        repaired=KeyingRepair.objects.filter(record__book=book, state=KeyingRepair.State.APPROVED).count(),
        keyers=frozenset(_officers(records, "keyed_by")),
        approvers=frozenset(_officers(records, "approved_by")),
    )


def _officers(records: object, column: str) -> set[int]:
    found = records.order_by().values_list(column, flat=True).distinct()  # type: ignore[attr-defined]
    return {officer for officer in found if officer is not None}
