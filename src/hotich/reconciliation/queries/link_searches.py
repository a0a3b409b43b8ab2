"""Reads: searches for links of one's offices: under way, and the latest that ended."""

from __future__ import annotations

from uuid import UUID

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import LinkSearch
from hotich.reconciliation.queries.proposals import SEES
from hotich.reconciliation.rules.link_searches import UNDER_WAY

SHOWN = 5


def searches_to_show(actor: Actor) -> list[LinkSearch]:
    """Those under way, then the latest one that ended. Raises RuleBroken not_allowed."""
    _may_see(actor)
    rows = LinkSearch.objects.filter(origin_office_id__in=actor.office_ids).select_related("book", "origin_office")
    rows = rows.order_by("-asked_at", "-id")
    return [*rows.filter(state__in=UNDER_WAY)[:SHOWN], *rows.exclude(state__in=UNDER_WAY)[:1]]


def search_of(actor: Actor, search_id: UUID, *, locked: bool = False) -> LinkSearch:
    """One search of one's offices. Raises RuleBroken: not_allowed, search_unknown."""
    _may_see(actor)
    rows = LinkSearch.objects.select_for_update(of=("self",)) if locked else LinkSearch.objects.all()
    found = rows.select_related("book", "origin_office").filter(
        id=search_id, origin_office_id__in=actor.office_ids
    ).first()  # fmt: skip
    if found is None:
        raise RuleBroken("search_unknown")
    return found


def _may_see(actor: Actor) -> None:
    if not any(actor.may(right) for right in SEES):
        raise RuleBroken("not_allowed")
