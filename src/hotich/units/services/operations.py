"""Writes: an operation on units and offices is drafted, proposed, approved by somebody else, or cancelled."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.units.models import AdministrativeUnit, Office, UnitOperation
from hotich.units.queries.operations import preview_of
from hotich.units.queries.places import unit_chain
from hotich.units.rules.plans import Plan, completed, from_json, to_json
from hotich.units.rules.workflow import next_state


@dataclass(frozen=True, slots=True)
class LegalAct:
    """What orders the change: number, day, authority, and where its text can be read (optional)."""

    number: str
    authority: str
    on: date | None = None
    link: str = ""


def draft_operation(
    *,
    actor: Actor,
    at: datetime,
    request_key: UUID,
    kind: str,
    effective_on: date,
    act: LegalAct,
    plan: Plan,
    notes: str = "",
) -> UnitOperation:
    """Begin an operation. The same `request_key` again gives the same operation and changes nothing.

    Raises RuleBroken not_allowed, unit_of_other_province, act_number_missing, act_authority_missing, act_link_malformed.
    """
    officer = _officer(actor, "unit.manage")
    _check_act(act)
    check_province(actor, plan)
    with unit_of_work(actor=actor, at=at) as work:
        operation, made = UnitOperation.objects.get_or_create(
            request_key=request_key,
            defaults={
                "kind": kind,
                "effective_on": effective_on,
                "notes": notes.strip(),
                "plan": to_json(completed(plan)),
                "office_id": actor.office_id,
                "touched_by": [officer],
                "created_by": officer,
                "created_at": at,
                **_act_columns(act),
            },
        )
        if made:
            _note(work, "unit_operation.drafted", operation)
    return operation


def edit_operation(
    *, actor: Actor, at: datetime, operation_id: UUID, version: int, effective_on: date, act: LegalAct, notes: str = ""
) -> UnitOperation:
    """Change day, legal act and notes of a draft. Raises RuleBroken as `draft_operation` and `_taken`."""
    _check_act(act)
    with unit_of_work(actor=actor, at=at) as work:
        operation = _taken(actor, "unit.manage", operation_id, "edit", version)
        operation.effective_on = effective_on
        operation.notes = notes.strip()
        for name, value in _act_columns(act).items():
            setattr(operation, name, value)
        _save(operation, actor)
        _note(work, "unit_operation.edited", operation)
    return operation


def change_plan(*, actor: Actor, at: datetime, operation_id: UUID, version: int, plan: Plan) -> UnitOperation:
    """Put another plan into a draft. Raises RuleBroken unit_of_other_province and as `_taken`."""
    check_province(actor, plan)
    with unit_of_work(actor=actor, at=at) as work:
        operation = _taken(actor, "unit.manage", operation_id, "edit", version)
        operation.plan = to_json(plan)
        _save(operation, actor)
        _note(work, "unit_operation.edited", operation)
    return operation


def propose_operation(
    *, actor: Actor, at: datetime, operation_id: UUID, version: int, more: tuple[Problem, ...] = ()
) -> UnitOperation:
    """Lay a draft before the second person. `more`: what apps above have found wrong with it.

    Raises RuleBroken operation_has_errors and as `_taken`.
    """
    with unit_of_work(actor=actor, at=at) as work:
        operation = _taken(actor, "unit.manage", operation_id, "propose", version)
        operation.plan = to_json(completed(from_json(operation.plan)))
        refuse_errors(operation, at, more)
        operation.state = next_state(operation.state, "propose")
        _save(operation, actor)
        _note(work, "unit_operation.proposed", operation)
        work.announce(
            "unit_operation.proposed",
            subject_kind="unit_operation",
            subject_id=operation.id,
            office=operation.office_id,
        )
    return operation


def send_back_operation(*, actor: Actor, at: datetime, operation_id: UUID, version: int, reason: str) -> UnitOperation:
    """The second person gives the proposal back to be changed. Raises RuleBroken reason_missing and as `_taken`."""
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        operation = _taken(actor, "unit.approve", operation_id, "send_back", version)
        operation.state = next_state(operation.state, "send_back")
        operation.notes = reason.strip()[:1000]
        operation.version += 1
        operation.save(update_fields=["state", "notes", "version"])
        _note(work, "unit_operation.sent_back", operation)
    return operation


def approve_operation(
    *, actor: Actor, at: datetime, operation_id: UUID, version: int, more: tuple[Problem, ...] = ()
) -> UnitOperation:
    """The second person agrees; on its day the operation is carried out (`apply_operation`).

    Raises RuleBroken own_operation, operation_has_errors and as `_taken`.
    """
    with unit_of_work(actor=actor, at=at) as work:
        operation = _taken(actor, "unit.approve", operation_id, "approve", version)
        refuse_own(actor, operation)
        refuse_errors(operation, at, more)
        operation.state = next_state(operation.state, "approve")
        operation.approved_by = actor.officer_id
        operation.approved_at = at
        operation.version += 1
        operation.save(update_fields=["state", "approved_by", "approved_at", "version"])
        _note(work, "unit_operation.approved", operation)
    return operation


def cancel_operation(*, actor: Actor, at: datetime, operation_id: UUID, version: int, reason: str) -> UnitOperation:
    """Give up an operation that is not in force yet; one in force is only undone by a new operation.

    Raises RuleBroken reason_missing, operation_in_force and as `_taken`.
    """
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    right = "unit.manage" if actor.may("unit.manage") else "unit.approve"
    with unit_of_work(actor=actor, at=at) as work:
        operation = _taken(actor, right, operation_id, "cancel", version)
        operation.state = next_state(operation.state, "cancel")
        operation.notes = reason.strip()[:1000]
        operation.version += 1
        operation.save(update_fields=["state", "notes", "version"])
        _note(work, "unit_operation.cancelled", operation)
    return operation


# ── what they share ──
def _officer(actor: Actor, right: str) -> int:
    if not actor.may(right) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    return actor.officer_id


def _taken(actor: Actor, right: str, operation_id: UUID, step: str, version: int) -> UnitOperation:
    """The locked row, if this actor may take the step from its state.

    Raises RuleBroken not_allowed, operation_unknown, unit_of_other_province, operation_step_not_allowed,
    operation_in_force, changed_meanwhile.
    """
    _officer(actor, right)
    operation = UnitOperation.objects.select_for_update().filter(id=operation_id).first()
    if operation is None:
        raise RuleBroken("operation_unknown")
    check_province(actor, from_json(operation.plan))
    next_state(operation.state, step)
    if operation.version != version:
        raise RuleBroken("changed_meanwhile")
    return operation


def refuse_own(actor: Actor, operation: UnitOperation) -> None:
    """Who wrote in an operation does not approve it. Raises RuleBroken `own_operation`."""
    if actor.officer_id is None or actor.hands & set(operation.touched_by):
        raise RuleBroken("own_operation")


def refuse_errors(operation: UnitOperation, at: datetime, more: tuple[Problem, ...] = ()) -> None:
    """Raises RuleBroken `operation_has_errors` with the first one's code and how many there are."""
    problems = (*preview_of(operation, today=in_vietnam(at).date()).problems, *more)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise RuleBroken("operation_has_errors", first=errors[0].code, number=len(errors))


