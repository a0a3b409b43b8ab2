"""Reads: what of a book is in no package yet – scanned cases, pages, numbers."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hotich.digitisation.models import ScanBatchState, ScannedCase, ScannedCaseState, ScanPage, ScanPageState
from hotich.intake.queries.known_cases import cases_of_register
from hotich.keying.models import PackageItem
from hotich.keying.rules.workflow import LIVE
from hotich.records.models import RegistrationNumber
from hotich.registers.models import Book, NumberScope

# A case that waits for another scan cannot be read; one set aside is none.
_UNREADABLE = (ScannedCaseState.RESCAN, ScannedCaseState.SET_ASIDE)


def scans_to_key(book: Book, scan_batch_id: UUID | None = None) -> list[ScannedCase]:
    """Scanned cases of a book that no package has and no entry of intake belongs to, in the order they were scanned."""
    held = PackageItem.objects.filter(scanned_case_id=OuterRef("id"), package__state__in=LIVE)
    scans = (
        ScannedCase.objects.filter(book=book, case__isnull=True)
        .exclude(state__in=_UNREADABLE)
        .exclude(batch__state=ScanBatchState.WITHDRAWN)
        .filter(~Exists(held))
    )
    if scan_batch_id is not None:
        scans = scans.filter(batch_id=scan_batch_id)
    return list(scans.select_related("batch").order_by("batch__created_at", "batch_id", "position", "id"))


def pages_to_key(book: Book, scan_batch_id: UUID | None = None) -> list[ScanPage]:
    """Pages of a book that can be read, were not cut into cases and are in no package, in their order."""
    held = PackageItem.objects.filter(page_id=OuterRef("id"), package__state__in=LIVE)
    pages = (
        ScanPage.objects.filter(batch__book=book, state__in=(ScanPageState.PREPARED, ScanPageState.CONFIRMED))
        .exclude(batch__state=ScanBatchState.WITHDRAWN)
        .filter(~Exists(held))
    )
    cases = ScannedCase.objects.filter(book=book)
    if scan_batch_id is not None:
        pages, cases = pages.filter(batch_id=scan_batch_id), cases.filter(batch_id=scan_batch_id)
    cut = {str(part["page"]) for parts in cases.values_list("parts", flat=True) for part in parts}
    ordered = pages.select_related("batch").order_by("batch__created_at", "batch_id", "position", "page_of_master")
    return [page for page in ordered if str(page.id) not in cut]


def numbers_taken(book: Book, first: int, last: int, year: int) -> frozenset[int]:
    """Numbers of a range that a package has, an entry of intake or a record has, or that are known to be void."""
    of_year = Q() if book.number_scope == NumberScope.BOOK else Q(registration_year=year)
    within = Q(number__gte=first, number__lte=last)
    items = PackageItem.objects.filter(within & of_year, package__book=book, package__state__in=LIVE)
    cases = cases_of_register(book.origin_office_id, book.register_type).filter(
        within & of_year, book_number=book.number, book_year=book.opening_year
    )
    known = RegistrationNumber.objects.filter(within & of_year, book=book)
    found = [rows.values_list("number", flat=True) for rows in (items, cases, known)]
    return frozenset(number for numbers in found for number in numbers if number is not None)


def scan_of_number(
    book_id: UUID, number: int, *, suffix: str, year: int | None, office_ids: Iterable[int]
) -> UUID | None:
    """The latest scanned case of a book with this number; of any year where none is given."""
    scans = ScannedCase.objects.filter(
        book_id=book_id, number=number, number_suffix__iexact=suffix, origin_office_id__in=list(office_ids)
    ).exclude(state__in=_UNREADABLE)
    if year is not None:
        scans = scans.filter(Q(registration_year=year) | Q(registration_year=None, batch__registration_year=year))
    return scans.order_by("-created_at", "-id").values_list("id", flat=True).first()
