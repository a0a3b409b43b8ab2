"""Drawn people as the parquet files `hotich match` reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

COLUMNS = (
    "id", "full_name", "birth_date", "sex", "father_name", "mother_name", "province_code", "commune_code", "personal_id",
)  # fmt: skip


def write_parquet(rows: Sequence[dict[str, Any]], path: Path, columns: Sequence[str] = COLUMNS) -> Path:
    """Write the rows, all columns as text."""
    lines = path.with_suffix(".jsonl")
    with lines.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False) + "\n")
    named = ", ".join(f"{name}: 'varchar'" for name in columns)
    empty = ", ".join(f"cast(null as varchar) as {name}" for name in columns)
    source = f"read_json('{lines}', format = 'newline_delimited', columns = {{{named}}})"
    duckdb.execute(
        f"copy (select * from {source if rows else f'(select {empty} where false)'}) to '{path}' (format parquet)"
    )
    lines.unlink()
    return path
