"""From patterns to answers: the best person of each record, how far ahead, and in what the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import duckdb
import numpy as np

from hotich.matching.batch.likeness import near_columns, near_joins
from hotich.matching.batch.tables import files_sql
from hotich.matching.differences import BASIC, FIELDS, difference_asks, difference_sql
from hotich.matching.model import FAINT, Model
from hotich.matching.training import are_evident, levels_of, scores_of

# Who is only known by a name and a year that thousands share is not absent because not all of them were looked at.
TOO_MANY = "side.cut <> 0 and (side.month is null or side.day is null)"


def write_weights(db: duckdb.DuckDBPyConnection, model: Model, patterns: Sequence[int]) -> None:
    """Table `weight`: the score of each pattern, and whether it points to a person."""
    columns = {
        "pattern": np.asarray(patterns, dtype=np.int32),
        "score": np.round(scores_of(model, patterns), 4),
        "evident": are_evident(model, levels_of(model, patterns)),
    }
    db.register("weight_columns", columns)
    db.execute("create or replace table weight as select pattern, score, evident from weight_columns")
    db.unregister("weight_columns")


def write_evidence(db: duckdb.DuckDBPyConnection, model: Model, best: Sequence[Path]) -> None:
    """Table `evidence`: what each pattern of the best persons (files of `best_sql`) says, as JSON."""
    found = db.execute(f"select distinct pattern from {files_sql(best)} order by pattern").fetchall()
    patterns = [pattern for (pattern,) in found]
    told = model.told()
    texts = [evidence_json(model.evidence(levels, told)) for levels in levels_of(model, patterns).tolist()]
    db.execute("create or replace table evidence (pattern integer, evidence varchar)")
    db.execute("insert into evidence select unnest(?), unnest(?)", [patterns, texts])


def evidence_json(evidence: Iterable[tuple[str, str, float]]) -> str:
    """{field: {"level", "bits"}} of one pattern."""
    return "{" + ",".join(_part_json(*part) for part in evidence) + "}"


@cache  # many patterns are made of few levels
def _part_json(field: str, level: str, bits: float) -> str:
    return f'"{field}":{{"level":"{level}","bits":{bits:.2f}}}'


def best_sql(model: Model, pairs: str) -> str:
    """A query of the likeliest person of each record that has a candidate: r, p, pattern, score, margin (bits ahead of the
    second), certainty and presence (`Model.certainty`, `Model.presence`); of equally likely ones the first row."""
    others = "coalesce(sum(pow(2, score)) filter (place > 1), 0)"
    return f"""
        with ranked as (
            select pair.r, pair.p, pattern, weight.score,
                   row_number() over (partition by pair.r order by weight.score desc, pair.p) as place
            from ({pairs}) pair join weight using (pattern) where weight.score >= {FAINT})
        select r, max(p) filter (place = 1) as p, max(pattern) filter (place = 1) as pattern, max(score) as score,
               max(score) - max(score) filter (place = 2) as margin,
               max(score) - log2({model.absent} + {others}) as certainty,
               log2(sum(pow(2, score))) - log2({model.absent}) as presence
        from ranked group by r"""


def certainties(db: duckdb.DuckDBPyConnection, best: Sequence[Path]) -> list[tuple[int, int, float]]:
    """(whole bits of certainty, records with an evident best person, expected wrong ones) from the files of `best_sql`."""
    return db.execute(
        f"select cast(floor(certainty) as integer), count(*), sum(1 / (1 + pow(2, least(certainty, 500)))) "
        f"from {files_sql(best)} join weight using (pattern) where evident group by 1 order by 1"
    ).fetchall()


def decided_sql(model: Model, piece: int, best: str) -> str:
    """A query of the answers of one piece; `best` is a query as of `best_sql`, for whose pairs `likeness.make_near` has made
    its tables of `difference_asks`.

    Its columns: record_id, person_id, outcome, score, margin, certainty, evidence, differences (docs/how-to/match-files.md).

    A clerk's case names the likeliest person; an absent one names none, nor does one with more namesakes than are looked at.
    """
    kinds = ", ".join(f"{difference_sql(field)} as {field}" for field in FIELDS)
    parts = " || ".join(
        f'case when d.{field} is null then \'\' else \',{{"field":"{field}","kind":"\' || d.{field} || '
        f'\'","basic":{str(field in BASIC).lower()}}}\' end'
        for field in FIELDS
    )
    any_difference = "coalesce(" + ", ".join(f"d.{field}" for field in FIELDS) + ") is not null"
    return f"""
        with best as (
            select found.*, evidence.evidence,
                   case when certainty >= {model.link_at} and weight.evident then 'link'
                        when presence >= {model.doubt_at} then 'clerk' else 'absent' end as verdict
            from ({best}) found join weight using (pattern) join evidence using (pattern)),
        d as (
            select best.r, {kinds} from best
            join record_side r on r.row = best.r join person_side p on p.row = best.p
            {near_joins(near_columns(difference_asks()))}
            where best.verdict <> 'absent')
        select s.id as record_id, case when best.verdict <> 'absent' then q.id end as person_id,
               case when s.full_name is null or trim(s.full_name) = '' then 'clerk'
                    when coalesce(best.verdict, 'absent') = 'absent'
                        then case when {TOO_MANY} then 'clerk' else 'absent' end
                    when best.verdict = 'clerk' then 'clerk'
                    when {any_difference} then 'different' else 'equal' end as outcome,
               best.score, best.margin, best.certainty,
               case when best.verdict <> 'absent' then best.evidence end as evidence,
               case when best.verdict <> 'absent' then '[' || ltrim({parts}, ',') || ']' end as differences
        from record_side side join record_row s on s.row = side.row
        left join best on best.r = s.row left join person_row q on q.row = best.p left join d on d.r = s.row
        where side.piece = {int(piece)}"""
