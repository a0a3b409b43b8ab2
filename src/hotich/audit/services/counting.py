"""Acts a day, counted once when the day is over, so that a chart never counts the whole trail."""

from __future__ import annotations

from datetime import datetime

from hotich.audit.models import DayCount
from hotich.audit.queries.lists import count_of_day, uncounted_days


def count_finished_days(*, at: datetime) -> int:
    """Count the days that are over and have no count yet; how many."""
    days = uncounted_days(at)
    DayCount.objects.bulk_create([DayCount(day=day, entries=count_of_day(day)) for day in days], ignore_conflicts=True)
    return len(days)
