"""The committed tables hold the facts of the reform of 2025 and the history before it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from hotich.units.data import UnitRow, change_rows, mission_rows, parent_of, partial_date, unit_rows

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
UNITS = list(unit_rows())
CHANGES = list(change_rows())
BY_KEY = {unit.key: unit for unit in UNITS}


def valid(level: str, day: date) -> list[UnitRow]:
    return [unit for unit in UNITS if unit.level == level and unit.is_valid_on(day)]


def test_since_july_2025_there_are_34_provinces_and_3321_communes() -> None:
    assert len(valid("province", AFTER)) == 34
    assert Counter(unit.kind for unit in valid("commune", AFTER)) == {"commune": 2621, "ward": 687, "special_zone": 13}
    assert valid("district", AFTER) == []


def test_before_the_reform_there_were_63_provinces_696_districts_and_10035_communes() -> None:
    assert len(valid("province", BEFORE)) == 63
    assert len(valid("district", BEFORE)) == 696
    communes = valid("commune", BEFORE)
    assert len(communes) == 10_035
    # The official count was 7,694 xã and 1,724 phường. Here the name decides the kind, and the package names two wards
    # more than that; which two of its names are wrong is not known, and nothing is bent to fit.
    assert Counter(unit.kind for unit in communes) == {"commune": 7692, "ward": 1726, "township": 617}


def test_five_island_districts_had_no_communes() -> None:
    with_communes = {unit.parent_code for unit in valid("commune", BEFORE)}
    islands = {unit.short_name for unit in valid("district", BEFORE) if unit.code not in with_communes}
    assert islands == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


def test_every_old_commune_and_island_district_is_mapped_and_every_new_commune_is_hit() -> None:
    reform = [change for change in CHANGES if BY_KEY[change.successor].level == "commune"]
    old = {unit.key for unit in valid("commune", BEFORE)}
    mapped = {change.predecessor for change in reform}
    assert old <= mapped
    assert len(mapped) == 10_040
    assert {change.successor for change in reform} == {unit.key for unit in valid("commune", AFTER)}


def test_471_communes_were_divided_with_exactly_one_default_part_each() -> None:
    divided = [c for c in CHANGES if c.kind == "divided" and BY_KEY[c.predecessor].level == "commune"]
    parts = Counter(change.predecessor for change in divided)
    assert len(parts) == 471
    assert min(parts.values()) == 2
    assert Counter(change.predecessor for change in divided if change.is_default) == dict.fromkeys(parts, 1)


def test_a_code_may_mean_another_unit_at_another_date() -> None:
    binh_dinh, gia_lai = [unit for unit in UNITS if unit.level == "province" and unit.code == "52"]
    assert (binh_dinh.short_name, gia_lai.short_name) == ("Bình Định", "Gia Lai")
    assert len({(unit.level, unit.code, unit.valid_from) for unit in UNITS}) == len(UNITS)
    assert len({unit.id for unit in UNITS}) == len(UNITS)


def test_every_unit_below_a_province_has_a_parent_of_its_time() -> None:
    by_code: dict[tuple[str, str], list[UnitRow]] = {}
    for unit in UNITS:
        by_code.setdefault((unit.level, unit.code), []).append(unit)
    orphans = [unit.key for unit in UNITS if unit.level != "province" and parent_of(unit, by_code) is None]
    assert orphans == []


def test_every_province_that_ended_after_1976_has_a_recorded_successor() -> None:
    ended = {u.key for u in UNITS if u.level == "province" and u.valid_to and u.valid_to.year > 1976}
    assert ended <= {change.predecessor for change in CHANGES}


def test_facts_from_own_knowledge_are_marked_unverified() -> None:
    assert {unit.verified for unit in UNITS if unit.code.startswith("H-")} == {False}
    assert {change.verified for change in CHANGES if change.at < date(2025, 7, 1)} == {False}
    assert {mission.verified for mission in mission_rows()} == {False}


def test_ha_tay_existed_from_some_day_of_1991_to_the_end_of_july_2008() -> None:
    ha_tay = BY_KEY["province/H-HA-TAY/1991"]
    assert (ha_tay.valid_from, ha_tay.from_precision) == (date(1991, 1, 1), "year")
    assert (ha_tay.valid_to, ha_tay.to_precision) == (date(2008, 7, 31), "day")
    assert [c.successor for c in CHANGES if c.predecessor == ha_tay.key] == ["province/01/"]


def test_missions_have_unique_codes_and_a_country() -> None:
    missions = list(mission_rows())
    assert len(missions) >= 90
    assert len({mission.code for mission in missions}) == len({m.number for m in missions}) == len(missions)
    assert all(m.code.startswith("CQDD-") and len(m.country) == 2 and m.country.isupper() for m in missions)


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        ("", False, (None, "")),
        ("1991", False, (date(1991, 1, 1), "year")),
        ("1991", True, (date(1991, 12, 31), "year")),
        ("2008-08-01", True, (date(2008, 8, 1), "day")),
    ],
)
def test_a_year_is_read_as_widely_as_it_may_be(text: str, end: bool, expected: tuple[date | None, str]) -> None:
    assert partial_date(text, end=end) == expected
