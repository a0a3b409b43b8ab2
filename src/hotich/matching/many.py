"""Conditions asked of many pairs at once: columns of numbers, a mask of truths for each condition (numpy).

Every column is whole numbers; a text is the number it has in the tables of names (`keys`). What nobody knows is
UNKNOWN_RECORD on the one side and UNKNOWN_PERSON on the other: two unknown values are never equal. Each condition is asked
only of the pairs the ones before it left, and likeness of texts only once for two texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hotich.kernel.problems import RuleBroken
from hotich.matching.conditions import Condition
from hotich.matching.model import Comparison

UNKNOWN_RECORD, UNKNOWN_PERSON = -1, -2
QUICK: Literal["clip"] = "clip"  # places are right by making: not to look at each again halves the time
NARROW = 4  # where fewer than one pair in so many is left, the rest is asked of these alone

Numbers = NDArray[Any]
Mask = NDArray[np.bool_]


class Likeness(Protocol):
    """Who compares the texts that two columns of numbers stand for."""

    def measured(self, kind: str, column: str, a: Numbers, b: Numbers, most: int) -> Numbers:
        """How near the texts of each two numbers are: `kind` "edits" (how many, all above `most` alike) or "alike"."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The columns of some records and of some persons."""

    record: Mapping[str, Numbers]
    person: Mapping[str, Numbers]
    likeness: Likeness


@dataclass(slots=True)
class _Memory:
    """What was asked of pairs and is asked again: conditions, and how near the texts of all pairs of a comparison are."""

    again: frozenset[Condition]
    most: Mapping[tuple[str, str], int]
    size: int
    measured: dict[tuple[str, str], Numbers] = field(default_factory=dict)


@dataclass(slots=True)
class _Pairs:
    """Pairs of a record and a person, by their places in the columns; `places`: which of all pairs of the comparison."""

    sides: Sides
    r: Numbers
    p: Numbers
    places: Numbers
    memory: _Memory
    asked: dict[Condition, Mask] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.r)

    def columns(self, ours: str, theirs: str | None = None) -> tuple[Numbers, Numbers]:
        """A column of the records, and the same or another one of the persons, a value for each pair."""
        return self.sides.record[ours].take(self.r, mode=QUICK), self.sides.person[theirs or ours].take(
            self.p, mode=QUICK
        )

    def at(self, places: Numbers, *, remember: bool = False) -> _Pairs:
        """Those at these places among them."""
        asked = (
            {condition: known.take(places, mode=QUICK) for condition, known in self.asked.items()} if remember else {}
        )
        return _Pairs(
            self.sides,
            self.r.take(places, mode=QUICK),
            self.p.take(places, mode=QUICK),
            self.places.take(places, mode=QUICK),
            self.memory,
            asked,
        )


Asks = Callable[[Numbers, Numbers], NDArray[np.int8]]
"""Of pairs, by their places in the columns of the records and of the persons, the number of the level that holds."""


def asks_of(comparison: Comparison, sides: Sides) -> Asks:
    """How a comparison is asked of pairs, some at a time: for each the first level that holds."""
    if not all(_is_of_person(level.when) for level in comparison.levels[:-1]):
        return lambda r, p: _levels(comparison, sides, r, p)
    persons = np.arange(len(sides.person["row"]))  # each of them once, not once a pair
    known = _levels(comparison, sides, np.zeros_like(persons), persons)
    return lambda r, p: known.take(p, mode=QUICK)


def levels_of_pairs(comparison: Comparison, sides: Sides, r: Numbers, p: Numbers) -> NDArray[np.int8]:
    """The number of the level that holds for each pair, the first that does; `r`, `p`: places in the columns."""
    return asks_of(comparison, sides)(r, p)


def _levels(comparison: Comparison, sides: Sides, r: Numbers, p: Numbers) -> NDArray[np.int8]:
    memory = _remembering([level.when for level in comparison.levels[:-1]], len(r))
    pairs = _Pairs(sides, r, p, np.arange(len(r), dtype=np.int32), memory)
    made, free = np.full(len(r), len(comparison.levels) - 1, dtype=np.int8), np.ones(len(r), dtype=np.bool_)
    for number, level in enumerate(comparison.levels[:-1]):
        found = np.flatnonzero(ask(level.when, pairs) & free)
        if not len(found):
            continue
        made[pairs.places.take(found)] = number
        free[found] = False
        left = np.count_nonzero(free)
        if left * NARROW < len(free) * (NARROW - 1):
            pairs, free = pairs.at(np.flatnonzero(free), remember=True), np.ones(left, dtype=np.bool_)
        if not left:
            break
    return made


def ask(condition: Condition, pairs: _Pairs) -> Mask:
    """For which pairs the condition holds. Raises RuleBroken matching_condition_unknown."""
    kind, *given = condition
    if kind == "all":
        return _all(given, pairs)
    if kind == "any":
        masks: Mask = np.logical_or.reduce([ask(each, pairs) for each in given])
        return masks
    if kind in ("alike", "edits"):
        return _near(kind, pairs, *given)
    if kind not in _ASKS:
        raise RuleBroken("matching_condition_unknown", field=str(kind))
    known = pairs.asked.get(condition)
    if known is None:
        known = _ASKS[kind](pairs, *given)
        if condition in pairs.memory.again:
            pairs.asked[condition] = known
    return known


