"""What intake is told: books that are keyed in packages, by the police or were entered before, and whose batch it is."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q

from hotich.intake.queries.claims import BookClaim, BookKey
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookPlace, BookWork, KeyingHandoverLine, KeyingPackage, PackageState
from hotich.registers.models import Book


def claims_of_keying(office_id: int, letters: str, books: Collection[BookKey]) -> list[BookClaim]:
    """Why these books are not simply imported (requirements A7, H2): one claim for each reason, as on the shelf."""
    found = Book.objects.filter(
        _any(books), origin_office_id=office_id, register_type=letters,
    ).select_related("origin_office").order_by("opening_year", "number", "copy")  # fmt: skip
    rows = {book.id: book for book in found}
    if not rows:
        return []
    works = {work.book_id: work for work in BookWork.objects.filter(book_id__in=rows)}
    packages = KeyingPackage.objects.filter(book_id__in=rows).exclude(state=PackageState.WITHDRAWN)
    cut = dict(packages.order_by().values_list("book_id").annotate(number=Count("id")))
    lines = KeyingHandoverLine.objects.filter(book_id__in=rows, is_out=True).select_related("handover")
    out = {line.book_id: line for line in lines}
    return [
        claim
        for book in rows.values()
        for claim in _claims(book, works.get(book.id), cut.get(book.id, 0), out.get(book.id))
    ]


def _any(books: Collection[BookKey]) -> Q:
    wanted = Q(pk__in=[])
    for number, year in books:
        wanted |= Q(number=number, opening_year=year)
    return wanted


def _claims(book: Book, work: BookWork | None, packages: int, out: KeyingHandoverLine | None) -> list[BookClaim]:
    made = []
    office = book.origin_office.name
    if out is not None:
        params = {"force": out.handover.force_name, "record": out.handover.number, "day": out.handover.day}
        made.append(BookClaim(book.label, "book_handed_to_force", {"book": book.label, **params}))
    elif work is not None and work.place == BookPlace.POLICE:
        params = {"office": office, "reason": work.place_reason or "–"}
        made.append(BookClaim(book.label, "book_with_police", {"book": book.label, **params}))
    if work is not None and work.place == BookPlace.EARLIER:
        params = {"office": office, "reason": work.place_reason or "–"}
        made.append(BookClaim(book.label, "book_entered_before", {"book": book.label, **params}))
    if packages:
        params = {"office": office, "packages": packages}
        made.append(BookClaim(book.label, "book_in_packages", {"book": book.label, **params}))
    return made


def batch_of_package(batch_id: UUID) -> RuleBroken | None:
    """Cases keyed in a package are returned or withdrawn there, not as an imported file; None for any other batch."""
    package = KeyingPackage.objects.filter(batch_id=batch_id).select_related("book").first()
    if package is None:
        return None
    return RuleBroken("batch_of_package", book=package.book.label, position=package.position)
