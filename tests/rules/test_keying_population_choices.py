"""Choices about the population database as a browser sends them, and whom the keying screen may ask about."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.form_data import form_data
from hotich.keying.rules.population import PopulationChoice, as_json, people_to_look_up, read_choices
from hotich.registers.types import REGISTER_TYPES, version_for

LOOK_UP = "01890000-0000-7000-8000-000000000001"
EQUAL = {"outcome": "equal", "ref": "C-1", "look_up": LOOK_UP, "absence": "", "absence_words": ""}


def test_choices_are_read_by_role_and_written_back_the_same() -> None:
    absent = {"outcome": "absent", "ref": "", "look_up": LOOK_UP, "absence": "dead", "absence_words": "mất năm 1999"}
    read = read_choices({"mother": EQUAL, "father": absent})
    assert as_json(read) == {"mother": EQUAL, "father": absent}
    assert read_choices(None) == {}


def test_a_choice_without_what_it_rests_on_is_asked_again_and_holds_up_no_case() -> None:
    assert read_choices({"child": {**EQUAL, "ref": ""}})["child"] == PopulationChoice("pending")
    assert read_choices({"child": {**EQUAL, "look_up": None}})["child"] == PopulationChoice("pending")
    assert read_choices({"child": {"outcome": "absent", "look_up": LOOK_UP}})["child"].outcome == "clerk"


@pytest.mark.parametrize(
    "raw",
    [
        [], {"child": "equal"}, {"child": {"outcome": "sure"}}, {"child": {**EQUAL, "look_up": "x"}},
        {"child": {**EQUAL, "ref": "x" * 41}}, {"child": {**EQUAL, "absence_words": "\ud800"}},
        {"x" * 31: EQUAL}, {str(number): EQUAL for number in range(13)},
    ],
)  # fmt: skip
def test_what_no_screen_sends_is_refused(raw: Any) -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_choices(raw)
    assert (refusal.value.code, refusal.value.field) == ("sync_item_malformed", "population")


def test_everybody_of_a_register_can_be_asked_about_but_who_brought_the_news() -> None:
    found = {each["role"]: each["facts"] for each in people_to_look_up(version_for("KS", "L2014"))}
    assert set(found) == {"child", "mother", "father"}
    assert found["child"]["father_name"] == "father_full_name"
    assert found["mother"]["sex"] == "=2"
    assert found["mother"]["old_id"] == "mother_id_doc_number"


def test_every_form_names_only_its_own_fields_and_a_second_keying_nobody() -> None:
    for kind in REGISTER_TYPES.values():
        for version in kind.every_version:
            form = form_data(version)
            fields = {field["code"] for section in form["sections"] for field in section["fields"]}
            asked = {code for person in form["population"] for code in person["facts"].values() if code[0] != "="}
            assert asked <= fields, version.id
            assert form["population"], version.id
            assert form_data(version, critical_only=True)["population"] == []


def test_the_origin_of_an_adopted_child_is_not_told_when_the_child_is_looked_up() -> None:
    adoptee = next(each for each in people_to_look_up(version_for("CN", "L2014")) if each["role"] == "adoptee")
    assert not {"father_name", "mother_name"} & set(adoptee["facts"])
