"""Reads: what a run, a search or a bulk of proposals could not work on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hotich.reconciliation.models import FaultyItem, LinkBulk, LinkProposal, LinkSearch, MatchRun, ProposalState
from hotich.reconciliation.rules.link_bulks import BY_BULK

Owner = MatchRun | LinkSearch | LinkBulk
_ORDER = ("record_office_id", "register_type", "number_text", "record_id", "role", "proposal_id")


def owned_by(of: Owner) -> dict[str, Owner]:
    """Under which column an item stands that this run, search or bulk could not work on."""
    return {"run" if isinstance(of, MatchRun) else "search" if isinstance(of, LinkSearch) else "bulk": of}


def faulty_items(of: Owner) -> QuerySet[FaultyItem]:
    """What was put aside, in the order of the records. In the scope of the office of the run, search or bulk.

    Of a bulk only what it still would work on: a proposal that was decided or closed meanwhile is nobody's to do.
    """
    if isinstance(of, LinkBulk):
        return _of_bulks([of]).order_by(*_ORDER)
    return FaultyItem.objects.filter(**owned_by(of)).order_by(*_ORDER)


def numbers_faulty_in_bulks(bulks: Collection[LinkBulk]) -> dict[UUID, int]:
    """How many each bulk could not work on; bulks without any left out."""
    return dict(_of_bulks(bulks).values_list("bulk").annotate(number=Count("id")))


def proposals_put_aside(bulk: LinkBulk) -> QuerySet[FaultyItem]:
    """What a bulk could not do and is not asked to try again."""
    return FaultyItem.objects.filter(bulk=bulk, proposal_id__isnull=False, is_waiting=False)


def _of_bulks(bulks: Collection[LinkBulk]) -> QuerySet[FaultyItem]:
    accepted = Q(state=ProposalState.ACCEPTED, by_rule=BY_BULK)
    held = LinkProposal.objects.filter(
        Q(state=ProposalState.OPEN) | accepted, id=OuterRef("proposal_id"), bulk=OuterRef("bulk")
    )
    return FaultyItem.objects.filter(Exists(held), bulk__in=bulks)


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
