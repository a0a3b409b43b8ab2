"""Officers of the demo: fixed login names, one known password, known seeds of the second factor. Never elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password

from hotich.accounts.models import Officer
from hotich.accounts.queries import office_of_officer
from hotich.accounts.rules.demo import (
    DEMO_PASSWORD,
    OF_EVERY_OFFICE,
    OF_THE_DEPARTMENT,
    OF_THE_FIRST_OFFICE,
    demo_seed,
)
from hotich.accounts.services.officers import create_officer, note
from hotich.accounts.services.posts import give_post
from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office

_SINCE = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """One line of the list `make run` prints."""

    login: str
    password: str
    role: str
    office_name: str


def make_demo_officers(*, actor: Actor, at: datetime, offices: Sequence[Office]) -> list[DemoSignIn]:
    """Make the officers of these offices, or find those made before; the sign-ins in the order of the offices.

    Nobody works at a closed office: it is passed over, its books belong to the officers of the keeping office.
    The department of justice, the technical administrator and the auditor hold their post at the department of the
    first office's province where there is one. Raises RuleBroken `not_a_demo`.
    """
    _only_on_demo()
    offices = [office for office in offices if not office.is_closed]
    wanted = [
        (login.format(number), name.format(number), role, office)
        for number, office in enumerate(offices, start=1)
        for login, name, role in OF_EVERY_OFFICE
    ]
    if offices:
        wanted += [(*line, offices[0]) for line in OF_THE_FIRST_OFFICE]
        department = _department_of(offices[0])
        wanted += [(*line, department) for line in OF_THE_DEPARTMENT]
    with unit_of_work(actor=actor, at=at):
        known = make_password(DEMO_PASSWORD)
        return [_sign_in(actor, at, known, *line) for line in wanted]


def _department_of(office: Office) -> Office:
    unit = office.unit
    while unit is not None and unit.parent is not None:
        unit = unit.parent
    found = Office.objects.filter(unit=unit, kind="province", valid_to__isnull=True).first() if unit else None
    return found or office


def _sign_in(actor: Actor, at: datetime, known: str, login: str, name: str, role: str, office: Office) -> DemoSignIn:
    if not Officer.objects.filter(username=login).exists():
        officer, _ = create_officer(
            actor=actor, at=at, login=login, full_name=name, password=DEMO_PASSWORD, password_hash=known
        )
        give_post(actor=actor, at=at, officer_id=officer.id, office_id=office.id, role=role, valid_from=_SINCE)
        set_demo_totp(actor=actor, at=at, officer_id=officer.id, secret=demo_seed(login))
    return DemoSignIn(login, DEMO_PASSWORD, role, office.name)


def set_demo_totp(*, actor: Actor, at: datetime, officer_id: int, secret: str) -> None:
    """Give an officer a second factor with a known seed. Raises RuleBroken: not_a_demo, not_allowed."""
    _only_on_demo()
    if not actor.may("officer.manage"):
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        officer = Officer.objects.select_for_update().get(id=officer_id)
        Authenticator.objects.filter(user_id=officer.id).delete()
        TOTP.activate(officer, secret)
        note(work, "officer.demo_second_factor_set", officer, office=office_of_officer(officer, at=at))


def _only_on_demo() -> None:
    if not settings.DEMO:
        raise RuleBroken("not_a_demo")
