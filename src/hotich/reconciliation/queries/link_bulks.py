"""Reads: what a bulk would take in, bulks of one's offices, their samples, and how the scores are spread."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F, IntegerField, Q, QuerySet
from django.db.models.functions import Cast, Floor

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import LinkBulk, LinkProposal, ProposalState
from hotich.reconciliation.queries.proposals import SEES, proposals
from hotich.reconciliation.rules.families import RULE_VERSION
from hotich.reconciliation.rules.link_bulks import FAMILY_ALONE

BAND = 5  # bits in one band of the preview
SHOWN = 20


def qualifying(actor: Actor, kind: str, bits: int) -> QuerySet[LinkProposal]:
    """Open proposals at or above so many bits, where whoever is excluded by them is at least half of that behind.

    Not those that only the family speaks for, those of another bulk, what somebody put off, nor what an earlier version
    of the rule weighed.
    """
    ahead = Q(margin__isnull=True) | Q(margin__gte=bits / 2)
    rows = proposals(actor, kind=kind).filter(ahead, score__gte=bits, bulk__isnull=True, put_off_at__isnull=True)
    return rows.filter(rule_version=RULE_VERSION).exclude(evidence__contains=[FAMILY_ALONE])


def bands(actor: Actor, kind: str, least: int) -> list[tuple[int, int]]:
    """How many open proposals would qualify by their bits alone, in bands from `least`: (from, number), the surest last."""
    rows = qualifying(actor, kind, least).order_by()
    counted = rows.annotate(band=Cast(Floor((F("score") - float(least)) / BAND), IntegerField()))
    found = dict(counted.values_list("band").annotate(number=Count("id")))
    return [(least + BAND * band, found.get(band, 0)) for band in range(max(found, default=-1) + 1)]


def bulks(actor: Actor) -> list[LinkBulk]:
    """The bulks of one's offices, the latest first. Raises RuleBroken not_allowed."""
    _may_see(actor)
    return list(LinkBulk.objects.filter(origin_office_id__in=actor.office_ids).order_by("-asked_at", "-id")[:SHOWN])


def bulk_of(actor: Actor, bulk_id: UUID, *, locked: bool = False) -> LinkBulk:
    """One bulk of one's offices. Raises RuleBroken: not_allowed, bulk_unknown."""
    _may_see(actor)
    rows = LinkBulk.objects.select_for_update() if locked else LinkBulk.objects.all()
    found = rows.filter(id=bulk_id, origin_office_id__in=actor.office_ids).first()
    if found is None:
        raise RuleBroken("bulk_unknown")
    return found


def sample_of(actor: Actor, bulk: LinkBulk) -> QuerySet[LinkProposal]:
    """The proposals drawn for looking at first, those that still wait before the others."""
    return proposals(actor, state="").filter(bulk=bulk, in_sample=True)


def sample_left(bulk: LinkBulk) -> int:
    """How many of the sample nobody has decided yet."""
    waiting = (ProposalState.OPEN, ProposalState.UNDONE)
    return LinkProposal.objects.filter(bulk=bulk, in_sample=True, state__in=waiting).count()


def next_of_sample(actor: Actor, bulk_id: UUID, *, but: UUID | None = None) -> LinkProposal | None:
    """The one of a sample to look at next, those put off last; None when all were decided."""
    waiting = (ProposalState.OPEN, ProposalState.UNDONE)
    rows = proposals(actor, state="").filter(bulk_id=bulk_id, in_sample=True, state__in=waiting)
    if but is not None:
        rows = rows.exclude(id=but)
    return rows.order_by(F("put_off_at").asc(nulls_first=True), "id").first()


def _may_see(actor: Actor) -> None:
    if not any(actor.may(right) for right in SEES):
        raise RuleBroken("not_allowed")
