"""Exchanging the secret of identity numbers under running work.

Every keyed hash gets a second column, under the new secret, in blocks, while everybody goes on with the first one. When
all are there the columns change names in one transaction, which takes milliseconds, waits for whoever works with the
former secret, and keeps others waiting so long (`database.lookup_key`). So at no moment do two records of one person
stand under two secrets. All of it may be killed and run again: what is filled stays filled.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from hotich.config.operation.backup import office_ids
from hotich.config.operation.services.keyed_tables import TABLES, Keyed
from hotich.database import lookup_key, roles
from hotich.database.scope import office_scope
from hotich.database.state import secret

Say = Callable[[str], None]
BATCH = 2000
OFFICES_AT_ONCE = 500
NOT_YET = "-"  # no hash looks like it
PASSES = 20
LOCK_WAIT = "400ms"  # less than deadlock_timeout: where we and a request wait for each other, it is we who give way
TRIES = 600


@dataclass(frozen=True, slots=True)
class Counted:
    """`done` of `total` rows have their hashes under the present secret; `strange` fit no secret of ours."""

    done: int
    total: int
    strange: int = 0


def is_half_done() -> bool:
    """Whether the hashes stand under a former secret, as in a backup taken meanwhile that was put back."""
    with connection.cursor() as cursor:
        mark = lookup_key.mark_in_use(cursor)
    return bool(mark) and mark != lookup_key.mark_of(secret(lookup_key.NAME))


def note_secret_in_use() -> None:
    """Before a new secret is made: which one the hashes stand under, where that is not noted yet."""
    with roles.owner_connection() as owner, owner.cursor() as cursor:
        lookup_key.mark_present(cursor)


def exchange(say: Say) -> Counted:
    """Bring every hash under the present secret; at once when it is there already. Raises LauncherError."""
    if not is_half_done():
        return count()
    with roles.owner_connection() as owner:
        _prepare(owner, say)
        _wait_for_older_transactions(say)
        strange = _fill(say, everything=True)
        _make_indexes(owner, say)
        for _ in range(PASSES):
            if not _something_waits():
                break
            strange = _fill(say, everything=False)
            if strange:
                break
        if strange:
            found = count()
            return Counted(found.done, found.total, strange)
        _flip(owner, say)
    return count()


# ---- the second columns


def _exists(cursor: Any, table: str, column: str) -> bool:
    cursor.execute(
        "select 1 from pg_attribute where attrelid = %s::regclass and attname = %s and not attisdropped",
        [table, column],
    )
    return cursor.fetchone() is not None


def _prepare(owner: psycopg.Connection, say: Say) -> None:
    """Add the second columns; those of a rotation to another secret, which was given up, are made anew."""
    wanted = lookup_key.mark_of(secret(lookup_key.NAME))
    with owner.cursor() as cursor:
        found = lookup_key.mark_in_use(cursor, f"next_{lookup_key.COLUMN}")
        if found == wanted and all(_exists(cursor, keyed.table, keyed.next_columns[0]) for keyed in TABLES):
            return
    statements = [statement for keyed in reversed(TABLES) for statement in _add_columns(keyed)]
    mark = f"comment on column {lookup_key.TABLE}.next_{lookup_key.COLUMN} is '{wanted}'"
    _patiently(owner, [*statements, mark], say)


def _add_columns(keyed: Keyed) -> Iterator[str]:
    """A default that is the same for all rows is added without writing any. A change of a number asks for a new hash."""
    table, name = keyed.table, f"{keyed.table}_next_keys"
    adds = ", ".join(
        f"drop column if exists {column}, add column {column} varchar(64) not null default '{NOT_YET}'"
        for column in keyed.next_columns
    )
    changed = " or ".join(f"new.{column} is distinct from old.{column}" for column in keyed.columns + keyed.told_by)
    reset = " ".join(f"new.{column} := '{NOT_YET}';" for column in keyed.next_columns)
    yield f"alter table {table} {adds}"
    grant = f"grant update ({', '.join(keyed.next_columns)}) on {table} to hotich_app"
    yield (  # where the app may update single columns only
        f"do $$ begin if not has_table_privilege('hotich_app', '{table}', 'update') then {grant}; end if; end $$"
    )
    yield (
        f"create or replace function {name}() returns trigger language plpgsql as $$ begin "
        f"if {changed} then {reset} end if; return new; end $$"
    )
    yield f"create or replace trigger {name} before update on {table} for each row execute function {name}()"


def _wait_for_older_transactions(say: Say) -> None:
    """Whoever began before the new secret lay there may work with the former one without a lock: let them end."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        since, told = cursor.fetchone()[0], time.monotonic()
        while True:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database() and usename = 'hotich_app' "
                "and pid <> pg_backend_pid() and xact_start < %s",
                [since],
            )
            if not (number := cursor.fetchone()[0]):
                return
            if time.monotonic() - told > 5:
                told = time.monotonic()
                say(f"lookup: waiting for {number} transaction(s) that began before …")
            time.sleep(0.2)


