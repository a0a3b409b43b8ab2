"""Teams of keyers, who is in them and since when, and packages that are given to a team."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import protect

OFFICE = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"
)
SHIFTS = [("morning", "Ca sáng"), ("afternoon", "Ca chiều"), ("evening", "Ca tối")]


class Migration(migrations.Migration):
    dependencies = [("keying", "0005_notes_of_second_keyings"), ("units", "0003_operations_and_reviews")]

    operations = [
        migrations.CreateModel(
            name="KeyingTeam",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("shift", models.CharField(blank=True, choices=SHIFTS, max_length=10)),
                ("leader", models.IntegerField()),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("created_by", models.IntegerField()),
                ("created_at", models.DateTimeField()),
                ("version", models.IntegerField(default=1)),
                ("origin_office", OFFICE.clone()),
            ],
            options={
                "db_table": "keying_team",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("origin_office", "name"),
                        name="keying_team_once_a_name",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("officer", models.IntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("added_by", models.IntegerField()),
                ("added_at", models.DateTimeField()),
                ("origin_office", OFFICE.clone()),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="keying.keyingteam"
                    ),
                ),
            ],
            options={
                "db_table": "keying_team_member",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="team_member_days_in_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("origin_office", "officer"),
                        name="team_member_in_one_team",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="keyingpackage",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="keying.keyingteam",
            ),
        ),
        protect("keying_team"),
        protect("keying_team_member"),
    ]
