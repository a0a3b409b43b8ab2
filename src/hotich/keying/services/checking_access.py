"""What every act of checking asks first: which entry, whose hand is in it, what is still to be keyed a second time.

The package is locked before the entry, the entry before what intake locks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork
from hotich.intake.models import CaseState
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    Acceptance,
    AcceptanceState,
    BookWork,
    BookWorkState,
    Entry,
    KeyingPackage,
    PackageState,
)
from hotich.keying.queries.held_entries import Held, held_with
from hotich.keying.rules.workflow import PACKAGE, next_state
from hotich.keying.services.access import locked_package, note_package


def held_entry(actor: Actor, entry_id: UUID) -> Held:
    """An entry of the actor's offices, locked with its package and case. Raises RuleBroken entry_unknown."""
    place = Entry.objects.filter(id=entry_id, origin_office_id__in=actor.office_ids)
    package_id = place.values_list("package_id", flat=True).first()
    if package_id is None:
        raise RuleBroken("entry_unknown")
    return held_of(locked_package(actor, package_id), [entry_id])[0]


def held_of(package: KeyingPackage, entry_ids: Sequence[UUID]) -> list[Held]:
    """Entries of a locked package, locked too, in the order of their ids."""
    entries = list(Entry.objects.select_for_update().filter(package=package, id__in=entry_ids).order_by("id"))
    for entry in entries:
        entry.package = package
    return held_with(entries)


def must_be_another(actor: Actor, held: Held) -> None:
    """Raises RuleBroken checked_by_keyer for whoever keyed the entry."""
    if held.is_of(actor):
        raise RuleBroken("checked_by_keyer")


def must_be_checker(actor: Actor, package: KeyingPackage) -> None:
    """Raises RuleBroken check_not_started, check_not_yours unless the actor checks this package now."""
    if package.state != PackageState.CHECKING:
        raise RuleBroken("check_not_started", state=str(package.state))
    if package.checker not in actor.hands:
        raise RuleBroken("check_not_yours")


def must_settle(actor: Actor, held: Held) -> None:
    """May he decide the differences of this entry? Never its keyer; where a whole second keying stands against the
    first, only somebody who keyed neither. Raises RuleBroken checked_by_keyer, third_person_required,
    second_keying_outstanding.
    """
    must_be_another(actor, held)
    if held.outstanding:
        raise RuleBroken("second_keying_outstanding")
    if held.needs_third and actor.hands & held.second_keyers:
        raise RuleBroken("third_person_required")


def must_be_open(held: Held) -> None:
    """Raises RuleBroken case_approved_already once an approver has decided about the case."""
    if held.case is not None and held.case.state in (CaseState.APPROVED, CaseState.WITHDRAWN):
        raise RuleBroken("case_approved_already")


def check_again(work: UnitOfWork, package: KeyingPackage) -> None:
    """A package whose check was finished is being checked again, and its book is not done any more.

    Raises RuleBroken book_in_acceptance while its acceptance is judged, or once it was accepted.
    """
    if package.state != PackageState.CHECKED:
        return
    listed = BookWork.objects.select_for_update().filter(book_id=package.book_id).first()
    must_not_be_judged(package.book_id)
    if listed is not None and listed.state == BookWorkState.KEYED:
        listed.state, listed.version = BookWorkState.OPEN, listed.version + 1
        listed.save(update_fields=["state", "version"])
    package.state, package.checked_at = PackageState(next_state(PACKAGE, package.state, "check_again")), None
    package.version += 1
    package.save(update_fields=["state", "checked_at", "version"])
    note_package(work, package, "package.check_reopened")


def must_not_be_judged(book_id: UUID) -> None:
    """Raises RuleBroken book_in_acceptance while the acceptance of a book is judged, or once it was accepted."""
    judged = Acceptance.objects.filter(book_id=book_id, state=AcceptanceState.JUDGING)
    if judged.exists() or BookWork.objects.filter(book_id=book_id, state=BookWorkState.ACCEPTED).exists():
        raise RuleBroken("book_in_acceptance")


def note_entry(work: UnitOfWork, held: Held, verb: str, *, reason: str = "", **facts: Any) -> None:
    """An act on an entry in the trail; a reason in words may name citizens and goes to the detail."""
    entry = held.entry
    work.record(
        verb, subject_kind="keyed_entry", subject_id=entry.id, subject_office=entry.origin_office_id,
        after={"reason": reason} if reason else None,
        facts={"package": str(held.package.id), "check": str(entry.check_state), **facts},
    )  # fmt: skip
