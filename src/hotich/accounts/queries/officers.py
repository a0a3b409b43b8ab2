"""Reads: officers, the posts they hold on a day, and the actor they are when they act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Q, QuerySet

from hotich.accounts.models import Delegation, DelegationState, Officer, Post, SavedFilter
from hotich.accounts.rules.delegation import delegable
from hotich.accounts.rules.demo import DEMO_LOGIN, DEMO_PASSWORD
from hotich.accounts.rules.one_time_codes import TOLERANCE_STEPS, code_of_step, step_at
from hotich.accounts.rules.roles import ROLES, rights_of
from hotich.database.plain import ask
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from hotich.units.queries import kept_offices, offices_kept_by, unit_chain

NO_OFFICE = 0  # of an officer without a post, and of the system itself: no row is ever visible by it


def _on(day: date | None) -> date:
    return day or clock.today()


def held_on(day: date) -> Q:
    """Posts that give rights on a day. One that was ended at once gives none from that moment, nor later that day."""
    return Q(valid_from__lte=day) & not_over(day)


def not_over(day: date) -> Q:
    """Posts held on a day or to be held later."""
    ended = Q(ended_at__isnull=True) | Q(ended_at__date__gt=day)
    return (Q(valid_to__isnull=True) | Q(valid_to__gte=day)) & ended


def officer_by_login(login: str) -> Officer:
    """The officer of a login name, whatever the case. Raises RuleBroken `officer_unknown`."""
    officer = Officer.objects.filter(username=login.strip().lower()).first()
    if officer is None:
        raise RuleBroken("officer_unknown", field="login", login=login)
    return officer


def posts_of(officer: Officer, *, on: date | None = None) -> list[Post]:
    """The posts an officer holds on a day (today), with their offices; the one held longest first."""
    return list(
        Post.objects.filter(held_on(_on(on)), officer=officer).select_related("office").order_by("valid_from", "id")
    )


def current_post(officer: Officer, post_id: int | None = None, *, on: date | None = None) -> Post | None:
    """The post in use: the one asked for if it is held on that day, else the first one; None without any."""
    posts = posts_of(officer, on=on)
    return next((post for post in posts if post.id == post_id), posts[0] if posts else None)


def actor_for(officer: Officer, post_id: int | None = None, *, on: date | None = None) -> Actor:
    """Who acts when this officer acts at this post.

    Rights are those of all roles held at the office of the post in use, and of no other office: a right held at one
    office must not reach the rows of another. The offices are that office and those whose books it keeps.
    """
    held = _held_posts(officer, on)
    return _actor_at(officer, next((post for post in held if post.id == post_id), held[0] if held else None), held)


def actor_in_use(officer: Officer, post_id: int | None) -> Actor | None:
    """Who acts at the post chosen in a session (none: the one held longest); None when that post is over."""
    held = _held_posts(officer, None)
    if post_id is None:
        return _actor_at(officer, held[0] if held else None, held)
    chosen = next((post for post in held if post.id == post_id), None)
    return _actor_at(officer, chosen, held) if chosen is not None else None


class _HeldPost(NamedTuple):
    id: int
    office_id: int
    role: str
    offices: list[int]  # that office and those whose books it keeps


_HELD = (
    "with recursive post as materialized ("
    " select id, office_id, role, valid_from from officer_post where officer_id = %s and valid_from <= %s"
    " and (valid_to is null or valid_to >= %s) and (ended_at is null or ended_at >= %s)"
    f"), {kept_offices('select office_id from post')} "
    "select id, office_id, role, array(select kept.id from kept where kept.keeper = post.office_id) from post "
    "order by valid_from, id"
)


def _held_posts(officer: Officer, on: date | None) -> list[_HeldPost]:
    """As `posts_of`, each with its offices: one question, since every request asks it."""
    day = _on(on)
    over = clock.start_of_day(day + timedelta(days=1))
    return [_HeldPost(*row) for row in ask(_HELD, [officer.id, day, day, over])]


def _actor_at(officer: Officer, post: _HeldPost | None, held: list[_HeldPost]) -> Actor:
    if post is None or not officer.is_active:
        return Actor(login=officer.username, office_id=NO_OFFICE, officer_id=officer.id)
    return Actor(
        login=officer.username,
        office_id=post.office_id,
        officer_id=officer.id,
        office_ids=frozenset(post.offices),
        rights=rights_of(each.role for each in held if each.office_id == post.office_id),
    )


def actors_of(officer: Officer, *, on: date | None = None) -> list[Actor]:
    """Everybody this officer may act as on a day: at each own post, then on behalf of each delegator."""
    day = _on(on)
    own = [actor_for(officer, post.id, on=day) for post in posts_of(officer, on=day)]
    lent = [actor_on_behalf(delegation, on=day) for delegation in delegations_held(officer.id, on=day)]
    return [*own, *(actor for actor in lent if actor is not None)]


def delegations_held(officer_id: int, *, on: date | None = None) -> list[Delegation]:
    """Delegations to this officer in force on a day, the one that ends first before the others."""
    day = _on(on)
    return list(
        Delegation.objects.filter(
            delegate_id=officer_id, state=DelegationState.AGREED, valid_from__lte=day, valid_to__gte=day
        )
        .select_related("delegator", "office", "delegate")
        .order_by("valid_to", "id")
    )


def actor_on_behalf(delegation: Delegation, *, on: date | None = None) -> Actor | None:
    """Who acts by this delegation: the delegate, at the delegator's office, with the delegated rights alone.

    Only what the delegator may do there today is handed on; None when nothing is left of it, e.g. because the
    delegator's post ended or one of both accounts is locked.
    """
    delegator, delegate = delegation.delegator, delegation.delegate
    roles = [post.role for post in posts_of(delegator, on=on) if post.office_id == delegation.office_id]
    rights = delegable(rights_of(roles)) & frozenset(delegation.rights)
    if not rights or not delegator.is_active or not delegate.is_active:
        return None
    return Actor(
        login=delegate.username,
        office_id=delegation.office_id,
        officer_id=delegate.id,
        office_ids=offices_kept_by([delegation.office_id]),
        rights=rights,
        on_behalf_of=delegator.id,
    )


def system_actor(rights: Iterable[str] = ()) -> Actor:
    """The system itself, for commands and tasks that no officer started."""
    return Actor(login="system", office_id=NO_OFFICE, rights=frozenset(rights))


def command_actor() -> Actor:
    """Whoever may run commands on the server: the first administrator has nobody above."""
    return system_actor({"officer.manage", "technical.manage"})


def device_actor(office_id: int = NO_OFFICE) -> Actor:
    """The same for machines; at an office where something is said of its province."""
    return Actor(login="system", office_id=office_id, rights=frozenset({"device.manage", "technical.manage"}))


def officers_of_office(office_id: int, *, on: date | None = None) -> QuerySet[Officer]:
    """Officers who hold a post at this office on a day (today), by login name."""
    posts = Post.objects.filter(held_on(_on(on)), office_id=office_id)
    return Officer.objects.filter(id__in=posts.values("officer_id")).order_by("username")


def officers_matching(text: str = "") -> QuerySet[Officer]:
    """Officers whose login name or full name contains the text, by login name."""
    officers = Officer.objects.order_by("username")
    text = text.strip()
    return officers.filter(Q(username__icontains=text) | Q(full_name__icontains=text)) if text else officers


def names_of_officers(officer_ids: Iterable[int]) -> dict[int, str]:
    """Full names by id, for lists that tell who did something."""
    return dict(Officer.objects.filter(id__in=set(officer_ids)).values_list("id", "full_name"))


def saved_filters(officer_id: int | None, page: str) -> list[SavedFilter]:
    """The filters an officer keeps for a page, by name; `query` of each holds the parameters of the address."""
    return list(SavedFilter.objects.filter(officer_id=officer_id or 0, page=page).order_by("name"))


def has_second_factor(officer_id: int) -> bool:
    """Whether the officer's second factor is set up: the application; keys come beside it, not instead."""
    return bool(Authenticator.objects.filter(user_id=officer_id, type=Authenticator.Type.TOTP).exists())


