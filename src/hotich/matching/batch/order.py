"""What is asked of one run, and how its progress is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hotich.matching.model import Model, to_json

WORK = 2  # the form of the files of half a run: none goes on with what another form has left
PIECE = 200_000  # records at a time
MOST_IN_BLOCK = 1_000  # persons that share a record's key: more, and one more key has to agree (`batch.blocks`)


@dataclass(frozen=True, slots=True)
class Progress:
    """A step that has ended: `step` reading, keys, pairs, training, deciding; `done` of `total` pieces of it."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Order:
    """Which files, which model (untrained: its weights are learnt from these files), how much of the machine.

    `memory`: of DuckDB and of the columns of numbers beside it (`matching.memory`), e.g. "4GB".
    `most_wrong`: share of wrong links expected at most, where the weights are learnt. The model is a cautious judge of
    itself: on drawn people it expects some ten times as many wrong links as there are.
    `most_in_block`: from how many persons of one key on one more key has to agree.
    `candidates`: where the likeliest persons of the records left to a clerk are written (`candidates.write_candidates`).
    """

    records: Path
    population: Path
    out: Path
    model: Model
    threads: int = 2
    memory: str = "4GB"
    piece: int = PIECE
    most_wrong: float = 0.02
    candidates: Path | None = None
    most_in_block: int = MOST_IN_BLOCK

    @property
    def work(self) -> Path:
        """The folder of what is half done; gone when the result is whole."""
        return self.out.with_name(self.out.name + ".dang-lam")

    def fingerprint(self) -> str:
        """The same for the same work: a run goes on with what another began only then."""
        files = [
            (str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns)
            for path in (self.records, self.population)
        ]
        told = [WORK, files, to_json(self.model), self.piece, self.most_wrong, self.most_in_block]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


Tell = Callable[[Progress], None]
