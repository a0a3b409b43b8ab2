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
from hotich.records.queries.repairs import ITEMS, check_repair, examined, repaired_values
from hotich.records.rules import workflow
from hotich.records.rules.restricted import restricted_fields, sees_restricted
from hotich.records.rules.standard_places import with_places
from hotich.records.services.access import locked_record, must_have
from hotich.records.services.participants import redraw_participants
from hotich.records.services.retraction import retract_from_targets
from hotich.records.services.targets import announce_to_targets, requests_of_record
from hotich.registers.rules.examine import Examination
from hotich.registers.rules.values import Recorded, decode
from hotich.registers.types import version_by_id
from hotich.units.queries import keep_gazetteer_fresh

State = KeyingRepair.State
BOOK_FIELD = "register_book_no"  # another book is another place on the shelf: annul and enter anew


def propose_repair(
    *, actor: Actor, at: datetime, record_id: UUID, version: int, values: Mapping[str, Recorded], reason: str
) -> KeyingRepair:
    """Propose other values for what was keyed wrongly: field code → value as the scan shows it ("" = nothing there).

    `version` is that of the page. Raises RuleBroken: not_allowed, record_unknown, changed_meanwhile,
    act_not_allowed_in_state, reason_missing, field_not_changeable, book_not_repairable, repair_changes_nothing,
    repair_waiting_already, registration_number_taken.
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
        changed = changed_values(record, values)
        _refuse_taken_number(record, changed)
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


def _refuse_taken_number(record: Record, changed: Mapping[str, Any]) -> None:
    check = check_repair(record, changed)
    if check.number_taken:
        raise RuleBroken("registration_number_taken", field="registration_number", number=check.number_text)


def changed_values(record: Record, values: Mapping[str, Recorded]) -> dict[str, Any]:
    """Of these values, those that differ from the record's.

    Raises RuleBroken: field_not_changeable, book_not_repairable, repair_changes_nothing.
    """
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


def withdraw_repair(*, actor: Actor, at: datetime, repair_id: UUID) -> KeyingRepair:
    """Its author takes a proposal back before anybody has decided; it stays readable.

    Raises RuleBroken: not_allowed, repair_unknown, not_own_repair, act_not_allowed_in_state.
    """
    must_have(actor, "record.repair")
    with unit_of_work(actor=actor, at=at) as work:
        found = KeyingRepair.objects.filter(id=repair_id, origin_office_id__in=actor.office_ids).first()
        if found is None:
            raise RuleBroken("repair_unknown")
        record = locked_record(actor, found.record_id)
        repair = KeyingRepair.objects.select_for_update().get(id=repair_id)
        if repair.proposed_by != actor.officer_id:
            raise RuleBroken("not_own_repair")
        repair.state = workflow.next_state(workflow.REPAIR, repair.state, "withdraw")
        repair.decided_by, repair.decided_at = actor.officer_id, at
        repair.save(update_fields=["state", "decided_by", "decided_at"])
        work.record(
            "repair.withdrawn",
            subject_kind="record",
            subject_id=record.id,
            subject_office=record.origin_office_id,
            facts={"repair_id": str(repair.id)},
        )
    return repair


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
        if repair.proposed_by in actor.hands:
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
    values = repaired_values(record, repair.values)
    found = examined(record, values)
    fresh = _errors(found) - _errors(examined(record, record.as_recorded))
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
    keep_gazetteer_fresh()
    record.standard = with_places(version, values, found.standard, keys.registered_earliest)
    record.number, record.number_suffix, record.number_text = keys.number, keys.number_suffix, keys.number_text
    record.registration_year, record.page_no = keys.registration_year, keys.page_no
    record.registered_earliest, record.registered_latest = keys.registered_earliest, keys.registered_latest
    record.version += 1
    record.save()
    redraw_participants(record)


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
