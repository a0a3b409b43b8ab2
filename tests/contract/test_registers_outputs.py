"""What is made from the declarations: JSON Schema, data dictionary, form."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, ValidationError

from hotich.registers.rules.outputs import choices, dictionary_rows, form_layout, json_schema
from hotich.registers.types import REGISTER_TYPES, version_by_id, version_for
from hotich.registers.types.declaration import Era, Need, RegisterVersion

ALL_VERSIONS = [made for item in REGISTER_TYPES.values() for made in item.every_version]
KEYS = {
    "registration_number": "12/2006",
    "register_book_no": {"text": "01/2006", "reason": "assigned"},
    "registration_date": "03.02.2006",
    "registration_office": {"text": "", "reason": "illegible"},
}


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_schema_is_valid_and_takes_a_case_with_its_key(version: RegisterVersion) -> None:
    for lang in ("vi", "en"):
        schema = json_schema(version, lang)
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(KEYS)


@pytest.mark.parametrize(
    "wrong",
    [
        {k: v for k, v in KEYS.items() if k != "registration_number"},
        {**KEYS, "no_such_field": "x"},
        {**KEYS, "child_sex": 1},
        {**KEYS, "child_sex": None},
        {**KEYS, "child_sex": {"text": "", "reason": "lost"}},
        {**KEYS, "child_sex": {"text": "1"}},
        {**KEYS, "child_sex": {"text": "", "reason": "illegible", "more": "x"}},
        {**KEYS, "remarks": "x" * 10_001},
    ],
)
def test_schema_refuses_what_is_not_a_case(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(json_schema(version_by_id("KS-L2014-1"))).validate(wrong)


def test_schema_names_codes_and_columns() -> None:
    made = json_schema(version_by_id("KS-L2014-1"), "en")["properties"]["child_sex"]
    assert made["title"] == "Sex" and made["x-column"] == "nksGioiTinh"
    assert made["x-code-list"] == "sex" and made["examples"] == ["1", "2", "3"]


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_dictionary_has_every_field_in_both_languages(version: RegisterVersion) -> None:
    rows = dictionary_rows(version)
    assert [row.code for row in rows] == [field.code for field in version.fields]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row.label.vi and row.label.en and row.kind.vi and row.need_label.en
        assert row.source or row.section.en == "Other columns of the old book"
        assert row.templates or row.section.en == "Other columns of the old book"


def test_dictionary_marks_what_is_unverified() -> None:
    assert not any(row.verified for row in dictionary_rows(version_for("LH", Era.ND158)))
    assert any(row.verified for row in dictionary_rows(version_for("LH", Era.L2014)))
    assert [row.code for row in dictionary_rows(version_for("KH", Era.ND83)) if not row.verified] == [
        "husband_marriage_order",
        "wife_marriage_order",
    ]


def test_form_of_an_old_book_leaves_out_what_it_cannot_have() -> None:
    old = version_for("KS", Era.ND83)
    shown = {field.code for section in form_layout(old) for field in section.fields}
    assert "child_personal_id" not in shown and "child_full_name" in shown
    also = form_layout(old, also={"child_personal_id"})
    assert "child_personal_id" in {field.code for section in also for field in section.fields}


def test_restricted_fields_are_left_out_without_the_right() -> None:
    shown = [f for s in form_layout(version_for("CN", Era.L2014), restricted=False) for f in s.fields]
    assert shown and not any(field.restricted for field in shown)
    assert not any(field.code.startswith(("giving_", "institution_")) for field in shown)
    assert "cause_of_death" not in [
        f.code for s in form_layout(version_for("KT", Era.LIVE), restricted=False) for f in s.fields
    ]


def test_choices_carry_what_a_workbook_says() -> None:
    assert ("1", "1 – Nam") in choices("sex")
    assert ("Kinh", "Kinh") in choices("ethnicity")
    assert ("Hoa Kỳ", "United States") in choices("nationality", "en")


def test_key_fields_are_the_same_in_every_register() -> None:
    for version in ALL_VERSIONS:
        assert [f.code for f in version.fields if f.need is Need.KEY] == [
            "registration_number",
            "register_book_no",
            "registration_date",
            "registration_office",
        ], version.id
