"""Invented people for the search benchmark, the same for the same seed: births with both parents, by COPY."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from hotich.config.demo.names import family_name, full_name
from hotich.database.state import secret
from hotich.kernel.names import given_key, keyset, match_key, search_key, sort_key
from hotich.records.models import Participant, Record
from hotich.records.rules.keys import document_key, personal_id_key

MADE = 1_000_000  # people made one by one; beyond it they come again elsewhere and at other dates
PEOPLES, PEOPLE_WEIGHTS = ("Kinh", "Tày", "Nùng", "Mông", "Khơ-me", "Ê-đê"), (86, 4, 3, 3, 2, 2)
AT = datetime(2026, 11, 25, tzinfo=UTC)
VERSION = "KS-L2014-1"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A child as the questions of the benchmark need it."""

    id: UUID
    office_id: int
    full_name: str
    born: date
    mother: str
    personal_id: str
    number: int
    year: int


def _name(rng: Random, sex: str, year: int, family: str = "") -> tuple[str, str]:
    people = rng.choices(PEOPLES, PEOPLE_WEIGHTS)[0] if not family else "Kinh"
    family = family or family_name(rng, people)
    return full_name(rng, people, family, sex, year), family


def _uuid(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


class Town:
    """Makes births one after another; every third participant is a child."""

    def __init__(self, people: int, offices: list[int], books: dict[int, UUID], seed: int, few: int) -> None:
        self.few = frozenset(offices[:few])  # whose children are all kept for questions
        self.births, self.offices, self.books, self.rng = min(people, MADE) // 3, offices, books, Random(seed)
        self.times = max(1, round(people / MADE))
        self.key = secret("lookup")
        self.children: list[Somebody] = []

    def rows(self) -> Iterator[tuple[list[Any], list[list[Any]]]]:
        """A record and its three participants at a time."""
        rng = self.rng
        for _ in range(self.births):
            number = rng.randrange(1, 900)
            office, record = self.offices[rng.randrange(len(self.offices))], _uuid(rng)
            born = date(1945, 1, 1) + timedelta(days=rng.randrange(365 * 80))
            sex = rng.choice("12")
            father, family = _name(rng, "1", born.year - 27)
            mother, _ = _name(rng, "2", born.year - 24)
            child, _ = _name(rng, sex, born.year, family if rng.random() < 0.95 else "")
            people = [
                self._person(rng, record, office, "child", child, sex, born),
                self._person(rng, record, office, "father", father, "1", self._parent_birth(rng, born)),
                self._person(rng, record, office, "mother", mother, "2", self._parent_birth(rng, born)),
            ]
            if office in self.few or rng.random() < 0.02:
                self.children.append(
                    Somebody(people[0][0], office, child, born, mother, people[0][16], number, born.year)
                )
            yield self._record(record, office, number, born), people

    @staticmethod
    def _parent_birth(rng: Random, child: date) -> date:
        return child - timedelta(days=int(365 * rng.uniform(19, 38)))

    def _record(self, record: UUID, office: int, number: int, born: date) -> list[Any]:
        return [record, office, "KS", VERSION, "L2014", "historical", self.books[office], number, "",
                f"{number}/{born.year}", born.year, "1", born, born, "in_force", "{}", "{}", 1, AT]  # fmt: skip

    def _person(self, rng: Random, record: UUID, office: int, role: str, name: str, sex: str, born: date) -> list[Any]:
        # the books of old people's births, and of many parents, say the year only or nothing
        exact = rng.random() < (0.97 if role == "child" else 0.5)
        earliest, latest = (born, born) if exact else (date(born.year, 1, 1), date(born.year, 12, 31))
        own = f"{rng.randrange(10**12):012}" if rng.random() < 0.3 else ""
        return [_uuid(rng), office, record, role, name, search_key(name), match_key(name), sort_key(name),
                keyset(name), given_key(name), sex, f"{born:%d/%m/%Y}" if exact else str(born.year), earliest, latest,
                born.year, born.month * 100 + born.day if exact else None, own, personal_id_key(self.key, own),
                "", "", "", document_key(self.key, own), "Kinh", "Việt Nam", "", False]  # fmt: skip


RECORD_TABLE, PERSON_TABLE = Record._meta.db_table, Participant._meta.db_table
RECORD_COLUMNS = [
    "id", "origin_office_id", "register_type", "schema_version", "era", "channel", "book_id", "number",
    "number_suffix", "number_text", "registration_year", "page_no", "registered_earliest", "registered_latest",
    "state", "as_recorded", "standard", "version", "created_at",
]  # fmt: skip
PERSON_COLUMNS = [
    "id", "origin_office_id", "record_id", "role", "full_name", "search_key", "match_key", "sort_key", "keyset",
    "given_key", "sex", "birth_text", "birth_earliest", "birth_latest", "birth_year", "birth_md", "personal_id",
    "personal_id_key", "id_type", "id_number", "id_number_key", "document_key", "ethnicity", "nationality",
    "residence", "restricted",
]  # fmt: skip


def load(connection: psycopg.Connection, town: Town) -> None:
    """COPY past row-level security, without indexes meanwhile; then indexes, syllables and statistics."""
    tables = {RECORD_TABLE: RECORD_COLUMNS, PERSON_TABLE: PERSON_COLUMNS}
    connection.execute("set session_replication_role = replica")  # the rows are whole; keys are not asked one by one
    made = [_drop_indexes(connection, table) for table in tables]
    record_table, person_table = (_copy_into(table, columns) for table, columns in tables.items())
    with connection.cursor() as cursor:
        with cursor.copy(record_table) as copy:
            people: list[list[list[Any]]] = []
            for record, found in town.rows():
                copy.write_row(record)
                people.append(found)
        with cursor.copy(person_table) as copy:
            for found in people:
                for person in found:
                    copy.write_row(person)
    _again(connection, town.times)
    connection.execute("set maintenance_work_mem = '1GB'")
    for index in [each for group in made for each in group]:
        connection.execute(index.encode())
    connection.execute(
        "insert into name_syllable select distinct part from participant, unnest(string_to_array(search_key, ' ')) "
        "as part where char_length(part) between 1 and 20 on conflict do nothing"
    )
    connection.execute("vacuum analyze")
    connection.execute("set session_replication_role = origin")


def _again(connection: psycopg.Connection, times: int) -> None:
    """Everybody so many times: another id, office and number, born up to ten years earlier or later.

    A name is therefore exactly `times` times as frequent, the rare ones too, which makes questions harder than new rare
    names would. Made in the database, not by COPY, to save time.
    """
    if times < 2:
        return
    connection.execute("create temporary table place as select id, origin_office_id as office, "
                       "row_number() over (order by origin_office_id) - 1 as at from register_book")  # fmt: skip
    moved = "((hashtextextended(o.record_id::text, c.n) & 1048575) % 7301 - 3650)::int"
    of = {
        RECORD_TABLE: {"id": "md5(o.id::text || c.n)::uuid", "origin_office_id": "t.office", "book_id": "t.id"},
        PERSON_TABLE: {
            "id": "md5(o.id::text || c.n)::uuid", "origin_office_id": "t.office",
            "record_id": "md5(o.record_id::text || c.n)::uuid",
            "birth_earliest": f"o.birth_earliest + {moved}", "birth_latest": f"o.birth_latest + {moved}",
            "birth_year": f"extract(year from o.birth_earliest + (o.birth_latest - o.birth_earliest) / 2 + {moved})",
            "birth_md": f"case when o.birth_md is not null then extract(month from o.birth_earliest + {moved}) * 100 "
            f"+ extract(day from o.birth_earliest + {moved}) end",
        } | {
            key: f"case when o.{key} = '' then '' else md5(o.{key} || c.n) || left(o.{key}, 32) end"
            for key in ("personal_id_key", "document_key")
        },
    }  # fmt: skip
    for table, columns in ((RECORD_TABLE, RECORD_COLUMNS), (PERSON_TABLE, PERSON_COLUMNS)):
        record = "o.id" if table == RECORD_TABLE else "o.record_id"
        connection.execute(
            f"insert into {table} ({', '.join(columns)}) "
            f"select {', '.join(of[table].get(name, f'o.{name}') for name in columns)} "
            f"from (select * from {table} offset 0) o cross join generate_series(2, {times}) as c(n) "
            f"join place t on t.at = (hashtextextended({record}::text, c.n + 99) & 1048575) "
            "% (select count(*) from place)".encode()
        )


def _copy_into(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def _drop_indexes(connection: psycopg.Connection, table: str) -> list[str]:
    """Drop the plain indexes of a table; the statements that make them again."""
    found = connection.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i "
        "where i.indrelid = %s::regclass and not i.indisunique",
        [table],
    ).fetchall()
    for name, _ in found:
        connection.execute(f"drop index {name}".encode())
    return [definition for _, definition in found]
