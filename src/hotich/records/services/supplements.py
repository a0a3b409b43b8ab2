"""A row of an entry that was keyed later than its siblings: the paper holds one entry, so the record grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import KeyingRepair, Record, RecordVersion
from hotich.records.queries.repairs import ITEMS
from hotich.records.rules import workflow
from hotich.records.services.access import locked_record, must_have
from hotich.records.services.participants import redraw_participants
from hotich.records.services.targets import announce_to_targets

REASON = "Bổ sung dòng nhập sót"


def add_missed_rows(
    *,
    actor: Actor,
    at: datetime,
    record_id: UUID,
    version: int,
    items: Sequence[Mapping[str, Any]],
    missed: Sequence[Mapping[str, Any]],
    keyed_by: int,
) -> Record:
    """Give an entry of several rows those that were missed when it was entered, as its next version.

    `items`: all its rows in the order of the book; `missed`: the new ones among them; `version`: that of the record
    they were put together with. What it said before is kept, the rows stand as a keying repair that `keyed_by`
    proposed and the actor decided, what the new rows ask for is written into the entries they name (or sent as a
    notice), and the event record.repaired tells everyone who received less. Conclusions are drawn by the caller.
    Raises RuleBroken: not_allowed, own_repair, record_unknown, act_not_allowed_in_state, changed_meanwhile.
    """
    must_have(actor, "case.approve")
    if keyed_by in actor.hands:
        raise RuleBroken("own_repair")
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        workflow.next_state(workflow.RECORD, record.state, "repair")
        if record.version != version:
            raise RuleBroken("changed_meanwhile")
        before = dict(record.as_recorded)
        rows = [dict(item) for item in items]
        common = {code: value for code, value in before.items() if code != ITEMS and not _in_rows(code, rows, before)}
        repair = _written_down(record, {ITEMS: rows}, actor, at, keyed_by)
        record.as_recorded = {**common, ITEMS: rows}
        record.version += 1
        record.save(update_fields=["as_recorded", "version"])
        redraw_participants(record)
        work.record(
            "record.repaired",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before={ITEMS: before.get(ITEMS)},
            after={ITEMS: rows, "reason": REASON},
            facts={"repair_id": str(repair.id), "version": record.version, "rows_added": len(missed)},
        )
        work.announce("record.repaired", subject_kind="record", subject_id=record.id, office=record.origin_office_id)
        # the entry as if it had its new rows only: the others have been written before
        only_missed = copy(record)
        only_missed.as_recorded = {**common, ITEMS: [dict(item) for item in missed]}
        announce_to_targets([only_missed], actor=actor, at=at)
    return record


def _in_rows(code: str, rows: Sequence[Mapping[str, Any]], before: Mapping[str, Any]) -> bool:
    """Whether a value of an entry that had one row until now belongs to the row and no longer to the common part."""
    return ITEMS not in before and any(code in row for row in rows)


def _written_down(record: Record, values: Mapping[str, Any], actor: Actor, at: datetime, keyed_by: int) -> KeyingRepair:
    """Who keyed and who decided, and what the record said until now."""
    repair = KeyingRepair.objects.create(
        origin_office_id=record.origin_office_id,
        record=record,
        record_version=record.version,
        values=dict(values),
        reason=REASON,
        state=KeyingRepair.State.APPROVED,
        proposed_by=keyed_by,
        proposed_at=at,
        decided_by=actor.officer_id,
        decided_at=at,
    )
    RecordVersion.objects.create(
        origin_office_id=record.origin_office_id,
        record=record,
        version=record.version,
        as_recorded=record.as_recorded,
        standard=record.standard,
        replaced_at=at,
        repair_id=repair.id,
    )
    return repair
