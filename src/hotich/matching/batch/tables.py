"""The two files as tables of a DuckDB database in memory: their rows, and the columns that are compared.

The rows stay in their files (views); only the columns that are compared are kept. What does not fit the memory spills into
the work folder. Rows keep the numbers they have in their file, so that a run begun again gives the same pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from hotich.kernel.problems import RuleBroken
from hotich.matching.keys import NAMES, Common, named_sql, names_statements, sides_sql

COLUMNS = (
    "id", "full_name", "birth_date", "sex", "father_name", "mother_name", "province_code", "commune_code", "personal_id",
)  # fmt: skip
NEEDED = ("id", "full_name")


def read_rows(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> int:
    """Make the rows of a parquet file the view `table` (row from 1, id as it was, all else as text); how many there are.

    Columns that may be null may be missing too. Raises RuleBroken: matching_file_unreadable, matching_column_missing,
    matching_nothing_to_match, matching_id_missing, matching_id_twice.
    """
    source = f"read_parquet({text(str(path))}, file_row_number = true)"
    try:
        present = {row[0] for row in db.execute(f"describe select * from {source}").fetchall()}
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise RuleBroken("matching_file_unreadable", name=path.name) from error
    missing = [column for column in NEEDED if column not in present]
    if missing:
        raise RuleBroken("matching_column_missing", name=path.name, columns=", ".join(missing))
    facts = ", ".join(
        f"cast({column} as varchar) as {column}" if column in present else f"cast(null as varchar) as {column}"
        for column in COLUMNS
        if column != "id"
    )
    db.execute(f"create or replace view {table} as select file_row_number + 1 as row, id, {facts} from {source}")
    _must_have_ids(db, path, table)
    found = db.execute(f"select count(*) from {table}").fetchone()
    return int(found[0]) if found else 0


def _must_have_ids(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    rows, ids, different = db.execute(f"select count(*), count(id), count(distinct id) from {table}").fetchall()[0]
    if not rows:
        raise RuleBroken("matching_nothing_to_match", name=path.name)
    if ids < rows:
        raise RuleBroken("matching_id_missing", name=path.name, count=rows - ids)
    if different < rows:
        twice = db.execute(f"select id from {table} group by id having count(*) > 1 order by id limit 1").fetchall()
        raise RuleBroken("matching_id_twice", name=path.name, id=str(twice[0][0]))


def make_sides(db: duckdb.DuckDBPyConnection, piece: int, columns: Iterable[str], common: Common | None = None) -> int:
    """Tables `record_side` (with `piece`, by year of birth), `person_side`, `known_name`, `known_text`; how many pieces the
    records make. The sides have these of the columns of names; `known_name` has all.

    `common`: how common names are, when a model knows it; without one it is counted among the persons (`known_grade`).
    """
    grades = None
    if common is not None:
        rows = [(prefix, key, grade) for prefix, keys in common.items() for key, grade in keys.items()]
        told = [[row[place] for row in rows] for place in range(3)]
        db.execute("create or replace temp table told_grade (prefix varchar, key varchar, grade integer)")
        db.execute("insert into told_grade select unnest(?), unnest(?), unnest(?)", told)
        grades = "select * from told_grade"
    for statement in names_statements("record_row", "person_row", grades):
        db.execute(statement)
    wanted = list(dict.fromkeys(columns))
    db.execute(f"create or replace temp table named as {named_sql('record_row', 'person_row')}")
    for table, which in (("person_side", "is_person"), ("whole_side", "not is_person")):
        source = f"(select * exclude (is_person) from named where {which})"
        db.execute(f"create or replace table {table} as {sides_sql(source, wanted)}")
    # the window sorts two numbers a row, not all columns
    db.execute(
        "create or replace table record_side as select * from whole_side join (select row, "
        f"cast((row_number() over (order by year nulls last, row) - 1) // {int(piece)} as integer) as piece "
        "from whole_side) using (row)"
    )
    for table in ("whole_side", "named", "known_date", "known_place"):
        db.execute(f"drop table {table}")
    found = db.execute("select max(piece) + 1 from record_side").fetchone()
    return int(found[0]) if found else 0


def counted_common(db: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """How common names are, as `make_sides` used it."""
    made: dict[str, dict[str, int]] = {prefix: {} for prefix in NAMES.values()}
    for prefix, key, grade in db.execute("select prefix, key, grade from known_grade order by prefix, key").fetchall():
        made[prefix][key] = grade
    return made


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def files_sql(paths: Sequence[Path]) -> str:
    """Parquet files as one table of an SQL query."""
    return f"read_parquet([{', '.join(text(str(path)) for path in paths)}])"
