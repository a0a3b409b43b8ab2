"""What a helping process does when a large workbook is examined on several cores. It knows no database and no Django."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Sequence

from hotich.intake.rules.row_examination import RowExaminer, RowResult, Setting
from hotich.intake.rules.workbook_rows import RawRow
from hotich.registers.rules.configuration import shipped, snapshot_of
from hotich.registers.rules.snapshot import install

_examiners: dict[str, RowExaminer] = {}


def examine_chunk(token: str, setting: Setting, rows: Sequence[RawRow]) -> list[RowResult]:
    """Examine rows of a workbook. `token` names the workbook, so that what was learnt from it is kept."""
    if token not in _examiners:
        _examiners.clear()
        install(snapshot_of(setting.configuration) if setting.configuration else shipped())
        _examiners[token] = RowExaminer(setting)
    return _examiners[token].examine_all(rows)


def warm_up() -> None:
    """Nothing: to be asked for it, a process must have started and imported everything."""


def begin() -> None:
    """How a helper starts. One whose parent was killed would wait for work for ever; it ends instead."""
    gc.disable()  # it lives for one workbook, and rows have no cycles
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
