"""The personal identification number (số định danh cá nhân): 12 digits that tell province, century, sex and year.

PPP G YY RRRRRR (registers.md 4.2, from memory there, kept as one table here): PPP the place of birth registration when
the number was issued, G century and sex, YY the year of birth, then six random digits without a check digit. Numbers
are not changed when provinces merge. A zero lost in a spreadsheet is restored by the import, not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hotich.kernel.dates import PartialDate

NOT_12_DIGITS = "personal_id_not_12_digits"
CENTURY_UNKNOWN = "personal_id_century_unknown"
PROVINCE_UNKNOWN = "personal_id_province_unknown"
BIRTH_YEAR_MISMATCH = "personal_id_birth_year_mismatch"
SEX_MISMATCH = "personal_id_sex_mismatch"
PERSONAL_ID_CODES = (NOT_12_DIGITS, CENTURY_UNKNOWN, PROVINCE_UNKNOWN, BIRTH_YEAR_MISMATCH, SEX_MISMATCH)

# First year of the century and sex (1 Nam, 2 Nữ) by the fourth digit. 4 to 9 belong to centuries that have not begun.
_CENTURY_AND_SEX: dict[str, tuple[int, Literal["1", "2"]]] = {
    "0": (1900, "1"),
    "1": (1900, "2"),
    "2": (2000, "1"),
    "3": (2000, "2"),
}

PROVINCES_63: dict[str, str] = {
    "001": "Hà Nội",
    "002": "Hà Giang",
    "004": "Cao Bằng",
    "006": "Bắc Kạn",
    "008": "Tuyên Quang",
    "010": "Lào Cai",
    "011": "Điện Biên",
    "012": "Lai Châu",
    "014": "Sơn La",
    "015": "Yên Bái",
    "017": "Hòa Bình",
    "019": "Thái Nguyên",
    "020": "Lạng Sơn",
    "022": "Quảng Ninh",
    "024": "Bắc Giang",
    "025": "Phú Thọ",
    "026": "Vĩnh Phúc",
    "027": "Bắc Ninh",
    "030": "Hải Dương",
    "031": "Hải Phòng",
    "033": "Hưng Yên",
    "034": "Thái Bình",
    "035": "Hà Nam",
    "036": "Nam Định",
    "037": "Ninh Bình",
    "038": "Thanh Hóa",
    "040": "Nghệ An",
    "042": "Hà Tĩnh",
    "044": "Quảng Bình",
    "045": "Quảng Trị",
    "046": "Thừa Thiên Huế",
    "048": "Đà Nẵng",
    "049": "Quảng Nam",
    "051": "Quảng Ngãi",
    "052": "Bình Định",
    "054": "Phú Yên",
    "056": "Khánh Hòa",
    "058": "Ninh Thuận",
    "060": "Bình Thuận",
    "062": "Kon Tum",
    "064": "Gia Lai",
    "066": "Đắk Lắk",
    "067": "Đắk Nông",
    "068": "Lâm Đồng",
    "070": "Bình Phước",
    "072": "Tây Ninh",
    "074": "Bình Dương",
    "075": "Đồng Nai",
    "077": "Bà Rịa - Vũng Tàu",
    "079": "Thành phố Hồ Chí Minh",
    "080": "Long An",
    "082": "Tiền Giang",
    "083": "Bến Tre",
    "084": "Trà Vinh",
    "086": "Vĩnh Long",
    "087": "Đồng Tháp",
    "089": "An Giang",
    "091": "Kiên Giang",
    "092": "Cần Thơ",
    "093": "Hậu Giang",
    "094": "Sóc Trăng",
    "095": "Bạc Liêu",
    "096": "Cà Mau",
}


class PersonalIdError(ValueError):
    """A text is no personal number. `code` is personal_id_not_12_digits or personal_id_century_unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PersonalId:
    """A well-formed number and what it tells. `sex` is "1" (Nam) or "2" (Nữ), as in the list of sexes."""

    number: str
    province_code: str
    sex: Literal["1", "2"]
    birth_year: int

    @property
    def province_name(self) -> str | None:
        """The old province (one of 63); None for births registered abroad and codes not in use."""
        return PROVINCES_63.get(self.province_code)

    @property
    def province_known(self) -> bool:
        """False for a code of the province range that no province has; codes from 100 on are countries, not listed."""
        return self.province_code in PROVINCES_63 or self.province_code >= "100"


def parse_personal_id(text: str) -> PersonalId:
    """The number in `text`; spaces and dots between its digits do not matter. Raises PersonalIdError."""
    number = "".join(text.split()).replace(".", "")
    if len(number) != 12 or not (number.isascii() and number.isdecimal()):
        raise PersonalIdError(NOT_12_DIGITS)
    if number[3] not in _CENTURY_AND_SEX:
        raise PersonalIdError(CENTURY_UNKNOWN)
    century, sex = _CENTURY_AND_SEX[number[3]]
    return PersonalId(number, number[:3], sex, century + int(number[4:6]))


def personal_id_problems(text: str, birth: PartialDate | None, sex: str | None) -> list[str]:
    """Codes of what is wrong with a number beside a birth date and a sex code ("1", "2", "3"); [] if nothing is.

    Compared by intervals: an estimated or unknown birth year is no mismatch while it may be right. Sex "3" (not
    determined) is not compared. A birth before 1900 has no defined number. An unknown province is only information.
    """
    return list(_problems(text, birth, sex))


@lru_cache(maxsize=8192)
def _problems(text: str, birth: PartialDate | None, sex: str | None) -> tuple[str, ...]:
    try:
        found = parse_personal_id(text)
    except PersonalIdError as error:
        return (error.code,)
    return tuple(_disagreements(found, birth, sex))


def _disagreements(found: PersonalId, birth: PartialDate | None, sex: str | None) -> Iterator[str]:
    if not found.province_known:
        yield PROVINCE_UNKNOWN
    if birth is not None and birth.earliest is not None and birth.latest is not None:
        if birth.latest.year < 1900:
            yield CENTURY_UNKNOWN
        elif not birth.earliest.year <= found.birth_year <= birth.latest.year:
            yield BIRTH_YEAR_MISMATCH
    if sex in ("1", "2") and sex != found.sex:
        yield SEX_MISMATCH
