"""Reads: which officers of an office may key, check, lead."""

from __future__ import annotations

from django.db.models import QuerySet

from hotich.accounts.models import Officer, Post
from hotich.accounts.queries import held_on
from hotich.accounts.rules.roles import ROLES
from hotich.kernel import clock


def officers_able(office_id: int, right: str) -> QuerySet[Officer]:
    """Active officers with a post at this office today whose role gives the right, by full name."""
    roles = [role.code for role in ROLES.values() if right in role.rights]
    posts = Post.objects.filter(held_on(clock.today()), office_id=office_id, role__in=roles)
    return Officer.objects.filter(id__in=posts.values("officer_id"), is_active=True).order_by("full_name", "id")
