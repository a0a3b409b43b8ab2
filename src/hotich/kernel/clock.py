"""The one place that asks what time it is; everything below the edge is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM_TZ = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_vietnam(moment: datetime) -> datetime:
    """The same moment on a clock in Vietnam (UTC+7, no summer time)."""
    return moment.astimezone(VIETNAM_TZ)


def start_of_day(day: date) -> datetime:
    """Midnight in Vietnam, with which this day begins."""
    return datetime.combine(day, time(), VIETNAM_TZ)


def today() -> date:
    """The day it is in Vietnam, the day the law counts by."""
    return in_vietnam(now()).date()
