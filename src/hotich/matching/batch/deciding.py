"""From patterns to answers: the best person of each record, how far ahead, and in what the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from hotich.matching.batch.judging import judged, pair_sql
from hotich.matching.batch.tables import files_sql
from hotich.matching.differences import BASIC, COMPARISONS, DIFFERS_IN_NOTHING
from hotich.matching.model import COMMONNESS, FAINT, Model
from hotich.matching.training import Numbers, are_evident, levels_in, levels_of, scores_of

NOTHING = "[]"

# Who is only known by a name and a year that thousands share is not absent because not all of them were looked at.
TOO_MANY = "side.cut <> 0 and (side.month is null or side.day is null)"


def write_weights(db: duckdb.DuckDBPyConnection, model: Model, patterns: Numbers) -> None:
    """Table `weight`: the score of each pattern, and whether it points to a person."""
    columns: dict[str, NDArray[Any]] = {
        "pattern": np.asarray(patterns, dtype=np.int32),
        "score": np.round(scores_of(model, patterns), 4),
        "evident": are_evident(model, levels_of(model, patterns)),
    }
    _write(db, "weight", columns)


def write_texts(db: duckdb.DuckDBPyConnection, model: Model, answers: Sequence[Path]) -> None:
    """Tables `evidence` and `difference` (a number, its text): what the patterns and the kinds of difference in the files of
    `decided_sql` say, as JSON. Some thousand texts stand for all answers."""
    found = _numbers(db, answers, "pattern")
    texts = evidence_texts(model, levels_of(model, found))
    _write(db, "evidence", {"pattern": found, "evidence": texts})
    found = _numbers(db, answers, "kinds")
    told = [differences_json(levels) for levels in levels_in(COMPARISONS, found).tolist()]
    _write(db, "difference", {"kinds": found, "differences": np.array(told, dtype=object)})


def _numbers(db: duckdb.DuckDBPyConnection, files: Sequence[Path], column: str) -> NDArray[Any]:
    query = f"select distinct {column} from {files_sql(files)} where {column} is not null order by 1"
    return np.asarray(db.execute(query).fetchnumpy()[column])


def _write(db: duckdb.DuckDBPyConnection, table: str, columns: dict[str, NDArray[Any]]) -> None:
    db.register("given_columns", columns)
    db.execute(f"create or replace table {table} as select * from given_columns")
    db.unregister("given_columns")


def evidence_texts(model: Model, levels: NDArray[np.int64]) -> NDArray[np.object_]:
    """{field: {"level", "bits"}} of each row of levels. A field has few levels, so each of its parts is written once."""
    told, fields = model.told(), [each.field for each in model.comparisons]
    common = fields.index(COMMONNESS) if COMMONNESS in fields else None
    made = np.full(len(levels), "{", dtype=object)
    for place, field in enumerate(each for each in fields if each != COMMONNESS):
        of_field, grades = fields.index(field), model.sizes[common] if common is not None else 1
        parts = []
        for level, grade in product(range(model.sizes[of_field]), range(grades)):
            row = [0] * len(fields)
            row[of_field] = level
            if common is not None:  # it belongs to what a name says
                row[common] = grade
            parts.append(("," if place else "") + _part_json(*model.evidence(row, told)[place]))
        which = levels[:, of_field] * grades + (levels[:, common] if common is not None else 0)
        made += np.array(parts, dtype=object).take(which)
    made += "}"
    return made


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


def verdicts_sql(model: Model, best: str) -> str:
    """The rows of a query as of `best_sql` with their `verdict`: link, clerk, absent."""
    return (
        f"select found.*, case when certainty >= {model.link_at} and weight.evident then 'link' "
        f"when presence >= {model.doubt_at} then 'clerk' else 'absent' end as verdict "
        f"from ({best}) found join weight using (pattern)"
    )


def named_sql(verdicts: str) -> str:
    """Those of the rows of `verdicts_sql` whose person is named."""
    return f"select * from ({verdicts}) where verdict <> 'absent'"


def note_differences(db: duckdb.DuckDBPyConnection, piece: int, best: str) -> None:
    """Table `differing` (r, kinds, differs) of the pairs of a query as of `named_sql`: in what they differ, as one number,
    and whether they do."""
    r, _, kinds = judged(db, COMPARISONS, piece, f"select {pair_sql('r', 'p')} as pair from ({best})")
    ways, place = np.unique(kinds, return_inverse=True)
    differ = np.array([differences_json(levels) != NOTHING for levels in levels_in(COMPARISONS, ways).tolist()])
    _write(db, "differing", {"r": r, "kinds": kinds, "differs": differ.astype(np.bool_)[place]})


def differences_json(levels: Sequence[int]) -> str:
    """[{"field", "kind", "basic"}] of one way to differ: the level of each field."""
    told = [(each.field, each.levels[level].code) for each, level in zip(COMPARISONS, levels, strict=True)]
    parts = [
        f'{{"field":"{field}","kind":"{kind}","basic":{str(field in BASIC).lower()}}}'
        for field, kind in told
        if kind not in DIFFERS_IN_NOTHING
    ]
    return f"[{','.join(parts)}]"


def answers_sql(answers: Sequence[Path]) -> str:
    """A query of the answers in the files of `decided_sql`, with the texts of `write_texts`."""
    return (
        f"select * exclude (pattern, kinds) from {files_sql(answers)} "
        "left join evidence using (pattern) left join difference using (kinds)"
    )


def note_ids(db: duckdb.DuckDBPyConnection, piece: int, best: str) -> None:
    """Tables `asked_record` (row, record_id, nameless, of_many) of the records of a piece and `best_person` (p, person_id) of
    the persons of a query as of `named_sql`, from the rows as they are in the files."""
    db.execute(
        "create or replace table asked_record as select side.row, s.id as record_id, "
        f"s.full_name is null or trim(s.full_name) = '' as nameless, {TOO_MANY} as of_many "
        f"from record_side side join record_row s on s.row = side.row where side.piece = {int(piece)}"
    )
    db.execute(
        "create or replace table best_person as select q.row as p, q.id as person_id from person_row q "
        f"where q.row in (select p from ({best}))"
    )


def decided_sql(verdicts: str) -> str:
    """A query of the answers of one piece; `verdicts` is a query as of `verdicts_sql`, those of `named_sql` noted by
    `note_differences` and `note_ids`.

    Its columns: record_id, person_id, outcome, score, margin, certainty (docs/how-to/match-files.md), and the numbers that
    stand for the evidence and the differences (`answers_sql`): pattern, kinds.

    A clerk's case names the likeliest person; an absent one names none, nor does one with more namesakes than are looked at.
    """
    return f"""
        with best as (
            select found.*, person_id, kinds, differs
            from ({verdicts}) found left join differing using (r) left join best_person using (p))
        select s.record_id, case when best.verdict <> 'absent' then best.person_id end as person_id,
               case when s.nameless then 'clerk'
                    when coalesce(best.verdict, 'absent') = 'absent' then case when s.of_many then 'clerk' else 'absent' end
                    when best.verdict = 'clerk' then 'clerk'
                    when best.differs then 'different' else 'equal' end as outcome,
               best.score, best.margin, best.certainty,
               case when best.verdict <> 'absent' then best.pattern end as pattern,
               best.kinds
        from asked_record s left join best on best.r = s.row"""
