"""Posts: a role at an office from a day to a day. The only way to rights."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from hotich.accounts.models import Officer, Post
from hotich.accounts.queries import may_manage
from hotich.accounts.rules.roles import ROLES, incompatible_roles
from hotich.accounts.services.officers import note
from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office


def give_post(
    *,
    actor: Actor,
    at: datetime,
    officer_id: int,
    office_id: int,
    role: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Post:
    """Give an officer a role at an office.

    Raises RuleBroken: not_allowed, own_account, role_unknown, role_is_central, roles_incompatible,
    post_ends_before_it_begins, office_closed, post_held_already.
    """
    office = Office.objects.select_related("unit").get(id=office_id)
    _check_giver(actor, officer_id, office, role)
    if valid_to is not None and valid_to < valid_from:
        raise RuleBroken("post_ends_before_it_begins", field="valid_to")
    if office.valid_to is not None and office.valid_to < valid_from:
        raise RuleBroken("office_closed", field="office")
    with unit_of_work(actor=actor, at=at) as work:
        officer = Officer.objects.select_for_update().get(id=officer_id)
        # posts that overlap the new one in time
        held = [
            post
            for post in Post.objects.filter(officer=officer)
            if post.ended_at is None
            and (post.valid_to is None or post.valid_to >= valid_from)
            and (valid_to is None or post.valid_from <= valid_to)
        ]
        if any(post.office_id == office_id and post.role == role for post in held):
            raise RuleBroken("post_held_already", field="role")
        if incompatible_roles([role, *(post.role for post in held)]):
            raise RuleBroken("roles_incompatible", field="role", role=ROLES[role].name)
        post = Post.objects.create(officer=officer, office=office, role=role, valid_from=valid_from, valid_to=valid_to)
        note(work, "officer.post_given", officer, office=office_id, facts=_facts(post))
    return post


def end_post(
    *, actor: Actor, at: datetime, officer_id: int, office_id: int, role: str, valid_to: date, at_once: bool = False
) -> Post:
    """Set the last day of the post an officer holds; its rights end with that day, or `at_once`: with the next request
    of every open session.

    Raises RuleBroken: post_unknown, not_allowed, own_account, role_is_central, post_ends_before_it_begins.
    """
    with unit_of_work(actor=actor, at=at) as work:
        held = Post.objects.filter(officer_id=officer_id, office_id=office_id, role=role, ended_at__isnull=True)
        last = Q(valid_to__gte=valid_to) if at_once else Q(valid_to__gt=valid_to)
        post = held.filter(Q(valid_to__isnull=True) | last).select_for_update().first()
        if post is None:
            raise RuleBroken("post_unknown", field="role")
        _check_giver(actor, officer_id, Office.objects.select_related("unit").get(id=office_id), role)
        if at_once:
            post.valid_to, post.ended_at = max(valid_to, post.valid_from), at
        elif valid_to < post.valid_from:
            raise RuleBroken("post_ends_before_it_begins", field="valid_to")
        else:
            post.valid_to = valid_to
        post.save(update_fields=["valid_to", "ended_at"])
        facts = {**_facts(post), **({"at_once": True} if at_once else {})}
        note(work, "officer.post_ended", Officer.objects.get(id=officer_id), office=office_id, facts=facts)
    return post


def _check_giver(actor: Actor, officer_id: int, office: Office, role: str) -> None:
    if role not in ROLES:
        raise RuleBroken("role_unknown", field="role", role=role)
    if not may_manage(actor, office):
        raise RuleBroken("not_allowed", field="office")
    if officer_id == actor.officer_id:
        raise RuleBroken("own_account")
    if ROLES[role].central and not actor.may("technical.manage"):
        raise RuleBroken("role_is_central", field="role", role=ROLES[role].name)


def _facts(post: Post) -> dict[str, object]:
    return {
        "role": post.role,
        "office": post.office_id,
        "from": post.valid_from.isoformat(),
        "to": post.valid_to.isoformat() if post.valid_to else None,
    }
