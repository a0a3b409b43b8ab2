"""Whoever writes events holds a shared lock from before the first position is given until the end of the transaction.

Positions come from a sequence, so one that commits late would appear behind the back of a reader that is past it.
The reader (`audit.queries.next_events`) takes the lock alone for a moment: then no position is under way.
"""

from __future__ import annotations

from django.db import migrations

WRITERS = 7_002  # the same number as in audit.queries


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_row_level_security")]
    operations = [
        migrations.RunSQL(
            "create function event_positions_are_under_way() returns trigger language plpgsql as $$ "
            f"begin perform pg_advisory_xact_lock_shared({WRITERS}, 0); return null; end $$;"
            "create trigger event_positions_are_under_way before insert on event "
            "for each statement execute function event_positions_are_under_way();",
            "drop trigger event_positions_are_under_way on event; drop function event_positions_are_under_way();",
        )
    ]
