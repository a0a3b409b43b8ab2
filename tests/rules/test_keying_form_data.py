"""The form of the keying screen, made from the declaration: every register and era."""

from __future__ import annotations

import json

import pytest

from hotich.keying.rules.annotations import KINDS, kinds_for, problems_of, tidy
from hotich.keying.rules.client_checks import people
from hotich.keying.rules.form_data import form_data, layout_of_book
from hotich.records.models import AnnotationKind
from hotich.registers.types import REGISTER_TYPES, version_for
from hotich.registers.types.declaration import RegisterVersion

VERSIONS = [version for kind in REGISTER_TYPES.values() for version in kind.every_version]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_every_version_gives_its_fields_in_the_order_of_the_book(version: RegisterVersion) -> None:
    form = form_data(version)
    codes = [field["code"] for section in form["sections"] for field in section["fields"]]
    assert codes == [field.code for field in version.fields if field.on_form]
    for section in form["sections"]:
        for field in section["fields"]:
            assert field["label"]
            assert not field["list"] or field["list"] in form["lists"]
            assert not field["repeat_of"] or field["repeat_of"] in codes
            assert not field["words_of"] or field["words_of"] in codes
    json.dumps(form)  # nothing but what goes over the line
    assert form != form_data(version, "en")


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_a_second_keying_asks_the_critical_fields_and_checks_nothing_beside_them(version: RegisterVersion) -> None:
    form = form_data(version, critical_only=True)
    fields = [field for section in form["sections"] for field in section["fields"]]
    asked = {field["code"] for field in fields}
    assert all(field["critical"] for field in fields)
    assert {"registration_number", "registration_date"} <= asked
    assert any(field["kind"] == "name" for field in fields)
    for check in form["checks"]:
        named = {check.get(name, "") for name in ("field", "first", "second", "owner", "other")}
        assert {name for name in named if name and not name.startswith("@")} <= asked
    assert form["annotation_kinds"] == []


def test_sections_that_are_seldom_filled_start_closed_and_others_open() -> None:
    sections = {section["code"]: section["is_rare"] for section in form_data(version_for("KS", "L2014"))["sections"]}
    assert sections["declarations"] is True
    assert sections["foreign"] is True
    assert sections["mother"] is False
    old = {section["code"]: section["is_rare"] for section in form_data(version_for("KS", "PRE1999"))["sections"]}
    assert old["extra"] is False


def test_a_code_list_carries_its_values_with_every_word_it_is_known_by() -> None:
    form = form_data(version_for("KS", "L2014"))
    sex = {value: label for value, label, _ in form["lists"]["sex"]}
    assert sex["1"].endswith("Nam")
    khmer = next(words for value, _, words in form["lists"]["ethnicity"] if value == "Khơ-me")
    assert "Miên" in khmer


def test_each_person_has_the_fields_that_are_about_him_and_no_others() -> None:
    guardians = {person["role"]: person["fields"] for person in people(version_for("GH", "L2014"))}
    assert guardians["guardian"]["full_name"] == "guardian_full_name"
    assert guardians["guardian_2"]["full_name"] == "guardian_full_name_2"
    assert set(guardians["guardian"].values()).isdisjoint(guardians["guardian_2"].values())
    births = {person["role"]: person for person in people(version_for("KS", "L2014"))}
    assert births["informant"]["fields"]["id_doc_number"] == "informant_id_doc_number"
    assert births["mother"]["sex"] == "=2"
    assert births["child"]["sex"] == "child_sex"


def test_books_that_are_lists_start_as_a_table() -> None:
    assert layout_of_book(version_for("TD", "L2014")) == "table"
    assert layout_of_book(version_for("KS", "L2014")) == "form"


# ---- notes in the margin


def test_the_kinds_of_notes_are_those_of_records() -> None:
    assert list(KINDS) == list(AnnotationKind.values)


def test_a_note_that_says_nothing_or_changes_what_cannot_change_is_refused_by_code() -> None:
    version = version_for("KS", "L2014")
    assert [found.code for found in problems_of(version, {"kind": "correction"})] == ["annotation_empty"]
    assert [found.code for found in problems_of(version, {"kind": "x", "text": "…"})] == ["annotation_kind_unknown"]
    fixed = {"kind": "change", "field": "registration_number", "new_value": "13/2006"}
    assert [found.code for found in problems_of(version, fixed)] == ["field_not_changeable"]
    good = {"kind": "correction", "field": "child_birth_date", "new_value": "05.03.1978", "note_date_text": "12.4.2010"}
    assert problems_of(version, good) == []


def test_an_unreadable_date_of_a_note_is_a_warning() -> None:
    found = problems_of(version_for("KS", "L2014"), {"kind": "other", "text": "…", "note_date_text": "hôm kia"})
    assert [(each.field, each.severity.value) for each in found] == [("note_date_text", "warning")]


def test_a_note_keeps_only_what_it_says() -> None:
    note = {"kind": "other", "text": "Đã ly hôn", "field": "", "new_value": "x", "stranger": 1, "basis_number": ""}
    assert tidy(note) == {"kind": "other", "text": "Đã ly hôn"}


def test_notes_on_marriage_have_no_place_beside_a_guardianship() -> None:
    assert "divorce" not in kinds_for(version_for("GH", "L2014"))
    assert "divorce" in kinds_for(version_for("KS", "L2014"))
