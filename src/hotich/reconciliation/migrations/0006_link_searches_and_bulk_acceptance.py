"""Searches for links tell how far they are; proposals are accepted by the block, or put off."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect

KINDS = [
    ("duplicate_record", "Một việc đăng ký hai lần"),
    ("same_person", "Cùng một người"),
    ("parent", "Cha, mẹ trong sổ khác"),
]
SEARCH_STATES = [
    ("waiting", "Chờ tìm"),
    ("running", "Đang tìm"),
    ("done", "Đã tìm xong"),
    ("stopped", "Đã dừng tìm"),
    ("failed", "Không tìm tiếp được"),
]
BULK_STATES = [
    ("sampling", "Đang xem mẫu"),
    ("refused", "Mẫu không đạt"),
    ("waiting", "Chờ chấp nhận"),
    ("running", "Đang chấp nhận"),
    ("done", "Đã chấp nhận cả loạt"),
    ("stopped", "Đã dừng giữa chừng"),
    ("undoing", "Đang hoàn tác"),
    ("undone", "Đã hoàn tác cả loạt"),
    ("failed", "Không làm tiếp được"),
    ("given_up", "Đã bỏ"),
]


def _office() -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office")


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0005_population_answers"), ("registers", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="LinkSearch",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("origin_office", _office()),
                (
                    "book",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.book"
                    ),
                ),
                ("state", models.CharField(choices=SEARCH_STATES, default="waiting", max_length=8)),
                ("after", models.UUIDField(null=True)),
                ("looked_at", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("proposed", models.IntegerField(default=0)),
                ("stale", models.IntegerField(default=0)),
                ("by_rule", models.IntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("asked_by", models.IntegerField()),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "link_search",
                "indexes": [models.Index(fields=["origin_office", "asked_at"], name="link_searches_of_office")],
            },
        ),
        migrations.CreateModel(
            name="LinkBulk",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("origin_office", _office()),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("bits", models.IntegerField()),
                ("state", models.CharField(choices=BULK_STATES, default="sampling", max_length=8)),
                ("total", models.IntegerField(default=0)),
                ("sampled", models.IntegerField(default=0)),
                ("accepted", models.IntegerField(default=0)),
                ("stale", models.IntegerField(default=0)),
                ("undone", models.IntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("asked_by", models.IntegerField()),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "link_bulk",
                "indexes": [models.Index(fields=["origin_office", "asked_at"], name="link_bulks_of_office")],
            },
        ),
        migrations.AddField(
            model_name="linkproposal",
            name="bulk",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="proposals",
                to="reconciliation.linkbulk",
            ),
        ),
        migrations.AddField(model_name="linkproposal", name="in_sample", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="linkproposal", name="put_off_at", field=models.DateTimeField(null=True)),
        protect("link_search"),
        protect("link_bulk"),
    ]
