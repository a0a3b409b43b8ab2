"""Proposals a bulk could not accept, or take back, are put aside, and can be tried again."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0009_faulty_items")]
    operations = [
        migrations.AddField(
            "faultyitem",
            "bulk",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="faulty_items",
                to="reconciliation.linkbulk",
            ),
        ),
        migrations.AddField("faultyitem", "proposal_id", models.UUIDField(null=True)),
        migrations.AddField("faultyitem", "is_waiting", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "faultyitem", models.UniqueConstraint(fields=["bulk", "proposal_id"], name="faulty_item_once_a_bulk")
        ),
    ]
