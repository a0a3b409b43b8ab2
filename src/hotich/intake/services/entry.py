"""The one door: what has been approved becomes records, conclusions and rows for the Ministry, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from hotich.audit.services import unit_of_work
from hotich.intake.models import Dispatch
from hotich.kernel.actor import Actor
from hotich.persons.services import draw_conclusions
from hotich.records.models import Record
from hotich.records.services import NewRecord, create_records


def enter_records(
    *, actor: Actor, at: datetime, items: Sequence[NewRecord], also_keys: Collection[str] = ()
) -> list[Record]:
    """Enter up to 500 records in one transaction; live registration comes in here too, at signature.

    `also_keys` as of `draw_conclusions`. Raises RuleBroken as `records.services.create_records` and
    `persons.services.draw_conclusions` do.
    """
    with unit_of_work(actor=actor, at=at):
        records = create_records(actor=actor, at=at, items=items)
        draw_conclusions(actor=actor, at=at, record_ids=[record.id for record in records], also_keys=also_keys)
        Dispatch.objects.bulk_create(
            Dispatch(
                origin_office_id=record.origin_office_id,
                record=record,
                record_version=record.version,
                queued_at=at,
                changed_at=at,
            )
            for record in records
        )
    return records
