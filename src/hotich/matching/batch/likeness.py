"""Which texts are near each other: worked out once for two texts, however many pairs of people have them.

Most pairs are of strangers, and most texts of a pair are equal or nothing alike; so likeness is asked of the different pairs
of texts only, and only of those that what is asked before it leaves (`conditions.TextAsk.guard`). What is near is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from hotich.matching.conditions import HAIR, TextAsk, may_be_near_sql, near_alias, text_asks, to_sql
from hotich.matching.model import Model


def asks_of(model: Model) -> list[TextAsk]:
    """The likenesses the comparisons of a model ask for."""
    return [ask for each in model.comparisons for level in each.levels if level.when for ask in text_asks(level.when)]


def make_near(db: duckdb.DuckDBPyConnection, asks: Sequence[TextAsk], pairs: str, records: str, persons: str) -> None:
    """Make the tables `near_…` (a, b, alike, edits) for the pairs (r, p) of a table, one for each column asked for."""
    made: list[str] = []
    for column in _in_order(asks):
        wanted = [ask for ask in asks if ask.column == column]
        guards = " or ".join(_guard_sql(ask, made) for ask in wanted)
        # numbers first, and the same two once: the texts are fetched for what is left
        different = (
            f"select distinct r.{column} as a, p.{column} as b from {pairs} pair join {records} r on r.row = pair.r "
            f"join {persons} p on p.row = pair.p {near_joins(made)} where r.{column} <> p.{column} and ({guards})"
        )
        db.execute(
            f"create or replace temp table {near_alias(column)} as select * from ("
            f"select a, b, {_measured(wanted, 'alike', 'jaro_winkler_similarity')}, "
            f"{_measured(wanted, 'edits', 'damerau_levenshtein')} from ({different}) "
            f"join known_text one on one.code = a join known_text other on other.code = b) where {_near_sql(wanted)}"
        )
        made.append(column)


def near_joins(columns: Iterable[str]) -> str:
    """The tables of `make_near` joined to the two sides of a pair, under the names the conditions ask for them."""
    return " ".join(
        f"left join {near} on {near}.a = r.{column} and {near}.b = p.{column}"
        for column in columns
        for near in (near_alias(column),)
    )


def near_columns(asks: Iterable[TextAsk]) -> list[str]:
    """The coded columns whose likeness is asked for, each once."""
    return list(dict.fromkeys(ask.column for ask in asks))


def _in_order(asks: Sequence[TextAsk]) -> list[str]:
    """The columns, those first that the guards of others ask for."""
    needs = {
        column: {each.column for ask in asks if ask.column == column for when in ask.guard for each in text_asks(when)}
        for column in near_columns(asks)
    }
    ordered: list[str] = []
    while len(ordered) < len(needs):
        free = [column for column in needs if column not in ordered and needs[column] <= {*ordered, column}]
        # where each asks for the other, one of them goes without its guard
        ordered += free or [next(column for column in needs if column not in ordered)]
    return ordered


def _guard_sql(ask: TextAsk, made: Sequence[str]) -> str:
    """What must hold before the likeness is asked; less than that where tables are missing that are not made yet."""
    known = [when for when in ask.guard if all(each.column in made for each in text_asks(when))]
    return " and ".join(["true", *(to_sql(when) for when in known)])


def _measured(asks: Sequence[TextAsk], kind: str, function: str) -> str:
    bounds = [int(ask.bound) for ask in asks if ask.kind == kind]
    if not bounds:
        return f"null as {kind}"
    measure = f"{function}(one.text, other.text)"
    if kind == "edits":
        measure = f"case when {may_be_near_sql('one.text', 'other.text', max(bounds))} then {measure} end"
    return f"{measure} as {kind}"


def _near_sql(asks: Sequence[TextAsk]) -> str:
    least = [ask.bound for ask in asks if ask.kind == "alike"]
    most = [ask.bound for ask in asks if ask.kind == "edits"]
    return " or ".join(
        [f"alike >= {bound - HAIR!r}" for bound in ([min(least)] if least else [])]
        + [f"edits <= {int(bound)}" for bound in ([max(most)] if most else [])]
    )
