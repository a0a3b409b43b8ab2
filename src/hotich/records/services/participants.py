"""Participants are drawn from the current view of a record, and drawn again whenever it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from django.db import connection

from hotich.kernel.ids import stable_uuid
from hotich.kernel.names import given_key, keyset, match_key
from hotich.records.models import Annotation, FormerName, Participant, Record
from hotich.records.rules.current_view import current_view
from hotich.records.rules.former_names import former_names
from hotich.records.rules.participants import LONGEST, participants_of
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
    note_syllables(row.search_key for row in rows)


def redraw_participants(record: Record) -> None:
    """The participants of a record whose current view has changed, and the names they had; identifiers stay."""
    notes = list(record.annotations.all())
    values = current_view(record.as_recorded, notes).values
    rows = list(_rows(record, values, lookup_secret()))
    FormerName.objects.filter(record=record).delete()
    Participant.objects.filter(record=record).exclude(id__in=[row.id for row in rows]).delete()
    Participant.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS)
    former = list(former_rows(record, notes, rows))
    FormerName.objects.bulk_create(former)
    note_syllables([*(row.search_key for row in rows), *(row.keyset for row in former)])


def former_rows(record: Record, notes: Iterable[Annotation], rows: Iterable[Participant]) -> Iterator[FormerName]:
    """The names these participants had before annotations changed them."""
    fields = {person.role: person.name for person in version_by_id(record.schema_version).participants}
    notes = list(notes)
    for row in rows:
        for former in former_names(record.as_recorded, notes, fields[row.role]):
            name = former.full_name[: LONGEST["full_name"]]
            yield FormerName(
                id=stable_uuid("former_name", row.id, name),
                origin_office_id=record.origin_office_id,
                record_id=record.id,
                participant_id=row.id,
                full_name=name,
                match_key=match_key(name),
                keyset=keyset(name),
                given_key=given_key(name)[: LONGEST["given_key"]],
                birth_year=row.birth_year,
                restricted=row.restricted or former.restricted,
            )


def note_syllables(keys: Iterable[str]) -> None:
    """Keep the syllables of these names (as search keys) that no name had before.

    Whoever writes the same syllable at this moment keeps it: waiting for each other could end in a deadlock. Should
    that other transaction fail, the next name with the syllable brings it in.
    """
    found = sorted({part for key in keys for part in key.split() if len(part) <= LONGEST_SYLLABLE})
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
