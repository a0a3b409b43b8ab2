"""When a level of a comparison holds: written once, as data, and asked in SQL or in Python with the same answer.

A condition is a list, its first element the kind: ["eq", "key"], ["all", […], […]]. Each is asked of two sides, the record
and the person; a value nobody knows (null) makes every condition on it false, but "unknown" (one of the two) and
"same" (both alike).

In SQL a name is a number (`keys`): equal numbers are equal texts. Likeness needs the text itself, and is worked out once for
two texts however many pairs have them (`batch.likeness`): the tables of what is near have to be joined under the names
`near_alias` gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from hotich.kernel.problems import RuleBroken
from hotich.matching.keys import is_coded

HAIR = 1e-9  # the two libraries round the last figure of a likeness differently
Condition = Sequence[Any]
Side = Mapping[str, Any]
Test = Callable[[Side, Side], bool]


def to_sql(condition: Condition, record: str = "r", person: str = "p") -> str:
    """The condition as an SQL expression over two aliases (DuckDB; Spark reads it after `sqlglot`)."""
    kind, *given = condition
    if kind in ("all", "any"):
        inner = (f" {'and' if kind == 'all' else 'or'} ").join(to_sql(each, record, person) for each in given)
        return f"({inner})"
    makers = _SQL.get(kind)
    if makers is None:
        raise RuleBroken("matching_condition_unknown", field=str(kind))
    return makers(record, person, *given)


class TextAsk(NamedTuple):
    """A likeness that is asked of a coded column, and what has been found true before it is asked."""

    column: str
    kind: str
    bound: float
    guard: tuple[Condition, ...]


def text_asks(condition: Condition, guard: tuple[Condition, ...] = ()) -> Iterator[TextAsk]:
    """Every likeness of texts the condition asks for."""
    kind, *given = condition
    if kind in ("all", "any"):
        for place, each in enumerate(given):
            yield from text_asks(each, (*guard, *given[:place]) if kind == "all" else guard)
    elif kind in ("alike", "edits") and is_coded(given[0]):
        yield TextAsk(given[0], kind, float(given[1]), guard)


def near_alias(column: str) -> str:
    """Under which name the table of texts that are near (a, b, alike, edits) is joined for a coded column."""
    return f"near_{column}"


def _alike_sql(record: str, person: str, column: str, least: float) -> str:
    bound = f">= {float(least) - HAIR!r}"
    if is_coded(column):
        return f"({record}.{column} = {person}.{column} or {near_alias(column)}.alike {bound})"
    return f"jaro_winkler_similarity({record}.{column}, {person}.{column}) {bound}"


def _edits_sql(record: str, person: str, column: str, most: int) -> str:
    if is_coded(column):
        return f"({record}.{column} = {person}.{column} or {near_alias(column)}.edits <= {int(most)})"
    a, b = f"{record}.{column}", f"{person}.{column}"
    return f"({may_be_near_sql(a, b, int(most))} and damerau_levenshtein({a}, {b}) <= {int(most)})"


def may_be_near_sql(a: str, b: str, most: int) -> str:
    """Cheap to ask, and true wherever so few edits make one text the other: lengths, and letters place by place."""
    if most != 1:
        return f"abs(length({a}) - length({b})) <= {int(most)}"
    # one letter put for another, or two that follow each other changed places; else one is longer by one
    return (
        f"case when length({a}) = length({b}) then hamming({a}, {b}) <= 2 else abs(length({a}) - length({b})) = 1 end"
    )


_SQL: Mapping[str, Callable[..., str]] = {
    "eq": lambda r, p, column: f"{r}.{column} = {p}.{column}",
    "same": lambda r, p, column: f"{r}.{column} is not distinct from {p}.{column}",
    "cross": lambda r, p, a, b: f"({r}.{a} = {p}.{b} and {r}.{b} = {p}.{a})",
    "unknown": lambda r, p, column: f"({r}.{column} is null or {p}.{column} is null)",
    "is": lambda r, p, column, value: f"({r}.{column} = {_literal(value)} or {p}.{column} = {_literal(value)})",
    "unlike": lambda r, p, column: f"{r}.{column} <> {p}.{column}",
    "near": lambda r, p, column, most: f"abs({r}.{column} - {p}.{column}) <= {int(most)}",
    "apart": lambda r, p, column, by: f"abs({r}.{column} - {p}.{column}) = {int(by)}",
    "person_at_most": lambda r, p, column, most: f"{p}.{column} <= {int(most)}",
    "alike": _alike_sql,
    "edits": _edits_sql,
}


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


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


def _similarity(a: str, b: str) -> float:
    # as DuckDB: the common beginning counts whatever the similarity of the rest
    return float(JaroWinkler.similarity(a, b))


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
    "alike": lambda column, least: _known(column, lambda a, b: _similarity(a, b) >= least - HAIR),
    "edits": lambda column, most: _known(column, lambda a, b: DamerauLevenshtein.distance(a, b) <= most),
}
