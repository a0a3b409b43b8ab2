"""Reading single values: numbers of entries and books, dates, times, codes; and surrogates for old books."""

from __future__ import annotations

from datetime import date

import pytest

from hotich.registers.rules import reading
from hotich.registers.rules.case import BookRead, NumberRead, Span
from hotich.registers.rules.reading import read_book, read_date, read_number, with_surrogates
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Field, Kind, Label


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("123/2006", NumberRead(123, "", 2006)),
        ("007/2006", NumberRead(7, "", 2006)),
        ("12a/2006", NumberRead(12, "a", 2006)),
        ("12B/1999", NumberRead(12, "B", 1999)),
        ("12(1)/2006", NumberRead(12, "(1)", 2006)),
        ("12a(2)/2006", NumberRead(12, "a(2)", 2006)),
        (" 12 / 2006 ", NumberRead(12, "", 2006)),
        ("123", NumberRead(123, "", None)),
        ("12/06", None),
        ("12/1706", None),
        ("123456/2006", None),
        ("12-2006", None),
        ("", None),
    ],
)
def test_registration_numbers_are_taken_apart(text: str, found: NumberRead | None) -> None:
    assert read_number(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("01/2006", BookRead("01", 2006, "")),
        ("1/2006", BookRead("01", 2006, "")),
        ("1a/2006", BookRead("01A", 2006, "")),
        ("01-TP/HT-2015-GH", BookRead("01", 2015, "GH")),
        ("02 - tp/ht - 2015", BookRead("02", 2015, "")),
        ("01", BookRead("01", None, "")),
        ("01/06", None),
        ("quyển 1", None),
    ],
)
def test_book_numbers_are_taken_apart(text: str, found: BookRead | None) -> None:
    assert read_book(text) == found


def _read(kind: Kind, text: str, *, year: int | None = 2006, code_list: str = "") -> reading.Read:
    reader = reading.reader_of(Field("any", Label("a", "a"), kind, code_list=code_list))
    assert reader is not None
    return reader(text, year)


@pytest.mark.parametrize(
    ("kind", "text", "value", "rule"),
    [
        (Kind.DATE, "5/3/1978", "1978-03-05", "R-DATE"),
        (Kind.DATE, "03.1978", "1978-03", "R-DATE"),
        (Kind.DATE, "34 tuổi", "1972", "R-AGETEXT"),
        (Kind.DATE, "5/3/78", "1978-03-05", "R-DATE"),
        (Kind.DATE, "ngày 5 tháng Chạp năm 1978 (âm lịch)", "1978", "R-DATE-LUNAR"),
        (Kind.TIME, "0h20'", "00:20", "R-TIME"),
        (Kind.TIME, "14 giờ 30", "14:30", "R-TIME"),
        (Kind.TIME, "14 giờ 30 phút", "14:30", "R-TIME"),
        (Kind.TIME, "7:05", "07:05", "R-TIME"),
        (Kind.TIME, "14 giờ", "14:00", "R-TIME"),
        (Kind.BOOK_NUMBER, "01-TP/HT-2015-GH", "01/2015", "R-BOOK"),
        (Kind.REGISTRATION_NUMBER, "012a/2006", "12a/2006", "R-NO"),
    ],
)
def test_the_standard_value_and_its_rule_stand_beside(kind: Kind, text: str, value: str, rule: str) -> None:
    assert _read(kind, text).standard == {"value": value, "rule": rule}


@pytest.mark.parametrize("text", ["24:00", "12:60", "đêm", "12:30:59 sáng"])
def test_what_is_no_time_is_reported(text: str) -> None:
    assert [code for code, _ in _read(Kind.TIME, text).faults] == ["time_unreadable"]


def test_old_names_of_codes_are_standardised_with_the_list_as_rule() -> None:
    read = _read(Kind.CODE, "Mèo", code_list="ethnicity")
    assert (read.code, read.standard) == ("08", {"value": "08", "rule": "code:ethnicity"})


@pytest.mark.parametrize("text", ["VNDCCH", "Việt Nam Cộng hòa", "CHXHCNVN", "VN", "V.Nam"])
def test_old_names_of_the_country_are_viet_nam(text: str) -> None:
    assert _read(Kind.CODE, text, code_list="nationality").code == "VN"


def test_words_outside_a_suggested_list_are_no_fault() -> None:
    assert _read(Kind.TEXT, "hàng xóm", code_list="relationship") == reading.PLAIN
    assert _read(Kind.TEXT, "Cha", code_list="relationship").code == "father"


def test_a_doubtful_word_names_what_it_may_mean() -> None:
    ((code, params),) = _read(Kind.CODE, "Mán", code_list="ethnicity").faults
    assert code == "code_ambiguous"
    assert "Dao" in str(params["candidates"])


def test_a_partial_date_is_an_interval() -> None:
    assert read_date("02.2016", None).span == Span(date(2016, 2, 1), date(2016, 2, 29))
    assert read_date("", None) == reading.PLAIN


HEAD = {"registration_number": "12/1985", "registration_date": "03.05.1985"}


@pytest.mark.parametrize("era", ["PRE1999", "ND83"])
def test_a_book_without_number_gets_a_surrogate_that_says_so(era: str) -> None:
    made = with_surrogates(version_for("KS", era), HEAD)
    assert made["register_book_no"] == {"text": "01/1985", "reason": "assigned"}
    assert "register_book_no" not in HEAD


def test_the_year_of_the_number_makes_the_surrogate_when_the_date_is_missing() -> None:
    made = with_surrogates(version_for("KS", "PRE1999"), {"registration_number": "12/1985"})
    assert made["register_book_no"] == {"text": "01/1985", "reason": "assigned"}


@pytest.mark.parametrize(
    ("era", "row"),
    [
        ("ND158", HEAD),
        ("PRE1999", {**HEAD, "register_book_no": "02/1985"}),
        ("PRE1999", {**HEAD, "register_book_no": {"text": "", "reason": "illegible"}}),
        ("PRE1999", {"registration_number": "12"}),
    ],
)
def test_nothing_is_made_up_where_the_book_tells_or_nothing_can_be_said(era: str, row: dict[str, object]) -> None:
    assert with_surrogates(version_for("KS", era), row) is row  # type: ignore[arg-type]