# ---- filling them, in blocks


def _fill(say: Say, *, everything: bool) -> int:
    """Hashes for what has none yet, by the rows' order or, once there is an index, by it; how many rows are strange."""
    present = secret(lookup_key.NAME)
    with connection.cursor() as cursor:
        in_use = lookup_key.secret_of(lookup_key.mark_in_use(cursor))
    done = strange = 0
    for keyed in TABLES:
        for some in _offices_with(keyed):
            last: Any = None
            while True:
                with office_scope(some):
                    rows = _block(keyed, last)
                    known = [row for row in rows if keyed.keys(in_use, _told(keyed, row)) == _stored(keyed, row)]
                    _write(keyed, [(row[0], *keyed.keys(present, _told(keyed, row))) for row in known])
                strange += len(rows) - len(known)
                done += len(rows)
                if everything and rows and done % (10 * BATCH) < len(rows):
                    say(f"lookup: {done} rows of {keyed.table} and before …")
                if len(rows) < BATCH:
                    break
                last = rows[-1][0]
    return strange


def _told(keyed: Keyed, row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(row[1 : 1 + len(keyed.told_by)])


def _stored(keyed: Keyed, row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(row[1 + len(keyed.told_by) :])


def _offices_with(keyed: Keyed) -> list[list[int]]:
    """Most offices there ever were have no rows: those that have some, in pieces."""
    offices, found = office_ids(), set()
    for start in range(0, len(offices), OFFICES_AT_ONCE):
        with office_scope(offices[start : start + OFFICES_AT_ONCE]), connection.cursor() as cursor:
            cursor.execute(f"select distinct origin_office_id from {keyed.table}")
            found |= {row[0] for row in cursor.fetchall()}
    kept = sorted(found)
    return [kept[start : start + OFFICES_AT_ONCE] for start in range(0, len(kept), OFFICES_AT_ONCE)]


def _block(keyed: Keyed, last: Any) -> list[tuple[Any, ...]]:
    """The next rows without hashes; what others hold is left to a later pass, so nobody waits for us."""
    after = "and id > %s" if last is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, {', '.join(keyed.told_by + keyed.columns)} from {keyed.table} "
            f"where {keyed.next_columns[0]} = %s {after} order by id limit {BATCH} for update skip locked",
            [NOT_YET, *([last] if last is not None else [])],
        )
        return list(cursor.fetchall())


def _write(keyed: Keyed, rows: list[tuple[Any, ...]], cursor: Any = None) -> None:
    if not rows:
        return
    names = [f"k{number}" for number in range(len(keyed.columns))]
    sets = ", ".join(f"{column} = v.{name}" for column, name in zip(keyed.next_columns, names, strict=True))
    arrays = ", ".join(["%s::uuid[]", *["%s::text[]"] * len(names)])
    statement = (
        f"update {keyed.table} t set {sets} from unnest({arrays}) as v(id, {', '.join(names)}) where t.id = v.id"
    )
    values = [list(column) for column in zip(*rows, strict=True)]
    if cursor is not None:
        cursor.execute(statement.encode(), values)
        return
    with connection.cursor() as own:
        own.execute(statement, values)


def _something_waits() -> bool:
    """Whether any row has no second hash yet, by its index."""
    offices = office_ids()
    for keyed in TABLES:
        for start in range(0, len(offices), OFFICES_AT_ONCE):
            with office_scope(offices[start : start + OFFICES_AT_ONCE]), connection.cursor() as cursor:
                cursor.execute(f"select 1 from {keyed.table} where {keyed.next_columns[0]} = %s limit 1", [NOT_YET])
                if cursor.fetchone():
                    return True
    return False


def _filled(keyed: Keyed) -> tuple[int, int]:
    offices, done, total = office_ids(), 0, 0
    for start in range(0, len(offices), OFFICES_AT_ONCE):
        with office_scope(offices[start : start + OFFICES_AT_ONCE]), connection.cursor() as cursor:
            cursor.execute(
                f"select count(*) filter (where {keyed.next_columns[0]} <> %s), count(*) from {keyed.table}", [NOT_YET]
            )
            row = cursor.fetchone()
            done, total = done + row[0], total + row[1]
    return done, total


# ---- counting


def count() -> Counted:
    """How far it is: while it is under way by the second columns, else by making every hash anew and comparing."""
    with connection.cursor() as cursor:
        filling = all(_exists(cursor, keyed.table, keyed.next_columns[0]) for keyed in TABLES)
    if filling and is_half_done():
        found = [_filled(keyed) for keyed in TABLES]
        return Counted(sum(done for done, _ in found), sum(total for _, total in found))
    text, done, total = secret(lookup_key.NAME), 0, 0
    for keyed in TABLES:
        for some in _offices_with(keyed):
            for row in _rows(keyed, some):
                total += 1
                done += keyed.keys(text, _told(keyed, row)) == _stored(keyed, row)
    return Counted(done, total)


def _rows(keyed: Keyed, offices: list[int]) -> Iterator[tuple[Any, ...]]:
    last: Any = None
    while True:
        with office_scope(offices), connection.cursor() as cursor:
            cursor.execute(
                f"select id, {', '.join(keyed.told_by + keyed.columns)} from {keyed.table} "
                f"where %s::uuid is null or id > %s order by id limit {BATCH}",
                [last, last],
            )
            rows = list(cursor.fetchall())
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


# ---- exchanging the columns


def _indexes(cursor: Any, keyed: Keyed) -> list[tuple[str, str]]:
    """Name and definition of every index of the table that has one of the columns."""
    cursor.execute(
        "select c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid "
        "where i.indrelid = %s::regclass and exists (select from pg_attribute a where a.attrelid = i.indrelid "
        "and a.attnum = any (i.indkey) and a.attname = any (%s)) order by 1",
        [keyed.table, list(keyed.columns)],
    )
    return list(cursor.fetchall())


def _make_indexes(owner: psycopg.Connection, say: Say) -> None:
    """The indexes of the second columns, made beside running work; the planner learns about the columns too."""
    for keyed in TABLES:
        with owner.cursor() as cursor:
            for name, definition in _indexes(cursor, keyed):
                cursor.execute("select indisvalid from pg_index where indexrelid = to_regclass(%s)", [f"next_{name}"])
                found = cursor.fetchone()
                if found == (True,):
                    continue
                say(f"lookup: index {name} …")
                if found:  # killed half-way
                    cursor.execute(sql.SQL("drop index {}").format(sql.Identifier(f"next_{name}")))
                made = re.sub(rf"\bINDEX {name}\b", f"INDEX CONCURRENTLY next_{name}", definition, count=1)
                head, _, tail = made.partition(" USING ")
                for column in keyed.columns:
                    tail = re.sub(rf"\b{column}\b", f"next_{column}", tail)
                cursor.execute(f"{head} USING {tail}".encode())
            cursor.execute(f"analyze {keyed.table} ({', '.join(keyed.next_columns)})".encode())


def _flip(owner: psycopg.Connection, say: Say) -> None:
    """The second columns become the first. Whoever uses the former secret ends before, whoever comes waits."""
    present, offices = secret(lookup_key.NAME), ",".join(map(str, office_ids()))

    def act(cursor: Any) -> None:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lookup_key.LOCK])
        cursor.execute("select set_config('app.offices', %s, true)", [offices])
        for keyed in TABLES:
            cursor.execute(f"lock table {keyed.table} in access exclusive mode".encode())
        for keyed in TABLES:
            cursor.execute(
                f"select id, {', '.join(keyed.told_by)} from {keyed.table} where {keyed.next_columns[0]} = %s".encode(),
                [NOT_YET],
            )
            late = [(row[0], *keyed.keys(present, tuple(row[1:]))) for row in cursor.fetchall()]
            _write(keyed, late, cursor)
            _exchange_names(cursor, keyed)

    _when_quiet(owner, act, say)


