"""Examining the rows of a workbook beside the database's work on those before. The helpers know no database, no Django.

A thread does it: while PostgreSQL stores a piece, this process has nothing else to do. Where there are cores to spare,
a large workbook is worth the start of processes. Small ones are examined when they are asked for.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType

from hotich.intake.rules.helping_process import begin, examine_chunk, warm_up
from hotich.intake.rules.row_examination import RowExaminer, RowResult, Setting
from hotich.intake.rules.workbook_rows import RawRow
from hotich.kernel.ids import uuid7

ROWS_WORTH_A_THREAD = 100
BYTES_WORTH_PROCESSES = 1_000_000  # some 6,000 rows, packed: a process needs half a second before it helps
CORES_OF_OTHERS = 2  # this process and that of the database
MOST_PROCESSES = 2
AHEAD = 3  # pieces for each helper that are examined before they are asked for

# A thread that comes back from the database waits this long for one that computes; the usual 5 ms would be most of it.
_SWITCH, _USUAL_SWITCH = 0.000_5, sys.getswitchinterval()
# Rows make no cycles: looking for them among everything Django has loaded costs a quarter of the time.
_COLLECT, _USUAL_COLLECT = 200_000, gc.get_threshold()

Examine = Callable[[Sequence[RawRow]], list[RowResult]]


class ExaminationPool:
    """Hands out the rows of a workbook, examined, in order and in pieces.

    A helper that dies costs time only. Use as a context manager.
    """

    def __init__(self, *, workbook_size: int, cores: int | None = None) -> None:
        self._executor: Executor | None = None
        self._in_processes = False
        spare = (cores or os.cpu_count() or 1) - CORES_OF_OTHERS
        if spare > 0 and workbook_size >= BYTES_WORTH_PROCESSES:
            helpers = min(MOST_PROCESSES, spare)
            self._executor = ProcessPoolExecutor(helpers, multiprocessing.get_context("spawn"), begin)
            self._in_processes = True
            for _ in range(helpers):  # they import what they need while the workbook is read
                self._executor.submit(warm_up)

    def __enter__(self) -> ExaminationPool:
        sys.setswitchinterval(_SWITCH)
        gc.set_threshold(_COLLECT, *_USUAL_COLLECT[1:])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.setswitchinterval(_USUAL_SWITCH)
        gc.set_threshold(*_USUAL_COLLECT)
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def examined(self, setting: Setting, rows: Sequence[RawRow], most: int) -> Iterator[list[RowResult]]:
        """The rows in order, in pieces of much the same size and of `most` rows at most."""
        pieces = _pieces(rows, most)
        here = RowExaminer(setting).examine_all
        if not self._in_processes and len(rows) < ROWS_WORTH_A_THREAD:
            yield from map(here, pieces)
            return
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, "examination")
        # only what `rules` has may travel: a helper that had to import this module would need Django
        there = partial(examine_chunk, str(uuid7()), setting) if self._in_processes else here
        waiting: deque[tuple[Sequence[RawRow], Future[list[RowResult]] | None]] = deque()
        ahead = AHEAD * MOST_PROCESSES if self._in_processes else AHEAD
        for piece in pieces:
            waiting.append((piece, self._submitted(there, piece)))
            if len(waiting) >= ahead:
                yield self._result(here, *waiting.popleft())
        while waiting:
            yield self._result(here, *waiting.popleft())

    def _submitted(self, examine: Examine, piece: Sequence[RawRow]) -> Future[list[RowResult]] | None:
        try:
            return self._executor.submit(examine, piece) if self._executor else None
        except (BrokenProcessPool, RuntimeError):
            return None

    def _result(
        self, here: Examine, piece: Sequence[RawRow], future: Future[list[RowResult]] | None
    ) -> list[RowResult]:
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:
                self._executor, self._in_processes = None, False
        return here(piece)


def _pieces(rows: Sequence[RawRow], most: int) -> list[Sequence[RawRow]]:
    count = -(-len(rows) // most) or 1
    size = -(-len(rows) // count)
    return [rows[start : start + size] for start in range(0, len(rows), size or 1)]
