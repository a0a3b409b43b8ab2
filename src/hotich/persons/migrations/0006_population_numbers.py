"""Numbers taken over from the population database stand beside the records; look-ups by number know them."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import APP_ROLE, lookup_function, protect
from hotich.persons.rules.look_up_foreign import BY_NUMBER, BY_NUMBER_TAKEN
from hotich.persons.rules.look_up_functions import PARTICIPANTS, PARTICIPANTS_TAKEN


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("persons", "0005_overview_of_readings"),
        ("records", "0007_former_names"),
        ("units", "0002_reference_data"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PopulationNumber",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("personal_id", models.CharField(max_length=12)),
                ("personal_id_key", models.CharField(max_length=64)),
                ("citizen_ref", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=500)),
                ("taken_by", models.IntegerField(null=True)),
                ("taken_at", models.DateTimeField()),
                ("withdrawn_by", models.IntegerField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=500)),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="records.participant",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.record"
                    ),
                ),
            ],
            options={
                "db_table": "population_number",
                "indexes": [
                    models.Index(fields=["personal_id_key"], name="population_number_by_key"),
                    models.Index(fields=["participant"], name="population_number_of_one"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(withdrawn_at__isnull=True),
                        fields=("origin_office", "participant"),
                        name="population_number_once_in_force",
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="personlink",
            name="rule",
            field=models.CharField(
                choices=[
                    ("alone", "Chưa liên kết với bản ghi khác"),
                    ("personal_id", "Cùng số định danh cá nhân"),
                    ("id_number", "Cùng số giấy tờ tùy thân"),
                    ("population", "Cùng số định danh tiếp nhận từ CSDL dân cư"),
                    ("decision", "Do công chức xác định"),
                ],
                max_length=12,
            ),
        ),
        protect("population_number"),
        # one that was taken over is never removed, nor does it become another one; the key follows its secret
        migrations.RunSQL(
            f"revoke update, delete, truncate on population_number from {APP_ROLE};"
            "grant update (withdrawn_by, withdrawn_at, withdrawal_reason, personal_id_key) on population_number "
            f"to {APP_ROLE};",
            f"grant update, delete on population_number to {APP_ROLE};",
        ),
        migrations.RunSQL("drop function look_up_participants", lookup_function(*PARTICIPANTS).sql),
        lookup_function(*PARTICIPANTS_TAKEN),
        migrations.RunSQL("drop function look_up_by_number", lookup_function(*BY_NUMBER).sql),
        lookup_function(*BY_NUMBER_TAKEN),
    ]
