"""The ten declarations against a copy of the official field list, in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hotich.registers.codes import CODE_LISTS
from hotich.registers.types import REGISTER_TYPES, register_type, version_for
from hotich.registers.types.declaration import Era, Field, Kind, Need, RegisterVersion

LISTED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "fixtures" / "register_fields.json").read_text(encoding="utf-8")
)
LETTERS = tuple(LISTED)
IMPORT_COLUMNS = {"KS": 69, "KH": 44, "KT": 48, "CMC": 50, "HN": 35}
DOCUMENT = ("type", "other", "number", "issue_date", "issuer")
PERSON = ("full_name", "sex", "birth_date", "ethnicity", "nationality", "id_doc_*", "usual_residence")
KINDS = {
    "str": {Kind.TEXT, Kind.NAME, Kind.DATE_WORDS, Kind.REGISTRATION_NUMBER, Kind.BOOK_NUMBER, Kind.ID_NUMBER},
    "str(100)": {Kind.NAME},
    "str(30)": {Kind.ID_NUMBER},
    "str(int)": {Kind.PAGE_NUMBER},
    "char(12)": {Kind.PERSONAL_ID},
    "str/code": {Kind.TEXT},
    "code": {Kind.CODE},
    "code/str": {Kind.CODE},
    "enum(list)": {Kind.CODE},
    "code+str": {Kind.OFFICE},
    "date_p": {Kind.DATE},
    "addr": {Kind.PLACE},
    "text": {Kind.LONG_TEXT},
    "HH:MM": {Kind.TIME},
}
ALL_VERSIONS = [made for item in REGISTER_TYPES.values() for made in item.every_version]


def members(name: str) -> list[str]:
    """What a line of the list stands for: a group becomes its fields."""
    if name.endswith("id_doc_*"):
        return [name.replace("*", part) for part in DOCUMENT]
    if name.endswith("_*"):
        return [code for part in PERSON for code in members(name.replace("*", part))]
    if name.replace(" ", "") in ("signatory_name/signatory_title", "signatory_name/title"):
        return ["signatory_name", "signatory_title"]
    if "/" in name:
        first, *others = name.split("/")
        return [first, *(f"{first.rpartition('_')[0]}_{other}" for other in others)]
    return [name]


def expanded(letters: str) -> list[tuple[str, dict[str, Any]]]:
    """(code, line of the list) for every field; people who may stand twice come a second time with `_2`."""
    made: list[tuple[str, dict[str, Any]]] = []
    second: list[tuple[str, dict[str, Any]]] = []
    for line in LISTED[letters]["fields"]:
        if not line.get("repeat"):
            made, second = made + second, []
        made += [(code, line) for code in members(line["en"])]
        second += [(f"{code}_2", line) for code in members(line["en"])] if line.get("repeat") else []
    return made + second


def official(version: RegisterVersion) -> list[Field]:
    """The fields that are in the official list: all but those of the last section."""
    return [field for section in version.sections if section.code != "extra" for field in section.fields]


def test_there_are_ten_registers_in_the_order_of_the_list() -> None:
    assert tuple(REGISTER_TYPES) == LETTERS
    assert [(item.code, item.label.vi) for item in REGISTER_TYPES.values()] == [
        (listed["event"], listed["label"]) for listed in LISTED.values()
    ]


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_every_version_has_the_listed_fields_in_order(version: RegisterVersion) -> None:
    assert [field.code for field in official(version)] == [code for code, _ in expanded(version.letters)]


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_import_keys_are_those_of_the_list(version: RegisterVersion) -> None:
    for field, (code, line) in zip(official(version), expanded(version.letters), strict=True):
        assert field.import_key == (code if line["moj_key"] == "—" else line["moj_key"])


@pytest.mark.parametrize("letters", LETTERS)
def test_kinds_follow_the_listed_types(letters: str) -> None:
    for field, (code, line) in zip(official(version_for(letters, Era.L2014)), expanded(letters), strict=True):
        if line["type"] == "group":
            assert "id_doc" in code or code.startswith(("new_guardian_", "origin_marriage_"))
            continue
        assert field.kind in KINDS[line["type"]], code
        if field.kind is Kind.CODE or line["type"] == "str/code":
            assert field.code_list in CODE_LISTS, code
        if line["type"] in ("str(100)", "str(30)", "char(12)"):
            assert field.max_length == int(line["type"].partition("(")[2].rstrip(")")), code


@pytest.mark.parametrize("letters", LETTERS)
def test_needs_are_the_listed_ones_for_books_since_2016(letters: str) -> None:
    for field, (code, line) in zip(official(version_for(letters, Era.L2014)), expanded(letters), strict=True):
        if line["type"] == "group" and "id_doc" in code:
            allowed = {Need.OPTIONAL, Need.CONDITIONAL}
        elif code.endswith("_2"):  # nobody need have a second guardian
            allowed = {Need(line["req"]), Need.OPTIONAL} - {Need.MINIMUM}
        else:
            allowed = {Need(line["req"])}
        assert field.need in allowed, code


@pytest.mark.parametrize(("letters", "count"), IMPORT_COLUMNS.items())
def test_templates_have_the_known_number_of_columns(letters: str, count: int) -> None:
    keys = [line["moj_key"] for line in LISTED[letters]["fields"]]
    sets = version_for(letters, Era.L2014).column_sets
    newest = sets["70"][1:] if letters == "KS" else sets["default"]
    assert len(keys) == len(newest) == count
    assert list(newest) == keys


def test_birth_templates_are_the_seventy_and_the_older_sixty_columns() -> None:
    for version in register_type("birth").every_version:
        new, old = version.column_sets["70"], version.column_sets["60"]
        assert (len(new), len(old)) == (70, 60)
        assert new[0] == "STT" and "STT" not in old
        gone = [key for key in new[1:] if key not in old]
        assert [key for key in gone if key.endswith("Str")] == gone[1:3] + gone[4:6] + gone[7:9]
        assert [gone[0], gone[3], gone[6]] == ["nksSoDinhDanh", "meSoDinhDanhCaNhan", "chaSoDinhDanhCaNhan"]
        assert [key for key in new[1:] if key in old] == list(old)


def test_second_guardians_repeat_the_first() -> None:
    fields = {field.code: field for field in version_for("GH", Era.L2014).fields}
    second = [field for field in fields.values() if field.repeat_of]
    assert len(second) == 11
    for field in second:
        first = fields[field.repeat_of]
        assert field.code == f"{first.code}_2"
        assert (field.kind, field.code_list, field.max_length) == (first.kind, first.code_list, first.max_length)


def test_optional_sexes_of_some_recognition_templates_are_accepted() -> None:
    version = version_for("CMC", Era.L2014)
    assert [(f.code, f.column) for f in version.sections[-1].fields] == [
        ("parent_sex", "cmGioiTinh"),
        ("child_sex", "ncGioiTinh"),
    ]
    assert "cmGioiTinh" not in version.column_sets["default"]
