"""One day compared both ways: what we say became of our requests, and what the partner says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

MISSING_HERE, MISSING_THERE, DIFFERS = "missing_here", "missing_there", "differs"


@dataclass(frozen=True, slots=True)
class Told:
    """A request as one side has it; `day`: the one it was answered on, as far as that side knows."""

    request_id: UUID
    kind: str
    state: str
    receipt: str
    day: date

    def is_of(self, day: date) -> bool:
        """Whether it was answered on this day, as far as we know."""
        return self.day == day and self.state in ("done", "suspected", "refused")


def compare_day(*, day: date, ours: Sequence[Told], theirs: Sequence[Told]) -> list[dict[str, str]]:
    """The faults of a day, each {"request_id", "fault"}: the partner knows a request that we do not have; we have an
    answer it does not know of; both have it, with another state or receipt (ours may still wait for the answer).

    A suspicion that was looked into is closed here and stays one there: both say the same of it. A refusal by its form
    alone leaves no trace there: without a receipt it is not missed.
    """
    here = {each.request_id: each for each in ours}
    there = {each.request_id: each for each in theirs}
    faults = []
    for request_id, told in there.items():
        known = here.get(request_id)
        if known is None:
            faults.append(_fault(request_id, MISSING_HERE))
        elif not _agrees(known, told):
            faults.append(_fault(request_id, DIFFERS))
    for request_id, known in here.items():
        if request_id not in there and known.is_of(day) and known.receipt:
            faults.append(_fault(request_id, MISSING_THERE))
    return sorted(faults, key=lambda each: (each["fault"], each["request_id"]))


def _agrees(ours: Told, theirs: Told) -> bool:
    is_looked_into = (ours.state, theirs.state) == ("cancelled", "suspected")
    return (ours.kind, ours.receipt) == (theirs.kind, theirs.receipt) and (ours.state == theirs.state or is_looked_into)


def _fault(request_id: UUID, fault: str) -> dict[str, str]:
    return {"request_id": str(request_id), "fault": fault}
