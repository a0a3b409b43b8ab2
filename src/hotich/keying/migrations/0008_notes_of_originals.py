"""How many notes of a decision about the second original wait to be written beside the record."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keying", "0007_original_decisions")]

    operations = [
        migrations.AddField(
            model_name="originaldecision",
            name="notes_left",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="originaldecision",
            index=models.Index(
                condition=models.Q(("notes_left__gt", 0)), fields=["origin_office"], name="original_notes_to_write"
            ),
        ),
    ]
