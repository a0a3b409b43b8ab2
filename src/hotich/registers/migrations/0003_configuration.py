import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0002_book_handovers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfigurationProposal",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Bản nháp"),
                            ("proposed", "Chờ duyệt"),
                            ("approved", "Đã duyệt"),
                            ("refused", "Đã từ chối"),
                            ("withdrawn", "Đã rút"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("is_legal", models.BooleanField()),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("office_id", models.IntegerField()),
                ("proposed_by", models.IntegerField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.IntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=1000)),
                ("number", models.IntegerField(null=True)),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "db_table": "configuration_proposal",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ConfigurationVersion",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("stamp", models.UUIDField(default=hotich.kernel.ids.uuid7)),
                ("number", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "configuration_version",
            },
        ),
        migrations.CreateModel(
            name="ConfigurationChange",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=120)),
                ("value", models.TextField()),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("source", models.CharField(max_length=300)),
                ("is_verified", models.BooleanField(default=False)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "takes_back",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.configurationchange",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="registers.configurationproposal",
                    ),
                ),
            ],
            options={
                "db_table": "configuration_change",
                "ordering": ["place"],
                "indexes": [models.Index(fields=["kind", "key"], name="configuration_change_by_key")],
            },
        ),
    ]
