"""What the partner answered, kept for some days, so that a choice is compared with it and not with the browser."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0004_tracking_follow_ups"), ("units", "0003_operations_and_reviews")]
    operations = [
        migrations.CreateModel(
            name="PopulationAnswer",
            fields=[
                (
                    "look_up",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="reconciliation.populationlookup",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("citizens", models.JSONField()),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            options={
                "db_table": "population_answer",
                "indexes": [models.Index(fields=["origin_office", "at"], name="population_answers_by_age")],
            },
        ),
        protect("population_answer"),
    ]
