"""A record that changes after it was sent is told again: several rows a record, one of them waiting at most."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_row_level_security")]
    operations = [
        migrations.RemoveConstraint("dispatch", "dispatch_once_a_version"),
        migrations.AddField("dispatch", "content_hash", models.CharField(blank=True, default="", max_length=64)),
        migrations.AlterField(
            "dispatch",
            "state",
            models.CharField(
                choices=[
                    ("queued", "Chờ gửi"),
                    ("sent", "Đã gửi"),
                    ("rejected", "Bị từ chối"),
                    ("acknowledged", "Đã tiếp nhận"),
                    ("cancelled", "Không gửi nữa"),
                ],
                default="queued",
                max_length=14,
            ),
        ),
        migrations.AddConstraint(
            "dispatch",
            models.UniqueConstraint(
                condition=models.Q(("state", "queued")), fields=("origin_office", "record"), name="dispatch_queued_once"
            ),
        ),
    ]
