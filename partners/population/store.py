"""The stand-in's own database: one SQLite file in its folder, read and written by many threads (write-ahead log)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from partners.population.spelling import bare, last_of_name, last_syllable

FILE = "population.sqlite"

# What a citizen is made of; the keys of the search are worked out from these (`row_of`).
FACTS = (
    "personal_id", "old_id", "full_name", "birth", "sex", "ethnicity", "nationality", "native_place", "registration_place",
    "residence", "province_code", "commune_code", "father_name", "father_id", "mother_name", "mother_id", "spouse_name",
    "life",
)  # fmt: skip
KEYS = ("name_key", "given_key", "birth_year", "father_given", "mother_given")

TABLES = f"""
create table if not exists citizen (
    id integer primary key, {", ".join(f"{name} text not null default ''" for name in FACTS)},
    name_key text not null, given_key text not null, birth_year integer,
    father_given text not null, mother_given text not null
);
create table if not exists given (key text primary key) without rowid;
create table if not exists planted (citizen text not null, full_name text not null, kind text not null);
create table if not exists client (id text primary key, secret text not null);
create table if not exists token (digest text primary key, client text not null, expires real not null);
create table if not exists request (
    number integer primary key, client text not null, request_id text not null, kind text not null,
    office text not null, day text not null, body text not null, state text not null, receipt text not null,
    answer text not null, unique (client, request_id)
);
create index if not exists request_by_day on request (client, office, day);
create table if not exists call (
    number integer primary key, at text not null, client text not null, call text not null, request_id text not null,
    procedure text not null, office text not null, officer text not null, error_code text not null
);
create table if not exists fault (name text primary key, value text not null, calls text not null, remaining integer);
"""
# made after the citizens are in: ten times faster than with every row. The search reads names from the indexes alone
INDEXES = """
create unique index if not exists citizen_number on citizen (personal_id);
create index if not exists citizen_old_number on citizen (old_id) where old_id <> '';
create index if not exists citizen_by_year on citizen (given_key, birth_year, name_key);
create index if not exists citizen_by_commune on citizen (given_key, commune_code, name_key);
create index if not exists citizen_by_father on citizen (given_key, father_given, name_key);
create index if not exists citizen_by_mother on citizen (given_key, mother_given, name_key);
create index if not exists citizen_of_commune on citizen (commune_code);
create index if not exists citizen_of_province on citizen (province_code);
insert or ignore into given select distinct given_key from citizen;
"""
_INSERT = f"insert into citizen ({', '.join((*FACTS, *KEYS))}) values ({', '.join('?' * (len(FACTS) + len(KEYS)))})"


def connect(file: Path) -> sqlite3.Connection:
    """A connection for one thread; transactions are begun by hand (`writing`)."""
    db = sqlite3.connect(file, timeout=20, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = normal")
    return db


def open_folder(folder: Path) -> sqlite3.Connection:
    """The database of a folder; FileNotFoundError when nothing was generated there."""
    if not (folder / FILE).exists():
        raise FileNotFoundError(folder / FILE)
    db = connect(folder / FILE)
    db.executescript(TABLES)
    return db


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction; writers stand in a queue."""
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def row_of(citizen: dict[str, Any]) -> tuple[Any, ...]:
    """Facts and search keys of a citizen in the order of the table."""
    key = bare(citizen["full_name"])
    birth = citizen.get("birth") or ""
    return (
        *(citizen.get(name) or "" for name in FACTS),
        key,
        last_syllable(key),
        int(birth[:4]) if birth else None,
        last_of_name(citizen.get("father_name") or ""),
        last_of_name(citizen.get("mother_name") or ""),
    )


def insert_citizens(db: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Rows made by `row_of`, in a transaction of the caller's."""
    db.executemany(_INSERT, rows)


def insert_citizen(db: sqlite3.Connection, citizen: dict[str, Any]) -> int:
    """One more citizen; sqlite3.IntegrityError when the number is taken. Answers its id."""
    row = row_of(citizen)
    db.execute("insert or ignore into given values (?)", (row[len(FACTS) + 1],))
    return int(db.execute(_INSERT, row).lastrowid or 0)


def change_citizen(db: sqlite3.Connection, identity: int, citizen: dict[str, Any]) -> None:
    """Write all facts of one citizen anew, keys included."""
    row = row_of(citizen)
    db.execute("insert or ignore into given values (?)", (row[len(FACTS) + 1],))
    names = ", ".join(f"{name} = ?" for name in (*FACTS, *KEYS))
    db.execute(f"update citizen set {names} where id = ?", (*row, identity))


def make_private(folder: Path) -> None:
    """The folder is its owner's alone: it holds secrets of clients."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(folder, 0o700)
