"""Whose chains of the audit trail somebody may read."""

from __future__ import annotations

from django.db.models import Q

from hotich.accounts.queries import province_of
from hotich.kernel.actor import Actor
from hotich.units.models import Office


def audited_offices(actor: Actor) -> frozenset[int] | None:
    """The offices whose acts this actor may read in the trail; None for all.

    Whoever manages the officers of a province (a department of justice) reads those of the province; the auditor and the
    Ministry read all. Only for an actor with the right audit.read.
    """
    if not actor.may("officer.manage"):
        return None
    own = Office.objects.filter(id=actor.office_id).select_related("unit").first()
    province = province_of(own)
    if province is None:
        return frozenset({actor.office_id})
    inside = Q(unit_id=province) | Q(unit__parent_id=province) | Q(unit__parent__parent_id=province)
    return frozenset(Office.objects.filter(inside).values_list("id", flat=True)) | {actor.office_id}
