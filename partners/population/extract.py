"""trich-xuat: the citizens of a commune or a province as a Parquet file, in the columns of `hotich match`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partners.population.wire import Refusal, reference, text_of

COLUMNS = (
    "id", "full_name", "birth_date", "sex", "father_name", "mother_name", "province_code", "commune_code", "personal_id",
    "old_id", "ethnicity", "nationality", "native_place", "spouse_name", "life",
)  # fmt: skip
_RENAMED = {"birth_date": "birth"}
_SEXES = {"1": "male", "2": "female"}
_LIVES = {"song": "alive", "chet": "dead", "mat_tich": "missing"}


def area_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """Column and code of the area that is asked for."""
    for field, column in (("MaXa", "commune_code"), ("MaTinh", "province_code")):
        if code := text_of(body, field, 10):
            return column, code
    raise Refusal("BAD_REQUEST", "Cần MaXa hoặc MaTinh")


def write_extract(db: sqlite3.Connection, body: Mapping[str, Any], target: Path) -> int:
    """Write the file (its folder is the caller's own); how many citizens. All columns are text, blanks are null."""
    column, code = area_of(body)
    lines, count = target.with_suffix(".jsonl"), 0
    with lines.open("w", encoding="utf-8") as stream:
        for row in db.execute(f"select * from citizen where {column} = ? order by id", (code,)):
            stream.write(json.dumps(_line(row), ensure_ascii=False) + "\n")
            count += 1
    _to_parquet(lines, target, is_empty=count == 0)
    lines.unlink()
    return count


def _line(row: sqlite3.Row) -> dict[str, str | None]:
    made = {name: row[_RENAMED.get(name, name)] or None for name in COLUMNS if name != "id"}
    return {"id": reference(row["id"])} | made | {"sex": _SEXES.get(row["sex"]), "life": _LIVES.get(row["life"])}


def _to_parquet(lines: Path, target: Path, *, is_empty: bool) -> None:
    import duckdb  # the only call that needs it

    types = ", ".join(f"{name}: 'varchar'" for name in COLUMNS)
    source = f"select * from read_json('{lines}', format = 'newline_delimited', columns = {{{types}}})"
    if is_empty:
        source = f"select {', '.join(f'cast(null as varchar) as {name}' for name in COLUMNS)} where false"
    with duckdb.connect() as engine:
        engine.execute("set threads = 1")
        engine.execute(f"copy ({source}) to '{target}' (format parquet)")
