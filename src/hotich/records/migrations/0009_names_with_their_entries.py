"""The index of names carries the entry, so that two names of one entry meet in the index; prefixes are not looked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("records", "0008_original")]
    operations: ClassVar = [
        migrations.AddIndex(
            "participant",
            models.Index(
                fields=["keyset", "birth_year", "origin_office"], include=["record"], name="participant_by_name"
            ),
        ),
        migrations.RemoveIndex("participant", "participant_by_name_and_year"),
        migrations.RemoveIndex("participant", "participant_by_name_prefix"),
    ]
