"""Numbers and dates in Vietnamese words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.kernel.dates import DateError, PartialDate, date_to_words, from_date, parse_date, parse_date_words
from hotich.kernel.numbers_vi import number_to_words, parse_month, parse_number

SIXTEENTH = "Ngày mười sáu tháng bảy năm hai nghìn không trăm linh tám"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("không", 0),
        ("mười sáu", 16),
        ("Mười lăm", 15),
        ("hai mươi mốt", 21),
        ("hai mươi nhăm", 25),
        ("hai mươi tư", 24),
        ("hăm mốt", 21),
        ("băm lăm", 35),
        ("ba mốt", 31),
        ("hai lăm", 25),
        ("chín bẩy", 97),
        ("một trăm linh năm", 105),
        ("chín trăm lẻ bảy", 907),
        ("hai nghìn", 2000),
        ("hai nghìn không trăm linh tám", 2008),
        ("hai ngàn lẻ tám", 2008),
        ("hai nghìn không tám", 2008),
        ("HAI NGHIN KHONG TRAM LINH TAM", 2008),
        ("hai nghìn mười sáu", 2016),
        ("một nghìn chín trăm bảy mươi tám", 1978),
        ("một ngàn chín trăm bảy tám", 1978),
        ("một chín bảy tám", 1978),
        ("một chín tám năm", 1985),
        ("một chín tám mươi", 1980),
        ("mười chín bảy mươi tám", 1978),
        ("hai không không tám", 2008),
        ("2008", 2008),
        ("một triệu hai trăm nghìn", 1_200_000),
    ],
)
def test_number_words_are_read(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "abc", "một nghìn chín trăm bảy", "hai nghìn tám", "mười mười", "trăm", "nghìn", "một hai trăm", "16 bảy"],
)
def test_words_that_say_no_number_or_two_are_refused(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [("tháng Giêng", 1), ("Chạp", 12), ("tháng tư", 4), ("tháng mười một", 11), ("07", 7), ("tháng 13", None)],
)
def test_names_of_months_are_read(text: str, month: int | None) -> None:
    assert parse_month(text) == month


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 999_999))
def test_a_number_in_words_is_read_back(number: int) -> None:
    assert parse_number(number_to_words(number)) == number
    assert parse_number(number_to_words(number).upper()) == number


def test_a_number_too_large_for_words_is_refused() -> None:
    with pytest.raises(ValueError, match="1000000"):
        number_to_words(1_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SIXTEENTH, (2008, 7, 16)),
        (SIXTEENTH.upper(), (2008, 7, 16)),
        ("Ngày 16 tháng 7 năm hai nghìn lẻ tám", (2008, 7, 16)),
        ("ngay muoi sau thang bay nam hai nghin khong tram linh tam", (2008, 7, 16)),
        ("ngày năm tháng năm năm một nghìn chín trăm năm mươi lăm", (1955, 5, 5)),
        ("tháng mười năm hai nghìn", (2000, 10, None)),
        ("tháng mười hai nghìn không trăm linh tám", (2008, 10, None)),
        ("tháng mười hai năm hai nghìn không trăm linh tám", (2008, 12, None)),
        ("tháng năm một nghìn chín trăm tám mươi", (1980, 5, None)),
        ("ngày mười lăm tháng hai năm một chín tám năm", (1985, 2, 15)),
        ("năm một nghìn chín trăm năm mươi lăm", (1955, None, None)),
        ("một nghìn chín trăm năm mươi lăm", (1955, None, None)),
        ("mồng một tháng một năm hai nghìn", (2000, 1, 1)),
        ("Hai mươi bảy tháng tám", (None, 8, 27)),
    ],
)
def test_dates_in_words_are_read(text: str, expected: tuple[int | None, int | None, int | None]) -> None:
    found = parse_date_words(text)
    assert (found.year, found.month, found.day) == expected


def test_a_short_year_in_words_needs_the_registration_year() -> None:
    assert parse_date_words("ngày năm tháng năm năm bảy tám", registration_year=1980).iso() == "1978-05-05"
    with pytest.raises(DateError, match="date_year_ambiguous"):
        parse_date_words("ngày năm tháng năm năm bảy tám")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date_unreadable"),
        ("không rõ", "date_unreadable"),
        ("năm một nghìn chín trăm bảy", "date_unreadable"),
        ("ba mươi tháng hai năm hai nghìn", "date_impossible"),
        ("tháng mười ba năm hai nghìn", "date_impossible"),
        ("ngày một tháng tư năm năm nghìn không trăm linh năm", "date_year_out_of_range"),
    ],
)
def test_words_that_are_no_date_are_refused(text: str, code: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date_words(text)
    assert caught.value.code == code


def test_lunar_words_keep_only_the_year() -> None:
    found = parse_date_words("mồng một tháng Giêng năm Giáp Tý", registration_year=1990)
    assert (found.year, found.month, found.day, found.calendar) == (1984, None, None, "lunar")


def test_words_that_differ_from_the_figures_are_seen_even_without_a_year() -> None:
    figures = parse_date("01.09.2008")
    assert not parse_date_words("Hai mươi bảy tháng tám").words_agree(figures)
    assert parse_date_words("Ngày một tháng chín").words_agree(figures)
    assert parse_date_words("Ngày một tháng chín năm hai nghìn không trăm linh tám").words_agree(figures)
    assert not parse_date_words("tháng chín năm hai nghìn không trăm linh bảy").words_agree(figures)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_a_date_written_in_words_is_read_back(day: date) -> None:
    assert parse_date_words(date_to_words(from_date(day))).earliest == day


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (PartialDate(2008, 7, 16), SIXTEENTH),
        (PartialDate(1985, 4), "Tháng tư năm một nghìn chín trăm tám mươi lăm"),
        (PartialDate(2021), "Năm hai nghìn không trăm hai mươi mốt"),
        (PartialDate(1946, estimated=True), "Khoảng năm một nghìn chín trăm bốn mươi sáu"),
        (PartialDate(1950, calendar="lunar"), "Năm một nghìn chín trăm năm mươi (âm lịch)"),
        (PartialDate(None), ""),
    ],
)
def test_dates_are_written_in_words_as_far_as_known(value: PartialDate, words: str) -> None:
    assert date_to_words(value) == words
    if words:
        found = parse_date_words(words)
        assert (found.year, found.month, found.day) == (value.year, value.month, value.day)
        assert (found.calendar, found.estimated) == (value.calendar, value.estimated)
