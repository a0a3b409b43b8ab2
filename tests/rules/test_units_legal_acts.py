"""Acts that changes of units rest on, and sources in words."""

from __future__ import annotations

from datetime import date

import pytest

from hotich.units.rules.legal_acts import known_act, source_words


@pytest.mark.parametrize(
    ("level", "at", "act"),
    [
        ("province", date(2025, 7, 1), "Nghị quyết số 202/2025/QH15"),
        ("district", date(2025, 7, 1), "Luật Tổ chức chính quyền địa phương số 72/2025/QH15"),
        ("province", date(2004, 1, 1), "Nghị quyết số 22/2003/QH11"),
        ("commune", date(2004, 1, 1), ""),
        ("province", date(1997, 1, 1), ""),
    ],
)
def test_the_act_of_a_day_and_level_is_known_or_nothing_is_claimed(level: str, at: date, act: str) -> None:
    assert known_act(level, at) == act


def test_sources_are_told_in_words_each_once() -> None:
    assert source_words("vietnamadminunits-1.0.4; valid_from: own-knowledge") == (
        "bộ dữ liệu mở vietnamadminunits 1.0.4", "hiểu biết của nhóm phát triển")  # fmt: skip
    assert source_words("own-knowledge; own-knowledge") == ("hiểu biết của nhóm phát triển",)
    assert source_words("12/QĐ-UBND") == ("12/QĐ-UBND",)
    assert source_words("") == ()
