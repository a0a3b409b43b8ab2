"""Statements about identity numbers, and about who holds which role."""

from __future__ import annotations

import pytest
from registers_rows import codes, is_error, look, the

from hotich.registers.types.declaration import Channel

CARD = {"mother_id_doc_type": "4"}

FAILS: list[tuple[str, str, dict[str, object], bool]] = [
    ("personal_id_not_12_digits", "KS", {"child_personal_id": "82216000123"}, True),
    ("personal_id_century_unknown", "KS", {"child_personal_id": "082616000123"}, False),
    ("personal_id_province_unknown", "KS", {"child_personal_id": "003216000123"}, False),
    ("personal_id_birth_year_mismatch", "KS", {"child_personal_id": "082215000123"}, False),
    ("personal_id_sex_mismatch", "KS", {"child_personal_id": "082316000123"}, False),
    ("personal_id_sex_mismatch", "KS", {**CARD, "mother_id_doc_number": "082090000123"}, False),
    ("personal_id_sex_mismatch", "CMC", {"parent_id_doc_type": "4", "parent_id_doc_number": "082188000123"}, False),
    ("citizen_card_malformed", "KS", {**CARD, "mother_id_doc_number": "12345678901"}, True),
    ("identity_card_unusual", "KS", {"mother_id_doc_number": "12345678"}, False),
    ("identity_card_unusual", "KS", {"mother_id_doc_number": "B12345678"}, False),
    ("passport_unusual", "KS", {"mother_id_doc_type": "2", "mother_id_doc_number": "12345678"}, False),
    ("id_number_shared", "KS", {"mother_id_doc_number": "100200302"}, False),
    ("id_number_shared", "KS", {"informant_relationship": "Bác ruột"}, False),
    ("id_number_shared", "CN", {"adoptive_mother_id_doc_number": "100200302"}, False),
    ("spouses_share_id_number", "KH", {"wife_id_doc_number": "100 200 302"}, True),
    ("spouses_share_id_number", "LH", {"wife_id_doc_number": "100200302"}, True),
    ("guardian_is_ward", "GH", {"ward_id_doc_type": "1", "ward_id_doc_number": "100200302"}, True),
    ("guardian_is_ward", "GH", {"ward_full_name": "NGUYỄN VĂN BÌNH", "ward_birth_date": "15/02/1988"}, True),
    ("deceased_is_informant", "KT", {"informant_id_doc_number": "100200301"}, True),
    ("informant_named_as_deceased", "KT", {"informant_full_name": "trần thị lan"}, False),
    ("informant_named_as_child", "KS", {"informant_full_name": "Nguyễn Minh Hải"}, False),
    ("same_person_in_two_roles", "KS", {"father_full_name": "TRẦN THỊ LAN", "father_birth_date": "5/3/1990"}, False),
    ("signatory_is_party", "KS", {"signatory_name": "Nguyễn Văn Bình"}, False),
    ("child_surname_differs", "KS", {"child_full_name": "Phạm Minh Hải"}, False),
    ("child_ethnicity_differs", "KS", {"child_ethnicity": "Tày"}, False),
    ("child_nationality_differs", "KS", {"child_nationality": "Hàn Quốc", "child_ethnicity": None}, False),
    ("foreigner_with_ethnicity", "KH", {"wife_nationality": "Hàn Quốc"}, False),
]

