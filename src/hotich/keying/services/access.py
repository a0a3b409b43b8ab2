"""May they? The same questions for every service of keying, and how acts on packages are written into the trail.

Every write on a package locks the package first, then its items and entries, then what intake locks: two writers wait
for each other, never both.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hotich.audit.services import UnitOfWork
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, KeyingTeam

KEY, LEAD, CHECK, ACCEPT = "keying.key", "keying.lead", "keying.check", "keying.accept"


def must_have(actor: Actor, *rights: str) -> int:
    """The officer who acts. Raises RuleBroken not_allowed without one of the rights, or for the system itself."""
    if actor.officer_id is None or not any(map(actor.may, rights)):
        raise RuleBroken("not_allowed")
    return actor.officer_id


def must_keep(actor: Actor, office_id: int) -> None:
    """Raises RuleBroken office_not_in_scope unless it is one of the actor's offices."""
    if office_id not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")


def locked_package(actor: Actor, package_id: UUID) -> KeyingPackage:
    """The package with its book, locked, of one of the actor's offices. Raises RuleBroken package_unknown."""
    packages = KeyingPackage.objects.select_for_update(of=("self",)).select_related("book", "batch")
    package = packages.filter(id=package_id, origin_office_id__in=actor.office_ids).first()
    if package is None:
        raise RuleBroken("package_unknown")
    return package


def working_team(actor: Actor, team_id: UUID | None) -> KeyingTeam | None:
    """The team packages are to be given to, locked against its closing; None for none.

    Raises RuleBroken team_unknown, team_closed.
    """
    if team_id is None:
        return None
    teams = KeyingTeam.objects.select_for_update().filter(id=team_id, origin_office_id__in=actor.office_ids)
    if (team := teams.first()) is None:
        raise RuleBroken("team_unknown", field="team")
    if team.closed_on is not None:
        raise RuleBroken("team_closed", field="team")
    return team


def note_package(work: UnitOfWork, package: KeyingPackage, verb: str, *, reason: str = "", **facts: Any) -> None:
    """An act on a package in the trail. A reason in somebody's own words may name citizens: it goes to the detail."""
    work.record(
        verb, subject_kind="keying_package", subject_id=package.id, subject_office=package.origin_office_id,
        after={"reason": reason} if reason else None,
        facts={"book": str(package.book_id), "state": str(package.state), **facts},
    )  # fmt: skip
