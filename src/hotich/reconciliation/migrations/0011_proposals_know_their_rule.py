"""A proposal knows by which version of the rule it was weighed; those that stand are of an earlier one."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0010_faulty_items_of_bulks")]
    operations = [migrations.AddField("linkproposal", "rule_version", models.SmallIntegerField(default=0))]
