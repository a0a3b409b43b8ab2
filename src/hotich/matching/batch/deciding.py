"""From patterns to answers: the best person of each record, how far ahead, and in what the two differ."""

from __future__ import annotations

import json
from collections.abc import Iterable

import duckdb

from hotich.matching.differences import BASIC, FIELDS, difference_sql
from hotich.matching.model import Model


def write_weights(db: duckdb.DuckDBPyConnection, model: Model, patterns: Iterable[int]) -> None:
    """Table `weight`: what each pattern says – its score, whether it points to a person, its evidence as JSON."""
    db.execute("create or replace table weight (pattern integer, score double, evident boolean, evidence varchar)")
    rows = []
    for pattern in patterns:
        levels = model.levels_of(pattern)
        rows.append((pattern, round(model.score(levels), 4), model.is_evident(levels), evidence_json(model, levels)))
    if rows:
        db.executemany("insert into weight values (?, ?, ?, ?)", rows)


def evidence_json(model: Model, levels: Iterable[int]) -> str:
    """{field: {"level", "bits"}} of one pattern."""
    told = {
        each.field: {"level": each.levels[level].code, "bits": round(model.bits(each.field, level), 2)}
        for each, level in zip(model.comparisons, levels, strict=True)
    }
    return json.dumps(told, separators=(",", ":"))


def decided_sql(model: Model, piece: int, pairs: str) -> str:
    """A query of the answers of one piece; `pairs` is a query of its pairs with their patterns.

    Its columns: record_id, person_id, outcome, score, margin, evidence, differences (docs/how-to/match-files.md).

    A clerk's case names the likeliest person; an absent one names none. Of equally likely persons the first row is named,
    and the margin 0 sends the case to a clerk.
    """
    kinds = ", ".join(f"{difference_sql(field)} as {field}" for field in FIELDS)
    parts = " || ".join(
        f'case when d.{field} is null then \'\' else \',{{"field":"{field}","kind":"\' || d.{field} || '
        f'\'","basic":{str(field in BASIC).lower()}}}\' end'
        for field in FIELDS
    )
    any_difference = "coalesce(" + ", ".join(f"d.{field}" for field in FIELDS) + ") is not null"
    return f"""
        with ranked as (
            select pair.r, pair.p, weight.score, weight.evident, weight.evidence,
                   row_number() over (partition by pair.r order by weight.score desc, pair.p) as place,
                   weight.score - lead(weight.score) over (partition by pair.r order by weight.score desc, pair.p) as margin
            from ({pairs}) pair join weight using (pattern)),
        best as (
            select *, case when score >= {model.link_at} and evident and coalesce(margin >= {model.margin}, true) then 'link'
                           when score >= {model.doubt_at} then 'clerk' else 'absent' end as verdict
            from ranked where place = 1),
        d as (
            select best.r, {kinds} from best
            join record_side r on r.row = best.r join person_side p on p.row = best.p where best.verdict <> 'absent')
        select s.id as record_id, case when best.verdict <> 'absent' then q.id end as person_id,
               case when s.full_name is null or trim(s.full_name) = '' then 'clerk'
                    when best.verdict is null or best.verdict = 'absent' then 'absent'
                    when best.verdict = 'clerk' then 'clerk'
                    when {any_difference} then 'different' else 'equal' end as outcome,
               best.score, best.margin, case when best.verdict <> 'absent' then best.evidence end as evidence,
               case when best.verdict <> 'absent' then '[' || ltrim({parts}, ',') || ']' end as differences
        from record_side side join record_row s on s.row = side.row
        left join best on best.r = s.row left join person_row q on q.row = best.p left join d on d.r = s.row
        where side.piece = {int(piece)}"""
