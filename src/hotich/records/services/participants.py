"""Participants are drawn from the current view of a record, and drawn again whenever it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from hotich.records.models import Participant, Record
from hotich.records.rules.current_view import current_view
from hotich.records.rules.participants import participants_of
from hotich.records.services.access import lookup_secret
from hotich.registers.rules.values import AsRecorded
from hotich.registers.types import version_by_id

COLUMNS = [
    "full_name", "search_key", "match_key", "sort_key", "sex", "birth_text", "birth_earliest", "birth_latest",
    "personal_id", "personal_id_key", "id_type", "id_number", "id_number_key", "ethnicity", "nationality",
    "residence", "restricted",
]  # fmt: skip


def write_participants(records: Iterable[Record]) -> None:
    """The participants of records that have none yet and no annotations."""
    secret = lookup_secret()
    rows = [row for record in records for row in _rows(record, record.as_recorded, secret)]
    Participant.objects.bulk_create(rows, batch_size=1000)


def redraw_participants(record: Record) -> None:
    """The participants of a record whose current view has changed; their identifiers stay."""
    values = current_view(record.as_recorded, record.annotations.all()).values
    rows = list(_rows(record, values, lookup_secret()))
    Participant.objects.filter(record=record).exclude(id__in=[row.id for row in rows]).delete()
    Participant.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)


def _rows(record: Record, values: AsRecorded, secret: str) -> Iterable[Participant]:
    for role in participants_of(
        version_by_id(record.schema_version),
        values,
        record_id=record.id,
        registration_year=record.registration_year,
        secret=secret,
    ):
        yield Participant(record_id=record.id, origin_office_id=record.origin_office_id, **asdict(role))
