"""Which pairs are looked at, and what each shows: the blocking rules and the pattern of levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from hotich.matching.batch.tables import files_sql, text
from hotich.matching.conditions import text_alias
from hotich.matching.model import Model
from hotich.matching.training import Counts


def pairs_sql(model: Model, records: str, persons: str) -> str:
    """A query of (r, p): rows that share all columns of one blocking rule; each pair once."""
    rules = (
        f"select r.row as r, p.row as p from {records} r join {persons} p on "
        + " and ".join(f"r.{column} = p.{column}" for column in rule)
        for rule in model.blocking
    )
    return " union ".join(rules)


def patterns_sql(model: Model, pairs: str, records: str, persons: str) -> str:
    """A query of (r, p, pattern) for a table of pairs."""
    return (
        f"select pair.r, pair.p, {model.pattern_sql()} as pattern from {pairs} pair "
        f"join {records} r on r.row = pair.r join {persons} p on p.row = pair.p {texts_joins(model.texts())}"
    )


def texts_joins(columns: Iterable[str]) -> str:
    """The texts of coded columns of both sides, under the names the conditions ask for them."""
    return " ".join(
        f"left join known_text {text_alias(side, column)} on {text_alias(side, column)}.code = {side}.{column}"
        for column in columns
        for side in ("r", "p")
    )


def write_pairs(db: duckdb.DuckDBPyConnection, model: Model, piece: int, path: Path) -> None:
    """Find and judge the pairs of one piece of the records: (r, p, pattern) in a parquet file."""
    db.execute(f"create or replace temp table piece_side as select * from record_side where piece = {int(piece)}")
    db.execute(f"create or replace temp table found_pair as {pairs_sql(model, 'piece_side', 'person_side')}")
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
