"""Reads: scanned cases of a batch, one case, what waits for a decision."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScannedCaseState
from hotich.digitisation.queries.batches import SEEING
from hotich.digitisation.rules.workflow import TO_REVIEW
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import NumberScope


def scanned_case(case_id: UUID, actor: Actor) -> ScannedCase:
    """A scanned case of the actor's offices. Raises RuleBroken not_allowed, scanned_case_unknown."""
    if not any(map(actor.may, SEEING)):
        raise RuleBroken("not_allowed")
    cases = ScannedCase.objects.select_related("batch__book", "batch__layout", "book", "pdf", "case")
    case = cases.filter(id=case_id, origin_office_id__in=actor.office_ids).first()
    if case is None:
        raise RuleBroken("scanned_case_unknown")
    return case


def cases_of(batch: ScanBatch) -> list[ScannedCase]:
    """The cases of a batch in their order, those set aside among them."""
    return list(ScannedCase.objects.filter(batch=batch).select_related("pdf", "case").order_by("position", "id"))


def review_queue(actor: Actor, *, batch_id: UUID | None = None) -> QuerySet[ScannedCase]:
    """Cases somebody has to decide about: those of batches somebody waits for first, then the oldest.

    Raises RuleBroken not_allowed.
    """
    if not actor.may("scan.review"):
        raise RuleBroken("not_allowed")
    cases = ScannedCase.objects.filter(
        origin_office_id__in=actor.office_ids, state__in=TO_REVIEW, batch__state=ScanBatchState.OPEN
    )
    if batch_id is not None:
        cases = cases.filter(batch_id=batch_id)
    return cases.select_related("batch", "book", "pdf").order_by(
        "-batch__is_on_demand", "batch__created_at", "batch_id", "position", "id"
    )


def count_to_review(actor: Actor) -> int:
    """How many cases wait for a decision of this officer; none without the right."""
    return review_queue(actor).exclude(state=ScannedCaseState.RESCAN).count() if actor.may("scan.review") else 0


def year_of(case: ScannedCase, batch: ScanBatch) -> int:
    """The year of registration of a case: its own, else that of its batch, else the year the book was opened in."""
    return case.registration_year or batch.registration_year or batch.book.opening_year


def key_year(case: ScannedCase, batch: ScanBatch) -> int | None:
    """The year by which its number is unique; None where numbers run through the book."""
    return None if batch.book.number_scope == NumberScope.BOOK else year_of(case, batch)


def case_label(case: ScannedCase) -> str:
    """The number with its year as it is written: "12a/2006"; "" without a number."""
    if case.number is None:
        return ""
    return f"{case.number}{case.number_suffix}/{year_of(case, case.batch)}"
