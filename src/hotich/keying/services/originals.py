"""Cases keyed from both originals of a book are decided: which original the record follows, point by point (H6).

By a checker who keyed neither. The case of the second original never becomes a record: once decided it is closed, and
what it says stays as evidence beside the record. A case only one original has is entered as one of its own, or is not,
with the reason. The package is locked before the entry, the entry before what intake locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import CaseState
from hotich.intake.services.check_back import put_back_to_check, restore_withdrawn
from hotich.intake.services.keyed import correct_checked_case, pass_check, withdraw_keyed_case
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    CheckState,
    CopyComparison,
    Entry,
    OriginalDecision,
    OriginalOutcome,
)
from hotich.keying.queries.copies import CopyPair
from hotich.keying.queries.held_entries import Held
from hotich.keying.queries.original_notes import count_unwritten, notes_of_decision
from hotich.keying.queries.originals import Beside, beside_of, sibling_pair
from hotich.keying.queries.undecided import alone_of_package, waiting_pairs
from hotich.keying.rules.comparison import same
from hotich.keying.rules.notes import Note, is_note, with_decided
from hotich.keying.rules.originals import PointDecided, Settled, settle_points
from hotich.keying.services.access import CHECK, locked_package, must_have
from hotich.keying.services.checking_access import (
    check_again,
    held_entry,
    must_be_another,
    must_not_be_judged,
    note_entry,
)
from hotich.keying.services.differences import REASON, set_state
from hotich.records.services import propose_repair
from hotich.registers.rules.values import Recorded

SETTLED = "Đã quyết định khi kiểm tra bản lưu thứ hai"  # said of what the comparison of both copies had found
_WITHDRAWN_BECAUSE = "original_decided"


def decide_original(
    *, actor: Actor, at: datetime, entry_id: UUID, seen: str, decided: Sequence[PointDecided] = ()
) -> OriginalDecision:
    """Decide a case of the second original: every point in which it differs from the first; without any, that both say
    the same. `seen`: `Beside.seen` of the page.

    Where the first is a record already, another value is proposed as a repair of it, and another note waits to be
    written beside it (services.original_notes). Raises RuleBroken: not_allowed,
    entry_unknown, original_not_paired, checked_by_keyer, original_first_unchecked, entry_changed_meanwhile,
    original_point_unknown, original_points_undecided, decision_unknown, reason_missing, case_still_held,
    original_needs_repair_right, book_in_acceptance, and those of a repair.
    """
    must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        beside = _locked(actor, entry_id)
        _must_be_third(actor, beside)
        if beside.seen != seen:
            raise RuleBroken("entry_changed_meanwhile")
        return _decided(work, at, beside, decided)


def settle_equal_originals(*, actor: Actor, at: datetime, pair: CopyPair) -> list[OriginalDecision]:
    """Every case that says the same in both originals is settled in one act; those of the actor's own hand are left.

    Raises RuleBroken not_allowed, book_in_acceptance.
    """
    must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        equal = [each for each in waiting_pairs(pair) if each.is_ready and not each.is_of(actor) and not each.points]
        for package_id in sorted({name for each in equal for name in _packages(each)}):
            locked_package(actor, package_id)
        made = []
        for found in equal:
            beside = _locked(actor, found.second.entry.id)
            if not beside.points:  # nobody has changed it meanwhile
                made.append(_decided(work, at, beside, ()))
    return made


def enter_as_own(*, actor: Actor, at: datetime, entry_id: UUID, reason: str) -> OriginalDecision:
    """A case only this original has is entered as one of its own: from now on it is checked like any other.

    Raises RuleBroken: not_allowed, entry_unknown, checked_by_keyer, original_not_alone, reason_missing.
    """
    must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held, words = _alone(actor, entry_id, reason)
        return _kept(work, at, held, OriginalOutcome.OWN, reason=words)


def dismiss_original(*, actor: Actor, at: datetime, entry_id: UUID, reason: str) -> OriginalDecision:
    """A case only this original has is not entered, with the reason; what was keyed stays readable.

    Raises RuleBroken as `enter_as_own`, and book_in_acceptance.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held, words = _alone(actor, entry_id, reason)
        check_again(work, held.package)
        assert held.case is not None
        withdraw_keyed_case(actor=actor, at=at, case_id=held.case.id, reason=words)
        set_state(held, CheckState.PASSED, officer, at)
        return _kept(work, at, held, OriginalOutcome.DISMISSED, reason=words)


