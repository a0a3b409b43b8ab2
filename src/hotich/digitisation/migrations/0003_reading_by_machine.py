from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digitisation", "0002_row_level_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="scannedcase",
            name="reading",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="scanpage",
            name="reading",
            field=models.JSONField(default=dict),
        ),
    ]
