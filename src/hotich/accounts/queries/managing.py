"""Reads for the pages of those who look after accounts: the list, one account, its sessions, keys and history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from hotich.accounts.models import AccountLock, Officer, Post, Session
from hotich.accounts.queries.locking import managed_officers
from hotich.accounts.queries.officers import held_on, not_over
from hotich.accounts.rules.sessions import session_mark
from hotich.audit.queries import history_of
from hotich.kernel import clock
from hotich.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner or the manager sees it; `mark` names it without giving it away."""

    mark: str
    signed_in_at: datetime | None
    last_seen_at: datetime | None
    browser: str
    address: str
    on_checked_device: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The state of somebody's second factor: never a secret."""

    has_application: bool
    keys: list[Authenticator]
    codes_left: int
    codes_total: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An act on an account or of it."""

    verb: str
    who: str
    at: datetime
    facts: dict[str, object]


def find_officers(
    actor: Actor, *, on: date, login: str = "", office: str = "", role: str = "", state: str = "", seen: str = ""
) -> QuerySet[Officer]:
    """The accounts this actor looks after, by login name, narrowed by what is asked (see forms.managing.OfficerFilter)."""
    officers = managed_officers(actor, on=on)
    posts = Post.objects.filter(held_on(on))
    if login:
        officers = officers.filter(username__contains=login.strip().lower())
    if office or role:
        asked = Q(office__code=office.strip().upper()) if office else Q()
        asked &= Q(role=role) if role else Q()
        officers = officers.filter(id__in=posts.filter(asked).values("officer_id"))
    if state == "bare":
        officers = officers.exclude(id__in=Post.objects.filter(not_over(on)).values("officer_id"))
    wanted = {
        "open": Q(is_active=True), "locked": Q(is_active=False), "first": Q(must_change_password=True, is_active=True)
    }.get(state, Q())  # fmt: skip
    now = clock.now()
    last = {
        "never": Q(last_login__isnull=True), "old": Q(last_login__lt=now - timedelta(days=90)),
        "recent": Q(last_login__gte=now - timedelta(days=7)),
    }.get(seen, Q())  # fmt: skip
    return officers.filter(wanted, last)


def posts_by_officer(officer_ids: Iterable[int], *, on: date) -> dict[int, list[Post]]:
    """Present and coming posts of several officers at once."""
    found: dict[int, list[Post]] = defaultdict(list)
    posts = Post.objects.filter(not_over(on), officer_id__in=list(officer_ids)).select_related("office")
    for post in posts.order_by("valid_from", "id"):
        found[post.officer_id].append(post)
    return found


def all_posts(officer: Officer) -> list[Post]:
    """Every post ever given, the latest first."""
    return list(Post.objects.filter(officer=officer).select_related("office").order_by("-valid_from", "-id"))


def sessions_of(officer_id: int, *, present: str = "") -> list[OpenSession]:
    """The open sessions of an officer, the last used first; `present`: the key of the one that asks."""
    found = Session.objects.filter(officer_id=officer_id, expire_date__gt=clock.now()).order_by("-last_seen_at")
    return [
        OpenSession(
            session_mark(row.session_key), row.signed_in_at, row.last_seen_at, row.browser, row.address or "",
            row.device_id is not None, row.session_key == present,
        )
        for row in found
    ]  # fmt: skip


def second_factor_of(officer_id: int) -> SecondFactor:
    """What an officer has set up."""
    held = list(Authenticator.objects.filter(user_id=officer_id).order_by("id"))
    codes = next((found.wrap() for found in held if found.type == Authenticator.Type.RECOVERY_CODES), None)
    return SecondFactor(
        has_application=any(found.type == Authenticator.Type.TOTP for found in held),
        keys=[found for found in held if found.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(codes.get_unused_codes()) if codes else 0,
        codes_total=app_settings.RECOVERY_CODE_COUNT if codes else 0,
    )


def history_of_officer(officer_id: int, *, most: int = 60) -> list[HistoryLine]:
    """What happened to an account and by it at sign-in, the latest first."""
    entries = [entry for entry, _ in history_of("officer", officer_id)][-most:]
    return [
        HistoryLine(entry.verb, entry.actor_login, entry.at, dict(entry.facts or {})) for entry in reversed(entries)
    ]


def locks_of(officer_id: int) -> list[AccountLock]:
    """Every time an account was locked, the latest first."""
    return list(AccountLock.objects.filter(officer_id=officer_id).order_by("-locked_at"))
