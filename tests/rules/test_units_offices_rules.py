"""Names and codes of offices."""

from __future__ import annotations

from dataclasses import dataclass

from hotich.units.rules.offices import office_code, office_name


@dataclass(frozen=True)
class Unit:
    name: str
    short_name: str
    level: str


def test_a_commune_office_carries_the_names_of_its_time() -> None:
    chain = [
        Unit("Xã An Nhơn", "An Nhơn", "commune"),
        Unit("Huyện Đạ Tẻh", "Đạ Tẻh", "district"),
        Unit("Tỉnh Lâm Đồng", "Lâm Đồng", "province"),
    ]
    assert office_name(chain) == "UBND xã An Nhơn, huyện Đạ Tẻh, tỉnh Lâm Đồng"


def test_a_province_registers_through_its_department_of_justice() -> None:
    assert office_name([Unit("Thành phố Huế", "Huế", "province")]) == "Sở Tư pháp thành phố Huế"


def test_a_closed_office_carries_the_year_in_its_code() -> None:
    assert office_code("25129", None) == "25129"
    assert office_code("25129", 2025) == "25129-2025"
