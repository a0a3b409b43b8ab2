"""Which pairs are looked at, and what each shows: the blocking rules and the pattern of levels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from hotich.matching.batch.blocks import cut_pairs_sql
from hotich.matching.batch.likeness import asks_of, make_near, near_columns, near_joins
from hotich.matching.batch.order import MOST_IN_BLOCK
from hotich.matching.batch.tables import files_sql, text
from hotich.matching.model import Model
from hotich.matching.training import Counts

SPREAD = 2**20


def pairs_sql(model: Model, records: str, persons: str, cut: int = 0, most: int = MOST_IN_BLOCK) -> str:
    """A query of (r, p): rows that share all columns of one blocking rule; each pair once.

    `cut`: bits of the rules that have records whose block is too big (`blocks`), of which at most `most` persons are taken.
    """
    rules = []
    for number, rule in enumerate(model.blocking):
        bit = 1 << number
        same = " and ".join(f"r.{column} = p.{column}" for column in rule)
        whole = f" and r.cut & {bit} = 0" if cut & bit else ""
        rules.append(f"select r.row as r, p.row as p from {records} r join {persons} p on {same}{whole}")
        if cut & bit:
            rules.append(f"select * from ({cut_pairs_sql(rule, bit, most, records, persons)})")
    return " union ".join(rules)


def patterns_sql(model: Model, pairs: str, records: str, persons: str) -> str:
    """A query of (r, p, pattern) for a table of pairs, for which `likeness.make_near` has made its tables."""
    # Keys that lie close together would have DuckDB point into the columns of the sides instead of copying what it needs;
    # every level asked then jumps about in them, and the patterns take nearly twice as long. So the keys are spread.
    return (
        f"select pair.r, pair.p, {model.pattern_sql()} as pattern from {pairs} pair "
        f"join {records} r on r.row * {SPREAD} = pair.r * {SPREAD} "
        f"join {persons} p on p.row * {SPREAD} = pair.p * {SPREAD} {near_joins(near_columns(asks_of(model)))}"
    )


def write_pairs(db: duckdb.DuckDBPyConnection, model: Model, piece: int, path: Path, most: int = MOST_IN_BLOCK) -> None:
    """Find and judge the pairs of one piece of the records: (r, p, pattern) in a parquet file."""
    db.execute(f"create or replace temp table piece_side as select * from record_side where piece = {int(piece)}")
    cut = db.execute("select coalesce(bit_or(cut), 0) from piece_side").fetchall()[0][0]
    pairs = pairs_sql(model, "piece_side", "person_side", int(cut), most)
    db.execute(f"create or replace temp table found_pair as {pairs}")
    make_near(db, asks_of(model), "found_pair", "piece_side", "person_side")
    db.execute(
        f"copy ({patterns_sql(model, 'found_pair', 'piece_side', 'person_side')}) to {text(str(path))} (format parquet)"
    )
    db.execute("drop table found_pair")
    db.execute("drop table piece_side")


def counted(db: duckdb.DuckDBPyConnection, paths: Sequence[Path], every: int = 1) -> Counts:
    """The patterns of the pairs of every so manyth record in these files, with their numbers."""
    rows = db.execute(
        f"select pattern, count(*) from {files_sql(paths)} where r % {int(every)} = 0 group by pattern order by pattern"
    ).fetchall()
    return Counts([row[0] for row in rows], [row[1] for row in rows])
