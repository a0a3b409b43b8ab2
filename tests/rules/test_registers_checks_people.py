"""Statements about ages, gaps and registration in time, with their boundary days."""

from __future__ import annotations

from datetime import date

import pytest
from registers_rows import codes, is_error, look, the

from hotich.registers.rules.case import OfficeFacts
from hotich.registers.rules.checks.people import first_day_of_marriage_age
from hotich.registers.rules.checks.timeliness import is_late
from hotich.registers.types.declaration import Channel

FAILS: list[tuple[str, str, dict[str, object], bool]] = [
    ("mother_not_older", "KS", {"mother_birth_date": "01.06.2016"}, True),
    ("father_not_older", "KS", {"father_birth_date": "02.06.2016"}, True),
    ("mother_age_impossible", "KS", {"mother_birth_date": "02.06.2006"}, True),
    ("mother_age_unusual", "KS", {"mother_birth_date": "02.06.2004"}, False),
    ("mother_age_unusual", "KS", {"mother_birth_date": "01.06.1960"}, False),
    ("father_age_unusual", "KS", {"father_birth_date": "02.06.2004"}, False),
    ("father_age_unusual", "KS", {"father_birth_date": "01.06.1935"}, False),
    ("recognised_parent_not_older", "CMC", {"parent_birth_date": "2016"}, True),
    ("recognised_parent_too_young", "CMC", {"parent_birth_date": "02.06.2003"}, False),
    ("husband_under_age", "KH", {"husband_birth_date": "21.06.1996"}, False),
    ("wife_under_age", "KH", {"wife_birth_date": "21.06.1998"}, False),
    ("wife_under_age", "KH", {"wife_birth_date": "07.1998"}, False),
    ("guardian_under_age", "GH", {"guardian_birth_date": "21.06.1998"}, False),
    ("guardian_under_age", "GH", {"guardian_birth_date_2": "21.06.1998"}, False),
    ("adopter_not_older", "CN", {"adoptive_father_birth_date": "01.06.2010"}, True),
    ("adopter_not_older", "CN", {"giving_mother_birth_date": "2011"}, True),
    ("adopter_too_young", "CN", {"adoptive_mother_birth_date": "02.06.1990"}, False),
    ("adoptee_over_sixteen", "CN", {"adoptee_birth_date": "20.06.2000", "giving_mother_birth_date": "1970"}, False),
    ("adoptee_over_eighteen", "CN", {"adoptee_birth_date": "20.06.1998", "giving_mother_birth_date": "1970"}, False),
    ("death_age_unusual", "KT", {"deceased_birth_date": "10.06.1895"}, False),
    ("late_but_marked_on_time", "KS", {"child_birth_date": "20.04.2016", "child_birth_date_words": None}, False),
    ("on_time_but_marked_late", "KS", {"registration_type": "4"}, False),
    ("late_but_marked_on_time", "KT", {"death_date": "04.06.2016", "death_date_words": None}, False),
]  # fmt: skip

HOLDS: list[tuple[str, str, dict[str, object]]] = [
    ("mother_not_older", "KS", {"mother_birth_date": "31.05.2016"}),
    ("mother_not_older", "KS", {"mother_birth_date": "2016"}),
    ("mother_age_impossible", "KS", {"mother_birth_date": "01.06.2006"}),
    ("mother_age_impossible", "KS", {"mother_birth_date": "2006"}),
    ("mother_age_unusual", "KS", {"mother_birth_date": "01.06.2004"}),
    ("mother_age_unusual", "KS", {"mother_birth_date": "2004"}),
    ("mother_age_unusual", "KS", {"mother_birth_date": "02.06.1960"}),
    ("father_age_unusual", "KS", {"father_birth_date": "01.06.2004"}),
    ("father_age_unusual", "KS", {"father_birth_date": "02.06.1935"}),
    ("recognised_parent_too_young", "CMC", {"parent_birth_date": "01.06.2003"}),
    ("husband_under_age", "KH", {"husband_birth_date": "20.06.1996"}),
    ("husband_under_age", "KH", {"husband_birth_date": "06.1996"}),
    ("wife_under_age", "KH", {"wife_birth_date": "20.06.1998"}),
    ("wife_under_age", "KH", {"wife_birth_date": "1998"}),
    ("wife_under_age", "KH", {"wife_birth_date": "17 tuổi"}),
    ("guardian_under_age", "GH", {"guardian_birth_date": "20.06.1998"}),
    ("adopter_too_young", "CN", {"adoptive_mother_birth_date": "01.06.1990"}),
    ("adopter_too_young", "CN", {"adoptive_mother_birth_date": "1990"}),
    ("adoptee_over_sixteen", "CN", {"adoptee_birth_date": "21.06.2000"}),
    ("adoptee_over_eighteen", "CN", {"adoptee_birth_date": "21.06.1998"}),
    ("adoptee_over_sixteen", "CN", {"adoptee_birth_date": "20.06.1998"}),
    ("death_age_unusual", "KT", {"deceased_birth_date": "11.06.1895"}),
    ("death_age_unusual", "KT", {"deceased_birth_date": "1895"}),
    ("late_but_marked_on_time", "KS", {"child_birth_date": "21.04.2016", "child_birth_date_words": None}),
    ("late_but_marked_on_time", "KS", {"child_birth_date": "04.2016", "child_birth_date_words": None}),
    ("on_time_but_marked_late", "KS", {"registration_type": "4", "child_birth_date": "20.04.2016"}),
    ("on_time_but_marked_late", "KS", {"registration_type": "4", "child_birth_date": "2016"}),
    ("late_but_marked_on_time", "KT", {"death_date": "05.06.2016", "death_date_words": None}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "letters", "changes", "error"), FAILS)
