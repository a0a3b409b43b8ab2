"""Numbers of a book: void, missing, and records another one stands in for. A number once used stays used."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record, RecordState, RegistrationNumber
from hotich.records.rules import workflow
from hotich.records.rules.participants import standard_code
from hotich.records.services.access import locked_record, must_have, must_keep
from hotich.registers.models import Book
from hotich.registers.queries import book_by_id
from hotich.registers.types import version_by_id

Use = RegistrationNumber.Use
REGISTERED_AGAIN = "2"  # in the registration_type lists of birth, marriage and death


def declare_number(
    *,
    actor: Actor,
    at: datetime,
    book_id: UUID,
    number: int,
    year: int | None = None,
    suffix: str = "",
    use: str,
    reason: str,
) -> RegistrationNumber | None:
    """Say that a number of a book was crossed out (void) or is not in it (missing); `use` "" takes that back.

    Raises RuleBroken: not_allowed, book_unknown, number_use_unknown, reason_missing, registration_number_taken.
    """
    must_have(actor, "book.manage")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        book = book_by_id(book_id, office_ids=actor.office_ids)
        return _declare(work, book, number, suffix, year or book.opening_year, use, reason.strip()[:300])


def note_number_from_keying(
    *,
    actor: Actor,
    at: datetime,
    book: Book,
    number: int,
    year: int,
    suffix: str = "",
    use: str,
    reason: str = "",
) -> RegistrationNumber | None:
    """The same, by whoever keys the book from its pages; said again it changes nothing.

    Raises RuleBroken: not_allowed, office_not_in_scope, number_use_unknown, registration_number_taken.
    """
    must_have(actor, "keying.key")
    must_keep(actor, book.origin_office_id)
    with unit_of_work(actor=actor, at=at) as work:
        return _declare(work, book, number, suffix, year, use, reason.strip()[:300])


def _declare(
    work: UnitOfWork, book: Book, number: int, suffix: str, year: int, use: str, reason: str
) -> RegistrationNumber | None:
    if use not in ("", Use.VOID, Use.MISSING):
        raise RuleBroken("number_use_unknown", field="use")
    if number < 1:
        raise RuleBroken("number_not_positive", field="number")
    key = {"book": book, "number": number, "number_suffix": suffix, "registration_year": year}
    row = RegistrationNumber.objects.select_for_update().filter(**key).first()
    if row is not None and row.use == Use.USED:
        raise RuleBroken("registration_number_taken", field="number", number=str(number))
    before = (row.use, row.reason) if row is not None else ("", "")
    if before == (use, reason if use else ""):
        return row
    if not use:
        if row is not None:
            row.delete()
            row = None
    elif row is None:
        row = RegistrationNumber.objects.create(
            **key, origin_office_id=book.origin_office_id, register_type=book.register_type, use=use, reason=reason
        )
    else:
        row.use, row.reason = use, reason
        row.save(update_fields=["use", "reason"])
    work.record(
        "number.declared",
        subject_kind="book",
        subject_id=book.id,
        subject_office=book.origin_office_id,
        before={"use": before[0]},
        after={"use": use, "reason": reason},
        facts={"number": number, "suffix": suffix, "year": year},
    )
    return row


def supersede_record(*, actor: Actor, at: datetime, record_id: UUID, by_record_id: UUID) -> Record:
    """A re-registration stands in for an older record that was found again: both are kept, the newer prevails.

    Raises RuleBroken: not_allowed, record_unknown, act_not_allowed_in_state, supersedes_itself, not_registered_again,
    supersedes_another_type, superseded_by_older.
    """
    must_have(actor, "record.annotate")
    if record_id == by_record_id:
        raise RuleBroken("supersedes_itself")
    with unit_of_work(actor=actor, at=at) as work:
        old, new = (locked_record(actor, each) for each in (record_id, by_record_id))
        _refuse_superseding(old, new)
        old.state = workflow.next_state(workflow.RECORD, old.state, "supersede")
        old.save(update_fields=["state"])
        new.supersedes_id = old.id
        new.save(update_fields=["supersedes_id"])
        work.record(
            "record.superseded",
            subject_kind="record",
            subject_id=old.id,
            subject_office=old.origin_office_id,
            facts={"by_record_id": str(new.id)},
        )
        work.announce("record.superseded", subject_kind="record", subject_id=old.id, office=old.origin_office_id)
    return old


def _refuse_superseding(old: Record, new: Record) -> None:
    if new.state != RecordState.IN_FORCE or new.supersedes_id is not None:
        raise RuleBroken("act_not_allowed_in_state", state=new.state, act="supersede")
    if new.register_type != old.register_type:
        raise RuleBroken("supersedes_another_type")
    if not is_registered_again(new):
        raise RuleBroken("not_registered_again")
    if new.registered_latest and old.registered_earliest and new.registered_latest < old.registered_earliest:
        raise RuleBroken("superseded_by_older")


def is_registered_again(record: Record) -> bool:
    """Whether the entry says of itself that it registers anew ("Đăng ký lại")."""
    fields = {field.code: field for field in version_by_id(record.schema_version).fields}
    return standard_code(fields, record.as_recorded, "registration_type") == REGISTERED_AGAIN
