"""Checked machines: registered, enrolled by a code typed on the machine, revoked; and from when sign-in needs one (G1)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from hotich.accounts.models import CheckResult, Device, DeviceRule, Officer, Post, Session
from hotich.accounts.queries import (
    NO_OFFICE,
    device_by_code,
    held_on,
    managed_offices,
    may_manage_devices,
    office_of_officer,
    province_of,
    why_not_good,
)
from hotich.accounts.rules.devices import CODE_LIFE, device_secret, enrolment_code, keyed_hash
from hotich.accounts.services.officers import note
from hotich.audit.services import UnitOfWork, unit_of_work
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office


def register_device(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    name: str,
    serial: str,
    checked_by: str,
    checked_on: date,
    result: str,
    valid_to: date,
    note: str = "",
) -> Device:
    """Enter a machine with the result of its check. It may connect once it is enrolled (`make_device_code`).

    Raises RuleBroken: not_allowed, device_words_missing, device_days_wrong, device_registered_already.
    """
    office = _managed_office(actor, office_id)
    name, serial, checked_by = (" ".join(text.split()) for text in (name, serial, checked_by))
    for field, text in (("name", name), ("serial", serial), ("checked_by", checked_by)):
        if not text:
            raise RuleBroken("device_words_missing", field=field)
    _check_days(checked_on, valid_to, at)
    with unit_of_work(actor=actor, at=at) as work:
        try:
            with transaction.atomic():
                made = Device.objects.create(
                    office=office, name=name, serial=serial.upper(), checked_by=checked_by, checked_on=checked_on,
                    result=CheckResult(result), valid_to=valid_to, note=note.strip()[:500], created_at=at,
                    created_by_id=actor.officer_id,
                )  # fmt: skip
        except IntegrityError as error:
            raise RuleBroken("device_registered_already", field="serial", serial=serial) from error
        _note(work, "device.registered", made, result=made.result, valid_to=valid_to.isoformat())
    return made


def check_device_again(
    *, actor: Actor, at: datetime, device_id: int, checked_by: str, checked_on: date, result: str, valid_to: date
) -> Device:
    """Enter a later check of a machine; one that failed can no longer be signed in on, and its sessions end.

    Raises RuleBroken: not_allowed, device_revoked, device_words_missing, device_days_wrong.
    """
    if not checked_by.strip():
        raise RuleBroken("device_words_missing", field="checked_by")
    _check_days(checked_on, valid_to, at)
    with unit_of_work(actor=actor, at=at) as work:
        device = _managed_device(actor, device_id)
        device.checked_by, device.checked_on = " ".join(checked_by.split()), checked_on
        device.result, device.valid_to = CheckResult(result), valid_to
        device.save(update_fields=["checked_by", "checked_on", "result", "valid_to"])
        if why_not_good(device, at=at):
            Session.objects.filter(device_id=device.id).delete()
        _note(work, "device.checked", device, result=device.result, valid_to=valid_to.isoformat())
    return device


def make_device_code(*, actor: Actor, at: datetime, device_id: int) -> str:
    """A code to be typed on the machine within half an hour; a former code and a former enrolment lose their worth.

    Raises RuleBroken: not_allowed, device_revoked, device_check_failed.
    """
    code = enrolment_code()
    with unit_of_work(actor=actor, at=at) as work:
        device = _managed_device(actor, device_id)
        if why_not_good(device, at=at):
            raise RuleBroken("device_check_failed")
        device.code_hash, device.code_expires_at = keyed_hash(settings.SECRET_KEY, code), at + CODE_LIFE
        device.save(update_fields=["code_hash", "code_expires_at"])
        _note(work, "device.code_made", device)
    return code


def enrol_device(*, at: datetime, code: str) -> tuple[Device, str]:
    """The code was typed on a machine: it now holds a secret of its own (given back once, kept as a hash).

    Nobody need be signed in. Guesses are counted by the caller. Raises RuleBroken `device_code_wrong`.
    """
    found = device_by_code(code, at=at)
    if found is None:
        raise RuleBroken("device_code_wrong", field="code")
    secret = device_secret()
    with unit_of_work(actor=Actor(login=f"device-{found.id}", office_id=found.office_id), at=at) as work:
        device = Device.objects.select_for_update().get(id=found.id)
        if device.code_hash != found.code_hash or why_not_good(device, at=at):
            raise RuleBroken("device_code_wrong", field="code")  # typed on two machines at once: the first has it
        Session.objects.filter(device_id=device.id).delete()
        device.code_hash, device.code_expires_at = "", None
        device.secret_hash, device.enrolled_at = keyed_hash(settings.SECRET_KEY, secret), at
        device.save(update_fields=["code_hash", "code_expires_at", "secret_hash", "enrolled_at"])
        _note(work, "device.enrolled", device)
    return device, secret


def revoke_device(*, actor: Actor, at: datetime, device_id: int, reason: str) -> Device:
    """The machine may connect no longer; sessions opened on it end with their next request.

    Raises RuleBroken: not_allowed, device_revoked, act_reason_missing.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("act_reason_missing", field="reason")
    with unit_of_work(actor=actor, at=at) as work:
        device = _managed_device(actor, device_id)
        device.revoked_at, device.revoked_by_id, device.revoke_reason = at, actor.officer_id, reason[:500]
        device.code_hash, device.code_expires_at = "", None
        device.save(update_fields=["revoked_at", "revoked_by", "revoke_reason", "code_hash", "code_expires_at"])
        ended, _ = Session.objects.filter(device_id=device.id).delete()
        _note(work, "device.revoked", device, sessions=ended)
    return device


