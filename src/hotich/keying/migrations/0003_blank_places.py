"""That a place of a book holds no case is an entry too: somebody says so, somebody else checks it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keying", "0002_row_level_security")]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("case", "Trường hợp"),
                    ("void", "Số bị hủy"),
                    ("missing", "Trang thiếu hoặc rách"),
                    ("blank", "Không có trường hợp nào"),
                ],
                default="case",
                max_length=8,
            ),
        ),
    ]
