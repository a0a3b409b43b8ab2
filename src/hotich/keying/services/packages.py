"""Packages change hands: taken by a keyer, given back when done, taken away, assigned, withdrawn, returned.

A keyer has one package at a time; one case on demand (requirement H4) comes beside it. What a keyer has sent stays,
whatever becomes of the package: a PC that is lost or broken costs what it had not sent, and the package is taken back.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, CaseState
from hotich.intake.services.keyed import open_keying_batch
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import (
    BookPlace,
    BookWork,
    BookWorkState,
    Entry,
    ItemState,
    KeyingPackage,
    PackageItem,
    PackageState,
)
from hotich.keying.queries.gate import steps_before
from hotich.keying.queries.officers import officers_able
from hotich.keying.queries.pledges import must_still_sign
from hotich.keying.queries.teams import own_teams
from hotich.keying.rules.workflow import PACKAGE, next_state
from hotich.keying.services.access import (
    ACCEPT,
    CHECK,
    KEY,
    LEAD,
    locked_package,
    must_have,
    note_package,
    working_team,
)
from hotich.keying.services.cutting import cut_packages
from hotich.keying.services.on_demand import start_on_demand

__all__ = [
    "assign_package",
    "check_out_package",
    "cut_packages",
    "note_package_loaded",
    "release_package",
    "return_package",
    "start_on_demand",
    "take_back_package",
    "withdraw_package",
]

_ONE_PACKAGE = 7_019  # the first half of the advisory lock; the second is the officer
REASON = 300  # letters of a reason


def check_out_package(*, actor: Actor, at: datetime, package_id: UUID, gate_reason: str = "") -> KeyingPackage:
    """The officer takes the package: from now on it is his alone to key. Taking what one has already changes nothing.

    Raises RuleBroken: not_allowed, package_unknown, package_not_ready, package_assigned_to_other,
    package_of_team (params team: he is not in the team today to which it is given), package_out_already (he has
    another one), pledge_missing, book_placed_elsewhere, earlier_group_unfinished (an earlier step of the campaign is
    unfinished at the office, and no reason was given).
    """
    officer = must_have(actor, KEY)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        if package.state == PackageState.OUT and package.keyer in actor.hands:
            return package
        if package.state != PackageState.READY:
            raise RuleBroken("package_not_ready", state=package.state)
        if package.assigned_to is not None and package.assigned_to not in actor.hands:
            raise RuleBroken("package_assigned_to_other")
        _must_be_of_its_team(actor, at, package)
        if must_still_sign(actor, in_vietnam(at).date()):
            raise RuleBroken("pledge_missing")
        _must_have_no_other(officer, actor, package)
        reason = gate_reason.strip()[:REASON]
        _must_pass_gate(package, reason)
        if package.batch is None:
            package.batch = _batch_for(actor, at, package)
        package.keyer, package.checked_out_at, package.gate_reason = officer, at, reason
        _move(package, "check_out", "batch", "keyer", "checked_out_at", "gate_reason")
        note_package(work, package, "package.checked_out", reason=reason, on_demand=package.is_on_demand)
    return package


def release_package(*, actor: Actor, at: datetime, package_id: UUID, reason: str = "") -> KeyingPackage:
    """The keyer says that his package is done; from then on it waits to be checked.

    Raises RuleBroken: not_allowed, package_unknown, package_not_yours, package_has_open_items (a place that was neither
    keyed nor marked as void, missing or empty, or a case with errors, and no reason why it is left).
    """
    must_have(actor, KEY)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        must_be_keyer(actor, package)
        reason = reason.strip()[:REASON]
        left = PackageItem.objects.filter(package=package, state=ItemState.OPEN)
        count, wrong = left.count(), _with_errors(package)
        if (count or wrong) and not reason:
            raise RuleBroken("package_has_open_items", open=count, returned=wrong)
        left.update(reason=reason)
        package.released_at, package.returned_reason = at, ""
        _move(package, "release", "released_at", "returned_reason")
        note_package(work, package, "package.released", reason=reason, open_work=count, held=wrong)
        work.announce("package.released", subject_kind="keying_package", subject_id=package.id,
                      office=package.origin_office_id)  # fmt: skip
    return package


def take_back_package(*, actor: Actor, at: datetime, package_id: UUID, reason: str) -> KeyingPackage:
    """The leader takes a package away from its keyer (ill, gone, a PC lost): another one goes on with it.

    What was sent stays as it is, and a package of a team stays its team's. What the former keyer's PC still holds
    arrives when it has a line again: for a place nobody else has keyed it counts as any, else it is kept beside
    (services.sync).
    Raises RuleBroken: not_allowed, package_unknown, act_not_allowed_in_state, reason_missing.
    """
    must_have(actor, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        reason = _reason(reason)
        package.assigned_to = None
        if package.team is not None and package.team.closed_on is not None:
            package.team = None
        _move(package, "take_back", "assigned_to", "team")
        note_package(work, package, "package.taken_back", reason=reason, keyed_by=package.keyer)
    return package


def assign_package(
    *, actor: Actor, at: datetime, package_id: UUID, officer_id: int | None, team_id: UUID | None = None
) -> KeyingPackage:
    """Only this officer, or only members of this team, may take the package; None of both: whoever comes first.

    Raises RuleBroken: not_allowed, package_unknown, act_not_allowed_in_state, officer_cannot_key (no post with the
    right to key at the office of the package, or at one that keeps its books), package_for_one_only, team_unknown,
    team_closed.
    """
    must_have(actor, LEAD)
    if officer_id is not None and team_id is not None:
        raise RuleBroken("package_for_one_only", field="officer")
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        if officer_id is not None and not officers_able(actor.office_id, KEY).filter(id=officer_id).exists():
            raise RuleBroken("officer_cannot_key", field="officer")
        team = working_team(actor, team_id)
        is_same = package.assigned_to == officer_id and package.team_id == team_id
        if is_same and package.state == PackageState.READY:
            return package
        package.assigned_to, package.team = officer_id, team
        _move(package, "assign", "assigned_to", "team")
        told = {"team": str(team.id) if team is not None else ""}
        note_package(work, package, "package.assigned", officer=officer_id, **told)
    return package


def withdraw_package(*, actor: Actor, at: datetime, package_id: UUID, reason: str) -> KeyingPackage:
    """Give a package up in which nothing was keyed; its scans and numbers may be cut anew.

    Raises RuleBroken: not_allowed, package_unknown, act_not_allowed_in_state, package_has_entries, reason_missing.
    """
    must_have(actor, LEAD)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        reason = _reason(reason)
        done = PackageItem.objects.filter(package=package).exclude(state=ItemState.OPEN)
        if done.exists() or Entry.objects.filter(package=package).exists():
            raise RuleBroken("package_has_entries")
        PackageItem.objects.filter(package=package).delete()  # a place would hold its scan for ever
        _move(package, "withdraw")
        note_package(work, package, "package.withdrawn", reason=reason)
    return package


def return_package(*, actor: Actor, at: datetime, package_id: UUID, reason: str) -> KeyingPackage:
    """Give a package back to the keyer who had it: by whoever checks it, accepts its book or leads.

    It comes beside the package the keyer has by then. Its book is open again.
    Raises RuleBroken: not_allowed, package_unknown, act_not_allowed_in_state, reason_missing.
    """
    must_have(actor, LEAD, CHECK, ACCEPT)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        package.returned_reason = _reason(reason, 500)
        package.checked_at = None
        _move(package, "return", "returned_reason", "checked_at")
        done = (BookWorkState.KEYED, BookWorkState.ACCEPTED)
        for listed in BookWork.objects.select_for_update().filter(book_id=package.book_id, state__in=done):
            listed.state, listed.version = BookWorkState.OPEN, listed.version + 1
            listed.save(update_fields=["state", "version"])
        note_package(work, package, "package.returned", reason=package.returned_reason, keyed_by=package.keyer)
    return package


def note_package_loaded(*, actor: Actor, at: datetime, package_id: UUID, kind: str = "key") -> KeyingPackage:
    """The package of an officer goes to his PC whole, with its pictures: one reading, written once.

    Raises RuleBroken: not_allowed, package_unknown (not his, too: he need not learn that there is such a package).
    """
    must_have(actor, KEY)
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        package = locked_package(actor, package_id)
        if package.state != PackageState.OUT or package.keyer not in actor.hands:
            raise RuleBroken("package_unknown")
        note_loaded(work, package, kind)
    return package


def note_loaded(work: UnitOfWork, package: KeyingPackage, kind: str) -> None:
    """That somebody loaded the pages of a package, to key (`key`), to key again or to check."""
    note_package(work, package, "package.loaded", kind=kind, cases=package.items_total)


def must_be_keyer(actor: Actor, package: KeyingPackage) -> None:
    """Raises RuleBroken package_not_yours unless the actor has the package out."""
    if package.state != PackageState.OUT or package.keyer not in actor.hands:
        raise RuleBroken("package_not_yours")


def _must_have_no_other(officer: int, actor: Actor, package: KeyingPackage) -> None:
    """Two sittings of one officer wait for each other here, so that none takes a second package."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_ONE_PACKAGE, officer])
    if package.is_on_demand:
        return
    held = KeyingPackage.objects.filter(
        keyer__in=actor.hands, state=PackageState.OUT, is_on_demand=False, origin_office_id__in=actor.office_ids
    )
    if (other := held.exclude(id=package.id).values_list("id", flat=True).first()) is not None:
        raise RuleBroken("package_out_already", package=str(other))