def office_of_officer(officer: Officer | None, *, at: datetime) -> int:
    """The office what happens to this account is noted of: that of the first post, else none."""
    post = current_post(officer, on=clock.in_vietnam(at).date()) if officer else None
    return post.office_id if post else NO_OFFICE


def has_officers(role: str, day: date) -> bool:
    """Whether anybody in this installation holds a role on a day."""
    return Post.objects.filter(held_on(day), role=role, ended_at=None).exists()


def province_of(office: Office | None) -> int | None:
    """The province (unit id) an office lies in; None for missions and for no office."""
    if office is None or office.unit is None:
        return None
    return unit_chain(office.unit)[-1].id


def may_manage(actor: Actor, office: Office) -> bool:
    """Whether this actor looks after the accounts of an office: the technical administrator of every one, a
    department of justice of those in its province."""
    return may_manage_at(actor, "officer.manage", office)


def may_manage_at(actor: Actor, right: str, office: Office) -> bool:
    """The same for another right of those who manage. Nobody manages on behalf of somebody else."""
    if not actor.may(right) or actor.on_behalf_of is not None:
        return False
    if actor.may("technical.manage"):
        return True
    province = province_of(Office.objects.filter(id=actor.office_id).select_related("unit").first())
    return province is not None and province == province_of(office)


def demo_code(officer: Officer, *, at: datetime) -> str | None:
    """A code this officer can sign in with now, on demo state; None when those of now have been used.

    Raises RuleBroken: not_a_demo; second_factor_missing.
    """
    if not settings.DEMO:
        raise RuleBroken("not_a_demo")
    found = Authenticator.objects.filter(user_id=officer.id, type=Authenticator.Type.TOTP).first()
    if found is None:
        raise RuleBroken("second_factor_missing", login=officer.username)
    now, used = step_at(at.timestamp()), found.data.get("last_step", 0)
    # a code is accepted once, and the one after the present one is accepted too
    step = max(now, used + 1)
    return code_of_step(decrypt(found.data["secret"]), step) if step <= now + TOLERANCE_STEPS else None


def demo_sign_ins() -> list[str]:
    """What `make run` prints: login names with role and office, the password, how to get a code. Empty without demo."""
    if not settings.DEMO:
        return []
    posts = Post.objects.filter(held_on(_on(None)), officer__username__regex=DEMO_LOGIN)
    lines = [
        f"  {post.officer.username:<14}{ROLES[post.role].name} – {post.office.name}"
        for post in posts.select_related("officer", "office").order_by("id")
        if post.role in ROLES
    ]
    if not lines:
        return []
    how = "Mã xác thực: hotich totp TÊN_ĐĂNG_NHẬP (demo sign-ins; the code: hotich totp LOGIN)"
    return ["Tài khoản mẫu:", *lines, f"Mật khẩu: {DEMO_PASSWORD}", how]
