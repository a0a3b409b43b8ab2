"""Reading workbooks: the register by its heading, rows as Excel counts them, and what is refused as a whole."""

from __future__ import annotations

import pytest

from hotich.intake.rules.row_examination import RowExaminer, Setting
from hotich.intake.rules.workbook_header import read_header
from hotich.intake.rules.workbook_rows import read_workbook
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.cells import headings
from hotich.registers.types import REGISTER_TYPES, version_for
from tests.app.intake_parts import good_cells, workbook

BIRTH_70 = headings(version_for("KS", "L2014"), "70")
BIRTH_60 = headings(version_for("KS", "L2014"), "60")


def _refusal(content: bytes, **more: str) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        read_workbook(content, **more)
    return caught.value


@pytest.mark.parametrize("letters", REGISTER_TYPES)
def test_each_register_is_known_by_its_heading(letters: str) -> None:
    header = read_header(headings(version_for(letters, "L2014")))
    assert header.letters == letters
    assert header.warnings == ()


def test_both_birth_templates_are_told_apart() -> None:
    assert (len(BIRTH_60), len(BIRTH_70)) == (60, 70)
    assert read_header(BIRTH_60).template == "60"
    assert read_header(BIRTH_70).template == "70"


def test_case_spaces_and_hints_in_headings_do_not_matter() -> None:
    noisy = [f" {key.upper()} i=[1,2, 3]" if number % 2 else f"{key.lower()}  " for number, key in enumerate(BIRTH_60)]
    assert read_header(noisy).keys == BIRTH_60


def test_extra_and_missing_columns_are_told_and_do_no_harm() -> None:
    header = read_header([*(key for key in BIRTH_60 if key != "meDanToc"), "ghi thêm"])
    assert {(w.code, w.params["column"]) for w in header.warnings} == {
        ("column_missing", "meDanToc"),
        ("column_unknown", "ghi thêm"),
    }


def test_a_heading_twice_is_refused() -> None:
    refusal = _refusal(workbook([good_cells()], header=[*BIRTH_60, "nksHoTen"]))
    assert (refusal.code, refusal.params["column"]) == ("workbook_column_twice", "nksHoTen")


def test_a_heading_without_key_columns_is_refused() -> None:
    refusal = _refusal(workbook([good_cells()], header=[key for key in BIRTH_60 if key not in ("so", "quyenSo")]))
    assert (refusal.code, refusal.params["columns"]) == ("workbook_columns_missing", "so, quyenSo")


def test_a_workbook_of_something_else_is_refused() -> None:
    assert _refusal(workbook([], header=["Thửa đất", "Tờ bản đồ", "Chủ sử dụng"])).code == "workbook_register_unknown"
    assert _refusal(workbook([], header=[])).code == "workbook_empty"


def test_the_workbook_of_another_register_is_refused_when_the_officer_named_one() -> None:
    refusal = _refusal(workbook([good_cells("KT")], "KT"), expected="KS")
    assert (refusal.code, refusal.params["found"]) == ("workbook_other_register", "KT")


def test_rows_have_the_numbers_excel_shows() -> None:
    rows = [good_cells(number=1), {}, good_cells(number=2), {"STT": "4"}, {"ghiChu": "   "}]
    assert [row for row, _ in read_workbook(workbook(rows, header=BIRTH_70, top=3)).rows] == [5, 7]


def test_a_formula_in_a_row_is_marked_at_its_field() -> None:
    sheet = read_workbook(workbook([good_cells()], formulas={(2, "nksHoTen"): '="Nguyễn"&" An"'}))
    examined = RowExaminer(
        Setting("KS", sheet.header.columns, sheet.formulas, sheet.faulty, marked=frozenset({2}))
    ).examine_all(sheet.rows)
    assert ("cell_is_formula", "child_full_name", "error", {}) in examined[0].problems


def test_illegible_cells_and_surrogates_have_their_reasons() -> None:
    cells = good_cells(meHoTen="[không đọc được]", ngayDangKy="20.06.1985", so="7/1985") | {"quyenSo": ""}
    sheet = read_workbook(workbook([cells], header=BIRTH_60))
    found = RowExaminer(Setting("KS", sheet.header.columns)).examine_all(sheet.rows)[0]
    assert found.as_recorded["mother_full_name"] == {"text": "", "reason": "illegible"}
    assert found.as_recorded["register_book_no"] == {"text": "01/1985", "reason": "assigned"}
    assert found.era == "PRE1999"


def test_a_register_that_did_not_exist_in_the_era_is_an_error() -> None:
    cells = good_cells("TD") | {"registration_date": "20.06.1985", "so": "7/1985", "quyenSo": "01/1985"}
    sheet = read_workbook(workbook([cells], "TD"))
    found = RowExaminer(Setting("TD", sheet.header.columns)).examine_all(sheet.rows)[0]
    assert ("era_without_register", "registration_date", "error", {"era": "PRE1999"}) in found.problems
    assert found.has_errors and not found.is_rejected
