"""Reads: questions to the population database that wait to be asked, office by office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hotich.database.scope import office_scope
from hotich.reconciliation.models import PopulationRequest, RequestKind, RequestState
from hotich.reconciliation.queries.requests import every_office


def offices_waiting(at: datetime) -> list[int]:
    """The offices with a question that may be asked now; their ids and nothing else. Offices are no citizens' data."""
    with office_scope(every_office()):
        rows = _due(at).order_by("origin_office_id")
        return list(rows.values_list("origin_office_id", flat=True).distinct())


def waiting_of_office(office_id: int, at: datetime, most: int) -> list[UUID]:
    """The oldest of them at one office."""
    with office_scope([office_id]):
        rows = _due(at).filter(origin_office_id=office_id).order_by("next_at", "id")
        return list(rows.values_list("id", flat=True)[: max(most, 0)])


def _due(at: datetime) -> QuerySet[PopulationRequest]:
    return PopulationRequest.objects.filter(kind=RequestKind.LOOK_UP, state=RequestState.QUEUED, next_at__lte=at)
