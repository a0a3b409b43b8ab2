"""Whose citizens a run compares with, and when its present step began (for the time it will still take)."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0002_row_level_security")]
    operations = [
        migrations.AddField("matchrun", "area", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("matchrun", "step_began_at", models.DateTimeField(null=True)),
    ]