def _all(conditions: Sequence[Condition], pairs: _Pairs) -> Mask:
    first, *rest = conditions
    found = ask(first, pairs)
    for place, each in enumerate(rest):
        few = each not in pairs.asked and np.count_nonzero(found) * NARROW < len(found)
        if few or is_dear(each):
            places = np.flatnonzero(found)
            made = np.zeros(len(found), dtype=np.bool_)
            if len(places):
                made[places[_all(rest[place:], pairs.at(places))]] = True
            return made
        found = found & ask(each, pairs)
    return found


def _simple(condition: Condition) -> Iterator[Condition]:
    kind, *given = condition
    if kind in ("all", "any"):
        for each in given:
            yield from _simple(each)
    else:
        yield condition


def _remembering(conditions: Sequence[Condition], size: int) -> _Memory:
    asked = [each for condition in conditions for each in _simple(condition)]
    times, most = Counter(each for each in asked if not is_dear(each)), dict[tuple[str, str], int]()
    for kind, column, bound in (each for each in asked if is_dear(each)):
        most[kind, column] = max(most.get((kind, column), 0), int(bound))
    return _Memory(frozenset(each for each, number in times.items() if number > 1), most, size)


def _is_of_person(condition: Condition) -> bool:
    return all(kind == "person_at_most" for kind, *_ in _simple(condition))


def is_dear(condition: Condition) -> bool:
    """Whether letters have to be compared."""
    kind, *given = condition
    return kind in ("alike", "edits") or (kind in ("all", "any") and any(is_dear(each) for each in given))


def columns_of(condition: Condition) -> Iterator[str]:
    """The columns a condition asks for."""
    kind, *given = condition
    if kind in ("all", "any"):
        for each in given:
            yield from columns_of(each)
    else:
        yield from given[: 2 if kind == "cross" else 1]


def dear_columns_of(condition: Condition) -> Iterator[str]:
    """The columns of which it compares letters."""
    yield from (column for kind, column, *_ in _simple(condition) if kind in ("alike", "edits"))


def _near(kind: str, pairs: _Pairs, column: str, bound: float) -> Mask:
    a, b = pairs.columns(column)
    found: Mask = a == b
    others = np.flatnonzero(~found & (a >= 0) & (b >= 0))
    if len(others):
        near = _measured(kind, pairs, column, others, a, b)
        found[others] = near <= bound if kind == "edits" else near >= bound
    return found


def _measured(kind: str, pairs: _Pairs, column: str, at: Numbers, a: Numbers, b: Numbers) -> Numbers:
    """How near the texts at these places are; measured once in a comparison, whatever bounds are asked for."""
    known = pairs.memory.measured.get((kind, column))
    if known is None:
        known = np.full(pairs.memory.size, -1, dtype=np.int8 if kind == "edits" else np.float32)
        pairs.memory.measured[kind, column] = known
    places, most = pairs.places.take(at), pairs.memory.most[kind, column]
    new = np.flatnonzero(known.take(places) < 0)
    if len(new):
        ours, theirs = a.take(at.take(new)), b.take(at.take(new))
        known[places.take(new)] = pairs.sides.likeness.measured(kind, column, ours, theirs, most)
    made: Numbers = known.take(places)
    return made


def _known(a: Numbers, b: Numbers) -> Mask:
    made: Mask = (a >= 0) & (b >= 0)
    return made


def _eq(pairs: _Pairs, column: str) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray(a == b)


def _same(pairs: _Pairs, column: str) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray((a == b) | ((a < 0) & (b < 0)))


def _cross(pairs: _Pairs, one: str, other: str) -> Mask:
    (a, b), (c, d) = pairs.columns(one, other), pairs.columns(other, one)
    return np.asarray((a == b) & (c == d))


def _unknown(pairs: _Pairs, column: str) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray((a < 0) | (b < 0))


def _is(pairs: _Pairs, column: str, value: int) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray((a == value) | (b == value))


def _unlike(pairs: _Pairs, column: str) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray((a != b) & _known(a, b))


def _near_number(pairs: _Pairs, column: str, most: int) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray((np.abs(a - b) <= most) & _known(a, b))


def _apart(pairs: _Pairs, column: str, by: int) -> Mask:
    a, b = pairs.columns(column)
    return np.asarray((np.abs(a - b) == by) & _known(a, b))


def _person_at_most(pairs: _Pairs, column: str, most: int) -> Mask:
    b = pairs.sides.person[column].take(pairs.p, mode=QUICK)
    return np.asarray((b <= most) & (b >= 0))


_ASKS: Mapping[str, Callable[..., Mask]] = {
    "eq": _eq, "same": _same, "cross": _cross, "unknown": _unknown, "is": _is, "unlike": _unlike, "near": _near_number,
    "apart": _apart, "person_at_most": _person_at_most,
}  # fmt: skip
