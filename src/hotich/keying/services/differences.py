"""Differences between two keyings of a case: found, decided with a reason, and taken back.

What the case says is the first value, whoever keyed it; a decision for another one changes the case. Once nothing is
left to decide the entry has passed its check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import Case, CaseState
from hotich.intake.services.check_back import put_back_to_check
from hotich.intake.services.keyed import correct_checked_case, pass_check
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import CheckState, Difference, DifferenceDecision, Entry, SecondKeying
from hotich.keying.queries.held_entries import Held
from hotich.keying.rules.annotations import problems_of, tidy
from hotich.keying.rules.comparison import WHOLE_CASE, differing, errors_of, fields_asked, same
from hotich.keying.rules.notes import differing_notes, errors_of_notes, has_note, is_note, with_decided
from hotich.keying.services.access import CHECK, must_have
from hotich.keying.services.checking_access import (
    check_again,
    held_entry,
    must_be_open,
    must_settle,
    note_entry,
)
from hotich.registers.rules.values import Recorded
from hotich.registers.types import version_by_id

OF_BOOK = "register_book_no"
REASON = 300  # letters of a reason
_DECIDED = ["decision", "value", "reason", "first_errors", "second_errors", "length", "decided_by", "decided_at"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one difference: `first`, `second` or `other` with a `value` (None: the book has nothing).

    The value of a note in the margin is the note (rules.annotations).
    """

    difference_id: UUID
    decision: str
    reason: str
    value: Recorded | Mapping[str, Any] | None = None


# ---- finding


def compare_again(held: Held, at: datetime) -> None:
    """Look anew in what each second keying differs from what the case says now.

    Differences nobody has decided are made anew; a decision stays good as long as the case says what was decided.
    """
    Difference.objects.filter(entry=held.entry, decision="").exclude(field=WHOLE_CASE).delete()
    if held.case is None:
        return
    known = list(Difference.objects.filter(entry=held.entry))
    made = [row for second in held.seconds for row in _found(held, second, known, at)]
    Difference.objects.bulk_create(made)


def _found(held: Held, second: SecondKeying, known: Sequence[Difference], at: datetime) -> Iterable[Difference]:
    of_second = [row for row in known if row.second_id == second.id]
    if held.case is None or any(row.field == WHOLE_CASE for row in of_second):
        return
    yield from _notes_found(held, second, of_second, at)
    version = version_by_id(held.case.schema_version)
    recorded = held.case.as_recorded
    settled = {row.field for row in of_second if same(row.value, recorded.get(row.field))}
    # the number of the book belongs to the book: who leaves it out contradicts nobody
    asked = [code for code in fields_asked(version, second.kind) if code != OF_BOOK or code in second.values]
    for found in differing(version, recorded, second.values, asked):
        if found.field not in settled:
            yield Difference(
                origin_office_id=held.entry.origin_office_id, entry=held.entry, second=second, field=found.field,
                is_critical=found.is_critical, first_value=found.first, second_value=found.second, found_at=at,
            )  # fmt: skip


def _notes_found(
    held: Held, second: SecondKeying, of_second: Sequence[Difference], at: datetime
) -> Iterable[Difference]:
    if held.case is None or second.annotations is None:
        return
    decided = [(row.value, row.second_value) for row in of_second if is_note(row.field)]
    for field, first, other in differing_notes(held.case.annotations, second.annotations, decided):
        yield Difference(
            origin_office_id=held.entry.origin_office_id, entry=held.entry, second=second, field=field,
            first_value=first, second_value=other, found_at=at,
        )  # fmt: skip


def has_open(entry: Entry) -> bool:
    """Whether a difference of the entry waits for its decision."""
    return Difference.objects.filter(entry=entry, decision="").exists()


def set_state(held: Held, state: CheckState, officer: int | None, at: datetime) -> None:
    """Give an entry its state of checking, with who brought it there."""
    held.entry.check_state, held.entry.version = state, held.entry.version + 1
    if officer is not None:
        held.entry.checker, held.entry.checked_at = officer, at
    held.entry.save(update_fields=["check_state", "checker", "checked_at", "version"])


def settle(work: UnitOfWork, held: Held, at: datetime) -> None:
    """The state that follows from the differences: to be decided, passed, or still to be looked at.

    Passed only by the hand of somebody who may check, and only while intake finds no error in the case.
    """
    actor = work.actor
    if held.outstanding:
        return
    if has_open(held.entry):
        set_state(held, CheckState.DIFFERS, None, at)
    elif actor.may(CHECK) and held.seconds and (held.case is None or held.case.state == CaseState.CHECKING):
        pass_entry(work, held, at)
    elif held.entry.check_state != CheckState.PASSED:
        set_state(held, CheckState.PENDING, None, at)


