"""What goes in comes out: the same cells, for ten registers, before and after approval, and for odd texts."""

from __future__ import annotations

import io
import unicodedata
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from hotich.intake.rules.row_examination import RowExaminer, Setting, cells_of
from hotich.intake.rules.workbook_rows import read_workbook
from hotich.intake.rules.workbook_writer import write_workbook
from hotich.intake.services import approve_batch, export_book
from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.persons.services import annotate_record
from hotich.records.models import Record
from hotich.records.services import AnnotationDraft
from hotich.registers.rules.cells import headings
from hotich.registers.types import REGISTER_TYPES, version_by_id, version_for
from hotich.units.models import Office
from tests.app.intake_parts import (
    APPROVES,
    AT,
    IMPORTS,
    Actor,
    an_office,
    approver,
    bring_in,
    good_cells,
    keyer,
    workbook,
)

KS = version_for("KS", "L2014")


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def read_back(content: bytes, sheet: str = "DL Import") -> tuple[list[str], list[dict[str, str]]]:
    """Heading and rows of a workbook, blanks left out, read by somebody else than the importer."""
    grid = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()
    return list(grid[0]), [
        {key: cell for key, cell in zip(grid[0], row, strict=True) if cell != ""} for row in grid[1:]
    ]


def _export(office: Office, letters: str, **options: Any) -> bytes:
    return export_book(
        actor=keyer(office), at=AT, office_id=office.id, register_type=letters, book="01/2016", **options
    )


