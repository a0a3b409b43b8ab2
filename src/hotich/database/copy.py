"""Bulk writing under row-level security, where COPY straight into a table is refused."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from psycopg import ClientCursor, Cursor, sql

AT_ONCE = 20  # so few rows go by a plain INSERT: one statement in the place of four
TRUNCATE_FROM = 200  # rows: removing fewer one by one is faster than a new file for the table


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, on_conflict: str = "") -> int:
    """COPY rows into a temporary table, then INSERT … SELECT under the policy of `table`; the number inserted.

    `on_conflict` e.g. "on conflict do nothing". Must run inside a transaction. jsonb values are passed as text.
    """
    ready = list(rows)
    if not ready:
        return 0
    with connection.cursor() as cursor, connection.wrap_database_errors:  # errors are the framework's, as of any query
        if len(ready) <= AT_ONCE:
            return _insert(cursor.cursor, table, columns, ready, on_conflict)
        return _by_way_of_staging(cursor.cursor, table, columns, ready, on_conflict)


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _insert(
    cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], on_conflict: str
) -> int:
    """One row after the other is bound into a short template, which is parsed once; all rows at once would be parsed
    anew each time, and that costs more than sending them."""
    head, row, tail = _pieces(table, tuple(columns), on_conflict)
    bind = ClientCursor(cursor.connection).mogrify
    cursor.execute("".join((head, ", ".join([bind(row, each) for each in rows]), tail)).encode())
    return int(cursor.rowcount)


@lru_cache(maxsize=256)
def _pieces(table: str, columns: tuple[str, ...], on_conflict: str) -> tuple[str, str, str]:
    """An INSERT in three: up to its rows, the template of a row, what follows."""
    head = sql.SQL("insert into {} ({}) values ").format(sql.Identifier(table), _names(columns))
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    return head.as_string(None), row.as_string(None), f" {on_conflict}" if on_conflict else ""


def _by_way_of_staging(
    cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], on_conflict: str
) -> int:
    names = _names(columns)
    # one temporary table a session for each table and set of columns
    staging = sql.Identifier(f"staging_{table}_{zlib.crc32(','.join(columns).encode()):08x}")
    cursor.execute(
        sql.SQL("create temporary table if not exists {} on commit delete rows as select {} from {} limit 0").format(
            staging, names, sql.Identifier(table)
        )
    )
    with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(staging, names)) as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(
        sql.SQL("insert into {} ({}) select {} from {} {}").format(
            sql.Identifier(table), names, names, staging, sql.SQL(on_conflict)
        )
    )
    inserted = int(cursor.rowcount)
    # emptied at the end of the transaction anyway; for the next time within this one
    cursor.execute(sql.SQL("truncate {}" if inserted > TRUNCATE_FROM else "delete from {}").format(staging))
    return inserted
