"""What changed after it was sent is sent again, so that everyone who received the wrong value is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from hotich.audit.queries import next_events
from hotich.audit.services import UnitOfWork, advance_cursor, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import Dispatch, DispatchState
from hotich.intake.queries.sent_content import fingerprint, notes_of, rows_to_send
from hotich.intake.rules.workflow import DISPATCH, next_state
from hotich.intake.services.export_corrections import PUT_RIGHT, note_wrong_exports
from hotich.kernel.actor import Actor
from hotich.records.models import Annotation, Record, RecordState

CONSUMER = "intake.dispatch"
CHANGES = frozenset({"record.repaired", "record.annotated", "record.annulled", "record.restored", "record.superseded"})
GONE = frozenset({RecordState.ANNULLED, RecordState.VOID})
REACHED = frozenset({DispatchState.SENT, DispatchState.ACKNOWLEDGED})
NEVER_SENT = "Bản ghi đã bị hủy giá trị trước khi gửi; không gửi nữa."


def refresh_dispatch(*, at: datetime, limit: int = 500) -> int:
    """Read the event log on and queue every record that is no longer what was sent; the number of rows queued.

    Whoever took a file away in which a record stands wrong is told by the same reading (`export_corrections`).

    Each office's records in a transaction of that office alone; the place in the log is kept when all are done, so an
    interrupted reading is read again and changes nothing twice. The system acts: no officer asks for it.
    """
    queued = 0
    while events := next_events(CONSUMER, limit):
        changed: dict[int, set[UUID]] = defaultdict(set)
        wrong: dict[int, set[UUID]] = defaultdict(set)
        for event in events:
            if event.kind in CHANGES and event.subject_kind == "record":
                changed[event.office_id].add(UUID(event.subject_id))
                if event.kind in PUT_RIGHT:
                    wrong[event.office_id].add(UUID(event.subject_id))
        for office_id, record_ids in sorted(changed.items()):
            queued += queue_changed(at=at, office_id=office_id, record_ids=record_ids)
        for office_id, record_ids in sorted(wrong.items()):
            note_wrong_exports(at=at, office_id=office_id, record_ids=record_ids)
        advance_cursor(consumer=CONSUMER, position=events[-1].position)
    return queued


def queue_changed(*, at: datetime, office_id: int, record_ids: Collection[UUID]) -> int:
    """Look at these records of one office, as the system at that office; the number of rows queued."""
    actor = Actor("system", office_id, None, frozenset({office_id}))
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        # in the order of their ids: two that look at the same records wait for each other
        records = list(Record.objects.select_for_update().filter(id__in=list(record_ids)).order_by("id"))
        notes, rows = notes_of(record_ids), _rows_of(record_ids)
        return sum(_look_at(work, at, record, notes.get(record.id, []), rows[record.id]) for record in records)


def _rows_of(record_ids: Iterable[UUID]) -> dict[UUID, list[Dispatch]]:
    found: dict[UUID, list[Dispatch]] = defaultdict(list)
    rows = Dispatch.objects.select_for_update(of=("self",)).select_related("record")
    for row in rows.filter(record_id__in=list(record_ids)).order_by("id"):
        found[row.record_id].append(row)
    return found


def _look_at(
    work: UnitOfWork, at: datetime, record: Record, notes: Sequence[Annotation], rows: Sequence[Dispatch]
) -> bool:
    if record.state in GONE and not any(row.state in REACHED for row in rows):
        cancel_rows(work, at, [row for row in rows if row.state in (DispatchState.QUEUED, DispatchState.REJECTED)])
        return False
    if any(row.state == DispatchState.QUEUED for row in rows):
        return False  # it goes with what the record says by then
    last = rows[-1] if rows else None
    if last is not None and last.content_hash == fingerprint(rows_to_send(record, notes)):
        return False
    if last is not None and last.state == DispatchState.REJECTED:
        queue_again(work, at, last)
        return True
    row = Dispatch.objects.create(
        origin_office_id=record.origin_office_id,
        record=record,
        record_version=record.version,
        queued_at=at,
        changed_at=at,
    )
    note_row(work, row, "dispatch.queued", {"version": str(record.version)})
    return True


def queue_again(work: UnitOfWork, at: datetime, row: Dispatch) -> None:
    """A rejected row waits again."""
    row.state = next_state(DISPATCH, row.state, "retry")
    row.queued_at = row.changed_at = at
    row.save(update_fields=["state", "queued_at", "changed_at"])
    note_row(work, row, "dispatch.queued_again", {"attempts": str(row.attempts)})


def cancel_rows(work: UnitOfWork, at: datetime, rows: Sequence[Dispatch]) -> None:
    """Rows of records that were annulled before the Ministry had them are not sent any more."""
    for row in rows:
        row.state = next_state(DISPATCH, row.state, "cancel")
        row.reason, row.changed_at = NEVER_SENT, at
        row.save(update_fields=["state", "reason", "changed_at"])
        note_row(work, row, "dispatch.cancelled", {})


def cancel_unsent(work: UnitOfWork, at: datetime, waiting: Sequence[Dispatch]) -> list[Dispatch]:
    """Of rows about to be sent, cancel those whose record was annulled unsent; the others."""
    gone = {row.record_id for row in waiting if row.record.state in GONE}
    if gone:
        reached = Dispatch.objects.filter(record_id__in=gone, state__in=list(REACHED))
        gone -= set(reached.values_list("record_id", flat=True))
        cancel_rows(work, at, [row for row in waiting if row.record_id in gone])
    return [row for row in waiting if row.record_id not in gone]


def note_row(work: UnitOfWork, row: Dispatch, verb: str, facts: dict[str, str]) -> None:
    """Write an act on a row into the trail."""
    work.record(
        verb, subject_kind="dispatch", subject_id=row.id, subject_office=row.origin_office_id,
        facts={"record_id": str(row.record_id), "state": str(row.state), **facts},
    )  # fmt: skip
