"""Reads: records on their way to the Ministry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from hotich.intake.models import Dispatch, DispatchState


@dataclass(frozen=True, slots=True)
class Waiting:
    """Records of one register of one office that wait to be sent."""

    office_id: int
    letters: str
    count: int


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that went out, with the number of its rows that were not answered yet."""

    id: UUID
    count: int
    at: datetime


def dispatch_counts(office_ids: Collection[int]) -> dict[str, int]:
    """{state: number of records} of these offices; every state is there."""
    rows = Dispatch.objects.filter(origin_office_id__in=list(office_ids)).values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(DispatchState.values, 0) | dict(rows.order_by("state"))


def dispatch_rows(office_ids: Collection[int], state: str) -> QuerySet[Dispatch]:
    """Rows of one state with their records, those changed last first."""
    rows = Dispatch.objects.filter(origin_office_id__in=list(office_ids), state=state)
    return rows.select_related("record").order_by("-changed_at", "row_number", "id")


def waiting_groups(office_ids: Collection[int]) -> list[Waiting]:
    """What could be made into files now: a file holds one register of one office."""
    rows = (
        Dispatch.objects.filter(origin_office_id__in=list(office_ids), state=DispatchState.QUEUED)
        .values_list("origin_office_id", "record__register_type")
        .annotate(n=Count("id"))
        .order_by("origin_office_id", "record__register_type")
    )
    return [Waiting(office_id, letters, number) for office_id, letters, number in rows]


def unanswered_files(office_ids: Collection[int]) -> list[SentFile]:
    """Files with rows that wait for an answer, the newest first."""
    rows = (
        Dispatch.objects.filter(origin_office_id__in=list(office_ids), state=DispatchState.SENT, file_id__isnull=False)
        .values_list("file_id")
        .annotate(n=Count("id"), at=Max("changed_at"))
        .order_by("-at")
    )
    return [SentFile(file_id, number, at) for file_id, number, at in rows]
