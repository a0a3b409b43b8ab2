"""In the margin of which original of the book (commune, district) a note stands; blank: the one its record was keyed from."""

from __future__ import annotations

from django.db import migrations, models

ORIGINALS = [("commune", "Bản lưu cấp xã"), ("district", "Bản lưu cấp huyện")]


class Migration(migrations.Migration):
    dependencies = [("records", "0010_numbers_are_rarely_shared")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="original",
            field=models.CharField(blank=True, choices=ORIGINALS, db_default="", max_length=8),
        ),
    ]
