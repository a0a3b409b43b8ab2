"""Participants a run or a search could not work on are put aside, and can be tried again."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect


def _office() -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office")


def _of(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="faulty_items",
        to=f"reconciliation.{model}",
    )


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0008_cuts_and_the_same_person_entered_once")]
    operations = [
        migrations.AddField("matchrun", "is_retry", models.BooleanField(default=False)),
        migrations.AddField("linksearch", "is_retry", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="FaultyItem",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("origin_office", _office()),
                ("run", _of("matchrun")),
                ("search", _of("linksearch")),
                ("record_office", _office()),
                ("record_id", models.UUIDField()),
                ("participant_id", models.UUIDField(null=True)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("register_type", models.CharField(blank=True, max_length=8)),
                ("number_text", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=10)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("tries", models.IntegerField(default=1)),
                ("failed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "faulty_item",
                "constraints": [
                    models.UniqueConstraint(fields=["run", "record_id", "role"], name="faulty_item_once_a_run"),
                    models.UniqueConstraint(fields=["search", "participant_id"], name="faulty_item_once_a_search"),
                ],
            },
        ),
        protect("faulty_item"),
    ]
