"""The event log for apps above: ids only, read with a cursor."""

from __future__ import annotations

import time

from django.db import connection

from hotich.audit.models import Event, EventCursor

WRITERS = 7_002  # the first half of the lock that writers of events share (see migration 0003)
LOCK_TRIES, LOCK_PAUSE = 100, 0.02  # seconds


def next_events(consumer: str, limit: int = 500) -> list[Event]:
    """Events this consumer has not read yet, oldest first; none that a position under way could still come before.

    Empty also while writers never pause for two seconds: the events are there the next time.
    """
    settled = _settled_position()
    if settled is None:
        return []
    cursor = EventCursor.objects.filter(consumer=consumer).first()
    position = cursor.position if cursor else 0
    events = Event.objects.filter(position__gt=position, position__lte=settled).order_by("position")
    return list(events[:limit])


def _settled_position() -> int | None:
    """The last position of which all before it are committed or given up; None when writers leave no gap.

    The lock is tried, not waited for: a reader that waits would make every writer wait behind it.
    """
    with connection.cursor() as cursor:
        for _ in range(LOCK_TRIES):
            cursor.execute("select pg_try_advisory_lock(%s, 0)", [WRITERS])
            if cursor.fetchone()[0]:
                try:
                    cursor.execute("select coalesce(max(position), 0) from event")
                    return int(cursor.fetchone()[0])
                finally:
                    cursor.execute("select pg_advisory_unlock(%s, 0)", [WRITERS])
            time.sleep(LOCK_PAUSE)
    return None
