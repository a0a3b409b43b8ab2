"""The queue to the Ministry: what was approved is sent in files, and each row is answered (the file form of sending)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.files.models import StoredFile
from hotich.files.services import store_file
from hotich.intake.models import Dispatch, DispatchState
from hotich.intake.queries.sent_content import fingerprint, notes_of, rows_to_send
from hotich.intake.rules.responses import read_response
from hotich.intake.rules.workbook_header import newest_version
from hotich.intake.rules.workbook_writer import write_workbook
from hotich.intake.rules.workflow import DISPATCH, next_state
from hotich.intake.services.access import must_have, must_keep
from hotich.intake.services.dispatch_changes import GONE, REACHED, cancel_unsent, note_row, queue_again
from hotich.intake.services.importing import XLSX
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.cells import headings
from hotich.registers.rules.reading import read_book, read_number

ROWS_A_FILE = 500


def make_dispatch_file(*, actor: Actor, at: datetime, office_id: int, register_type: str) -> StoredFile:
    """A workbook of up to 500 records that wait to be sent, oldest first, as they are now; they count as sent.

    Records that were annulled before they were ever sent are left out for good; those annulled after it go once more,
    with that in their remarks. Raises RuleBroken: not_allowed, office_not_in_scope, dispatch_nothing_queued.
    """
    must_have(actor, "dispatch.send")
    must_keep(actor, office_id)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        waiting = cancel_unsent(work, at, _next_rows(office_id, register_type))
        stored = _send(work, actor, at, office_id, register_type, waiting) if waiting else None
    if stored is None:  # said only now: what was cancelled stays cancelled
        raise RuleBroken("dispatch_nothing_queued")
    return stored


def _next_rows(office_id: int, register_type: str) -> list[Dispatch]:
    rows = Dispatch.objects.select_for_update(of=("self",)).select_related("record")
    mine = rows.filter(origin_office_id=office_id, state=DispatchState.QUEUED, record__register_type=register_type)
    return list(mine.order_by("queued_at", "id")[:ROWS_A_FILE])


def _send(
    work: UnitOfWork, actor: Actor, at: datetime, office_id: int, register_type: str, waiting: Sequence[Dispatch]
) -> StoredFile:
    content, places, hashes = _workbook(waiting, register_type)
    name = f"{register_type}.{in_vietnam(at):%Y%m%d-%H%M%S}.xlsx"
    stored = store_file(office_id=office_id, name=name, content=content, media_type=XLSX, actor=actor, at=at)
    for row in waiting:
        row.state = next_state(DISPATCH, row.state, "send")
        row.file_id, row.row_number, row.changed_at = stored.id, places[row.id], at
        row.record_version, row.attempts, row.content_hash = row.record.version, row.attempts + 1, hashes[row.id]
        note_row(work, row, "dispatch.sent", {"file": str(stored.id), "row": str(row.row_number)})
    fields = ["state", "file_id", "row_number", "changed_at", "record_version", "attempts", "content_hash"]
    Dispatch.objects.bulk_update(waiting, fields)
    return stored


def _workbook(waiting: Sequence[Dispatch], register_type: str) -> tuple[bytes, dict[UUID, int], dict[UUID, str]]:
    """The file, and of each record the number of its first row and the fingerprint of what is told."""
    notes = notes_of([row.record_id for row in waiting])
    rows: list[dict[str, str]] = []
    places: dict[UUID, int] = {}
    hashes: dict[UUID, str] = {}
    for each in waiting:
        places[each.id] = len(rows) + 2
        told = rows_to_send(each.record, notes.get(each.record_id, []))
        hashes[each.id] = fingerprint(told)
        rows += told
    version = newest_version(register_type)
    used = {heading for row in rows for heading in row}
    return write_workbook(version, headings(version, "", used), rows), places, hashes


@dataclass(frozen=True, slots=True)
class Answered:
    """How many rows an answer acknowledged and rejected."""

    acknowledged: int
    rejected: int


def record_response(*, actor: Actor, at: datetime, office_id: int, register_type: str, content: bytes) -> Answered:
    """Take in the Ministry's answer: every line finds the row that was sent with its number and book, or all is refused.

    The same answer again changes nothing. Raises RuleBroken: not_allowed, office_not_in_scope, response_row_unknown,
    and what `read_response` refuses with.
    """
    must_have(actor, "dispatch.send")
    must_keep(actor, office_id)
    answers = read_response(content)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        sent = _sent_rows(office_id, register_type)
        counts = {True: 0, False: 0}
        for answer in answers:
            number, book = read_number(answer.number), read_book(answer.book)
            key = (book and (book.number, book.year), number and (number.number, number.suffix.lower(), number.year))
            row = sent.get(key)
            if row is None:
                raise RuleBroken("response_row_unknown", row=answer.row, number=answer.number, book=answer.book)
            counts[answer.accepted] += 1
            _answer(work, at, row, answer.accepted, answer.reason, answer.receipt)
    return Answered(counts[True], counts[False])


def _sent_rows(office_id: int, register_type: str) -> dict[tuple[object, object], Dispatch]:
    rows = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("record", "record__book")
        .filter(origin_office_id=office_id, record__register_type=register_type)
        .exclude(state__in=[DispatchState.QUEUED, DispatchState.CANCELLED])
        .order_by("changed_at", "id")
    )
    found: dict[tuple[object, object], Dispatch] = {}
    for row in rows:
        record = row.record
        book = (record.book.number, record.book.opening_year)
        key = (book, (record.number, record.number_suffix.lower(), record.registration_year))
        # a record that was sent twice is answered twice: the answer belongs to the first one that has none yet
        if key not in found or found[key].state != DispatchState.SENT:
            found[key] = row
    return found


def answer_dispatch(
    *, actor: Actor, at: datetime, dispatch_id: UUID, accepted: bool, reason: str = "", receipt: str = ""
) -> Dispatch:
    """Note the answer to one row by hand. Raises RuleBroken: not_allowed, dispatch_unknown, dispatch_reason_missing,
    act_not_allowed_in_state."""
    must_have(actor, "dispatch.send")
    if not accepted and not reason.strip():
        raise RuleBroken("dispatch_reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        row = _locked(actor, dispatch_id)
        _answer(work, at, row, accepted, reason.strip(), receipt.strip())
    return row


def _answer(work: UnitOfWork, at: datetime, row: Dispatch, accepted: bool, reason: str, receipt: str) -> None:
    wanted = DispatchState.ACKNOWLEDGED if accepted else DispatchState.REJECTED
    if row.state == wanted and row.reason == ("" if accepted else reason[:500]):
        return  # told before
    row.state = next_state(DISPATCH, row.state, "acknowledge" if accepted else "reject")
    row.reason, row.receipt, row.changed_at = ("" if accepted else reason[:500]), receipt[:200], at
    row.save(update_fields=["state", "reason", "receipt", "changed_at"])
    note_row(work, row, f"dispatch.{row.state}", {"row": str(row.row_number)})
    work.announce(f"dispatch.{row.state}", subject_kind="record", subject_id=row.record_id, office=row.origin_office_id)


def retry_dispatch(*, actor: Actor, at: datetime, dispatch_id: UUID) -> Dispatch:
    """A row that was rejected waits again, with what its record says by then. Raises RuleBroken: not_allowed,
    dispatch_unknown, act_not_allowed_in_state, dispatch_queued_already, dispatch_record_annulled."""
    must_have(actor, "dispatch.send")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        row = _locked(actor, dispatch_id)
        next_state(DISPATCH, row.state, "retry")
        others = Dispatch.objects.filter(record_id=row.record_id).exclude(id=row.id)
        if others.filter(state=DispatchState.QUEUED).exists():
            raise RuleBroken("dispatch_queued_already")
        if row.record.state in GONE and not others.filter(state__in=list(REACHED)).exists():
            raise RuleBroken("dispatch_record_annulled")
        queue_again(work, at, row)
    return row


def _locked(actor: Actor, dispatch_id: UUID) -> Dispatch:
    row = (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(id=dispatch_id, origin_office_id__in=actor.office_ids)
        .first()
    )
    if row is None:
        raise RuleBroken("dispatch_unknown")
    return row
