"""What was checked on a day is found by its office: figures of checkers never read every entry."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keying", "0003_blank_places")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("checked_at__isnull", False)),
                fields=["origin_office", "checked_at"],
                name="entries_by_check",
            ),
        ),
    ]
