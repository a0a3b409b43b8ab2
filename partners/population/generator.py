"""A whole population into a folder: people that are handed over first, invented families until the size is reached."""

from __future__ import annotations

import fcntl
import sqlite3
from itertools import islice
from pathlib import Path

from partners.population.families import draw_families
from partners.population.names import Chance
from partners.population.numbers import Numbers
from partners.population.places import read_places
from partners.population.planting import plant, read_people
from partners.population.store import FILE, INDEXES, TABLES, insert_citizens, make_private, row_of

SIZE, MOST, SEED = 200_000, 5_000_000, 2026
PIECE = 20_000
SORT_MEMORY = 128 * 1024  # KiB: indexes of five million are sorted in a few runs, not in a hundred


def generate(
    folder: Path,
    *,
    size: int = SIZE,
    people: Path | None = None,
    places: Path | None = None,
    seed: int = SEED,
    faults_planted: bool = True,
) -> int:
    """Make the database of a folder, whole or not at all; one that is there is kept. Answers how many citizens it has.

    `people`: JSON lines (`planting.read_people`); `places`: CSV (`places.read_places`). The same arguments give the same
    citizens. With `faults_planted` False people are entered as they are handed over. ValueError for a size out of bounds.
    """
    if not 0 < size <= MOST:
        raise ValueError(f"size is 1 to {MOST}")
    make_private(folder)
    with (folder / "generate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second one waits, and finds it made
        if not (folder / FILE).exists():
            _make(folder / FILE, size, people, places, seed, faults_planted=faults_planted)
    return _count(folder / FILE)


def _make(file: Path, size: int, people: Path | None, places: Path | None, seed: int, *, faults_planted: bool) -> None:
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)  # of one that was killed
    try:
        handed = read_people(people)
        _fill(part, size, handed, places, seed if faults_planted else None, seed)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _fill(
    part: Path, size: int, people: list[dict[str, str]], places: Path | None, planting: int | None, seed: int
) -> None:
    db = sqlite3.connect(part, isolation_level=None)
    try:
        # nobody else sees the file before it is whole: a crash costs nothing but the work
        db.execute("pragma journal_mode = off")
        db.execute("pragma synchronous = off")
        db.execute(f"pragma cache_size = -{SORT_MEMORY}")
        db.executescript(TABLES)
        db.execute("begin")
        taken = {person[name] for person in people for name in ("personal_id", "old_id") if person.get(name)}
        numbers = Numbers(taken)
        left = size - _enter_people(db, people, numbers, planting)
        drawn = (
            row_of(member)
            for family in draw_families(Chance(f"population {seed}"), read_places(places), numbers)
            for member in family
        )
        while left > 0:
            insert_citizens(db, list(islice(drawn, min(left, PIECE))))
            left -= PIECE
        db.execute("commit")
        db.executescript(INDEXES)
    finally:
        db.close()


def _enter_people(db: sqlite3.Connection, people: list[dict[str, str]], numbers: Numbers, planting: int | None) -> int:
    if planting is None:
        insert_citizens(db, [row_of(person) for person in people])
        return len(people)
    count = 0
    for person, entered in zip(people, plant(people, numbers, planting), strict=True):
        insert_citizens(db, [row_of(row) for row in entered.rows])
        count += len(entered.rows)
        if entered.kind:
            db.execute(
                "insert into planted values (?, ?, ?)", (person["personal_id"], person["full_name"], entered.kind)
            )
    return count


def _count(file: Path) -> int:
    db = sqlite3.connect(file)
    try:
        return int(db.execute("select count(*) from citizen").fetchone()[0])
    finally:
        db.close()
