"""The run: pairs and answers piece by piece, each a file that is whole or not there; a killed run goes on from there."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch.deciding import decided_sql, write_weights
from hotich.matching.batch.order import Order, Progress, Tell
from hotich.matching.batch.pairs import counted, write_pairs
from hotich.matching.batch.tables import make_sides, read_rows, text
from hotich.matching.model import Model, from_json, to_json
from hotich.matching.training import expected_wrong, threshold_for, train

LOWEST_LINK = 0.0  # bits: never a link that is likelier wrong than right


@dataclass(frozen=True, slots=True)
class Summary:
    """What came out: records and persons read, pairs looked at, how many records of each outcome, the model used, and
    what it expects of each threshold (`training.expected_wrong`)."""

    records: int
    persons: int
    pairs: int
    outcomes: dict[str, int]
    model: Model
    expected: list[dict[str, Any]]


def match_files(order: Order, tell: Tell = lambda progress: None) -> Summary:
    """Match all records to the population and write the result, whole or not at all.

    Raises RuleBroken: those of `tables.read_rows` and `training.train`, matching_other_order, matching_running_already,
    matching_disk_full.
    """
    order.work.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(order.work), _database(order) as db:
            summary = _Run(order, db, tell).go()
    except RuleBroken as refusal:
        if refusal.code not in ("matching_other_order", "matching_running_already"):
            shutil.rmtree(order.work)  # it would be refused again: nothing of it is worth keeping
        raise
    except (duckdb.Error, OSError) as error:
        if "no space left" in str(error).lower():
            raise RuleBroken("matching_disk_full", name=order.out.name) from error
        raise
    shutil.rmtree(order.work)
    return summary


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuleBroken("matching_running_already", name=work.name) from error
        yield


@contextmanager
def _database(order: Order) -> Iterator[duckdb.DuckDBPyConnection]:
    db = duckdb.connect()
    try:
        db.execute(f"set threads = {int(order.threads)}")
        db.execute("set memory_limit = ?", [order.memory])
        db.execute("set temp_directory = ?", [str(order.work / "spill")])
        db.execute("set preserve_insertion_order = false")
        yield db
    finally:
        db.close()


class _Run:
    def __init__(self, order: Order, db: duckdb.DuckDBPyConnection, tell: Tell) -> None:
        self.order, self.db, self.tell = order, db, tell

    def go(self) -> Summary:
        self._must_be_this_order()
        records = read_rows(self.db, self.order.records, "record_row")
        persons = read_rows(self.db, self.order.population, "person_row")
        self.tell(Progress("reading", 1, 1))
        pieces = make_sides(self.db, self.order.piece)
        self.tell(Progress("keys", 1, 1))
        pairs = self._pieces("pairs", pieces, lambda piece, path: write_pairs(self.db, self.order.model, piece, path))
        model, expected, looked_at = self._weighed(pairs)
        answers = self._pieces("answers", pieces, lambda piece, path: self._decide(model, piece, pairs[piece], path))
        outcomes = self._write(answers)
        return Summary(records, persons, looked_at, outcomes, model, expected)

    def _must_be_this_order(self) -> None:
        note, told = self.order.work / "order", self.order.fingerprint()
        if note.exists() and note.read_text() != told:
            raise RuleBroken("matching_other_order", name=self.order.work.name)
        note.write_text(told)

    def _pieces(self, step: str, pieces: int, make: Callable[[int, Path], None]) -> list[Path]:
        """The files of all pieces; those that are there already are not made again."""
        paths = [self.order.work / f"{step}-{piece:05}.parquet" for piece in range(pieces)]
        for piece, path in enumerate(paths):
            if not path.exists():
                half = path.with_suffix(".half")
                make(piece, half)
                _put(half, path)
            self.tell(Progress(step, piece + 1, pieces))
        return paths

    def _weighed(self, pairs: list[Path]) -> tuple[Model, list[dict[str, Any]], int]:
        """The model with weights; learnt once and kept, so that all pieces are decided by the same."""
        counts, kept = counted(self.db, pairs), self.order.work / "model.json"
        model = self.order.model
        if kept.exists():
            model = from_json(kept.read_text(encoding="utf-8"))
        elif not model.classes:
            learnt = train(model, counts)
            link_at = threshold_for(expected_wrong(learnt, counts), self.order.most_wrong, LOWEST_LINK)
            model = replace(learnt, link_at=link_at)
            half = kept.with_suffix(".half")
            half.write_text(to_json(model), encoding="utf-8")
            _put(half, kept)
        write_weights(self.db, model, counts.patterns)
        self.tell(Progress("training", 1, 1))
        return model, expected_wrong(model, counts), sum(counts.numbers)

    def _decide(self, model: Model, piece: int, pairs: Path, path: Path) -> None:
        query = decided_sql(model, piece, f"select * from read_parquet({text(str(pairs))})")
        self.db.execute(f"copy ({query}) to {text(str(path))} (format parquet)")

    def _write(self, answers: list[Path]) -> dict[str, int]:
        source = f"read_parquet([{', '.join(text(str(path)) for path in answers)}])"
        half = self.order.out.with_name(self.order.out.name + ".half")
        self.db.execute(
            f"copy (select * from {source} order by record_id) to {text(str(half))} (format parquet, compression zstd)"
        )
        _put(half, self.order.out)
        rows = self.db.execute(f"select outcome, count(*) from {source} group by outcome order by outcome").fetchall()
        return dict(rows)


def _put(half: Path, path: Path) -> None:
    """The file gets its name only once it is on the disk as a whole."""
    with half.open("rb") as written:
        os.fsync(written.fileno())
    half.replace(path)
