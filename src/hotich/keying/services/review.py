"""Checking a package: begun by somebody who did not key it, entry by entry looked at beside the scan, finished."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import CaseState
from hotich.intake.services.keyed import return_to_keyer
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    BookWork,
    BookWorkState,
    CheckState,
    Difference,
    DifferenceDecision,
    Entry,
    EntryKind,
    ItemState,
    KeyingPackage,
    PackageItem,
    PackageState,
)
from hotich.keying.queries.held_entries import Held
from hotich.keying.queries.undecided import alone_of_package
from hotich.keying.rules.comparison import critical_fields, errors_of, same
from hotich.keying.rules.returns import returned_line
from hotich.keying.rules.sampling import Drawable, draw
from hotich.keying.rules.workflow import PACKAGE, next_state
from hotich.keying.services.access import CHECK, LEAD, locked_package, must_have, note_package
from hotich.keying.services.checking_access import (
    check_again,
    held_entry,
    must_be_another,
    must_be_checker,
    must_be_open,
    must_settle,
    note_entry,
)
from hotich.keying.services.differences import (
    REASON,
    compare_again,
    correct,
    has_open,
    pass_entry,
    reopen_case,
    set_state,
)
from hotich.keying.services.packages import return_package
from hotich.registers.rules.values import Recorded
from hotich.registers.types import version_by_id


@dataclass(frozen=True, slots=True)
class Change:
    """A correction a checker makes while looking: the value the book has (None: nothing), and why."""

    value: Recorded | None
    reason: str


# ---- the package


def start_check(*, actor: Actor, at: datetime, package_id: UUID) -> KeyingPackage:
    """The officer takes a package that was keyed to check it. At the first time the sample of every keyer is drawn.

    Taking what one checks already changes nothing. Raises RuleBroken: not_allowed, package_unknown, checked_by_keyer
    (his hand is in an entry of it), act_not_allowed_in_state, check_not_yours.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        if package.state == PackageState.CHECKING:
            must_be_checker(actor, package)
            return package
        keyers = set(Entry.objects.filter(package=package).values_list("keyer", flat=True)) | {package.keyer}
        if actor.hands & keyers:
            raise RuleBroken("checked_by_keyer")
        state = next_state(PACKAGE, package.state, "start_check")
        drawn = _draw(package) if package.check_started_at is None else 0
        package.state, package.checker, package.check_started_at = PackageState(state), officer, at
        package.version += 1
        package.save(update_fields=["state", "checker", "check_started_at", "version"])
        note_package(work, package, "package.check_started", sample=drawn)
    return package


def _draw(package: KeyingPackage) -> int:
    """Draw the sample; the entries of each keyer by themselves. How many were drawn."""
    entries = Entry.objects.filter(package=package, kind=EntryKind.CASE, is_sample=False).order_by("id")
    drawable = [Drawable(identity, keyer) for identity, keyer in entries.values_list("id", "keyer")]
    chosen = draw(drawable, package.sample_per_mille, Random(secrets.randbits(64)))
    return Entry.objects.filter(id__in=chosen).update(is_sample=True)


