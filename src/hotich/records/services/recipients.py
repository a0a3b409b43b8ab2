"""That somebody who had received a wrong value was told by other means than a notice or a new dispatch."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.queries.recipients import WAYS
from hotich.records.services.access import locked_record, must_have


def note_told(*, actor: Actor, at: datetime, record_id: UUID, recipient: str, how: str) -> None:
    """Write down that a recipient (`Receipt.key`) was told that the record changed, and how (letter, telephone …).

    Raises RuleBroken: not_allowed, record_unknown, recipient_unknown, reason_missing.
    """
    must_have(actor, "record.repair", "record.approve_repair", "record.annul")
    if not how.strip():
        raise RuleBroken("reason_missing", field="reason")
    if recipient.partition(":")[0] not in WAYS:
        raise RuleBroken("recipient_unknown")
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        work.record(
            "recipient.told",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            after={"reason": how.strip()[:500]},
            facts={"recipient": recipient[:40], "version": record.version},
        )
