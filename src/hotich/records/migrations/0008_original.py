"""From which original of the book (commune, district) a record was keyed; blank: not known."""

from __future__ import annotations

from django.db import migrations, models

ORIGINALS = [("commune", "Bản lưu cấp xã"), ("district", "Bản lưu cấp huyện")]


class Migration(migrations.Migration):
    dependencies = [("records", "0007_former_names")]

    operations = [
        migrations.AddField(
            model_name="record",
            name="original",
            field=models.CharField(blank=True, choices=ORIGINALS, db_default="", max_length=8),
        ),
    ]
