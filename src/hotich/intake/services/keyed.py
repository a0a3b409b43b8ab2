"""Cases keyed from the pages of a book: kept in bulk, mended by their keyer, passed on by whoever checked them.

They lie in a batch of their own for each package. Until another person has checked one, `is_check_pending` keeps it
from the approver; everything after that is the way of any case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.copy import copy_rows
from hotich.database.plain import ask
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.rules.keyed import (
    BOOK_NOT_OF_PACKAGE,
    KeyedBook,
    KeyedCase,
    Looked,
    Setting,
    look_at,
)
from hotich.intake.rules.row_examination import Finding
from hotich.intake.rules.scan_matching import SCAN_CODES
from hotich.intake.rules.workflow import CASE, next_state
from hotich.intake.services.access import lock_numbers_of, locked_case, must_have, must_keep
from hotich.intake.services.case_people import compare_people
from hotich.intake.services.case_rows import COLUMNS, keys_as_columns, stored_findings
from hotich.intake.services.cases import note_case, place_of, release_doubles, set_problems
from hotich.intake.services.keyed_neighbours import KeptCase, Neighbours
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.records.models import AnnotationKind
from hotich.registers.models import Book
from hotich.registers.rules.examine import OfficeFacts
from hotich.registers.rules.values import AsRecorded, Recorded
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Channel
from hotich.units.queries import office_in_short

__all__ = [
    "KeptCase",
    "KeyedCase",
    "add_keyed_cases",
    "correct_checked_case",
    "keep_keyed_cases",
    "open_keying_batch",
    "pass_check",
    "rekey_case",
    "return_to_keyer",
    "withdraw_keyed_case",
]

CHANNEL = Channel.HISTORICAL
_COLUMNS = (*COLUMNS, "is_check_pending", "annotations")
_REKEYED = [
    "as_recorded", "standard", "problems", "repairs", "error_count", "warning_count", "number", "number_suffix",
    "number_text", "registration_year", "book_number", "book_year", "page_no", "registered_earliest",
    "registered_latest", "schema_version", "era", "import_hash", "content_hash", "state", "version", "touched_by",
    "returned_reason", "annotations", "is_check_pending", "scan", "updated_at",
]  # fmt: skip
RETURNS = ("keying.check", "keying.accept", "keying.lead")


def open_keying_batch(*, actor: Actor, at: datetime, book: Book, source_name: str) -> Batch:
    """The batch into which the cases of one package go. Raises RuleBroken: not_allowed, office_not_in_scope."""
    officer = must_have(actor, "keying.key")
    must_keep(actor, book.origin_office_id)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        batch = Batch.objects.create(
            origin_office_id=book.origin_office_id,
            register_type=book.register_type,
            era=book.era,
            channel=CHANNEL.value,
            template="",  # no workbook stands behind it
            source_name=source_name[:255],
            original=book.copy,
            source_sha256="",
            state=BatchState.LOADED,
            scans_given=True,
            created_by=officer,
            created_at=at,
            finished_at=at,
        )
        work.record(
            "batch.opened_for_keying", subject_kind="batch", subject_id=batch.id,
            subject_office=batch.origin_office_id, facts={"book": str(book.id)},
        )  # fmt: skip
    return batch


def keep_keyed_cases(
    *, actor: Actor, at: datetime, batch_id: UUID, book: Book, cases: Sequence[KeyedCase]
) -> list[KeptCase]:
    """Store new cases of one book, in order: with errors held, else to be checked. Nothing that was keyed is rejected.

    A case that says exactly what another says is stored too, held, until it is mended or withdrawn. Raises RuleBroken:
    not_allowed, office_not_in_scope, batch_unknown, batch_withdrawn_already.
    """
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        return add_keyed_cases(work, batch_id=batch_id, book=book, cases=cases)


def add_keyed_cases(work: UnitOfWork, *, batch_id: UUID, book: Book, cases: Sequence[KeyedCase]) -> list[KeptCase]:
    """`keep_keyed_cases` for a service that has its unit of work and the offices in scope already."""
    actor, at = work.actor, work.at
    officer = must_have(actor, "keying.key")
    must_keep(actor, book.origin_office_id)
    setting = _setting(book.register_type, book.origin_office_id, at, book)
    looked = [look_at(version_by_id(each.schema_version), each, setting) for each in cases]
    lock_numbers_of(book.origin_office_id)
    judged = Neighbours(book.origin_office_id, book.register_type, looked).judge_all()
    held = sum(each.state == CaseState.HELD for each, _ in judged)
    first = _count(batch_id, len(judged), held)
    rows = []
    for row, (each, (kept, digest)) in enumerate(zip(looked, judged, strict=True), start=first):
        rows.append(_row(each, kept, digest, row, batch_id, book, officer, sorted(actor.hands), at))
        _note_keyed(work, book.origin_office_id, batch_id, each, kept, row)
    copy_rows("intake_case", _COLUMNS, rows)
    return [kept for kept, _ in judged]


def _setting(letters: str, office_id: int, at: datetime, book: Book | None) -> Setting:
    office = OfficeFacts(*office_in_short(office_id))
    facts = KeyedBook(book.number, book.opening_year, book.is_number_assigned) if book is not None else None
    return Setting(letters, CHANNEL, facts, office, in_vietnam(at).date(), frozenset(AnnotationKind.values))


def _count(batch_id: UUID, number: int, held: int) -> int:
    """Count the new cases in their batch; the row number of the first."""
    found = ask(
        "update intake_batch set rows = rows + %s, rows_done = rows_done + %s, accepted = accepted + %s, "
        "held = held + %s where id = %s and state <> 'withdrawn' returning rows",
        [number, number, number - held, held, batch_id],
    )
    if not found:
        is_there = Batch.objects.filter(id=batch_id).exists()
        raise RuleBroken("batch_withdrawn_already" if is_there else "batch_unknown", batch=str(batch_id))
    return int(found[0][0]) - number + 1


def _row(
    looked: Looked,
    kept: KeptCase,
    digest: str,
    row: int,
    batch_id: UUID,
    book: Book,
    officer: int,
    hands: list[int],
    at: datetime,
) -> tuple[Any, ...]:
    version = version_by_id(looked.keyed.schema_version)
    errors = sum(found["severity"] == "error" for found in kept.problems)
    keys = keys_as_columns(looked.keys)
    return (
        kept.id, book.origin_office_id, batch_id, row, book.register_type, version.id, version.era.value, CHANNEL.value,
        kept.state, looked.written.decode(), orjson.dumps(looked.standard).decode(), _json(kept.problems),
        _json(stored_findings(looked.repairs)), errors, len(kept.problems) - errors, keys["number"],
        keys["number_suffix"], keys["number_text"], keys["registration_year"], keys["book_number"], keys["book_year"],
        keys["page_no"], keys["registered_earliest"], keys["registered_latest"], digest, "", looked.keyed.scan_id, 1,
        officer, hands, None, None, "", at, at, True, _json(list(looked.keyed.annotations)),
    )  # fmt: skip


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _said(recorded: object, annotations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a case says, for the trail."""
    return {"as_recorded": recorded, **({"annotations": list(annotations)} if annotations else {})}


