"""Whose rows may be seen: the offices of the officer, set for one transaction only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SETTING = "app.offices"


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [SETTING, value])


def _exchange(value: str) -> str:
    """Set the offices and give back those of before, in one question to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select before, set_config(%s, %s, true) from (select coalesce(current_setting(%s, true), '') as before "
            "offset 0) as now",
            [SETTING, value, SETTING],
        )
        before: str = cursor.fetchone()[0]
    return before


def offices_in_scope() -> frozenset[int]:
    """The offices whose rows the present transaction sees; empty outside a scope."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting(%s, true), '')", [SETTING])
        value: str = cursor.fetchone()[0]
    return frozenset(int(part) for part in value.split(",") if part)


@contextmanager
def office_scope(office_ids: Iterable[int]) -> Iterator[None]:
    """One transaction that sees the rows of these offices and no others.

    Gone at commit, so it is safe with pools. Inside another scope it joins the transaction, narrows or widens the
    offices for its own duration, and puts the outer ones back.
    """
    wanted = ",".join(str(office) for office in sorted(set(office_ids)))
    with transaction.atomic():
        outer = _exchange(wanted)
        yield
        _set(outer)
