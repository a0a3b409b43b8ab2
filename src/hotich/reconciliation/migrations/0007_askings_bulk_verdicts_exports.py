"""A question leaves its trace before it is asked; verdicts on many items at once; exports of the list by two people."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect

VERDICTS = [
    ("book", "Sổ hộ tịch đúng"),
    ("population", "CSDL dân cư đúng"),
    ("both_wrong", "Cả hai đều sai"),
    ("keying_error", "Lỗi nhập liệu"),
    ("other_person", "Không phải cùng một người"),
    ("part_only", "Sổ chỉ ghi một phần"),
]
STATES = [("waiting", "Chờ duyệt"), ("approved", "Đã duyệt"), ("refused", "Từ chối")]


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0006_link_searches_and_bulk_acceptance"),
        ("units", "0003_operations_and_reviews"),
    ]
    operations = [
        migrations.CreateModel(
            name="PopulationAsking",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("origin_office_id", models.IntegerField()),
                ("officer_id", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("purpose", models.CharField(max_length=20)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.UUIDField()),
                ("role", models.CharField(max_length=30)),
                ("way", models.CharField(max_length=12)),
                ("question", models.CharField(max_length=64)),
                ("adapter", models.CharField(max_length=12)),
            ],
            options={"db_table": "population_asking"},
        ),
        protect("population_asking"),
        migrations.AddField(model_name="populationcheck", name="denied", field=models.JSONField(default=list)),
        migrations.AlterField(
            model_name="trackingitem",
            name="verdict",
            field=models.CharField(blank=True, choices=VERDICTS, max_length=12),
        ),
        migrations.AlterField(
            model_name="trackingfield",
            name="verdict",
            field=models.CharField(blank=True, choices=VERDICTS, max_length=12),
        ),
        migrations.AddField(model_name="trackingitem", name="bulk_id", field=models.UUIDField(null=True)),
        migrations.AddIndex(
            model_name="trackingitem",
            index=models.Index(
                fields=["bulk_id"], name="tracking_of_bulk", condition=models.Q(("bulk_id__isnull", False))
            ),
        ),
        migrations.CreateModel(
            name="TrackingExport",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("items", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=10)),
                ("requested_by", models.IntegerField()),
                ("requested_at", models.DateTimeField()),
                ("decided_by", models.IntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_words", models.CharField(blank=True, max_length=500)),
                ("expires_at", models.DateTimeField(null=True)),
                ("downloads_left", models.IntegerField(default=0)),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            options={
                "db_table": "tracking_export",
                "indexes": [models.Index(fields=["origin_office", "state"], name="tracking_exports_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decided_by__isnull", True))
                        | models.Q(("decided_by", models.F("requested_by")), _negated=True),
                        name="tracking_export_decided_by_another",
                    )
                ],
            },
        ),
        protect("tracking_export"),
    ]
