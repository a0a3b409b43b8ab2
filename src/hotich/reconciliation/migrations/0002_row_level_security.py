"""What is compared is citizens' data: seen and written only by the officers of the office; questions are never changed."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import append_only, protect

TABLES = (
    "population_look_up", "population_check", "tracking_item", "tracking_field", "tracking_contact", "tracking_evidence",
    "population_request", "population_exchange_file", "population_agreement", "population_extract", "match_run",
    "link_proposal",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_initial")]
    operations = [
        *(protect(table) for table in TABLES),
        append_only("population_look_up"),
        append_only("tracking_contact"),
    ]
