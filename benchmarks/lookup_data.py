"""What the look-up benchmark asks about: people in a kept installation, made in steps of which none is made twice.

A folder given with --keep is used again by the next run; a step that was killed is made anew. Nothing is removed from a
folder that this benchmark did not make.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import psycopg

SEED = 20261125
MARK = "lookup.json"
TAKEN_OVER, RENAMED, SUBJECTS = 10, 50, 400  # one of so many: number taken over, former name, subject of questions


@dataclass(frozen=True, slots=True)
class Subject:
    """A child that may be asked for, with what its questions are made of; what it has not is empty."""

    id: UUID
    office_id: int
    full_name: str
    born: date | None  # None: the book says the year only
    year: int
    mother: str
    personal_id: str
    taken_over: str
    former: str


@contextmanager
def installation(people: int, kept: Path | None) -> Iterator[None]:
    """A running installation with so many people and all that is asked for; the folder stays if it was given."""
    folder = kept or Path(mkdtemp(prefix="hotich-bench-"))
    os.environ |= {"HOTICH_STATE": str(folder), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}
    os.environ.pop("DATABASE_URL", None)
    from hotich.database import launcher

    try:
        done = _begin(folder, people)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        for name, step in STEPS.items():
            if name in done:
                continue
            begun = time.perf_counter()
            step(people)
            done.append(name)
            _write(folder, people, done)
            print(f"  {name}: {time.perf_counter() - begun:.0f} s", flush=True)
        _read_once(folder)
        yield
    finally:
        launcher.down()
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _begin(folder: Path, people: int) -> list[str]:
    """The server runs; the steps that are done. A folder without its people begins from nothing."""
    from hotich.database import launcher

    mark = folder / MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise SystemExit(f"{folder} is not empty and no folder of this benchmark")
    found: dict[str, Any] = json.loads(mark.read_text()) if mark.exists() else {"people": people, "done": []}
    if found["people"] != people:
        raise SystemExit(f"{folder} holds {found['people']:,} people: ask for as many, or name another folder")
    if mark.exists() and not found["done"]:
        launcher.down()
        shutil.rmtree(folder)
    folder.mkdir(exist_ok=True, parents=True)
    folder.chmod(0o755)  # the database user must be able to enter it
    _write(folder, people, found["done"])
    launcher.up()
    (folder / "demo").write_text("bench")
    return list(found["done"])


def _read_once(folder: Path) -> None:
    """All files of the database into the memory of the system, for both sides: what is measured is not the disk."""
    for path in sorted((folder / "postgresql").rglob("*")):
        if path.is_file():
            with path.open("rb", buffering=0) as stream:
                while stream.read(1 << 22):
                    pass


def _write(folder: Path, people: int, done: list[str]) -> None:
    fresh = folder / f"{MARK}.new"
    fresh.write_text(json.dumps({"people": people, "done": done}))
    fresh.replace(folder / MARK)


@contextmanager
def superuser() -> Iterator[psycopg.Connection]:
    """Past row-level security, for making data."""
    from hotich.database import launcher

    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        connection.execute("set maintenance_work_mem = '1GB'")
        yield connection


# ---- the steps


def _people(people: int) -> None:
    from benchmarks.search import load_town

    load_town(people, 0)


def _taken_over(people: int) -> None:
    """A number of the population database for every tenth participant without one, as take_over_identity keeps it."""
    from benchmarks.search_people import AT
    from hotich.database.state import secret
    from hotich.records.rules.keys import personal_id_key

    rng, key = Random(f"{SEED} taken"), secret("lookup")
    with superuser() as connection:
        connection.execute("truncate population_number cascade")
        bare = connection.execute(
            "select id, origin_office_id, record_id from participant where personal_id_key = '' "
            "and mod(hashtextextended(id::text, 1), %s) = 0",
            [TAKEN_OVER],
        ).fetchall()
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy population_number (id, origin_office_id, record_id, participant_id, personal_id, personal_id_key, "
                "citizen_ref, reason, taken_at, withdrawal_reason) from stdin"
            ) as copy,
        ):
            for participant, office, record in bare:
                number = f"{rng.randrange(10**12):012}"
                copy.write_row((UUID(int=rng.getrandbits(128), version=4), office, record, participant, number,
                                personal_id_key(key, number), "CD", "bench", AT, ""))  # fmt: skip
        connection.execute("vacuum analyze population_number")


def _former_names(people: int) -> None:
    """Every fiftieth participant had another name before: the surname mostly kept, as the services write it."""
    from hotich.config.demo.names import family_name, full_name
    from hotich.kernel.names import given_key, keyset, match_key

    rng = Random(f"{SEED} former")
    with superuser() as connection:
        connection.execute("truncate former_name")
        renamed = connection.execute(
            "select id, origin_office_id, record_id, full_name, sex, birth_year from participant "
            "where mod(hashtextextended(id::text, 2), %s) = 0",
            [RENAMED],
        ).fetchall()
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy former_name (id, origin_office_id, record_id, participant_id, full_name, match_key, keyset, "
                "given_key, birth_year, restricted) from stdin"
            ) as copy,
        ):
            for participant, office, record, name, sex, year in renamed:
                family = name.split()[0] if rng.random() < 0.7 else family_name(rng, "Kinh")
                former = full_name(rng, "Kinh", family, sex, year)
                copy.write_row((UUID(int=rng.getrandbits(128), version=4), office, record, participant, former,
                                match_key(former), keyset(former), given_key(former), year, False))  # fmt: skip
        connection.execute(
            "insert into name_syllable select distinct part from former_name, "
            "unnest(string_to_array(keyset, ' ')) as part where char_length(part) between 1 and 20 on conflict do nothing"
        )
        connection.execute("vacuum analyze former_name")


def _trigram(people: int) -> None:
    from benchmarks.search import trigram_index

    with superuser() as connection:
        connection.execute("drop index if exists bench_trigram")
        trigram_index(connection)


def _subjects(people: int) -> None:
    """A table of children drawn by chance from all offices, more of them from the offices of the small districts."""
    with superuser() as connection:
        connection.execute("drop table if exists bench_subject")
        connection.execute(
            "create table bench_subject as select p.id, p.origin_office_id, p.full_name, "
            "case when p.birth_earliest = p.birth_latest then p.birth_earliest end as born, p.birth_year, "
            "m.full_name as mother, p.personal_id, p.personal_id_key, coalesce(n.personal_id, '') as taken_over, "
            "coalesce(f.full_name, '') as former, hashtextextended(p.id::text, 3) & 1048575 as chance "
            "from participant p join participant m on m.record_id = p.record_id and m.role = 'mother' "
            "left join population_number n on n.participant_id = p.id left join former_name f on f.participant_id = p.id "
            "where p.role = 'child' and (p.origin_office_id = any (%s) or mod(hashtextextended(p.id::text, 4), %s) = 0)",
            [offices()[:24], max(1, people // 3 // 40_000)],
        )
        connection.execute("analyze bench_subject")


STEPS: dict[str, Callable[[int], None]] = {
    "people": _people,
    "numbers taken over": _taken_over,
    "former names": _former_names,
    "trigram index": _trigram,
    "subjects": _subjects,
}


# ---- what is asked about


def offices() -> list[int]:
    """All offices that have people, in the order in which clients take them."""
    with superuser() as connection:
        found = [row[0] for row in connection.execute("select distinct origin_office_id from register_book")]
    found.sort()
    Random(f"{SEED} clients").shuffle(found)
    return found


def subjects(office_ids: frozenset[int], condition: str, seed: int) -> list[Subject]:
    """At most some hundred children of these offices for whom the condition (SQL) holds, others for every seed."""
    from hotich.database.state import secret
    from hotich.records.rules.keys import personal_id_key

    with superuser() as connection:
        rows = connection.execute(
            "select id, origin_office_id, full_name, born, birth_year, mother, personal_id, taken_over, former, "
            f"personal_id_key from bench_subject where origin_office_id = any (%s) and {condition} "
            "order by hashtextextended(id::text, %s), id limit %s".encode(),
            [sorted(office_ids), seed, SUBJECTS],
        ).fetchall()
    key = secret("lookup")
    # who was copied into another office kept the text of his number, not its key: by number he is not to be found
    return [
        Subject(
            id=row[0], office_id=row[1], full_name=row[2], born=row[3], year=row[4], mother=row[5],
            personal_id=row[6] if row[6] and personal_id_key(key, row[6]) == row[9] else "",
            taken_over=row[7], former=row[8],
        )
        for row in rows
    ]  # fmt: skip
