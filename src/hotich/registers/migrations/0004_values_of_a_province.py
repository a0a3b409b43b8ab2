"""A threshold may have a value of its own in a province."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registers", "0003_configuration")]
    operations: ClassVar = [
        migrations.AddField("configurationchange", "province", models.CharField(blank=True, default="", max_length=24)),
    ]
