"""What is keyed is citizens' data: seen and written only by the officers of the office."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import protect

TABLES = (
    "book_work", "book_denominator", "keying_handover", "keying_handover_line", "copy_comparison",
    "keying_package", "package_item", "region_map", "confidentiality_pledge",
    "keyed_entry", "second_keying", "keying_difference", "book_acceptance", "acceptance_item",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("keying", "0001_initial")]
    operations = [protect(table) for table in TABLES]
