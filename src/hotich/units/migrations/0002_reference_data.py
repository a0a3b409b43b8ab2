"""The reference tables are part of every database, also of test databases."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def load(apps: Any, schema_editor: Any) -> None:
    """COPY the committed tables in."""
    from hotich.units.services.reference import load_tables

    load_tables()


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