def _note_keyed(work: UnitOfWork, office_id: int, batch_id: UUID, looked: Looked, kept: KeptCase, row: int) -> None:
    work.record(
        "case.keyed", subject_kind="case", subject_id=kept.id, subject_office=office_id,
        after=_said(orjson.Fragment(looked.written), looked.keyed.annotations),
        facts={"batch": str(batch_id), "row": row, "state": kept.state, **looked.keyed.facts},
    )  # fmt: skip
    work.announce("case.keyed", subject_kind="case", subject_id=kept.id, office=office_id)


def rekey_case(
    *, actor: Actor, at: datetime, case_id: UUID, book: Book, keyed: KeyedCase, taking_over: bool = False
) -> KeptCase:
    """The keyer keyed a case anew: to mend it, because it was given back, or because he saw his own mistake.

    Only until it was checked, and only by whose hand it is, or (`taking_over`) by whoever goes on with his package.
    Raises RuleBroken: not_allowed, case_unknown, act_not_allowed_in_state, case_not_yours.
    """
    must_have(actor, "keying.key")
    setting = _setting(book.register_type, book.origin_office_id, at, book)
    looked = look_at(version_by_id(keyed.schema_version), keyed, setting)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        lock_numbers_of(case.origin_office_id)
        if not taking_over and not actor.hands & {case.keyed_by, *case.touched_by}:
            raise RuleBroken("case_not_yours")
        if not case.is_check_pending:
            raise RuleBroken("act_not_allowed_in_state", state=case.state, act="correct")
        next_state(CASE, case.state, "correct")
        before, place = _said(case.as_recorded, case.annotations), place_of(case)
        [(kept, digest)] = _judged_anew(case, looked)
        _rewrite(case, looked, kept, digest, at)
        case.touched_by, case.returned_reason = sorted({*case.touched_by, *actor.hands}), ""
        case.save(update_fields=_REKEYED)
        note_case(work, case, "case.keyed_again", before=before, after=_said(case.as_recorded, case.annotations),
                  facts=dict(keyed.facts))  # fmt: skip
        compare_people(work, [case])
        work.announce("case.keyed", subject_kind="case", subject_id=case.id, office=case.origin_office_id)
        if place_of(case) != place:
            release_doubles(work, at, case, place)
    return KeptCase(case.id, str(case.state), case.problems)


