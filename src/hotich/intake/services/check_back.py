"""A check is taken back: the case waits for its check again, as long as no approver has decided about it; and so does a
case a checker had closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import Case, CaseState
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE
from hotich.intake.rules.workflow import CASE, next_state, state_by_findings
from hotich.intake.services.access import lock_numbers_of, locked_case
from hotich.intake.services.cases import clash_of, note_case, set_problems
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def put_back_to_check(*, actor: Actor, at: datetime, case_id: UUID) -> Case:
    """A keyed case that waits for approval, or was given back to its keyer, waits for its check again (held, with errors).

    By whoever checks, or by a keyer whose entry of the same case came late. A case that
    waits for its check stays as it is.
    Raises RuleBroken: not_allowed, case_unknown, act_not_allowed_in_state.
    """
    if not (actor.may("keying.check") or actor.may("keying.key")):
        raise RuleBroken("not_allowed")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        if case.state == CaseState.CHECKING:
            return case
        before = case.state
        next_state(CASE, before, "check_again")
        state = state_by_findings(case.error_count, is_check_pending=True)
        case.state, case.is_check_pending, case.returned_reason = CaseState(state), True, ""
        case.version, case.updated_at = case.version + 1, at
        case.save(update_fields=["state", "is_check_pending", "returned_reason", "version", "updated_at"])
        note_case(work, case, "case.check_taken_back", facts={"from": before, "to": state})
    return case


def restore_withdrawn(*, actor: Actor, at: datetime, case_id: UUID) -> Case:
    """A keyed case that was closed by a checker's decision waits again: held while its number has another or it has errors.

    Raises RuleBroken: not_allowed, case_unknown, act_not_allowed_in_state.
    """
    if not actor.may("keying.check"):
        raise RuleBroken("not_allowed")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        lock_numbers_of(case.origin_office_id)
        next_state(CASE, case.state, "restore")
        clash = clash_of(case)
        found = [problem for problem in case.problems if problem["code"] != NUMBER_UNIQUE]
        case.is_check_pending = True
        set_problems(case, [*([clash] if clash else []), *found])
        case.version, case.updated_at = case.version + 1, at
        case.save(
            update_fields=[
                "state", "is_check_pending", "problems", "error_count", "warning_count", "version", "updated_at"
            ]
        )  # fmt: skip
        note_case(work, case, "case.restored")
    return case
