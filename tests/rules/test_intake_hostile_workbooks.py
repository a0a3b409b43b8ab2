"""Files meant to do harm, made here: each is refused by its code, quickly and without being unpacked."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from hotich.intake.rules import workbook_guard
from hotich.intake.rules.workbook_guard import column_letters, column_number, guard
from hotich.intake.rules.workbook_rows import read_workbook
from hotich.kernel.problems import RuleBroken
from tests.app.intake_parts import good_cells, workbook

GOOD = workbook([good_cells()])
SHEET_PART = "xl/worksheets/sheet1.xml"


def _changed(parts: dict[str, bytes | None], content: bytes = GOOD, *, extra: dict[str, bytes] | None = None) -> bytes:
    """The good workbook with some parts replaced (None: left out) and others added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = parts.get(name, source.read(name))
            if data is not None:
                out.writestr(name, data)
        for name, data in (extra or {}).items():
            out.writestr(name, data)
    return target.getvalue()


def _part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return archive.read(name)


def _code(content: bytes) -> str:
    with pytest.raises(RuleBroken) as caught:
        read_workbook(content)
    return caught.value.code


def test_the_good_workbook_is_read() -> None:
    assert [row for row, _ in read_workbook(GOOD).rows] == [2]


@pytest.mark.parametrize("content", [b"", b"so;quyenSo\n1;2", b"%PDF-1.7", b"\x00" * 5000])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert _code(content) == "workbook_not_xlsx"


def test_a_workbook_cut_short_is_refused() -> None:
    assert _code(GOOD[: len(GOOD) // 2]) == "workbook_damaged"


def test_an_encrypted_or_old_workbook_is_refused() -> None:
    assert _code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512) == "workbook_encrypted"


def test_another_kind_of_zip_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        out.writestr("word/document.xml", "<w/>")
    assert _code(target.getvalue()) == "workbook_not_xlsx"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    assert _code(_changed({SHEET_PART: b" " * (workbook_guard.SUSPICIOUS_FROM + 1)})) == "workbook_packed_too_tightly"


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "MOST_BYTES", 1000)
    assert _code(GOOD) == "workbook_too_large"


def test_a_size_that_lies_is_found_out() -> None:
    bomb = bytearray(_changed({SHEET_PART: _part(SHEET_PART) + b" " * 3_000_000}))
    directory = bytes(bomb).rindex(b"PK\x01\x02", 0, bytes(bomb).rindex(SHEET_PART.encode()))
    bomb[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")  # the size the archive claims
    assert _code(bytes(bomb)) == "workbook_damaged"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "xl/../../x", "C:/x", "..\\x"])
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    assert _code(_changed({}, extra={name: b"x"})) == "workbook_unsafe_names"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_part_twice_is_refused() -> None:
    assert _code(_changed({}, extra={SHEET_PART.upper(): b"<x/>"})) == "workbook_unsafe_names"


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_guard, "MOST_PARTS", 5)
    assert _code(GOOD) == "workbook_too_many_parts"


@pytest.mark.parametrize("part", [SHEET_PART, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused(part: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    start, _, rest = _part(part).partition(b"?>")
    assert _code(_changed({part: start + b"?>" + bomb + rest})) == "workbook_has_entities"


def test_ten_thousand_columns_are_refused() -> None:
    keys = [f"cot{number}" for number in range(10_000)]
    assert _code(workbook([], header=keys)) == "workbook_too_many_columns"


@pytest.mark.parametrize(
    ("place", "code"), [("XFD1048576", "workbook_too_many_columns"), ("A1048576", "workbook_too_many_rows")]
)
def test_a_lonely_cell_far_away_takes_no_memory(place: str, code: str) -> None:
    data = re.sub(rb"</sheetData>", f'<row><c r="{place}"><v>1</v></c></row></sheetData>'.encode(), _part(SHEET_PART))
    assert _code(_changed({SHEET_PART: data})) == code


def test_the_wrong_sheet_is_refused_with_the_names_of_those_there() -> None:
    with pytest.raises(RuleBroken) as caught:
        read_workbook(workbook([good_cells()], sheet="Sheet1"))
    assert caught.value.code == "workbook_sheet_missing"
    assert caught.value.params["sheets"] == "Sheet1"


def test_a_formula_in_the_heading_is_refused() -> None:
    data = _part(SHEET_PART).replace(b'<c r="A1" t="s"><v>0</v></c>', b'<c r="A1" t="str"><f>"so"</f><v>so</v></c>', 1)
    assert data != _part(SHEET_PART)
    assert _code(_changed({SHEET_PART: data})) == "workbook_formula_in_header"


def test_formulas_and_error_values_are_found_wherever_they_stand() -> None:
    data = re.sub(
        rb"</sheetData>",
        b'<row r="9"><c r="B9" t="str"><f>HYPERLINK("x")</f><v>x</v></c><c r="C9" t="e"><v>#N/A</v></c></row></sheetData>',
        _part(SHEET_PART),
    )
    found = guard(_changed({SHEET_PART: data}))
    assert found.formulas == {(9, 2)}
    assert found.faulty == {(9, 3)}


def test_xml_that_is_not_well_formed_is_refused() -> None:
    assert _code(_changed({"xl/workbook.xml": b"<workbook><sheets>"})) == "workbook_damaged"
    assert _code(_changed({"xl/_rels/workbook.xml.rels": None})) == "workbook_damaged"
    assert _code(_changed({SHEET_PART: None})) == "workbook_damaged"
    assert _code(_changed({SHEET_PART: b"<worksheet><sheetData><row"})) in {"workbook_damaged", "workbook_empty"}


def test_columns_are_counted_as_excel_does() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 300)] == ["A", "Z", "AA", "KN"]
    assert [column_number(letters) for letters in ("A", "Z", "AA", "KN")] == [1, 26, 27, 300]


@pytest.mark.parametrize(
    "written", [b"<c r='XFD9'><v>1</v></c>", b'<c\n r = "XFD9"><v>1</v></c>', b'<c r="xfd9"><v>1</v></c>']
)
def test_a_cell_far_away_is_found_however_it_is_written(written: bytes) -> None:
    data = _part(SHEET_PART).replace(b"</sheetData>", b"<row>" + written + b"</row></sheetData>")
    assert _code(_changed({SHEET_PART: data})) == "workbook_too_many_columns"
