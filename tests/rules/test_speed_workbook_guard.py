"""Refusals: the fast look at a sheet sees what the slow one would, however its end is disguised."""

from __future__ import annotations

import pytest

from hotich.intake.rules.workbook_guard import guard
from hotich.intake.rules.workbook_rows import read_workbook
from hotich.kernel.problems import RuleBroken
from tests.rules.test_intake_hostile_workbooks import SHEET_PART, _changed, _part

FAR = b'<row r="3"><c r="ZZZ3" t="str"><v>1</v></c></row>'
HIDDEN = b"<!-- </sheetData> -->"


@pytest.mark.parametrize("end", [FAR, FAR + b"</sheetData></worksheet>", FAR + b"</worksheet>"])
def test_a_disguised_end_of_the_sheet_hides_no_far_cell(end: bytes) -> None:
    start = _part(SHEET_PART).partition(b"</sheetData>")[0]
    with pytest.raises(RuleBroken) as refusal:
        read_workbook(_changed({SHEET_PART: start + HIDDEN + end}))
    assert refusal.value.code in {"workbook_too_many_columns", "workbook_damaged"}


@pytest.mark.parametrize(
    "cell", [b'<c\tr="ZZZ3"/>', b"<c r='ZZZ3'/>", b'<c r ="ZZZ3"/>', b'<c r= "ZZZ3"/>', b'<c t="s"r="ZZZ3"/>']
)
def test_a_reference_spelt_in_another_way_is_seen(cell: bytes) -> None:
    data = _part(SHEET_PART).replace(b"</sheetData>", b'<row r="3">' + cell + b"</row></sheetData>")
    with pytest.raises(RuleBroken) as refusal:
        guard(_changed({SHEET_PART: data}))
    assert refusal.value.code == "workbook_too_many_columns"


def test_words_around_the_cells_are_no_formulas() -> None:
    data = _part(SHEET_PART).replace(b"</worksheet>", b'<extLst><ext><f x="1"/></ext></extLst></worksheet>')
    assert not guard(_changed({SHEET_PART: data})).formulas
