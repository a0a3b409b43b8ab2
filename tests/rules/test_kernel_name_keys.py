"""Keys for searching, matching and sorting names."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.kernel.names import bare_key, given_sort_key, match_key, search_key, sort_key

SYLLABLE_TEXT = "hòa hoà thuý thúy mỹ mĩ quý quí Đức Ƀlŭk k'brêu y-bih ươi Ỷ nguyễn già giường khuỷu"
SYLLABLES = st.sampled_from(SYLLABLE_TEXT.split())


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("  NGUYỄN  Văn Đức", "nguyen van duc"),
        ("Đặng Thị Ỷ", "dang thi y"),
        ("K'Brêu", "k breu"),
        ("K’Brêu", "k breu"),
        ("Y-Bih Niê", "y bih nie"),
        ("Ê̆ban Ƀlŭk", "eban bluk"),
        ("Strauß", "strauss"),
        ("", ""),
    ],
)
def test_the_search_key_is_what_can_be_typed_without_marks(name: str, key: str) -> None:
    assert search_key(name) == key


def test_the_bare_key_ignores_spaces_hyphens_and_apostrophes() -> None:
    assert bare_key("Y-Bih") == bare_key("Y Bih") == bare_key("YBIH") == "ybih"
    assert bare_key("K' Brêu") == bare_key("K'Brêu") == bare_key("kbreu") == "kbreu"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "Hòa"),
        ("THUÝ", "Thúy"),
        ("khoẻ", "khỏe"),
        ("hoá", "hóa"),
        ("thuỷ", "thủy"),
        ("tòan", "toàn"),
        ("muà", "mùa"),
        ("gìa", "già"),
        ("Lý", "Lí"),
        ("Mỹ", "Mĩ"),
        ("Sỹ", "Sĩ"),
        ("quý", "quí"),
        ("Y-Bih", "Y Bih"),
        ("K'Brêu", "K’Brêu"),
        ("H'Hen", "H Hen"),
        ("Lê  Thị Mỹ Hoà", "LÊ THỊ MĨ HÒA"),
    ],
)
def test_spellings_of_one_name_match(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoa", "Hòa"),
        ("Hòa", "Hóa"),
        ("Thúy", "Thúi"),
        ("Tay", "Tai"),
        ("Huy", "Hui"),
        ("Ước", "Uớc"),
        ("Đan", "Dan"),
        ("Nguyễn", "Nguyển"),
        ("Lan Anh", "Lananh"),
        ("Ban", "Băn"),
    ],
)
def test_different_names_do_not_match(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@settings(max_examples=80, deadline=None)
@given(st.lists(SYLLABLES, max_size=5).map(" ".join))
def test_keys_of_keys_and_of_other_case_are_the_same(name: str) -> None:
    assert search_key(search_key(name)) == search_key(name) == search_key(name.upper())
    assert match_key(match_key(name)) == match_key(name) == match_key(name.upper())
    assert sort_key(name).split(" ")[0] == sort_key(name.upper()).split(" ")[0]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aăâbđeêoơuưy qgikhnBÂ'-ñ2*\u0300\u0301\u0302\u0306\u031b\u0323", max_size=14))
def test_keys_are_made_of_any_text(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
    assert match_key(match_key(text)) == match_key(text)
    assert sort_key(text).isascii()
    assert given_sort_key(text).isascii()


def test_names_sort_by_the_vietnamese_alphabet_then_tone_then_case() -> None:
    ordered = ["An", "Ăn", "Ân", "Bình", "Dung", "Đức", "Em", "Êm", "hoa", "Hoa", "Hòa", "Hỏa", "Hõa", "Hóa", "Họa"]
    ordered += ["Hoa An", "Lan", "Ong", "Ông", "Ơn", "Út", "Ưng", "Y", "Ỷ"]
    shuffled = ordered[:]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == ordered


def test_letters_weigh_more_than_tones_over_the_whole_name() -> None:
    assert sorted(["Hòa An", "Hoa Bình", "Hóa An"], key=sort_key) == ["Hòa An", "Hóa An", "Hoa Bình"]


def test_minority_letters_sort_beside_their_plain_letter() -> None:
    names = ["Bluk", "Ƀluk", "Bmô", "K Brêu", "K'Brêu", "Kbrêu"]
    assert sorted(names, key=sort_key) == names


def test_sort_keys_are_plain_ascii_for_a_c_collation() -> None:
    assert sort_key("Ê̆ban Ƀlŭk 漢 Nguyễn 2").isascii()


def test_lists_of_persons_sort_by_given_name_first() -> None:
    names = ["Trần Thị An", "Lê Văn Ân", "Đinh Bình", "Nguyễn Bình", "Y Bình Niê", "Tôn Nữ Lan"]
    ordered = ["Trần Thị An", "Lê Văn Ân", "Đinh Bình", "Nguyễn Bình", "Tôn Nữ Lan", "Y Bình Niê"]
    assert sorted(names, key=given_sort_key) == ordered
