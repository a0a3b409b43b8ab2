"""The work on one piece of the records, and who does it: this process one after the other, or many machines (`spark`).

Steps, each a file a piece: `pairs` (which pairs, and what each shows), `best` (the likeliest person of each record),
`answers`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import duckdb

from hotich.matching.batch.deciding import best_sql, decided_sql, named_sql, note_differences, note_ids, verdicts_sql
from hotich.matching.batch.order import Order
from hotich.matching.batch.pairs import write_pairs
from hotich.matching.batch.tables import AS_THEY_ARE, at_once, text
from hotich.matching.memory import shares
from hotich.matching.model import Model


def piece_path(work: Path, step: str, piece: int) -> Path:
    """Where the file of a piece lies once it is whole."""
    return work / f"{step}-{piece:05}.parquet"


def make_piece(
    db: duckdb.DuckDBPyConnection, step: str, model: Model, piece: int, work: Path, most: int, memory: str
) -> None:
    """Make the file of one piece of a step, from the tables of `make_sides` and the files of the step before it.

    `most`: persons that are taken of a block that is too big (`blocks`). `memory`: as of an order. Two that make the same
    piece at once both write the same whole file.
    """
    half = work / f"{step}-{piece:05}-{uuid4().hex}.half"
    if step == "pairs":
        write_pairs(db, model, piece, half, most, shares(memory))
    else:
        before = piece_path(work, {"best": "pairs", "answers": "best"}[step], piece)
        source = f"select * from read_parquet({text(str(before))})"
        if step == "best":
            query = best_sql(model, source)
        else:
            verdicts = verdicts_sql(model, source)
            named = named_sql(verdicts)
            at_once(db, lambda own: note_differences(own, piece, named), lambda own: note_ids(own, piece, named))
            query = decided_sql(verdicts)
        db.execute(f"copy ({query}) to {text(str(half))} ({AS_THEY_ARE})")
    put(half, piece_path(work, step, piece))


def put(half: Path, path: Path) -> None:
    """The file gets its name only once it is on the disk as a whole."""
    with half.open("rb") as written:
        os.fsync(written.fileno())
    half.replace(path)


class Engine(Protocol):
    """Who makes the pieces of a step."""

    def make(
        self,
        db: duckdb.DuckDBPyConnection,
        order: Order,
        step: str,
        model: Model,
        pieces: Sequence[int],
        one_more: Callable[[], None],
    ) -> None:
        """Make the files of these pieces from the tables of `db`; `one_more` is called after each, and may raise."""


class ThisProcess:
    """One piece after the other, each with all threads."""

    def make(
        self,
        db: duckdb.DuckDBPyConnection,
        order: Order,
        step: str,
        model: Model,
        pieces: Sequence[int],
        one_more: Callable[[], None],
    ) -> None:
        """See `Engine.make`."""
        for piece in pieces:
            make_piece(db, step, model, piece, order.work, order.most_in_block, order.memory)
            one_more()
