"""Statements about fields that go together, and about changes and corrections."""

from __future__ import annotations

import pytest
from registers_rows import codes, is_error, look

from hotich.registers.types.declaration import Channel

ABROAD: dict[str, object] = {
    "registration_type": "3",
    "foreign_registration_number": "1",
    "foreign_registration_date": "10.06.2016",
    "foreign_authority": "Seoul",
    "foreign_country": "Hàn Quốc",
}
NOBODY = {f"adoptive_{who}_{what}": None for who in ("father", "mother") for what in ("full_name", "birth_date")}

FAILS: list[tuple[str, str, dict[str, object]]] = [
    ("foreign_registration_missing", "KS", {**ABROAD, "foreign_country": None}),
    ("foreign_registration_missing", "CMC", {"registration_type": "2"}),
    ("foreign_registration_unexpected", "KS", {**ABROAD, "registration_type": "1"}),
    ("foreign_registration_unexpected", "TD", {"foreign_registration_number": "1"}),
    ("foreign_country_is_vietnam", "KS", {**ABROAD, "foreign_country": "Việt Nam"}),
    ("foreign_country_is_vietnam", "LH", {"judgment_country": "Việt Nam"}),
    ("id_doc_other_missing", "KH", {"wife_id_doc_type": "8"}),
    ("id_doc_other_unexpected", "KH", {"wife_id_doc_other": "Giấy xác nhận"}),
    ("id_doc_type_missing", "KH", {"wife_id_doc_type": None}),
    ("id_doc_type_missing", "KH", {"wife_id_doc_type": "0"}),
    ("id_doc_number_missing", "KH", {"wife_id_doc_number": None}),
    ("residence_type_without_residence", "KH", {"wife_usual_residence": None}),
    ("parent_given_though_undetermined", "KS", {"birth_case_type": "3"}),
    ("parent_given_though_undetermined", "KS", {"birth_case_type": "5"}),
    ("parent_missing_though_determined", "KS", {"father_full_name": None}),
    ("declaration_note_missing", "KS", {"missing_declaration_status": "1", "missing_declared_note_date": "01.02.2018"}),
    ("declaration_note_missing", "KT", {"death_declaration_status": "2", "death_revoked_basis": "QĐ 5"}),
    ("declaration_status_missing", "KS", {"incapacity_declared_basis": "QĐ 5"}),
    ("declaration_status_missing", "KS", {"missing_declaration_status": "1", "missing_revoked_basis": "QĐ 6"}),
    ("marriage_note_missing", "KH", {"marriage_status": "Đã ly hôn"}),
    ("marriage_status_missing", "KH", {"dissolution_basis": "QĐ 5/2018"}),
    (
        "marriage_status_missing",
        "KH",
        {"marriage_status": "Đã được công nhận việc kết hôn", "dissolution_basis": "QĐ 5"},
    ),
    ("origin_marriage_missing", "LH", {"origin_marriage_number": None}),
    ("new_guardian_missing", "CDGH", {"new_guardian_full_name": None}),
    ("adoptive_parent_missing", "CN", NOBODY),
    ("giving_party_missing", "CN", {"giving_mother_full_name": None}),
    ("institution_incomplete", "CN", {"institution_representative": "Lê Thị Thu, giám đốc"}),
    ("change_changes_nothing", "TD", {"new_value": " 01.02.2000"}),
    ("new_value_invalid", "TD", {"new_value": "31.02.2000"}),
    ("new_value_invalid", "TD", {"changed_field": "Dân tộc", "new_value": "Người đâu"}),
    ("new_value_invalid", "TD", {"changed_field": "Họ và tên", "new_value": "Lan 2"}),
    ("new_value_invalid", "TD", {"changed_field": "Số định danh", "new_value": "12"}),
    ("change_kind_mismatch", "TD", {"change_type": "4"}),
    ("change_kind_mismatch", "TD", {"change_type": "7"}),
]
IMPOSSIBLE = {"change_changes_nothing"}
ALWAYS_WARNINGS = {
    "id_doc_other_unexpected",
    "id_doc_number_missing",
    "origin_marriage_missing",
    "institution_incomplete",
}

