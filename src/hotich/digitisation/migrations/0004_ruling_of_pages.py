from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("digitisation", "0003_reading_by_machine"),
    ]

    operations = [
        migrations.AddField(
            model_name="scanpage",
            name="ruling",
            field=models.JSONField(null=True),
        ),
    ]
