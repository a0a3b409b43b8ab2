"""Anchors, archives, verifications; and entries may go only as far as an archive goes, and only by the owner."""

from __future__ import annotations

from django.db import migrations, models

import hotich.kernel.ids
from hotich.database.rls import APP_ROLE, append_only

OWNER = "hotich_owner"


def may_go(table: str, condition: str) -> migrations.RunSQL:
    """The owner may delete the rows of `table` that `condition` says are archived; nobody may update any."""
    refuse = f"raise exception '{table} is append-only' using errcode = 'insufficient_privilege';"
    head = f"create or replace function {table}_is_append_only() returns trigger language plpgsql as $$ begin "
    return migrations.RunSQL(
        f"{head} if tg_op = 'DELETE' and current_user = '{OWNER}' and exists ({condition}) then return old; end if; "
        f"{refuse} end $$;",
        f"{head} {refuse} end $$;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_event_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("line_hash", models.CharField(max_length=64)),
                ("root", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("chains", models.IntegerField()),
                ("entries", models.BigIntegerField()),
            ],
            options={
                "db_table": "audit_anchor",
            },
        ),
        migrations.CreateModel(
            name="Archive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office_id", models.IntegerField()),
                ("first_sequence", models.BigIntegerField()),
                ("sequence", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("anchor_number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_login", models.CharField(max_length=150)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("office_id", "sequence"), name="audit_archived_once"),
                ],
                "db_table": "audit_archive",
            },
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("entries", models.BigIntegerField()),
            ],
            options={
                "db_table": "audit_day",
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField()),
                ("actor_login", models.CharField(max_length=150)),
                ("office_id", models.IntegerField(null=True)),
                ("since_anchor", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ kiểm tra"),
                            ("running", "Đang kiểm tra"),
                            ("whole", "Toàn vẹn"),
                            ("faulty", "Có sai lệch"),
                            ("broken_off", "Không hoàn thành"),
                        ],
                        max_length=12,
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                ("anchor_number", models.BigIntegerField(default=0)),
                ("chains", models.IntegerField(default=0)),
                ("chains_done", models.IntegerField(default=0)),
                ("entries", models.BigIntegerField(default=0)),
                ("fault_count", models.IntegerField(default=0)),
                ("faults", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-asked_at"], name="audit_newest_verification"),
                ],
                "db_table": "audit_verification",
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["at", "id"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["chain_office_id", "at", "id"], name="audit_by_office"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["verb", "at", "id"], name="audit_by_verb"),
        ),
        append_only("audit_anchor"),
        append_only("audit_archive"),
        migrations.RunSQL(
            f"revoke insert on audit_archive from {APP_ROLE}", f"grant insert on audit_archive to {APP_ROLE}"
        ),
        may_go(
            "audit_entry",
            "select from audit_archive a where a.office_id = old.chain_office_id and old.sequence <= a.sequence",
        ),
        may_go(
            "audit_detail",
            "select from audit_entry e join audit_archive a on a.office_id = e.chain_office_id "
            "where e.id = old.entry_id and e.sequence <= a.sequence",
        ),
    ]
