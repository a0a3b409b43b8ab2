"""Reads: records on their way to the Ministry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

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
    office_id: int
    letters: str
    count: int
    at: datetime


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
        .values_list("file_id", "origin_office_id", "record__register_type")
        .annotate(n=Count("id"), at=Max("changed_at"))
        .order_by("-at")
    )
    return [SentFile(file_id, office_id, letters, number, at) for file_id, office_id, letters, number, at in rows]


def sent_file(office_ids: Collection[int], file_id: UUID) -> SentFile | None:
    """A file that went out, whatever was answered since; None for one that is not of these offices."""
    rows = (
        Dispatch.objects.filter(origin_office_id__in=list(office_ids), file_id=file_id)
        .values_list("file_id", "origin_office_id", "record__register_type")
        .annotate(
            n=Count("id", filter=Q(state=DispatchState.SENT)),
            at=Max("changed_at"),
        )
    )
    found = rows.order_by("file_id").first()
    return SentFile(*found) if found else None
