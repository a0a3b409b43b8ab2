"""Books nobody thought of: whatever stands in the cells of any register comes out as it went in, or is told."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotich.intake.models import Case
from hotich.intake.services import export_book
from hotich.kernel.text import clean_text
from hotich.registers.rules.cells import headings
from hotich.registers.types import REGISTER_TYPES, version_for
from hotich.registers.types.declaration import Field
from hotich.units.models import Office
from tests.app.intake_parts import AT, an_office, bring_in, good_cells, keyer, workbook
from tests.app.test_intake_round_trip import read_back

pytestmark = pytest.mark.django_db

PLACES = {"registration_number", "register_book_no", "registration_date"}  # what finds the row again
ODD = [
    "=1+1", "=HYPERLINK(\"http://x\";\"y\")", "+84 912", "-5", "- không rõ -", "@SUM(A1)", "\tđầu", "cuối\t",
    "hai  dấu   cách", "dòng một\ndòng hai", "😀 tên 👨‍👩‍👧", unicodedata.normalize("NFD", "Nguyễn Thị Ngọc"),
    "ẩn\u200bgiữa\u200d", "\ufeffđầu tệp", "không\u00a0ngắt", "mềm\u00adchữ", "Ðặng", "K'Brôih", "Y Bhăm Niê", "0012",
    "'00012", "1.0", "12345678901234567890", "TRUE", "#N/A", "[không đọc được]", "[Không đọc được ]", "<b>x</b>",
    "%s {0} ${x}", "_x0041_", "x" * 250, "Ễ" * 120,
]  # fmt: skip
LETTERS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=40
)
RANDOM = settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def _fields(letters: str) -> dict[str, Field]:
    """Heading -> field, of what may say anything."""
    fields = version_for(letters, "L2014").fields
    return {field.import_key: field for field in fields if field.code not in PLACES}


class _Undone(Exception):
    """Ends an example: what it stored is taken back."""


def _round_trip(office: Office, letters: str, rows: list[dict[str, str]]) -> None:
    try:
        with transaction.atomic():
            report = bring_in(office, workbook(rows, letters, header=_header(letters, rows)))
            _holds(office, letters, rows, report)
            raise _Undone
    except _Undone:
        pass


def _header(letters: str, rows: list[dict[str, str]]) -> list[str]:
    return list(headings(version_for(letters, "L2014"), "", {key for row in rows for key in row}))


def _holds(office: Office, letters: str, rows: list[dict[str, str]], report: dict[str, Any]) -> None:
    counted = {name: report[name] for name in ("accepted", "held", "rejected", "unchanged")}
    assert report["rows"] == len(rows) == sum(counted.values())
    told = {
        (found["row"], found["column"])
        for found in report["problems"]
        if found["code"] == "text_cleaned" or found["code"].startswith("excel_")
    }
    stored = {case.row_number for case in Case.objects.filter(batch_id=report["batch"])}
    assert len(stored) == counted["accepted"] + counted["held"]
    out = export_book(
        actor=keyer(office), at=AT, office_id=office.id, register_type=letters, book="01/2016", unapproved=True
    )
    back = [{key: cell for key, cell in row.items() if key != "STT"} for row in read_back(out)[1]]
    kept = [(number, row) for number, row in enumerate(rows, start=2) if number in stored]
    assert len(back) == len(kept)
    for (number, row), came in zip(kept, back, strict=True):
        for key, text in row.items():
            if came.get(key, "") == text:
                assert (number, key) not in told, "told, though nothing was changed"
            elif came.get(key, "") or clean_text(text):
                assert (number, key) in told, f"{key}: {text!r} became {came.get(key, '')!r} and nobody was told"
        assert not set(came) - set(row), "cells that nobody wrote"
    again = bring_in(office, out)
    assert (again["unchanged"], again["accepted"], again["held"], again["rejected"]) == (len(kept), 0, 0, 0)


@pytest.mark.parametrize("letters", REGISTER_TYPES)
def test_random_books_come_out_as_they_went_in(office: Office, letters: str) -> None:
    fields = _fields(letters)
    cell = st.dictionaries(st.sampled_from(sorted(fields)), st.sampled_from(ODD) | LETTERS, max_size=8)

    @RANDOM
    @given(st.lists(st.tuples(cell, st.booleans()), min_size=1, max_size=6))
    def any_book(drawn: list[tuple[dict[str, str], bool]]) -> None:
        rows = []
        for number, (changes, sparse) in enumerate(drawn, start=1):
            whole = good_cells(letters, number)
            head = {key: text for key, text in whole.items() if key not in fields}
            rows.append((head if sparse else whole) | changes)
        _round_trip(office, letters, rows)

    any_book()


@pytest.mark.parametrize("text", ODD)
def test_an_odd_text_in_a_name_or_in_remarks_comes_out_or_is_told(office: Office, text: str) -> None:
    rows = [good_cells("KS", 1, nksHoTen=text), good_cells("KS", 2, ghiChu=text)]
    _round_trip(office, "KS", rows)


def test_what_was_cleaned_is_told_with_the_cell(office: Office) -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Ngọc")
    report = bring_in(office, workbook([good_cells("KS", 1, nksHoTen=decomposed, ghiChu="ẩn\u200bgiữa")]))
    told = {(found["row"], found["column"]) for found in report["problems"] if found["code"] == "text_cleaned"}
    assert told == {(2, "nksHoTen"), (2, "ghiChu")}
    case = Case.objects.get()
    assert (case.as_recorded["child_full_name"], case.as_recorded["remarks"]) == ("Nguyễn Thị Ngọc", "ẩngiữa")
