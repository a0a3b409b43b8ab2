"""Taking books away in bulk: asked by one officer, allowed by another."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import APP_ROLE, protect


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_approval_runs"),
        ("files", "0001_initial"),
        ("units", "0002_reference_data"),
    ]
    operations = [
        migrations.CreateModel(
            name="ExportRequest",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("register_type", models.CharField(max_length=8)),
                ("books", models.JSONField()),
                ("unapproved", models.BooleanField(default=False)),
                ("current", models.BooleanField(default=False)),
                ("template", models.CharField(blank=True, max_length=8)),
                ("reason", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ duyệt xuất"),
                            ("approved", "Đã duyệt xuất"),
                            ("refused", "Không duyệt xuất"),
                            ("cancelled", "Đã hủy đề nghị"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("requested_by", models.IntegerField()),
                ("requested_at", models.DateTimeField()),
                ("decided_by", models.IntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_words", models.CharField(blank=True, max_length=500)),
                ("expires_at", models.DateTimeField(null=True)),
                ("downloads_left", models.IntegerField(default=0)),
                ("downloads", models.IntegerField(default=0)),
                ("rows", models.IntegerField(null=True)),
                ("failure", models.CharField(blank=True, max_length=60)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            options={
                "db_table": "export_request",
                "indexes": [models.Index(fields=["origin_office", "state"], name="export_requests_of_office")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(decided_by__isnull=True)
                        | models.Q(state="cancelled")
                        | ~models.Q(decided_by=models.F("requested_by")),
                        name="export_decided_by_another",
                    )
                ],
            },
        ),
        protect("export_request"),
        # what was asked and allowed is never rewritten
        migrations.RunSQL(
            f"revoke update, delete, truncate on export_request from {APP_ROLE};"
            "grant update (state, decided_by, decided_at, decision_words, expires_at, downloads_left, downloads, rows,"
            f" file_id, failure) on export_request to {APP_ROLE};",
            f"grant update, delete on export_request to {APP_ROLE};",
        ),
    ]
