"""What each pair shows: its columns are fetched from the tables as numbers, the levels of all comparisons found by `many`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import duckdb
import numpy as np
from numpy.typing import NDArray

from hotich.matching.batch.likeness import TextsNear, own_code_sql
from hotich.matching.keys import is_text, is_yes_or_no
from hotich.matching.many import (
    UNKNOWN_PERSON,
    UNKNOWN_RECORD,
    Numbers,
    Sides,
    columns_of,
    levels_of_pairs,
)
from hotich.matching.model import Comparison

Judged = tuple[Numbers, Numbers, NDArray[np.int32]]
"""Rows of records, rows of persons, patterns."""


def judged(db: duckdb.DuckDBPyConnection, comparisons: Sequence[Comparison], piece: int, pairs: str) -> Judged:
    """Each pair of a query (pair, see `pair_sql`) once, with its pattern (mixed radix, the first comparison slowest). All are
    of records of this piece."""
    found = _different(
        np.asarray(db.execute(pairs).fetchnumpy()["pair"])
    )  # by persons, whose columns are the long ones
    r, p = (found & 0xFFFFFFFF).astype(np.int32), (found >> 32).astype(np.int32)
    del found
    asked = [name for each in comparisons for level in each.levels if level.when for name in columns_of(level.when)]
    columns = list(dict.fromkeys(asked))
    _number_own_texts(db, columns, piece)
    ours = _columns(db, columns, "record_side", UNKNOWN_RECORD, f"piece = {int(piece)}")
    with _wanted(db, p) as which:
        theirs = _columns(db, columns, "person_side", UNKNOWN_PERSON, which)
    sides = Sides(ours, theirs, TextsNear(db))
    our_places, their_places = _places(ours["row"], r), _places(theirs["row"], p)
    threads = int(db.execute("select current_setting('threads')").fetchall()[0][0])
    with ThreadPoolExecutor(threads) as workers:
        levels = workers.map(lambda each: levels_of_pairs(each, sides, our_places, their_places), comparisons)
        pattern = np.zeros(len(r), dtype=np.int32)
        for each, found_levels in zip(comparisons, levels, strict=True):
            pattern *= len(each.levels)
            pattern += found_levels
    return r, p, pattern


@contextmanager
def _wanted(db: duckdb.DuckDBPyConnection, p: Numbers) -> Iterator[str]:
    """Which persons are fetched, as a condition: those of the pairs, or all where there are no more of them than pairs."""
    if db.execute("select count(*) from person_side").fetchall()[0][0] <= len(p):
        yield "row is not null"
        return
    db.register("wanted_row", {"row": _different(p)})
    yield "row in (select row from wanted_row)"
    db.unregister("wanted_row")


def _different(numbers: Numbers) -> Numbers:
    """Each of them once, sorted."""
    numbers = np.sort(numbers)
    new = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    made: Numbers = numbers[new]
    return made


def pair_sql(record: str = "r.row", person: str = "p.row") -> str:
    """Both rows as one number, which sorts and compares as one."""
    return f"(cast({person} as bigint) << 32) | {record}"


def _number_own_texts(db: duckdb.DuckDBPyConnection, columns: Sequence[str], piece: int) -> None:
    """Tables `known_…` (code, text) of the texts without codes that records of this piece have: nearly all a population has
    are of people nobody asks about."""
    for column in columns:
        if is_text(column):
            db.execute(
                f"create or replace table known_{column} as select cast(row_number() over () as integer) as code, text "
                f"from (select distinct {column} as text from record_side where piece = {int(piece)}) where text is not null"
            )


def _columns(
    db: duckdb.DuckDBPyConnection, columns: Sequence[str], table: str, unknown: int, where: str
) -> dict[str, Numbers]:
    """`row` and these columns of some rows of a side."""
    texts = [column for column in columns if is_text(column)]
    joins = " ".join(f"left join known_{column} on known_{column}.text = side.{column}" for column in texts)
    numbers = {
        column: f"case when side.{column} is not null then "
        f"coalesce(known_{column}.code, cast({own_code_sql(column, 'side.row')} as integer)) end"
        if column in texts
        else f"cast(side.{column} as tinyint)"
        if is_yes_or_no(column)
        else f"side.{column}"
        for column in columns
    }
    values = ", ".join(f"coalesce({number}, {unknown}) as {column}" for column, number in numbers.items())
    found = db.execute(
        f"select cast(side.row as integer) as row, {values} from {table} side {joins} where side.{where}"
    ).fetchnumpy()
    return {name: np.asarray(values) for name, values in found.items()}


def _places(rows: Numbers, wanted: Numbers) -> Numbers:
    """Where among these rows the wanted ones are."""
    made = np.zeros(int(rows.max(initial=0)) + 1, dtype=np.int32)
    made[rows] = np.arange(len(rows), dtype=np.int32)
    return made.take(wanted).astype(np.intp)  # anything else would be made that at each look into a column
