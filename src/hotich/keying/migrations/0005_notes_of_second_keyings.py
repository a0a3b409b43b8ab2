"""Notes in the margin of a second keying, to be compared with the first."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keying", "0004_entries_by_check")]

    operations = [
        migrations.AddField(model_name="secondkeying", name="annotations", field=models.JSONField(null=True)),
    ]
