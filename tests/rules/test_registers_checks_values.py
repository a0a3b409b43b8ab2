"""Statements about one value, about what must be there, and about number, book and era."""
# ruff: noqa: E501 – a case is one line

from __future__ import annotations

from datetime import date

import pytest
from registers_rows import codes, is_error, look, the

from hotich.registers.rules.examine import OfficeFacts
from hotich.registers.types.declaration import Channel

ILLEGIBLE = {"text": "", "reason": "illegible"}
NOT_WRITTEN = {"text": "", "reason": "not_written"}

# code, register, what is changed in the good row, whether it is an error in old books
FAILS: list[tuple[str, str, dict[str, object], bool]] = [
    ("text_too_long", "KS", {"child_birth_place": "x" * 501}, True),
    ("control_characters", "KS", {"child_birth_place": "xã\x00Tân Thử"}, True),
    ("value_malformed", "KS", {"child_birth_place": {"text": "", "reason": "lost"}}, True),
    ("value_malformed", "KS", {"child_birth_place": 17}, True),
    ("field_unknown", "KS", {"husband_full_name": "Nguyễn Văn Bình"}, True),
    ("date_unreadable", "KS", {"child_birth_date": "hôm qua"}, True),
    ("date_impossible", "KS", {"mother_birth_date": "30.02.1990"}, True),
    ("date_impossible", "KS", {"mother_birth_date": "05.13.1990"}, True),
    ("date_year_out_of_range", "KS", {"mother_birth_date": "01/04/5005"}, True),
    ("date_year_ambiguous", "KS", {"mother_birth_date": "34 tuổi", "registration_date": None, "registration_number": "12"}, True),
    ("date_words_unreadable", "KS", {"child_birth_date_words": "Ngày gì đó"}, False),
    ("time_unreadable", "KT", {"death_time": "24:00"}, True),
    ("time_unreadable", "KT", {"death_time": "buổi sáng"}, True),
    ("code_unknown", "KS", {"child_sex": "4"}, True),
    ("code_ambiguous", "KS", {"mother_ethnicity": "Mán"}, False),
    ("code_ambiguous", "KS", {"mother_ethnicity": "Việt"}, False),
    ("code_of_another_time", "TD", {"change_type": "Điều chỉnh"}, False),
    ("registration_number_malformed", "KS", {"registration_number": "12-2016"}, True),
    ("registration_number_malformed", "KS", {"registration_number": "số 12/2016"}, True),
    ("registration_number_without_year", "KS", {"registration_number": "12"}, True),
    ("book_number_malformed", "KS", {"register_book_no": "quyển một"}, True),
    ("book_number_without_year", "KS", {"register_book_no": "01"}, True),
    ("page_not_numeric", "KS", {"page_no": "7b"}, True),
    ("name_single_token", "KS", {"mother_full_name": "Lan"}, False),
    ("name_has_digit", "KS", {"mother_full_name": "Trần Thị Lan 2"}, True),
    ("name_has_symbol", "KS", {"mother_full_name": "Trần Thị Lan*"}, True),
    ("name_no_diacritics", "KS", {"mother_full_name": "Nguyen Van Hung"}, False),
    ("name_mixed_encoding", "KS", {"mother_full_name": "NguyÔn thÞ Lan"}, True),
    ("registration_number_missing", "KS", {"registration_number": None}, True),
    ("registration_number_missing", "KS", {"registration_number": NOT_WRITTEN}, True),
    ("book_number_missing", "KS", {"register_book_no": None}, True),
    ("book_number_assigned", "KS", {"register_book_no": {"text": "01/2016", "reason": "assigned"}}, False),
    ("registration_date_missing", "KS", {"registration_date": None}, False),
    ("registration_date_incomplete", "KS", {"registration_date": "06.2016"}, False),
    ("registration_office_missing", "KS", {"registration_office": None}, False),
    ("key_field_illegible", "KS", {"registration_number": ILLEGIBLE}, False),
    ("minimum_field_missing", "KS", {"page_no": None}, False),
    ("registration_number_year_mismatch", "KS", {"registration_number": "12/2015"}, True),
    ("book_year_after_registration", "KS", {"register_book_no": "01/2017"}, False),
    ("book_label_of_other_register", "KS", {"register_book_no": "01-TP/HT-2016-GH"}, True),
    ("registered_outside_era", "KS", {"registration_date": "30.12.2014", "registration_number": "12/2014"}, False),
    ("registration_year_not_accepted", "KS", {"registration_date": "31.12.1879", "registration_number": "12/1879"}, True),
    ("registration_year_doubtful", "KS", {"registration_date": "31.12.1944", "registration_number": "12/1944"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("code", "letters", "changes", "error"), FAILS)
def test_what_does_not_hold_is_found(code: str, letters: str, changes: dict[str, object], error: bool) -> None:
    found = look(letters, changes)
    assert code in codes(found)
    assert is_error(found, code) is error


HOLDS: list[tuple[str, str, dict[str, object]]] = [
    ("text_too_long", "KS", {"child_birth_place": "x" * 500}),
    ("control_characters", "KS", {"child_birth_place": "xã Tân Thử\nhuyện Thử"}),
    ("date_unreadable", "KS", {"mother_birth_date": "34 tuổi"}),
    ("date_unreadable", "KS", {"mother_birth_date": "03.1990"}),
    ("time_unreadable", "KT", {"death_time": "0h20'"}),
    ("time_unreadable", "KT", {"death_time": "23:59"}),
    ("code_unknown", "KS", {"informant_relationship": "hàng xóm"}),
    ("code_unknown", "KS", {"child_sex": "Nam"}),
    ("registration_number_malformed", "KS", {"registration_number": "12a/2016"}),
    ("registration_number_malformed", "KS", {"registration_number": "12B/2016"}),
    ("registration_number_malformed", "KS", {"registration_number": "12(1)/2016"}),
    ("book_number_malformed", "KS", {"register_book_no": "01-TP/HT-2016-KS"}),
    ("book_number_malformed", "KS", {"register_book_no": "1A/2016"}),
    ("name_has_symbol", "KS", {"mother_full_name": "H'Hen Niê"}),
    ("name_single_token", "KS", {"mother_full_name": "K'Brêu"}),
    ("registration_number_missing", "KS", {"registration_number": ILLEGIBLE}),
    ("book_number_missing", "KS", {"register_book_no": ILLEGIBLE}),
    ("registration_date_missing", "KS", {"registration_date": NOT_WRITTEN}),
    ("minimum_field_missing", "KS", {"page_no": NOT_WRITTEN}),
    ("minimum_field_missing", "KS", {"page_no": "[không đọc được]"}),
    ("book_year_after_registration", "KS", {"register_book_no": "01/2014"}),
    ("registered_outside_era", "KS", {"registration_date": "31.12.2014", "registration_number": "12/2014"}),
    ("registration_year_doubtful", "KS", {"registration_date": "01.01.1945", "registration_number": "12/1945"}),
    ("registration_year_not_accepted", "KS", {"registration_date": "01.01.1880", "registration_number": "12/1880"}),
]


@pytest.mark.parametrize(("code", "letters", "changes"), HOLDS)
def test_what_holds_is_not_found(code: str, letters: str, changes: dict[str, object]) -> None:
    assert code not in codes(look(letters, changes))


@pytest.mark.parametrize(
    "code",
    [
        "registration_date_missing",
        "registration_date_incomplete",
        "registration_office_missing",
        "minimum_field_missing",
    ],
)
def test_what_old_books_may_lack_live_registration_must_have(code: str) -> None:
    changes = next(changes for found, _, changes, _ in FAILS if found == code)
    assert is_error(look("KS", changes, channel=Channel.LIVE), code)


def test_fields_that_follow_from_others_are_not_demanded() -> None:
    gone = {
        f"father_{what}": None for what in ("full_name", "birth_date", "ethnicity", "nationality", "residence_type")
    }
    gone |= {"father_usual_residence": None, "father_id_doc_type": None, "father_id_doc_number": None}
    informant = {
        "informant_full_name": "Trần Thị Lan",
        "informant_relationship": "Mẹ",
        "informant_id_doc_number": "100200301",
    }
    found = look("KS", {**gone, **informant, "birth_case_type": "3", "child_full_name": "Trần Minh Hải"})
    assert found.problems == []


def test_of_a_parent_whose_name_is_missing_only_the_name_is_reported() -> None:
    gone = {
        f"father_{what}": None for what in ("full_name", "birth_date", "ethnicity", "nationality", "residence_type")
    }
    found = look("KS", {**gone, "birth_case_type": None})
    assert [p.field for p in found.problems if p.code == "minimum_field_missing"] == ["father_full_name"]


def test_the_ethnicity_of_a_foreigner_is_not_demanded() -> None:
    found = look("KH", {"wife_nationality": "Hàn Quốc", "wife_ethnicity": None})
    assert "minimum_field_missing" not in codes(found)


def test_one_of_two_adoptive_parents_is_enough() -> None:
    gone = {f"adoptive_mother_{what}": None for what in ("full_name", "birth_date", "id_doc_type", "id_doc_number")}
    assert look("CN", gone).problems == []


def test_an_entry_without_date_is_compared_by_the_year_of_its_number() -> None:
    found = look("KS", {"registration_date": None, "child_birth_date": "01.01.2017"})
    assert "birth_after_registration" in codes(found)
    assert "birth_after_registration" not in codes(
        look("KS", {"registration_date": None, "child_birth_date": "30.12.2016"})
    )


@pytest.mark.parametrize(
    ("opened", "closed", "holds"),
    [
        (date(2016, 6, 20), None, True),
        (date(2016, 6, 21), None, False),
        (None, date(2016, 6, 20), True),
        (None, date(2016, 6, 19), False),
        (None, None, True),
    ],
)
def test_an_office_registers_only_while_it_exists(opened: date | None, closed: date | None, holds: bool) -> None:
    found = look("KS", office=OfficeFacts("T1", "UBND xã Tân Thử", opened, closed))
    assert ("registered_outside_office_life" in codes(found)) is not holds


def test_restricted_values_do_not_travel_in_findings() -> None:
    found = look("CN", {"giving_mother_birth_date": "1989 sau"})
    assert the(found, "date_unreadable").params == {"text": "…"}


def test_a_personal_number_is_demanded_in_live_registration_but_not_of_foreigners() -> None:
    gone: dict[str, object] = {"child_personal_id": None}
    found = look("KS", gone, era="LIVE", channel=Channel.LIVE)
    assert the(found, "minimum_field_missing").field == "child_personal_id"
    foreign = {**gone, "child_nationality": "Hàn Quốc", "child_ethnicity": None}
    assert "minimum_field_missing" not in codes(look("KS", foreign, era="LIVE", channel=Channel.LIVE))
