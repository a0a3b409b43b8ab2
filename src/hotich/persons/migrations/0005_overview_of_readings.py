"""Departments and the Ministry look over readings by numbers; about a flag they ask the leader of the office."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import APP_ROLE, LOOKUP_ROLE, OFFICES, lookup_function, protect
from hotich.persons.rules.overview import CHECKS, NO_CHECKS, OVERVIEW


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("persons", "0004_look_ups_forgive_a_slip"),
        ("audit", "0004_anchors_and_archives"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ReadingOverview",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("office_id", models.IntegerField()),
                ("officer_id", models.IntegerField()),
                ("purpose", models.CharField(max_length=16)),
                ("purpose_words", models.CharField(blank=True, max_length=300)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("offices", models.IntegerField()),
            ],
            options={
                "db_table": "reading_overview",
                "indexes": [models.Index(fields=["office_id", "at"], name="overviews_of_office")],
            },
        ),
        migrations.CreateModel(
            name="ReadingQuestion",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("asking_office_id", models.IntegerField()),
                ("asked_by", models.IntegerField()),
                ("asked_at", models.DateTimeField()),
                ("office_id", models.IntegerField()),
                ("officer_id", models.IntegerField(null=True)),
                ("flag", models.CharField(max_length=16)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("words", models.CharField(max_length=500)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_by", models.IntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "reading_question",
                "indexes": [models.Index(fields=["office_id", "answered_at"], name="reading_questions_to_answer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("officer_id")),
                        name="reading_question_answered_by_another",
                    )
                ],
            },
        ),
        migrations.RunSQL(CHECKS, NO_CHECKS),
        protect("reading_overview", "office_id"),
        # who asked and who answers see it; only he who asks writes it
        protect(
            "reading_question",
            using=f"asking_office_id = any ({OFFICES}) or office_id = any ({OFFICES})",
        ),
        # only the function writes that it was asked
        migrations.RunSQL(
            f"revoke insert, update, delete, truncate on reading_overview from {APP_ROLE};"
            f"grant insert, select on reading_overview to {LOOKUP_ROLE};"
            f"grant select on audit_entry to {LOOKUP_ROLE};"
            f"revoke update, delete, truncate on reading_question from {APP_ROLE};"
            f"grant update (answer, answered_by, answered_at) on reading_question to {APP_ROLE};",
            f"grant insert, update, delete on reading_overview to {APP_ROLE};"
            f"revoke insert on reading_overview from {LOOKUP_ROLE};"
            f"grant update, delete on reading_question to {APP_ROLE};",
        ),
        lookup_function(*OVERVIEW),
    ]
