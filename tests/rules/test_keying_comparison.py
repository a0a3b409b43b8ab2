"""Two keyings compared: what counts as a difference, how many characters are wrong, which fields are critical."""

from __future__ import annotations

import unicodedata
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotich.keying.rules.comparison import (
    all_fields,
    critical_fields,
    differing,
    errors_of,
    fields_asked,
    first_is_a,
    kept_fields,
    same,
    wrong_characters,
)
from hotich.registers.types import REGISTER_TYPES, version_for

BIRTH = version_for("KS", "L2014")
ILLEGIBLE = {"text": "", "reason": "illegible"}
NOT_WRITTEN = {"text": "", "reason": "not_written"}


def test_the_same_name_typed_with_other_marks_and_spaces_is_no_difference() -> None:
    typed = unicodedata.normalize("NFD", "Nguyễn  Thị Hằng ")
    assert same("Nguyễn Thị Hằng", typed)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nguyễn Thị Hằng", "Nguyễn Thị Hăng"),
        ("Nguyễn Thị Hằng", "nguyễn thị hằng"),
        ("hòa", "hoà"),
        ("05.03.1978", "5.3.1978"),
        (ILLEGIBLE, None),
        (ILLEGIBLE, NOT_WRITTEN),
        ("Hằng", {"text": "Hằng", "reason": "illegible"}),
    ],
)
def test_a_tone_a_capital_a_nought_and_a_reason_are_differences(first: object, second: object) -> None:
    assert not same(first, second)  # type: ignore[arg-type]


def test_a_blank_and_a_note_that_the_book_has_nothing_say_the_same() -> None:
    assert same(None, NOT_WRITTEN)
    assert same("  ", None)


def test_a_surrogate_of_ours_counts_as_blank_because_the_book_has_none() -> None:
    assert same({"text": "01/2016", "reason": "assigned"}, None)
    assert not same({"text": "01/2016", "reason": "assigned"}, "02/2016")


def test_differences_come_in_the_order_asked_with_both_values_and_only_of_the_fields_asked() -> None:
    first = {"child_full_name": "An", "child_sex": "1", "remarks": "a"}
    second = {"child_full_name": "Ân", "child_sex": "1", "father_full_name": "Bình"}
    found = differing(BIRTH, first, second, ["father_full_name", "child_full_name", "child_sex"])
    assert [(each.field, each.first, each.second, each.is_critical) for each in found] == [
        ("father_full_name", None, "Bình", True),
        ("child_full_name", "An", "Ân", True),
    ]


@pytest.mark.parametrize("version", [v for t in REGISTER_TYPES.values() for v in t.every_version], ids=lambda v: v.id)
def test_every_register_has_a_number_a_day_and_a_name_among_its_critical_fields(version) -> None:  # type: ignore[no-untyped-def]
    critical = critical_fields(version)
    assert {"registration_number", "registration_date"} <= set(critical)
    assert any(field.endswith("full_name") for field in critical)
    assert set(critical) <= set(all_fields(version))
    assert not any(field.startswith("informant") for field in critical)


def test_a_second_keying_of_critical_fields_is_asked_for_nothing_else() -> None:
    assert fields_asked(BIRTH, "critical") == critical_fields(BIRTH)
    assert fields_asked(BIRTH, "sample") == all_fields(BIRTH) == fields_asked(BIRTH, "stray")
    asked = fields_asked(BIRTH, "critical")
    assert kept_fields({"child_full_name": "An", "remarks": "x", "child_birth_date": ""}, asked) == {
        "child_full_name": "An"
    }


@pytest.mark.parametrize(
    ("value", "decided", "wrong"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", 0),
        ("Nguyen Van An", "Nguyễn Văn An", 2),
        (None, "An", 2),
        (ILLEGIBLE, "An", 2),
        ("An", ILLEGIBLE, 2),
        (ILLEGIBLE, NOT_WRITTEN, 1),
    ],
)
def test_wrong_characters_are_counted_by_edit_distance(value: object, decided: object, wrong: int) -> None:
    assert wrong_characters(value, decided) == wrong  # type: ignore[arg-type]


def test_both_keyings_are_measured_against_what_was_decided() -> None:
    errors = errors_of("Nguyễn Văn Ân", "Nguyễn Vân An", "Nguyễn Văn An")
    assert (errors.first, errors.second, errors.length) == (1, 1, 13)


@given(st.text(max_size=20), st.text(max_size=20))
def test_values_that_are_the_same_have_no_wrong_characters(first: str, second: str) -> None:
    assert same(first, second) == (wrong_characters(first, second) == 0)


@given(st.uuids())
def test_who_is_shown_first_is_always_the_same_for_one_difference(identity: UUID) -> None:
    assert first_is_a(identity) == first_is_a(UUID(str(identity)))


def test_the_first_keying_is_shown_first_about_as_often_as_second() -> None:
    shown = sum(first_is_a(UUID(int=number)) for number in range(2000))
    assert 880 < shown < 1120
