"""Reads: offices that looked a record up beyond their own, as recipients of what it said."""

from __future__ import annotations

from uuid import UUID

from hotich.persons.models import ForeignHit
from hotich.records.queries.recipients import LOOK_UP, Receipt


def look_ups_of(record_id: UUID) -> list[Receipt]:
    """Every opening of this record by another office."""
    hits = ForeignHit.objects.filter(record_id=record_id, opened_at__isnull=False)
    return [
        Receipt(LOOK_UP, hit.opened_at, hit.asking_office_id, hit.officer_id)
        for hit in hits
        if hit.opened_at is not None
    ]
