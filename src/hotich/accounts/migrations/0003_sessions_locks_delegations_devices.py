"""Whose a session is, locks with their reasons, delegations, checked devices, accounts opened from a file."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import hotich.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_saved_filters"),
        ("units", "0002_reference_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("officer_id", models.IntegerField(db_index=True, null=True)),
                ("signed_in_at", models.DateTimeField(null=True)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("browser", models.CharField(blank=True, max_length=80)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device_id", models.IntegerField(db_index=True, null=True)),
            ],
            options={
                "db_table": "officer_session",
            },
        ),
        migrations.AddField(
            model_name="officer",
            name="password_expires_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.UUIDField(default=hotich.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("file_name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checked", "Đã kiểm tra"),
                            ("opening", "Đang mở tài khoản"),
                            ("opened", "Đã mở xong"),
                            ("discarded", "Đã bỏ"),
                        ],
                        max_length=10,
                    ),
                ),
                ("office_id", models.IntegerField()),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("passwords_until", models.DateTimeField(null=True)),
                ("passwords_taken_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "officer_opening",
            },
        ),
        migrations.CreateModel(
            name="AccountLock",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("locked_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("open_work", models.PositiveIntegerField(default=0)),
                ("units_reviewed", models.BooleanField(default=False)),
                ("urgent", models.BooleanField(default=False)),
                ("unlocked_at", models.DateTimeField(null=True)),
                ("unlock_reason", models.CharField(blank=True, max_length=500)),
                (
                    "locked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="locks", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unlocked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "officer_lock",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("unlocked_at__isnull", True)),
                        fields=("officer",),
                        name="officer_is_locked_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("rights", models.JSONField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Chờ đồng ý"),
                            ("agreed", "Đã ủy quyền"),
                            ("declined", "Không đồng ý"),
                            ("ended", "Đã chấm dứt"),
                        ],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delegate_office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
                (
                    "delegator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
            ],
            options={
                "db_table": "officer_delegation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="delegation_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delegator", models.F("delegate")), _negated=True),
                        name="delegation_is_to_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("serial", models.CharField(max_length=80)),
                ("checked_by", models.CharField(max_length=120)),
                ("checked_on", models.DateField()),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "Đạt"), ("conditional", "Đạt có điều kiện"), ("failed", "Không đạt")],
                        max_length=12,
                    ),
                ),
                ("valid_to", models.DateField()),
                ("note", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("code_expires_at", models.DateTimeField(null=True)),
                ("secret_hash", models.CharField(blank=True, max_length=64)),
                ("enrolled_at", models.DateTimeField(null=True)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoke_reason", models.CharField(blank=True, max_length=500)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "device",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("office", "serial"),
                        name="device_stands_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code_hash", ""), _negated=True),
                        fields=("code_hash",),
                        name="device_code_is_of_one_device",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviceRule",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("required", models.BooleanField()),
                ("valid_from", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("set_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.administrativeunit",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "device_rule",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("province__isnull", True), ("office__isnull", True), _connector="XOR"),
                        name="device_rule_is_of_a_province_or_an_office",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("given", models.JSONField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("account", "Mở tài khoản"),
                            ("post", "Thêm vị trí công tác"),
                            ("unchanged", "Đã có sẵn"),
                            ("wrong", "Có lỗi"),
                        ],
                        max_length=10,
                    ),
                ),
                ("problems", models.JSONField(default=list)),
                ("login", models.CharField(blank=True, max_length=60)),
                ("full_name", models.CharField(blank=True, max_length=120)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                ("done", models.BooleanField(default=False)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.office"
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="accounts.opening"
                    ),
                ),
            ],
            options={
                "db_table": "officer_opening_line",
                "constraints": [models.UniqueConstraint(fields=("opening", "number"), name="opening_line_stands_once")],
            },
        ),
    ]