HOLDS: list[tuple[str, str, dict[str, object]]] = [
    ("personal_id_not_12_digits", "KS", {"child_personal_id": None}),
    ("personal_id_birth_year_mismatch", "KS", {"child_personal_id": "082216000123", "child_birth_date": "06.2016"}),
    ("personal_id_sex_mismatch", "KS", {"child_personal_id": "082316000123", "child_sex": "3"}),
    ("citizen_card_malformed", "KS", {**CARD, "mother_id_doc_number": "082190000123"}),
    ("identity_card_unusual", "KS", {"mother_id_doc_number": "082190000123"}),
    ("identity_card_unusual", "KS", {"mother_id_doc_number": "100 200 301"}),
    ("passport_unusual", "KS", {"mother_id_doc_type": "2", "mother_id_doc_number": "B1234567"}),
    ("passport_unusual", "KH", {"wife_nationality": "Hàn Quốc", "wife_id_doc_type": "2", "wife_id_doc_number": "M1A2"}),
    ("id_number_shared", "KS", {"informant_relationship": "mẹ đẻ"}),
    ("guardian_is_ward", "GH", {"ward_full_name": "Nguyễn Văn Bình"}),
    ("same_person_in_two_roles", "KS", {"father_full_name": "Trần Thị Lan", "father_birth_date": "1990"}),
    ("child_surname_differs", "KS", {"child_full_name": "Trần Minh Hải"}),
    ("child_surname_differs", "KS", {"child_full_name": "H'Hen Niê", "child_ethnicity": "Ê-đê"}),
    ("child_surname_differs", "KS", {"child_full_name": "Phạm Minh Hải", "child_ethnicity": "Tày"}),
    ("child_ethnicity_differs", "KS", {"child_ethnicity": "Tày", "father_ethnicity": "Tày"}),
    ("child_ethnicity_differs", "KS", {"child_ethnicity": "Tày", "father_ethnicity": None}),
    ("foreigner_with_ethnicity", "KH", {"wife_nationality": "Hàn Quốc", "wife_ethnicity": "Người nước ngoài"}),
    ("foreigner_with_ethnicity", "KH", {"wife_nationality": "Hàn Quốc", "wife_ethnicity": None}),
    ("informant_named_as_deceased", "KT", {"informant_full_name": "Trần Thị Lán"}),
]


@pytest.mark.parametrize(("code", "letters", "changes", "error"), FAILS)
def test_people_who_do_not_fit_are_found(code: str, letters: str, changes: dict[str, object], error: bool) -> None:
    found = look(letters, changes)
    assert code in codes(found)
    assert is_error(found, code) is error


@pytest.mark.parametrize(("code", "letters", "changes"), HOLDS)
def test_people_who_may_fit_are_not_found(code: str, letters: str, changes: dict[str, object]) -> None:
    assert code not in codes(look(letters, changes))


def test_grown_ups_register_their_own_birth() -> None:
    grown = {"child_birth_date": "20.06.1998", "child_birth_date_words": None, "mother_birth_date": "1970"}
    grown |= {"informant_full_name": "Nguyễn Minh Hải", "father_birth_date": "1970"}
    assert "informant_named_as_child" not in codes(look("KS", grown))
    minor = {**grown, "child_birth_date": "21.06.1998"}
    assert "informant_named_as_child" in codes(look("KS", minor))


def test_a_foreign_parent_asks_for_an_agreement_only_in_live_registration() -> None:
    foreign = {"father_nationality": "Hàn Quốc", "father_ethnicity": None}
    assert "nationality_needs_agreement" not in codes(look("KS", foreign))
    assert "nationality_needs_agreement" in codes(look("KS", foreign, channel=Channel.LIVE))


def test_several_faults_of_one_number_are_all_found() -> None:
    found = codes(look("KS", {"child_personal_id": "003315000123"}))
    assert {"personal_id_province_unknown", "personal_id_birth_year_mismatch", "personal_id_sex_mismatch"} <= found


def test_a_shared_number_is_found_at_the_second_person() -> None:
    assert the(look("KH", {"wife_id_doc_number": "100200302"}), "spouses_share_id_number").field == "wife_id_doc_number"


def test_two_cells_that_share_one_text_in_memory_are_two_roles() -> None:
    name, birth = "Trần Thị Lan", "05.03.1990"
    same: dict[str, object] = {"father_full_name": name, "father_birth_date": birth}
    same |= {"mother_full_name": name, "mother_birth_date": birth}
    assert "same_person_in_two_roles" in codes(look("KS", same))
