"""Odd readings: rules that point a leader to what deserves a question. None of them says that something was wrong.

The thresholds are our own proposal and stand in the table of parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Look:
    """One reading or look-up, in Vietnamese time. `rows` None: a reading; else what a look-up showed."""

    at: datetime
    officer: int
    office: int
    subject: str  # id of record or person; of a look-up its own
    rows: int | None = None
    question: str = ""
    dossier: str = ""
    acted: bool = True  # after a look-up: whether the officer did something to a record or case


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: who, when, how much. `subjects` are ids to look at."""

    rule: str
    officer: int | None
    office: int
    first: datetime
    last: datetime
    count: int
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds, by the names of their parameters (without `oversight_`)."""

    first_hour: int = 7
    last_hour: int = 19
    fast_subjects: int = 20
    fast_minutes: int = 10
    same_subject_officers: int = 4
    empty_look_ups: int = 3
    dossier_records: int = 10
    working: Callable[[datetime], bool] = field(default=lambda at: at.weekday() < 5)


RULES = ("outside_hours", "many_at_once", "many_readers", "no_act", "empty_again", "one_case_many", "over_budget")
SHOWN_SUBJECTS = 5


def findings(looks: Sequence[Look], limits: Limits, *, alarms: Iterable[Look] = ()) -> list[Finding]:
    """All findings, the newest first."""
    ordered = sorted(looks, key=lambda look: look.at)
    found = [
        *_outside_hours(ordered, limits),
        *_many_at_once(ordered, limits),
        *_many_readers(ordered, limits),
        *_no_act(ordered),
        *_empty_again(ordered, limits),
        *_one_case_many(ordered, limits),
        *(_finding("over_budget", [look], count=look.rows or 0) for look in alarms),
    ]
    return sorted(found, key=lambda finding: finding.last, reverse=True)


def _finding(rule: str, looks: Sequence[Look], *, count: int, officer: bool = True) -> Finding:
    subjects = tuple(dict.fromkeys(look.subject for look in looks))[:SHOWN_SUBJECTS]
    return Finding(
        rule, looks[0].officer if officer else None, looks[0].office, looks[0].at, looks[-1].at, count, subjects
    )


def _by_officer_and_day(looks: Iterable[Look]) -> list[list[Look]]:
    groups: dict[tuple[int, object], list[Look]] = defaultdict(list)
    for look in looks:
        groups[look.officer, look.at.date()].append(look)
    return list(groups.values())


def _outside_hours(looks: Sequence[Look], limits: Limits) -> list[Finding]:
    """Before work, after it, or on a day nobody works."""
    odd = [
        look
        for look in looks
        if not limits.first_hour <= look.at.hour < limits.last_hour or not limits.working(look.at)
    ]
    return [_finding("outside_hours", group, count=len(group)) for group in _by_officer_and_day(odd)]


def _many_at_once(looks: Sequence[Look], limits: Limits) -> list[Finding]:
    """Many different subjects within minutes: leafing through instead of handling a case."""
    found = []
    span = timedelta(minutes=limits.fast_minutes)
    for group in _by_officer_and_day(look for look in looks if look.rows is None):
        start, best = 0, (0, 0, 0)
        for end, look in enumerate(group):
            while look.at - group[start].at > span:
                start += 1
            different = len({each.subject for each in group[start : end + 1]})
            best = max(best, (different, start, end))
        if best[0] >= limits.fast_subjects:
            found.append(_finding("many_at_once", group[best[1] : best[2] + 1], count=best[0]))
    return found


def _many_readers(looks: Sequence[Look], limits: Limits) -> list[Finding]:
    """One subject that many officers looked at within a week: somebody everybody is curious about."""
    groups: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        if look.rows is None:
            groups[look.subject].append(look)
    found = []
    for group in groups.values():
        for end, look in enumerate(group):
            week = [each for each in group[: end + 1] if look.at - each.at <= timedelta(days=7)]
            officers = {each.officer for each in week}
            if len(officers) >= limits.same_subject_officers:
                found.append(_finding("many_readers", week, count=len(officers), officer=False))
                break
    return found


def _no_act(looks: Sequence[Look]) -> list[Finding]:
    """Look-ups that showed somebody and were followed by nothing in any case or record."""
    idle = [look for look in looks if look.rows and not look.acted]
    return [_finding("no_act", group, count=len(group)) for group in _by_officer_and_day(idle)]


def _empty_again(looks: Sequence[Look], limits: Limits) -> list[Finding]:
    """Several look-ups on a day that showed nobody: guessing names or numbers."""
    empty = [look for look in looks if look.rows == 0]
    return [
        _finding("empty_again", group, count=len(group))
        for group in _by_officer_and_day(empty)
        if len(group) >= limits.empty_look_ups
    ]


def _one_case_many(looks: Sequence[Look], limits: Limits) -> list[Finding]:
    """One case number given for many look-ups: a number that serves for everything."""
    groups: dict[tuple[int, str], list[Look]] = defaultdict(list)
    for look in looks:
        if look.dossier:
            groups[look.officer, look.dossier].append(look)
    return [
        _finding("one_case_many", group, count=len(group))
        for group in groups.values()
        if len({look.question for look in group}) >= limits.dossier_records
    ]
