"""Accounts of officers: made, locked and helped by an administrator; a password changed by its owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from hotich.accounts.models import Officer, Session
from hotich.accounts.queries import managed_officers, office_of_officer
from hotich.accounts.rules.opening import LOGIN_SHAPE
from hotich.accounts.rules.passwords import one_time_password
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

_NO_FACTS: Mapping[str, object] = MappingProxyType({})


def create_officer(
    *,
    actor: Actor,
    at: datetime,
    login: str,
    full_name: str,
    email: str = "",
    password: str | None = None,
    password_hash: str = "",
    one_time: tuple[str, str] | None = None,
) -> tuple[Officer, str]:
    """Make an account without any right yet (`give_post` gives them); the officer and the one-time password.

    The one-time password expires (settings.HOTICH_ONE_TIME_PASSWORD). With `password` (demo, tests) that one is set and
    need not be changed; `password_hash` spares the time of hashing one known password for many officers. `one_time`:
    a one-time password and its hash, made before. Raises RuleBroken: not_allowed,
    login_malformed, login_taken, full_name_missing.
    """
    if not actor.may("officer.manage"):
        raise RuleBroken("not_allowed")
    login, full_name = login.strip().lower(), " ".join(full_name.split())
    if not LOGIN_SHAPE.fullmatch(login):
        raise RuleBroken("login_malformed", field="login")
    if not full_name:
        raise RuleBroken("full_name_missing", field="full_name")
    if one_time is not None:
        chosen, password_hash = one_time
    else:
        chosen = password or one_time_password()
    officer = Officer(
        username=login, full_name=full_name, email=email, created_at=at, must_change_password=password is None
    )
    if password is None:
        officer.password_expires_at = at + settings.HOTICH_ONE_TIME_PASSWORD
    officer.password = password_hash or make_password(chosen)
    with unit_of_work(actor=actor, at=at) as work:
        try:
            with transaction.atomic():
                officer.save(force_insert=True)
        except IntegrityError as error:  # the one unique key besides the row's own: the login name
            raise RuleBroken("login_taken", field="login", login=login) from error
        note(work, "officer.created", officer, office=actor.office_id)
    return officer, chosen


def reset_password(*, actor: Actor, at: datetime, officer_id: int) -> str:
    """Give a new one-time password, to be changed at the next sign-in; ends every session.

    RuleBroken: see `managed`.
    """
    password = one_time_password()
    with unit_of_work(actor=actor, at=at) as work:
        officer = managed(actor, officer_id, at)
        officer.set_password(password)
        officer.must_change_password = True
        officer.password_expires_at = at + settings.HOTICH_ONE_TIME_PASSWORD
        officer.session_epoch += 1
        officer.save(update_fields=["password", "must_change_password", "password_expires_at", "session_epoch"])
        Session.objects.filter(officer_id=officer.id).delete()
        note(work, "officer.password_reset", officer, office=office_of_officer(officer, at=at))
    return password


def reset_second_factor(*, actor: Actor, at: datetime, officer_id: int) -> None:
    """Forget the officer's authenticator and recovery codes (lost telephone); ends every session.

    At the next sign-in a new one must be set up. RuleBroken: see `managed`.
    """
    with unit_of_work(actor=actor, at=at) as work:
        officer = managed(actor, officer_id, at)
        Authenticator.objects.filter(user_id=officer.id).delete()
        officer.session_epoch += 1
        officer.save(update_fields=["session_epoch"])
        Session.objects.filter(officer_id=officer.id).delete()
        note(work, "officer.second_factor_reset", officer, office=office_of_officer(officer, at=at))


def change_own_password(*, actor: Actor, at: datetime, password: str) -> Officer:
    """The officer's own new password (already checked against the rules of passwords); other sessions end."""
    if actor.officer_id is None:
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        officer = Officer.objects.select_for_update().get(id=actor.officer_id)
        officer.set_password(password)
        officer.must_change_password, officer.password_expires_at = False, None
        officer.save(update_fields=["password", "must_change_password", "password_expires_at"])
        note(work, "officer.password_changed", officer, office=office_of_officer(officer, at=at))
    return officer


def managed(actor: Actor, officer_id: int, at: datetime) -> Officer:
    """The officer's locked row, if the actor looks after the account. RuleBroken: not_allowed, own_account."""
    if not actor.may("officer.manage"):
        raise RuleBroken("not_allowed")
    officer = Officer.objects.select_for_update().get(id=officer_id)
    if officer.id == actor.officer_id:
        raise RuleBroken("own_account")
    if not managed_officers(actor, on=clock.in_vietnam(at).date()).filter(id=officer.id).exists():
        raise RuleBroken("not_allowed")
    return officer


def note(
    work: UnitOfWork, verb: str, officer: Officer, *, office: int, facts: Mapping[str, object] = _NO_FACTS
) -> None:
    """Audit one act on an account, of the office it concerns."""
    work.record(
        verb,
        subject_kind="officer",
        subject_id=officer.id,
        subject_office=office,
        facts={"login": officer.username, **facts},
    )
