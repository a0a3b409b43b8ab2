"""What was started because of a verdict: one item of the tracking list may need several things."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import append_only, protect

TASKS = [
    ("none", "Không phải làm gì thêm"),
    ("keying_repair", "Sửa lỗi nhập liệu"),
    ("legal_correction", "Cải chính hộ tịch"),
    ("population_adjustment", "Điều chỉnh thông tin dân cư"),
]


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0003_area_of_match_runs")]
    operations = [
        migrations.CreateModel(
            name="TrackingFollowUp",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("task", models.CharField(choices=TASKS, max_length=24)),
                ("ref", models.CharField(blank=True, max_length=100)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("by", models.IntegerField()),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="reconciliation.trackingitem",
                    ),
                ),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            options={"db_table": "tracking_follow_up"},
        ),
        protect("tracking_follow_up"),
        append_only("tracking_follow_up"),
    ]
