"""The form made from a declaration: it shows the words of the book and gives them back."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.registers.forms import NOT_WRITTEN_MARK, form_class, form_for, initial_of, to_as_recorded
from hotich.registers.rules.values import ILLEGIBLE_MARK
from hotich.registers.types import REGISTER_TYPES, version_by_id
from hotich.registers.types.declaration import RegisterVersion

KS = version_by_id("KS-L2014-1")
ALL_VERSIONS = [made for item in REGISTER_TYPES.values() for made in item.every_version]


def recorded(data: dict[str, str], before: dict[str, Any] | None = None) -> dict[str, Any]:
    form = form_for(KS, before or {}, {**initial_of(before or {}), **data})
    assert form.is_valid(), form.errors
    return form.as_recorded(before)


@pytest.mark.parametrize("version", ALL_VERSIONS, ids=lambda v: v.id)
def test_every_version_has_a_form_that_renders_in_both_languages(version: RegisterVersion) -> None:
    for lang in ("vi", "en"):
        form = form_class(version, lang)()
        codes = [bound.name for _, _, fields in form.sections() for bound in fields]
        assert codes == [field.code for field in version.fields if field.on_form]
        html = str(form)
        assert all(f'name="{code}"' in html for code in codes)
        for list_id, options in form.datalists():
            assert f'list="{list_id}"' in html and options


def test_keying_keeps_carried_fields_only() -> None:
    form = form_class(KS)()
    assert 'data-carry="true"' in str(form["registration_office"])
    assert "data-carry" not in str(form["child_full_name"])


def test_browser_never_cuts_what_the_book_has() -> None:
    assert "maxlength" not in str(form_class(KS)())


def test_words_outside_the_list_stay_selectable() -> None:
    form = form_for(KS, {"child_ethnicity": "Mèo", "child_sex": "Nữ"})
    assert '<option value="Mèo" selected>' in str(form["child_ethnicity"])
    assert '<option value="Nữ" selected>' in str(form["child_sex"])
    assert '<option value="Mèo"' not in str(form_class(KS)()["child_ethnicity"])


def test_blanks_are_absent_and_text_is_made_uniform() -> None:
    made = recorded({"child_full_name": "  Lê Thi\u0323  Hồng ", "child_sex": "2", "child_birth_date": ""})
    assert made == {"child_full_name": "Lê Thị Hồng", "child_sex": "2"}


@pytest.mark.parametrize(
    ("typed", "reason"),
    [(ILLEGIBLE_MARK, "illegible"), (" [KHÔNG ĐỌC ĐƯỢC] ", "illegible"), ("[Sổ không ghi]", "not_written")],
)
def test_marks_become_reasons_and_show_again(typed: str, reason: str) -> None:
    made = recorded({"child_full_name": typed})
    assert made == {"child_full_name": {"text": "", "reason": reason}}
    assert initial_of(made)["child_full_name"] in (ILLEGIBLE_MARK, NOT_WRITTEN_MARK)
    assert recorded({}, made) == made


def test_unchanged_values_keep_their_reason_and_their_spaces() -> None:
    before = {
        "register_book_no": {"text": "01/1980", "reason": "assigned"},
        "child_birth_place": "xã  A",
        "remarks": "dòng một\ndòng hai",
    }
    assert recorded({}, before) == before
    assert recorded({"register_book_no": "02/1980"}, before)["register_book_no"] == "02/1980"


def test_fields_the_form_does_not_show_are_kept() -> None:
    version = version_by_id("CN-L2014-1")
    before = {"giving_mother_full_name": "Trần Thị Mơ", "adoptee_full_name": "Lê An"}
    form = form_for(version, before, {"adoptee_full_name": "Lê Văn An"}, restricted=False)
    assert "giving_mother_full_name" not in form.fields
    assert form.is_valid()
    assert form.as_recorded(before) == {"giving_mother_full_name": "Trần Thị Mơ", "adoptee_full_name": "Lê Văn An"}


def test_emptied_field_is_taken_out() -> None:
    assert to_as_recorded(KS, {"remarks": ""}, {"remarks": "cũ"}) == {}


def test_imported_value_of_a_column_the_era_lacks_is_shown() -> None:
    old = version_by_id("KS-ND83-1")
    assert "child_personal_id" in form_for(old, {"child_personal_id": "001085000000"}).fields
    assert "child_personal_id" not in form_for(old, {}).fields


def test_text_without_end_is_refused_by_code() -> None:
    form = form_for(KS, {}, {"remarks": "x" * 10_001})
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["remarks"]] == ["max_length"]
