"""Cases of the second original of a book, decided by a checker."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect

OUTCOMES = [
    ("same", "Hai bản lưu ghi như nhau"),
    ("decided", "Hai bản lưu khác nhau, đã quyết định từng điểm"),
    ("own", "Chỉ có ở bản này, nhập thành trường hợp riêng"),
    ("dismissed", "Chỉ có ở bản này, không nhập"),
]


class Migration(migrations.Migration):
    dependencies = [("keying", "0006_teams"), ("intake", "0008_keyed_cases"), ("units", "0003_operations_and_reviews")]

    operations = [
        migrations.CreateModel(
            name="OriginalDecision",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=10)),
                ("points", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("repair_id", models.UUIDField(null=True)),
                ("decided_by", models.IntegerField()),
                ("decided_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="original_decision",
                        to="keying.entry",
                    ),
                ),
                (
                    "first_case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.case"
                    ),
                ),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            options={
                "db_table": "original_decision",
                "indexes": [models.Index(fields=["origin_office", "decided_at"], name="original_decisions_by_time")],
            },
        ),
        protect("original_decision"),
    ]
