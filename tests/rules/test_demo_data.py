"""The demo data: the same for the same seed, complete, and with families that connect across books."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date

import pytest

from hotich.config.demo import TYPES_BY_ERA, Book, Demo, Mix, generate
from hotich.config.demo.columns import columns_of
from hotich.kernel.dates import parse_date, parse_date_words, possibly_same
from hotich.kernel.names import name_problems
from hotich.kernel.personal_id import personal_id_problems
from hotich.registers.rules.cells import from_cells
from hotich.registers.rules.examine import examine
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel

TODAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def clean() -> Demo:
    """A demo without planted faults."""
    return generate(faults=Mix.clean())


def rows_of(demo: Demo, letters: str) -> list[tuple[Book, dict[str, str]]]:
    """All rows of one register with their books."""
    return [(book, row) for book in demo.books if book.letters == letters for row in book.rows]


def test_the_same_seed_gives_the_same_demo_and_another_seed_another() -> None:
    first, again, other = generate(5, 0.2), generate(5, 0.2), generate(6, 0.2)
    assert first == again
    assert [book.rows for book in first.books] != [book.rows for book in other.books]


def test_scale_multiplies_the_rows_and_must_be_above_zero() -> None:
    small, large = generate(3, 0.2), generate(3, 0.6)
    assert 2 * small.case_count < large.case_count < 5 * small.case_count
    with pytest.raises(ValueError, match="above 0"):
        generate(scale=0)


def test_two_thousand_cases_in_all_eras_and_registers(clean: Demo) -> None:
    assert clean.case_count >= 2000
    found = Counter((book.era, book.letters) for book in clean.books for _ in book.rows)
    wanted = {(era, letters) for era, several in TYPES_BY_ERA.items() for letters in several}
    assert set(found) == wanted
    assert min(found.values()) >= 3


def test_other_seeds_have_all_eras_and_registers_too() -> None:
    wanted = {(era, letters) for era, several in TYPES_BY_ERA.items() for letters in several}
    for seed in (1, 77):
        assert {(book.era, book.letters) for book in generate(seed).books} == wanted


def test_three_living_offices_in_two_provinces_keep_the_books_of_the_offices_closed_in_2025(clean: Demo) -> None:
    living = [office for office in clean.offices if office.valid_to is None]
    closed = [office for office in clean.offices if office.valid_to is not None]
    assert len(living) == 3
    assert len({office.province_code for office in living}) == 2
    assert [office.successor for office in closed] == [office.code for office in living]
    # two communes go on under their code, one was merged into a neighbour
    assert sum(office.code.split("-")[0] == office.successor for office in closed) == 2
    assert {book.office_code for book in clean.books} == {office.code for office in clean.offices}
    last = {office.code: office.valid_to or date.max for office in clean.offices}
    first = {office.code: office.valid_from or date.min for office in clean.offices}
    for book in clean.books:
        for row in book.rows:
            day = parse_date(row.get("ngayDangKy") or row["registration_date"]).earliest
            assert day is not None
            assert first[book.office_code] <= day <= last[book.office_code]


def test_numbers_run_without_gap_through_each_year_of_an_office_and_register(clean: Demo) -> None:
    seen: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for book in clean.books:
        for row in book.rows:
            number, year = row["so"].split("/")
            if number.isdigit():
                seen[book.office_code, book.letters, year].append(int(number))
    for key, numbers in seen.items():
        assert sorted(set(numbers)) == list(range(1, max(numbers) + 1)), key
    assert len({book.key for book in clean.books}) == len(clean.books)


def test_rows_use_only_columns_of_their_template(clean: Demo) -> None:
    for book in clean.books:
        columns = set(columns_of(book.letters, book.template))
        for row in book.rows:
            assert set(row) <= columns, (book.key, set(row) - columns)
            assert all(row.values()), book.key


def test_a_demo_without_faults_has_no_finding_that_holds_a_case(clean: Demo) -> None:
    for book in clean.books:
        version = version_for(book.letters, book.era)
        for index, row in enumerate(book.rows):
            found = examine(version, from_cells(version, row), channel=Channel.HISTORICAL, today=TODAY)
            assert not found.has_errors, (book.key, index, found.problems)


def test_identity_numbers_agree_with_birth_and_sex_and_belong_to_one_person(clean: Demo) -> None:
    numbers = [number for person in clean.people for number in (person.personal_id, person.old_id) if number]
    assert len(numbers) == len(set(numbers))
    for person in clean.people:
        if person.personal_id:
            birth = parse_date(person.birth.strftime("%d.%m.%Y"))
            assert not personal_id_problems(person.personal_id, birth, person.sex), person
            assert re.fullmatch(r"\d{9}", person.old_id)


def test_names_are_written_as_each_people_writes_them(clean: Demo) -> None:
    names = defaultdict(set)
    for person in clean.people:
        names[person.ethnicity].add(person.name)
        assert not {"name_has_digit", "name_has_symbol"} & set(name_problems(person.name)), person.name
    assert any(name.startswith("Y ") for name in names["Ê-đê"])
    assert any(name.startswith("H'") for name in names["Mnông"])
    assert any("K'" in name for name in names["Cơ-ho"])
    assert all(len(name.split()) >= 2 for name in names["Khơ-me"] | names["Mông"] | names["Kinh"])


def test_births_in_words_agree_with_the_figures_in_north_and_south(clean: Demo) -> None:
    southern = 0
    for _, row in rows_of(clean, "KS"):
        words = row.get("nksNgaySinhBangChu")
        if words:
            southern += "ngàn" in words
            assert possibly_same(parse_date_words(words), parse_date(row["nksNgaySinh"])), row
    assert southern


def test_parents_of_a_birth_are_found_as_husband_and_wife_with_the_same_names_and_numbers(clean: Demo) -> None:
    marriages = {(row["chongHoTen"], row["voHoTen"]): row for _, row in rows_of(clean, "KH")}
    found = [(row, marriages[row["chaHoTen"], row["meHoTen"]]) for _, row in rows_of(clean, "KS")
             if (row.get("chaHoTen", ""), row.get("meHoTen", "")) in marriages]  # fmt: skip
    assert len(found) > 500
    numbered = [(birth, marriage) for birth, marriage in found
                if birth.get("meLoaiGiayToTuyThan") == marriage.get("voLoaiGiayToTuyThan") == "1"]  # fmt: skip
    same = [birth for birth, marriage in numbered if birth["meSoGiayToTuyThan"] == marriage["voSoGiayToTuyThan"]]
    assert len(same) > 100
    assert len(same) / len(numbered) > 0.97  # two couples may share their names


def test_the_dead_and_the_wedded_have_birth_entries_in_earlier_books(clean: Demo) -> None:
    born = {row["nksHoTen"] for _, row in rows_of(clean, "KS")}
    assert sum(row["nktHoTen"] in born for _, row in rows_of(clean, "KT")) > 15
    assert sum(row["voHoTen"] in born for _, row in rows_of(clean, "KH")) > 80
    assert all(row["nxnHoTen"] for _, row in rows_of(clean, "HN"))


def test_later_registers_point_at_entries_that_exist(clean: Demo) -> None:
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for book in clean.books:
        for row in book.rows:
            known[book.letters].add((row["so"], row.get("ngayDangKy") or row["registration_date"]))
    for _, row in rows_of(clean, "TD"):
        assert (row["target_registration_number"], row["target_registration_date"]) in known["KS"]
    for _, row in rows_of(clean, "CDGH"):
        assert (row["origin_registration_number"], row["origin_registration_date"]) in known["GH"]
    for _, row in rows_of(clean, "LH"):
        assert (row["origin_marriage_number"], row["origin_marriage_date"]) in known["KH"]


def test_a_correction_names_the_text_that_the_birth_entry_holds(clean: Demo) -> None:
    births = {(row["so"], row["ngayDangKy"], row["nksHoTen"]): row for _, row in rows_of(clean, "KS")}
    cells = {"Họ, chữ đệm, tên": "nksHoTen", "Ngày, tháng, năm sinh": "nksNgaySinh", "Dân tộc": "nksDanToc",
             "Họ, chữ đệm, tên mẹ": "meHoTen", "Ngày, tháng, năm sinh mẹ": "meNgaySinh"}  # fmt: skip
    checked = 0
    for _, row in rows_of(clean, "TD"):
        key = (row["target_registration_number"], row["target_registration_date"], row["subject_full_name"])
        if key in births:
            assert births[key][cells[row["changed_field"]]] == row["old_value"]
            assert row["new_value"] in births[key]["ghiChu"]
            checked += 1
    assert checked > 80


def test_a_change_of_several_fields_has_one_row_for_each_with_one_number(clean: Demo) -> None:
    rows = Counter((book.key, row["so"]) for book, row in rows_of(clean, "TD"))
    assert max(rows.values()) == 2


def test_nobody_marries_twice_at_once_or_too_young_or_within_three_generations(clean: Demo) -> None:
    people = clean.people

    def forebears(key: int | None) -> set[int]:
        rows = [{key}]
        for _ in range(2):
            rows.append({one for item in rows[-1] if item is not None for one in (people[item].mother,
                                                                                 people[item].father)})  # fmt: skip
        return {one for row in rows for one in row if one is not None}

    by_number = {person.personal_id: person for person in people if person.personal_id}
    checked = 0
    for book, row in rows_of(clean, "KH"):
        pair = [by_number.get(row.get(f"{side}SoGiayToTuyThan", "")) for side in ("chong", "vo")]
        if pair[0] is not None and pair[1] is not None:
            man, woman = pair[0], pair[1]
            day = parse_date(row["ngayDangKy"]).earliest
            assert day is not None
            assert man.age_at(day) >= 20, book.key
            assert woman.age_at(day) >= 18, book.key
            assert not forebears(man.key) & forebears(woman.key)
            checked += 1
    assert checked > 30