def check_province(actor: Actor, plan: Plan) -> None:
    """A department of justice changes units of its own province only; the Ministry any.

    A department is known by its right over custody, which the Ministry does not hold. Raises `unit_of_other_province`.
    """
    if not actor.may("office.custody"):
        return
    office = Office.objects.filter(pk=actor.office_id).select_related("unit__parent__parent").first()
    own = unit_chain(office.unit)[-1].code if office and office.unit else None
    ids = set(plan.touched_units) | {new.parent for new in plan.begins if isinstance(new.parent, int)}
    ids |= set(
        Office.objects.filter(id__in=[step.office for step in plan.offices if step.office]).values_list(
            "unit_id", flat=True
        )
    ) - {None}
    for unit in AdministrativeUnit.objects.filter(id__in=ids).select_related("parent__parent"):
        if unit_chain(unit)[-1].code != own:
            raise RuleBroken("unit_of_other_province", unit=unit.name)


def _check_act(act: LegalAct) -> None:
    if not act.number.strip():
        raise RuleBroken("act_number_missing", field="act_number")
    if not act.authority.strip():
        raise RuleBroken("act_authority_missing", field="act_authority")
    if act.link and (urlsplit(act.link).scheme not in ("http", "https") or not urlsplit(act.link).netloc):
        raise RuleBroken("act_link_malformed", field="act_link")


def _act_columns(act: LegalAct) -> dict[str, object]:
    columns = asdict(act)
    return {
        "act_number": columns["number"].strip(),
        "act_authority": columns["authority"].strip(),
        "act_date": columns["on"],
        "act_link": columns["link"].strip(),
    }


def _save(operation: UnitOperation, actor: Actor) -> None:
    operation.touched_by = sorted({*operation.touched_by, actor.officer_id})
    operation.version += 1
    operation.save()


def _note(work: UnitOfWork, verb: str, operation: UnitOperation) -> None:
    plan = from_json(operation.plan)
    work.record(
        verb,
        subject_kind="unit_operation",
        subject_id=operation.id,
        subject_office=operation.office_id,
        facts={
            "kind": operation.kind,
            "from": operation.effective_on.isoformat(),
            "ends": list(plan.ends),
            "begins": [new.code for new in plan.begins],
            "version": operation.version,
        },
    )


def note_outcome(operation: UnitOperation, counts: dict[str, int]) -> None:
    """Keep what was done, for the page of the operation. In the unit of work that carried it out."""
    operation.outcome = counts
    operation.save(update_fields=["outcome"])


def note_refusal(*, operation_id: UUID, code: str) -> None:
    """Keep why an approved operation could not be carried out on its day; it waits and is tried again."""
    UnitOperation.objects.filter(id=operation_id, state="approved").update(outcome={"refused": code})
