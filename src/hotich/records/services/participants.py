"""Participants are drawn from the current view of a record, and drawn again whenever it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from django.db import connection

from hotich.records.models import Participant, Record
from hotich.records.rules.current_view import current_view
from hotich.records.rules.participants import participants_of
from hotich.records.services.access import lookup_secret
from hotich.registers.rules.values import AsRecorded
from hotich.registers.types import version_by_id

COLUMNS = [
    "full_name", "search_key", "match_key", "sort_key", "keyset", "given_key", "sex", "birth_text", "birth_earliest",
    "birth_latest", "birth_year", "birth_md", "personal_id", "personal_id_key", "id_type", "id_number",
    "id_number_key", "document_key", "ethnicity", "nationality", "residence", "restricted",
]  # fmt: skip

LONGEST_SYLLABLE = 20
SYLLABLE_LOCK = 0x53594C  # one number for all advisory locks of syllables


def write_participants(records: Iterable[Record]) -> None:
    """The participants of records that have none yet and no annotations."""
    secret = lookup_secret()
    rows = [row for record in records for row in _rows(record, record.as_recorded, secret)]
    Participant.objects.bulk_create(rows, batch_size=1000)
    note_syllables(rows)


def redraw_participants(record: Record) -> None:
    """The participants of a record whose current view has changed; their identifiers stay."""
    values = current_view(record.as_recorded, record.annotations.all()).values
    rows = list(_rows(record, values, lookup_secret()))
    Participant.objects.filter(record=record).exclude(id__in=[row.id for row in rows]).delete()
    Participant.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)
    note_syllables(rows)


def note_syllables(rows: Iterable[Participant]) -> None:
    """Keep the syllables of these names that no name had before.

    Whoever writes the same syllable at this moment keeps it: waiting for each other could end in a deadlock. Should
    that other transaction fail, the next name with the syllable brings it in.
    """
    found = sorted({part for row in rows for part in row.search_key.split() if len(part) <= LONGEST_SYLLABLE})
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into name_syllable (syllable) select part from unnest(%s::text[]) as part "
            "where not exists (select from name_syllable where syllable = part) "
            "and pg_try_advisory_xact_lock(%s, hashtext(part)) on conflict do nothing",
            [found, SYLLABLE_LOCK],
        )


def _rows(record: Record, values: AsRecorded, secret: str) -> Iterable[Participant]:
    for role in participants_of(
        version_by_id(record.schema_version),
        values,
        record_id=record.id,
        registration_year=record.registration_year,
        secret=secret,
    ):
        yield Participant(record_id=record.id, origin_office_id=record.origin_office_id, **asdict(role))
