"""Columns and indexes of the search, filled for the rows that are already there (decision 0010)."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from hotich.database.state import secret
from hotich.records.rules.keys import document_key

BATCH = 5000
# the sides of a policy bind the owner too; for this one transaction, in which the table is locked, they do not
OWNER_SEES_ALL = "alter table participant no force row level security"
OWNER_BOUND = "alter table participant force row level security"

# each row is written once: a second time in one transaction would leave checks of its foreign keys waiting, and with
# them the table cannot be altered any more
KEYS = """
update participant set
  keyset = coalesce((select string_agg(part collate "C", ' ' order by part collate "C")
                     from unnest(string_to_array(search_key, ' ')) as part), ''),
  given_key = left(split_part(search_key, ' ', -1), 60),
  birth_year = (extract(year from birth_earliest)::int + extract(year from birth_latest)::int) / 2,
  birth_md = case when birth_earliest = birth_latest
                  then extract(month from birth_earliest) * 100 + extract(day from birth_earliest) end,
  document_key = coalesce((select d.key from filled_document_key d where d.id = participant.id), '')
"""
SYLLABLES = """
insert into name_syllable (syllable)
select distinct part from participant, unnest(string_to_array(search_key, ' ')) as part
where char_length(part) between 1 and 20
on conflict do nothing
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """The keys of rows written by earlier versions; the same as `records.rules.participants` makes for new ones."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OWNER_SEES_ALL)
        _make_document_keys(cursor)
        cursor.execute(KEYS)
        cursor.execute(SYLLABLES)
        cursor.execute(OWNER_BOUND)


def _make_document_keys(cursor: Any) -> None:
    """Keyed hashes are made here: the database does not know the secret."""
    cursor.execute("create temporary table filled_document_key (id uuid primary key, key text) on commit drop")
    after, key = None, secret("lookup")
    while True:
        cursor.execute(
            "select id, id_number, personal_id from participant where (%s::uuid is null or id > %s::uuid) "
            "and (id_number <> '' or personal_id <> '') order by id limit %s",
            [after, after, BATCH],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        cursor.execute(
            "insert into filled_document_key select * from unnest(%s::uuid[], %s::text[])",
            [[row[0] for row in rows], [document_key(key, row[1] or row[2]) for row in rows]],
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0003_withdrawal_notices")]

    operations = [
        migrations.CreateModel(
            name="NameSyllable",
            fields=[
                (
                    "syllable",
                    models.CharField(db_collation="C", max_length=20, primary_key=True, serialize=False),
                ),
            ],
            options={"db_table": "name_syllable"},
        ),
        migrations.AddField(
            "participant",
            "keyset",
            models.CharField(blank=True, db_collation="C", default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            "participant",
            "given_key",
            models.CharField(blank=True, db_collation="C", default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField("participant", "birth_year", models.SmallIntegerField(null=True)),
        migrations.AddField("participant", "birth_md", models.SmallIntegerField(null=True)),
        migrations.AddField(
            "participant",
            "document_key",
            models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex("participant", "participant_by_name"),
        migrations.RemoveIndex("participant", "participant_of_record"),  # the foreign key has one of its own
        migrations.AddIndex(
            "participant",
            models.Index(fields=["keyset", "birth_year", "origin_office"], name="participant_by_name_and_year"),
        ),
        migrations.AddIndex(
            "participant",
            models.Index(fields=["birth_year", "birth_md", "origin_office"], name="participant_by_birth_day"),
        ),
        migrations.AddIndex(
            "participant",
            models.Index(fields=["given_key", "birth_year", "origin_office"], name="participant_by_given_name"),
        ),
        migrations.AddIndex("participant", models.Index(fields=["document_key"], name="participant_by_document")),
        migrations.AddIndex(
            "record",
            models.Index(fields=["number", "registration_year", "origin_office"], name="record_by_number"),
        ),
    ]
