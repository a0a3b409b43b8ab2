"""The look-up by name beyond one's offices forgives one slip, and knows names from before a change."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from hotich.database.rls import lookup_function
from hotich.persons.rules.look_up_foreign import BY_NAME, BY_NAMES


class Migration(migrations.Migration):
    dependencies: ClassVar = [("persons", "0003_reading_beyond_offices"), ("records", "0007_former_names")]
    operations: ClassVar = [
        migrations.RunSQL("drop function look_up_by_name", lookup_function(*BY_NAME).sql),
        lookup_function(*BY_NAMES),
    ]
