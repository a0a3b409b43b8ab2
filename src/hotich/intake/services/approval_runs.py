"""Approving a whole batch in the background: piece by piece, each in a transaction, from where it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import ApprovalRun, ApprovalRunState, BatchState, Case
from hotich.intake.queries.work import approvable_cases
from hotich.intake.services.access import locked_batch, must_have
from hotich.intake.services.approval import Approval, approve_cases
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

PIECE = 100  # cases in one transaction: a run can be stopped between two of them; fewer are approved at once
MOST_REFUSALS = 200  # kept for the page; the count of the others follows from the figures


def start_approval_run(*, actor: Actor, at: datetime, batch_id: UUID, expected: int) -> ApprovalRun:
    """Plan the approval of every waiting case of a batch that is not of the officer's own hand.

    `expected`: how many the officer was told there are. A run under way is given back. The caller enqueues it in this
    transaction. Raises RuleBroken: not_allowed, batch_unknown, batch_withdrawn_already, batch_still_loading,
    approval_count_changed.
    """
    officer = must_have(actor, "case.approve")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = locked_batch(actor, batch_id)
        running = ApprovalRun.objects.filter(batch=batch, state=ApprovalRunState.RUNNING).first()
        if running is not None:
            return running
        if batch.state != BatchState.LOADED:
            withdrawn = batch.state == BatchState.WITHDRAWN
            raise RuleBroken("batch_withdrawn_already" if withdrawn else "batch_still_loading")
        found = approvable_cases(actor, batch.id).count()
        if found != expected or not found:
            raise RuleBroken("approval_count_changed", number=found)
        run = ApprovalRun.objects.create(
            origin_office_id=batch.origin_office_id, batch=batch, total=found, started_by=officer, started_at=at
        )
        _note(work, run, "approval_run.started", total=found)
    return run


def approve_next_piece(*, actor: Actor, at: datetime, run_id: UUID) -> bool:
    """Approve the next cases of a run; whether there may be more. The cases and the place in the run commit together."""
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        run = ApprovalRun.objects.select_for_update().filter(id=run_id).first()
        if run is None or run.state != ApprovalRunState.RUNNING:
            return False
        waiting = approvable_cases(actor, run.batch_id).filter(row_number__gt=run.after_row)
        ids = list(waiting.values_list("id", flat=True)[:PIECE])
        if not ids:
            _end(work, run, ApprovalRunState.DONE, at)
            return False
        last = waiting.filter(id__in=ids).aggregate(row=Max("row_number"))["row"]
        _count(run, _approved(actor, at, ids), len(ids))
        run.after_row = last
        run.save(update_fields=["after_row", "looked_at", "approved", "refused"])
    return True


def _approved(actor: Actor, at: datetime, ids: list[UUID]) -> Approval:
    """All of the piece at once; where one case stands in the way of all, each alone."""
    try:
        return approve_cases(actor=actor, at=at, case_ids=ids)
    except RuleBroken:
        done = Approval()
    rows = dict(Case.objects.filter(id__in=ids).values_list("id", "row_number"))
    for case_id in ids:
        try:
            alone = approve_cases(actor=actor, at=at, case_ids=[case_id])
        except RuleBroken as refusal:
            done.refused.append((rows[case_id], refusal))
        else:
            done.approved += alone.approved
            done.refused += alone.refused
    return done


def _count(run: ApprovalRun, done: Approval, looked_at: int) -> None:
    run.looked_at += looked_at
    run.approved += len(done.approved)
    told = [
        {"row": row, "code": refusal.code, "field": refusal.field, "params": stored_params(refusal.params)}
        for row, refusal in done.refused
    ]
    run.refused = [*run.refused, *told][:MOST_REFUSALS]


def stored_params(params: Mapping[str, Any]) -> dict[str, str]:
    """What the text of a refusal names, as it is stored."""
    return {name: str(value) for name, value in params.items() if name != "case_ids"}


def stop_approval_run(*, actor: Actor, at: datetime, run_id: UUID) -> ApprovalRun:
    """Let a run end after the piece it is at; what is approved stays. Raises RuleBroken not_allowed, run_unknown."""
    must_have(actor, "case.approve")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        run = ApprovalRun.objects.select_for_update().filter(id=run_id).first()
        if run is None:
            raise RuleBroken("run_unknown")
        if run.state == ApprovalRunState.RUNNING:
            _end(work, run, ApprovalRunState.STOPPED, at)
    return run


def give_up_approval_run(*, at: datetime, run_id: UUID, office_id: int, code: str) -> None:
    """The system ends a run whose officer may not approve any more; `code` says why."""
    system = Actor("system", office_id, None, frozenset({office_id}))
    with office_scope(system.office_ids), unit_of_work(actor=system, at=at) as work:
        run = ApprovalRun.objects.select_for_update().filter(id=run_id, state=ApprovalRunState.RUNNING).first()
        if run is not None:
            run.failure = code
            _end(work, run, ApprovalRunState.STOPPED, at)


def _end(work: UnitOfWork, run: ApprovalRun, state: ApprovalRunState, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at", "failure"])
    _note(work, run, f"approval_run.{state.value}", approved=run.approved, looked_at=run.looked_at)


def _note(work: UnitOfWork, run: ApprovalRun, verb: str, **facts: int) -> None:
    work.record(
        verb, subject_kind="batch", subject_id=run.batch_id, subject_office=run.origin_office_id,
        facts={"run": str(run.id), **facts},
    )  # fmt: skip
