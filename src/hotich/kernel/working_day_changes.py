"""Days on which offices work or rest against the calendar, by decision for one year: swaps and extra days off.

The lasting holidays (Labour Code 2019 Article 112 and what went before) come from the `holidays` package; it also knows
many swaps. This table adds and overrules, one line a day, so that a new notice is one new line. `verified` False: the
notice itself was not at hand, the day is shown as "chưa kiểm chứng".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day that is worked (`working`) or off against the calendar, why, and by which decision."""

    day: date
    working: bool
    reason: str
    source: str
    verified: bool = False


_PRIME_MINISTER = "Thông báo của Bộ Nội vụ theo ý kiến Thủ tướng Chính phủ về nghỉ Tết Dương lịch 2026"
_NATIONAL_DAY = "Thông báo của Bộ Nội vụ về lịch nghỉ Tết Nguyên đán và Quốc khánh 2026"
_2025 = "Thông báo 6150/TB-BLĐTBXH năm 2024"
_2024 = "Công văn 2450/VPCP-KGVX năm 2024"
_2019 = "Công văn 6519/VPCP-KGVX năm 2018"

DAY_CHANGES: tuple[DayChange, ...] = (
    DayChange(date(2018, 12, 31), False, "hoán đổi với ngày 05/01/2019", _2019),
    DayChange(date(2019, 1, 5), True, "làm bù ngày 31/12/2018", _2019),
    DayChange(date(2019, 4, 29), False, "hoán đổi với ngày 04/5/2019", _2019),
    DayChange(date(2019, 5, 4), True, "làm bù ngày 29/4/2019", _2019),
    DayChange(date(2024, 4, 29), False, "hoán đổi với ngày 04/5/2024", _2024),
    DayChange(date(2024, 5, 4), True, "làm bù ngày 29/4/2024", _2024),
    DayChange(date(2025, 5, 2), False, "hoán đổi với ngày 26/4/2025", _2025),
    DayChange(date(2025, 4, 26), True, "làm bù ngày 02/5/2025", _2025),
    DayChange(date(2026, 1, 2), False, "hoán đổi với ngày 10/01/2026", _PRIME_MINISTER),
    DayChange(date(2026, 1, 10), True, "làm bù ngày 02/01/2026", _PRIME_MINISTER),
    DayChange(date(2026, 8, 31), False, "hoán đổi với ngày 22/8/2026", _NATIONAL_DAY),
    DayChange(date(2026, 8, 22), True, "làm bù ngày 31/8/2026", _NATIONAL_DAY),
)