HOLDS: list[tuple[str, str, dict[str, object]]] = [
    ("foreign_registration_missing", "KS", ABROAD),
    ("foreign_registration_missing", "KS", {**ABROAD, "foreign_country": {"text": "", "reason": "not_written"}}),
    ("foreign_registration_missing", "TD", {"change_type": "5"}),
    ("foreign_registration_unexpected", "KS", ABROAD),
    ("foreign_registration_unexpected", "KS", {**ABROAD, "registration_type": None}),
    ("id_doc_other_missing", "KH", {"wife_id_doc_type": "8", "wife_id_doc_other": "Giấy xác nhận"}),
    ("id_doc_number_missing", "KH", {"wife_id_doc_number": None, "wife_id_doc_type": "0"}),
    ("residence_type_without_residence", "KH", {"wife_usual_residence": None, "wife_residence_type": "0"}),
    ("residence_type_without_residence", "KH", {"wife_usual_residence": None, "wife_residence_type": None}),
    ("parent_missing_though_determined", "KS", {"father_full_name": {"text": "", "reason": "illegible"}}),
    ("parent_missing_though_determined", "KS", {"father_full_name": None, "birth_case_type": None}),
    ("declaration_note_missing", "KS", {"missing_declaration_status": "1", "missing_declared_note_date": "01.02.2018",
                                        "missing_declared_basis": "QĐ 5"}),
    ("declaration_status_missing", "KS", {"missing_declaration_status": "2", "missing_declared_basis": "QĐ 5",
                                          "missing_revoked_basis": "QĐ 6"}),
    ("marriage_status_missing", "KH", {"marriage_status": "Đã ly hôn", "dissolution_basis": "QĐ 5",
                                       "recognition_basis": "QĐ 2"}),
    ("origin_marriage_missing", "LH", {"origin_marriage_number": {"text": "", "reason": "not_written"}}),
    ("new_guardian_missing", "CDGH", {f"new_guardian_{what}": None for what in
                                      ("full_name", "birth_date", "ethnicity", "nationality", "usual_residence",
                                       "id_doc_type", "id_doc_number")}),
    ("giving_party_missing", "CN", {"giving_mother_full_name": None, "institution_name": "Cơ sở A"}),
    ("change_changes_nothing", "TD", {"old_value": None}),
    ("new_value_invalid", "TD", {"changed_field": "Quê quán", "new_value": "xã Tân Thử"}),
    ("new_value_invalid", "TD", {"changed_field": "Họ và tên", "new_value": "K'Brêu"}),
    ("new_value_invalid", "TD", {"changed_field": "Số định danh", "new_value": "082200000123"}),
    ("change_kind_mismatch", "TD", {"change_type": "4", "changed_field": "Dân tộc", "new_value": "Tày"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "letters", "changes"), FAILS)
def test_fields_that_do_not_go_together_are_found(code: str, letters: str, changes: dict[str, object]) -> None:
    found, live = look(letters, changes), look(letters, changes, channel=Channel.LIVE)
    assert code in codes(found)
    assert is_error(found, code) is (code in IMPOSSIBLE)
    assert is_error(live, code) is (code not in ALWAYS_WARNINGS)


@pytest.mark.parametrize(("code", "letters", "changes"), HOLDS)
def test_fields_that_go_together_are_not_found(code: str, letters: str, changes: dict[str, object]) -> None:
    assert code not in codes(look(letters, changes))


def test_each_missing_field_of_a_registration_abroad_is_named() -> None:
    found = look("KH", {"registration_type": "3", "foreign_country": "Hàn Quốc"})
    named = [p.field for p in found.problems if p.code == "foreign_registration_missing"]
    assert named == ["foreign_registration_number", "foreign_registration_date", "foreign_authority"]
