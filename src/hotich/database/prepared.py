"""Statements that are asked again and again: planned once a connection, their values sent beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.backends.postgresql import base


def fetch(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement with %(name)s for its values; every value needs a type in it (`%(name)s::int`).

    Planning a union of probes under row-level security takes longer than answering it, so the server keeps the plan
    (and PgBouncer from 1.21 on passes it on). For statements whose text is one of few; lists come best as one text,
    taken apart in the statement.
    """
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 0  # the framework's other cursors bind by themselves and never prepare
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    bound: Any = base.ServerBindingCursor  # the stubs know of psycopg 2 only
    with make(bound(raw)) as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
