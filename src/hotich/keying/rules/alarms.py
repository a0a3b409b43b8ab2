"""What looks wrong in the figures of keying: to be looked at by a leader, never a judgement (requirement H7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LEAST_CASES = 10  # below it a share says nothing
LEAST_FAST = 3  # cases that nobody can have keyed: one may be a copy kept whole
LEAST_CHECKS = 20
FASTEST_STROKES = 15  # a second, over a whole case: no hand does that
_SEVERE = frozenset({"impossible_speed", "rubber_stamp"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The parameters `keying_*` alarms go by."""

    fastest_case: int  # seconds
    same_share: int  # per mille
    same_cases: int
    empty_share: int  # per mille
    clock_error: int  # seconds

    @property
    def fastest_check(self) -> float:
        """Seconds nobody can look through a case in: reading needs less than keying, a quarter at least."""
        return self.fastest_case / 4


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something to look at: its code (the words are in the messages), whose it is, and what fills the words."""

    code: str
    officer: int
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def is_severe(self) -> bool:
        """Whether it points at work that was not really done."""
        return self.code in _SEVERE


@dataclass(frozen=True, slots=True)
class SameValue:
    """One field of one keyer: how many cases have a value in it, and how many the most frequent one."""

    officer: int
    field: str
    cases: int
    same: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How one keyer's cases came to be: how many in all, too fast, with more keys a second than hands have, how many
    fields were asked and filled, how often and how far the clock of the PC was wrong (milliseconds)."""

    officer: int
    cases: int
    fast: int = 0
    hasty: int = 0
    asked: int = 0
    filled: int = 0
    clock_wrong: int = 0
    clock_worst: int = 0


@dataclass(frozen=True, slots=True)
class Checks:
    """One checker: cases looked at, how many of them with any finding, and the middle of the seconds a case."""

    officer: int
    checks: int
    with_finding: int
    median_seconds: float | None


def same_values(found: SameValue, limits: Limits) -> Iterator[Alarm]:
    """One value in nearly all cases of a field that should differ from case to case: copied, not read."""
    if found.cases >= limits.same_cases and found.same * 1000 >= limits.same_share * found.cases:
        yield Alarm("same_value", found.officer, {"field": found.field, "same": found.same, "cases": found.cases})


def paces(found: Pace, limits: Limits) -> Iterator[Alarm]:
    """Faster than hands, too empty, by a wrong clock."""
    if max(found.fast, found.hasty) >= LEAST_FAST:
        yield Alarm(
            "impossible_speed",
            found.officer,
            {"fast": max(found.fast, found.hasty), "cases": found.cases, "seconds": limits.fastest_case},
        )
    empty = found.asked - found.filled
    if found.cases >= LEAST_CASES and found.asked and empty * 1000 > limits.empty_share * found.asked:
        yield Alarm("empty_fields", found.officer, {"percent": empty * 100 // found.asked, "cases": found.cases})
    if found.clock_wrong:
        yield Alarm(
            "clock_error", found.officer, {"cases": found.clock_wrong, "minutes": round(found.clock_worst / 60_000)}
        )


def checks(found: Checks, limits: Limits) -> Iterator[Alarm]:
    """Many checks without a single finding, in seconds each: signed, not looked at."""
    if (
        found.checks >= LEAST_CHECKS
        and not found.with_finding
        and found.median_seconds is not None
        and found.median_seconds < limits.fastest_check
    ):
        yield Alarm("rubber_stamp", found.officer, {"checks": found.checks, "seconds": f"{found.median_seconds:.1f}"})
