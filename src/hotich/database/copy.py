"""Writing rows under row-level security, where COPY straight into a table is refused: few by one statement, many by COPY."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from django.db import connection
from django.db.models import JSONField, Model
from psycopg import Cursor, sql

from hotich.database.plain import ask, tell

AT_ONCE = 20  # so few rows go by one INSERT in the place of four statements
M = TypeVar("M", bound=Model)
TRUNCATE_FROM = 200  # rows: removing fewer one by one is faster than a new file for the table


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, on_conflict: str = "") -> int:
    """COPY rows into a temporary table, then INSERT … SELECT under the policy of `table`; the number inserted.

    `on_conflict` e.g. "on conflict do nothing". Must run inside a transaction. jsonb values are passed as text.
    """
    ready = list(rows)
    if not ready:
        return 0
    if len(ready) <= AT_ONCE:
        return _insert(table, tuple(columns), ready, on_conflict)
    with connection.cursor() as cursor, connection.wrap_database_errors:  # errors are the framework's, as of any query
        return _by_way_of_staging(cursor.cursor, table, columns, ready, on_conflict)


def copy_objects(objects: Sequence[Model], *, on_conflict: str = "") -> int:
    """`bulk_create` of many objects of one table by `copy_rows`; the number inserted. For tables whose values need nothing
    of the framework on their way (no automatic dates, no numbers the database gives)."""
    if not objects:
        return 0
    model = type(objects[0])
    fields: list[Any] = list(model._meta.concrete_fields)
    made = copy_rows(
        model._meta.db_table, [field.column for field in fields], _rows_of(objects, fields), on_conflict=on_conflict
    )
    for each in objects:
        each._state.adding = False
    return made


def update_objects(objects: Sequence[M], names: Sequence[str]) -> int:
    """`bulk_update` of some columns of many objects of one table: COPY into a temporary table, then one UPDATE; the number
    of rows that were there."""
    if not objects:
        return 0
    model = type(objects[0])
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    columns: list[str] = [field.column for field in fields]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        raw: Cursor[Any] = cursor.cursor
        staging = _staged(raw, model._meta.db_table, columns, _rows_of(objects, fields))
        key, *said = [sql.Identifier(column) for column in columns]
        exchanged = sql.SQL(", ").join([sql.SQL("{0} = s.{0}").format(column) for column in said])
        raw.execute(
            sql.SQL("update {} t set {} from {} s where t.{} = s.{}").format(
                sql.Identifier(model._meta.db_table), exchanged, staging, key, key
            )
        )
        changed = int(raw.rowcount)
        raw.execute(sql.SQL("truncate {}").format(staging))
    return changed


def _rows_of(objects: Sequence[Model], fields: Sequence[Any]) -> list[list[Any]]:
    names = [field.attname for field in fields]
    documents = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    rows = []
    for each in objects:
        values = each.__dict__
        row = [values[name] for name in names]
        for place in documents:
            row[place] = None if row[place] is None else _document(row[place])
        rows.append(row)
    return rows


def _document(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str).decode()


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _insert(table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]], on_conflict: str) -> int:
    """All rows as one JSON text: one parameter, whatever their number, so that the statement is parsed once a connection.
    Binding each value costs twice as much, here and in the server."""
    documents = _documents(table)
    of_json = [place for place, column in enumerate(columns) if column in documents]
    objects = []
    for row in rows:
        values = list(row)
        for place in of_json:
            if values[place] is not None:
                values[place] = orjson.Fragment(values[place])
        objects.append(dict(zip(columns, values, strict=True)))
    return tell(_statement(table, columns, on_conflict), [orjson.dumps(objects, default=_other).decode()])


def _other(value: Any) -> str:
    """What JSON has no form for, as the server reads it from text."""
    return f"\\x{value.hex()}" if isinstance(value, bytes | memoryview) else str(value)


@lru_cache(maxsize=256)
def _statement(table: str, columns: tuple[str, ...], on_conflict: str) -> str:
    names = _names(columns)
    text = sql.SQL("insert into {0} ({1}) select {1} from jsonb_populate_recordset(null::{0}, {2}::jsonb)").format(
        sql.Identifier(table), names, sql.Placeholder()
    )
    return f"{text.as_string(None)} {on_conflict}".strip()


@lru_cache(maxsize=256)
def _documents(table: str) -> frozenset[str]:
    """The columns of a table that hold JSON: their texts go in as they are."""
    found = ask(
        "select attname from pg_attribute where attrelid = %s::regclass "
        "and atttypid in ('json'::regtype, 'jsonb'::regtype) and not attisdropped",
        [f'"{table}"'],
    )
    return frozenset(name for (name,) in found)


def _by_way_of_staging(
    cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], on_conflict: str
) -> int:
    names = _names(columns)
    staging = _staged(cursor, table, columns, rows)
    cursor.execute(
        sql.SQL("insert into {} ({}) select {} from {} {}").format(
            sql.Identifier(table), names, names, staging, sql.SQL(on_conflict)
        )
    )
    inserted = int(cursor.rowcount)
    # emptied at the end of the transaction anyway; for the next time within this one
    cursor.execute(sql.SQL("truncate {}" if inserted > TRUNCATE_FROM else "delete from {}").format(staging))
    return inserted


def _staged(cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> sql.Identifier:
    """The rows in a temporary table like these columns; its name."""
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
    return staging
