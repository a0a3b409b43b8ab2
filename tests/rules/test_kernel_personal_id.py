"""The personal identification number held against itself, a birth date and a sex. All numbers are invented."""

from __future__ import annotations

import pytest

from hotich.kernel.dates import PartialDate, parse_date
from hotich.kernel.personal_id import PROVINCES_63, PersonalIdError, parse_personal_id, personal_id_problems

MAN_1978 = "068078000001"
WOMAN_2008 = "079308000002"


@pytest.mark.parametrize(
    ("text", "province", "sex", "year"),
    [
        (MAN_1978, "Lâm Đồng", "1", 1978),
        ("068 178 000001", "Lâm Đồng", "2", 1978),
        ("001.200.000003", "Hà Nội", "1", 2000),
        (WOMAN_2008, "Thành phố Hồ Chí Minh", "2", 2008),
    ],
)
def test_a_number_tells_province_sex_and_year(text: str, province: str, sex: str, year: int) -> None:
    found = parse_personal_id(text)
    assert (found.province_name, found.sex, found.birth_year) == (province, sex, year)
    assert len(found.number) == 12


@pytest.mark.parametrize(
    "text", ["", "68078000001", "0680780000011", "06807800000a", "０６８０７８０００００１", "-68078000001"]
)
def test_anything_but_twelve_digits_is_refused(text: str) -> None:
    with pytest.raises(PersonalIdError) as caught:
        parse_personal_id(text)
    assert caught.value.code == "personal_id_not_12_digits"
    assert personal_id_problems(text, None, None) == ["personal_id_not_12_digits"]


@pytest.mark.parametrize("digit", "456789")
def test_a_century_that_has_not_begun_is_refused(digit: str) -> None:
    with pytest.raises(PersonalIdError) as caught:
        parse_personal_id(f"068{digit}78000001")
    assert caught.value.code == "personal_id_century_unknown"


@pytest.mark.parametrize(
    ("birth", "sex", "codes"),
    [
        (parse_date("05.03.1978"), "1", []),
        (parse_date("1978"), None, []),
        (None, "3", []),
        (PartialDate(None), "1", []),
        (parse_date("05.03.1979"), "1", ["personal_id_birth_year_mismatch"]),
        (parse_date("05.03.2078"), "1", ["personal_id_birth_year_mismatch"]),
        (parse_date("1978"), "2", ["personal_id_sex_mismatch"]),
        (parse_date("1980"), "2", ["personal_id_birth_year_mismatch", "personal_id_sex_mismatch"]),
        (parse_date("1899"), "1", ["personal_id_century_unknown"]),
    ],
)
def test_a_number_is_held_against_birth_and_sex(birth: PartialDate | None, sex: str | None, codes: list[str]) -> None:
    assert personal_id_problems(MAN_1978, birth, sex) == codes


def test_an_estimated_year_is_no_mismatch_while_it_may_be_right() -> None:
    assert personal_id_problems(MAN_1978, parse_date("21 tuổi", registration_year=2000), "1") == []
    assert personal_id_problems(MAN_1978, parse_date("25 tuổi", registration_year=2000), "1") != []


def test_a_lunar_year_reaches_into_the_next_one() -> None:
    assert personal_id_problems(MAN_1978, parse_date("tháng Chạp 1977"), "1") == []


def test_a_province_code_not_in_use_is_told_but_countries_are_not() -> None:
    assert personal_id_problems("003078000001", None, None) == ["personal_id_province_unknown"]
    assert personal_id_problems("000078000001", None, None) == ["personal_id_province_unknown"]
    assert personal_id_problems("125078000001", None, None) == []


def test_there_are_63_old_provinces() -> None:
    assert len(PROVINCES_63) == len(set(PROVINCES_63.values())) == 63
    assert all(len(code) == 3 and code.startswith("0") for code in PROVINCES_63)
