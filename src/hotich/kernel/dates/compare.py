"""Comparing partial dates by their intervals: a rule about order fails only if it fails for all days (R-DATE)."""

from __future__ import annotations

from datetime import date

from hotich.kernel.dates.partial import PartialDate


def certainly_before(a: PartialDate, b: PartialDate) -> bool:
    """Whether every day `a` may mean lies before every day `b` may mean; False when one of them is unknown."""
    last, first = a.latest, b.earliest
    return last is not None and first is not None and last < first


def certainly_after(a: PartialDate, b: PartialDate) -> bool:
    """Whether every day `a` may mean lies after every day `b` may mean; False when one of them is unknown."""
    return certainly_before(b, a)


def possibly_same(a: PartialDate, b: PartialDate) -> bool:
    """Whether both may mean one and the same day; False when one of them is unknown."""
    first, last, other_first, other_last = a.earliest, a.latest, b.earliest, b.latest
    if first is None or last is None or other_first is None or other_last is None:
        return False
    return first <= other_last and other_first <= last


def full_years(start: date, end: date) -> int:
    """Full years from `start` to `end`, as an age; whoever is born on 29 February turns a year older on 1 March."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def years_between(a: PartialDate, b: PartialDate) -> tuple[int, int] | None:
    """The least and the most full years from `a` to `b`, as an age; negative if `b` comes first; None if unknown."""
    first, last, other_first, other_last = a.earliest, a.latest, b.earliest, b.latest
    if first is None or last is None or other_first is None or other_last is None:
        return None
    return full_years(last, other_first), full_years(first, other_last)


def days_between(a: PartialDate, b: PartialDate) -> tuple[int, int] | None:
    """The least and the most days from `a` to `b`; negative if `b` comes first; None if one of them is unknown."""
    first, last, other_first, other_last = a.earliest, a.latest, b.earliest, b.latest
    if first is None or last is None or other_first is None or other_last is None:
        return None
    return (other_first - last).days, (other_last - first).days
