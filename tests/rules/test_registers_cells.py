"""Cells of a workbook row and values of a case, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotich.registers.rules.cells import (
    column_map,
    default_template,
    from_cell,
    from_cells,
    headings,
    to_cell,
    to_cells,
)
from hotich.registers.rules.values import (
    BLANK,
    ILLEGIBLE,
    ILLEGIBLE_MARK,
    NOT_WRITTEN,
    Reason,
    Value,
    decode,
    encode,
    reason_of,
    text_of,
)
from hotich.registers.types import REGISTER_TYPES, version_by_id
from hotich.registers.types.declaration import RegisterVersion

KS = version_by_id("KS-ND158-1")
ALL_VERSIONS = [made for item in REGISTER_TYPES.values() for made in item.every_version]


def test_cells_become_values_word_for_word() -> None:
    cells = {
        "so": "012/2006",
        "nksNgaySinh": "  1/2/2006",
        "nksHoTen": ILLEGIBLE_MARK,
        "meNgaySinh": "34 tuổi",
        "ghiChu": "",
        "nksNoiSinh": "   ",
        "STT": "1",
        "cotLa": "x",
    }
    assert from_cells(KS, cells) == {
        "registration_number": "012/2006",
        "child_birth_date": "  1/2/2006",
        "child_full_name": {"text": "", "reason": "illegible"},
        "mother_birth_date": "34 tuổi",
    }


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_every_column_goes_in_and_comes_out(version: RegisterVersion) -> None:
    cells = {field.import_key: f"giá trị {number}" for number, field in enumerate(version.fields)}
    values = from_cells(version, cells)
    assert set(values) == {field.code for field in version.fields}
    assert to_cells(version, values) == cells


@given(st.dictionaries(st.sampled_from(sorted(column_map(KS))), st.text() | st.just(ILLEGIBLE_MARK), max_size=8))
def test_cells_come_out_as_they_went_in(cells: dict[str, str]) -> None:
    written = {heading: text for heading, text in cells.items() if text.strip()}
    assert to_cells(KS, from_cells(KS, cells)) == written


@pytest.mark.parametrize("typed", ["[Không đọc được]", " [không đọc được] ", "[KHÔNG ĐỌC ĐƯỢC]"])
def test_marks_typed_in_other_ways_are_reasons_and_keep_their_cell(typed: str) -> None:
    value = from_cell(typed)
    assert decode(value) == ILLEGIBLE
    assert to_cell(value) == typed


def test_partly_illegible_text_stays_text() -> None:
    text = f"Nguyễn {ILLEGIBLE_MARK} An"
    assert from_cell(text) == text
    assert decode(text) == Value(text)


def test_reasons_have_their_cells() -> None:
    assert to_cell({"text": "", "reason": "illegible"}) == ILLEGIBLE_MARK
    assert to_cell({"text": "", "reason": "not_written"}) == ""
    assert to_cell({"text": "01/1980", "reason": "assigned"}) == ""
    assert to_cell(None) == ""


def test_values_are_stored_and_read_again() -> None:
    for value in (Value("An"), ILLEGIBLE, NOT_WRITTEN, Value("01/1980", Reason.ASSIGNED), BLANK):
        assert decode(encode(value)) == value
    assert encode(BLANK) is None
    assert decode("  ") == BLANK and BLANK.is_blank and not BLANK.is_explained
    assert NOT_WRITTEN.is_explained and not NOT_WRITTEN.is_blank


def test_unknown_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="lost"):
        decode({"text": "", "reason": "lost"})


def test_text_and_reason_of_a_field() -> None:
    values = {"a": "x", "b": {"text": "y", "reason": "assigned"}}
    assert (text_of(values, "a"), text_of(values, "b"), text_of(values, "c")) == ("x", "y", "")
    assert (reason_of(values, "a"), reason_of(values, "b"), reason_of(values, "c")) == ("", "assigned", "")


def test_headings_follow_the_template_and_add_what_is_used() -> None:
    old = version_by_id("KS-PRE1999-1")
    assert default_template(old) == "70" and default_template(version_by_id("KH-L2014-1")) == "default"
    assert headings(old) == old.column_sets["70"]
    used = {"extra_witness_1_name", "nksSoDinhDanh", "so"}
    assert headings(old, "60", used) == (*old.column_sets["60"], "nksSoDinhDanh", "extra_witness_1_name")
    with pytest.raises(KeyError):
        headings(old, "61")