@pytest.mark.django_db
@pytest.mark.parametrize("letters", REGISTER_TYPES)
def test_every_register_comes_out_as_it_went_in(office: Office, letters: str) -> None:
    rows = [good_cells(letters, 1), good_cells(letters, 2, trangSo="[không đọc được]"), good_cells(letters, 3)]
    rows[2] |= {"quyenSo": "1/2016"}
    report = bring_in(office, workbook(rows, letters))
    assert report["accepted"] + report["held"] == 3
    out = _export(office, letters, unapproved=True)
    heading, back = read_back(out)
    assert heading == list(headings(version_for(letters, "L2014")))
    assert [{key: cell for key, cell in row.items() if key != "STT"} for row in back] == rows
    again = bring_in(office, out)
    assert (again["unchanged"], again["accepted"], again["held"]) == (3, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("letters", ["KS", "KT", "TD", "CN"])
def test_approved_rows_come_out_as_they_went_in(office: Office, letters: str) -> None:
    rows = [good_cells(letters, 1), good_cells(letters, 2)]
    if letters == "TD":
        rows.insert(1, good_cells("TD", 1, changed_field="Quê quán", old_value="xã A", new_value="xã B"))
    batch = bring_in(office, workbook(rows, letters))["batch"]
    with pytest.raises(RuleBroken, match="book_unknown"):
        _export(office, letters)
    approve_batch(actor=approver(office), at=AT, batch_id=UUID(batch))
    out = _export(office, letters)
    assert [{key: cell for key, cell in row.items() if key != "STT"} for row in read_back(out)[1]] == rows
    assert bring_in(office, out)["unchanged"] == len(rows)


@pytest.mark.django_db
def test_repaired_cells_come_out_repaired_and_surrogates_blank(office: Office) -> None:
    cells = good_cells(number=1, era="ND83") | {
        "so": "7/1985",
        "ngayDangKy": "20.06.1985",
        "quyenSo": "",
        "trangSo": 7.0,
    }
    bring_in(office, workbook([cells]))
    out = export_book(
        actor=keyer(office), at=AT, office_id=office.id, register_type="KS", book="01/1985", unapproved=True
    )
    row = read_back(out)[1][0]
    assert "quyenSo" not in row
    assert row["trangSo"] == "7"
    assert bring_in(office, out)["unchanged"] == 1


@pytest.mark.django_db
def test_the_heading_is_that_of_the_import_or_of_the_template_asked_for(office: Office) -> None:
    sixty = list(headings(KS, "60"))
    reordered = [*reversed(sixty)]
    cells = {key: cell for key, cell in good_cells(number=1).items() if key in sixty}
    bring_in(office, workbook([cells], header=reordered))
    assert read_back(_export(office, "KS", unapproved=True))[0] == reordered
    assert read_back(_export(office, "KS", unapproved=True, template="60"))[0] == sixty
    assert len(read_back(_export(office, "KS", unapproved=True, template="70"))[0]) == 70
    with pytest.raises(RuleBroken, match="template_unknown"):
        _export(office, "KS", unapproved=True, template="80")


@pytest.mark.django_db
def test_a_template_without_a_used_column_gets_it_at_the_end(office: Office) -> None:
    bring_in(office, workbook([good_cells(number=1)]))
    heading, rows = read_back(_export(office, "KS", unapproved=True, template="60"))
    assert heading[60:] == ["nksSoDinhDanh"]
    assert rows == [good_cells(number=1)]


@pytest.mark.django_db
def test_current_values_are_those_after_annotations(office: Office) -> None:
    batch = bring_in(office, workbook([good_cells(number=1)]))["batch"]
    approve_batch(actor=approver(office), at=AT, batch_id=UUID(batch))
    draft = AnnotationDraft(
        kind="correction", field="child_full_name", new_value="Nguyễn Minh Hà", basis_number="5/QĐ", basis_authority="UBND",
        text="Cải chính họ tên",
    )  # fmt: skip
    annotate_record(actor=keyer(office), at=AT, record_id=Record.objects.get().id, drafts=[draft])
    assert read_back(_export(office, "KS"))[1][0]["nksHoTen"] == "Nguyễn Minh Hải"
    assert read_back(_export(office, "KS", current=True))[1][0]["nksHoTen"] == "Nguyễn Minh Hà"


@pytest.mark.django_db
def test_restricted_values_need_the_right(office: Office) -> None:
    bring_in(office, workbook([good_cells("KT", 1, nktNguyenNhanChet="Bệnh")], "KT"))
    blind = Actor("x", office.id, 5, frozenset({office.id}), IMPORTS - {"restricted.read"})
    out = export_book(actor=blind, at=AT, office_id=office.id, register_type="KT", book="01/2016", unapproved=True)
    assert "nktNguyenNhanChet" not in read_back(out)[1][0]
    assert read_back(_export(office, "KT", unapproved=True))[1][0]["nktNguyenNhanChet"] == "Bệnh"


@pytest.mark.django_db
def test_who_may_export_and_what(office: Office) -> None:
    bring_in(office, workbook([good_cells(number=1)]))
    nobody = Actor("x", office.id, 5, frozenset({office.id}), APPROVES - {"record.read"})
    with pytest.raises(RuleBroken, match="not_allowed"):
        export_book(actor=nobody, at=AT, office_id=office.id, register_type="KS", book="01/2016")
    with pytest.raises(RuleBroken, match="office_not_in_scope"):
        export_book(actor=keyer(office), at=AT, office_id=1, register_type="KS", book="01/2016")
    with pytest.raises(RuleBroken, match="register_unknown"):
        _export(office, "XX")


def test_the_same_rows_are_the_same_file_and_nothing_in_it_can_run() -> None:
    rows = [{"so": "1/2016", "nksHoTen": '=HYPERLINK("http://x";"y")', "ghiChu": "https://x"}]
    first, second = (write_workbook(KS, headings(KS), rows) for _ in range(2))
    assert first == second
    sheet = read_workbook(first)
    assert sheet.formulas == frozenset()
    assert read_back(first)[1][0]["nksHoTen"] == '=HYPERLINK("http://x";"y")'
    assert read_back(first, "Ghi chu")[0] == ["Cột", "Giá trị", "Ý nghĩa"]


# texts as keyboards make them, without what no cell of a workbook can hold
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=60
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([f.import_key for f in KS.fields if f.max_length >= 60]), TEXTS, min_size=1))
def test_any_text_comes_out_as_it_was_taken_in(cells: dict[str, str]) -> None:
    sheet = read_workbook(workbook([{"so": "1/2016", **cells}], header=headings(KS, "60")))
    setting = Setting("KS", sheet.header.columns)
    first = RowExaminer(setting).examine_all(sheet.rows)[0]
    made = cells_of(version_by_id(first.schema_version), first.as_recorded)
    for key, text in cells.items():
        if key in headings(KS, "60") and key != "so" and text.strip() and not text.strip().startswith("["):
            assert unicodedata.normalize("NFC", made.get(key, "")) in (text, clean_text(text)) or text.endswith(".0")
    again = read_workbook(write_workbook(KS, headings(KS, "70"), [made]))
    second = RowExaminer(Setting("KS", again.header.columns)).examine_all(again.rows)[0]
    assert second.digest == first.digest
    assert second.repairs == []
