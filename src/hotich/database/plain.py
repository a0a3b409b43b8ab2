"""Short questions that are asked all day, in plain SQL: composing a query by the framework costs more than its answer.

Parameters are bound by the server, and a statement is parsed and planned once a connection (PgBouncer from 1.21 on
passes that on). Only for statements whose text is one of few; parameters whose type the statement does not tell are
cast in it (`%s::uuid[]`, `%(name)s::int`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from psycopg import Cursor

M = TypeVar("M", bound=Model)
Parameters = Sequence[Any] | Mapping[str, Any]


def ask(statement: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
    """The rows of a statement that gives rows. Errors are the framework's, as of any query."""
    with _cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def tell(statement: str, parameters: Parameters = ()) -> int:
    """Run a statement that gives no rows; how many it touched."""
    with _cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@contextmanager
def _cursor() -> Iterator[Any]:
    """Beside the framework's own cursor, which binds parameters itself: what it looks at before each statement stays."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    raw.prepare_threshold = 0  # the framework's other cursors bind by themselves and never prepare
    with connection.wrap_database_errors, Cursor(raw) as cursor:
        asked: Any = cursor
        if connection.queries_logged:  # who counts or times statements sees these too
            asked = connection.make_debug_cursor(asked)
        elif connection.execute_wrappers:
            asked = connection.make_cursor(asked)
        yield asked


def columns_of(model: type[Model], alias: str) -> str:
    """All columns of a table, in the order `made` wants them: `a.id, a.name`. Not for tables with JSON."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(model: type[M], values: Sequence[Any]) -> M:
    """The object of a row of `columns_of`."""
    return model.from_db(connection.alias, _names(model), values)


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)
