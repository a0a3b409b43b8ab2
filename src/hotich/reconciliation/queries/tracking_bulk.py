"""Reads: items that differ only because the book tells a part of a date, and what was judged of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from hotich.kernel.actor import Actor
from hotich.reconciliation.models import TrackingField, TrackingItem, TrackingState, Verdict
from hotich.records.models import Participant
from hotich.records.rules.restricted import sees_restricted

_KINDS = ("year_only", "part_missing")
"""Of a date: what both sides tell agrees, one tells more (`rules.comparison`)."""


def only_part() -> Q:
    """Of items: nothing differs but the birth, of which the book tells a part."""
    fields = TrackingField.objects.filter(item=OuterRef("id"))
    told = fields.annotate(mine=Length("ours"), other=Length("theirs"))
    birth = told.filter(field="birth", kind__in=_KINDS, mine__gt=0, mine__lt=F("other"))
    return Exists(birth) & ~Exists(fields.exclude(field="birth"))


def to_judge(actor: Actor, *, register_type: str = "") -> QuerySet[TrackingItem]:
    """Those this verifier may judge at once: not given to a colleague, not of a check of his own, nobody restricted."""
    found = TrackingItem.objects.filter(only_part(), origin_office_id__in=actor.office_ids)
    found = found.filter(Q(state=TrackingState.OPEN) | Q(state=TrackingState.VERIFYING, assigned_to__in=actor.hands))
    found = found.exclude(check_of__decided_by__in=actor.hands)
    if register_type:
        found = found.filter(register_type=register_type)
    if not sees_restricted(actor):
        hidden = Participant.objects.filter(id=OuterRef("check_of__participant_id"), restricted=True)
        found = found.exclude(Exists(hidden))
    return found.order_by("id")


def counts_to_judge(actor: Actor) -> list[tuple[str, int]]:
    """(register, how many of its items may be judged at once)."""
    rows = to_judge(actor).order_by().values("register_type").annotate(n=Count("id")).order_by("register_type")
    return [(row["register_type"], row["n"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What was judged in one go, and how far it is: `open` has its verdict, `closed` is settled."""

    id: UUID
    verified_by: int
    verified_at: datetime
    words: str
    open: int
    closed: int
    closed_by_me: int


def bulks(actor: Actor, most: int = 20) -> Sequence[Bulk]:
    """The latest acts on many items at one's offices; what was taken back or began anew is in none."""
    rows = TrackingItem.objects.filter(
        origin_office_id__in=actor.office_ids, bulk_id__isnull=False, verdict=Verdict.PART_ONLY,
        verified_by__isnull=False,
    )  # fmt: skip
    closed = Q(state=TrackingState.CLOSED)
    found = (
        rows.order_by().values("bulk_id", "verified_by")
        .annotate(
            since=Min("verified_at"), said=Min("verdict_words"), closed=Count("id", filter=closed),
            mine=Count("id", filter=closed & Q(closed_by__in=actor.hands)),
            standing=Count("id", filter=Q(state=TrackingState.VERIFIED)),
        )
        .order_by("-since")
    )  # fmt: skip
    return [
        Bulk(row["bulk_id"], row["verified_by"], row["since"], row["said"], row["standing"], row["closed"], row["mine"])
        for row in found[:most]
        if row["bulk_id"] is not None and row["verified_by"] is not None
    ]


def of_bulk(actor: Actor, bulk_id: UUID, state: str) -> QuerySet[TrackingItem]:
    """The items of one act that stand in a state."""
    return TrackingItem.objects.filter(origin_office_id__in=actor.office_ids, bulk_id=bulk_id, state=state).order_by(
        "id"
    )


def is_known(actor: Actor, bulk_id: UUID) -> bool:
    """Whether anything of an act is of one's offices."""
    return TrackingItem.objects.filter(origin_office_id__in=actor.office_ids, bulk_id=bulk_id).exists()
