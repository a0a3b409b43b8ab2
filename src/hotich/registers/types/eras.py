"""The eras of the register books: period, law and digitisation phase (registers.md 1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotich.registers.types.declaration import Era, Label


@dataclass(frozen=True, slots=True)
class EraPeriod:
    """When an era's forms were in use. Periods overlap in practice: the era belongs to the book."""

    era: Era
    label: Label
    valid_from: date | None
    valid_to: date | None
    law: str
    phase: int  # order of digitisation, newest books first; 0 = not digitised, born digital
    verified: bool = True


# fmt: off
ERA_PERIODS: dict[Era, EraPeriod] = {
    Era.PRE1999: EraPeriod(Era.PRE1999, Label("Trước 1999", "Before 1999"), None, date(1998, 12, 31),
                           "Nghị định 4-CP/1961 và sổ bộ trước đó", 4, verified=False),
    Era.ND83: EraPeriod(Era.ND83, Label("1999 – 3/2006", "1999 – March 2006"), date(1999, 1, 1), date(2006, 3, 31),
                        "Nghị định 83/1998/NĐ-CP, Quyết định 1203-QĐ/1998/TP-HT", 3),
    Era.ND158: EraPeriod(Era.ND158, Label("4/2006 – 2015", "April 2006 – 2015"), date(2006, 4, 1), date(2015, 12, 31),
                         "Nghị định 158/2005/NĐ-CP, Quyết định 01/2006/QĐ-BTP, Thông tư 08.a/2010/TT-BTP", 2),
    Era.L2014: EraPeriod(Era.L2014, Label("2016 – khi dùng phần mềm", "2016 – shared software"), date(2016, 1, 1), None,
                         "Luật Hộ tịch 2014, Nghị định 123/2015/NĐ-CP, Thông tư 15/2015/TT-BTP, 04/2020/TT-BTP", 1),
    # a locality goes live on its own day, so the earliest possible day is that of the law
    Era.LIVE: EraPeriod(Era.LIVE, Label("Đăng ký trên phần mềm", "Live registration"), date(2016, 1, 1), None,
                        "Luật Hộ tịch 2014, Nghị định 87/2020/NĐ-CP, Thông tư 04/2020/TT-BTP", 0, verified=False),
}
# fmt: on


def default_era(registered_on: date) -> Era:
    """The era a paper book most likely belongs to when nobody said which: by the date of registration."""
    for era in (Era.PRE1999, Era.ND83, Era.ND158):
        end = ERA_PERIODS[era].valid_to
        if end is not None and registered_on <= end:
            return era
    return Era.L2014
