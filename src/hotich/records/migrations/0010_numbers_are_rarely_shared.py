"""Tells the planner that an identity number is hardly ever borne twice. Most entries have none, so that its samples say that
there is one value only; it then reads the whole table for each question who else bears a number – at every approval, and at
every piece of a comparison (docs/benchmarks.md). Taken into account by the next ANALYZE, which the server does by itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

COLUMNS = ("personal_id_key", "id_number_key")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("records", "0009_names_with_their_entries")]
    operations: ClassVar = [
        migrations.RunSQL(
            f"alter table participant alter column {column} set (n_distinct = -0.3)",
            f"alter table participant alter column {column} reset (n_distinct)",
        )
        for column in COLUMNS
    ]
