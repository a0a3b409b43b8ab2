from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("keying", "0008_notes_of_originals"),
    ]

    operations = [
        migrations.AddField(
            model_name="regionmap",
            name="ruling",
            field=models.JSONField(null=True),
        ),
        migrations.AddIndex(
            model_name="secondkeying",
            index=models.Index(fields=["keyer", "received_at"], name="second_keyings_of_keyer"),
        ),
    ]
