"""A second officer approves: cases become records. Rows of one case go together or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.known_cases import others_with_number
from hotich.intake.rules.change_groups import joined
from hotich.intake.services.access import locked_batch, must_have
from hotich.intake.services.entry import enter_records
from hotich.intake.services.late_rows import enter_late_rows, is_late
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.queries.checks import numbers_chosen
from hotich.reconciliation.services.checks import follow_records
from hotich.records.services import AnnotationDraft, NewRecord
from hotich.registers.models import Book, BookCopy
from hotich.registers.rules.values import Reason, reason_of
from hotich.registers.services import find_or_make_book
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import RegisterVersion

CASES_AT_ONCE = 500
UNKNOWN_BOOK = "00"  # entries of a book whose number cannot be read
_HOLDING = frozenset({"registration_number_taken", "registration_number_void", "case_already_entered"})


@dataclass(slots=True)
class Approval:
    """What an approval did: cases approved, and (row, refusal) for those that were not. Approved before: neither."""

    approved: list[UUID] = field(default_factory=list)
    refused: list[tuple[int, RuleBroken]] = field(default_factory=list)
    records: int = 0


def approve_batch(*, actor: Actor, at: datetime, batch_id: UUID) -> Approval:
    """Approve every waiting case of a batch; held ones stay. An interrupted approval goes on where it stopped.

    Raises RuleBroken: not_allowed, batch_unknown, batch_still_loading, batch_withdrawn_already,
    second_person_required (whoever imported or changed any row of the batch).
    """
    must_have(actor, "case.approve")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        batch = locked_batch(actor, batch_id)
        _must_be_loaded(batch)
        cases = Case.objects.filter(batch=batch)
        if batch.created_by in actor.hands or cases.filter(touched_by__overlap=sorted(actor.hands)).exists():
            raise RuleBroken("second_person_required")
        waiting = list(
            cases.filter(state=CaseState.WAITING)
            .order_by("registration_year", "number", "row_number")
            .values_list("id", flat=True)
        )
    return approve_cases(actor=actor, at=at, case_ids=waiting)


def approve_cases(*, actor: Actor, at: datetime, case_ids: Sequence[UUID]) -> Approval:
    """Approve these cases, with the other rows of theirs, at most 500 in one transaction.

    A case approved before changes nothing; rows that were keyed later than the others of their case are added to its
    record. Raises RuleBroken: not_allowed, second_person_required; what stands in the
    way of single cases is returned.
    """
    must_have(actor, "case.approve")
    done = Approval()
    handled: set[UUID] = set()
    for start in range(0, len(case_ids), CASES_AT_ONCE):
        wanted = [each for each in case_ids[start : start + CASES_AT_ONCE] if each not in handled]
        with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
            handled |= _approve(work, actor, at, wanted, done)
    return done


def _must_be_loaded(batch: Batch) -> None:
    if batch.state == BatchState.WITHDRAWN:
        raise RuleBroken("batch_withdrawn_already")
    if batch.state != BatchState.LOADED:
        raise RuleBroken("batch_still_loading")


def _approve(work: UnitOfWork, actor: Actor, at: datetime, wanted: Sequence[UUID], done: Approval) -> set[UUID]:
    groups = _groups(actor, _locked(actor, wanted))
    late = [group for group in groups if is_late(group)]
    for group in late:
        _enter_late(work, actor, at, group, done)
    groups = [group for group in groups if group not in late and _may_be_entered(actor, group, done)]
    ready: list[tuple[list[Case], NewRecord]] = []
    books: dict[tuple[object, ...], Book] = {}  # a batch has hundreds of cases of one book
    for group in groups:
        try:
            ready.append((group, _facts(actor, at, group, books)))
        except RuleBroken as refusal:
            done.refused += [(case.row_number, refusal) for case in group]
    _enter(work, actor, at, ready, done)
    return {case.id for group in (*groups, *late) for case in group} | set(wanted)


def _locked(actor: Actor, ids: Iterable[UUID]) -> list[Case]:
    # in the order of their ids, so that two approvals wait for each other and never both
    found = Case.objects.select_for_update(of=("self",)).select_related("batch")
    return list(found.filter(id__in=list(ids), origin_office_id__in=actor.office_ids).order_by("id"))


def _groups(actor: Actor, cases: Sequence[Case]) -> list[list[Case]]:
    """Cases by record: alone, or all rows of one number in a register whose cases have several rows."""
    alone = [[case] for case in cases if not _has_rows(case)]
    together: dict[tuple[object, ...], list[Case]] = defaultdict(list)
    for case in cases:
        if _has_rows(case):
            together[_number_of(case)].append(case)
    for group in together.values():
        missing = others_with_number(group[0]).exclude(id__in=[case.id for case in group])
        group += _locked(actor, missing.values_list("id", flat=True))
        group.sort(key=lambda case: (case.batch_id, case.row_number))
    return sorted([*alone, *together.values()], key=lambda group: (group[0].batch_id, group[0].row_number))


def _has_rows(case: Case) -> bool:
    return bool(version_by_id(case.schema_version).row_fields) and case.number is not None


def _number_of(case: Case) -> tuple[object, ...]:
    return (
        case.origin_office_id, case.register_type, case.book_number, case.book_year, case.registration_year,
        case.number, case.number_suffix.lower(),
    )  # fmt: skip


def _needs_another(actor: Actor, waiting: Sequence[Case]) -> None:
    if any(actor.hands & {case.keyed_by, *case.touched_by} for case in waiting):
        raise RuleBroken("second_person_required")


def _may_be_entered(actor: Actor, group: Sequence[Case], done: Approval) -> bool:
    waiting = [case for case in group if case.state == CaseState.WAITING]
    _needs_another(actor, waiting)
    if len(waiting) == len(group):
        for case in group:
            _must_be_loaded(case.batch)
        return True
    if waiting:  # another row of the same case is not ready
        refusal = RuleBroken("group_incomplete", field="registration_number", number=group[0].number_text)
        done.refused += [(case.row_number, refusal) for case in waiting]
    else:
        not_ready = [case for case in group if case.state != CaseState.APPROVED]
        done.refused += [(case.row_number, RuleBroken("case_not_waiting", state=case.state)) for case in not_ready]
    return False


def _book_of(actor: Actor, at: datetime, case: Case, year: int, books: dict[tuple[object, ...], Book]) -> Book:
    number = case.book_number or UNKNOWN_BOOK
    key = (case.origin_office_id, case.register_type, case.era, number, year, case.batch.original)
    if key not in books:
        assigned = reason_of(case.as_recorded, "register_book_no") is Reason.ASSIGNED
        books[key] = find_or_make_book(
            actor=actor,
            at=at,
            office_id=case.origin_office_id,
            register_type=case.register_type,
            era=case.era,
            number=number,
            year=year,
            copy=_copy_at(case, number, year),
            assigned=assigned or not case.book_number,
        )
    return books[key]


def _copy_at(case: Case, number: str, year: int) -> str:
    """One entry lies once in the book, whichever original it was keyed from: in the commune's, else in the district's
    where that is the only one here. Which it was keyed from, the record says."""
    if case.batch.original != BookCopy.DISTRICT:
        return BookCopy.COMMUNE
    books = Book.objects.filter(
        origin_office_id=case.origin_office_id, register_type=case.register_type, number=number, opening_year=year
    )
    return BookCopy.COMMUNE if books.filter(copy=BookCopy.COMMUNE).exists() else BookCopy.DISTRICT


def _facts(actor: Actor, at: datetime, group: Sequence[Case], books: dict[tuple[object, ...], Book]) -> NewRecord:
    case = group[0]
    version = version_by_id(case.schema_version)
    year = case.book_year or case.registration_year
    if year is None:
        raise RuleBroken("book_not_known", field="register_book_no")
    book = _book_of(actor, at, case, year, books)
    return NewRecord(
        office_id=case.origin_office_id,
        register_type=case.register_type,
        schema_version=case.schema_version,
        era=case.era,
        channel=case.channel,
        book_id=book.id,
        book_year=year,
        number_text=case.number_text,
        as_recorded=joined([each.as_recorded for each in group], version.row_fields, case.number_text),
        number=case.number,
        number_suffix=case.number_suffix,
        registration_year=case.registration_year,
        page_no=case.page_no,
        registered_earliest=case.registered_earliest,
        registered_latest=case.registered_latest,
        standard=case.standard,
        source_case_id=case.id,
        original=case.batch.original,
        keyed_by=case.keyed_by,
        scan_id=next((each.scan_id for each in group if each.scan_id), None),
        notes=[_margin_note(version, note) for each in group for note in each.annotations],
    )


def _margin_note(version: RegisterVersion, note: Mapping[str, Any]) -> AnnotationDraft:
    """A note in the margin as keyed: the fields of an `AnnotationDraft`, those that are blank left out."""
    draft = AnnotationDraft(**note, is_of_the_book=True)
    if draft.field and draft.field not in {field.code for field in version.fields}:
        raise RuleBroken("field_not_changeable", field=draft.field, name=draft.field)
    return draft


def _enter(
    work: UnitOfWork, actor: Actor, at: datetime, ready: list[tuple[list[Case], NewRecord]], done: Approval
) -> None:
    while ready:
        try:
            numbers = numbers_chosen([case.id for group, _ in ready for case in group])
            records = enter_records(actor=actor, at=at, items=[facts for _, facts in ready], also_keys=numbers)
        except RuleBroken as refusal:
            hit = set(refusal.params.get("case_ids") or ())
            stopped = [group for group, _ in ready if str(group[0].id) in hit]
            if refusal.code not in _HOLDING or not stopped:
                raise
            for group in stopped:
                _hold(work, at, group, refusal, done)
            ready = [(group, facts) for group, facts in ready if str(group[0].id) not in hit]
            continue
        done.records += len(records)
        entered = [(case, record.id) for (group, _), record in zip(ready, records, strict=True) for case in group]
        _mark_approved(work, actor, at, entered, done)
        of_case = zip(ready, records, strict=True)
        follow_records(work, pairs=[(case.id, record) for (group, _), record in of_case for case in group])
        return


def _mark_approved(
    work: UnitOfWork, actor: Actor, at: datetime, entered: Sequence[tuple[Case, UUID]], done: Approval
) -> None:
    for case, record_id in entered:
        case.state, case.record_id, case.approved_by = CaseState.APPROVED, record_id, actor.officer_id
        case.version, case.updated_at = case.version + 1, at
        _note(work, case, "case.approved", {"record_id": str(record_id)})
        work.announce("case.approved", subject_kind="case", subject_id=case.id, office=case.origin_office_id)
    cases = [case for case, _ in entered]
    Case.objects.bulk_update(cases, ["state", "record_id", "approved_by", "version", "updated_at"])
    done.approved += [case.id for case in cases]


def _enter_late(work: UnitOfWork, actor: Actor, at: datetime, group: Sequence[Case], done: Approval) -> None:
    """Rows of an entry that has a record: they are added to it, or what stands in the way is told."""
    waiting = [case for case in group if case.state == CaseState.WAITING]
    _needs_another(actor, waiting)
    for case in waiting:
        _must_be_loaded(case.batch)
    try:
        record = enter_late_rows(actor=actor, at=at, group=group)
    except RuleBroken as refusal:
        done.refused += [(case.row_number, refusal) for case in waiting]
        return
    _mark_approved(work, actor, at, [(case, record.id) for case in waiting], done)
    follow_records(work, pairs=[(case.id, record) for case in waiting])


def _hold(work: UnitOfWork, at: datetime, group: Sequence[Case], refusal: RuleBroken, done: Approval) -> None:
    """The number is in the book already: the case goes back to be corrected."""
    for case in group:
        found = {
            "code": refusal.code,
            "field": refusal.field or "registration_number",
            "severity": "error",
            "params": {"number": case.number_text},
        }
        case.problems = [found, *case.problems]
        case.error_count += 1
        case.state, case.version, case.updated_at = CaseState.HELD, case.version + 1, at
        case.save(update_fields=["problems", "error_count", "state", "version", "updated_at"])
        _note(work, case, "case.held", {"code": refusal.code})
        done.refused.append((case.row_number, RuleBroken(refusal.code, field=refusal.field, number=case.number_text)))


def _note(work: UnitOfWork, case: Case, verb: str, facts: dict[str, str]) -> None:
    work.record(
        verb, subject_kind="case", subject_id=case.id, subject_office=case.origin_office_id,
        facts={"batch": str(case.batch_id), "version": case.version, **facts},
    )  # fmt: skip
