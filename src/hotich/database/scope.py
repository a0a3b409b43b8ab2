"""Whose rows may be seen: the offices of the officer, set for one transaction only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.db import connection, transaction

from hotich.database.plain import ask

SETTING = "app.offices"
_REMEMBERED = "offices_in_scope"  # on the connection: each thread has its own


def _set(value: str) -> None:
    ask("select set_config(%s, %s, true)", [SETTING, value])


def _exchange(value: str) -> str:
    """Set the offices and give back those of before, in one question to the database."""
    [(before, _)] = ask(
        "select before, set_config(%s, %s, true) from (select coalesce(current_setting(%s, true), '') as before "
        "offset 0) as now",
        [SETTING, value, SETTING],
    )
    return str(before)


def offices_in_scope() -> frozenset[int]:
    """The offices whose rows the present transaction sees; empty outside a scope."""
    [(value,)] = ask("select coalesce(current_setting(%s, true), '')", [SETTING])
    return frozenset(int(part) for part in value.split(",") if part)


@lru_cache(maxsize=256)
def listed(office_ids: frozenset[int]) -> str:
    """Offices as a statement takes them ("3,17"); an officer asks for the same many times a day, a ministry for hundreds."""
    return ",".join(map(str, sorted(office_ids)))


@contextmanager
def office_scope(office_ids: Iterable[int], *, savepoint: bool = True) -> Iterator[None]:
    """One transaction that sees the rows of these offices and no others.

    Gone at commit, so it is safe with pools. Inside another scope it joins the transaction, narrows or widens the
    offices for its own duration, and puts the outer ones back. `savepoint=False`: where the outer scope is of the same
    offices nothing is asked of the database at all; for who opens a savepoint of its own right inside (`unit_of_work`).
    """
    wanted = listed(frozenset(office_ids))
    outer = _in_force()
    is_same = connection.in_atomic_block and outer == wanted
    if is_same and not savepoint:
        yield
        return
    is_own = not connection.in_atomic_block  # a transaction of its own: what is set in it ends with it
    with transaction.atomic():
        before = None
        if is_own:
            _set(wanted)
        elif not is_same:
            before = _exchange(wanted)
        _remember(wanted)
        try:
            yield
        finally:
            _remember(outer)
        if before is not None and not connection.needs_rollback:  # a rollback puts them back by itself
            _set(before)


def _in_force() -> str | None:
    """What the scope around has set on this connection; None outside of any."""
    found: str | None = getattr(connection, _REMEMBERED, None)
    return found


def _remember(value: str | None) -> None:
    setattr(connection, _REMEMBERED, value)
