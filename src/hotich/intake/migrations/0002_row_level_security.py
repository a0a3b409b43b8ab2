"""Row-level security."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        protect("intake_batch"),
        protect("intake_case"),
        protect("dispatch"),
    ]
