"""The standard code of a place stands beside the words of the book, and only where it is sure enough."""

from __future__ import annotations

from datetime import date

import pytest

from hotich.records.rules.standard_places import with_places
from hotich.registers.types import version_for

BIRTH = version_for("KS", "ND158")
WORDS = "thôn 2, xã Vụ Bổn, huyện Krông Pắc, tỉnh Đắk Lắk"


def test_a_place_gets_the_code_of_the_unit_of_its_day_and_keeps_its_words() -> None:
    values = {"child_birth_place": WORDS, "child_full_name": "Nguyễn Thị Lan"}
    made = with_places(BIRTH, values, {"child_sex": {"value": "2", "rule": "code:sex"}}, date(2006, 5, 1))
    found = made["child_birth_place"]
    assert (found["value"], found["level"]) == ("24529", "commune")
    assert found["unit"].startswith("Xã Vụ Bổn")
    assert 0.75 <= found["certainty"] <= 1
    assert found["rule"].startswith("place:")
    assert made["child_sex"] == {"value": "2", "rule": "code:sex"}
    assert values["child_birth_place"] == WORDS
    assert "child_full_name" not in made


@pytest.mark.parametrize(
    "words", ["", "không rõ", "Bệnh viện", "nhà số 7", "alert(7)", {"text": "", "reason": "illegible"}]
)
def test_words_that_mean_no_unit_get_no_code(words: object) -> None:
    assert "child_birth_place" not in with_places(BIRTH, {"child_birth_place": words}, {}, date(2006, 5, 1))


def test_a_repaired_place_loses_the_code_of_the_former_words() -> None:
    before = with_places(BIRTH, {"child_birth_place": WORDS}, {}, date(2006, 5, 1))
    assert "child_birth_place" not in with_places(BIRTH, {"child_birth_place": "không rõ"}, before, date(2006, 5, 1))
