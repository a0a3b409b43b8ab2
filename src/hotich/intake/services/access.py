"""May they? The same questions for every service of intake."""

from __future__ import annotations

from uuid import UUID

from hotich.database.plain import ask
from hotich.intake.models import Batch, Case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

_IMPORTS = 7_001  # the first half of the advisory lock; the second is the office


def must_have(actor: Actor, right: str) -> int:
    """The officer who acts. Raises RuleBroken not_allowed without the right, or for the system itself."""
    if not actor.may(right) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    return actor.officer_id


def must_keep(actor: Actor, office_id: int) -> None:
    """Raises RuleBroken office_not_in_scope unless it is one of the actor's offices."""
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")


def locked_batch(actor: Actor, batch_id: UUID) -> Batch:
    """The batch, locked, of one of the actor's offices. Raises RuleBroken batch_unknown."""
    batch = Batch.objects.select_for_update().filter(id=batch_id, origin_office_id__in=actor.office_ids).first()
    if batch is None:
        raise RuleBroken("batch_unknown", batch=str(batch_id))
    return batch


def locked_case(actor: Actor, case_id: UUID) -> Case:
    """The case, locked, of one of the actor's offices. Raises RuleBroken case_unknown."""
    case = Case.objects.select_for_update().filter(id=case_id, origin_office_id__in=actor.office_ids).first()
    if case is None:
        raise RuleBroken("case_unknown")
    return case


def lock_numbers_of(office_id: int) -> None:
    """One at a time may add or change cases of an office, so that two of them cannot take the same number."""
    ask("select pg_advisory_xact_lock(%s::int, %s::int)", [_IMPORTS, office_id])