def pass_entry(work: UnitOfWork, held: Held, at: datetime, **facts: Any) -> None:
    """The entry has passed its check; its case waits for approval."""
    if held.case is not None:
        pass_check(actor=work.actor, at=at, case_ids=[held.case.id])
    set_state(held, CheckState.PASSED, work.actor.officer_id, at)
    note_entry(work, held, "keyed_entry.passed", **facts)


def entries_mended(*, actor: Actor, at: datetime, entry_ids: Sequence[UUID]) -> None:
    """Their keyer saved these entries again: each is to be checked again, and compared anew where somebody keyed it a
    second time. Called in the transaction of the save, with the package locked or not.
    """
    ids = Entry.objects.filter(id__in=list(entry_ids), origin_office_id__in=actor.office_ids)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at):
        for entry_id in ids.order_by("package_id", "id").values_list("id", flat=True):
            held = held_entry(actor, entry_id)
            compare_again(held, at)
            open_now = has_open(held.entry) and not held.outstanding
            set_state(held, CheckState.DIFFERS if open_now else CheckState.PENDING, None, at)


@contextmanager
def compared_anew(actor: Actor, at: datetime, case_id: UUID) -> Iterator[None]:
    """Around a correction of a case outside of checking (intake.services.watchers): while it waits for its check, its
    entry is compared anew with what a second person keyed, and is to be checked again.
    """
    entry_id = Entry.objects.filter(case_id=case_id).values_list("id", flat=True).first()
    if entry_id is None:
        yield
        return
    held_entry(actor, entry_id)  # package and entry are locked before the case
    yield
    if Case.objects.filter(id=case_id, is_check_pending=True).exists():
        entries_mended(actor=actor, at=at, entry_ids=[entry_id])


# ---- deciding


def decide_difference(
    *, actor: Actor, at: datetime, difference_id: UUID, decision: str, reason: str, value: Recorded | None = None
) -> Difference:
    """Decide one difference; see `decide_differences`. Raises also RuleBroken difference_unknown."""
    with office_scope(actor.office_ids):
        found = Difference.objects.filter(id=difference_id, origin_office_id__in=actor.office_ids)
        entry_id = found.values_list("entry_id", flat=True).first()
        if entry_id is None:
            raise RuleBroken("difference_unknown")
        decided = [Decided(difference_id, decision, reason, value)]
        decide_differences(actor=actor, at=at, entry_id=entry_id, decided=decided)
        return found.get()


def decide_differences(*, actor: Actor, at: datetime, entry_id: UUID, decided: Sequence[Decided]) -> Entry:
    """Decide differences of one entry, each with its reason. The case takes the values decided; when none is left
    the entry has passed.

    Raises RuleBroken: not_allowed, entry_unknown, checked_by_keyer, third_person_required, second_keying_outstanding,
    difference_unknown, difference_decided_already, reason_missing, decision_unknown, whole_case_differs (a number said
    to be void: keep the case, or return it to its keyer), case_approved_already.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held = held_entry(actor, entry_id)
        must_settle(actor, held)
        rows = {row.id: row for row in Difference.objects.select_for_update().filter(entry=held.entry)}
        changes: dict[str, Recorded | None] = {}
        notes: list[dict[str, Any]] = list(held.case.annotations) if held.case is not None else []
        for each in decided:
            row = rows.get(each.difference_id)
            if row is None:
                raise RuleBroken("difference_unknown")
            _decide(row, each, officer, at)
            if is_note(row.field):
                notes = with_decided(notes, row.first_value, row.value)
            elif row.field != WHOLE_CASE and not same(row.value, _now(held, row.field)):
                changes[row.field] = row.value
            row.save(update_fields=_DECIDED)
            note_entry(work, held, "difference.decided", reason=row.reason, field=row.field, decision=row.decision)
        correct(work, held, at, changes, notes)
        held.deciders |= {officer}
        settle(work, held, at)
    return held.entry


def _decide(row: Difference, said: Decided, officer: int, at: datetime) -> None:
    if row.decision:
        raise RuleBroken("difference_decided_already")
    reason = said.reason.strip()[:REASON]
    if not reason:
        raise RuleBroken("reason_missing", field="reason")
    if said.decision not in DifferenceDecision.values:
        raise RuleBroken("decision_unknown", field="decision")
    if row.field == WHOLE_CASE and said.decision != DifferenceDecision.FIRST:
        raise RuleBroken("whole_case_differs")
    row.decision, row.reason, row.decided_by, row.decided_at = said.decision, reason, officer, at
    given = {DifferenceDecision.FIRST: row.first_value, DifferenceDecision.SECOND: row.second_value}
    row.value = given.get(DifferenceDecision(said.decision), said.value)
    if is_note(row.field):
        if said.decision == DifferenceDecision.OTHER:
            row.value = _checked_note(row, said.value)
        noted = errors_of_notes(row.first_value, row.second_value, row.value)
        row.first_errors, row.second_errors, row.length = noted.first, noted.second, noted.length
    elif row.field != WHOLE_CASE:
        errors = errors_of(row.first_value, row.second_value, row.value)
        row.first_errors, row.second_errors, row.length = errors.first, errors.second, errors.length


def _checked_note(row: Difference, said: Any) -> dict[str, Any] | None:
    """A note as the checker wrote it; None: the margin has none. Raises RuleBroken with the code of what is wrong."""
    if said is None:
        return None
    note = tidy(said)
    wrong = [found for found in problems_of(version_by_id(row.entry.schema_version), note) if found.severity == "error"]
    if wrong:
        raise RuleBroken(wrong[0].code, field=wrong[0].field, **wrong[0].params)
    return note


def correct(
    work: UnitOfWork,
    held: Held,
    at: datetime,
    changes: dict[str, Recorded | None],
    notes: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Change the case, and its notes in the margin (None: they stay); one that had passed is checked again first.

    Raises RuleBroken case_approved_already.
    """
    if held.case is None:
        return
    if notes is not None and list(notes) == list(held.case.annotations):
        notes = None
    if not changes and notes is None:
        return
    must_be_open(held)
    reopen_case(work, held, at)
    correct_checked_case(actor=work.actor, at=at, case_id=held.case.id, changes=changes, annotations=notes)
    held.case.refresh_from_db()


