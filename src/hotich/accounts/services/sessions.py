"""Sessions ended by their owner or by whoever looks after the account: they are gone at the next request."""

from __future__ import annotations

from datetime import datetime

from hotich.accounts.models import Officer, Session
from hotich.accounts.queries import office_of_officer
from hotich.accounts.rules.sessions import session_mark
from hotich.accounts.services.officers import managed, note
from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken


def end_own_sessions(*, actor: Actor, at: datetime, present: str, mark: str = "") -> int:
    """End one of the own sessions (`mark`, see rules.sessions.session_mark), or all but the `present` one (its key).

    How many ended. Raises RuleBroken: not_allowed, session_unknown.
    """
    if actor.officer_id is None:
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        keys = [
            key
            for key in Session.objects.filter(officer_id=actor.officer_id).values_list("session_key", flat=True)
            if key != present and (not mark or session_mark(key) == mark)
        ]
        if mark and not keys:
            raise RuleBroken("session_unknown")
        Session.objects.filter(session_key__in=keys).delete()
        if keys:
            officer = Officer.objects.get(id=actor.officer_id)
            facts = {"sessions": len(keys), "by": "owner"}
            note(work, "officer.sessions_ended", officer, office=office_of_officer(officer, at=at), facts=facts)
    return len(keys)


def end_sessions(*, actor: Actor, at: datetime, officer_id: int) -> int:
    """End every session of an account one looks after; how many there were. RuleBroken: see `managed`."""
    with unit_of_work(actor=actor, at=at) as work:
        officer = managed(actor, officer_id, at)
        ended = forget_sessions([officer.id])
        officer.session_epoch += 1  # also one that is being opened in this moment
        officer.save(update_fields=["session_epoch"])
        note(
            work, "officer.sessions_ended", officer, office=office_of_officer(officer, at=at),
            facts={"sessions": ended, "by": "manager"},
        )  # fmt: skip
    return ended


def forget_sessions(officer_ids: list[int]) -> int:
    """Delete the rows of these officers' sessions, inside the caller's unit of work."""
    ended, _ = Session.objects.filter(officer_id__in=officer_ids).delete()
    return ended
