"""Code lists: their entries, and how the words of a book find their code."""

from __future__ import annotations

from datetime import date

import pytest

from hotich.registers.codes import (
    CODE_LISTS,
    Ambiguous,
    Code,
    CodeList,
    Doubt,
    code_list,
    exchange_text,
    find,
    label_of,
)
from hotich.registers.types.declaration import Label


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("registration_type_birth", "1 2 3 4 5 6"),
        ("registration_type_death", "0 1 2 3 4"),
        ("registration_type_marriage", "0 1 2 3"),
        ("registration_type_recognition", "0 1 2"),
        ("recognition_direction", "1 2 3 4"),
        ("guardianship_type", "1 2"),
        ("change_type", "1 2 3 4 5 6 7"),
        ("sex", "1 2 3"),
        ("birth_case_type", "1 2 3 4 5"),
        ("residence_type", "0 1 2 3"),
        ("id_doc_type", "0 1 2 3 4 5 6 7 8"),
        ("death_notice_type", "0 1 2 3 4 5 6 7"),
        ("certificate_purpose", "1 2 3 4 5"),
        ("declaration_status", "1 2"),
        ("marital_status", "S M D W U"),
        ("register_type", "KS KH KT CMC HN GH CDGH TD LH CN"),
        ("ethnicity", " ".join(f"{number:02d}" for number in range(1, 57))),
    ],
)
def test_lists_have_the_official_codes(name: str, codes: str) -> None:
    assert [entry.code for entry in code_list(name).entries] == codes.split()


def test_nationalities_are_all_countries_and_the_stateless() -> None:
    codes = [entry.code for entry in CODE_LISTS["nationality"].entries]
    assert len([code for code in codes if len(code) == 2 and code not in ("XX", "ZZ")]) == 249
    assert {"XX", "ZZ", "SUHH"} < set(codes)


@pytest.mark.parametrize("made", CODE_LISTS.values(), ids=lambda item: item.name)
def test_every_name_and_alias_finds_its_own_code(made: CodeList) -> None:
    codes = [entry.code for entry in made.entries]
    assert len(set(codes)) == len(codes)
    assert made.source and made.exchange in ("number", "name")
    for entry in made.entries:
        assert entry.label.vi and entry.label.en
        for word in (entry.label.vi, *entry.aliases):
            found = find(made, word)
            assert found == (Ambiguous((entry.code,)) if made.confirm_numbers and word.isdigit() else entry.code), word
        assert find(made, exchange_text(made, entry.code)) == entry.code


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("sex", "NỮ", "2"),
        ("sex", " nữ ", "2"),
        ("sex", "01", "1"),
        ("ethnicity", "gia rai", "10"),
        ("ethnicity", "Dân tộc Kinh", "01"),
        ("ethnicity", "Mèo", "08"),
        ("ethnicity", "Ra-đê", "12"),
        ("ethnicity", "KINH", "01"),
        ("nationality", "Hoa Kỳ (American)", "US"),
        ("nationality", "Trung Quốc (Đài Loan)", "TW"),
        ("nationality", "Hàn Quốc (South Korean)", "KR"),
        ("nationality", "Người không quốc tịch (Stateless person)", "XX"),
        ("nationality", "V.Nam", "VN"),
        ("nationality", "VNDCCH", "VN"),
        ("nationality", "Viet nam", "VN"),
        ("nationality", "Mỹ", "US"),
        ("relationship", "Bác ruột", "elder_uncle_or_aunt"),
        ("relationship", "ba", "father"),
        ("birth_place_unit", "tỉnh Lâm Đồng", "68"),
        ("birth_place_unit", "068", "68"),
        ("birth_place_unit", "Hoa Kỳ", "US"),
        ("id_doc_type", "CMND", "1"),
        ("changed_field", "Họ và tên", "full_name"),
    ],
)
def test_words_find_their_code(name: str, text: str, code: str) -> None:
    assert find(name, text) == code


@pytest.mark.parametrize(
    ("name", "text"), [("sex", "9"), ("sex", ""), ("ethnicity", "Sao Hỏa"), ("nationality", "us"), ("sex", "[…]")]
)
def test_unknown_words_find_nothing(name: str, text: str) -> None:
    assert find(name, text) is None


@pytest.mark.parametrize(
    ("name", "text", "candidates"),
    [
        ("ethnicity", "Mán", ("09", "15", "18", "03")),
        ("ethnicity", "man", ("09", "15", "18", "03")),
        ("ethnicity", "Việt", ("01",)),
        ("ethnicity", "25", ("25",)),  # hospitals number Kinh 25
        ("ethnicity", "Pa-cô", ("31", "23")),
        ("nationality", "MY", ("US", "MY")),
        ("id_doc_type", "Thẻ căn cước", ("4", "8")),
    ],
)
def test_doubtful_words_wait_for_a_person(name: str, text: str, candidates: tuple[str, ...]) -> None:
    assert find(name, text) == Ambiguous(candidates)


def test_meaning_of_a_word_may_depend_on_its_day() -> None:
    assert find("ethnicity", "Thổ") == find("ethnicity", "Thổ", on=date(1990, 1, 1)) == "24"
    assert find("ethnicity", "Thổ", on=date(1970, 1, 1)) == Ambiguous(("02", "24", "05"))
    assert find("change_type", "Điều chỉnh", on=date(2010, 1, 1)) == "6"
    assert find("change_type", "Điều chỉnh", on=date(2018, 1, 1)) is None
    assert find("nationality", "Liên Xô", on=date(1985, 1, 1)) == "SUHH"
    assert find("nationality", "Liên Xô", on=date(2005, 1, 1)) is None


def test_unknown_type_of_birth_registration_is_six_and_was_zero() -> None:
    assert find("registration_type_birth", "0") == find("registration_type_birth", "6") == "6"
    assert exchange_text("registration_type_birth", "6") == "6"
    assert exchange_text("registration_type_birth", "6", template="60") == "0"
    assert exchange_text("registration_type_birth", "4", template="60") == "4"


def test_workbooks_carry_numbers_or_names() -> None:
    assert exchange_text("sex", "2") == "2"
    assert exchange_text("ethnicity", "08") == "Mông"
    assert exchange_text("nationality", "VN") == "Việt Nam"


def test_names_are_in_both_languages_and_unknown_codes_stand_for_themselves() -> None:
    assert (label_of("sex", "1"), label_of("sex", "1", "en"), label_of("sex", "7")) == ("Nam", "Male", "7")


def test_unverified_entries_are_marked() -> None:
    unverified = {entry.code for entry in code_list("registration_type_marriage").entries if not entry.verified}
    assert unverified == {"0", "3"}
    assert not code_list("guardianship_type").verified and code_list("sex").verified


def test_words_without_accents_that_fit_two_entries_are_ambiguous() -> None:
    made = CodeList(
        "test",
        Label("Thử", "Test"),
        (Code("1", Label("Má", "One")), Code("2", Label("Mạ", "Two")), Code("3", Label("Bà", "Three"))),
        doubts=(Doubt("Xá", ("1", "3")),),
    )
    assert find(made, "ma") == Ambiguous(("1", "2"))
    assert find(made, "mạ") == "2"
    assert find(made, "xá") == Ambiguous(("1", "3"))
