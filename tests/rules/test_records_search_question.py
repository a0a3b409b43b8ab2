"""One line of typing is understood as the parts of a search."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.records.rules.search_numbers import meant_numbers, near_numbers
from hotich.records.rules.search_question import Question, understand_text


def said(text: str) -> dict[str, Any]:
    """What was understood, without what was not said."""
    found = understand_text(text)
    parts: dict[str, Any] = {
        "name": found.name,
        "birth": found.birth.iso() if found.birth else "",
        "relatives": [(each.kind, each.name) for each in found.relatives],
        "place": found.place,
        "number": f"{found.number.number}{found.number.suffix}/{found.number.year or ''}" if found.number else "",
        "book": f"{found.book.number}/{found.book.year or ''}" if found.book else "",
        "register": found.register_type,
        "document": found.document,
    }
    return {part: value for part, value in parts.items() if value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nguyen thi lan 1987", {"name": "nguyen thi lan", "birth": "1987"}),
        ("1987 nguyen thi lan", {"name": "nguyen thi lan", "birth": "1987"}),
        ("Nguyễn Thị Lan 05/03/1987", {"name": "Nguyễn Thị Lan", "birth": "1987-03-05"}),
        ("Nguyễn Thị Lan 5.3.1987", {"name": "Nguyễn Thị Lan", "birth": "1987-03-05"}),
        ("nguyen thi lan 5 3 1987", {"name": "nguyen thi lan", "birth": "1987-03-05"}),
        ("nguyen duc thang 5/3/1987", {"name": "nguyen duc thang", "birth": "1987-03-05"}),
        ("nguyen duc thang 1987", {"name": "nguyen duc thang", "birth": "1987"}),
        ("nguyen thi lan thang 3/1987", {"name": "nguyen thi lan", "birth": "1987-03"}),
        ("nguyen thi lan 05031987", {"name": "nguyen thi lan", "birth": "1987-03-05"}),
        ("Nguyễn Thị Lan sinh ngày 5 tháng 3 năm 1987", {"name": "Nguyễn Thị Lan", "birth": "1987-03-05"}),
        ("Nguyễn Văn Bảy sinh năm 1987", {"name": "Nguyễn Văn Bảy", "birth": "1987"}),
        ("nguyen van bay sn 1987", {"name": "nguyen van bay", "birth": "1987"}),
        ("Võ Thị Ba 12/2006", {"name": "Võ Thị Ba", "birth": "2006-12"}),
        ("LÊ THỊ TƯ 1950", {"name": "LÊ THỊ TƯ", "birth": "1950"}),
        ("H'Hen Niê 1990", {"name": "H'Hen Niê", "birth": "1990"}),
        ("02/03/2018", {"birth": "2018-03-02"}),
    ],
)
def test_a_name_and_a_birth_are_told_apart(text: str, expected: dict[str, Any]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn Nam", "nguyen van nam", "Nguyễn Văn Sinh", "Nguyễn Văn Năm", "Trần Thị Ba", "vo thi lan"]
)
def test_a_word_of_a_date_or_of_kinship_stays_in_a_name_that_ends_or_begins_with_it(name: str) -> None:
    assert said(f"{name} 1987") == {"name": name, "birth": "1987"}


@pytest.mark.parametrize(
    ("text", "relatives"),
    [
        ("Trần Văn Bảy mẹ Lê Thị Tư", [("mother", "Lê Thị Tư")]),
        ("Trần Văn Bảy, Mẹ: Lê Thị Tư", [("mother", "Lê Thị Tư")]),
        ("Trần Văn Bảy, mẹ là bà Lê Thị Tư", [("mother", "Lê Thị Tư")]),
        ("Trần Văn Bảy bố Trần Văn Sáu mẹ Lê Thị Tư", [("father", "Trần Văn Sáu"), ("mother", "Lê Thị Tư")]),
        ("Trần Văn Bảy con ông Trần Văn Sáu và bà Lê Thị Tư", [("father", "Trần Văn Sáu"), ("mother", "Lê Thị Tư")]),
        ("Trần Văn Bảy vợ Lê Thị Tư", [("spouse", "Lê Thị Tư")]),
        ("Trần Văn Bảy con Lê Thị Tư", [("anybody", "Lê Thị Tư")]),
        ("Trần Văn Bảy mẹ Tư", [("mother", "Tư")]),
    ],
)
def test_relatives_are_named_by_what_they_are(text: str, relatives: list[tuple[str, str]]) -> None:
    assert said(text) == {"name": "Trần Văn Bảy", "relatives": relatives}


def test_without_tones_a_word_of_kinship_counts_between_two_whole_names_only() -> None:
    assert said("tran van bay me le thi tu")["relatives"] == [("mother", "le thi tu")]
    assert said("tran van bay vo le thi tu")["relatives"] == [("spouse", "le thi tu")]
    assert said("le vo minh anh") == {"name": "le vo minh anh"}


def test_a_date_may_stand_before_or_behind_the_relative() -> None:
    for text in ("Trần Văn Bảy, mẹ Lê Thị Tư, 1987", "Trần Văn Bảy 1987 mẹ Lê Thị Tư"):
        assert said(text) == {"name": "Trần Văn Bảy", "birth": "1987", "relatives": [("mother", "Lê Thị Tư")]}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Nguyễn Thị Lan, xã Hòa Bình", "xã Hòa Bình"),
        ("Nguyễn Thị Lan, Hòa Bình", "Hòa Bình"),
        ("nguyễn thị lan tại Hòa Bình", "Hòa Bình"),
        ("nguyễn thị lan phường 5", "phường 5"),
    ],
)
def test_a_place_is_said_by_its_kind_or_behind_a_comma(text: str, place: str) -> None:
    found = said(text)
    assert found.pop("name").lower() == "nguyễn thị lan"
    assert found == {"place": place}


def test_what_follows_a_date_is_a_place() -> None:
    assert said("nguyen thi lan 1987 tai hoa binh")["place"] == "hoa binh"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/2006", {"number": "12/2006"}),
        ("12a/2006", {"number": "12a/2006"}),
        ("12", {"number": "12/"}),
        ("12/2006 quyển 01", {"number": "12/2006", "book": "01/"}),
        ("12/2006 quyen so 01/2005", {"number": "12/2006", "book": "01/2005"}),
        ("số 12 quyển 01/2006", {"number": "12/", "book": "01/2006"}),
        ("khai sinh 12/2006", {"number": "12/2006", "register": "KS"}),
        ("KH 12/2006", {"number": "12/2006", "register": "KH"}),
        ("số 12/2006 Trần Văn Bảy", {"number": "12/2006", "name": "Trần Văn Bảy"}),
        ("Trần Văn Bảy 123/2006", {"number": "123/2006", "name": "Trần Văn Bảy"}),
    ],
)
def test_a_registration_number_with_its_book_and_register(text: str, expected: dict[str, Any]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("012345678912", {"document": "012345678912"}),
        ("012 345 678 912", {"document": "012345678912"}),
        ("0123456789xx", {"document": "0123456789XX"}),
        ("B1234567", {"document": "B1234567"}),
        ("Nguyễn Thị Lan CMND 210111222", {"document": "210111222", "name": "Nguyễn Thị Lan"}),
    ],
)
def test_an_identity_number(text: str, expected: dict[str, Any]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("text", ["", "   ", ",;:", "/////", "((((", "'", "1" * 400, "quyển", "số", "mẹ", "con ông"])
def test_no_text_is_refused(text: str) -> None:
    assert isinstance(understand_text(text), Question)


def test_what_finds_nothing_by_itself_is_empty() -> None:
    assert understand_text("1987").number is not None  # four figures are a number of an entry
    assert understand_text("khai sinh").is_empty
    assert not understand_text("02/03/2018").is_empty
    assert understand_text("nguyen thi lan").is_name_alone
    assert not understand_text("nguyen thi lan 1987").is_name_alone


def test_illegible_figures_stand_for_every_figure_two_at_most() -> None:
    assert len(meant_numbers("0123456789XX")) == 101
    assert "012345678942" in meant_numbers("0123456789XX")
    assert meant_numbers("012345678XXX") == []
    assert meant_numbers("012345678912") == ["012345678912"]


def test_numbers_one_figure_away() -> None:
    near = near_numbers("0123")
    assert {"0122", "0132", "9123"} <= set(near)
    assert "0123" not in near
    assert near_numbers("01234567XX") == []


@pytest.mark.parametrize(("line", "name", "place"), [
    ("Giàng Thị Ở 1987", "Giàng Thị Ở", ""),
    ("giàng thị ở mẹ lê thị tư", "giàng thị ở", ""),
    ("Giàng Thị Ở ở Mường Khương", "Giàng Thị Ở", "Mường Khương"),
    ("Giàng Thị Lan ở Mường Khương", "Giàng Thị Lan", "Mường Khương"),
])  # fmt: skip
def test_somebody_may_be_called_as_the_word_before_a_place(line: str, name: str, place: str) -> None:
    read = understand_text(line)
    assert (read.name, read.place) == (name, place)
