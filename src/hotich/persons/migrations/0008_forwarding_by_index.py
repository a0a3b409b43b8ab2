"""An id that was given once is led to who it is now by indexes: a drawing no longer reads all persons there are."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from hotich.database.rls import lookup_function
from hotich.persons.rules.look_up_functions import FORWARD, FORWARD_BY_INDEX


class Migration(migrations.Migration):
    dependencies: ClassVar = [("persons", "0007_overview_within_the_province")]
    operations: ClassVar = [
        migrations.AddIndex(
            "person",
            models.Index(
                fields=["merged_into_id"],
                name="persons_forwarded",
                condition=models.Q(merged_into_id__isnull=False),
            ),
        ),
        migrations.RunSQL("drop function forward_persons", lookup_function(*FORWARD).sql),
        lookup_function(*FORWARD_BY_INDEX),
    ]
