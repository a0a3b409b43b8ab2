"""The overview of readings asks the caller's post itself: a department is told of its province, the Ministry of all."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from hotich.database.rls import lookup_function
from hotich.persons.rules.overview import OVERVIEW, OVERVIEW_WITHIN


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("persons", "0006_population_numbers"),
        ("accounts", "0003_sessions_locks_delegations_devices"),
        ("units", "0003_operations_and_reviews"),
    ]
    operations: ClassVar = [
        migrations.RunSQL("drop function overview_of_readings", lookup_function(*OVERVIEW).sql),
        lookup_function(*OVERVIEW_WITHIN),
    ]