def _judged_anew(case: Case, looked: Looked) -> list[tuple[KeptCase, str]]:
    return Neighbours(case.origin_office_id, case.register_type, [looked], besides=case).judge_all()


def _rewrite(case: Case, looked: Looked, kept: KeptCase, digest: str, at: datetime) -> None:
    version = version_by_id(looked.keyed.schema_version)
    case.schema_version, case.era = version.id, version.era.value
    case.as_recorded = dict(looked.recorded)
    case.standard = {name: dict(value) for name, value in looked.standard.items()}
    case.repairs = stored_findings(looked.repairs)
    case.annotations = list(looked.keyed.annotations)
    case.import_hash, case.content_hash = digest, ""
    case.scan_id = case.scan_id or looked.keyed.scan_id
    for name, value in keys_as_columns(looked.keys).items():
        setattr(case, name, value)
    of_scan = [problem for problem in case.problems if problem["code"] in SCAN_CODES]
    set_problems(case, [*of_scan, *kept.problems])
    case.version, case.updated_at = case.version + 1, at


def pass_check(*, actor: Actor, at: datetime, case_ids: Sequence[UUID]) -> list[Case]:
    """Another person has checked these cases: they wait for approval. Those that passed before are left alone.

    Raises RuleBroken: not_allowed, case_unknown, second_person_required, case_still_held, act_not_allowed_in_state;
    then none has passed.
    """
    must_have(actor, "keying.check")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = Case.objects.select_for_update().filter(id__in=list(case_ids), origin_office_id__in=actor.office_ids)
        cases = list(found.order_by("id"))
        if len(cases) != len(set(case_ids)):
            raise RuleBroken("case_unknown")
        passing = [case for case in cases if case.is_check_pending]
        for case in passing:
            if case.keyed_by in actor.hands:
                raise RuleBroken("second_person_required")
            if case.error_count:
                raise RuleBroken("case_still_held")
            case.state = CaseState(next_state(CASE, case.state, "pass_check"))
            case.is_check_pending = False
            case.version, case.updated_at = case.version + 1, at
            note_case(work, case, "case.check_passed")
            work.announce("case.check_passed", subject_kind="case", subject_id=case.id, office=case.origin_office_id)
        Case.objects.bulk_update(passing, ["state", "is_check_pending", "version", "updated_at"], batch_size=250)
    return cases


