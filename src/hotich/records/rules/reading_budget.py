"""How much an officer reads in a day: a number that raises an alarm, and a higher one that asks for a reason.

Different records and persons are counted, not openings. The numbers are our own proposal (chưa kiểm chứng) and stand in
the dated table of parameters by kind of post.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

COUNTED = frozenset(
    {"record.read", "person.read", "foreign_record.read", "restricted.read", "tracking.read", "population_request.read"}
)
ALARM, REASON, STOPPED = "reading.alarm", "reading.reason_given", "reading.stopped"
DEPARTMENT = frozenset({"unit.manage"})  # department and ministry
LEADER = frozenset({"case.approve"})  # leaders and approvers
OFFICER = frozenset({"record.annotate", "case.import"})


@dataclass(frozen=True, slots=True)
class Budget:
    """The codes of the two parameters."""

    alarm: str
    limit: str


@dataclass(frozen=True, slots=True)
class Day:
    """What the trail says of an officer's day so far: different subjects, this one among them?, alarms, reasons."""

    read: int
    known: bool
    alarms: int
    reasons: int


def budget_for(rights: Collection[str]) -> Budget:
    """The parameters that hold for whoever has these rights."""
    for group, marks in (("department", DEPARTMENT), ("leader", LEADER), ("officer", OFFICER)):
        if marks & set(rights):
            return Budget(f"reading_alarm_{group}", f"reading_limit_{group}")
    return Budget("reading_alarm_other", "reading_limit_other")


def verdict(day: Day, *, alarm: int, limit: int) -> str:
    """What reading one more subject means: "" nothing, ALARM the first time beyond, STOPPED until a reason is given.

    A reason is good for as many again as the limit allows.
    """
    if day.known:
        return ""
    if day.read >= limit * (1 + day.reasons):
        return STOPPED
    return ALARM if day.read >= alarm and not day.alarms else ""
