"""When a daily backup is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

AGAIN = timedelta(hours=1)  # a backup that failed is tried again


def is_due(now: datetime, at: time, tried_at: datetime | None, ok_at: datetime | None) -> bool:
    """Whether the backup of the day must begin; `now` in the zone of `at`.

    A machine that was off at the hour makes it up as soon as it is on.
    """
    planned = datetime.combine(now.date(), at, tzinfo=now.tzinfo)
    if now < planned:
        planned -= timedelta(days=1)
    if ok_at is not None and ok_at >= planned:
        return False
    return tried_at is None or tried_at < planned or now - tried_at >= AGAIN
