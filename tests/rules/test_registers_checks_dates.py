"""Statements about the order of dates; a rule fails only if it fails for all days the dates may mean."""
# ruff: noqa: E501 – a case is one line

from __future__ import annotations

import pytest
from registers_rows import codes, is_error, look, the

from hotich.registers.types.declaration import Channel

NOTES = {"marriage_status": "Đã ly hôn", "dissolution_basis": "QĐ 5/2018"}
MISSING = {"missing_declaration_status": "2", "missing_revoked_basis": "QĐ 9", "missing_declared_basis": "QĐ 5"}
ABROAD = {"foreign_registration_number": "1", "foreign_authority": "Seoul", "foreign_country": "Hàn Quốc"}

FAILS: list[tuple[str, str, dict[str, object], bool]] = [
    ("date_in_future", "KS", {"father_birth_date": "24.11.2026"}, True),
    ("birth_after_registration", "KS", {"child_birth_date": "21.06.2016"}, True),
    ("birth_after_registration", "KH", {"wife_birth_date": "2017"}, True),
    ("death_after_registration", "KT", {"death_date": "21.06.2016"}, True),
    ("death_before_birth", "KT", {"deceased_birth_date": "11.06.2016"}, True),
    ("death_notice_before_death", "KT", {"death_notice_date": "09.06.2016"}, False),
    ("date_after_registration", "KT", {"death_notice_date": "21.06.2016"}, False),
    ("date_after_registration", "KS", {"informant_id_doc_issue_date": "21.06.2016"}, False),
    ("date_after_registration", "TD", {"target_registration_date": "21.06.2016"}, False),
    ("date_after_registration", "CDGH", {"origin_registration_date": "07.2016"}, False),
    ("date_after_registration", "HN", {"status_period_to": "21.06.2016"}, False),
    ("note_before_registration", "KS", {**MISSING, "missing_revoked_note_date": "19.06.2016"}, False),
    ("revoked_before_declared", "KS", {**MISSING, "missing_declared_note_date": "02.2018", "missing_revoked_note_date": "01.2018"}, False),
    ("married_before_birth", "KH", {"marriage_effective_date": "15.02.1988"}, True),
    ("dissolved_before_registration", "KH", {**NOTES, "dissolution_note_date": "20.06.2016"}, False),
    ("period_reversed", "HN", {"status_period_from": "20.06.2016"}, False),
    ("judgment_before_marriage", "LH", {"judgment_date": "01.02.2011"}, False),
    ("effective_before_judgment", "LH", {"effective_date": "02.03.2015"}, False),
    ("id_doc_issued_before_birth", "KH", {"wife_id_doc_issue_date": "04.03.1990"}, False),
    ("foreign_registration_before_event", "KS", {**ABROAD, "registration_type": "3", "foreign_registration_date": "31.05.2016"}, False),
    ("date_words_disagree", "KS", {"child_birth_date_words": "Ngày hai tháng sáu năm hai nghìn không trăm mười sáu"}, True),
    ("date_words_disagree", "KT", {"death_date_words": "Ngày mười một tháng sáu"}, True),
]  # fmt: skip

HOLDS: list[tuple[str, str, dict[str, object]]] = [
    ("date_in_future", "KS", {"father_birth_date": "23.11.2026"}),
    ("date_in_future", "KS", {"father_birth_date": "2026"}),
    ("birth_after_registration", "KS", {"child_birth_date": "20.06.2016"}),
    ("birth_after_registration", "KS", {"child_birth_date": "06.2016"}),
    ("birth_after_registration", "KS", {"child_birth_date": "2016"}),
    ("death_after_registration", "KT", {"death_date": "20.06.2016"}),
    ("death_before_birth", "KT", {"deceased_birth_date": "10.06.2016"}),
    ("death_before_birth", "KT", {"deceased_birth_date": "2016"}),
    ("death_notice_before_death", "KT", {"death_notice_date": "10.06.2016"}),
    ("date_after_registration", "KT", {"death_notice_date": "20.06.2016"}),
    ("date_after_registration", "KH", {"husband_id_doc_issue_date": "20.06.2016"}),
    ("note_before_registration", "KS", {**MISSING, "missing_revoked_note_date": "20.06.2016"}),
    ("note_before_registration", "KS", {**MISSING, "missing_revoked_note_date": "2016"}),
    ("married_before_birth", "KH", {"marriage_effective_date": "16.02.1988", "wife_birth_date": "1960"}),
    ("dissolved_before_registration", "KH", {**NOTES, "dissolution_note_date": "21.06.2016"}),
    ("period_reversed", "HN", {"status_period_from": "19.06.2016"}),
    ("judgment_before_marriage", "LH", {"judgment_date": "02.02.2011"}),
    ("effective_before_judgment", "LH", {"effective_date": "03.03.2015"}),
    ("id_doc_issued_before_birth", "KH", {"wife_id_doc_issue_date": "05.03.1990"}),
    ("foreign_registration_before_event", "KS", {**ABROAD, "registration_type": "3", "foreign_registration_date": "01.06.2016"}),
    ("date_words_disagree", "KS", {"child_birth_date_words": "Một tháng sáu"}),
    ("date_words_disagree", "KS", {"child_birth_date": "2016"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "letters", "changes", "error"), FAILS)
def test_dates_in_the_wrong_order_are_found(code: str, letters: str, changes: dict[str, object], error: bool) -> None:
    found = look(letters, changes)
    assert code in codes(found)
    assert is_error(found, code) is error
    assert is_error(look(letters, changes, channel=Channel.LIVE), code)


@pytest.mark.parametrize(("code", "letters", "changes"), HOLDS)
def test_dates_that_may_be_in_order_are_not_found(code: str, letters: str, changes: dict[str, object]) -> None:
    assert code not in codes(look(letters, changes))


def test_the_sample_row_of_the_template_disagrees_with_itself() -> None:
    changes = {"child_birth_date": "01.09.2008", "child_birth_date_words": "Hai mươi bảy tháng tám"}
    found = look("KS", changes)
    assert is_error(found, "date_words_disagree")
    problem = the(found, "date_words_disagree")
    assert problem.field == "child_birth_date_words"
    assert problem.params == {"date": "01.09.2008", "words": "Hai mươi bảy tháng tám"}


def test_without_a_day_given_nothing_is_in_the_future() -> None:
    assert "date_in_future" not in codes(look("KS", {"father_birth_date": "24.11.2026"}, today=None))


def test_one_wrong_date_of_a_dissolution_is_found_once() -> None:
    found = look("KH", {**NOTES, "dissolution_note_date": "19.06.2016"})
    assert [p.code for p in found.problems] == ["dissolved_before_registration"]


def test_a_lunar_date_is_compared_by_its_lunar_year() -> None:
    assert "birth_after_registration" not in codes(
        look("KS", {"child_birth_date": "ngày 5 tháng Chạp năm 2015 (âm lịch)"})
    )
