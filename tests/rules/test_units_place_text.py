"""The words of a place are taken apart without knowing any place."""

from __future__ import annotations

import pytest

from hotich.units.data import unit_rows
from hotich.units.rules.place_text import DASHED_NAMES, DASHED_WARDS, bare_key, marked_key, split_place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thôn 3, xã An Nhơn", [("detail", "3"), ("commune", "an nhon")]),
        ("X. An Nhơn - H. Đạ Tẻh - Lâm Đồng", [("commune", "an nhon"), ("rural_district", "da teh"), ("", "lam dong")]),
        ("P.5, Q.1, TP.HCM", [("ward", "5"), ("urban_district", "1"), ("city", "ho chi minh")]),
        ("Thị xã Sa Pa", [("town", "sa pa")]),
        ("xã A huyện Quan Sơn", [("commune", "a"), ("rural_district", "quan son")]),
        ("huyen Quan Son", [("rural_district", "quan son")]),
        ("T.T. Đạ Tẻh", [("township", "da teh")]),
        ("phường VII", [("ward", "7")]),
        ("phường 07", [("ward", "7")]),
        ("Bà Rịa - Vũng Tàu", [("", "ba ria vung tau")]),
        ("phường Xuân Trường - Đà Lạt, Lâm Đồng", [("ward", "xuan truong da lat"), ("", "lam dong")]),
        ("xã Xuân Trường - Đà Lạt", [("commune", "xuan truong"), ("", "da lat")]),
        ("Sơn La, Việt Nam", [("", "son la")]),
    ],
)
def test_parts_and_their_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(part.kind, part.bare) for part in split_place(text)] == expected


def test_keys_fold_tone_placement_and_i_y_but_keep_marks() -> None:
    assert marked_key("Hoà") == marked_key("Hòa")
    assert marked_key("Mỹ Thuỷ") == marked_key("Mĩ Thủy")
    assert marked_key("Lâm Đồng") != marked_key("Lam Đồng")
    assert bare_key("Quy Nhơn") == bare_key("QUI NHON")


def test_every_name_with_a_dash_of_its_own_is_known() -> None:
    dashed = {bare_key(unit.short_name) for unit in unit_rows() if "-" in unit.short_name}
    assert dashed <= DASHED_NAMES | DASHED_WARDS
