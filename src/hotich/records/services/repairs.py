"""Keying repair: our own mistake, found after approval. Neither annotation nor correction (cải chính)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken, Severity
from hotich.records.models import KeyingRepair, Record, RecordVersion, RegistrationNumber
from hotich.records.rules import workflow
from hotich.records.rules.restricted import restricted_fields, sees_restricted
from hotich.records.rules.standard_places import with_places
from hotich.records.services.access import locked_record, must_have
from hotich.records.services.participants import redraw_participants
from hotich.records.services.retraction import retract_from_targets
from hotich.records.services.targets import announce_to_targets, requests_of_record
from hotich.registers.rules.examine import Examination, examine
from hotich.registers.rules.values import AsRecorded, Recorded, decode
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Channel

State = KeyingRepair.State
BOOK_FIELD = "register_book_no"  # another book is another place on the shelf: annul and enter anew
ITEMS = "change_items"


def propose_repair(
    *, actor: Actor, at: datetime, record_id: UUID, version: int, values: Mapping[str, Recorded], reason: str
) -> KeyingRepair:
    """Propose other values for what was keyed wrongly: field code → value as the scan shows it ("" = nothing there).

    `version` is that of the page. Raises RuleBroken: not_allowed, record_unknown, changed_meanwhile,
    act_not_allowed_in_state, reason_missing, field_not_changeable, book_not_repairable, repair_changes_nothing,
    repair_waiting_already.
    """
    must_have(actor, "record.repair")
    if not reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        record = locked_record(actor, record_id)
        workflow.next_state(workflow.RECORD, record.state, "repair")
        if record.version != version:
            raise RuleBroken("changed_meanwhile")
        if record.repairs.filter(state=State.PROPOSED).exists():
            raise RuleBroken("repair_waiting_already")
        changed = _changed(record, values)
        repair = KeyingRepair.objects.create(
            origin_office_id=record.origin_office_id,
            record=record,
            record_version=version,
            values=changed,
            reason=reason.strip()[:500],
            proposed_by=actor.officer_id or 0,
            proposed_at=at,
        )
        work.record(
            "repair.proposed",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before={code: record.as_recorded.get(code) for code in changed},
            after=changed | {"reason": repair.reason},
            facts={"repair_id": str(repair.id)},
        )
    return repair


def _changed(record: Record, values: Mapping[str, Recorded]) -> dict[str, Any]:
    codes = {item.code for item in version_by_id(record.schema_version).fields}
    codes |= {ITEMS} & set(record.as_recorded)
    for code in values:
        if code not in codes:
            raise RuleBroken("field_not_changeable", field=code, name=code)
        if code == BOOK_FIELD:
            raise RuleBroken("book_not_repairable", field=code)
    changed = {
        code: dict(value) if isinstance(value, Mapping) else value
        for code, value in values.items()
        if _differs(record.as_recorded.get(code), value)
    }
    if not changed:
        raise RuleBroken("repair_changes_nothing")
    return changed


def _differs(old: Any, new: Any) -> bool:
    if isinstance(old, list) or isinstance(new, list):
        return bool(old != new)
    return decode(old) != decode(new)


def decide_repair(*, actor: Actor, at: datetime, repair_id: UUID, approve: bool, reason: str = "") -> KeyingRepair:
    """Accept or refuse a repair against the scan; never by whoever proposed it.

    Accepted: the old version is kept, the values stand corrected, participants are drawn again, and the event
    record.repaired tells everyone who received the wrong value. Conclusions are redrawn by the caller (`persons`).
    Raises RuleBroken: not_allowed, repair_unknown, own_repair, act_not_allowed_in_state, changed_meanwhile,
    reason_missing (to refuse), repair_leaves_errors, registration_number_taken, repair_restricted (nobody decides
    what he may not see). What the entry wrote into others is taken back and written anew where the repair changes it.
    """
    must_have(actor, "record.approve_repair")
    with unit_of_work(actor=actor, at=at) as work:
        found = KeyingRepair.objects.filter(id=repair_id, origin_office_id__in=actor.office_ids).first()
        if found is None:
            raise RuleBroken("repair_unknown")
        record = locked_record(actor, found.record_id)
        repair = KeyingRepair.objects.select_for_update().get(id=repair_id)
        if repair.proposed_by == actor.officer_id:
            raise RuleBroken("own_repair")
        if not sees_restricted(actor) and restricted_fields(version_by_id(record.schema_version)) & set(repair.values):
            raise RuleBroken("repair_restricted")
        repair.state = workflow.next_state(workflow.REPAIR, repair.state, "approve" if approve else "refuse")
        if not approve and not reason.strip():
            raise RuleBroken("reason_missing", field="reason")
        before = {code: record.as_recorded.get(code) for code in repair.values}
        if approve:
            if record.version != repair.record_version:
                raise RuleBroken("changed_meanwhile")
            asked = requests_of_record(record)
            _apply(record, repair, at)
            if requests_of_record(record) != asked:  # because of our mistake it wrote something else, or elsewhere
                retract_from_targets(record, reason=repair.reason, actor=actor, at=at)
                announce_to_targets([record], actor=actor, at=at)
            work.announce(
                "record.repaired", subject_kind="record", subject_id=record.id, office=record.origin_office_id
            )
        repair.decided_by, repair.decided_at, repair.decision_reason = actor.officer_id, at, reason.strip()[:500]
        repair.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
        work.record(
            "record.repaired" if approve else "repair.refused",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            before=before,
            after=repair.values if approve else {"reason": repair.decision_reason},
            facts={"repair_id": str(repair.id), "version": record.version},
        )
    return repair


def _apply(record: Record, repair: KeyingRepair, at: datetime) -> None:
    values = {**record.as_recorded, **repair.values}
    values = {code: value for code, value in values.items() if value not in ("", None)}
    found = _examined(record, values)
    fresh = _errors(found) - _errors(_examined(record, record.as_recorded))
    keys = found.keys
    if fresh or (record.number is not None and keys.number is None):
        code, field = min(fresh) if fresh else ("", "registration_number")
        raise RuleBroken("repair_leaves_errors", field=field, found=code)
    RecordVersion.objects.create(
        origin_office_id=record.origin_office_id,
        record=record,
        version=record.version,
        as_recorded=record.as_recorded,
        standard=record.standard,
        replaced_at=at,
        repair_id=repair.id,
    )
    _move_number(record, keys.number, keys.number_suffix, keys.registration_year)
    version = version_by_id(record.schema_version)
    record.as_recorded = values
    record.standard = with_places(version, values, found.standard, keys.registered_earliest)
    record.number, record.number_suffix, record.number_text = keys.number, keys.number_suffix, keys.number_text
    record.registration_year, record.page_no = keys.registration_year, keys.page_no
    record.registered_earliest, record.registered_latest = keys.registered_earliest, keys.registered_latest
    record.version += 1
    record.save()
    redraw_participants(record)


def _examined(record: Record, values: Mapping[str, Any]) -> Examination:
    # an entry of several rows is examined with its first one: the checks look at one row at a time
    rows: list[AsRecorded] = values.get(ITEMS) or [{}]
    one = {code: value for code, value in values.items() if code != ITEMS} | dict(rows[0])
    return examine(version_by_id(record.schema_version), one, channel=Channel(record.channel))


def _errors(found: Examination) -> set[tuple[str, str]]:
    return {(problem.code, problem.field) for problem in found.problems if problem.severity is Severity.ERROR}


def _move_number(record: Record, number: int | None, suffix: str, year: int | None) -> None:
    """A number keyed wrongly goes free again: it was never used in the book."""
    if (number, suffix, year) == (record.number, record.number_suffix, record.registration_year):
        return
    record.numbers.all().delete()
    if number is None:
        return
    try:
        with transaction.atomic():
            RegistrationNumber.objects.create(
                origin_office_id=record.origin_office_id,
                register_type=record.register_type,
                book_id=record.book_id,
                number=number,
                number_suffix=suffix,
                registration_year=year or record.book.opening_year,
                record=record,
            )
    except IntegrityError as error:
        raise RuleBroken("registration_number_taken", field="registration_number", number=str(number)) from error
