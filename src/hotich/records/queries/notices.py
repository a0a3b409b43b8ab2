"""Reads: notices of annotations between offices."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from hotich.records.models import AnnotationNotice

PENDING = AnnotationNotice.State.PENDING


def notices_for(office_ids: Iterable[int], *, pending: bool = True) -> QuerySet[AnnotationNotice]:
    """Notices that these offices have to answer (or have answered), the oldest first."""
    found = AnnotationNotice.objects.filter(target_office_id__in=set(office_ids))
    found = found.filter(state=PENDING) if pending else found.exclude(state=PENDING)
    return found.select_related("origin_office", "target_office").order_by("created_at", "id")


def notices_sent(office_ids: Iterable[int]) -> QuerySet[AnnotationNotice]:
    """Notices these offices sent, the newest first."""
    found = AnnotationNotice.objects.filter(origin_office_id__in=set(office_ids))
    return found.select_related("target_office").order_by("-created_at", "-id")
