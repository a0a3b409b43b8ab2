"""Which names were too common for a comparison; whom a creation is about, so that two records do not enter one person twice;
the verdict of items whose record lost its effect."""

from __future__ import annotations

from django.db import migrations, models

VERDICTS = [
    ("book", "Sổ hộ tịch đúng"),
    ("population", "CSDL dân cư đúng"),
    ("both_wrong", "Cả hai đều sai"),
    ("keying_error", "Lỗi nhập liệu"),
    ("other_person", "Không phải cùng một người"),
    ("part_only", "Sổ chỉ ghi một phần"),
    ("record_void", "Bản ghi đã hủy giá trị"),
]


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0007_askings_bulk_verdicts_exports")]
    operations = [
        migrations.AddField("matchrun", "cuts", models.JSONField(default=list)),
        migrations.AddField("populationrequest", "same_key", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddIndex(
            "populationrequest",
            models.Index(fields=["same_key"], name="population_requests_of_same", condition=~models.Q(same_key="")),
        ),
        migrations.AlterField("trackingitem", "verdict", models.CharField(blank=True, choices=VERDICTS, max_length=12)),
        migrations.AlterField(
            "trackingfield", "verdict", models.CharField(blank=True, choices=VERDICTS, max_length=12)
        ),
    ]
