"""One case at a time: corrected, given back, handed in again, withdrawn, its scan replaced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.files.services import PDF, store_file
from hotich.intake.models import Case, CaseState
from hotich.intake.queries.known_cases import (
    cases_of_register,
    known_by_digest,
    others_with_number,
    words_of_batch,
)
from hotich.intake.rules.import_decisions import NUMBER_UNIQUE, part_of
from hotich.intake.rules.keyed import NOTES
from hotich.intake.rules.row_examination import digest_of, finding_of
from hotich.intake.rules.scan_matching import SCAN_CODES, largest_scan
from hotich.intake.rules.workflow import CASE, HOLDS_ITS_NUMBER, next_state, state_by_findings
from hotich.intake.services.access import lock_numbers_of, locked_case, must_have
from hotich.intake.services.case_people import compare_people
from hotich.intake.services.case_rows import keys_as_columns, stored_findings
from hotich.intake.services.importing import facts_of
from hotich.intake.services.scan_linking import too_large
from hotich.intake.services.scans import fault_of_pdf
from hotich.intake.services.watchers import watched
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.examine import REJECTING_CODES, Examination, examine, with_surrogates
from hotich.registers.rules.values import AsRecorded
from hotich.registers.types import UnknownRegister, version_by_id, version_for
from hotich.registers.types.declaration import Channel, RegisterVersion
from hotich.units.queries import offices_by_id

_CORRECTED = [
    "as_recorded", "standard", "problems", "repairs", "error_count", "warning_count", "number", "number_suffix",
    "number_text", "registration_year", "book_number", "book_year", "page_no", "registered_earliest",
    "registered_latest", "schema_version", "era", "content_hash", "state", "version", "touched_by", "returned_reason",
    "updated_at",
]  # fmt: skip


def correct_case(*, actor: Actor, at: datetime, case_id: UUID, values: AsRecorded, version: int, era: str = "") -> Case:
    """Put other values in the place of those of a case that is not approved, and examine it again.

    Without errors it waits for approval, else it is held. `version` is that of the page; `era` moves the case to the
    form of another era. Raises RuleBroken: not_allowed, case_unknown, act_not_allowed_in_state,
    case_changed_meanwhile, era_without_register, case_value_refused, case_as_another.
    """
    must_have(actor, "case.edit")
    with (
        office_scope(actor.office_ids),
        unit_of_work(actor=actor, at=at) as work,
        watched(actor, at, case_id),
    ):
        case = locked_case(actor, case_id)
        lock_numbers_of(case.origin_office_id)
        next_state(CASE, case.state, "correct")
        if case.version != version:
            raise RuleBroken("case_changed_meanwhile")
        form = _form_of(case, era)
        before, place = {"as_recorded": case.as_recorded}, place_of(case)
        recorded = dict(with_surrogates(form, values))
        found = _examined(case, form, recorded, at)
        _refuse_same(case, digest_of(case.register_type, recorded))
        _apply(case, form, recorded, found)
        case.touched_by = sorted({*case.touched_by, *actor.hands})
        case.returned_reason, case.updated_at, case.version = "", at, case.version + 1
        case.save(update_fields=_CORRECTED)
        note_case(work, case, "case.corrected", before=before, after={"as_recorded": recorded})
        compare_people(work, [case])
        if place_of(case) != place:
            release_doubles(work, at, case, place)
    return case


def _form_of(case: Case, era: str) -> RegisterVersion:
    try:
        return (
            version_for(case.register_type, era, case.registered_earliest)
            if era
            else version_by_id(case.schema_version)
        )
    except UnknownRegister as error:
        raise RuleBroken("era_without_register", field="era", era=era) from error


def _examined(case: Case, form: RegisterVersion, recorded: AsRecorded, at: datetime) -> Examination:
    office = offices_by_id([case.origin_office_id])[case.origin_office_id]
    found = examine(form, recorded, channel=Channel(case.channel), office=facts_of(office), today=in_vietnam(at).date())
    for problem in found.problems:
        if problem.code in REJECTING_CODES:
            raise RuleBroken("case_value_refused", field=problem.field, found=problem.code)
    return found


def _refuse_same(case: Case, digest: str) -> None:
    """The same row twice is no correction: it could never be told from its double again."""
    case.content_hash = "" if digest == case.import_hash else digest
    others = cases_of_register(case.origin_office_id, case.register_type).exclude(id=case.id)
    if known_by_digest(others, [digest]):
        raise RuleBroken("case_as_another")


def _apply(case: Case, form: RegisterVersion, recorded: dict[str, Any], found: Examination) -> None:
    changed = {code for code in {*case.as_recorded, *recorded} if case.as_recorded.get(code) != recorded.get(code)}
    case.repairs = [repair for repair in case.repairs if repair["field"] not in changed]
    case.schema_version, case.era = form.id, form.era.value
    case.as_recorded = recorded
    case.standard = {name: dict(value) for name, value in found.standard.items()}
    for name, value in keys_as_columns(found.keys).items():
        setattr(case, name, value)
    # about the scan and about notes in the margin: neither is what is corrected here
    kept = [each for each in case.problems if each["code"] in SCAN_CODES or each["field"] == NOTES]
    clash = clash_of(case)
    findings = stored_findings(map(finding_of, found.problems))
    set_problems(case, [*kept, *([clash] if clash else []), *findings])


def set_problems(case: Case, problems: list[dict[str, Any]]) -> None:
    """Give a case what was found about it, and the state that follows."""
    case.problems = problems
    case.error_count = sum(problem["severity"] == "error" for problem in problems)
    case.warning_count = len(problems) - case.error_count
    case.state = CaseState(state_by_findings(case.error_count, is_check_pending=case.is_check_pending))


def clash_of(case: Case) -> dict[str, Any] | None:
    """The finding that another waiting or approved case has the number of this one; None when it is free."""
    if case.number is None or not case.book_number or case.registration_year is None or case.book_year is None:
        return None
    row_fields = version_by_id(case.schema_version).row_fields
    part = part_of(case.as_recorded, row_fields)
    for other in others_with_number(case).filter(state__in=HOLDS_ITS_NUMBER):
        if part_of(other.as_recorded, row_fields) == part:
            params = {"number": case.number_text, "row": other.row_number, "batch": words_of_batch(other.batch_id)}
            return {"code": NUMBER_UNIQUE, "field": "registration_number", "severity": "error", "params": params}
    return None


def place_of(case: Case) -> tuple[Any, ...]:
    """Book, year, number, suffix and row: what no two cases of an office and a register may share."""
    return (
        case.book_number,
        case.book_year,
        case.registration_year,
        case.number,
        case.number_suffix.lower(),
        part_of(case.as_recorded, version_by_id(case.schema_version).row_fields),
    )


def release_doubles(work: UnitOfWork, at: datetime, case: Case, place: tuple[Any, ...]) -> None:
    """A number has become free: held cases that only wanted it are looked at again."""
    book, book_year, year, number, suffix, _ = place
    if number is None:
        return
    doubles = (
        cases_of_register(case.origin_office_id, case.register_type)
        .select_for_update()
        .filter(
            state=CaseState.HELD, book_number=book, book_year=book_year, registration_year=year, number=number,
            number_suffix__iexact=suffix, problems__contains=[{"code": NUMBER_UNIQUE}],
        )
        .exclude(id=case.id)
        .order_by("row_number")
    )  # fmt: skip
    for other in doubles:
        if clash_of(other) is not None:
            continue
        set_problems(other, [problem for problem in other.problems if problem["code"] != NUMBER_UNIQUE])
        other.version, other.updated_at = other.version + 1, at
        other.save(update_fields=["problems", "error_count", "warning_count", "state", "version", "updated_at"])
        note_case(work, other, "case.number_free")


def return_case(*, actor: Actor, at: datetime, case_id: UUID, reason: str) -> Case:
    """The approver gives a case back to be corrected. Raises RuleBroken: not_allowed, case_unknown,
    act_not_allowed_in_state, case_reason_missing."""
    must_have(actor, "case.approve")
    if not reason.strip():
        raise RuleBroken("case_reason_missing", field="reason")
    return _moved(actor, at, case_id, "return", "case.returned", returned_reason=reason.strip()[:500])


def take_return_back(*, actor: Actor, at: datetime, case_id: UUID, version: int) -> Case:
    """A case given back by mistake waits again as it was. Raises RuleBroken: not_allowed, case_unknown,
    act_not_allowed_in_state, case_changed_meanwhile."""
    must_have(actor, "case.approve")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        if locked_case(actor, case_id).version != version:
            raise RuleBroken("case_changed_meanwhile")
        return _moved(actor, at, case_id, "take_back", "case.return_taken_back", returned_reason="")


def resubmit_case(*, actor: Actor, at: datetime, case_id: UUID) -> Case:
    """A case that was given back is handed in again as it is. Raises RuleBroken: not_allowed, case_unknown,
    act_not_allowed_in_state, case_still_held."""
    must_have(actor, "case.edit")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        if locked_case(actor, case_id).error_count:
            raise RuleBroken("case_still_held")
        return _moved(actor, at, case_id, "resubmit", "case.resubmitted", returned_reason="")


def withdraw_case(*, actor: Actor, at: datetime, case_id: UUID) -> Case:
    """Take back a single case that is not approved, e.g. a row that was keyed twice. Raises RuleBroken: not_allowed,
    case_unknown, act_not_allowed_in_state."""
    must_have(actor, "batch.withdraw")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = _moved(actor, at, case_id, "withdraw", "case.withdrawn")
        release_doubles(work, at, case, place_of(case))
    return case


def _moved(actor: Actor, at: datetime, case_id: UUID, act: str, verb: str, **changes: Any) -> Case:
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        before = case.state
        case.state = next_state(CASE, case.state, act, is_check_pending=case.is_check_pending)
        for name, value in changes.items():
            setattr(case, name, value)
        case.version, case.updated_at = case.version + 1, at
        case.save(update_fields=["state", "version", "updated_at", *changes])
        note_case(work, case, verb, facts={"from": before, "to": str(case.state)})
    return case


def replace_scan(*, actor: Actor, at: datetime, case_id: UUID, name: str, content: bytes) -> Case:
    """Link another PDF to a case that is not approved. Raises RuleBroken: not_allowed, case_unknown,
    act_not_allowed_in_state, scan_unreadable, scan_encrypted."""
    must_have(actor, "case.edit")
    if fault := fault_of_pdf(content):
        raise RuleBroken(fault, field="scan", file=name)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        next_state(CASE, case.state, "correct")
        case.scan = store_file(
            office_id=case.origin_office_id, name=name, content=content, media_type=PDF, actor=actor, at=at
        )
        kept = [problem for problem in case.problems if problem["code"] not in SCAN_CODES]
        found = stored_findings([too_large(len(content))]) if len(content) > largest_scan() else []
        set_problems(case, [*found, *kept])
        case.touched_by = sorted({*case.touched_by, *actor.hands})
        case.version, case.updated_at = case.version + 1, at
        case.save(update_fields=[
            "scan", "problems", "error_count", "warning_count", "state", "touched_by", "version", "updated_at",
        ])  # fmt: skip
        note_case(work, case, "case.scan_replaced", facts={"file": str(case.scan_id)})
    return case


def note_case(
    work: UnitOfWork,
    case: Case,
    verb: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write an act on a case into the trail."""
    told = {"batch": str(case.batch_id), "version": case.version, "state": str(case.state), **(facts or {})}
    work.record(
        verb, subject_kind="case", subject_id=case.id, subject_office=case.origin_office_id, before=before, after=after,
        facts=told,
    )  # fmt: skip
