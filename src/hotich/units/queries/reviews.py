"""Reads: which old offices have been gone through. The gate before accounts of digitisation are locked (requirement of
the Ministry of Justice: data processing finished and old units reviewed)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from hotich.units.models import AdministrativeUnit, Level, Office, OfficeReview
from hotich.units.queries.history import units_of_province
from hotich.units.queries.places import offices_kept_by


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How many old offices of a province there are, and how many have been gone through."""

    province: AdministrativeUnit
    done: int
    total: int


def reviewed_ids(office_ids: Collection[int]) -> frozenset[int]:
    """Of these offices those whose last review stands."""
    return frozenset(id_ for id_, review in last_reviews(office_ids).items() if review.is_reviewed)


def is_reviewed(office_id: int) -> bool:
    """Whether every old office this one answers for has been gone through: itself when it is closed, and all closed
    ones whose books it keeps. An office that keeps no old books has nothing to go through."""
    old = _old(offices_kept_by([office_id]))
    return reviewed_ids(old) == old


def _old(office_ids: Collection[int]) -> frozenset[int]:
    closed = Office.objects.filter(id__in=office_ids, valid_to__isnull=False)
    return frozenset(closed.values_list("id", flat=True))


def old_offices(province_id: int) -> QuerySet[Office]:
    """Closed offices of a province (unit id of today) and of the provinces it came from."""
    return Office.objects.filter(unit_id__in=units_of_province(province_id), valid_to__isnull=False).order_by("code")


def unreviewed_offices(province_id: int) -> QuerySet[Office]:
    """Of them, those nobody has gone through, or whose review was opened again."""
    newer = OfficeReview.objects.filter(office=OuterRef("office"), id__gt=OuterRef("id"))
    done = OfficeReview.objects.filter(~Exists(newer), is_reviewed=True)
    return old_offices(province_id).exclude(id__in=done.values("office_id"))


def review_progress() -> list[ReviewProgress]:
    """Every province of today with its progress, by code."""
    provinces = AdministrativeUnit.objects.filter(level=Level.PROVINCE, valid_to__isnull=True).order_by("code")
    closed = dict(Office.objects.filter(valid_to__isnull=False, unit__isnull=False).values_list("unit_id", "id"))
    last = OfficeReview.objects.filter(office=OuterRef("office")).order_by("-id")
    done = frozenset(
        OfficeReview.objects.filter(id=Subquery(last.values("id")[:1]), is_reviewed=True).values_list(
            "office_id", flat=True
        )
    )
    found = []
    for province in provinces:
        old = {closed[unit] for unit in units_of_province(province.id) if unit in closed}
        found.append(ReviewProgress(province, len(old & done), len(old)))
    return found


def last_reviews(office_ids: Collection[int]) -> dict[int, OfficeReview]:
    """The latest review of each of these offices."""
    newer = OfficeReview.objects.filter(office=OuterRef("office"), id__gt=OuterRef("id"))
    rows = OfficeReview.objects.filter(~Exists(newer), office_id__in=office_ids)
    return {row.office_id: row for row in rows}
