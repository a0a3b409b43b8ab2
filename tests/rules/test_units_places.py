"""A place as an old book writes it is resolved to the unit of that day, with how sure that is."""

from __future__ import annotations

from datetime import date

import pytest

from hotich.units.rules.gazetteer import gazetteer
from hotich.units.rules.places import resolve_place

D = date


def test_every_unit_written_out_in_full_is_found_for_certain() -> None:
    wrong = []
    for entry in gazetteer().entries.values():
        match = resolve_place(entry.full_name, entry.row.valid_to or D(2026, 1, 1))
        if match.unit_id != entry.row.id or match.certainty != 1.0 or match.how != "exact":
            wrong.append((entry.full_name, match.how))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "on", "level", "code"),
    [
        ("thôn 3, xã An Nhơn, huyện Đạ Huoai, tỉnh Lâm Đồng", D(2025, 5, 1), "commune", "25129"),
        ("X. An Nhơn - H. Đạ Huoai - Lâm Đồng", D(2025, 5, 1), "commune", "25129"),
        ("X. An Nhơn-H. Đạ Huoai-T. Lâm Đồng", D(2025, 5, 1), "commune", "25129"),
        ("xã An Nhơn huyện Đạ Huoai tỉnh Lâm Đồng", D(2025, 5, 1), "commune", "25129"),
        ("XÃ AN NHƠN, HUYỆN ĐẠ HUOAI, TỈNH LÂM ĐỒNG", D(2025, 5, 1), "commune", "25129"),
        ("AN NHON, DA HUOAI, LAM DONG", D(2025, 5, 1), "commune", "25129"),
        ("xa An Nhon huyen Da Huoai tinh Lam Dong", D(2025, 5, 1), "commune", "25129"),
        ("P.5, Q.3, TP.HCM", D(2006, 5, 1), "commune", "27151"),
        ("P5 Q3 TPHCM", D(2006, 5, 1), "commune", "27151"),
        ("phường 05, quận 3, thành phố Hồ Chí Minh", D(2006, 5, 1), "commune", "27151"),
        ("TT. Đạ Tẻh, Lâm Đồng", D(2006, 5, 1), "commune", "25126"),
        ("Xa Dung, Điện Biên Đông, Điện Biên", D(2015, 1, 1), "commune", "03373"),
        ("xa Son Ha huyen Quan Son tinh Thanh Hoa", D(2015, 1, 1), "commune", "15004"),
        ("Xã Cò Nòi, Mai Sơn, Sơn La, Việt Nam", D(2012, 1, 1), "commune", "04138"),
        ("phường 7, TP Vị Thanh, Hậu Giang", D(2012, 1, 1), "commune", "31330"),
        ("phường Ba Đình, Hà Nội", D(2026, 1, 1), "commune", "00004"),
        ("TP Vũng Tàu, tỉnh Bà Rịa-Vũng Tàu", D(2010, 1, 1), "district", "747"),
        ("Qui Nhơn, Bình Định", D(2000, 1, 1), "district", "540"),
        ("thành phố Vĩnh Long", D(2015, 1, 1), "district", "855"),
        ("Bà Rịa - Vũng Tàu", D(2010, 1, 1), "province", "77"),
        ("Hoà Bình", D(2000, 1, 1), "province", "17"),
        ("Sài Gòn", D(1990, 1, 1), "province", "79"),
        ("TT Huế", D(2012, 1, 1), "province", "46"),
        ("Bệnh viện tỉnh, Lâm Đồng", D(2012, 1, 1), "province", "68"),
    ],
)
def test_old_ways_of_writing_are_understood(text: str, on: date, level: str, code: str) -> None:
    match = resolve_place(text, on)
    assert (match.level, match.code) == (level, code)
    assert match.certainty >= 0.5


def test_names_without_accents_are_less_certain_than_names_with_them() -> None:
    exact = resolve_place("xã An Nhơn, huyện Đạ Huoai, tỉnh Lâm Đồng", D(2025, 5, 1))
    folded = resolve_place("xa An Nhon, huyen Da Huoai, tinh Lam Dong", D(2025, 5, 1))
    assert exact.certainty == 1.0
    assert folded.unit_id == exact.unit_id
    assert folded.certainty < 1.0
    assert "accents_missing" in folded.reasons


