"""From which original of the book (commune, district) the cases of a batch were keyed; blank: not known."""

from __future__ import annotations

from django.db import migrations, models

ORIGINALS = [("commune", "Bản lưu cấp xã"), ("district", "Bản lưu cấp huyện")]


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_keyed_cases")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="original",
            field=models.CharField(blank=True, choices=ORIGINALS, db_default="", max_length=8),
        ),
    ]
