"""Whole batches are approved in the background, piece by piece."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_dispatch_of_changes"), ("units", "0002_reference_data")]
    operations = [
        migrations.CreateModel(
            "ApprovalRun",
            [
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Đang duyệt"), ("done", "Đã duyệt xong"), ("stopped", "Đã dừng")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("total", models.IntegerField()),
                ("looked_at", models.IntegerField(default=0)),
                ("approved", models.IntegerField(default=0)),
                ("after_row", models.IntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("started_by", models.IntegerField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approval_runs", to="intake.batch"
                    ),
                ),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            {
                "db_table": "approval_run",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("origin_office", "batch"),
                        name="approval_run_once_at_a_time",
                    )
                ],
            },
        ),
        protect("approval_run"),
    ]