def test_tone_placement_is_no_difference() -> None:
    assert resolve_place("tỉnh Hoà Bình", D(2000, 1, 1)).how == "exact"
    assert resolve_place("tỉnh Hòa Bình", D(2000, 1, 1)).how == "exact"


def test_a_name_many_communes_bear_is_ambiguous_and_offers_candidates() -> None:
    match = resolve_place("xã Tân Lập", D(2010, 1, 1))
    assert match.certainty < 0.5
    assert "ambiguous" in match.reasons
    assert len(match.candidates) > 1
    assert match.current_code == ""


@pytest.mark.parametrize(
    ("text", "on", "code"),
    [
        ("Gia Lai", D(2020, 1, 1), "64"),
        ("Gia Lai", D(2026, 1, 1), "52"),
        ("Hậu Giang", D(1985, 1, 1), "H-HAU-GIANG"),
        ("Hậu Giang", D(2010, 1, 1), "93"),
        ("tỉnh Hà Tây", D(2003, 1, 1), "H-HA-TAY"),
        ("Gia Lai - Kon Tum", D(1985, 1, 1), "H-GIA-LAI-KON-TUM"),
        ("Quảng Nam - Đà Nẵng", D(1990, 1, 1), "H-QUANG-NAM-DA-NANG"),
    ],
)
def test_the_day_decides_which_unit_a_name_means(text: str, on: date, code: str) -> None:
    assert resolve_place(text, on).code == code


def test_a_commune_of_a_province_that_has_gone_is_found_through_the_succession() -> None:
    match = resolve_place("xã Ba Vì, huyện Ba Vì, tỉnh Hà Tây", D(2003, 1, 1))
    assert match.code == "09703"
    assert "province_before" in match.reasons
    assert 0.5 < match.certainty < 1.0


def test_a_district_merged_away_is_known_by_its_former_name() -> None:
    match = resolve_place("xã An Nhơn, huyện Đạ Tẻh, tỉnh Lâm Đồng", D(2006, 5, 1))
    assert match.code == "25129"
    assert "former_name" in match.reasons


def test_a_province_that_contradicts_the_commune_is_not_overlooked() -> None:
    match = resolve_place("xã Cò Nòi, tỉnh Lâm Đồng", D(2012, 1, 1))
    assert match.code != "04138"


def test_the_current_unit_of_a_divided_commune_is_undetermined() -> None:
    match = resolve_place("xã Thạnh Quới, huyện Vĩnh Thạnh, thành phố Cần Thơ", D(2025, 5, 1))
    assert match.certainty == 1.0
    assert match.current_code == ""


def test_the_current_unit_of_a_merged_commune_is_given() -> None:
    assert resolve_place("xã An Nhơn, huyện Đạ Huoai, tỉnh Lâm Đồng", D(2025, 5, 1)).current_code == "25126"


def test_long_before_the_tables_begin_a_commune_is_not_fully_certain() -> None:
    match = resolve_place("xã An Nhơn, huyện Đạ Huoai, tỉnh Lâm Đồng", D(1985, 5, 1))
    assert match.how == "start_unknown"
    assert match.certainty == 0.95


def test_a_unit_of_another_time_is_offered_with_little_certainty() -> None:
    match = resolve_place("tỉnh Hà Tây", D(2020, 1, 1))
    assert match.code == "H-HA-TAY"
    assert "unit_of_other_time" in match.reasons
    assert match.certainty <= 0.6


@pytest.mark.parametrize("text", ["", "   ", "không rõ", "…", "?", "-", ",,,", "1234567890", "x" * 5000, "TP. . -"])
def test_what_is_no_place_finds_nothing_and_raises_nothing(text: str) -> None:
    match = resolve_place(text, None)
    assert (match.level, match.unit_id, match.certainty, match.how) == ("", None, 0.0, "not_found")


def test_without_a_day_the_living_unit_of_a_line_is_meant() -> None:
    match = resolve_place("phường Ba Đình, Hà Nội", None)
    assert match.valid_from == D(2025, 7, 1)
    assert match.certainty > 0.5
