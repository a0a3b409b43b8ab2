"""May they? The same questions for every service of records."""

from __future__ import annotations

from uuid import UUID

from hotich.database.lookup_key import lookup_secret as lookup_secret
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record


def must_have(actor: Actor, *rights: str) -> None:
    """Raises RuleBroken not_allowed unless the actor has one of these rights."""
    if not any(actor.may(right) for right in rights):
        raise RuleBroken("not_allowed")


def must_keep(actor: Actor, office_id: int) -> None:
    """Raises RuleBroken office_not_in_scope unless it is one of the actor's offices."""
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")


def locked_record(actor: Actor, record_id: UUID) -> Record:
    """The record, locked, of one of the actor's offices. Raises RuleBroken record_unknown."""
    record = Record.objects.select_for_update().filter(id=record_id, origin_office_id__in=actor.office_ids).first()
    if record is None:
        raise RuleBroken("record_unknown")
    return record