def test_ages_that_do_not_fit_are_found(code: str, letters: str, changes: dict[str, object], error: bool) -> None:
    found = look(letters, changes)
    assert code in codes(found)
    assert is_error(found, code) is error


@pytest.mark.parametrize(("code", "letters", "changes"), HOLDS)
def test_ages_that_may_fit_are_not_found(code: str, letters: str, changes: dict[str, object]) -> None:
    assert code not in codes(look(letters, changes))


def test_one_gap_is_reported_once_by_its_sternest_statement() -> None:
    about = {"mother_not_older", "mother_age_impossible", "mother_age_unusual"}
    for birth, code in (
        ("2017", about - {"mother_age_impossible", "mother_age_unusual"}),
        ("2008", {"mother_age_impossible"}),
    ):
        assert codes(look("KS", {"mother_birth_date": birth})) & about == code


@pytest.mark.parametrize("code", ["husband_under_age", "wife_under_age", "guardian_under_age", "adoptee_over_eighteen"])
def test_what_the_law_forbids_is_an_error_in_live_registration(code: str) -> None:
    _, letters, changes, error = next(row for row in FAILS if row[0] == code)
    assert not error
    assert is_error(look(letters, changes, channel=Channel.LIVE), code)


# worked example 7: twenty full years, to the day
@pytest.mark.parametrize(("birth", "allowed"), [("23.11.2006", True), ("24.11.2006", False)])
def test_a_man_may_marry_on_his_twentieth_birthday(birth: str, allowed: bool) -> None:
    dated = {"registration_date": "23.11.2026", "registration_number": "12/2026", "husband_birth_date": birth}
    found = look("KH", dated, era="LIVE", channel=Channel.LIVE)
    assert ("husband_under_age" not in codes(found)) is allowed


@pytest.mark.parametrize(
    ("sex", "married", "birth", "first_day"),
    [
        ("1", date(1965, 1, 1), date(1945, 1, 1), date(1965, 1, 1)),  # law of 1959
        ("2", date(1990, 1, 1), date(1972, 1, 1), date(1990, 1, 1)),  # law of 1986
        ("1", date(2010, 1, 1), date(1990, 5, 6), date(2009, 5, 7)),  # law of 2000: in the twentieth year
        ("2", date(2014, 12, 31), date(1997, 12, 30), date(2014, 12, 31)),
        ("2", date(2015, 1, 1), date(1997, 12, 30), date(2015, 12, 30)),  # law of 2014: eighteen full years
        ("1", date(2026, 1, 1), date(2004, 2, 29), date(2024, 2, 29)),
        ("2", date(2026, 1, 1), date(2004, 2, 29), date(2022, 3, 1)),
    ],
)
def test_the_age_of_marriage_is_that_of_the_law_of_the_day(
    sex: str, married: date, birth: date, first_day: date
) -> None:
    assert first_day_of_marriage_age(birth, sex, married) == first_day


def test_before_the_first_marriage_law_no_age_is_asked() -> None:
    assert first_day_of_marriage_age(date(1945, 1, 1), "1", date(1959, 12, 31)) is None


# worked examples 1 and 2: day 60 of a birth and day 15 of a death are in time
@pytest.mark.parametrize(
    ("letters", "happened", "registered", "late"),
    [
        ("KS", date(2026, 10, 1), date(2026, 11, 30), False),
        ("KS", date(2026, 10, 1), date(2026, 12, 1), True),
        ("KT", date(2026, 11, 1), date(2026, 11, 16), False),
        ("KT", date(2026, 11, 1), date(2026, 11, 17), True),
        ("KS", date(2003, 1, 1), date(2003, 1, 31), False),
        ("KS", date(2003, 1, 1), date(2003, 2, 1), True),
        ("KS", date(2006, 3, 1), date(2006, 4, 30), False),
        ("KS", date(1985, 1, 1), date(1986, 1, 1), None),
    ],
)
def test_late_is_counted_by_the_law_of_the_day(
    letters: str, happened: date, registered: date, late: bool | None
) -> None:
    assert is_late(letters, happened, registered) is late


OLD = {"registration_number": "12/2003", "registration_date": "01.03.2003", "register_book_no": "01/2003",
       "child_birth_date": "20.01.2003", "child_birth_date_words": None}  # fmt: skip


@pytest.mark.parametrize(
    ("office", "found"), [(OfficeFacts("T1"), True), (OfficeFacts("T1", remote=True), False), (None, False)]
)
def test_decree_83_gave_remote_areas_sixty_days(office: OfficeFacts | None, found: bool) -> None:
    assert ("late_but_marked_on_time" in codes(look("KS", OLD, era="ND83", office=office))) is found


def test_the_finding_of_an_age_says_which_day_would_have_been_right() -> None:
    problem = the(look("KH", {"husband_birth_date": "21.06.1996"}), "husband_under_age")
    assert problem.params == {"date": "21.06.1996", "allowed": "21.06.2016"}
