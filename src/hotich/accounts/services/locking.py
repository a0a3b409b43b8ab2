"""Accounts locked and opened again, many in one act: who, when, why, and what was checked before (A9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from axes.models import AccessAttempt

from hotich.accounts.models import AccountLock, Officer
from hotich.accounts.queries import lock_preview, office_of_officer
from hotich.accounts.rules.locking import Finding
from hotich.accounts.services.officers import managed, note
from hotich.accounts.services.sessions import forget_sessions
from hotich.audit.services import unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def lock_officers(
    *, actor: Actor, at: datetime, officer_ids: Collection[int], reason: str, urgent: bool = False
) -> int:
    """Lock these accounts and end their sessions, all or none; how many were open until now.

    Refused while their work is open or old offices of a digitising account are not reviewed; `urgent` locks all the
    same, and that is recorded. Raises RuleBroken: act_reason_missing, lock_work_open, lock_units_not_reviewed; see `managed`.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("act_reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        officers = [managed(actor, officer_id, at) for officer_id in sorted(set(officer_ids))]
        locking = [officer for officer in officers if officer.is_active]
        found = lock_preview([officer.id for officer in locking], on=clock.in_vietnam(at).date()).findings
        if not urgent:
            _refuse(locking, found)
        for officer in locking:
            finding = found[officer.id]
            officer.is_active = False
            officer.session_epoch += 1
            officer.save(update_fields=["is_active", "session_epoch"])
            lock = AccountLock.objects.create(
                officer=officer, locked_at=at, locked_by_id=actor.officer_id, reason=reason[:500], urgent=urgent,
                open_work=finding.open_work, units_reviewed=not finding.unreviewed,
            )  # fmt: skip
            facts = {
                "lock": lock.id,
                "urgent": urgent,
                "open_work": finding.open_work,
                "unreviewed": finding.unreviewed,
            }
            note(work, "officer.locked", officer, office=office_of_officer(officer, at=at), facts=facts)
        forget_sessions([officer.id for officer in locking])
    return len(locking)


def _refuse(officers: list[Officer], found: dict[int, Finding]) -> None:
    for code in ("lock_work_open", "lock_units_not_reviewed"):
        against = [officer.username for officer in officers if found[officer.id].refusal == code]
        if against:
            raise RuleBroken(code, field="officers", number=len(against), logins=", ".join(against[:5]))


def unlock_officers(*, actor: Actor, at: datetime, officer_ids: Collection[int], reason: str) -> int:
    """Open locked accounts and forget their wrong passwords and codes; how many were locked.

    Raises RuleBroken: act_reason_missing; see `managed`.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("act_reason_missing", field="reason")
    opened = 0
    with unit_of_work(actor=actor, at=at) as work:
        for officer_id in sorted(set(officer_ids)):
            officer = managed(actor, officer_id, at)
            AccessAttempt.objects.filter(username=officer.username).delete()
            opened += not officer.is_active
            officer.is_active = True
            officer.save(update_fields=["is_active"])
            AccountLock.objects.filter(officer=officer, unlocked_at__isnull=True).update(
                unlocked_at=at, unlocked_by_id=actor.officer_id, unlock_reason=reason[:500]
            )
            note(work, "officer.unlocked", officer, office=office_of_officer(officer, at=at))
    return opened


def lock_officer(*, actor: Actor, at: datetime, officer_id: int, reason: str = "urgent") -> None:
    """Lock one account at once, whatever waits (lost telephone, dismissal). RuleBroken: see `lock_officers`."""
    lock_officers(actor=actor, at=at, officer_ids=[officer_id], reason=reason, urgent=True)


def unlock_officer(*, actor: Actor, at: datetime, officer_id: int, reason: str = "asked") -> None:
    """Open one account. RuleBroken: see `unlock_officers`."""
    unlock_officers(actor=actor, at=at, officer_ids=[officer_id], reason=reason)
