"""What is noted of signing in and out, and that a one-time code is accepted once.

At sign-in nobody is an actor yet, so the officer acts in the chain of the own office; of an unknown login name nothing
typed is kept (people type passwords and identity numbers there).
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from hotich.accounts.models import Officer
from hotich.accounts.queries import NO_OFFICE, office_of_officer
from hotich.accounts.rules.one_time_codes import TOLERANCE_STEPS, step_of_code
from hotich.accounts.services.officers import note
from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

UNKNOWN = "unknown"


def record_sign_in(*, officer: Officer, at: datetime) -> None:
    """An officer has signed in, with every factor."""
    _record("officer.signed_in", officer, at)


def record_sign_out(*, officer: Officer, at: datetime, reason: str = "asked") -> None:
    """An officer's session is over; `reason`: "asked" or a code of rules.sessions.SessionEnd."""
    _record("officer.signed_out", officer, at, reason=reason)


def record_second_factor(*, officer: Officer, at: datetime, act: str) -> None:
    """`act`: "set_up", "recovery_codes_renewed", "recovery_code_used", "key_added", "key_removed" or "key_renamed"."""
    _record(f"officer.second_factor_{act}", officer, at)


def record_password_expired(*, officer: Officer, at: datetime) -> None:
    """The one-time password was right, but nobody had used it in time."""
    _record("officer.password_expired", officer, at)


def record_failed_sign_in(*, login: str, at: datetime, factor: str) -> None:
    """A wrong password or code; `factor`: "password" or "code"."""
    _record_by_login("officer.sign_in_failed", login, at, factor=factor)


def record_lock_out(*, login: str, at: datetime) -> None:
    """Too many wrong passwords or codes: the login is shut for a while."""
    _record_by_login("officer.locked_out", login, at)


def spend_totp_code(*, authenticator_id: int, code: str, at: datetime) -> None:
    """Accept a right code of an authenticator application once. Raises RuleBroken `code_used_already`.

    A code of the last accepted time step or of one before it is refused, in whatever process it was accepted.
    """
    authenticator = Authenticator.objects.select_for_update().get(id=authenticator_id)
    secret = decrypt(authenticator.data["secret"])
    step = step_of_code(secret, code, unix_seconds=at.timestamp(), tolerance=TOLERANCE_STEPS)
    if step is None or step <= authenticator.data.get("last_step", 0):
        raise RuleBroken("code_used_already", field="code")
    authenticator.data["last_step"] = step
    authenticator.save(update_fields=["data"])


def _record(verb: str, officer: Officer, at: datetime, **facts: str) -> None:
    office = office_of_officer(officer, at=at)
    actor = Actor(login=officer.username, office_id=office, officer_id=officer.id)
    with unit_of_work(actor=actor, at=at) as work:
        note(work, verb, officer, office=office, facts=facts)


def _record_by_login(verb: str, login: str, at: datetime, **facts: str) -> None:
    officer = Officer.objects.filter(username=login.strip().lower()).first()
    if officer is not None:
        _record(verb, officer, at, **facts)
        return
    with unit_of_work(actor=Actor(login=UNKNOWN, office_id=NO_OFFICE), at=at) as work:
        work.record(verb, subject_kind="officer", subject_id=UNKNOWN, subject_office=NO_OFFICE, facts=dict(facts))
