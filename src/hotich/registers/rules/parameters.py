"""Every threshold that law or practice sets, in one dated table.

Each row says from when to when it holds and who says so; `verified` False means from memory or our own proposal and
is shown as "chưa kiểm chứng". Where documents differ, the consistency rules C01–C35 win over the field rules R-…
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold in one period. `unit` is years, days, characters or year; both ends of the period count."""

    code: str
    value: int
    unit: str
    valid_from: date | None
    valid_to: date | None
    source: str
    verified: bool

    def holds_on(self, day: date) -> bool:
        """Whether the threshold is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class ParameterUnknown(LookupError):
    """A threshold that nobody has declared was asked for: a fault in the program, not in the data."""


_LAW_1959 = date(1960, 1, 13)
_LAW_1986 = date(1987, 1, 3)
_LAW_2000 = date(2001, 1, 1)
_LAW_2014 = date(2015, 1, 1)
_ND83 = date(1999, 1, 1)
_ND158 = date(2006, 4, 1)
_LHT_2014 = date(2016, 1, 1)
_NCN_2010 = date(2011, 1, 1)


def _always(code: str, value: int, unit: str, source: str, verified: bool = False) -> Parameter:
    return Parameter(code, value, unit, None, None, source, verified)


def _from(code: str, value: int, unit: str, start: date, end: date | None, source: str) -> Parameter:
    return Parameter(code, value, unit, start, end, source, False)


PARAMETERS: tuple[Parameter, ...] = (
    # Marriage: full years, and the days that must have passed after that birthday. The law of 2000 said "từ hai mươi
    # tuổi", read as having entered the twentieth year: nineteen full years and a day.
    _from("marriage_age_man", 20, "years", _LAW_1959, date(1987, 1, 2), "Luật HNGĐ 1959; R-MARAGE"),
    _from("marriage_age_man", 20, "years", _LAW_1986, date(2000, 12, 31), "Luật HNGĐ 1986; R-MARAGE"),
    _from("marriage_age_man", 19, "years", _LAW_2000, date(2014, 12, 31), "Luật HNGĐ 2000 Đ9; R-MARAGE"),
    _from("marriage_age_man", 20, "years", _LAW_2014, None, "Luật HNGĐ 2014 Đ8 k1a; C02"),
    _from("marriage_age_woman", 18, "years", _LAW_1959, date(1987, 1, 2), "Luật HNGĐ 1959; R-MARAGE"),
    _from("marriage_age_woman", 18, "years", _LAW_1986, date(2000, 12, 31), "Luật HNGĐ 1986; R-MARAGE"),
    _from("marriage_age_woman", 17, "years", _LAW_2000, date(2014, 12, 31), "Luật HNGĐ 2000 Đ9; R-MARAGE"),
    _from("marriage_age_woman", 18, "years", _LAW_2014, None, "Luật HNGĐ 2014 Đ8 k1a; C02"),
    _from("marriage_age_extra_days", 0, "days", _LAW_1959, date(2000, 12, 31), "Luật HNGĐ 1959, 1986; R-MARAGE"),
    _from("marriage_age_extra_days", 1, "days", _LAW_2000, date(2014, 12, 31), "Luật HNGĐ 2000 Đ9; R-MARAGE"),
    _from("marriage_age_extra_days", 0, "days", _LAW_2014, None, "Luật HNGĐ 2014 Đ8 k1a; C02"),
    # Registration in time, counted as day of registration minus day of the event.
    _from("birth_late_days", 30, "days", _ND83, date(2006, 3, 31), "NĐ 83/1998; R-LATE"),
    _from("birth_late_days", 60, "days", _ND158, date(2015, 12, 31), "NĐ 158/2005 Đ14; R-LATE"),
    _from("birth_late_days", 60, "days", _LHT_2014, None, "Luật Hộ tịch 2014 Đ15; C19"),
    _from("birth_late_days_remote", 60, "days", _ND83, None, "NĐ 83/1998 (vùng sâu, vùng xa); R-LATE"),
    _from("death_late_days", 15, "days", _ND83, date(2015, 12, 31), "NĐ 83/1998, NĐ 158/2005; R-LATE"),
    _from("death_late_days", 15, "days", _LHT_2014, None, "Luật Hộ tịch 2014 Đ33; C19"),
    # Ages and gaps between people.
    _always("mother_gap_impossible", 10, "years", "C10"),
    _always("mother_gap_min", 12, "years", "C10"),
    _always("mother_gap_max", 55, "years", "C10"),
    _always("father_gap_min", 12, "years", "C10"),
    _always("father_gap_max", 80, "years", "C10"),
    _always("recognition_gap_min", 12, "years", "C14; Luật HNGĐ Đ101"),
    _always("guardian_age_min", 18, "years", "BLDS 2015 Đ49; C25"),
    _from("adopter_gap_min", 20, "years", _LAW_1986, date(2010, 12, 31), "Luật HNGĐ 1986 Đ35, 2000 Đ69"),
    _from("adopter_gap_min", 20, "years", _NCN_2010, None, "Luật Nuôi con nuôi 2010 Đ14; C24"),
    _from("adoptee_age_below", 16, "years", _LAW_1986, date(2010, 12, 31), "Luật HNGĐ 1986 Đ34, 2000 Đ68"),
    _from("adoptee_age_below", 16, "years", _NCN_2010, None, "Luật Nuôi con nuôi 2010 Đ8 k1; C24"),
    _from("adoptee_age_limit", 18, "years", _NCN_2010, None, "Luật Nuôi con nuôi 2010 Đ8 k2; C24"),
    _always("adult_age", 18, "years", "BLDS 2015 Đ20"),
    _always("closest_births_days", 180, "days", "C11"),
    _always("same_delivery_days", 1, "days", "C11"),
    _always("posthumous_birth_days", 300, "days", "C09, C12; Luật HNGĐ Đ88"),
    _always("death_age_max", 120, "years", "C35"),
    # Years and days of books.
    _always("year_first", 1880, "year", "registers.md 1.1"),
    _always("year_doubtful_before", 1945, "year", "registers.md 1.1"),
    _always("era_overlap_days", 366, "days", "registers.md 1.1: sổ cũ dùng tiếp sang thời kỳ sau"),
    # Lengths.
    _always("name_length_max", 100, "characters", "mẫu nhập liệu: str(100)", verified=True),
    _always("id_number_length_max", 30, "characters", "mẫu nhập liệu: str(30)", verified=True),
)


def _by_code() -> dict[str, tuple[Parameter, ...]]:
    found: dict[str, list[Parameter]] = {}
    for item in PARAMETERS:
        found.setdefault(item.code, []).append(item)
    return {code: tuple(items) for code, items in found.items()}


_BY_CODE = _by_code()
_TIMELESS = {code: items[0].value for code, items in _BY_CODE.items() if items[0].valid_from is None}


@lru_cache(maxsize=65536)
def parameter(code: str, on: date) -> int | None:
    """The threshold in force on a day; None where no rule is known for that time (then nothing is checked).

    Raises ParameterUnknown for a code that is not in the table.
    """
    rows = _BY_CODE.get(code)
    if rows is None:
        raise ParameterUnknown(code)
    for item in rows:
        if item.holds_on(on):
            return item.value
    return None


def constant(code: str) -> int:
    """A threshold that holds at all times. Raises ParameterUnknown if it is dated or not in the table."""
    value = _TIMELESS.get(code)
    if value is None:
        raise ParameterUnknown(code)
    return value
