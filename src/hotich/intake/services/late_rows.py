"""Rows of an entry that were keyed after their siblings had been approved: approved, they make its record whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hotich.audit.services import unit_of_work
from hotich.intake.models import Case, CaseState
from hotich.intake.rules.change_groups import ITEMS, joined, split
from hotich.kernel.actor import Actor
from hotich.persons.services import draw_conclusions
from hotich.records.models import Record
from hotich.records.services import add_missed_rows, attach_scan
from hotich.registers.types import version_by_id


def is_late(group: Sequence[Case]) -> bool:
    """Whether some rows of this case wait while all others stand in one record already."""
    states = {case.state for case in group}
    records = {case.record_id for case in group if case.state == CaseState.APPROVED}
    return states == {CaseState.WAITING, CaseState.APPROVED} and len(records) == 1


def enter_late_rows(*, actor: Actor, at: datetime, group: Sequence[Case]) -> Record:
    """Add the waiting rows of a late group to the record of the others, with their scan and conclusions.

    Raises RuleBroken group_disagrees when their common part is not that of the record (also after a repair), and as
    `records.services.add_missed_rows` does.
    """
    entered = next(case.record_id for case in group if case.record_id is not None)
    late = [case for case in group if case.state == CaseState.WAITING]
    with unit_of_work(actor=actor, at=at):
        record = Record.objects.select_for_update().get(id=entered)
        items, missed = _in_order(record, group)
        add_missed_rows(
            actor=actor,
            at=at,
            record_id=record.id,
            version=record.version,
            items=items,
            missed=missed,
            keyed_by=late[0].keyed_by,
        )
        for file_id in sorted({case.scan_id for case in late if case.scan_id is not None}):
            attach_scan(actor=actor, at=at, record_id=record.id, file_id=file_id)
        draw_conclusions(actor=actor, at=at, record_ids=[record.id])
    return record


def _in_order(record: Record, group: Sequence[Case]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All rows of the entry in the order they stand in the files, and the new ones among them."""
    row_fields = version_by_id(record.schema_version).row_fields
    stood = list(split(record.as_recorded))
    late = [case for case in group if case.state == CaseState.WAITING]
    rows = [*stood, *(case.as_recorded for case in late)]
    items: list[dict[str, Any]] = joined(rows, row_fields, record.number_text)[ITEMS]
    old, new = items[: len(stood)], items[len(stood) :]
    if len(old) != len(group) - len(late):  # a repair changed how many rows there are: the new ones follow
        return items, new
    ordered, waiting, standing = [], iter(new), iter(old)
    for case in sorted(group, key=lambda case: (case.batch_id, case.row_number)):
        ordered.append(next(waiting if case.state == CaseState.WAITING else standing))
    return ordered, new
