"""Names of a delivery: whatever is formatted is read back to the same case, and no name comes twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotich.intake.rules.file_names import PATTERNS, ScanName, ScanNames
from hotich.intake.rules.file_naming import (
    CaseName,
    day_text,
    format_name,
    package_name,
    pattern_of,
    patterns_read,
    read_as,
    unique_names,
)
from hotich.kernel.problems import RuleBroken
from hotich.registers.types import REGISTER_TYPES

NAMES = ScanNames()
CASE = CaseName("KS", 2006, "01", 123, "", "2006-10-01", "31483", "A2")
DAYS = st.one_of(
    st.just("0000-00-00"),
    st.dates(date(1850, 1, 1), date(2099, 12, 31)).map(str),
    st.dates(date(1850, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%Y-%m}-00"),
    st.integers(1850, 2099).map(lambda year: f"{year}-00-00"),
)
CASES = st.builds(
    CaseName,
    register_type=st.sampled_from(sorted(REGISTER_TYPES)),
    book_year=st.integers(1800, 2099),
    book=st.builds("{:02}{}".format, st.integers(0, 999), st.sampled_from(["", "A", "B"])),
    number=st.integers(0, 99999),
    suffix=st.builds("{}{}".format, st.sampled_from(["", "a", "b", "z"]), st.sampled_from(["", "(1)", "(12)"])),
    registered_on=DAYS,
    place=st.one_of(st.just(""), st.integers(10, 999999).map(str)),
    paper=st.sampled_from(["", "A2", "A3", "A4"]),
)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("P1", "KS.2006.01.123.pdf"),
        ("P2", "KS.2006.01.2006-10-01.123.pdf"),
        ("p3", "KS.2006.31483.01.A2.123.pdf"),
        ("PLACE.TYPE.BOOK.YEAR.NUMBER", "31483.KS.01.2006.123.pdf"),
    ],
)
def test_the_patterns_give_the_names_that_were_seen(pattern: str, name: str) -> None:
    assert format_name(CASE, pattern_of(pattern)) == name


def test_what_is_not_known_is_written_with_zeros_or_left_out() -> None:
    unknown = CaseName("KH", 1976, "02A", 7, "a(1)")
    assert format_name(unknown, pattern_of("P2")) == "KH.1976.02A.0000-00-00.007a(1).pdf"
    assert format_name(unknown, pattern_of("P3")) == "KH.1976.00000.02A.A0.007a(1).pdf"
    of_next_year = CaseName("KS", 2003, "01", 120, "", "2004-02-03", "93620", "A2")
    assert format_name(of_next_year, pattern_of("P3")) == "KS.2003.93620.01.A2.2004.120.pdf"


@given(case=CASES, pattern=st.sampled_from(PATTERNS), capital=st.booleans())
def test_every_formatted_name_is_read_back_in_small_and_capital_letters(
    case: CaseName, pattern: str, capital: bool
) -> None:
    name = format_name(case, pattern)
    assert name.isascii()
    assert " " not in name
    assert NAMES.read(name.upper() if capital else name) == read_as(case, pattern)
    assert NAMES.read(f"KS/2006/{name}") == NAMES.read(name)


@given(case=CASES)
def test_the_canonical_name_tells_register_book_number_suffix_and_year(case: CaseName) -> None:
    read = NAMES.read(format_name(case, pattern_of("P2")))
    assert read == ScanName(
        case.register_type, case.book_year, case.book, case.number, case.suffix, int(case.registered_on[:4]) or None
    )


@given(case=CASES)
def test_a_pattern_of_ones_own_is_read_back_before_the_three(case: CaseName) -> None:
    own = "PLACE.TYPE.[DAY].BOOK.YEAR.NUMBER"
    read = ScanNames(patterns_read(own)).read(format_name(case, pattern_of(own)))
    assert read is not None
    assert (read.register_type, read.book_year, read.book, read.number, read.suffix) == (
        case.register_type, case.book_year, case.book, case.number, case.suffix,
    )  # fmt: skip


@given(names=st.lists(st.sampled_from(["a.pdf", "A.pdf", "a(1).pdf", "a(2).pdf", "b.pdf"]), max_size=30))
def test_no_name_comes_twice_and_the_same_names_give_the_same_again(names: list[str]) -> None:
    made = unique_names(names)
    assert len({name.casefold() for name in made}) == len(names)
    assert {name.casefold() for name in names} <= {name.casefold() for name in made}
    assert unique_names(made) == made
    assert unique_names(names) == made


def test_doubles_get_numbers_in_their_order() -> None:
    name = "KS.2006.01.2006-10-01.288.pdf"
    assert unique_names([name, name, name.replace("288", "288(1)"), name]) == [
        name, name.replace("288", "288(2)"), name.replace("288", "288(1)"), name.replace("288", "288(3)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("TYPE.YEAR.BOOK", "scan_pattern_incomplete"),
        ("TYPE.YEAR.BOOK.NUMMER", "scan_pattern_part"),
        ("TYPE.YEAR.BOOK.NUMBER.NUMBER", "scan_pattern_part"),
        ("TYPE YEAR BOOK NUMBER", "scan_pattern_part"),
        ("", "scan_pattern_part"),
        ("TYPE.YEAR.BOOK.[NUMBER]", "scan_pattern_incomplete"),
        ("TYPE.YEAR.[PLACE].BOOK.NUMBER", ""),
        ("TYPE.YEAR.[REGISTERED].BOOK.NUMBER", ""),
        ("TYPE.[REGISTERED].YEAR.BOOK.NUMBER", ""),
    ],
)
def test_a_pattern_that_does_not_tell_the_case_is_refused(pattern: str, code: str) -> None:
    if not code:
        assert pattern_of(pattern) == pattern
        return
    with pytest.raises(RuleBroken) as refused:
        pattern_of(pattern)
    assert refused.value.code == code


def test_a_pattern_by_which_a_name_is_read_as_another_case_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        pattern_of("[PLACE].NUMBER.TYPE.YEAR.BOOK")
    assert refused.value.code == "scan_pattern_ambiguous"


@pytest.mark.parametrize(
    ("earliest", "latest", "year", "text"),
    [
        (date(2006, 10, 1), date(2006, 10, 1), None, "2006-10-01"),
        (date(2006, 10, 1), date(2006, 10, 31), None, "2006-10-00"),
        (date(2006, 1, 1), date(2006, 12, 31), None, "2006-00-00"),
        (None, None, 2006, "2006-00-00"),
        (None, None, None, "0000-00-00"),
        (date(2005, 1, 1), date(2006, 12, 31), 2006, "2006-00-00"),
    ],
)
def test_a_day_that_is_partly_known_is_partly_written(
    earliest: date | None, latest: date | None, year: int | None, text: str
) -> None:
    assert day_text(earliest, latest, year) == text


def test_zip_and_workbook_are_called_after_the_book() -> None:
    assert package_name("KS", "01", 2006) == "KS.2006.01"
