"""Whom a clerk has to choose from: the likeliest persons of each record that is left to him."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from hotich.matching.batch.pieces import put
from hotich.matching.batch.tables import files_sql, text

MOST = 20


def write_candidates(
    db: duckdb.DuckDBPyConnection, pairs: Sequence[Path], answers: Sequence[Path], target: Path
) -> None:
    """Write (record_id, person_id, score, place) for the records whose answer is "clerk", at most 20 a record, the
    likeliest first. The table `weight` has the score of each pattern."""
    query = f"""
        with asked as (select record_id, person_id from {files_sql(answers)} where outcome = 'clerk'),
        known as (select s.row, asked.record_id, asked.person_id from asked join record_row s on s.id = asked.record_id),
        ranked as (
            select known.record_id, q.id as person_id, weight.score,
                   row_number() over (partition by known.row order by coalesce(q.id = known.person_id, false) desc,
                                      weight.score desc, q.row) as place
            from {files_sql(pairs)} pair join known on known.row = pair.r
            join weight using (pattern) join person_row q on q.row = pair.p)
        select * from ranked where place <= {MOST} order by record_id, place"""
    half = target.with_name(target.name + ".half")
    db.execute(f"copy ({query}) to {text(str(half))} (format parquet)")
    put(half, target)
