"""Reads: what a run or a search could not work on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet

from hotich.reconciliation.models import FaultyItem, LinkSearch, MatchRun


def faulty_items(of: MatchRun | LinkSearch) -> QuerySet[FaultyItem]:
    """What was put aside, in the order of the records. In the scope of the office of the run or search."""
    found = FaultyItem.objects.filter(run=of) if isinstance(of, MatchRun) else FaultyItem.objects.filter(search=of)
    return found.order_by("record_office_id", "register_type", "number_text", "record_id", "role")


def numbers_faulty(runs: Collection[MatchRun]) -> dict[UUID, int]:
    """How many each run could not work on; runs without any left out."""
    counted = FaultyItem.objects.filter(run__in=runs).values_list("run").annotate(number=Count("id"))
    return dict(counted)


def roles_put_aside(run: MatchRun) -> dict[UUID, set[str]]:
    """Record -> its roles that were put aside; "" among them is the record as a whole."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for record_id, role in faulty_items(run).values_list("record_id", "role"):
        found[record_id].add(role)
    return dict(found)


def participants_put_aside(search: LinkSearch) -> set[UUID]:
    """Whom a search could not look at."""
    found = faulty_items(search).filter(participant_id__isnull=False).values_list("participant_id", flat=True)
    return {each for each in found if each is not None}