def reopen_case(work: UnitOfWork, held: Held, at: datetime) -> None:
    """A case that waits for approval or for its keyer waits for its check again."""
    if held.case is not None and held.case.state in (CaseState.WAITING, CaseState.RETURNED):
        put_back_to_check(actor=work.actor, at=at, case_id=held.case.id)
        held.case.refresh_from_db()


def _now(held: Held, field: str) -> Recorded | None:
    found: Recorded | None = held.case.as_recorded.get(field) if held.case is not None else None
    return found


# ---- taking back


def undo_decision(*, actor: Actor, at: datetime, difference_id: UUID) -> Entry:
    """Take a decision back, as long as nobody has approved the case: the case says what it said before, and the
    difference waits again; a correction made while looking is gone. The trail keeps both.

    Raises RuleBroken: not_allowed, difference_unknown, difference_open, checked_by_keyer, third_person_required,
    case_approved_already, value_changed_since, book_in_acceptance.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = Difference.objects.filter(id=difference_id, origin_office_id__in=actor.office_ids)
        entry_id = found.values_list("entry_id", flat=True).first()
        if entry_id is None:
            raise RuleBroken("difference_unknown")
        held = held_entry(actor, entry_id)
        must_settle(actor, held)
        must_be_open(held)
        row = found.select_for_update().get()
        if not row.decision:
            raise RuleBroken("difference_open")
        if not _still_says(held, row):
            raise RuleBroken("value_changed_since", field=row.field)
        check_again(work, held.package)
        reopen_case(work, held, at)
        _put_back(work, held, at, row)
        note_entry(work, held, "difference.reopened", field=row.field, decision=row.decision)
        _forget(row)
        # the case keeps his hand in it: as the checker of the entry he is not taken for one of its keyers
        set_state(held, CheckState.DIFFERS if has_open(held.entry) else CheckState.PENDING, officer, at)
    return held.entry


def _still_says(held: Held, row: Difference) -> bool:
    """Whether the case says what was decided; of a note that was taken out, that it is not there."""
    if row.field == WHOLE_CASE or held.case is None:
        return True
    if is_note(row.field):
        note = row.value if row.value is not None else row.first_value
        return note is None or has_note(held.case.annotations, note) is (row.value is not None)
    return same(row.value, _now(held, row.field))


def _put_back(work: UnitOfWork, held: Held, at: datetime, row: Difference) -> None:
    """The case says again what it said before the decision."""
    if is_note(row.field) and held.case is not None:
        correct(work, held, at, {}, with_decided(held.case.annotations, row.value, row.first_value))
    elif row.field != WHOLE_CASE and not same(row.value, row.first_value):
        correct(work, held, at, {row.field: row.first_value})


def _forget(row: Difference) -> None:
    """The decision is gone. A correction made while looking was found by nobody else: it goes whole."""
    if row.second_id is None:
        row.delete()
        return
    row.decision, row.value, row.reason, row.decided_by, row.decided_at = "", None, "", None, None
    row.first_errors = row.second_errors = row.length = 0
    row.save(update_fields=_DECIDED)
