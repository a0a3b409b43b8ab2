"""Examining whole entries: keys of a case, rejection, order of findings, channels, and that nothing makes it fail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers_rows import codes, good_row, look

from hotich.registers.rules.examine import CaseKeys, examine, with_surrogates
from hotich.registers.types import REGISTER_TYPES, version_for
from hotich.registers.types.declaration import Channel

VERSIONS = [version for item in REGISTER_TYPES.values() for version in item.every_version]


def test_the_keys_of_a_case_are_taken_out_in_one_form() -> None:
    found = look("KS", {"registration_number": "012a(1)/2016", "register_book_no": "1/2016"})
    day = date(2016, 6, 20)
    assert found.keys == CaseKeys("12a(1)/2016", 12, "a(1)", 2016, "01", 2016, "7", day, day)


def test_a_bare_number_is_an_error_but_still_has_its_keys() -> None:
    found = look("KS", {"registration_number": "12"})
    assert "registration_number_without_year" in codes(found)
    assert (found.keys.number_text, found.keys.number, found.keys.registration_year) == ("12/2016", 12, 2016)


def test_without_a_date_the_keys_have_the_year_of_the_number() -> None:
    keys = look("KS", {"registration_date": None}).keys
    assert (keys.registered_earliest, keys.registered_latest) == (date(2016, 1, 1), date(2016, 12, 31))


def test_unreadable_keys_are_none_and_the_number_stays_as_recorded() -> None:
    row: dict[str, object] = {"registration_number": "mười hai", "register_book_no": "?", "registration_date": "?"}
    assert look("KS", {**row, "page_no": None}).keys == CaseKeys("mười hai")


def test_an_illegible_number_has_no_key_but_the_row_is_kept() -> None:
    found = look("KS", {"registration_number": "[không đọc được]"})
    assert not found.is_rejected
    assert found.keys.number is None
    assert found.keys.number_text == ""


@pytest.mark.parametrize(
    ("changes", "rejected"),
    [
        ({"registration_number": None}, True),
        ({"registration_number": "  "}, True),
        ({"registration_number": {"text": "", "reason": "not_written"}}, True),
        ({"child_full_name": "A " * 60}, True),
        ({"remarks": "x\x07"}, True),
        ({"registration_number": "12-2016"}, False),
        ({"child_personal_id": "0822160001234"}, False),
        ({"child_birth_date": "x" * 150}, False),
    ],
)
def test_a_row_is_rejected_only_without_identity_or_with_impossible_text(
    changes: dict[str, object], rejected: bool
) -> None:
    found = look("KS", changes)
    assert found.is_rejected is rejected
    assert found.has_errors


def test_findings_stand_in_the_order_of_the_form() -> None:
    found = look("KS", {"page_no": "x", "child_sex": "9", "mother_birth_date": "?", "foreign_country": "?"})
    places = [item.code for item in version_for("KS", "L2014").fields]
    order = [places.index(problem.field) for problem in found.problems]
    assert order == sorted(order)
    assert len(order) >= 4


def test_warnings_do_not_hold_a_case() -> None:
    found = look("KS", {"page_no": None})
    assert found.problems
    assert not found.has_errors


def test_a_value_that_cannot_be_read_is_left_out_of_comparisons() -> None:
    assert codes(look("KS", {"registration_date": "32.06.2016"})) == {"date_impossible"}


def test_an_age_is_read_with_the_year_of_the_registration_number() -> None:
    found = look("KS", {"registration_date": None, "mother_birth_date": "34 tuổi"})
    assert found.standard["mother_birth_date"] == {"value": "1982", "rule": "R-AGETEXT"}


def test_the_channel_may_be_given_by_its_name() -> None:
    row = good_row("KS")
    found = examine(version_for("KS", "L2014"), row, channel="live")  # type: ignore[arg-type]
    assert found.problems == []


def test_an_old_book_without_number_is_a_warning_once_the_surrogate_is_made() -> None:
    version = version_for("KS", "PRE1999")
    row = {"registration_number": "12/1985", "registration_date": "03.05.1985", "registration_office": "UBND xã",
           "child_full_name": "Nguyễn Minh Hải", "child_birth_date": "1985", "child_sex": "Nam",
           "mother_full_name": "Trần Thị Lan", "mother_birth_date": "24 tuổi",
           "father_full_name": "Nguyễn Văn Bình", "father_birth_date": "khoảng 1958"}  # fmt: skip
    plain = examine(version, row, channel=Channel.HISTORICAL)
    assert codes(plain) == {"book_number_missing"}
    kept = examine(version, with_surrogates(version, row), channel=Channel.HISTORICAL)
    assert codes(kept) == {"book_number_assigned"}
    assert (kept.keys.book_number, kept.keys.book_year) == ("01", 1985)
    assert not kept.has_errors


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
def test_an_empty_entry_of_any_version_is_rejected_without_failing(version: object) -> None:
    assert examine(version, {}, channel=Channel.HISTORICAL).is_rejected  # type: ignore[arg-type]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.id)
@pytest.mark.parametrize(
    "text", ["1", "0", "?", "2016", "31.12.2016", "Việt Nam", "[không đọc được]", "ngày 30 tháng Chạp"]
)
def test_one_text_in_every_field_never_fails(version: object, text: str) -> None:
    row = {item.code: text for item in version.fields}  # type: ignore[attr-defined]
    for channel in Channel:
        examine(version, row, channel=channel, today=date(2026, 1, 1))  # type: ignore[arg-type]


JUNK = st.one_of(
    st.text(max_size=30),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day:%d.%m.%Y}"),
    st.integers(min_value=0, max_value=10**13).map(str),
    st.fixed_dictionaries({"text": st.text(max_size=5), "reason": st.sampled_from(["illegible", "assigned", "x", ""])}),
    st.none(),
    st.integers(),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(VERSIONS), st.data())
def test_whatever_stands_in_the_fields_the_examination_ends(version: object, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from([item.code for item in version.fields]), max_size=12))  # type: ignore[attr-defined]
    row = {name: data.draw(JUNK) for name in names}
    for channel in Channel:
        found = examine(version, row, channel=channel, today=date(2026, 1, 1))  # type: ignore[arg-type]
        assert all(problem.code for problem in found.problems)
