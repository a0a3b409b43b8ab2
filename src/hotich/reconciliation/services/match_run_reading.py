"""Reading the joined results of a comparison piece by piece, without unpacking the same part of the file for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from hotich.reconciliation.services.match_runs import bound

ROW_GROUP = 8 * 1024  # of the results: what is unpacked at once, however large the file


@dataclass(slots=True)
class _Ahead:
    """The part of a file that was read last, kept for the pieces that follow: one row group at most."""

    of: tuple[str, int, int] = ("", 0, 0)
    after: int = 0
    names: tuple[str, ...] = ()
    rows: list[tuple[Any, ...]] = field(default_factory=list)


_ahead = _Ahead()


def rows_after(results: Path, after: int, most: int) -> list[dict[str, Any]]:
    """At most so many rows behind the one with this `place`, in order."""
    there = results.stat()
    of = str(results), there.st_ino, there.st_mtime_ns
    start = after - _ahead.after
    if of != _ahead.of or not 0 <= start < len(_ahead.rows):
        _read(results, of, after)
        start = 0
    found = _ahead.rows[start : start + most]
    if len(found) < most and len(_ahead.rows) >= ROW_GROUP:  # the piece goes beyond what was read
        _read(results, of, after)
        found = _ahead.rows[:most]
    return [dict(zip(_ahead.names, row, strict=True)) for row in found]


def _read(results: Path, of: tuple[str, int, int], after: int) -> None:
    with duckdb.connect() as db:
        bound(db, results.parent)
        found = db.execute(
            "select * from read_parquet(?) where place > ? and place <= ? order by place",
            [str(results), after, after + ROW_GROUP],
        )
        _ahead.names = tuple(column[0] for column in found.description or ())
        _ahead.of, _ahead.after, _ahead.rows = of, after, found.fetchall()
