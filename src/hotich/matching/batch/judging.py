"""What each pair shows: its columns are fetched from the tables as numbers, the levels of all comparisons found by `many`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager

import duckdb
import numpy as np
from numpy.typing import NDArray

from hotich.matching.batch.likeness import TextsNear, own_code_sql
from hotich.matching.keys import is_text, name_column
from hotich.matching.many import (
    UNKNOWN_PERSON,
    UNKNOWN_RECORD,
    Asks,
    Numbers,
    Sides,
    asks_of,
    columns_of,
    dear_columns_of,
)
from hotich.matching.model import Comparison

Rows = tuple[Numbers, Numbers]
"""Rows of records, rows of persons."""
Judged = tuple[Numbers, Numbers, NDArray[np.int32]]
"""Rows of records, rows of persons, patterns."""

NEAR = 2**18  # pairs whose columns fit the memory near a processor; with fewer, threads wait for each other
SHARES = 4  # the number of parts is a multiple of it


def judged(
    db: duckdb.DuckDBPyConnection,
    comparisons: Sequence[Comparison],
    piece: int,
    pairs: str,
    *,
    all_persons: bool = False,
) -> Judged:
    """Each pair of a query (pair, see `pair_sql`) once, with its pattern (mixed radix, the first comparison slowest). All are
    of records of this piece; no temporary table is seen by the query.

    `all_persons`: fetch the columns of all of them, not only of those of the pairs: done sooner where pairs are more.
    """
    threads = int(db.execute("select current_setting('threads')").fetchall()[0][0])
    with ThreadPoolExecutor(threads) as workers, db.cursor() as own:
        finding = workers.submit(_found, own, pairs)
        sides = _sides(db, comparisons, piece, None if all_persons else finding, workers)
        r, p = finding.result()
        return r, p, _patterns(comparisons, sides, r, p, workers)


def _found(db: duckdb.DuckDBPyConnection, pairs: str) -> Rows:
    """Each pair once, by persons, whose columns are the long ones."""
    found = _different(np.asarray(db.execute(pairs).fetchnumpy()["pair"]))
    return (found & 0xFFFFFFFF).astype(np.int32), (found >> 32).astype(np.int32)


def _sides(
    db: duckdb.DuckDBPyConnection,
    comparisons: Sequence[Comparison],
    piece: int,
    finding: Future[Rows] | None,
    workers: Executor,
) -> Sides:
    """What the comparisons ask of the records of this piece and of the persons of these pairs, or of all persons."""
    whens = [level.when for each in comparisons for level in each.levels if level.when]
    columns = list(dict.fromkeys(name for when in whens for name in columns_of(when)))
    _number_own_texts(db, columns, piece)
    ours = _columns(db, columns, "record_side", UNKNOWN_RECORD, f"piece = {int(piece)}", workers)
    with _wanted(db, finding) as which:
        theirs = _columns(db, columns, "person_side", UNKNOWN_PERSON, which, workers)
    dear = {name for when in whens for name in dear_columns_of(when) if not is_text(name)}
    return Sides(ours, theirs, TextsNear(db, [side[name] for side in (ours, theirs) for name in dear]))


def _patterns(
    comparisons: Sequence[Comparison], sides: Sides, r: Numbers, p: Numbers, workers: Executor
) -> NDArray[np.int32]:
    """The patterns of these pairs, found for some at a time: what a processor works on then stays near it."""
    ours, theirs = _place(sides.record["row"]), _place(sides.person["row"])
    weights = np.cumprod([1, *(len(each.levels) for each in reversed(comparisons))])[-2::-1].astype(np.int32)
    some, all_at_once = list[tuple[np.int32, Asks]](), list[tuple[np.int32, Asks]]()
    for each, weight in zip(comparisons, weights, strict=True):
        # texts without codes are compared by a query: asked once, not once for some
        own = any(is_text(name) for level in each.levels if level.when for name in dear_columns_of(level.when))
        (all_at_once if own else some).append((weight, asks_of(each, sides)))

    def judge(asks: Sequence[tuple[np.int32, Asks]], part: slice) -> NDArray[np.int32]:
        # of the size of addresses: any other would be made one at each look into a column
        records, persons = ours.take(r[part]).astype(np.intp), theirs.take(p[part]).astype(np.intp)
        found = np.zeros(len(records), dtype=np.int32)
        for weight, ask in asks:
            found += ask(records, persons) * weight
        return found

    made = np.zeros(len(r), dtype=np.int32)
    rest = workers.submit(judge, all_at_once, slice(None))
    parts = _parts(len(r))
    for part, found in zip(parts, workers.map(lambda part: judge(some, part), parts), strict=True):
        made[part] = found
    made += rest.result()
    return made


def _parts(pairs: int) -> list[slice]:
    """Some pairs at a time, as many of them in each part as in every other: no thread waits for the last one."""
    parts = max(-(-pairs // (NEAR * SHARES)), 1) * SHARES
    size = max(-(-pairs // parts), 1)
    return [slice(start, start + size) for start in range(0, pairs, size)]


@contextmanager
def _wanted(db: duckdb.DuckDBPyConnection, finding: Future[Rows] | None) -> Iterator[str]:
    """Which persons are fetched, as a condition: those of the pairs that are being found, or all."""
    if finding is None:
        yield "row is not null"
        return
    db.register("wanted_row", {"row": _different(finding.result()[1])})
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
    db: duckdb.DuckDBPyConnection, columns: Sequence[str], table: str, unknown: int, where: str, workers: Executor
) -> dict[str, Numbers]:
    """`row` and these columns of some rows of a side."""
    of_names = {column: of for column in columns if (of := name_column(column)) is not None}
    names = sorted({prefix for prefix, _ in of_names.values()})
    own = [column for column in columns if column not in of_names]
    texts = [column for column in own if is_text(column)]
    joins = " ".join(f"left join known_{column} on known_{column}.text = side.{column}" for column in texts)
    numbers = {
        column: f"case when side.{column} is not null then "
        f"coalesce(known_{column}.code, cast({own_code_sql(column, 'side.row')} as integer)) end"
        if column in texts
        else f"side.{column}"
        for column in own
    }
    values = [f"coalesce({number}, {unknown}) as {column}" for column, number in numbers.items()]
    values += [f"coalesce(side.{prefix}, 0) as {prefix}" for prefix in names]
    found = db.execute(
        f"select {', '.join(['cast(side.row as integer) as row', *values])} from {table} side {joins} where side.{where}"
    ).fetchnumpy()
    made = {name: np.asarray(values) for name, values in found.items()}
    return made | _name_columns(db, of_names, {prefix: made.pop(prefix) for prefix in names}, unknown, workers)


def _name_columns(
    db: duckdb.DuckDBPyConnection,
    wanted: Mapping[str, tuple[str, str]],
    names: Mapping[str, Numbers],
    unknown: int,
    workers: Executor,
) -> dict[str, Numbers]:
    """These columns of names, given as codes of `known_name` (0: nobody knows it)."""
    seen = np.zeros(max((int(codes.max(initial=0)) for codes in names.values()), default=0) + 1, dtype=np.bool_)
    for codes in names.values():
        seen[codes] = True
    endings = sorted({ending for _, ending in wanted.values()})
    values = ", ".join(f"cast({each} as tinyint) as {each}" if each == "bare" else each for each in endings)
    db.register("wanted_name", {"code": np.flatnonzero(seen)})
    known = db.execute(f"select code, {values} from known_name semi join wanted_name using (code)").fetchnumpy()
    db.unregister("wanted_name")
    place = np.zeros(len(seen), dtype=np.int32)
    place[np.asarray(known["code"])] = np.arange(1, len(known["code"]) + 1, dtype=np.int32)
    places = {prefix: place.take(codes).astype(np.intp) for prefix, codes in names.items()}
    columns = {ending: np.insert(np.asarray(known[ending]), 0, unknown) for ending in endings}
    values_of = workers.map(lambda of: columns[of[1]].take(places[of[0]]), wanted.values())
    return dict(zip(wanted, values_of, strict=True))


def _place(rows: Numbers) -> NDArray[np.int32]:
    """Where each of these rows is among them."""
    made = np.zeros(int(rows.max(initial=0)) + 1, dtype=np.int32)
    made[rows] = np.arange(len(rows), dtype=np.int32)
    return made
