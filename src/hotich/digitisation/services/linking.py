"""The PDF of a scanned case becomes the scan of its entry: the case of intake, and the record once there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.accounts.models import Officer
from hotich.audit.queries import next_events
from hotich.audit.services import UnitOfWork, advance_cursor, unit_of_work
from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatchState, ScannedCase, ScannedCaseState
from hotich.digitisation.queries.cases import year_of
from hotich.digitisation.rules.workflow import LINKABLE
from hotich.digitisation.services.access import PREPARE, REVIEW, locked_batch, must_have, note_case
from hotich.intake.models import Case
from hotich.intake.queries.actors import actor_at_office
from hotich.intake.queries.known_cases import cases_of_register
from hotich.intake.services import attach_scan_to_case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

CONSUMER = "digitisation.links"
ARRIVALS = frozenset({"batch.loaded", "case.approved"})
PIECE = 200  # cases in one transaction


def let_go(work: UnitOfWork, case: ScannedCase) -> None:
    """A case whose PDF or number changes is no longer the scan of the entry it was linked to. What the entry has stays
    with it: scans are added, never taken away. The caller saves `case` and `linked_at`."""
    if case.case_id is not None:
        note_case(work, case, "scanned_case.unlinked", entry=str(case.case_id))
        case.case, case.linked_at = None, None


def link_batch(*, actor: Actor, at: datetime, batch_id: UUID) -> int:
    """Link every passed or accepted case of a batch that has a number to its entry, where there is one; how many.

    Raises RuleBroken: not_allowed, scan_batch_unknown.
    """
    must_have(actor, PREPARE, REVIEW)
    linked = 0
    with office_scope(actor.office_ids):
        ids = list(_linkable().filter(batch_id=batch_id).order_by("position").values_list("id", flat=True))
    for start in range(0, len(ids), PIECE):
        linked += _link(actor, at, batch_id, ids[start : start + PIECE])
    return linked


def _linkable() -> Any:
    return (
        ScannedCase.objects.filter(state__in=list(LINKABLE), number__isnull=False, case__isnull=True, pdf__isnull=False)
        .exclude(batch__state=ScanBatchState.WITHDRAWN)
        .select_related("batch__book", "book")
    )


def _link(actor: Actor, at: datetime, batch_id: UUID, ids: Sequence[UUID]) -> int:
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        cases = _linkable().select_for_update(of=("self",)).filter(batch=batch, id__in=ids).order_by("position")
        return sum(link_one(work, actor, at, case) for case in cases)


def link_one(work: UnitOfWork, actor: Actor, at: datetime, case: ScannedCase) -> bool:
    """Link one locked case; False where no entry has its number, or several scans of the batch claim it."""
    entries = entries_of(case)
    if not entries or case.pdf_id is None or _is_claimed_twice(case):
        return False
    for entry in entries:  # several rows of one change share the scan
        attach_scan_to_case(actor=actor, at=at, case_id=entry.id, file_id=case.pdf_id)
    case.case, case.linked_at, case.version = entries[0], at, case.version + 1
    case.save(update_fields=["case", "linked_at", "version"])
    note_case(work, case, "scanned_case.linked", entry=str(entries[0].id), file=str(case.pdf_id))
    return True


def link_keyed(work: UnitOfWork, at: datetime, keyed: Sequence[tuple[ScannedCase, Case]]) -> None:
    """Cases that were keyed from these scans, in the transaction of the save: where the PDF is ready it is the scan of
    the case already (`Case.scan`) and both are linked here; else the scan learns the number the book says, where it had
    none, and is linked when its PDF is ready. Scans that are linked are left alone.
    """
    changed = []
    for scan, case in keyed:
        if scan.case_id is not None:
            continue
        if scan.pdf_id is not None and scan.state in LINKABLE and case.scan_id == scan.pdf_id:
            scan.case, scan.linked_at = case, at
            note_case(work, scan, "scanned_case.linked", entry=str(case.id), file=str(scan.pdf_id))
        elif scan.number is None and case.number is not None:
            scan.number, scan.number_suffix = case.number, case.number_suffix
            scan.registration_year, scan.number_by = case.registration_year, "officer"
            note_case(work, scan, "scanned_case.numbered", entry=str(case.id))
        else:
            continue
        scan.version += 1
        changed.append(scan)
    if changed:
        ScannedCase.objects.bulk_update(changed, [
            "case", "linked_at", "number", "number_suffix", "registration_year", "number_by", "version",
        ])  # fmt: skip


def entries_of(case: ScannedCase) -> list[Case]:
    """The cases of intake a scanned case shows: same office, register, book, year, number and suffix."""
    if case.number is None:
        return []
    found = cases_of_register(case.origin_office_id, case.book.register_type).filter(
        book_number=case.book.number,
        book_year=case.book.opening_year,
        registration_year=year_of(case, case.batch),
        number=case.number,
        number_suffix__iexact=case.number_suffix,
    )
    return list(found.order_by("row_number", "id"))


def _is_claimed_twice(case: ScannedCase) -> bool:
    """Whether another case of the batch has the same number: which of them shows the entry is for an officer to say."""
    others = ScannedCase.objects.filter(
        batch_id=case.batch_id, number=case.number, number_suffix=case.number_suffix
    ).exclude(id=case.id)
    year = year_of(case, case.batch)
    return any(
        other.state != ScannedCaseState.SET_ASIDE and year_of(other, case.batch) == year
        for other in others.select_related(None)
    )


def link_arrivals(*, at: datetime, limit: int = 500) -> int:
    """Read the event log on: where workbooks have arrived or cases were approved since, scans that waited for them are
    linked, as the officer who opened their batch; how many.

    Batches of somebody who has left or lost the right stay for the next officer who links them by hand. The place in
    the log is kept when all are done: an interrupted reading is read again and links nothing twice.
    """
    linked = 0
    while events := next_events(CONSUMER, limit):
        for office_id in sorted({event.office_id for event in events if event.kind in ARRIVALS}):
            linked += _link_office(at, office_id)
        advance_cursor(consumer=CONSUMER, position=events[-1].position)
    return linked


def _link_office(at: datetime, office_id: int) -> int:
    with office_scope([office_id]):
        waiting = _linkable().filter(origin_office_id=office_id).order_by("batch_id")
        openers = dict(waiting.values_list("batch_id", "batch__created_by"))
    linked = 0
    for batch_id, officer_id in openers.items():
        officer = Officer.objects.filter(id=officer_id, is_active=True).first()
        if officer is None:
            continue
        try:
            actor = actor_at_office(officer, office_id, PREPARE)
        except RuleBroken:
            continue
        linked += link_batch(actor=actor, at=at, batch_id=batch_id)
    return linked
