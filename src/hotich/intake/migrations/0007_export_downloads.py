"""Who took which file away and when it was built, and the records in it that were put right afterwards."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import APP_ROLE, append_only, protect

READ = ("export_request", "stored_file")
# what earlier versions wrote into the trail only; a file built before it was taken stands with the request
FILL = """
insert into export_download (id, origin_office_id, request_id, officer_id, at, built_at)
select gen_random_uuid(), r.origin_office_id, r.id, e.actor_id, e.at, least(coalesce(f.created_at, e.at), e.at)
from (select distinct facts ->> 'request_id' as request, actor_id, at from audit_entry
      where verb = 'book.exported' and actor_id is not null and facts ->> 'request_id' <> '') e
join export_request r on r.id::text = e.request
left join stored_file f on f.id = r.file_id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Downloads from before, while the tables are locked and their policies do not bind the owner."""
    with schema_editor.connection.cursor() as cursor:
        for table in READ:
            cursor.execute(f"alter table {table} no force row level security")
        cursor.execute(FILL)
        cursor.execute("set constraints all immediate")  # else the tables could not be altered any more
        for table in READ:
            cursor.execute(f"alter table {table} force row level security")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("intake", "0006_delivery_of_scans"),
        ("audit", "0004_anchors_and_archives"),
        ("files", "0001_initial"),
        ("records", "0005_annulments"),
        ("units", "0002_reference_data"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ExportDownload",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("officer_id", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("built_at", models.DateTimeField()),
                (
                    "origin_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="taken", to="intake.exportrequest"
                    ),
                ),
            ],
            options={"db_table": "export_download"},
        ),
        migrations.CreateModel(
            name="ExportCorrection",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("told_by", models.IntegerField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("told_how", models.CharField(blank=True, max_length=500)),
                (
                    "download",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="intake.exportdownload",
                    ),
                ),
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
                "db_table": "export_correction",
                "indexes": [models.Index(fields=["origin_office", "told_at"], name="export_corrections_to_tell")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("download", "record", "changed_at"), name="export_correction_once_a_change"
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        protect("export_download"),
        append_only("export_download"),
        protect("export_correction"),
        # only that somebody told is ever added
        migrations.RunSQL(
            f"revoke update, delete, truncate on export_correction from {APP_ROLE};"
            f"grant update (told_by, told_at, told_how) on export_correction to {APP_ROLE};",
            f"grant update, delete on export_correction to {APP_ROLE};",
        ),
    ]
