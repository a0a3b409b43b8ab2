"""The two files as tables of a DuckDB database in memory: their rows, and the columns that are compared.

The rows stay in their files (views); only the columns that are compared are kept. What does not fit the memory spills into
the work folder. Rows keep the numbers they have in their file, so that a run begun again gives the same pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import duckdb
import numpy as np

from hotich.kernel.problems import RuleBroken
from hotich.matching.keys import NAMES, Common, codes_statements, facts_statements, names_statements, side_sql
from hotich.matching.memory import Shares

COLUMNS = (
    "id", "full_name", "birth_date", "sex", "father_name", "mother_name", "province_code", "commune_code", "personal_id",
)  # fmt: skip
NEEDED = ("id", "full_name")

# Files from one step to the next: to press what hardly repeats, or to look for what does, takes longer than to write it.
AS_THEY_ARE = "format parquet, compression uncompressed, dictionary_size_limit 1, row_group_size 30720"

Work = Callable[[duckdb.DuckDBPyConnection], None]


def read_rows(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> int:
    """Make the rows of a parquet file the view `table` (row from 1, id as it was, all else as text); how many there are.

    Columns that may be null may be missing too. Raises RuleBroken: matching_file_unreadable, matching_column_missing,
    matching_nothing_to_match.
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
    rows = int(db.execute(f"select count(*) from {table}").fetchall()[0][0])
    if not rows:
        raise RuleBroken("matching_nothing_to_match", name=path.name)
    return rows


def must_have_ids(db: duckdb.DuckDBPyConnection, path: Path, table: str, memory: Shares) -> None:
    """Raises RuleBroken matching_id_missing, matching_id_twice, of the rows `read_rows` made of a file."""
    rows, ids = db.execute(f"select count(*), count(id) from {table}").fetchall()[0]
    if ids < rows:
        raise RuleBroken("matching_id_missing", name=path.name, count=rows - ids)
    if _seem_twice(db, table, max(-(-rows // memory.ids_at_once()), 1)):
        twice = db.execute(f"select id from {table} group by id having count(*) > 1 order by id limit 1").fetchall()
        if twice:
            raise RuleBroken("matching_id_twice", name=path.name, id=str(twice[0][0]))


def _seem_twice(db: duckdb.DuckDBPyConnection, table: str, parts: int) -> bool:
    """Whether two ids may be the same: sorted numbers are sooner looked through than a table of all ids is made."""
    for part in range(parts):
        found = db.execute(f"select hash(id) as number from {table} where hash(id) % {parts} = {part}").fetchnumpy()
        numbers = np.sort(np.asarray(found["number"]))
        if (numbers[1:] == numbers[:-1]).any():
            return True
    return False


def at_once(db: duckdb.DuckDBPyConnection, *works: Work) -> None:
    """Do these at the same time, each with a connection of its own to the same tables: a table of some thousand rows keeps
    one processor busy, not two. What the first that fails raises is raised; it stops the others."""
    own = [db.cursor() for _ in works]
    with ThreadPoolExecutor(len(works)) as threads:
        running = [threads.submit(work, connection) for work, connection in zip(works, own, strict=True)]
        try:
            for each in as_completed(running):
                each.result()
        except BaseException:
            for connection in own:
                connection.interrupt()
            raise


def make_keys(db: duckdb.DuckDBPyConnection, common: Common | None = None, meanwhile: Work = lambda db: None) -> None:
    """Tables `known_name`, `known_text`, `known_date`, `known_place` of what is written in both files.

    `common`: how common names are, when a model knows it; without one it is counted among the persons (`known_grade`).
    `meanwhile`: what else is done with the rows.
    """
    grades = None
    if common is not None:
        rows = [(prefix, key, grade) for prefix, keys in common.items() for key, grade in keys.items()]
        told = [[row[place] for row in rows] for place in range(3)]
        db.execute("create or replace table told_grade (prefix varchar, key varchar, grade integer)")
        db.execute("insert into told_grade select unnest(?), unnest(?), unnest(?)", told)
        grades = "select * from told_grade"
    count, *halves = names_statements("record_row", "person_row")
    one, other, last = codes_statements(grades)

    def beside(own: duckdb.DuckDBPyConnection) -> None:
        meanwhile(own)
        execute(own, facts_statements("record_row", "person_row"))

    db.execute(count)  # of both files: all processors are at it
    at_once(db, lambda own: execute(own, halves), beside)
    # as written: DuckDB would make a table of all names to find the few common ones in
    db.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    at_once(db, lambda own: execute(own, one), lambda own: execute(own, other))
    db.execute("reset disabled_optimizers")
    execute(db, last)


def make_sides(db: duckdb.DuckDBPyConnection, piece: int, columns: Iterable[str], every: int = 1) -> int:
    """Tables `record_side` (with `piece`, by year of birth, and `teaches`) and `person_side` from those of `make_keys`; how
    many pieces the records make. The sides have these of the columns of names; `known_name` has all.

    `every`: from every so manyth record the weights are learnt; 0 from none.
    """
    wanted = list(dict.fromkeys(columns))
    teaches = f"row % {int(every)} = 0" if every else "false"
    # the window sorts two numbers a row, not all columns
    in_pieces = (
        f"create or replace table record_side as select *, {teaches} as teaches from whole_side join (select row, "
        f"cast((row_number() over (order by year nulls last, row) - 1) // {int(piece)} as integer) as piece "
        "from whole_side) using (row)"
    )
    at_once(
        db,
        lambda own: execute(own, [f"create or replace table person_side as {side_sql('person_row', wanted)}"]),
        lambda own: execute(
            own,
            [
                f"create or replace table whole_side as {side_sql('record_row', wanted)}",
                in_pieces,
                "drop table whole_side",
            ],
        ),
    )
    execute(db, ["drop table known_date", "drop table known_place"])
    found = db.execute("select max(piece) + 1 from record_side").fetchone()
    return int(found[0]) if found else 0


def execute(db: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    """All these statements, one after the other."""
    for statement in statements:
        db.execute(statement)


def counted_common(db: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """How common names are, as `make_keys` used it."""
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
