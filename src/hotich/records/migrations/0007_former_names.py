"""Names from before a change or correction, so that people are found by them; filled for the rows already there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from types import SimpleNamespace
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from hotich.database.rls import protect
from hotich.kernel.ids import stable_uuid
from hotich.kernel.names import given_key, keyset, match_key
from hotich.records.rules.former_names import former_names
from hotich.records.rules.participants import LONGEST
from hotich.registers.types import version_by_id

BATCH = 1000
READ = ("civil_status_record", "annotation", "participant")
NOTES = """
select n.record_id, r.schema_version, r.as_recorded::text, n.field, n.new_value::text, n.restricted, n.sequence
from annotation n join civil_status_record r on r.id = n.record_id
where n.in_force and n.field <> '' order by n.record_id, n.sequence
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """The former names of records annotated by earlier versions; the same as `services.participants` makes."""
    with schema_editor.connection.cursor() as cursor:
        # the policies bind the owner too; for this one transaction, in which the tables are locked, they do not
        for table in READ:
            cursor.execute(f"alter table {table} no force row level security")
        cursor.execute(NOTES)
        notes = [_note(row) for row in cursor.fetchall()]
        for of_record in _batches(notes):
            _write(cursor, of_record)
        cursor.execute("set constraints all immediate")  # else the tables could not be altered any more
        for table in READ:
            cursor.execute(f"alter table {table} force row level security")


def _note(row: tuple[Any, ...]) -> SimpleNamespace:
    record, version, recorded, field, new_value, restricted, sequence = row
    return SimpleNamespace(
        record=record, version=version, recorded=json.loads(recorded), field=field, in_force=True,
        new_value=None if new_value is None else json.loads(new_value), restricted=restricted, sequence=sequence,
    )  # fmt: skip


def _batches(notes: list[SimpleNamespace]) -> Iterator[dict[Any, list[SimpleNamespace]]]:
    batch: dict[Any, list[SimpleNamespace]] = {}
    for record, group in groupby(notes, key=lambda note: note.record):
        batch[record] = list(group)
        if len(batch) == BATCH:
            yield batch
            batch = {}
    if batch:
        yield batch


def _write(cursor: Any, by_record: dict[Any, list[SimpleNamespace]]) -> None:
    cursor.execute(
        "select id, record_id, role, origin_office_id, birth_year, restricted from participant "
        "where record_id = any (%s::uuid[])",
        [list(by_record)],
    )
    rows = []
    for participant, record, role, office, year, closed in cursor.fetchall():
        notes = by_record[record]
        field = next(person.name for person in version_by_id(notes[0].version).participants if person.role == role)
        for former in former_names(notes[0].recorded, notes, field):
            name = former.full_name[: LONGEST["full_name"]]
            rows.append((
                stable_uuid("former_name", participant, name), office, record, participant, name, match_key(name),
                keyset(name), given_key(name)[: LONGEST["given_key"]], year, closed or former.restricted,
            ))  # fmt: skip
    if rows:
        cursor.executemany(
            "insert into former_name (id, origin_office_id, record_id, participant_id, full_name, match_key, keyset, "
            "given_key, birth_year, restricted) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("records", "0006_participants_a_record")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("full_name", models.CharField(max_length=300)),
                ("match_key", models.CharField(max_length=300)),
                ("keyset", models.CharField(blank=True, db_collation="C", max_length=300)),
                ("given_key", models.CharField(blank=True, db_collation="C", max_length=60)),
                ("birth_year", models.SmallIntegerField(null=True)),
                ("restricted", models.BooleanField(default=False)),
                (
                    "origin_office",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.office",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="records.participant",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_names",
                        to="records.record",
                    ),
                ),
            ],
            options={
                "db_table": "former_name",
                "indexes": [
                    models.Index(fields=["keyset", "birth_year", "origin_office"], name="former_by_name_and_year"),
                    models.Index(fields=["given_key", "birth_year", "origin_office"], name="former_by_given_name"),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        protect("former_name"),
    ]
