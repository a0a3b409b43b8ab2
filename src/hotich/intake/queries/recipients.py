"""Reads: the Ministry as a recipient of what a record said, and everybody else who received it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hotich.intake.models import Dispatch, DispatchState
from hotich.intake.queries.export_downloads import receipts_of_exports
from hotich.persons.queries.recipients import look_ups_of
from hotich.records.models import Record
from hotich.records.queries.recipients import MINISTRY, Receipt, changed_at, recipients_of

REACHED = (DispatchState.SENT, DispatchState.ACKNOWLEDGED)


def everybody_who_received(record: Record, *, changing: datetime | None = None) -> list[Receipt]:
    """Who received the record as it was before its last change (or as it is, before one that is about to be made)."""
    further = [*_ministry(record), *look_ups_of(record.id), *receipts_of_exports(record)]
    return recipients_of(record, further, changing=changing)


def is_queued_again(record: Record) -> bool:
    """Whether the record waits to be sent (again)."""
    return Dispatch.objects.filter(record=record, state=DispatchState.QUEUED).exists()


def _ministry(record: Record) -> Iterable[Receipt]:
    """A row says which version went out; one queued before the change may have been sent after it, put right."""
    changed = changed_at(record)
    for row in Dispatch.objects.filter(record=record, state__in=REACHED).order_by("queued_at"):
        is_right = changed is None or (row.record_version == record.version and row.changed_at >= changed)
        if is_right and changed is not None and row.queued_at < changed and record.version == 1:
            is_right = False  # an annulment makes no version: sent before it, answered after it
        yield Receipt(MINISTRY, row.changed_at if is_right else row.queued_at)
