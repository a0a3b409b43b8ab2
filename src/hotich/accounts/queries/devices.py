"""Reads: checked machines, and whether sign-in needs one."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from hotich.accounts.models import CheckResult, Device, DeviceRule, Officer
from hotich.accounts.queries.officers import NO_OFFICE, may_manage_at, posts_of, province_of
from hotich.accounts.rules.devices import keyed_hash, typed_code
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.units.models import Office


def may_manage_devices(actor: Actor, office: Office) -> bool:
    """Whether this actor looks after the machines of an office: as for accounts, with the right for devices."""
    return may_manage_at(actor, "device.manage", office)


def device_hashes(text: str) -> list[str]:
    """What a code or secret may be kept as: under the present secret key and the former ones."""
    return [keyed_hash(key, text) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def device_by_secret(secret: str) -> Device | None:
    """The machine whose cookie holds this secret, whatever its state; None when there is none."""
    return Device.objects.filter(secret_hash__in=device_hashes(secret)).first()


def device_by_code(code: str, *, at: datetime) -> Device | None:
    """The machine for which this code was made, while the code is good."""
    hashes = device_hashes(typed_code(code))
    return Device.objects.filter(code_hash__in=hashes, code_expires_at__gt=at, revoked_at__isnull=True).first()


def why_not_good(device: Device | None, *, at: datetime) -> str:
    """Why sign-in is refused on this machine: "unknown", "revoked", "failed", "expired"; "" when it is good."""
    if device is None:
        return "unknown"
    if device.revoked_at is not None:
        return "revoked"
    if device.result == CheckResult.FAILED:
        return "failed"
    return "expired" if device.valid_to < clock.in_vietnam(at).date() else ""


def device_is_good(device_id: int, *, at: datetime) -> bool:
    """Whether a session opened on this machine may go on."""
    return not why_not_good(Device.objects.filter(id=device_id).first(), at=at)


def needs_checked_device(officer: Officer, *, at: datetime) -> bool:
    """Whether this officer signs in from checked machines only: one of the offices of the posts says so."""
    day = clock.in_vietnam(at).date()
    return any(device_rule_of(post.office, on=day) for post in posts_of(officer, on=day))


def device_rule_of(office: Office, *, on: date) -> bool:
    """Whether an office signs in from checked machines only on a day: what was said of the office, else of its province."""
    own = _latest(DeviceRule.objects.filter(office=office), on)
    if own is not None:
        return own.required
    whole = _latest(DeviceRule.objects.filter(province_id=province_of(office)), on) if office.unit_id else None
    return whole is not None and whole.required


def _latest(rules: QuerySet[DeviceRule], on: date) -> DeviceRule | None:
    return rules.filter(valid_from__lte=on).order_by("-valid_from", "-id").first()


def managed_offices(actor: Actor) -> QuerySet[Office]:
    """Living offices whose accounts and machines this actor looks after: every one, or those of the own province."""
    offices = Office.objects.filter(valid_to__isnull=True)
    if actor.may("technical.manage"):
        return offices
    own = Office.objects.filter(id=actor.office_id or NO_OFFICE).select_related("unit").first()
    province = province_of(own)
    if province is None:
        return offices.none()
    return offices.filter(Q(unit_id=province) | Q(unit__parent_id=province) | Q(unit__parent__parent_id=province))


def devices_of(actor: Actor) -> QuerySet[Device]:
    """Machines of the offices this actor looks after, those still in use first."""
    return (
        Device.objects.filter(office__in=managed_offices(actor))
        .select_related("office")
        .order_by("revoked_at", "office__code", "name")
    )


def device_rules_of(actor: Actor) -> QuerySet[DeviceRule]:
    """What was said of the province and offices this actor looks after, the latest first."""
    offices = managed_offices(actor)
    rules = DeviceRule.objects.select_related("office", "province", "set_by").order_by("-set_at", "-id")
    if actor.may("technical.manage"):
        return rules
    own = province_of(Office.objects.filter(id=actor.office_id).select_related("unit").first())
    return rules.filter(Q(office__in=offices) | Q(province_id=own))
