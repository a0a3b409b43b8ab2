"""May they? The same questions for every service of digitisation, and how acts are written into the trail.

Every write on a batch locks the batch first, then its pages or cases: two writers wait for each other, never both.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork
from hotich.digitisation.models import ScanBatch, ScanBatchState, ScannedCase, ScanPage
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

PREPARE, REVIEW = "scan.prepare", "scan.review"


def must_have(actor: Actor, *rights: str) -> int:
    """The officer who acts. Raises RuleBroken not_allowed without one of the rights, or for the system itself."""
    if actor.officer_id is None or not any(map(actor.may, rights)):
        raise RuleBroken("not_allowed")
    return actor.officer_id


def must_keep(actor: Actor, office_id: int) -> None:
    """Raises RuleBroken office_not_in_scope unless it is one of the actor's offices."""
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")


def locked_batch(actor: Actor, batch_id: UUID, *, version: int | None = None) -> ScanBatch:
    """The batch, locked. Raises RuleBroken scan_batch_unknown, scan_batch_changed_meanwhile."""
    batches = ScanBatch.objects.select_for_update(of=("self",)).select_related("book", "layout")
    batch = batches.filter(id=batch_id, origin_office_id__in=actor.office_ids).first()
    if batch is None:
        raise RuleBroken("scan_batch_unknown")
    if version is not None and batch.version != version:
        raise RuleBroken("scan_batch_changed_meanwhile")
    return batch


def open_batch(actor: Actor, batch_id: UUID, *, version: int | None = None) -> ScanBatch:
    """The batch, locked, that is still worked on. Raises RuleBroken as `locked_batch`, scan_batch_not_open."""
    batch = locked_batch(actor, batch_id, version=version)
    if batch.state != ScanBatchState.OPEN:
        raise RuleBroken("scan_batch_not_open", state=batch.state)
    return batch


def locked_page(actor: Actor, page_id: UUID, version: int | None = None) -> tuple[ScanBatch, ScanPage]:
    """A page of a batch that is open, both locked.

    Raises RuleBroken scan_page_unknown, scan_batch_not_open, page_changed_meanwhile.
    """
    pages = ScanPage.objects.filter(id=page_id, origin_office_id__in=actor.office_ids)
    batch_id = pages.values_list("batch_id", flat=True).first()
    if batch_id is None:
        raise RuleBroken("scan_page_unknown")
    batch = open_batch(actor, batch_id)
    page = pages.select_for_update(of=("self",)).select_related("master", "flat").get()
    if version is not None and page.version != version:
        raise RuleBroken("page_changed_meanwhile")
    return batch, page


def locked_case(actor: Actor, case_id: UUID, version: int | None = None) -> tuple[ScanBatch, ScannedCase]:
    """A scanned case of a batch that is open, both locked.

    Raises RuleBroken scanned_case_unknown, scan_batch_not_open, scanned_case_changed_meanwhile.
    """
    cases = ScannedCase.objects.filter(id=case_id, origin_office_id__in=actor.office_ids)
    batch_id = cases.values_list("batch_id", flat=True).first()
    if batch_id is None:
        raise RuleBroken("scanned_case_unknown")
    batch = open_batch(actor, batch_id)
    case = cases.select_for_update(of=("self",)).select_related("pdf", "book").get()
    if version is not None and case.version != version:
        raise RuleBroken("scanned_case_changed_meanwhile")
    return batch, case


def note_batch(work: UnitOfWork, batch: ScanBatch, verb: str, **facts: Any) -> None:
    """An act on a batch in the trail."""
    work.record(
        verb, subject_kind="scan_batch", subject_id=batch.id, subject_office=batch.origin_office_id,
        facts={"book": str(batch.book_id), **facts},
    )  # fmt: skip


def note_page(work: UnitOfWork, page: ScanPage, verb: str, **facts: Any) -> None:
    """An act on a page in the trail."""
    work.record(
        verb, subject_kind="scan_page", subject_id=page.id, subject_office=page.origin_office_id,
        facts={"batch": str(page.batch_id), "state": str(page.state), "version": page.version, **facts},
    )  # fmt: skip


def note_case(work: UnitOfWork, case: ScannedCase, verb: str, **facts: Any) -> None:
    """An act on a scanned case in the trail."""
    work.record(
        verb, subject_kind="scanned_case", subject_id=case.id, subject_office=case.origin_office_id,
        facts={"batch": str(case.batch_id), "state": str(case.state), "version": case.version, **facts},
    )  # fmt: skip
