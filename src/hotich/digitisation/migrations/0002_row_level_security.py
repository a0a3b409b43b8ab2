"""Scans of register pages are citizens' data: seen and written only by the officers of their office."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("digitisation", "0001_initial")]
    operations = [protect("page_layout"), protect("scan_batch"), protect("scan_page"), protect("scanned_case")]