def correct_checked_case(
    *,
    actor: Actor,
    at: datetime,
    case_id: UUID,
    changes: Mapping[str, Recorded | None],
    annotations: Sequence[Mapping[str, Any]] | None = None,
) -> KeptCase:
    """Whoever checks puts other values in the place of some: `changes` by field, None for nothing written;
    `annotations`: all notes of the margin, None where they stay.

    The case is examined again and goes on waiting for its check (held when errors are left). Raises RuleBroken:
    not_allowed, case_unknown, second_person_required, act_not_allowed_in_state.
    """
    must_have(actor, "keying.check")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        lock_numbers_of(case.origin_office_id)
        if case.keyed_by in actor.hands:
            raise RuleBroken("second_person_required")
        if not case.is_check_pending:
            raise RuleBroken("act_not_allowed_in_state", state=case.state, act="correct")
        next_state(CASE, case.state, "correct")
        values: AsRecorded = {
            code: raw for code, raw in {**case.as_recorded, **changes}.items() if raw is not None and raw != ""
        }
        before, place = _said(case.as_recorded, case.annotations), place_of(case)
        notes = tuple(case.annotations if annotations is None else annotations)
        keyed = KeyedCase(case.id, case.schema_version, values, notes, case.scan_id)
        setting = _setting(case.register_type, case.origin_office_id, at, None)
        looked = look_at(version_by_id(case.schema_version), keyed, setting)
        if "register_book_no" not in changes:
            looked.findings[:0] = _kept_findings(case)
        [(kept, digest)] = _judged_anew(case, looked)
        returned = case.state == CaseState.RETURNED
        _rewrite(case, looked, kept, digest, at)
        if returned:
            case.state = CaseState.RETURNED
        case.touched_by = sorted({*case.touched_by, *actor.hands})
        case.save(update_fields=_REKEYED)
        note_case(work, case, "case.corrected", before=before, after=_said(case.as_recorded, case.annotations))
        compare_people(work, [case])
        if place_of(case) != place:
            release_doubles(work, at, case, place)
    return KeptCase(case.id, str(case.state), case.problems)


def _kept_findings(case: Case) -> list[Finding]:
    """What only whoever has the book in hand can judge."""
    return [
        (found["code"], found["field"], found["severity"], found["params"])
        for found in case.problems
        if found["code"] == BOOK_NOT_OF_PACKAGE
    ]


def return_to_keyer(*, actor: Actor, at: datetime, case_id: UUID, reason: str) -> Case:
    """Give a keyed case back to be keyed better; also one that had passed, as long as it is not approved.

    Raises RuleBroken: not_allowed, case_unknown, case_reason_missing, act_not_allowed_in_state.
    """
    if not any(map(actor.may, RETURNS)) or actor.officer_id is None:
        raise RuleBroken("not_allowed")
    if not reason.strip():
        raise RuleBroken("case_reason_missing", field="reason")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        if case.state != CaseState.RETURNED:
            case.state = CaseState(next_state(CASE, case.state, "return"))
        case.is_check_pending, case.returned_reason = True, reason.strip()[:500]
        case.version, case.updated_at = case.version + 1, at
        case.save(update_fields=["state", "is_check_pending", "returned_reason", "version", "updated_at"])
        note_case(work, case, "case.returned_to_keyer")
        work.announce("case.returned_to_keyer", subject_kind="case", subject_id=case.id, office=case.origin_office_id)
    return case


def withdraw_keyed_case(*, actor: Actor, at: datetime, case_id: UUID, reason: str, taking_over: bool = False) -> Case:
    """There is no such case: its number was crossed out, its page is missing or blank, or it was keyed twice.

    By its keyer (or who takes over from him) until it was checked, else by whoever checks or leads. Twice is as once.
    Raises RuleBroken: not_allowed, case_unknown, case_not_yours, act_not_allowed_in_state.
    """
    above = any(map(actor.may, RETURNS))
    if not above:
        must_have(actor, "keying.key")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        case = locked_case(actor, case_id)
        if case.state == CaseState.WITHDRAWN:
            return case
        if not above and not taking_over and not actor.hands & {case.keyed_by, *case.touched_by}:
            raise RuleBroken("case_not_yours")
        if not above and not case.is_check_pending:
            raise RuleBroken("act_not_allowed_in_state", state=case.state, act="withdraw")
        lock_numbers_of(case.origin_office_id)
        case.state = CaseState(next_state(CASE, case.state, "withdraw"))
        case.version, case.updated_at = case.version + 1, at
        case.save(update_fields=["state", "version", "updated_at"])
        note_case(work, case, "case.withdrawn", facts={"reason_given": bool(reason.strip())})
        release_doubles(work, at, case, place_of(case))
    return case
