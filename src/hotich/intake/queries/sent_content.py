"""Reads: what the Ministry is told of a record: its values of today, with later notes in the remarks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import orjson

from hotich.intake.queries.book_rows import cells_of_record
from hotich.records.models import Annotation, Record, RecordState
from hotich.registers.types import version_by_id

REMARKS = "remarks"
LOST = {
    RecordState.ANNULLED: "Bản ghi đã bị hủy giá trị",
    RecordState.SUPERSEDED: "Bản ghi đã được thay thế bằng đăng ký lại",
}
"""What stands in the remarks of an entry that is no longer in force: the templates have no column for that."""

Row = dict[str, str]


def notes_of(record_ids: Collection[UUID]) -> Mapping[UUID, list[Annotation]]:
    """The annotations of several records, each in their order."""
    notes: dict[UUID, list[Annotation]] = defaultdict(list)
    for note in Annotation.objects.filter(record_id__in=list(record_ids)).order_by("sequence"):
        notes[note.record_id].append(note)
    return notes


def rows_to_send(record: Record, notes: Sequence[Annotation]) -> list[Row]:
    """The rows of a record for the Ministry, restricted values too: it is told all its template has."""
    rows = cells_of_record(record, notes, current=True, restricted=True)
    said = [note.text.strip() for note in notes if note.in_force and note.text.strip()]
    if (lost := LOST.get(RecordState(record.state))) is not None:
        said.append(lost)
    if said:
        heading = next(
            field.import_key for field in version_by_id(record.schema_version).fields if field.code == REMARKS
        )
        for row in rows:
            row[heading] = "; ".join(filter(None, [row.get(heading, ""), *dict.fromkeys(said)]))
    return rows


def fingerprint(rows: Sequence[Row]) -> str:
    """Tells whether what would be sent now is what was sent."""
    return hashlib.sha256(orjson.dumps(list(rows), option=orjson.OPT_SORT_KEYS)).hexdigest()
