"""A country around the demo's three communes: their rows again and again at other offices, made inside the database.

One copy is all that the demo holds (2,223 records of ten registers, 6,730 participants, persons, links, kinship, facts,
books, numbers, annotations, cases) with ids of its own, so that whatever belongs together still does. Names are drawn anew
from 100,000 whose frequencies are known, births move by up to five years, identity numbers differ from copy to copy. The
first `OWN` copies stay at the officers' own offices, which are therefore the same however large the country is; the rest
goes to 600 offices, of very skewed sizes.

Left out because no page of the benchmark reads it: before and after of the trail, events, look-ups, the queue to the
Ministry; of foreign entries and cases also their cells. The trail has about one entry a record, over 400 days; its hashes
are not a chain. Tables are unlogged, so that loading writes no journal; that changes nothing for who reads.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import psycopg
from psycopg import sql

from benchmarks.search_people import PEOPLE_WEIGHTS, PEOPLES
from hotich.config.demo.names import family_name, full_name
from hotich.database import launcher
from hotich.kernel.names import given_key, keyset, match_key, search_key, sort_key

OWN, OFFICES, NAMES, SEED = 8, 600, 100_000, 20261125
DAYS = 400
# three groups of about the same weight, each filled by a connection of its own
GROUPS = (
    ("participant", "register_book", "intake_batch", "annotation"),
    ("civil_status_record", "intake_case", "registration_number"),
    ("person_link", "kinship", "status_fact", "person", "audit_entry"),
)
TABLES = tuple(table for group in GROUPS for table in group)
SHARED = {"file_id", "scan_id", "scans_id", "workbook_id"}  # sealed files: every copy points at the same
CELLS = {"as_recorded", "standard", "problems", "repairs", "header", "facts"}
HASHES = {"import_hash", "personal_id_key", "id_number_key", "document_key"}
NAME_COLUMNS = ("full_name", "search_key", "match_key", "sort_key", "keyset", "given_key")
MOVED = "(c.n * 37 % 3651 - 1825)"
LETTER = "chr(97 + o.origin_office_id % 26)"  # two of the demo's offices may become the same one
SPECIAL = {
    ("register_book", "number"): f"o.number || c.n || {LETTER}",
    ("intake_case", "book_number"): f"case when o.book_number = '' then '' else o.book_number || c.n || {LETTER} end",
    ("audit_entry", "sequence"): "o.sequence + (c.n * 26 + o.chain_office_id % 26) * 1000000::bigint",
    ("audit_entry", "at"): f"o.at - make_interval(days => c.n % {DAYS})",
    ("audit_entry", "actor_id"): f"case when c.n <= {OWN} then o.actor_id else o.actor_id + c.n * 1000 end",
    ("audit_entry", "subject_id"): "case when length(o.subject_id) = 36 then md5(o.subject_id || c.n)::uuid::text "
    "else o.subject_id end",
    ("participant", "birth_earliest"): f"o.birth_earliest + {MOVED}",
    ("participant", "birth_latest"): f"o.birth_latest + {MOVED}",
    (
        "participant",
        "birth_year",
    ): f"extract(year from o.birth_earliest + (o.birth_latest - o.birth_earliest) / 2 + {MOVED})",
    ("participant", "birth_md"): "case when o.birth_md is not null then "
    f"extract(month from o.birth_earliest + {MOVED}) * 100 + extract(day from o.birth_earliest + {MOVED}) end",
}


class Country:
    """The rows to copy, kept beside; `grow` brings the whole to a number of records."""

    def __init__(self) -> None:
        self.copies = 0
        with _connection() as connection:
            _unlogged(connection)
            for table in TABLES:
                connection.execute(f"create unlogged table bench_{table} as table {table}".encode())
                connection.execute(f"analyze bench_{table}".encode())
            row = connection.execute("select count(*) from bench_civil_status_record").fetchone()
            self.records = int(row[0]) if row else 0
            _names(connection)
            connection.execute(
                "create unlogged table bench_office as select row_number() over (order by md5(code)) - 1 as place, id "
                "from units_office where kind = 'commune' and valid_to is null "
                "and id not in (select origin_office_id from bench_civil_status_record) "
                f"order by md5(code) limit {OFFICES}".encode()
            )

    def grow(self, records: int) -> float:
        """Add copies until there are about so many records; indexes are made anew afterwards. The seconds it took."""
        begun, first, last = time.perf_counter(), self.copies + 1, max(OWN, records // self.records)
        with ThreadPoolExecutor(len(GROUPS)) as pool:
            list(pool.map(lambda group: _fill(group, first, last), GROUPS))
        self.copies = last
        return time.perf_counter() - begun


def _connection() -> psycopg.Connection:
    connection = launcher.connect_as_superuser(launcher.DATABASE)
    connection.execute("set session_replication_role = replica")  # rows are whole; keys are not asked one by one
    connection.execute("set maintenance_work_mem = '1GB'")
    connection.execute("set work_mem = '128MB'")
    return connection


def _names(connection: psycopg.Connection) -> None:
    rng = Random(SEED)
    connection.execute(
        "create unlogged table bench_name (place int, full_name text, search_key text, match_key text, "
        'sort_key text collate "C", keyset text collate "C", given_key text collate "C")'
    )
    with connection.cursor() as cursor, cursor.copy("copy bench_name from stdin") as copy:
        for place in range(NAMES):
            people = rng.choices(PEOPLES, PEOPLE_WEIGHTS)[0]
            name = full_name(rng, people, family_name(rng, people), rng.choice("12"), rng.randrange(1945, 2025))
            copy.write_row((place, name, search_key(name), match_key(name), sort_key(name), keyset(name),
                            given_key(name)))  # fmt: skip
    connection.execute("analyze bench_name")
    connection.execute(
        "insert into name_syllable select distinct part from bench_name, "
        "unnest(string_to_array(search_key, ' ')) as part where char_length(part) <= 20 on conflict do nothing"
    )


def _fill(tables: Iterable[str], first: int, last: int) -> None:
    with _connection() as connection:
        for table in tables:
            # not kept up while rows come; REINDEX makes them whole. Only a superuser may, and only in a benchmark
            connection.execute("update pg_index set indisready = false where indrelid = %s::regclass", [table])
            connection.execute(_statement(connection, table, first, last))
            connection.execute(f"reindex table {table}".encode())
            connection.execute(f"vacuum analyze {table}".encode())


def _statement(connection: psycopg.Connection, table: str, first: int, last: int) -> bytes:
    columns = connection.execute(
        "select column_name, udt_name from information_schema.columns "
        "where table_schema = 'public' and table_name = %s order by ordinal_position", [table]
    ).fetchall()  # fmt: skip
    values = ", ".join(_value(table, name, kind) for name, kind in columns)
    office = {"audit_entry": "chain_office_id", "person": ""}.get(table, "origin_office_id")
    joins = [f"bench_{table} o cross join generate_series({first}, {last}) as c(n)"]
    if office:
        turn = f"(c.n * 0.6180339887::float8 + o.{office} * 0.271::float8)"
        drawn = f"floor({OFFICES} * power({turn} - floor({turn}), 2))"
        joins.append(f"left join bench_office a on c.n > {OWN} and a.place = {drawn}::int")
    if table == "participant":
        joins.append(f"left join bench_name w on o.full_name <> '' "
                     f"and w.place = (hashtextextended(o.id::text, c.n) & 2147483647) % {NAMES}")  # fmt: skip
    kept = " where o.sequence % 4 = c.n % 4" if table == "audit_entry" else ""
    names = ", ".join(name for name, _ in columns)
    return f"insert into {table} ({names}) select {values} from {' '.join(joins)}{kept}".encode()


def _value(table: str, name: str, kind: str) -> str:
    if special := SPECIAL.get((table, name)):
        return special
    if name.endswith("office_id") and kind == "int4":
        return f"coalesce(a.id, o.{name})"
    if kind == "uuid" and name not in SHARED:
        return f"md5(o.{name}::text || c.n)::uuid"
    if name in CELLS:
        empty = "[]" if name in ("problems", "repairs") else "{}"
        return f"case when c.n <= {OWN} then o.{name} else '{empty}' end"
    if name in HASHES:
        return f"case when o.{name} = '' then '' else md5(o.{name} || c.n) || left(o.{name}, 32) end"
    if table == "participant" and name in NAME_COLUMNS:
        return f"coalesce(w.{name}, o.{name})"
    return f"o.{name}"


def _unlogged(connection: psycopg.Connection) -> None:
    """Every table that a table of ours refers to, or is referred to by, and so on: in an order that is allowed."""
    names = [row[0] for row in connection.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace "
        "and relpersistence = 'p'"
    )]  # fmt: skip
    while names:
        left = [name for name in names if not _made_unlogged(connection, name)]
        if len(left) == len(names):
            raise RuntimeError(f"tables refer to each other: {left}")
        names = left


def _made_unlogged(connection: psycopg.Connection, name: str) -> bool:
    try:
        connection.execute(sql.SQL("alter table {} set unlogged").format(sql.Identifier(name)))
    except psycopg.errors.InvalidTableDefinition:
        return False
    return True


def sizes(connection: psycopg.Connection, tables: Iterable[str] = TABLES) -> str:
    """Rows of the tables as the statistics know them, for the report."""
    found = connection.execute(
        "select relname, reltuples from pg_class where relname = any (%s) order by 2 desc", [list(tables)]
    ).fetchall()
    return ", ".join(f"{name} {int(rows):,}" for name, rows in found)
