"""Row-level security of details; entries are append-only."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import append_only, protect


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        protect("audit_detail", "office_id"),
        append_only("audit_entry"),
        append_only("audit_detail"),
        append_only("event"),
    ]