def set_device_rule(
    *, actor: Actor, at: datetime, required: bool, valid_from: date, reason: str, office_id: int | None = None
) -> DeviceRule:
    """From a day on, sign-in at an office – or, without one, at the whole province of the actor – needs a checked
    machine, or no longer does. Where it holds from today, sessions opened elsewhere end at once, but not the actor's.

    Raises RuleBroken: not_allowed, act_reason_missing, device_rule_in_the_past.
    """
    reason, today = " ".join(reason.split()), clock.in_vietnam(at).date()
    if not reason:
        raise RuleBroken("act_reason_missing", field="reason")
    if valid_from < today:
        raise RuleBroken("device_rule_in_the_past", field="valid_from")
    office = _managed_office(actor, office_id or actor.office_id)
    province = None if office_id else province_of(office)
    if not office_id and province is None:
        raise RuleBroken("not_allowed", field="office")
    with unit_of_work(actor=actor, at=at) as work:
        rule = DeviceRule.objects.create(
            province_id=province, office=office if office_id else None, required=required, valid_from=valid_from,
            reason=reason[:500], set_at=at, set_by_id=actor.officer_id,
        )  # fmt: skip
        ended = (
            _end_unchecked_sessions(actor, office, bool(office_id), today) if required and valid_from == today else 0
        )
        work.record(
            "device.rule_set", subject_kind="device_rule", subject_id=rule.id, subject_office=office.id,
            facts={
                "required": required, "from": valid_from.isoformat(), "office": office_id, "province": province,
                "sessions_ended": ended,
            },
        )  # fmt: skip
    return rule


def _end_unchecked_sessions(actor: Actor, office: Office, one: bool, today: date) -> int:
    posts = Post.objects.filter(held_on(today))
    if one:
        posts = posts.filter(office=office)
    else:
        whole = Actor(actor.login, office.id, rights=actor.rights - {"technical.manage"})
        posts = posts.filter(office__in=managed_offices(whole))
    officers = posts.exclude(officer_id=actor.officer_id or 0).values("officer_id")
    ended, _ = Session.objects.filter(officer_id__in=officers, device_id__isnull=True).delete()
    return ended


def note_device_used(*, device_id: int, at: datetime) -> None:
    """An officer signed in on this machine."""
    Device.objects.filter(id=device_id).update(last_seen_at=at)


def record_device_refused(*, officer: Officer, at: datetime, why: str, device_id: int | None) -> None:
    """A sign-in was refused for the machine; `why`: see queries.devices.why_not_good."""
    office = office_of_officer(officer, at=at)
    actor = Actor(login=officer.username, office_id=office, officer_id=officer.id)
    with unit_of_work(actor=actor, at=at) as work:
        note(work, "officer.device_refused", officer, office=office, facts={"why": why, "device": device_id})


def record_code_refused(*, at: datetime) -> None:
    """A wrong enrolment code was typed somewhere; nothing of it is kept."""
    with unit_of_work(actor=Actor(login="unknown", office_id=NO_OFFICE), at=at) as work:
        work.record("device.code_refused", subject_kind="device", subject_id="unknown", subject_office=NO_OFFICE)


def _managed_office(actor: Actor, office_id: int) -> Office:
    office = Office.objects.select_related("unit").filter(id=office_id).first()
    if office is None or not may_manage_devices(actor, office):
        raise RuleBroken("not_allowed", field="office")
    return office


def _managed_device(actor: Actor, device_id: int) -> Device:
    device = Device.objects.select_for_update(of=("self",)).select_related("office__unit").filter(id=device_id).first()
    if device is None or not may_manage_devices(actor, device.office):
        raise RuleBroken("not_allowed")
    if device.revoked_at is not None:
        raise RuleBroken("device_revoked")
    return device


def _check_days(checked_on: date, valid_to: date, at: datetime) -> None:
    today = clock.in_vietnam(at).date()
    if checked_on > today:
        raise RuleBroken("device_days_wrong", field="checked_on")
    if valid_to < today or valid_to < checked_on:
        raise RuleBroken("device_days_wrong", field="valid_to")


def _note(work: UnitOfWork, verb: str, device: Device, **facts: object) -> None:
    work.record(
        verb, subject_kind="device", subject_id=device.id, subject_office=device.office_id,
        facts={"serial": device.serial, **facts},
    )  # fmt: skip