def take_back_original(*, actor: Actor, at: datetime, entry_id: UUID) -> Entry:
    """Take a decision back: the case waits for it again, and the first says again what it said. The trail keeps both.

    Raises RuleBroken: not_allowed, entry_unknown, nothing_to_take_back, checked_by_keyer, case_approved_already (the
    first became a record, or this one did), original_note_written, value_changed_since, book_in_acceptance.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held = held_entry(actor, entry_id)
        decision = OriginalDecision.objects.select_for_update().filter(entry=held.entry).first()
        if decision is None:
            raise RuleBroken("nothing_to_take_back")
        must_be_another(actor, held)
        if decision.first_case is not None and decision.first_case.keyed_by in actor.hands:
            raise RuleBroken("checked_by_keyer")
        if held.case is not None and held.case.state == CaseState.APPROVED:
            raise RuleBroken("case_approved_already")
        check_again(work, held.package)
        if decision.outcome == OriginalOutcome.DECIDED:
            _put_back(work, at, decision)
        if held.case is not None and held.case.state == CaseState.WITHDRAWN:
            restore_withdrawn(actor=actor, at=at, case_id=held.case.id)
        elif held.case is not None and held.case.state == CaseState.WAITING:  # entered as its own, and checked since
            put_back_to_check(actor=actor, at=at, case_id=held.case.id)
        note_entry(work, held, "original.reopened", verdict=str(decision.outcome))
        _findings_of(held, SETTLED).update(settled_words="", settled_by=None, settled_at=None)
        decision.delete()
        set_state(held, CheckState.PENDING, officer, at)
    return held.entry


# ---- parts


def _locked(actor: Actor, entry_id: UUID) -> Beside:
    """The case with the first it stands beside; both packages are locked, the one with the smaller name first."""
    for package_id in sorted(_packages(beside_of(actor, entry_id))):
        locked_package(actor, package_id)
    return beside_of(actor, entry_id)


def _packages(beside: Beside) -> set[UUID]:
    first = beside.first_held
    return {beside.second.package.id} | ({first.package.id} if first is not None else set())


def _must_be_third(actor: Actor, beside: Beside) -> None:
    if beside.is_of(actor):
        raise RuleBroken("checked_by_keyer")
    if not beside.is_ready:
        raise RuleBroken("original_first_unchecked")


def _decided(work: UnitOfWork, at: datetime, beside: Beside, decided: Sequence[PointDecided]) -> OriginalDecision:
    actor, second = work.actor, beside.second
    assert second.case is not None
    made = settle_points(beside.first_said, beside.second_said, beside.points, decided)
    check_again(work, second.package)
    if made.second_changes or made.second_notes != list(second.case.annotations):
        correct_checked_case(
            actor=actor, at=at, case_id=second.case.id, changes=made.second_changes, annotations=made.second_notes
        )
    # first closed: the first may then say word for word the same
    withdraw_keyed_case(actor=actor, at=at, case_id=second.case.id, reason=_WITHDRAWN_BECAUSE)
    repair_id = _follow(work, at, beside, made)
    set_state(second, CheckState.PASSED, actor.officer_id, at)
    outcome = OriginalOutcome.DECIDED if made.kept else OriginalOutcome.SAME
    return _kept(work, at, second, outcome, beside=beside, points=made.kept, repair_id=repair_id)


def _follow(work: UnitOfWork, at: datetime, beside: Beside, made: Settled) -> UUID | None:
    """The first says what was decided; of a record that is a repair, for another officer to decide."""
    if beside.record is None:
        notes = made.notes if made.notes != list(beside.first.annotations) else None
        if made.changes or notes is not None:
            _change_first(work, at, beside.first.id, beside.first_held, made.changes, notes)
        return None
    if not made.changes:
        return None
    if not work.actor.may("record.repair"):
        raise RuleBroken("original_needs_repair_right")
    values: dict[str, Any] = {code: "" if value is None else value for code, value in made.changes.items()}
    repair = propose_repair(
        actor=work.actor, at=at, record_id=beside.record.id, version=beside.record.version, values=values,
        reason="; ".join(dict.fromkeys(each["reason"] for each in made.kept)) or SETTLED,
    )  # fmt: skip
    return repair.id


def _change_first(
    work: UnitOfWork,
    at: datetime,
    case_id: UUID,
    held: Held | None,
    changes: dict[str, Recorded | None],
    notes: Sequence[Note] | None,
) -> None:
    """The case that waits for approval says something else, and goes on waiting."""
    if held is not None:
        must_not_be_judged(held.package.book_id)
    put_back_to_check(actor=work.actor, at=at, case_id=case_id)
    kept = correct_checked_case(actor=work.actor, at=at, case_id=case_id, changes=changes, annotations=notes)
    if kept.state != CaseState.CHECKING:
        raise RuleBroken("case_still_held")
    pass_check(actor=work.actor, at=at, case_ids=[case_id])


def _put_back(work: UnitOfWork, at: datetime, decision: OriginalDecision) -> None:
    first = decision.first_case
    changed = [point for point in decision.points if not same(point["value"], point["first"])]
    if first is None or not changed:
        return
    if first.state == CaseState.APPROVED and (notes_left := notes_of_decision(decision)):
        if len(notes_left) < len(changed):
            raise RuleBroken("case_approved_already")
        if any(note.is_written for note in notes_left):
            raise RuleBroken("original_note_written")
        return
    if first.state != CaseState.WAITING:
        raise RuleBroken("case_approved_already")
    changes: dict[str, Recorded | None] = {}
    notes = list(first.annotations)
    for point in changed:
        if is_note(point["field"]):
            notes = with_decided(notes, point["value"], point["first"])
        elif not same(first.as_recorded.get(point["field"]), point["value"]):
            raise RuleBroken("value_changed_since", field=point["field"])
        else:
            changes[point["field"]] = point["first"]
    entry_id = Entry.objects.filter(case_id=first.id).values_list("id", flat=True).first()
    held = held_entry(work.actor, entry_id) if entry_id is not None else None
    _change_first(work, at, first.id, held, changes, notes)


def _alone(actor: Actor, entry_id: UUID, reason: str) -> tuple[Held, str]:
    held = held_entry(actor, entry_id)
    must_be_another(actor, held)
    if held.entry.id not in alone_of_package(held.package):
        raise RuleBroken("original_not_alone")
    if not (words := reason.strip()[:REASON]):
        raise RuleBroken("reason_missing", field="reason")
    return held, words


def _kept(
    work: UnitOfWork,
    at: datetime,
    held: Held,
    outcome: OriginalOutcome,
    *,
    beside: Beside | None = None,
    points: Sequence[dict[str, Any]] = (),
    reason: str = "",
    repair_id: UUID | None = None,
) -> OriginalDecision:
    entry = held.entry
    row = OriginalDecision(
        origin_office_id=entry.origin_office_id, entry=entry, first_case=beside.first if beside else None,
        outcome=outcome, points=list(points), reason=reason, repair_id=repair_id,
        decided_by=work.actor.officer_id or 0, decided_at=at,
    )  # fmt: skip
    row.notes_left = count_unwritten(row)
    row.save(force_insert=True)
    said = {**({"points": list(points)} if points else {}), **({"reason": reason} if reason else {})}
    work.record(
        "original.decided", subject_kind="keyed_entry", subject_id=entry.id, subject_office=entry.origin_office_id,
        after=said or None,
        facts={
            "package": str(held.package.id), "verdict": outcome.value, "points": len(points),
            **({"case_id": str(beside.first.id)} if beside else {}),
            **({"repair_id": str(repair_id)} if repair_id else {}),
        },
    )  # fmt: skip
    _findings_of(held, "").update(settled_words=SETTLED, settled_by=work.actor.officer_id, settled_at=at)
    return row


def _findings_of(held: Held, settled_words: str) -> Any:
    """What the comparison of both copies had found about the number of this case."""
    pair, case = sibling_pair(held.package.book), held.case
    if pair is None or case is None:
        return CopyComparison.objects.none()
    return CopyComparison.objects.filter(
        first=pair.first, second=pair.second, number=case.number, number_suffix=case.number_suffix,
        registration_year=case.registration_year, settled_words=settled_words,
    )  # fmt: skip
