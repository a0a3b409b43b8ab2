"""Annulments with their decisions, a keying repair its author takes back."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_search_keys"),
        ("units", "0002_reference_data"),
    ]

    operations = [
        migrations.AlterField(
            model_name="keyingrepair",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Chờ duyệt"),
                    ("approved", "Đã sửa"),
                    ("refused", "Không duyệt"),
                    ("withdrawn", "Người đề nghị đã rút"),
                ],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Annulment",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "state_before",
                    models.CharField(
                        choices=[
                            ("in_force", "Có hiệu lực"),
                            ("superseded", "Đã được thay thế"),
                            ("void", "Số bị hủy"),
                            ("annulled", "Đã hủy giá trị"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decision_number", models.CharField(max_length=100)),
                ("decision_date_text", models.CharField(max_length=40)),
                ("decision_authority", models.CharField(max_length=200)),
                ("legal_basis", models.CharField(blank=True, max_length=300)),
                ("reason", models.CharField(max_length=500)),
                ("annulled_by", models.IntegerField(null=True)),
                ("annulled_at", models.DateTimeField()),
                ("revoking_number", models.CharField(blank=True, max_length=100)),
                ("revoking_date_text", models.CharField(blank=True, max_length=40)),
                ("revoking_authority", models.CharField(blank=True, max_length=200)),
                ("revoking_basis", models.CharField(blank=True, max_length=300)),
                ("revoking_reason", models.CharField(blank=True, max_length=500)),
                ("revoked_by", models.IntegerField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="annulments", to="records.record"
                    ),
                ),
            ],
            options={
                "db_table": "record_annulment",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("origin_office", "record"),
                        name="annulment_in_force_once_a_record",
                    )
                ],
            },
        ),
        protect("record_annulment"),
    ]
