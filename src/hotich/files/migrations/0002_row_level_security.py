"""Row-level security."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [
        protect("stored_file"),
    ]
