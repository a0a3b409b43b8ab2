"""The run: pairs and answers piece by piece, each a file that is whole or not there; a killed run goes on from there."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from hotich.kernel.problems import RuleBroken
from hotich.matching.batch.blocks import Cut, found_by, mark_cuts
from hotich.matching.batch.candidates import write_candidates
from hotich.matching.batch.deciding import answers_sql, certainties, write_texts, write_weights
from hotich.matching.batch.order import Order, Progress, Tell
from hotich.matching.batch.pairs import counted
from hotich.matching.batch.pieces import Engine, ThisProcess, piece_path, put
from hotich.matching.batch.tables import (
    counted_common,
    files_sql,
    make_keys,
    make_sides,
    must_have_ids,
    read_rows,
    text,
)
from hotich.matching.memory import limit_sql, shares
from hotich.matching.model import Model, from_json, to_json
from hotich.matching.training import expected_wrong, threshold_for, train

LEARN_FROM = 40_000  # records: more teach nothing new
ROWS_AT_ONCE = 61_440  # of the result, pressed by one processor
LOWEST_LINK = 1.0  # bits: never a link that is not at least twice as likely right as wrong


@dataclass(frozen=True, slots=True)
class Summary:
    """What came out: records and persons read, pairs looked at, how many records of each outcome, the model used,
    what it expects of each threshold (`training.expected_wrong`), and which blocks were too big to be looked at whole."""

    records: int
    persons: int
    pairs: int
    outcomes: dict[str, int]
    model: Model
    expected: list[dict[str, Any]]
    cuts: tuple[Cut, ...] = ()


def match_files(order: Order, tell: Tell = lambda progress: None, engine: Engine | None = None) -> Summary:
    """Match all records to the population and write the result, whole or not at all.

    `engine`: who makes the pieces; this process, unless told otherwise. Raises RuleBroken: those of `tables.read_rows`,
    of `training.train` and of the engine, matching_other_order, matching_running_already, matching_disk_full.
    """
    order.work.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(order.work), _database(order) as db:
            summary = _Run(order, db, tell, engine or ThisProcess()).go()
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
        db.execute(limit_sql(order.memory))
        db.execute("set temp_directory = ?", [str(order.work / "spill")])
        db.execute("set preserve_insertion_order = false")
        yield db
    finally:
        db.close()


class _Run:
    def __init__(self, order: Order, db: duckdb.DuckDBPyConnection, tell: Tell, engine: Engine) -> None:
        self.order, self.db, self.tell, self.engine = order, db, tell, engine

    def go(self) -> Summary:
        self._must_be_this_order()
        records = read_rows(self.db, self.order.records, "record_row")
        persons = read_rows(self.db, self.order.population, "person_row")
        common = self.order.model.common if self.order.model.classes else None
        make_keys(self.db, common, self._must_have_ids)
        self.tell(Progress("reading", 1, 1))
        every = 0 if self.order.model.classes else -(-records // LEARN_FROM)
        pieces = make_sides(self.db, self.order.piece, found_by(self.order.model), every)
        cuts = mark_cuts(self.db, self.order.model, self.order.most_in_block)
        self.tell(Progress("keys", 1, 1))
        pairs = self._pieces("pairs", pieces, self.order.model)
        model, looked_at = self._weighed(pairs, records, persons, every)
        best = self._pieces("best", pieces, model)
        model, expected = self._trusted(model, best)
        answers = self._pieces("answers", pieces, model)
        write_texts(self.db, model, answers)
        if self.order.candidates is not None:
            write_candidates(self.db, pairs, answers, self.order.candidates)
        outcomes = self._write(answers)
        return Summary(records, persons, looked_at, outcomes, model, expected, tuple(cuts))

    def _must_have_ids(self, db: duckdb.DuckDBPyConnection) -> None:
        memory = shares(self.order.memory)
        must_have_ids(db, self.order.records, "record_row", memory)
        must_have_ids(db, self.order.population, "person_row", memory)

    def _must_be_this_order(self) -> None:
        note, told = self.order.work / "order", self.order.fingerprint()
        if note.exists() and note.read_text() != told:
            raise RuleBroken("matching_other_order", name=self.order.work.name)
        note.write_text(told)

    def _pieces(self, step: str, pieces: int, model: Model) -> list[Path]:
        """The files of all pieces; those that are there already are not made again."""
        paths = [piece_path(self.order.work, step, piece) for piece in range(pieces)]
        missing = [piece for piece, path in enumerate(paths) if not path.exists()]
        done = pieces - len(missing)
        self.tell(Progress(step, done, pieces))

        def one_more() -> None:
            nonlocal done
            done += 1
            self.tell(Progress(step, done, pieces))

        if missing:
            self.engine.make(self.db, self.order, step, model, missing, one_more)
        return paths

    def _weighed(self, pairs: list[Path], records: int, persons: int, every: int) -> tuple[Model, int]:
        """The model with weights, and how many pairs there are; learnt once and kept, so that all pieces use the same."""
        kept, model = self.order.work / "weights.json", self.order.model
        counts, some = counted(self.db, pairs, max(every, 1))
        if kept.exists():
            model = from_json(kept.read_text(encoding="utf-8"))
        elif not model.classes:
            model = replace(model, common=counted_common(self.db))
            model = train(model, some, records // every, persons)
            self._keep(model, kept)
        else:
            model = model.among(persons)
        write_weights(self.db, model, counts.patterns)
        self.tell(Progress("training", 1, 1))
        return model, int(np.sum(counts.numbers))

    def _trusted(self, model: Model, best: list[Path]) -> tuple[Model, list[dict[str, Any]]]:
        """The model with the certainty a link needs, where its weights were learnt here; what it expects of each bit."""
        expected = expected_wrong(certainties(self.db, best))
        if not self.order.model.classes:
            link_at = threshold_for(expected, self.order.most_wrong, LOWEST_LINK)
            model = replace(model, link_at=link_at, trained={**model.trained, "expected": expected})
        return model, expected

    def _keep(self, model: Model, path: Path) -> None:
        half = path.with_suffix(".half")
        half.write_text(to_json(model), encoding="utf-8")
        put(half, path)

    def _write(self, answers: list[Path]) -> dict[str, int]:
        half = self.order.out.with_name(self.order.out.name + ".half")
        form = f"format parquet, compression zstd, compression_level 1, row_group_size {ROWS_AT_ONCE}"
        self.db.execute(f"copy ({answers_sql(answers)} order by record_id) to {text(str(half))} ({form})")
        put(half, self.order.out)
        rows = self.db.execute(
            f"select outcome, count(*) from {files_sql(answers)} group by outcome order by outcome"
        ).fetchall()
        return dict(rows)
