"""The declared register types: versions by era, participants, and what each field promises."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from hotich.registers.codes import CODE_LISTS
from hotich.registers.types import (
    ERA_PERIODS,
    REGISTER_TYPES,
    UnknownRegister,
    default_era,
    eras_of,
    parts,
    register_type,
    version_by_id,
    version_for,
)
from hotich.registers.types.birth import BASE
from hotich.registers.types.declaration import Era, Kind, Need, Participant, RegisterVersion

ALL_VERSIONS = [made for item in REGISTER_TYPES.values() for made in item.every_version]
PAPER = (Era.ND83, Era.ND158, Era.L2014, Era.LIVE)
ROLES = {
    "KS": ["child", "mother", "father", "informant"],
    "KH": ["husband", "wife"],
    "KT": ["deceased", "informant"],
    "CMC": ["parent", "child", "informant"],
    "HN": ["subject", "informant"],
    "GH": ["guardian", "guardian_2", "ward", "informant"],
    "CDGH": ["guardian", "ward", "new_guardian", "informant"],
    "TD": ["subject", "informant"],
    "LH": ["husband", "wife", "informant"],
    "CN": ["adoptee", "adoptive_father", "adoptive_mother", "giving_father", "giving_mother"],
}


def need(letters: str, era: Era, code: str) -> Need:
    return next(field.need for field in version_for(letters, era).fields if field.code == code)


def label(letters: str, era: Era, code: str) -> str:
    return next(field.label.vi for field in version_for(letters, era).fields if field.code == code)


@pytest.mark.parametrize(
    ("letters", "eras"),
    [
        *((letters, tuple(Era)) for letters in ("KS", "KH", "KT")),
        *((letters, PAPER) for letters in ("CMC", "HN", "GH", "TD", "CN")),
        ("CDGH", (Era.L2014, Era.LIVE)),
        ("LH", (Era.ND158, Era.L2014, Era.LIVE)),
    ],
)
def test_registers_exist_in_their_eras(letters: str, eras: tuple[Era, ...]) -> None:
    assert eras_of(letters) == eras


def test_registers_are_found_by_letters_and_by_code() -> None:
    for item in REGISTER_TYPES.values():
        assert register_type(item.letters) is register_type(item.code) is register_type(item.letters.lower()) is item
        for era, made in item.versions.items():
            assert version_by_id(made.id) is version_for(item.letters, era) is version_for(item.code, era.value)
            assert made.id == f"{item.letters}-{era.value}-1"


def test_unknown_registers_eras_and_versions_are_refused() -> None:
    for ask in (
        lambda: register_type("XX"),
        lambda: version_for("CDGH", Era.ND83),
        lambda: version_for("KS", "ND999"),
        lambda: version_by_id("KS-L2014-9"),
    ):
        with pytest.raises(UnknownRegister):
            ask()


def test_a_version_replaced_within_its_era_stays_for_the_days_of_its_form() -> None:
    deaths = register_type("KT")
    first = replace(deaths.versions[Era.L2014], valid_to=date(2020, 7, 15))
    second = replace(first, id="KT-L2014-2", valid_from=date(2020, 7, 16), valid_to=None)
    changed = replace(deaths, versions={**deaths.versions, Era.L2014: second}, earlier=(first,))
    assert changed.version_on(Era.L2014, date(2020, 7, 15)) is first
    assert changed.version_on(Era.L2014, date(2020, 7, 16)) is second
    assert changed.version_on(Era.L2014, None) is second
    assert changed.version_on(Era.ND158, date(2010, 1, 1)) is deaths.versions[Era.ND158]
    ids = [made.id for made in changed.every_version]
    assert ids.index("KT-L2014-2") == ids.index("KT-L2014-1") + 1
    assert len(set(ids)) == len(ids) == len(deaths.every_version) + 1


@pytest.mark.parametrize(
    ("day", "era"),
    [
        (date(1976, 5, 1), Era.PRE1999),
        (date(1998, 12, 31), Era.PRE1999),
        (date(1999, 1, 1), Era.ND83),
        (date(2006, 3, 31), Era.ND83),
        (date(2006, 4, 1), Era.ND158),
        (date(2015, 12, 31), Era.ND158),
        (date(2016, 1, 1), Era.L2014),
    ],
)
def test_era_of_a_paper_book_follows_the_date_of_registration(day: date, era: Era) -> None:
    assert default_era(day) is era


def test_every_era_has_a_period() -> None:
    assert set(ERA_PERIODS) == set(Era)
    assert [ERA_PERIODS[era].phase for era in Era] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_codes_and_headings_are_unique_and_lists_exist(version: RegisterVersion) -> None:
    codes = [field.code for field in version.fields]
    keys = [field.import_key.casefold() for field in version.fields]
    assert len(set(codes)) == len(codes) and len(set(keys)) == len(keys)
    for field in version.fields:
        assert (field.kind is Kind.CODE) <= (field.code_list in CODE_LISTS), field.code
        assert not field.code_list or field.code_list in CODE_LISTS, field.code
        assert field.label.vi and field.label.en and field.max_length > 0
        assert not field.repeat_of or field.repeat_of in codes


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_participants_name_fields_that_exist(version: RegisterVersion) -> None:
    assert [item.role for item in version.participants] == ROLES[version.letters]
    codes = {field.code: field for field in version.fields}
    pointers = [f.name for f in fields(Participant) if f.name not in ("role", "restricted", "sex_of_code")]
    for item in version.participants:
        for pointer in pointers:
            value = getattr(item, pointer)
            assert value in ("", "=1", "=2") or value in codes, (item.role, pointer)
        assert codes[item.name].kind is Kind.NAME
        assert item.restricted == codes[item.name].restricted


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_every_name_but_officers_and_witnesses_is_a_participants(version: RegisterVersion) -> None:
    named = {item.name for item in version.participants}
    others = {"signatory_name", "recording_officer_name", "witness_1_name", "witness_2_name"}
    assert {field.code for field in version.fields if field.kind is Kind.NAME} - others == named


def test_sex_of_a_recognising_parent_follows_the_direction() -> None:
    parent = version_for("CMC", Era.L2014).participants[0]
    assert parent.sex_fallback == "recognition_direction"
    assert dict(parent.sex_of_code) == {"1": "1", "2": "2", "3": "1", "4": "2"}


def test_cause_of_death_and_origin_of_adopted_children_are_restricted() -> None:
    restricted = {(v.letters, f.code) for v in ALL_VERSIONS for f in v.fields if f.restricted}
    assert {code for letters, code in restricted if letters != "CN"} == {"cause_of_death"}
    assert {code for letters, code in restricted if letters == "CN"} == {
        f.code for f in version_for("CN", Era.LIVE).fields if f.code.startswith(("giving_", "institution_"))
    }


def test_old_birth_books_ask_less_and_have_columns_of_their_own() -> None:
    assert need("KS", Era.PRE1999, "child_ethnicity") is Need.RECORDED
    assert need("KS", Era.ND83, "child_ethnicity") is Need.MINIMUM
    assert need("KS", Era.LIVE, "child_personal_id") is Need.MINIMUM
    old = version_for("KS", Era.PRE1999).sections[-1].fields
    assert [field.column for field in old] == [
        "extra_mother_occupation",
        "extra_father_occupation",
        "extra_witness_1_name",
        "extra_witness_2_name",
    ]
    assert not any(field.verified for field in old)


def test_labels_are_those_of_their_time() -> None:
    assert label("KT", Era.ND158, "registration_number") == "Số giấy chứng tử"
    assert label("KT", Era.L2014, "registration_number") == "Số (số đăng ký)"
    assert label("CMC", Era.ND83, "decision_number").startswith("Quyết định số")
    assert need("CMC", Era.ND158, "decision_number") is Need.MINIMUM
    assert need("CMC", Era.LIVE, "decision_number") is Need.OPTIONAL


def test_change_cases_have_one_row_for_each_changed_field() -> None:
    assert version_for("TD", Era.L2014).row_fields == ("changed_field", "old_value", "new_value")
    assert not any(version.row_fields for version in ALL_VERSIONS if version.letters != "TD")


def test_a_change_of_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(LookupError, match="no_such_field"):
        parts.adapt(BASE, {"no_such_field": {"need": Need.OPTIONAL}})
