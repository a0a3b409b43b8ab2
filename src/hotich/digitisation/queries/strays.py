"""Reads: PDFs that were made from pages of a book and belong to no entry; a delivery of the book asks for them."""

from __future__ import annotations

from hotich.digitisation.models import ScanBatchState, ScannedCase
from hotich.digitisation.rules.workflow import LINKABLE
from hotich.intake.queries.delivery import BookOfDelivery


def unlinked_pdfs(book: BookOfDelivery) -> list[str]:
    """The number of each, or its place in its batch where it has none. Runs in the scope of whoever asks."""
    cases = ScannedCase.objects.filter(
        origin_office_id=book.office.id, book__register_type=book.letters, book__number=book.number,
        book__opening_year=book.year, pdf__isnull=False, case__isnull=True, state__in=list(LINKABLE),
    ).exclude(batch__state=ScanBatchState.WITHDRAWN)  # fmt: skip
    return [
        f"{case.number}{case.number_suffix}" if case.number is not None else f"#{case.position}"
        for case in cases.order_by("registration_year", "number", "number_suffix", "batch_id", "position")
    ]
