"""Filters an officer keeps for a page: a convenience of one's own, so nothing of it is audited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from hotich.accounts.models import Officer, SavedFilter
from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

AT_MOST = 30  # on one page of one officer
LONGEST_VALUE = 200
_PAGE = re.compile(r"[a-z][a-z0-9_.:-]{0,59}")


def save_filter(*, actor: Actor, at: datetime, page: str, name: str, query: Mapping[str, str]) -> SavedFilter:
    """Keep a filter under a name; the same name on the same page again replaces what stood in it.

    `query`: parameters of the page's address. The caller passes only declared filter fields: whoever may be searched
    for by name is searched for by POST and never stands here. Raises RuleBroken: not_allowed, filter_page_malformed,
    filter_name_missing, filter_name_too_long, filter_empty, filter_too_large, filters_too_many.
    """
    if actor.officer_id is None:
        raise RuleBroken("not_allowed")
    name = " ".join(name.split())
    _check(page, name, query)
    with unit_of_work(actor=actor, at=at):
        Officer.objects.select_for_update().get(id=actor.officer_id)  # two windows of one officer come one by one
        own = SavedFilter.objects.filter(officer_id=actor.officer_id, page=page)
        kept = own.filter(name=name).first()
        if kept is None:
            if own.count() >= AT_MOST:
                raise RuleBroken("filters_too_many", field="name", most=AT_MOST)
            return SavedFilter.objects.create(
                officer_id=actor.officer_id, page=page, name=name, query=dict(query), created_at=at
            )
        kept.query, kept.created_at = dict(query), at
        kept.save(update_fields=["query", "created_at"])
    return kept


def remove_filter(*, actor: Actor, at: datetime, filter_id: int) -> None:
    """Forget one of the own filters. Raises RuleBroken `filter_unknown`, for another officer's too."""
    with unit_of_work(actor=actor, at=at):
        removed, _ = SavedFilter.objects.filter(id=filter_id, officer_id=actor.officer_id or 0).delete()
        if not removed:
            raise RuleBroken("filter_unknown")


def _check(page: str, name: str, query: Mapping[str, str]) -> None:
    if not _PAGE.fullmatch(page):
        raise RuleBroken("filter_page_malformed", page=page)
    if not name:
        raise RuleBroken("filter_name_missing", field="name")
    if len(name) > 60:
        raise RuleBroken("filter_name_too_long", field="name", most=60)
    if not query:
        raise RuleBroken("filter_empty", field="name")
    if len(query) > 40 or any(len(str(key)) > 60 or len(str(value)) > LONGEST_VALUE for key, value in query.items()):
        raise RuleBroken("filter_too_large", field="name")
