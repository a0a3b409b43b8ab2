"""Under which secret the keyed hashes of identity numbers stand now, also while it is being exchanged under running work.

The column itself says it, by a comment with a mark of the secret: it changes in the very transaction in which the
columns are exchanged (`config.operation.services.rekeying`). Whoever makes or asks for a hash holds a shared lock until
the end of its transaction, so that no transaction works with the secret of before on the columns of after.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import connection

from hotich.database.state import former_secrets, secret

NAME = "lookup"
LOCK = 7_365_823_411
TABLE, COLUMN = "participant", "personal_id_key"
_SAYS = "numbers under "
_ASK = (
    "select col_description(a.attrelid, a.attnum) from pg_attribute a join pg_class c on c.oid = a.attrelid "
    "where c.relname = %s and c.relnamespace = 'public'::regnamespace and a.attname = %s and not a.attisdropped"
)


def mark_of(text: str) -> str:
    """What a secret is recognised by; it tells nothing about it."""
    return _SAYS + hashlib.sha256(b"hotich.lookup.mark\x1f" + text.encode()).hexdigest()[:16]


def mark_in_use(cursor: Any, column: str = COLUMN) -> str | None:
    """The mark of the secret that the column's hashes stand under; None where there is no such column, "" for no mark."""
    cursor.execute(_ASK, [TABLE, column])
    row = cursor.fetchone()
    return None if row is None else row[0] or ""


def secret_of(mark: str | None) -> str:
    """The secret of this installation with this mark; the present one where there is no mark, or none has it."""
    present = secret(NAME)
    return next((text for text in (present, *former_secrets(NAME)) if mark_of(text) == mark), present)


def lookup_secret() -> str:
    """The secret to make and to ask for hashes with, good until the end of this transaction.

    Asks the database only while a former secret is kept, that is from `secrets rotate lookup` to `secrets forget lookup`.
    """
    if not former_secrets(NAME):
        return secret(NAME)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [LOCK])
        return secret_of(mark_in_use(cursor))  # a statement of its own: it must see what was exchanged meanwhile


def mark_present(cursor: Any) -> None:
    """Note the present secret where nothing is noted yet (as owner): before it is ever exchanged it is the only one."""
    if mark_in_use(cursor) == "":
        cursor.execute(f"comment on column {TABLE}.{COLUMN} is '{mark_of(secret(NAME))}'")
