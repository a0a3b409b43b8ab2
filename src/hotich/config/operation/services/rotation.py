"""Exchanging secrets. The former one stays good for reading until nothing is kept under it; all of it may be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction

from hotich.audit.services import unit_of_work
from hotich.config.operation import places
from hotich.config.operation.services import rekeying
from hotich.database import launcher
from hotich.database.state import comes_from_environment, forget_former_secrets, former_secrets, replace_secret, secret
from hotich.files import adapters
from hotich.files.rules.sealing import is_under
from hotich.files.services.content import seal_again
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

Say = Callable[[str], None]
ENCRYPTED = {"totp": "secret", "recovery_codes": "seed"}  # where django-allauth keeps what it encrypts
DATABASE = ("hotich_owner", "hotich_app", "superuser")


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` things are under the present secret; `strange` fit neither it nor a former one."""

    done: int
    total: int
    strange: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing is left under a former secret."""
        return self.done == self.total


def rotate(*, name: str, actor: Actor, at: datetime, say: Say) -> Progress:
    """A new secret, then everything under it. A rotation that was cut short is gone on with, not begun anew.

    Raises RuleBroken not_allowed, secret_unknown, secret_items_strange; LauncherError where the owner's password is needed.
    """
    if not actor.may("technical.manage"):
        raise RuleBroken("not_allowed")
    if name not in STEPS:
        raise RuleBroken("secret_unknown", name=name)
    if is_under_way(name):
        begun = places.noted(f"rotate-{name}").get("started_at", "")
        say(f"{name}: going on with the rotation{' of ' if begun else ''}{begun[:16]}")
    else:
        if name == "lookup":
            rekeying.note_secret_in_use()
        places.note(f"rotate-{name}", started_at=at.isoformat(), finished_at="")
        for part in DATABASE if name == "database" else (name,):
            if not comes_from_environment(part):
                replace_secret(part)
    progress = STEPS[name].go_on(say)
    if not progress.finished:
        raise RuleBroken("secret_items_strange", name=name, number=progress.total - progress.done)
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "secret.rotated", subject_kind="secret", subject_id=name, subject_office=actor.office_id,
            facts={"items": progress.total},
        )  # fmt: skip
    places.note(f"rotate-{name}", finished_at=at.isoformat())
    return progress


def forget(*, name: str, actor: Actor, at: datetime) -> None:
    """The former secrets of a name are destroyed. Backups made before then need the secrets sealed in them.

    Raises RuleBroken not_allowed, secret_unknown, secret_still_used.
    """
    if not actor.may("technical.manage"):
        raise RuleBroken("not_allowed")
    if name not in STEPS:
        raise RuleBroken("secret_unknown", name=name)
    if is_under_way(name) or not status(name).finished:
        raise RuleBroken("secret_still_used", name=name)
    for part in DATABASE if name == "database" else (name,):
        forget_former_secrets(part)
    with unit_of_work(actor=actor, at=at) as work:
        work.record("secret.forgotten", subject_kind="secret", subject_id=name, subject_office=actor.office_id)


def is_under_way(name: str) -> bool:
    """Whether a rotation was begun and not finished."""
    told = places.noted(f"rotate-{name}")
    if bool(told.get("started_at")) and not told.get("finished_at"):
        return True
    return name == "lookup" and bool(former_secrets(name)) and rekeying.is_half_done()


def status(name: str) -> Progress:
    """How far it is, counted anew."""
    return STEPS[name].status()


# ---- stored files


def _seal_all(say: Say) -> Progress:
    done = total = 0
    for sha256 in adapters.every_hash():
        total += 1
        try:
            seal_again(sha256)
            done += 1
        except ValueError:  # SealBroken: damaged, or under a key nobody has
            say(f"files: {sha256} cannot be opened with any key")
        if total % 1000 == 0:
            say(f"files: {total} …")
    return Progress(done, total, total - done)


def _files_status() -> Progress:
    key = adapters.present_key()
    heads = [is_under(key, adapters.head(sha256)) for sha256 in adapters.every_hash()]
    return Progress(sum(heads), len(heads))


# ---- keys of identity numbers


def _key_all(say: Say) -> Progress:
    return _progress(rekeying.exchange(say))


def _progress(found: rekeying.Counted) -> Progress:
    return Progress(found.done, found.total, found.strange)


# ---- seeds of second factors, under SECRET_KEY


def _use_django_keys() -> None:
    """This process was started with the key of before."""
    if not settings.HOTICH_SECRET_KEY_GIVEN:
        settings.SECRET_KEY = secret("django")
        settings.SECRET_KEY_FALLBACKS = former_secrets("django")


def _encrypt_all(say: Say) -> Progress:
    _use_django_keys()
    adapter, done, total = get_adapter(), 0, 0
    for row in Authenticator.objects.filter(type__in=ENCRYPTED).order_by("pk").iterator():
        field = ENCRYPTED[row.type]
        if not row.data.get(field):
            continue
        total += 1
        with transaction.atomic():
            locked = Authenticator.objects.select_for_update().get(pk=row.pk)
            try:
                locked.data[field] = adapter.encrypt(adapter.decrypt(locked.data[field]))
            except ValueError:
                say(f"django: second factor {row.pk} cannot be opened with any key; reset it")
                continue
            locked.save(update_fields=["data"])
            done += 1
    return Progress(done, total, total - done)


def _django_status() -> Progress:
    """Those that open without the former keys."""
    _use_django_keys()
    former, settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY_FALLBACKS, []
    done = total = 0
    try:
        for row in Authenticator.objects.filter(type__in=ENCRYPTED).iterator():
            if text := row.data.get(ENCRYPTED[row.type]):
                total += 1
                done += _opens(text)
    finally:
        settings.SECRET_KEY_FALLBACKS = former
    return Progress(done, total)


def _opens(text: str) -> bool:
    try:
        get_adapter().decrypt(text)
    except ValueError:
        return False
    return True


# ---- passwords of the embedded database's roles


def _set_passwords(say: Say) -> Progress:
    launcher.set_passwords()
    connection.close()
    connection.settings_dict.update(launcher.connection_parameters())
    return Progress(len(DATABASE), len(DATABASE))


def _nothing(say: Say) -> Progress:
    return Progress(0, 0)


@dataclass(frozen=True, slots=True)
class Step:
    """How a secret is exchanged; `still`: only while nobody is served."""

    go_on: Callable[[Say], Progress]
    status: Callable[[], Progress]
    still: bool = True


STEPS = {
    "files": Step(_seal_all, _files_status, still=False),
    "lookup": Step(_key_all, lambda: _progress(rekeying.count()), still=False),
    "django": Step(_encrypt_all, _django_status),
    "database": Step(_set_passwords, lambda: Progress(3, 3)),
    "metrics": Step(_nothing, lambda: Progress(0, 0), still=False),
}
