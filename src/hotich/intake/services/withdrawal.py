"""A batch is taken back whole, as long as nothing of it is approved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.claims import must_be_free
from hotich.intake.services.access import locked_batch, must_have
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

CASES_AT_ONCE = 500


def withdraw_batch(*, actor: Actor, at: datetime, batch_id: UUID) -> Batch:
    """Withdraw a batch with all its cases; the same rows may then be imported again.

    The batch is closed first, so that nobody approves meanwhile; interrupted, it goes on when asked again.
    Raises RuleBroken: not_allowed, batch_unknown, batch_has_approved_cases, and what an app above refuses with
    whose batch it is (queries.claims).
    """
    must_have(actor, "batch.withdraw")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        must_be_free(batch.id)
        approved = Case.objects.filter(batch=batch, state=CaseState.APPROVED).count()
        if approved:
            raise RuleBroken("batch_has_approved_cases", number=approved)
        if batch.state != BatchState.WITHDRAWN:
            before, batch.state = batch.state, BatchState.WITHDRAWN
            batch.finished_at = batch.finished_at or at
            batch.save(update_fields=["state", "finished_at"])
            work.record(
                "batch.withdrawn",
                subject_kind="batch",
                subject_id=batch.id,
                subject_office=batch.origin_office_id,
                facts={"from": str(before), "rows": batch.rows},
            )
    while _withdraw_some(actor, at, batch):
        pass
    return batch


def _withdraw_some(actor: Actor, at: datetime, batch: Batch) -> bool:
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        cases = list(
            Case.objects.select_for_update()
            .filter(batch=batch)
            .exclude(state=CaseState.WITHDRAWN)
            .order_by("row_number")[:CASES_AT_ONCE]
        )
        for case in cases:
            work.record(
                "case.withdrawn",
                subject_kind="case",
                subject_id=case.id,
                subject_office=case.origin_office_id,
                facts={"batch": str(batch.id), "from": case.state, "to": "withdrawn"},
            )
            case.state, case.version, case.updated_at = CaseState.WITHDRAWN, case.version + 1, at
        Case.objects.bulk_update(cases, ["state", "version", "updated_at"])
    return len(cases) == CASES_AT_ONCE
