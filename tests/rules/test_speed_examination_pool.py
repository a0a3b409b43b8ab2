"""However the rows of a workbook are shared out to helpers, they come back in order and examined alike."""

from __future__ import annotations

import gc
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date

import pytest

from hotich.intake.rules.row_examination import RowExaminer, RowResult, Setting
from hotich.intake.rules.workbook_rows import read_workbook
from hotich.intake.services import examination_pool
from hotich.intake.services.examination_pool import BYTES_WORTH_PROCESSES, ROWS_WORTH_A_THREAD, ExaminationPool
from tests.app.intake_parts import good_cells, rows_of, workbook

ROWS = ROWS_WORTH_A_THREAD + 30
SMALL, LARGE = 1, BYTES_WORTH_PROCESSES


@pytest.fixture(scope="module")
def book() -> tuple[Setting, list, list[RowResult]]:
    rows = rows_of("KS", ROWS)
    rows[ROWS - 5] = good_cells(number=ROWS - 4, nksNgaySinh="30.02.2016")
    sheet = read_workbook(workbook(rows))
    setting = Setting(sheet.header.letters, sheet.header.columns, today=date(2026, 1, 5))
    return setting, sheet.rows, RowExaminer(setting).examine_all(sheet.rows)


@pytest.mark.parametrize("most", [1, 40, ROWS, ROWS + 1])
@pytest.mark.parametrize(("size", "cores"), [(SMALL, 2), (LARGE, 2), (LARGE, 4)])
def test_rows_come_back_in_order_and_examined_alike(book: tuple, most: int, size: int, cores: int) -> None:
    setting, rows, expected = book
    with ExaminationPool(workbook_size=size, cores=cores) as pool:
        pieces = list(pool.examined(setting, rows, most))
    assert [each for piece in pieces for each in piece] == expected
    assert max(map(len, pieces)) <= most
    assert max(map(len, pieces)) - min(map(len, pieces)) <= len(pieces)


def test_few_rows_need_no_helper_and_no_rows_give_no_piece(book: tuple) -> None:
    setting, rows, expected = book
    with ExaminationPool(workbook_size=SMALL) as pool:
        assert [each for piece in pool.examined(setting, rows[:7], 3) for each in piece] == expected[:7]
        assert list(pool.examined(setting, [], 3)) == []
        assert pool._executor is None


def test_a_helper_that_is_killed_costs_no_row(book: tuple) -> None:
    setting, rows, expected = book
    found: list[RowResult] = []
    with ExaminationPool(workbook_size=LARGE, cores=3) as pool:
        for piece in pool.examined(setting, rows, 10):
            if not found:
                assert isinstance(pool._executor, ProcessPoolExecutor)
                for pid in list(pool._executor._processes):
                    os.kill(pid, signal.SIGKILL)
            found += piece
    assert found == expected


def test_the_habits_of_the_process_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sys.getswitchinterval(), gc.get_threshold()
    monkeypatch.setattr(examination_pool, "_SWITCH", before[0] / 4)
    with pytest.raises(KeyError), ExaminationPool(workbook_size=SMALL):
        assert sys.getswitchinterval() < before[0]
        assert gc.get_threshold()[0] > before[1][0]
        raise KeyError
    assert (sys.getswitchinterval(), gc.get_threshold()) == before