def give_up_check(*, actor: Actor, at: datetime, package_id: UUID) -> KeyingPackage:
    """The package waits for another checker; what was checked stays. By its checker, or by the leader.

    Raises RuleBroken: not_allowed, package_unknown, check_not_started, check_not_yours.
    """
    must_have(actor, CHECK, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        if not actor.may(LEAD):
            must_be_checker(actor, package)
        package.state = PackageState(next_state(PACKAGE, package.state, "give_up_check"))
        package.version += 1
        package.save(update_fields=["state", "version"])
        note_package(work, package, "package.check_given_up", checked_by=package.checker)
    return package


def finish_check(*, actor: Actor, at: datetime, package_id: UUID) -> KeyingPackage:
    """Every entry is decided: the package is checked, or goes back to its keyer with those that were returned.

    When it was the last one of its book, the book is keyed and waits for acceptance. By any checker who keyed nothing
    of it: the third person who settled the last difference, too. Raises RuleBroken: not_allowed, package_unknown,
    check_not_started, checked_by_keyer, entries_unchecked, originals_undecided.
    """
    must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        if package.state != PackageState.CHECKING:
            raise RuleBroken("check_not_started", state=str(package.state))
        entries = Entry.objects.filter(package=package)
        if package.keyer in actor.hands or entries.filter(keyer__in=actor.hands).exists():
            raise RuleBroken("checked_by_keyer")
        left = entries.filter(check_state__in=(CheckState.PENDING, CheckState.DIFFERS)).count()
        if left:
            raise RuleBroken("entries_unchecked", number=left)
        if alone := len(alone_of_package(package)):
            raise RuleBroken("originals_undecided", number=alone)
        returned = entries.filter(check_state=CheckState.RETURNED).count()
        if returned:
            reason = "\n".join(filter(None, (returned_line(returned), package.returned_reason)))
            return return_package(actor=actor, at=at, package_id=package.id, reason=reason)
        package.state = PackageState(next_state(PACKAGE, package.state, "finish_check"))
        package.checked_at, package.version = at, package.version + 1
        package.save(update_fields=["state", "checked_at", "version"])
        note_package(work, package, "package.checked", entries=entries.count())
        work.announce("package.checked", subject_kind="keying_package", subject_id=package.id,
                      office=package.origin_office_id)  # fmt: skip
        _note_book_keyed(work, package)
    return package


def _note_book_keyed(work: UnitOfWork, package: KeyingPackage) -> None:
    """Once nothing of a book is left to key or check, it waits for its acceptance."""
    others = KeyingPackage.objects.filter(book_id=package.book_id).exclude(state=PackageState.WITHDRAWN)
    if others.exclude(state=PackageState.CHECKED).exists():
        return
    if PackageItem.objects.filter(package__in=others, state=ItemState.OPEN).exists():
        return
    listed = BookWork.objects.select_for_update().filter(book_id=package.book_id, state=BookWorkState.OPEN).first()
    if listed is None:
        return
    listed.state, listed.version = BookWorkState.KEYED, listed.version + 1
    listed.save(update_fields=["state", "version"])
    work.record(
        "book_work.keyed", subject_kind="book", subject_id=package.book_id, subject_office=package.origin_office_id,
        facts={"packages": others.count()},
    )  # fmt: skip
    work.announce("book_work.keyed", subject_kind="book", subject_id=package.book_id, office=package.origin_office_id)


# ---- one entry


def review_entry(
    *, actor: Actor, at: datetime, entry_id: UUID, version: int, changes: Mapping[str, Change] | None = None
) -> Entry:
    """The checker has compared the values with the scan: all right, or right with these corrections.

    Each correction is a difference with its decision and reason. Where the checks still find an error nothing is kept.
    Raises RuleBroken: not_allowed, entry_unknown, check_not_started, check_not_yours, checked_by_keyer,
    second_keying_outstanding, entry_changed_meanwhile, entry_not_pending, reason_missing, field_unknown,
    case_still_held.
    """
    must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held = held_entry(actor, entry_id)
        must_be_checker(actor, held.package)
        must_be_another(actor, held)
        if held.outstanding:
            raise RuleBroken("second_keying_outstanding")
        if held.entry.check_state != CheckState.PENDING:
            raise RuleBroken("entry_not_pending", state=str(held.entry.check_state))
        if held.entry.version != version:
            raise RuleBroken("entry_changed_meanwhile")
        _correct(work, held, at, changes or {})
        if held.case is not None and held.case.state != CaseState.CHECKING:
            raise RuleBroken("case_still_held")
        pass_entry(work, held, at, corrected=len(changes or {}))
    return held.entry


def _correct(work: UnitOfWork, held: Held, at: datetime, changes: Mapping[str, Change]) -> None:
    if not changes or held.case is None:
        return
    version = version_by_id(held.case.schema_version)
    known, critical = {field.code for field in version.fields}, critical_fields(version)
    made = []
    for code, change in changes.items():
        if code not in known:
            raise RuleBroken("field_unknown", field=code)
        if not (reason := change.reason.strip()[:REASON]):
            raise RuleBroken("reason_missing", field=code)
        before = held.case.as_recorded.get(code)
        if same(before, change.value):
            continue
        errors = errors_of(before, None, change.value)
        made.append(Difference(
            origin_office_id=held.entry.origin_office_id, entry=held.entry, field=code, is_critical=code in critical,
            first_value=before, decision=DifferenceDecision.OTHER, value=change.value, reason=reason,
            first_errors=errors.first, length=errors.length, found_at=at, decided_by=work.actor.officer_id,
            decided_at=at,
        ))  # fmt: skip
    Difference.objects.bulk_create(made)
    correct(work, held, at, {row.field: row.value for row in made})


def return_entry(*, actor: Actor, at: datetime, entry_id: UUID, reason: str) -> Entry:
    """Give one entry back to its keyer, to be keyed better; the package follows when the check is finished.

    By its checker, or by whoever settles its differences. Raises RuleBroken: not_allowed, entry_unknown,
    check_not_started, check_not_yours, checked_by_keyer, third_person_required, entry_not_pending, reason_missing,
    case_approved_already.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held = held_entry(actor, entry_id)
        if held.entry.check_state == CheckState.DIFFERS:
            must_settle(actor, held)
        else:
            must_be_checker(actor, held.package)
            must_be_another(actor, held)
        if held.package.state != PackageState.CHECKING:
            raise RuleBroken("check_not_started", state=str(held.package.state))
        if held.entry.check_state not in (CheckState.PENDING, CheckState.DIFFERS):
            raise RuleBroken("entry_not_pending", state=str(held.entry.check_state))
        must_be_open(held)
        if not (words := reason.strip()[:500]):
            raise RuleBroken("reason_missing", field="reason")
        if held.case is not None:
            return_to_keyer(actor=actor, at=at, case_id=held.case.id, reason=words)
        else:
            _tell_with_package(held, words)
        set_state(held, CheckState.RETURNED, officer, at)
        note_entry(work, held, "keyed_entry.returned", reason=words)
    return held.entry


def _tell_with_package(held: Held, words: str) -> None:
    """A void number has no case that could carry the reason: its keyer reads it with the package."""
    place = PackageItem.objects.get(id=held.entry.item_id)
    said = f"{place.number}{place.number_suffix}: {words}" if place.number is not None else words
    held.package.returned_reason = "\n".join(filter(None, (held.package.returned_reason, said)))[:400]
    held.package.save(update_fields=["returned_reason"])


def undo_review(*, actor: Actor, at: datetime, entry_id: UUID) -> Entry:
    """Take back that an entry passed or was returned, as long as nobody has approved the case or mended it.

    It is to be looked at again; what was decided in single fields stays decided (services.differences.undo_decision).
    Raises RuleBroken: not_allowed, entry_unknown, checked_by_keyer, third_person_required, nothing_to_take_back,
    case_approved_already, check_not_started (the package is back with its keyer), book_in_acceptance.
    """
    officer = must_have(actor, CHECK)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        held = held_entry(actor, entry_id)
        must_settle(actor, held)
        must_be_open(held)
        before = held.entry.check_state
        if before not in (CheckState.PASSED, CheckState.RETURNED):
            raise RuleBroken("nothing_to_take_back")
        check_again(work, held.package)
        if held.package.state != PackageState.CHECKING:
            raise RuleBroken("check_not_started", state=str(held.package.state))
        reopen_case(work, held, at)
        compare_again(held, at)
        set_state(held, CheckState.DIFFERS if has_open(held.entry) else CheckState.PENDING, officer, at)
        note_entry(work, held, "keyed_entry.check_taken_back", was=str(before))
    return held.entry
