"""Working days of public offices in Vietnam and due dates (procedures.md 3.5): Monday to Friday, holidays, swaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from hotich.kernel.clock import VIETNAM_TZ, in_vietnam, now
from hotich.kernel.working_day_changes import DAY_CHANGES, DayChange

__all__ = [
    "CUT_OFF",
    "VIETNAM_TZ",
    "add_working_days",
    "calendar_of",
    "due_date",
    "holiday_name",
    "is_decided",
    "is_working_day",
    "next_working_day",
    "today",
    "use_day_changes",
    "working_days_between",
]

# What comes at 15:00 or later and cannot be finished is answered on the next working day (Luật Hộ tịch Điều 5.2).
CUT_OFF = time(15)
_ONE_DAY = timedelta(days=1)
_changes: Mapping[date, DayChange] = {change.day: change for change in DAY_CHANGES}


def use_day_changes(changes: Iterable[DayChange]) -> None:
    """Count by these days from now on, in this process: those that are shipped and those that offices decided."""
    global _changes
    _changes = {change.day: change for change in changes}


def is_decided(year: int) -> bool:
    """Whether the official days of a year are known: a verified day of that year is. Else its days are unverified."""
    return any(change.day.year == year and change.verified for change in _changes.values())


def calendar_of(year: int) -> list[tuple[date, bool, str]]:
    """The days of a year on which offices work or rest against the week: day, whether it is worked, why; in order."""
    names, worked = _calendar(year)
    days = {day: (False, name) for day, name in names.items()}
    days |= dict.fromkeys(worked, (True, ""))
    days |= {change.day: (change.working, change.reason) for change in _changes.values() if change.day.year == year}
    return [(day, *days[day]) for day in sorted(days)]


def today(clock: Callable[[], datetime] = now) -> date:
    """The date in Vietnam at the moment that `clock` tells."""
    return in_vietnam(clock()).date()


@lru_cache(maxsize=256)
def _calendar(year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Holidays of a year with their names, and weekend days worked in exchange."""
    # imported here because it takes most of a second, which every command would pay
    from holidays.countries.vietnam import Vietnam

    found = Vietnam(years=year, language="vi")
    names = {day: name for day, name in found.items() if day.year == year}
    return names, frozenset(day for day in found.weekend_workdays if day.year == year)


def holiday_name(day: date) -> str | None:
    """The Vietnamese name of the public holiday, or the reason of the exchanged day off; None on other days."""
    change = _changes.get(day)
    if change is not None:
        return None if change.working else change.reason
    return _calendar(day.year)[0].get(day)


def is_working_day(day: date) -> bool:
    """Whether offices work on that day."""
    change = _changes.get(day)
    if change is not None:
        return change.working
    names, worked = _calendar(day.year)
    return day in worked or (day.weekday() < 5 and day not in names)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return add_working_days(day, 1)


def add_working_days(day: date, count: int) -> date:
    """The day on which `count` working days after `day` are full; `day` itself does not count.

    `count` 0 gives `day`; a negative count goes back.
    """
    step = _ONE_DAY if count >= 0 else -_ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))


def due_date(received: datetime, working_days: int, *, cut_off: time = CUT_OFF, cut_off_always: bool = False) -> date:
    """The last day for a result, for a complete dossier received at that (aware) moment.

    `working_days` 0, "the same day": what comes at `cut_off` or later is due on the next working day. What comes on a
    day off counts as received on the next working day. With a limit in days the hour does not matter, because the count
    begins on the next working day anyway, unless `cut_off_always` asks to treat a late dossier as received on the next
    working day. Raises ValueError for a moment without time zone or a negative limit.
    """
    if received.tzinfo is None or working_days < 0:
        raise ValueError("due_date needs an aware moment and a limit of 0 or more working days")
    local = in_vietnam(received)
    day = local.date()
    late = local.time() >= cut_off and (working_days == 0 or cut_off_always)
    if late or not is_working_day(day):
        day = next_working_day(day)
    return add_working_days(day, working_days)