def _exchange_names(cursor: Any, keyed: Keyed) -> None:
    indexes = [name for name, _ in _indexes(cursor, keyed)]
    name = f"{keyed.table}_next_keys"
    cursor.execute(f"drop trigger {name} on {keyed.table}; drop function {name}()".encode())
    for column, following in zip(keyed.columns, keyed.next_columns, strict=True):
        cursor.execute(
            f"alter table {keyed.table} drop column {column}; alter table {keyed.table} rename {following} to {column}; "
            f"alter table {keyed.table} alter {column} drop default".encode()
        )
    for index in indexes:
        cursor.execute(
            sql.SQL("alter index {} rename to {}").format(sql.Identifier(f"next_{index}"), sql.Identifier(index))
        )


def _patiently(owner: psycopg.Connection, statements: list[str], say: Say) -> None:
    def act(cursor: Any) -> None:
        for statement in statements:
            cursor.execute(statement.encode())

    _when_quiet(owner, act, say)


def _when_quiet(owner: psycopg.Connection, act: Callable[[Any], None], say: Say) -> None:
    """One transaction that gives up and tries again where it would keep others waiting. Raises psycopg's LockNotAvailable."""
    for number in range(1, TRIES + 1):
        try:
            with owner.transaction(), owner.cursor() as cursor:
                cursor.execute(f"set local lock_timeout = '{LOCK_WAIT}'".encode())
                act(cursor)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if number == TRIES:
                raise
            if number % 10 == 0:
                say(f"lookup: waiting for a quiet moment ({number}) …")
            time.sleep(0.1 + (number % 7) / 10)
