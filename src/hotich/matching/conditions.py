"""When a level of a comparison holds: written once, as data, and asked of one pair or of millions with the same answer.

A condition is a list, its first element the kind: ["eq", "key"], ["all", […], […]]. Each is asked of two sides, the record
and the person; a value nobody knows (null) makes every condition on it false, but "unknown" (one of the two) and
"same" (both alike). Here a condition becomes a function of two sides; `many` asks it of columns of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from hotich.kernel.problems import RuleBroken

Condition = Sequence[Any]
Side = Mapping[str, Any]
Test = Callable[[Side, Side], bool]


def to_test(condition: Condition) -> Test:
    """The condition as a function of (record, person), each a mapping of columns."""
    kind, *given = condition
    if kind in ("all", "any"):
        tests = [to_test(each) for each in given]
        if kind == "all":
            return lambda r, p: all(test(r, p) for test in tests)
        return lambda r, p: any(test(r, p) for test in tests)
    maker = _TESTS.get(kind)
    if maker is None:
        raise RuleBroken("matching_condition_unknown", field=str(kind))
    return maker(*given)


def _known(column: str, test: Callable[[Any, Any], bool]) -> Test:
    def asked(record: Side, person: Side) -> bool:
        a, b = record[column], person[column]
        return a is not None and b is not None and test(a, b)

    return asked


def _cross(a: str, b: str) -> Test:
    def asked(record: Side, person: Side) -> bool:
        values = (record[a], record[b], person[a], person[b])
        return None not in values and record[a] == person[b] and record[b] == person[a]

    return asked


_TESTS: Mapping[str, Callable[..., Test]] = {
    "eq": lambda column: _known(column, lambda a, b: bool(a == b)),
    "same": lambda column: lambda r, p: bool(r[column] == p[column]),
    "cross": _cross,
    "unknown": lambda column: lambda r, p: r[column] is None or p[column] is None,
    "is": lambda column, value: lambda r, p: r[column] == value or p[column] == value,
    "unlike": lambda column: _known(column, lambda a, b: bool(a != b)),
    "near": lambda column, most: _known(column, lambda a, b: abs(a - b) <= most),
    "apart": lambda column, by: _known(column, lambda a, b: abs(a - b) == by),
    "person_at_most": lambda column, most: lambda r, p: p[column] is not None and p[column] <= most,
    "alike": lambda column, least: _known(column, lambda a, b: JaroWinkler.similarity(a, b) >= least),
    "edits": lambda column, most: _known(column, lambda a, b: DamerauLevenshtein.distance(a, b) <= most),
}
