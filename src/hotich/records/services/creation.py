"""The one way a record comes to be: from an approved case, or later from a signed live registration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Attachment, Record, RegistrationNumber
from hotich.records.rules.standard_places import with_places
from hotich.records.services.access import must_have, must_keep
from hotich.records.services.annotations import AnnotationDraft, write_annotations
from hotich.records.services.participants import write_participants
from hotich.records.services.targets import announce_to_targets, apply_waiting_notices
from hotich.registers.types import version_by_id
from hotich.units.queries import keep_gazetteer_fresh

LARGEST_BATCH = 500  # rows a transaction, so that the head of the audit chain is held shortly
Number = tuple[UUID, int, int, str]  # book, year, number, suffix


@dataclass(frozen=True, slots=True)
class NewRecord:
    """The facts of one approved case. `source_case_id` makes a repeated call harmless: a case is entered once."""

    office_id: int
    register_type: str
    schema_version: str
    era: str
    channel: str
    book_id: UUID
    book_year: int
    number_text: str
    as_recorded: Mapping[str, Any]
    number: int | None = None
    number_suffix: str = ""
    registration_year: int | None = None
    page_no: str = ""
    registered_earliest: date | None = None
    registered_latest: date | None = None
    standard: Mapping[str, Any] = field(default_factory=dict)
    source_case_id: UUID | None = None
    original: str = ""  # a BookCopy: from which original it was keyed
    keyed_by: int | None = None
    scan_id: UUID | None = None
    notes: Sequence[AnnotationDraft] = ()  # what stands in the margin of the book

    @property
    def number_key(self) -> Number | None:
        """What must be unique in the book; None for an entry without a number."""
        if self.number is None:
            return None
        return self.book_id, self.registration_year or self.book_year, self.number, self.number_suffix


def create_record(*, actor: Actor, at: datetime, facts: NewRecord) -> Record:
    """Enter one record; see `create_records`."""
    return create_records(actor=actor, at=at, items=[facts])[0]


def create_records(*, actor: Actor, at: datetime, items: Sequence[NewRecord]) -> list[Record]:
    """Enter up to 500 records of one's offices with numbers, participants, scans, audit rows and events.

    The records come back in the order given. Annotations that earlier entries ask for are written at once, and these
    records write theirs into the entries they change, or send a notice (see `targets`). Conclusions are drawn by the
    caller: `persons.services.draw_conclusions`.

    Raises RuleBroken: not_allowed, office_not_in_scope, too_many_at_once, case_already_entered (params case_ids),
    registration_number_taken, registration_number_void (params number, case_ids).
    """
    must_have(actor, "case.approve")
    for office_id in {item.office_id for item in items}:
        must_keep(actor, office_id)
    if len(items) > LARGEST_BATCH:
        raise RuleBroken("too_many_at_once", most=LARGEST_BATCH)
    with unit_of_work(actor=actor, at=at) as work:
        _refuse_cases_entered_before(items)
        missing = _refuse_numbers_in_use(items)
        keep_gazetteer_fresh()
        records = [_record(item, actor, at) for item in items]
        try:
            with transaction.atomic():
                Record.objects.bulk_create(records, batch_size=LARGEST_BATCH)
                _write_numbers(items, records, missing)
        except IntegrityError as error:
            # somebody else entered one of them between our look and our writing
            raise _refusal_of(error) from error
        write_participants(records)
        _attach_scans(items, records, at)
        for record in records:
            _note(work, record)
        for item, record in zip(items, records, strict=True):
            if item.notes:
                write_annotations(record, item.notes, actor=actor, at=at, work=work)
        announce_to_targets(records, actor=actor, at=at)
        apply_waiting_notices(records, actor=actor, at=at)
    return records


def _refuse_cases_entered_before(items: Sequence[NewRecord]) -> None:
    ids = [item.source_case_id for item in items if item.source_case_id is not None]
    entered = list(Record.objects.filter(source_case_id__in=ids).values_list("source_case_id", flat=True))
    entered += [case for case, count in Counter(ids).items() if count > 1]
    if entered:
        raise RuleBroken("case_already_entered", case_ids=[str(case) for case in entered])


def _refuse_numbers_in_use(items: Sequence[NewRecord]) -> dict[Number, RegistrationNumber]:
    """Numbers of these items that the books hold as missing; they are found now."""
    wanted = [item.number_key for item in items if item.number_key is not None]
    twice = [key for key, count in Counter(wanted).items() if count > 1]
    if twice:
        raise _taken("registration_number_taken", items, twice)
    found = {
        (row.book_id, row.registration_year, row.number, row.number_suffix): row
        for row in RegistrationNumber.objects.select_for_update().filter(
            book_id__in={key[0] for key in wanted}, number__in={key[2] for key in wanted}
        )
    }
    held = {key: found[key] for key in wanted if key in found}
    for use, code in (
        (RegistrationNumber.Use.USED, "registration_number_taken"),
        (RegistrationNumber.Use.VOID, "registration_number_void"),
    ):
        if keys := [key for key, row in held.items() if row.use == use]:
            raise _taken(code, items, keys)
    return held


def _taken(code: str, items: Sequence[NewRecord], keys: Sequence[Number]) -> RuleBroken:
    hit = [item for item in items if item.number_key in set(keys)]
    return RuleBroken(
        code,
        field="registration_number",
        number=", ".join(sorted({item.number_text for item in hit})),
        case_ids=[str(item.source_case_id) for item in hit],
    )


def _refusal_of(error: IntegrityError) -> Exception:
    text = str(error)
    if "registration_number_once_a_book" in text:
        return RuleBroken("registration_number_taken", field="registration_number", number="", case_ids=[])
    if "record_once_a_case" in text:
        return RuleBroken("case_already_entered", case_ids=[])
    return error


def _record(item: NewRecord, actor: Actor, at: datetime) -> Record:
    version = version_by_id(item.schema_version)  # a version nobody declared must not be stored
    return Record(
        id=uuid7(),
        origin_office_id=item.office_id,
        register_type=item.register_type,
        schema_version=item.schema_version,
        era=item.era,
        channel=item.channel,
        book_id=item.book_id,
        number=item.number,
        number_suffix=item.number_suffix,
        number_text=item.number_text,
        registration_year=item.registration_year,
        page_no=item.page_no,
        registered_earliest=item.registered_earliest,
        registered_latest=item.registered_latest,
        as_recorded=dict(item.as_recorded),
        standard=with_places(version, item.as_recorded, item.standard, item.registered_earliest),
        source_case_id=item.source_case_id,
        original=item.original,
        keyed_by=item.keyed_by,
        approved_by=actor.officer_id,
        created_at=at,
    )


def _write_numbers(
    items: Sequence[NewRecord], records: Sequence[Record], missing: Mapping[Number, RegistrationNumber]
) -> None:
    fresh, found = [], []
    for item, record in zip(items, records, strict=True):
        key = item.number_key
        if key is None:
            continue
        if key in missing:
            row = missing[key]
            row.use, row.record, row.reason = RegistrationNumber.Use.USED, record, ""
            found.append(row)
            continue
        book, year, number, suffix = key
        fresh.append(
            RegistrationNumber(
                origin_office_id=item.office_id,
                register_type=item.register_type,
                book_id=book,
                number=number,
                number_suffix=suffix,
                registration_year=year,
                record=record,
            )
        )
    RegistrationNumber.objects.bulk_create(fresh, batch_size=LARGEST_BATCH)
    RegistrationNumber.objects.bulk_update(found, ["use", "record", "reason"])


def _attach_scans(items: Sequence[NewRecord], records: Sequence[Record], at: datetime) -> None:
    Attachment.objects.bulk_create(
        Attachment(origin_office_id=item.office_id, record=record, file_id=item.scan_id, created_at=at)
        for item, record in zip(items, records, strict=True)
        if item.scan_id is not None
    )


def _note(work: UnitOfWork, record: Record) -> None:
    work.record(
        "record.created",
        subject_kind="record",
        subject_id=record.id,
        subject_office=record.origin_office_id,
        after={"as_recorded": record.as_recorded},
        facts={
            "register_type": record.register_type,
            "schema_version": record.schema_version,
            "case_id": str(record.source_case_id or ""),
            "keyed_by": record.keyed_by,
        },
    )
    work.announce("record.created", subject_kind="record", subject_id=record.id, office=record.origin_office_id)
