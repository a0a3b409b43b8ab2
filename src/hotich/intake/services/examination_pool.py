"""Examining the rows of a large workbook on several cores. The helpers know no database and no Django."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType

from hotich.intake.rules.helping_process import begin, examine_chunk, warm_up
from hotich.intake.rules.row_examination import RowResult, Setting
from hotich.intake.rules.workbook_rows import RawRow
from hotich.kernel.ids import uuid7

ROWS_WORTH_IT = 400
BYTES_WORTH_IT = 1_200_000  # of a workbook with that many rows, packed
MOST_HELPERS = 2
AHEAD = 6  # chunks examined before they are asked for


class ExaminationPool:
    """Hands out the rows of a workbook, examined, in order and in chunks.

    Small workbooks are examined here; a helper that dies costs time only. Use as a context manager.
    """

    def __init__(self, *, workbook_size: int) -> None:
        self._pool: ProcessPoolExecutor | None = None
        if workbook_size >= BYTES_WORTH_IT:
            helpers = min(MOST_HELPERS, os.cpu_count() or 1)
            self._pool = ProcessPoolExecutor(helpers, multiprocessing.get_context("spawn"), begin)
            for _ in range(helpers):  # they import what they need while the workbook is read
                self._pool.submit(warm_up)

    def __enter__(self) -> ExaminationPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def examined(self, setting: Setting, rows: Sequence[RawRow], size: int) -> Iterator[list[RowResult]]:
        """The rows in chunks of `size`, in order."""
        token = str(uuid7())
        chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
        if self._pool is None or len(rows) < ROWS_WORTH_IT:
            for chunk in chunks:
                yield examine_chunk(token, setting, chunk)
            return
        waiting: deque[tuple[Sequence[RawRow], Future[list[RowResult]] | None]] = deque()
        for chunk in chunks:
            waiting.append((chunk, self._submitted(token, setting, chunk)))
            if len(waiting) >= AHEAD:
                yield self._result(token, setting, *waiting.popleft())
        while waiting:
            yield self._result(token, setting, *waiting.popleft())

    def _submitted(self, token: str, setting: Setting, chunk: Sequence[RawRow]) -> Future[list[RowResult]] | None:
        try:
            return self._pool.submit(examine_chunk, token, setting, chunk) if self._pool else None
        except (BrokenProcessPool, RuntimeError):
            return None

    def _result(
        self, token: str, setting: Setting, chunk: Sequence[RawRow], future: Future[list[RowResult]] | None
    ) -> list[RowResult]:
        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:
                self._pool = None
        return examine_chunk(token, setting, chunk)
