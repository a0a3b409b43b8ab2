"""What differs between a book and the population database, and of which kind. All persons are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.comparison import BASIC, FIELDS, KINDS, compare, row_of
from hotich.reconciliation.rules.questions import narrower, questions_for
from hotich.registers.rules.configuration import Configuration, snapshot_of
from hotich.registers.rules.configuration_change import change_of
from hotich.registers.rules.snapshot import using

BOOK = BookFacts(
    role="child",
    full_name="Nguyễn Thị Thu Hà",
    birth="1984-03-12",
    sex="2",
    father_name="Nguyễn Văn Bình",
    mother_name="Trần Thị Lan",
    personal_id="001184012345",
    ethnicity="Kinh",
    nationality="Việt Nam",
    native_place="xã Tân Lập, huyện Đan Phượng, tỉnh Hà Tây",
    residence="xã Tân Lập, huyện Đan Phượng",
    register="KS",
)
CITIZEN = Citizen(
    ref="c1",
    personal_id="001184012345",
    full_name="NGUYỄN THỊ THU HÀ",
    birth="1984-03-12",
    sex="2",
    father_name="Nguyễn Văn Bình",
    mother_name="Trần Thị Lan",
    ethnicity="Kinh",
    nationality="Việt Nam",
    native_place="phường Tân Lập, Hà Nội",
    residence="Thành phố Hồ Chí Minh",
)


def kinds(book: BookFacts, citizen: Citizen) -> dict[str, str]:
    return {each.field: each.kind for each in compare(book, citizen).differences}


def of_names(ours: str, theirs: str) -> str:
    return kinds(replace(BOOK, full_name=ours), replace(CITIZEN, full_name=theirs)).get("full_name", "")


def of_births(ours: str, theirs: str) -> str:
    return kinds(replace(BOOK, birth=ours), replace(CITIZEN, birth=theirs)).get("birth", "")


def test_the_same_facts_are_equal_however_they_are_written() -> None:
    found = compare(BOOK, CITIZEN)
    assert found.outcome == "equal"
    assert found.differences == ()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Lê Thị Hoà", "LÊ THỊ HÒA"),
        ("Đỗ Mỹ Quý", "Đỗ Mĩ Quí"),
        ("Y-Bih Niê", "Y Bih Niê"),
        ("H'Hen Niê", "H’Hen Niê"),
        ("YBih Niê", "Y Bih Niê"),
        ("Nguyễn  Văn   An", "nguyễn văn an"),
        ("Trần Thị Thúy", "Trần Thị Thuý"),
    ],
)
def test_spellings_of_one_name_do_not_differ(ours: str, theirs: str) -> None:
    assert of_names(ours, theirs) == ""


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("Lê Thị Hoa", "Lê Thị Hòa", "tone"),
        ("Lê Văn Hải", "Lê Văn Hai", "tone"),
        ("Trần Văn Tân", "Trần Văn Tấn", "tone"),
        ("Trần Văn Tan", "Trần Văn Tân", "marks"),
        ("Đặng Văn Dũng", "Dang Van Dung", "marks"),
        ("Phạm Thị Dung", "Phạm Thị Đung", "marks"),
        ("Nguyễn Văn Anh", "Nguyễn Văn Ánh", "tone"),
        ("Nguyễn Văn An", "Nguyễn Văn Anh", "typing_slip"),
        ("Nguyễn Xuân Sơn", "Nguyễn Suân Xơn", "typing_slip"),
        ("Nguyễn Thị Thu Hà", "Nguyễn Thị Hà", "part_missing"),
        ("Nguyễn Hà", "Nguyễn Thị Thu Hà", "part_missing"),
        ("Nguyễn Thị Hà Thu", "Nguyễn Thị Thu Hà", "different"),
        ("Nguyễn Văn Bình", "Lê Quốc Khánh", "different"),
    ],
)
def test_a_difference_of_names_is_called_by_its_kind(ours: str, theirs: str, kind: str) -> None:
    assert of_names(ours, theirs) == kind
    assert of_names(theirs, ours) == kind


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("1984-03-12", "1984-03-12", ""),
        ("1984", "1984", ""),
        ("1984-03-12", "1984-12-03", "swapped_day_month"),
        ("1984", "1984-03-12", "year_only"),
        ("1984", "1984-01-01", "year_only"),
        ("1984-03", "1984", "year_only"),
        ("1984-03", "1984-03-12", "part_missing"),
        ("1984-03-12", "1984-03-17", "typing_slip"),
        ("1984-03-12", "1984-03-21", "typing_slip"),
        ("1984-03-12", "1994-03-12", "typing_slip"),
        ("1984", "1985", "typing_slip"),
        ("1984-03-12", "1975-08-30", "different"),
        ("1984-03", "1984-11-12", "different"),
        ("1984", "1991-02-02", "different"),
    ],
)
def test_a_difference_of_births_is_called_by_its_kind(ours: str, theirs: str, kind: str) -> None:
    assert of_births(ours, theirs) == kind
    assert of_births(theirs, ours) == kind


def test_a_date_told_in_part_is_no_difference_where_the_installation_says_so() -> None:
    change = change_of("parameter", "population_incomplete_date_differs", {"value": 0}, source="QĐ 1")
    with using(snapshot_of(Configuration("test", date(2026, 11, 25), (change,)))):
        assert of_births("1984", "1984-03-12") == of_births("1984-03-12", "1984-03") == ""
        assert of_births("1984", "1991-02-02") == "different"
    assert of_births("1984", "1984-03-12") == "year_only"


def test_what_one_side_does_not_tell_is_no_difference() -> None:
    bare = BookFacts(role="child", full_name=BOOK.full_name)
    assert compare(bare, CITIZEN).outcome == "equal"
    assert compare(BOOK, Citizen(ref="c", personal_id="", full_name=CITIZEN.full_name)).outcome == "equal"


def test_where_somebody_lives_never_counts() -> None:
    assert BOOK.residence != CITIZEN.residence
    assert "residence" not in FIELDS
    moved = replace(CITIZEN, residence="tỉnh Cà Mau", province_code="96", commune_code="31900")
    assert compare(replace(BOOK, province_code="01", commune_code="00004"), moved).outcome == "equal"


def test_basic_facts_stand_apart_from_other_facts() -> None:
    found = compare(BOOK, replace(CITIZEN, sex="1", mother_name="Trần Thị Liên", birth="1984"))
    assert [each.field for each in found.basic] == ["birth", "sex"]
    assert [each.field for each in found.others] == ["mother_name"]
    assert {each.field for each in found.basic} <= BASIC


def test_both_sides_are_kept_as_they_say_it() -> None:
    (found,) = compare(BOOK, replace(CITIZEN, full_name="NGUYỄN THỊ THU HẠ")).differences
    assert found.as_json() == {
        "field": "full_name",
        "kind": "tone",
        "ours": "Nguyễn Thị Thu Hà",
        "theirs": "NGUYỄN THỊ THU HẠ",
        "is_basic": True,
    }


def test_a_number_with_another_figure_is_a_slip_and_another_number_is_different() -> None:
    assert kinds(BOOK, replace(CITIZEN, personal_id="001184012346")) == {"personal_id": "typing_slip"}
    assert kinds(BOOK, replace(CITIZEN, personal_id="079184099999")) == {"personal_id": "different"}
    assert kinds(replace(BOOK, personal_id="001 184 012 345"), CITIZEN) == {}


def test_an_old_number_is_compared_but_is_no_basic_fact() -> None:
    found = compare(replace(BOOK, old_id="111 222 333"), replace(CITIZEN, old_id="111222334"))
    assert [(each.field, each.kind, each.is_basic) for each in found.differences] == [("old_id", "typing_slip", False)]


def test_sex_that_is_not_determined_does_not_differ() -> None:
    assert kinds(replace(BOOK, sex="3"), CITIZEN) == {}
    assert kinds(replace(BOOK, sex="1"), CITIZEN) == {"sex": "different"}


def test_ethnicity_is_compared_by_the_code_list_not_by_its_words() -> None:
    assert kinds(replace(BOOK, ethnicity="kinh"), CITIZEN) == {}
    assert kinds(replace(BOOK, ethnicity="Tày"), CITIZEN) == {"ethnicity": "different"}
    assert kinds(replace(BOOK, ethnicity="Ê-đê"), replace(CITIZEN, ethnicity="Ê đê")) == {}
    assert kinds(replace(BOOK, ethnicity="Không rõ tên"), replace(CITIZEN, ethnicity="không  rõ tên")) == {}


def test_a_native_place_differs_only_when_no_unit_of_it_has_the_same_name() -> None:
    def of_places(ours: str, theirs: str) -> dict[str, str]:
        return kinds(replace(BOOK, native_place=ours), replace(CITIZEN, native_place=theirs))

    assert of_places("xã Tân Lập, huyện Đan Phượng, tỉnh Hà Tây", "Tân Lập, thành phố Hà Nội") == {}
    assert of_places("Nam Định", "xã Hải Hậu, tỉnh Nam Định") == {}
    assert of_places("tỉnh Nam Định", "TP. Cần Thơ") == {"native_place": "different"}


def test_somebody_else_differs_in_nearly_everything_and_every_kind_is_known() -> None:
    other = Citizen("c9", "079060000001", "Lê Quốc Khánh", "1960-01-02", "1", father_name="Lê A", mother_name="Võ B")
    found = compare(BOOK, other)
    assert {each.field for each in found.differences} == {
        "full_name", "birth", "sex", "personal_id", "father_name", "mother_name",
    }  # fmt: skip
    assert all(each.kind in KINDS for each in found.differences)


def test_comparing_changes_neither_side() -> None:
    book, citizen = replace(BOOK), replace(CITIZEN, full_name="Khác")
    compare(book, citizen)
    assert book == BOOK
    assert citizen.full_name == "Khác"


def test_the_row_for_matching_uses_its_columns_and_words() -> None:
    row = row_of(BOOK)
    assert row["birth_date"] == "1984-03-12"
    assert row["sex"] == "female"
    assert row_of(replace(CITIZEN, sex=""))["sex"] == ""
    assert set(row) == set(row_of(CITIZEN))


def test_a_birth_worked_out_from_an_age_means_the_years_beside_it_too() -> None:
    aged = replace(BOOK, birth="1985", birth_is_estimated=True)
    assert kinds(aged, CITIZEN) == {}
    assert kinds(replace(aged, birth="1983"), CITIZEN) == {}
    assert "birth" in kinds(replace(aged, birth="1987"), CITIZEN)
    assert row_of(aged)["birth_date"] == ""
    assert [each.birth for each in questions_for(replace(aged, personal_id=""))][:3] == ["1985", "1984", "1986"]


def test_questions_begin_with_the_surest_and_never_ask_a_bare_name() -> None:
    asked = questions_for(replace(BOOK, old_id="111222333"))
    assert [each.way for each in asked] == ["number", "old_number", "name", "name"]
    assert (asked[2].birth, asked[3].mother_name) == ("1984", "Trần Thị Lan")
    assert questions_for(BookFacts(role="child", full_name="Nguyễn Thị Hà")) == []


def test_a_name_known_too_often_is_asked_with_more_facts_of_the_book() -> None:
    first = questions_for(replace(BOOK, personal_id=""))[0]
    closer = narrower(first, BOOK)
    assert closer is not None
    assert (closer.birth, closer.sex) == ("1984-03-12", "2")
    assert narrower(closer, BOOK) is None
