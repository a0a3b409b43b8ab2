"""Look-ups beyond one's offices with purpose and case, and the opening of restricted facts with a reason."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import APP_ROLE, LOOKUP_ROLE, OFFICES, lookup_function, protect
from hotich.persons.rules.look_up_foreign import BY_ENTRY, BY_NAME, BY_NUMBER, CHECKS, NO_CHECKS, opening
from hotich.records.rules.restricted import fields_closed_elsewhere

TABLES = ("foreign_look_up", "foreign_look_up_hit")


class Migration(migrations.Migration):
    dependencies = [
        ("persons", "0002_row_level_security"),
        ("records", "0004_search_keys"),
        ("registers", "0001_initial"),
        ("units", "0002_reference_data"),
    ]
    operations = [
        migrations.CreateModel(
            name="ForeignLookUp",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("office_id", models.IntegerField()),
                ("officer_id", models.IntegerField()),
                ("purpose", models.CharField(max_length=24)),
                ("purpose_words", models.CharField(blank=True, max_length=300)),
                ("dossier", models.CharField(max_length=40)),
                ("way", models.CharField(max_length=8)),
                ("question", models.CharField(max_length=64)),
                ("rows", models.IntegerField()),
            ],
            options={
                "db_table": "foreign_look_up",
                "indexes": [
                    models.Index(fields=["office_id", "at"], name="foreign_look_ups_of_office"),
                    models.Index(fields=["officer_id", "at"], name="foreign_look_ups_of_officer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForeignHit",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("look_up_id", models.UUIDField()),
                ("record_id", models.UUIDField()),
                ("subject_office_id", models.IntegerField()),
                ("asking_office_id", models.IntegerField()),
                ("officer_id", models.IntegerField()),
                ("purpose", models.CharField(max_length=24)),
                ("dossier", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("openings", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "foreign_look_up_hit",
                "indexes": [
                    models.Index(fields=["look_up_id"], name="hits_of_look_up"),
                    models.Index(fields=["record_id"], name="foreign_readings_of_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("opened_by", models.IntegerField()),
                ("office_id", models.IntegerField()),
                ("reason", models.CharField(max_length=500)),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("readings", models.IntegerField(default=0)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ rà soát"),
                            ("justified", "Có căn cứ"),
                            ("not_justified", "Không có căn cứ"),
                        ],
                        default="waiting",
                        max_length=14,
                    ),
                ),
                ("reviewed_by", models.IntegerField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review_words", models.CharField(blank=True, max_length=500)),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.record"
                    ),
                ),
            ],
            options={
                "db_table": "break_glass",
                "indexes": [
                    models.Index(fields=["record"], name="break_glass_of_record"),
                    models.Index(fields=["origin_office", "verdict"], name="break_glass_to_review"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("opened_by")),
                        name="break_glass_reviewed_by_another",
                    )
                ],
            },
        ),
        migrations.RunSQL(CHECKS, NO_CHECKS),
        protect("foreign_look_up", "office_id"),
        # who asked sees it, and whose record it is: its leader and, one day, the citizen
        protect(
            "foreign_look_up_hit",
            using=f"asking_office_id = any ({OFFICES}) or subject_office_id = any ({OFFICES})",
            check="false",
        ),
        protect("break_glass"),
        # the look-ups that drawing makes by itself are no other office's business either
        protect("person_look_up", "office_id"),
        migrations.RunSQL(
            "alter table person_look_up add constraint look_up_of_drawing_says_why check (purpose <> '')",
            "alter table person_look_up drop constraint look_up_of_drawing_says_why",
        ),
        # only the look-up functions write look-ups
        *(
            migrations.RunSQL(
                f"revoke insert, update, delete, truncate on {table} from {APP_ROLE};"
                f"grant insert, update, select on {table} to {LOOKUP_ROLE};",
                f"grant insert, update, delete on {table} to {APP_ROLE};"
                f"revoke insert, update on {table} from {LOOKUP_ROLE};",
            )
            for table in TABLES
        ),
        # an opening is never removed, nor is what it was opened for changed
        migrations.RunSQL(
            f"revoke update, delete, truncate on break_glass from {APP_ROLE};"
            f"grant update (readings, verdict, reviewed_by, reviewed_at, review_words) on break_glass to {APP_ROLE};",
            f"grant update, delete on break_glass to {APP_ROLE};",
        ),
        lookup_function(*BY_NUMBER),
        lookup_function(*BY_ENTRY),
        lookup_function(*BY_NAME),
        lookup_function(*opening(fields_closed_elsewhere())),
    ]
