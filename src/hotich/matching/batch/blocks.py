"""Blocks that are too big: a name of thousands in one year would make thousands of pairs for each record.

In such a block one more key has to agree, and of what is left a record keeps the likeliest by a cheap count. Which records
that touches is told, by the columns of the rule and the sizes, never by a name.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from hotich.matching.batch.judging import pair_sql
from hotich.matching.model import Model

MORE = (
    "month",
    "day",
    "commune",
    "father_given",
    "mother_given",
)  # one of these has to agree in a block that is too big
COUNTED = (
    *MORE,
    "own_key",
    "sex",
    "province",
    "father_key",
    "mother_key",
)  # what agrees is counted to choose among them
LOOK_AT = 16  # a block of thousands shows in every so manyth person, and most rules have none
SEEN = 64  # persons of a big block among those looked at


@dataclass(frozen=True, slots=True)
class Cut:
    """Of one blocking rule: how many blocks were too big, the persons in the largest one, and the records that fall into
    such a block."""

    rule: tuple[str, ...]
    blocks: int
    largest: int
    records: int


def found_by(model: Model) -> list[str]:
    """The columns rows are found by."""
    return [*(column for rule in model.blocking for column in rule), *COUNTED]


def mark_cuts(db: duckdb.DuckDBPyConnection, model: Model, most: int) -> list[Cut]:
    """Give `record_side` the column `cut`: a bit for each rule whose block has more than `most` persons."""
    db.execute("alter table record_side add column cut bigint default 0")
    cuts = [_cut(db, model.blocking[rule], 1 << rule, most) for rule in _perhaps_too_big(db, model, most)]
    return [cut for cut in cuts if cut is not None]


def _perhaps_too_big(db: duckdb.DuckDBPyConnection, model: Model, most: int) -> list[int]:
    """The numbers of the rules that have such a block, as far as some of the persons show; asked in one query, since for
    so few rows a query has work for one processor."""
    step = max(min(LOOK_AT, most // SEEN), 1)
    if step == 1:
        return list(range(len(model.blocking)))
    db.execute(f"create or replace temp table some_person as select * from person_side where row % {step} = 0")
    asked = " union all ".join(
        f"(select {number} from some_person where {_known(rule)} group by {', '.join(rule)} "
        f"having count(*) > {most / step / 2} limit 1)"
        for number, rule in enumerate(model.blocking)
    )
    found = sorted(row[0] for row in db.execute(asked).fetchall())
    db.execute("drop table some_person")
    return found


def _known(rule: tuple[str, ...]) -> str:
    return " and ".join(f"{column} is not null" for column in rule)


def _cut(db: duckdb.DuckDBPyConnection, rule: tuple[str, ...], bit: int, most: int) -> Cut | None:
    columns = ", ".join(rule)
    db.execute(
        f"create or replace temp table big_block as select {columns}, count(*) as persons from person_side "
        f"where {_known(rule)} group by {columns} having count(*) > {int(most)}"
    )
    same = " and ".join(f"record_side.{column} = big.{column}" for column in rule)
    db.execute(f"update record_side set cut = cut | {bit} from big_block big where {same}")
    blocks, largest, records = db.execute(
        "select count(*), coalesce(max(persons), 0), "
        f"(select count(*) from record_side where cut & {bit} <> 0) from big_block"
    ).fetchall()[0]
    db.execute("drop table big_block")
    return Cut(rule, blocks, largest, records) if records else None


def cut_pairs_sql(rule: tuple[str, ...], bit: int, most: int, records: str, persons: str) -> str:
    """A query of (pair) for the records whose block of this rule is too big: at most so many persons a record."""
    same = " and ".join(f"r.{column} = p.{column}" for column in rule)
    more = " or ".join(f"r.{column} = p.{column}" for column in MORE if column not in rule)
    agreeing = " + ".join(f"coalesce(cast(r.{column} = p.{column} as integer), 0)" for column in COUNTED)
    return (
        f"select {pair_sql()} as pair from {records} r join {persons} p on {same} and r.cut & {bit} <> 0 and ({more}) "
        f"qualify row_number() over (partition by r.row order by {agreeing} desc, p.row) <= {int(most)}"
    )
