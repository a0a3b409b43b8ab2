"""Which pairs are looked at, and what each shows: the blocking rules and the pattern of levels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np

from hotich.matching.batch.blocks import cut_pairs_sql
from hotich.matching.batch.judging import judged, pair_sql
from hotich.matching.batch.order import MOST_IN_BLOCK
from hotich.matching.batch.tables import AS_THEY_ARE, files_sql, text
from hotich.matching.memory import Shares
from hotich.matching.model import Model
from hotich.matching.training import Counts

# Whose parents both have other given names. The records the weights are learnt from are paired with them, too, since the
# weights have to know what strangers look like.
STRANGERS = "not r.teaches and coalesce(r.father_given <> p.father_given and r.mother_given <> p.mother_given, false)"


def pairs_sql(model: Model, records: str, persons: str, cut: int = 0, most: int = MOST_IN_BLOCK) -> str:
    """A query of (pair, see `judging.pair_sql`): rows that share all columns of one blocking rule; a pair once for
    each rule that finds it (sorted numbers are sooner made different than a table is, see `judging`). Of the rules that are
    crowded, strangers are left out.

    `cut`: bits of the rules that have records whose block is too big (`blocks`), of which at most `most` persons are taken.
    """
    rules = []
    for number, rule in enumerate(model.blocking):
        bit = 1 << number
        same = " and ".join(f"r.{column} = p.{column}" for column in rule)
        same += f" and not ({STRANGERS})" if rule in model.crowded else ""
        whole = f" and r.cut & {bit} = 0" if cut & bit else ""
        rules.append(f"select {pair_sql()} as pair from {records} r join {persons} p on {same}{whole}")
        if cut & bit:
            rules.append(f"select * from ({cut_pairs_sql(rule, bit, most, records, persons)})")
    return " union all ".join(rules)


def write_pairs(db: duckdb.DuckDBPyConnection, model: Model, piece: int, path: Path, most: int, memory: Shares) -> None:
    """Find and judge the pairs of one piece of the records: (r, p, pattern) in a parquet file."""
    db.execute(f"create or replace temp table piece_side as select * from record_side where piece = {int(piece)}")
    cut = db.execute("select coalesce(bit_or(cut), 0) from piece_side").fetchall()[0][0]
    pairs = pairs_sql(model, "piece_side", "person_side", int(cut), most)
    db.execute(f"create or replace table found_pair as {pairs}")
    db.execute("drop table piece_side")
    number = db.execute("select count(*) from found_pair").fetchall()[0][0]
    persons = db.execute("select count(*) from person_side").fetchall()[0][0]
    parts = max(-(-number // memory.pairs_at_once(persons)), 1)
    db.execute("create or replace temp table judged_pair (r integer, p integer, pattern integer)")
    for part in range(parts):
        # by persons, so that each person's columns are fetched for one part
        some = "select pair from found_pair" + (f" where (pair >> 32) % {parts} = {part}" if parts > 1 else "")
        r, p, pattern = judged(db, model.comparisons, piece, some, all_persons=persons <= number // parts)
        db.register("judged_columns", {"r": r, "p": p, "pattern": pattern})
        db.execute("insert into judged_pair select r, p, pattern from judged_columns")
        db.unregister("judged_columns")
    db.execute("drop table found_pair")
    db.execute(f"copy judged_pair to {text(str(path))} ({AS_THEY_ARE})")
    db.execute("drop table judged_pair")


def counted(db: duckdb.DuckDBPyConnection, paths: Sequence[Path], every: int = 1) -> tuple[Counts, Counts]:
    """The patterns of the pairs in these files with their numbers, and those of the pairs of every so manyth record."""
    found = db.execute(
        f"select pattern, count(*) as every, count(*) filter (r % {int(every)} = 0) as some from {files_sql(paths)} "
        "group by pattern order by pattern"
    ).fetchnumpy()
    patterns, numbers, some = (np.asarray(found[column]) for column in ("pattern", "every", "some"))
    return Counts(patterns, numbers), Counts(patterns[some > 0], some[some > 0])
