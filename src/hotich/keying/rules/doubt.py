"""How doubtful an entry is: the most doubtful are checked first. A share of work, not a judgement of a person.

Each sign counts by itself, so that a checker who is told the number can be told why. What no sign speaks of has 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotich.keying.rules.sync import warnings
from hotich.registers.rules.values import AsRecorded, Reason

UNCONFIRMED, CONFIRMED, NOTE = 3.0, 1.0, 0.5
TOO_FAST, FEW_STROKES, ILLEGIBLE = 4.0, 2.0, 6.0
FEWEST_STROKES = 0.25
"""Keys a character below which most of a case cannot have been typed: it was copied or carried over."""
LEAST_CHARACTERS = 60  # a shorter case says nothing about strokes


@dataclass(frozen=True, slots=True)
class Keyed:
    """What is known of how a case was keyed. `problems` as a case keeps them."""

    values: AsRecorded
    problems: Sequence[Mapping[str, Any]]
    confirmed: Sequence[Mapping[str, str]]
    notes: int
    characters: int
    strokes: int
    active_ms: int


def doubt_of(keyed: Keyed, fastest_seconds: int) -> float:
    """The sum of the signs, rounded to two places. `fastest_seconds`: faster nobody reads and keys a case."""
    said = {(each["code"], each["field"]) for each in keyed.confirmed}
    told = [(found["code"], found["field"]) for found in warnings(keyed.problems)]
    known = sum(found in said for found in told)
    doubt = CONFIRMED * known + UNCONFIRMED * (len(told) - known) + NOTE * keyed.notes
    if keyed.values:
        doubt += ILLEGIBLE * _illegible(keyed.values) / len(keyed.values)
    if keyed.active_ms < fastest_seconds * 1000:
        doubt += TOO_FAST
    if keyed.characters >= LEAST_CHARACTERS and keyed.strokes < keyed.characters * FEWEST_STROKES:
        doubt += FEW_STROKES
    return round(doubt, 2)


def _illegible(values: AsRecorded) -> int:
    return sum(not isinstance(raw, str) and raw.get("reason") == Reason.ILLEGIBLE.value for raw in values.values())
