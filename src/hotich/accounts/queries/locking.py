"""Reads: what is to be known before accounts are locked – work still open, old offices not reviewed (A9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from hotich.accounts.models import Officer, Post
from hotich.accounts.queries.devices import managed_offices
from hotich.accounts.queries.officers import held_on, not_over
from hotich.accounts.queries.open_work import OpenWork, open_work_at
from hotich.accounts.rules.locking import DIGITISING, Finding
from hotich.accounts.rules.roles import ROLES
from hotich.kernel.actor import Actor
from hotich.units.models import Office, OfficeReview


@dataclass(frozen=True, slots=True)
class OldOffice:
    """A closed office whose books are kept: what waits there, and whether somebody went through it."""

    office: Office
    open_work: int
    reviewed: bool


@dataclass(frozen=True, slots=True)
class LockPreview:
    """What locking would meet: per officer, and per old office of the offices concerned."""

    findings: dict[int, Finding]
    old_offices: list[OldOffice]
    open_by_office: dict[int, int]  # office id → what waits there and at its old offices


def managed_officers(actor: Actor, *, on: date) -> QuerySet[Officer]:
    """Officers this actor looks after, by login name: all for the technical administrator; for a department those
    whose every post is in its province and none of them central, and not the actor."""
    officers = Officer.objects.exclude(id=actor.officer_id or 0).order_by("username")
    if not actor.may("officer.manage") or actor.on_behalf_of is not None:
        return officers.none()
    if actor.may("technical.manage"):
        return officers
    posts = Post.objects.filter(not_over(on))
    central = Q(role__in=[role.code for role in ROLES.values() if role.central])
    foreign = posts.filter(central | ~Q(office__in=managed_offices(actor)))
    return officers.filter(id__in=posts.values("officer_id")).exclude(id__in=foreign.values("officer_id"))


def officers_to_lock(
    actor: Actor, *, on: date, offices: Iterable[int] = (), role: str = "", logins: Iterable[str] = ()
) -> QuerySet[Officer]:
    """Of the officers this actor looks after: those with a post at these offices, with this role, of these logins.

    Nothing asked gives nobody: locking everybody is never what was meant.
    """
    offices, logins = list(offices), [login.strip().lower() for login in logins if login.strip()]
    officers = managed_officers(actor, on=on).filter(is_active=True)
    if not offices and not logins and not role:
        return officers.none()
    posts = Post.objects.filter(held_on(on))
    if offices:
        posts = posts.filter(office_id__in=offices)
    if role:
        posts = posts.filter(role=role)
    if offices or role:
        officers = officers.filter(id__in=posts.values("officer_id"))
    return officers.filter(username__in=logins) if logins else officers


def lock_preview(officer_ids: Collection[int], *, on: date) -> LockPreview:
    """What still waits for these officers at the offices of their posts, and which old offices nobody has reviewed."""
    posts = list(Post.objects.filter(held_on(on), officer_id__in=officer_ids).order_by("id"))
    work = {office: open_work_at(office) for office in sorted({post.office_id for post in posts})}
    old = _old_offices(work)
    unreviewed = {line.office.id for line in old if not line.reviewed}
    found: dict[int, Finding] = {}
    for officer in officer_ids:
        own = [post for post in posts if post.officer_id == officer]
        digitises = {post.office_id for post in own if post.role in DIGITISING}
        found[officer] = Finding(
            own_work=sum(part.by_officer.get(officer, 0) for post in {p.office_id for p in own}
                         for part in work[post].values()),
            office_work=sum(part.total for office in digitises for part in work[office].values()),
            unreviewed=len(unreviewed & {kept for office in digitises for kept in work[office]}),
        )  # fmt: skip
    return LockPreview(found, old, {office: sum(part.total for part in kept.values()) for office, kept in work.items()})


def _old_offices(work: dict[int, dict[int, OpenWork]]) -> list[OldOffice]:
    kept = {office: part.total for parts in work.values() for office, part in parts.items() if office not in work}
    latest = OfficeReview.objects.filter(office=OuterRef("pk")).order_by("-id").values("is_reviewed")[:1]
    offices = Office.objects.filter(id__in=kept).annotate(reviewed=Subquery(latest)).order_by("code")
    return [OldOffice(office, kept[office.id], bool(office.reviewed)) for office in offices]
