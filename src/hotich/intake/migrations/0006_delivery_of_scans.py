"""Books may be taken away with the scans of their cases: asked for, allowed and checked like every export."""

from __future__ import annotations

from django.db import migrations, models

from hotich.database.rls import APP_ROLE


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_export_requests")]
    operations = [
        migrations.AddField(
            model_name="exportrequest",
            name="with_scans",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="exportrequest",
            name="gaps_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="exportrequest",
            name="report",
            field=models.JSONField(default=dict),
        ),
        # what was asked and allowed is still never rewritten; only what the check finds is
        migrations.RunSQL(
            f"grant update (report) on export_request to {APP_ROLE};",
            f"revoke update (report) on export_request from {APP_ROLE};",
        ),
    ]
