"""Bulk writing under row-level security, where COPY straight into a table is refused."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, on_conflict: str = "") -> int:
    """COPY rows into a temporary table, then INSERT … SELECT under the policy of `table`; the number inserted.

    `on_conflict` e.g. "on conflict do nothing". Must run inside a transaction. jsonb values are passed as text.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    # one temporary table a session for each table and set of columns
    staging = sql.Identifier(f"staging_{table}_{zlib.crc32(','.join(columns).encode()):08x}")
    with connection.cursor() as cursor:
        raw = cursor.cursor
        raw.execute(
            sql.SQL(
                "create temporary table if not exists {} on commit delete rows as select {} from {} limit 0"
            ).format(staging, names, sql.Identifier(table))
        )
        with raw.copy(sql.SQL("copy {} ({}) from stdin").format(staging, names)) as copy:
            for row in rows:
                copy.write_row(row)
        raw.execute(
            sql.SQL("insert into {} ({}) select {} from {} {}").format(
                sql.Identifier(table), names, names, staging, sql.SQL(on_conflict)
            )
        )
        inserted = int(raw.rowcount)
        raw.execute(sql.SQL("delete from {}").format(staging))
    return inserted
