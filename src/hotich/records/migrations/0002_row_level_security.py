"""Row-level security."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import OFFICES, append_only, protect


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        protect("civil_status_record"),
        protect("registration_number"),
        protect("record_version"),
        protect("keying_repair"),
        protect("annotation"),
        protect("participant"),
        protect("record_attachment"),
        protect(
            "annotation_notice",
            using=f"origin_office_id = any ({OFFICES}) or target_office_id = any ({OFFICES})",
        ),
        append_only("record_version"),
    ]
