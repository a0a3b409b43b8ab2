"""What Excel did to cells, undone: each damage with its code, and nothing guessed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from hotich.intake.rules.workbook_repair import Raw, compose_number, mend
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Field

FIELDS = {field.code: field for field in version_by_id("KS-L2014-1").fields}
DEATH = {field.code: field for field in version_by_id("KT-L2014-1").fields}


def _field(code: str) -> Field:
    return FIELDS.get(code) or DEATH[code]


@pytest.mark.parametrize(
    ("code", "cell", "text", "damage"),
    [
        ("child_birth_date", date(1978, 3, 5), "05.03.1978", "excel_date_cell"),
        ("child_birth_date", datetime(1978, 3, 5, 0, 0), "05.03.1978", "excel_date_cell"),
        ("child_birth_date", 28554.0, "05.03.1978", "excel_serial_date"),
        ("child_birth_date", 1978.0, "1978", "excel_float_number"),
        ("child_birth_date", 34.0, "34", "excel_float_number"),
        ("child_birth_date", 3.1978, "03.1978", "excel_float_number"),
        ("child_birth_date", 12.199, "12.1990", "excel_float_number"),
        ("registration_number", date(2006, 12, 1), "12/2006", "excel_date_cell"),
        ("register_book_no", date(2006, 1, 1), "01/2006", "excel_date_cell"),
        ("death_time", time(14, 30), "14:30", "excel_date_cell"),
        ("death_time", 0.6041666666, "14:30", "excel_date_cell"),
        ("page_no", 123.0, "123", "excel_float_number"),
        ("page_no", "123.0", "123", "excel_float_number"),
        ("child_sex", 1.0, "1", "excel_float_number"),
        ("child_sex", True, "1", "excel_boolean_cell"),
        ("child_personal_id", 82216000123.0, "082216000123", "excel_lost_leading_zero"),
        ("child_personal_id", 1216000123.0, "001216000123", "excel_lost_leading_zero"),
        ("mother_id_doc_number", 12345678.0, "012345678", "excel_lost_leading_zero"),
        ("mother_id_doc_number", 82190000123.0, "082190000123", "excel_lost_leading_zero"),
        ("mother_id_doc_number", 123456789.0, "123456789", "excel_float_number"),
        ("child_full_name", "  Nguyễn\u00a0Văn  An ", "Nguyễn Văn An", "text_cleaned"),
        ("child_full_name", "Nguye\u0302\u0303n", "Nguyễn", "text_cleaned"),
    ],
)
def test_damage_is_undone_and_named(code: str, cell: Raw, text: str, damage: str) -> None:
    assert mend(_field(code), cell) == (text, damage)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("child_personal_id", "82216000123"),  # typed so: nobody knows which figure is missing
        ("mother_id_doc_number", "12345678"),
        ("child_birth_date", "1/2/2006"),
        ("child_full_name", "Nguyễn Văn An"),
        ("child_full_name", "K’Brơi"),
        ("remarks", "dòng một\ndòng hai"),
        ("child_birth_place", "=1+1"),
    ],
)
def test_a_text_that_is_no_damage_stays(code: str, text: str) -> None:
    assert mend(_field(code), text) == (text, "")


def test_control_characters_are_not_made_into_spaces() -> None:
    assert mend(_field("child_full_name"), "An\x07Bình") == ("An\x07Bình", "")


def test_a_number_without_its_year_is_completed_by_that_of_the_registration() -> None:
    assert compose_number("123", 2006) == "123/2006"
    assert compose_number("12a", 2006) == "12a/2006"
    assert compose_number("123", None) == ""
    assert compose_number("123/2006", 2006) == ""
    assert compose_number("số 5", 2006) == ""
