"""Reading date cells of register books."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.kernel.dates import DATE_ERROR_CODES, DateError, PartialDate, from_date, from_json, parse_date, to_json

FIFTH_OF_MARCH = date(1978, 3, 5)


def refusal(text: str, registration_year: int | None = None) -> str:
    with pytest.raises(DateError) as caught:
        parse_date(text, registration_year=registration_year)
    assert caught.value.text == text
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "05.03.1978",
        "5/3/1978",
        "05-03-1978",
        "5 3 1978",
        " 05 . 03 . 1978. ",
        "5/3-1978",
        "05031978",
        "19780305",
        "1978-03-05",
        "1978-03-05 00:00:00",
        "ngày 5 tháng 3 năm 1978",
        "Ngày 05 tháng 03, 1978",
        "NGAY 5 THANG 3 NAM 1978",
        "ngày 5/3/1978",
        "sinh ngày 5.3.1978",
        "mùng 5 tháng 3 năm 1978",
        "5/III/1978",
        "5-iii-1978",
        "05/03/1978 (DL)",
        "05/03/1978 dương lịch",
        "ngày năm tháng ba năm một nghìn chín trăm bảy mươi tám",
    ],
)
def test_a_full_date_is_read_in_every_usual_form(text: str) -> None:
    found = parse_date(text)
    assert (found.earliest, found.latest, found.precision) == (FIFTH_OF_MARCH, FIFTH_OF_MARCH, "day")
    assert (found.exchange(), found.iso(), found.raw) == ("05.03.1978", "1978-03-05", text)


@pytest.mark.parametrize(
    ("text", "exchange", "first", "last"),
    [
        ("03.1978", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("3/1978", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("021980", "02.1980", date(1980, 2, 1), date(1980, 2, 29)),
        ("1978-03", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("tháng 3 năm 1978", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("tháng 3/1978", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("00/03/1978", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("--/03/1978", "03.1978", date(1978, 3, 1), date(1978, 3, 31)),
        ("1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
        ("năm 1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
        ("sn 1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
        ("00/00/1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
        ("…/…/1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
        ("xx/xx/1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
        ("05/../1978", "1978", date(1978, 1, 1), date(1978, 12, 31)),
    ],
)
def test_parts_not_written_widen_the_interval(text: str, exchange: str, first: date, last: date) -> None:
    found = parse_date(text)
    assert (found.exchange(), found.earliest, found.latest) == (exchange, first, last)


@pytest.mark.parametrize(
    ("text", "registration_year", "exchange"),
    [
        ("5/3/78", 1980, "05.03.1978"),
        ("5/3/80", 1980, "05.03.1980"),
        ("5/3/81", 1980, "05.03.1881"),
        ("5/3/'99", 2003, "05.03.1999"),
        ("050378", 1980, "05.03.1978"),
        ("3/78", 1980, "03.1978"),
        ("sinh năm 78", 1980, "1978"),
        ("ngày 5 tháng 3 năm 78", 1980, "05.03.1978"),
    ],
)
def test_a_year_of_two_figures_is_the_latest_not_after_the_registration(
    text: str, registration_year: int, exchange: str
) -> None:
    assert parse_date(text, registration_year=registration_year).exchange() == exchange
    assert refusal(text) == "date_year_ambiguous"


def test_a_bare_number_of_two_figures_could_be_an_age_and_is_refused() -> None:
    assert refusal("34", 1980) == "date_year_ambiguous"


@pytest.mark.parametrize(
    "text", ["34 tuổi", "34t", "34 t.", "34T", "34 TUỔI", "34 tuoi", "ba mươi tư tuổi", "tuổi: 34"]
)
def test_an_age_gives_an_estimated_year_that_means_one_year_more_or_less(text: str) -> None:
    found = parse_date(text, registration_year=1980)
    assert (found.year, found.estimated, found.precision, found.raw) == (1946, True, "year", text)
    assert (found.earliest, found.latest) == (date(1945, 1, 1), date(1947, 12, 31))
    assert refusal(text) == "date_year_ambiguous"


def test_the_traditional_count_of_age_is_one_year_less() -> None:
    assert parse_date("34 tuổi mụ", registration_year=1980).year == 1947
    assert parse_date("34 tuổi ta", registration_year=1980).year == 1947


def test_an_infant_has_the_year_of_registration() -> None:
    assert parse_date("3 tháng tuổi", registration_year=1980).year == 1980


def test_a_written_year_beside_an_age_wins() -> None:
    found = parse_date("1945 (35 tuổi)", registration_year=1980)
    assert (found.year, found.estimated) == (1945, False)


def test_about_makes_a_year_estimated() -> None:
    found = parse_date("khoảng 1945")
    assert (found.earliest, found.latest) == (date(1944, 1, 1), date(1946, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "15/8/1950 âm lịch",
        "15/8/1950 ÂL",
        "15.8.1950 (AL)",
        "ngày 15 tháng 8 năm 1950 âm lịch",
        "30/02/1950 ÂL",
        "rằm tháng Giêng năm 1950",
        "tháng Chạp 1950",
        "5 tháng Một năm 1950",
        "ngày 3 tháng 2 nhuận năm 1950",
    ],
)
def test_a_lunar_date_keeps_only_the_year_and_the_text(text: str) -> None:
    found = parse_date(text)
    assert (found.year, found.month, found.day, found.calendar) == (1950, None, None, "lunar")
    assert (found.earliest, found.latest, found.raw) == (date(1950, 1, 1), date(1951, 2, 20), text)
    assert found.exchange() == "1950"


def test_a_can_chi_year_is_found_by_the_age() -> None:
    found = parse_date("Giáp Tý, 54 tuổi", registration_year=1978)
    assert (found.year, found.calendar, found.estimated) == (1924, "lunar", False)


@pytest.mark.parametrize(
    ("text", "registration_year", "year"),
    [
        ("năm Giáp Tý", 1984, 1984),
        ("năm Giáp Tý", 1983, 1924),
        ("Kỷ Tỵ", 1990, 1989),
        ("Canh Tý", 1990, 1960),
        ("Ất Dậu", 1950, 1945),
        ("tháng Giêng năm Ất Dậu", 1950, 1945),
    ],
)
def test_a_can_chi_year_alone_is_the_latest_before_the_registration_and_estimated(
    text: str, registration_year: int, year: int
) -> None:
    found = parse_date(text, registration_year=registration_year)
    assert (found.year, found.calendar, found.estimated) == (year, "lunar", True)


def test_a_can_chi_year_without_anything_to_count_from_has_no_year() -> None:
    found = parse_date("năm Giáp Tý")
    assert (found.year, found.precision, found.earliest, found.latest) == (None, "none", None, None)
    assert (found.exchange(), found.iso(), found.raw) == ("", "", "năm Giáp Tý")


def test_an_animal_year_needs_an_age() -> None:
    assert parse_date("tuổi Dần", registration_year=1980).year is None
    assert parse_date("tuổi Dần, 30 tuổi", registration_year=1980).year == 1950


@pytest.mark.parametrize("text", ["30/02/1978", "29/02/1978", "29.02.1900", "5/13/1978", "31/4/1978", "32/1/1978"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    assert refusal(text) == "date_impossible"


@pytest.mark.parametrize("text", ["131 tuổi", "31/8/1950 ÂL", "5/xiii/1978"])
def test_an_impossible_age_lunar_day_or_month_is_refused(text: str) -> None:
    assert refusal(text, 1980) == "date_impossible"


def test_the_leap_day_exists_in_leap_years() -> None:
    assert parse_date("29/02/1980").earliest == date(1980, 2, 29)
    assert parse_date("29/02/2000").earliest == date(2000, 2, 29)


@pytest.mark.parametrize("text", ["01/04/5005", "01/04/1799", "1/4/2101", "1700", "1/4/205", "năm năm nghìn"])
def test_a_year_outside_1800_to_2100_is_refused(text: str) -> None:
    assert refusal(text) == "date_year_out_of_range"


@pytest.mark.parametrize(
    "text", ["", " ", "?", "…", "không rõ", "5/3", "ngày 5 tháng 3", "abc", "1978 1979", "1234567"]
)
def test_what_is_no_date_is_unreadable(text: str) -> None:
    assert refusal(text, 1980) == "date_unreadable"


def test_a_very_long_text_is_refused_without_work() -> None:
    assert refusal("một " * 8000) == "date_unreadable"


def test_a_refusal_is_the_same_the_second_time() -> None:
    assert refusal("30/02/1979") == refusal("30/02/1979") == "date_impossible"


def test_a_year_without_month_cannot_have_a_day() -> None:
    with pytest.raises(DateError, match="date_impossible"):
        PartialDate(1978, None, 5)


PARTIAL_DATES = st.one_of(
    st.dates(date(1800, 1, 1), date(2100, 12, 31)).map(from_date),
    st.builds(
        PartialDate,
        st.integers(1800, 2100) | st.none(),
        st.integers(1, 12) | st.none(),
        st.none(),
        st.sampled_from(["solar", "lunar"]),
        st.booleans(),
        st.text(max_size=12),
    ),
)


@settings(max_examples=60, deadline=None)
@given(PARTIAL_DATES)
def test_json_gives_the_same_date_back(value: PartialDate) -> None:
    assert from_json(to_json(value)) == value
    assert hash(from_json(to_json(value))) == hash(value)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_what_is_written_for_exchange_is_read_back(day: date) -> None:
    written = from_date(day)
    assert parse_date(written.exchange()).earliest == parse_date(written.iso()).latest == day


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789./- tuổiângyhămlịcGápTý…?x(),", max_size=24), st.none() | st.integers(1850, 2030))
def test_any_text_is_a_date_or_a_refusal_with_a_known_code(text: str, registration_year: int | None) -> None:
    try:
        found = parse_date(text, registration_year=registration_year)
    except DateError as error:
        assert error.code in DATE_ERROR_CODES
    else:
        assert found.raw == text
        assert found.earliest is None or found.latest is None or found.earliest <= found.latest