def _must_be_of_its_team(actor: Actor, at: datetime, package: KeyingPackage) -> None:
    if package.team_id is not None and package.team_id not in own_teams(actor, in_vietnam(at).date()):
        raise RuleBroken("package_of_team", team=package.team.name if package.team else "")


def _must_pass_gate(package: KeyingPackage, reason: str) -> None:
    listed = BookWork.objects.filter(book_id=package.book_id).first()
    if listed is not None and listed.place != BookPlace.HERE:
        raise RuleBroken("book_placed_elsewhere", place=str(BookPlace(listed.place).label))
    if package.is_on_demand or listed is None or reason:
        return
    if before := steps_before(listed):
        raise RuleBroken("earlier_group_unfinished", phase=before[0].phase, group=before[0].group, steps=len(before))


def _batch_for(actor: Actor, at: datetime, package: KeyingPackage) -> Batch:
    book = package.book
    name = f"{book.register_type}.{book.opening_year}.{book.number} #{package.position}"
    return open_keying_batch(actor=actor, at=at, book=book, source_name=name)


def _with_errors(package: KeyingPackage) -> int:
    """Cases of a package that wait for their keyer: with errors, or returned to him."""
    waiting = (CaseState.HELD, CaseState.RETURNED)
    return Entry.objects.filter(package=package, case__state__in=waiting).count()


def _reason(text: str, most: int = REASON) -> str:
    reason = text.strip()[:most]
    if not reason:
        raise RuleBroken("reason_missing", field="reason")
    return reason


def _move(package: KeyingPackage, act: str, *columns: str) -> None:
    package.state = next_state(PACKAGE, package.state, act)
    package.version += 1
    package.save(update_fields=["state", "version", *columns])
