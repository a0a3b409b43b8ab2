"""People and records are found within one's offices, slips forgiven, restricted people only by those who may."""

from __future__ import annotations

import pytest
from records_support import acting, actor_at, enter, offices

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import NameSyllable, Participant
from hotich.records.queries import Filters, Found, find_people, find_records, name_keysets, search_relatives, understand
from hotich.records.services.access import lookup_secret

pytestmark = pytest.mark.django_db

LAN = {"child_full_name": "Nguyễn Thị Lan", "child_sex": "2", "child_birth_date": "05/03/1987",
       "child_personal_id": "001187001234", "mother_full_name": "Lê Thị Tư", "father_full_name": "Nguyễn Văn Bảy",
       "father_id_doc_type": "1", "father_id_doc_number": "210111222"}  # fmt: skip


def search(actor: Actor, text: str, **filters: object) -> Found:
    return find_records(actor, understand(text), filters=Filters(**filters), secret=lookup_secret())  # type: ignore[arg-type]


def names(found: Found) -> list[str]:
    return [hit.candidate.full_name for record in found.records for hit in record.hits]


def codes(found: Found) -> list[str]:
    return [reason.code.removeprefix("found_") for reason in found.records[0].hits[0].reasons]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("nguyen thi lan 1987", ["name_same", "birth_year"]),
        ("Nguyễn Thị Lan 05/03/1987", ["name_same", "birth_same"]),
        ("nguyen thi lam 1987", ["name_slip", "birth_year"]),
        ("ngyuen thi lan 1987", ["name_slip", "birth_year"]),
        ("nguyen thilan 05/03/1987", ["name_slip", "birth_same"]),
        ("lan nguyen thi 1987", ["name_order", "birth_year"]),
        ("nguyen lan 1987", ["name_part", "birth_year"]),
        ("nguyen thi lan 1988", ["name_same", "birth_near_year"]),
        ("nguyen thi lan 03/05/1987", ["name_same", "birth_exchanged"]),
        ("nguyan thy lan 05/03/1987", ["name_near", "birth_same"]),
        ("nguyen thi lan mẹ le thi tu", ["name_same", "relative"]),
        ("nguyen thi lam mẹ Tư", ["name_slip", "relative_near"]),
        ("001187001234", ["personal_id"]),
        ("0011870012xx", ["personal_id"]),
        ("001187001243", ["personal_id_near"]),
    ],
)
def test_a_child_is_found_and_the_reasons_are_said(text: str, reasons: list[str]) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        # syllables of other names, so that slips have somewhere to go; and people who are not meant
        enter(actor, office, "KS", draw=False, child_full_name="Nguyễn Thị Lam Anh", child_birth_date="01/01/1950")
        record = enter(actor, office, "KS", draw=False, **LAN)
        found = search(actor, text)
        assert [item.record.id for item in found.records] == [record.id]
        assert names(found)[0] == "Nguyễn Thị Lan"
        assert codes(found) == reasons


def test_a_document_of_a_parent_finds_the_entry() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, **LAN)
        assert names(search(actor, "210111222")) == ["Nguyễn Văn Bảy"]
        assert names(search(actor, "210 111 222")) == ["Nguyễn Văn Bảy"]
        assert search(actor, "310111299").records == ()


def test_the_better_answer_comes_first_and_other_births_not_at_all() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        for name, born in (("Nguyễn Thị Lam", "05/03/1987"), ("Nguyễn Thị Lan", "1988"), ("Nguyễn Thị Lan", "1995"),
                           ("Nguyễn Thị Lân", "05/03/1987"), ("Nguyễn Thị Lan", "05/03/1987")):  # fmt: skip
            enter(actor, office, "KS", draw=False, child_full_name=name, child_birth_date=born)
        assert names(search(actor, "Nguyễn Thị Lan 05/03/1987"))[:3] == [
            "Nguyễn Thị Lan",
            "Nguyễn Thị Lân",
            "Nguyễn Thị Lam",
        ]
        assert len(search(actor, "Nguyễn Thị Lan 05/03/1987").records) == 4


def test_number_book_year_and_register_find_a_record() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        first = enter(actor, office, "KS", draw=False, number=7, year=2018, **LAN)
        second = enter(actor, office, "KH", draw=False, number=7, year=2018, husband_full_name="Lý Văn A")
        other = enter(actor, office, "KS", draw=False, number=7, year=2019, **LAN)
        for text, expected in (("7/2018", {first.id, second.id}), ("7", {first.id, second.id, other.id}),
                               ("khai sinh 7/2018", {first.id}), ("7/2018 quyển 01/2018", {first.id, second.id}),
                               ("7/2018 quyển 02", set()), ("8/2018", set())):  # fmt: skip
            assert {item.record.id for item in search(actor, text).records} == expected, text
        assert [item.record.id for item in search(actor, "7", year_from=2019).records] == [other.id]
        assert search(actor, "số 7/2018 Lý Văn A").records[0].record.id == second.id


def test_a_name_alone_answers_while_few_bear_it_and_asks_for_a_fact_when_many_do() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, **LAN)
        assert names(search(actor, "nguyen thi lan")) == ["Nguyễn Thị Lan"]
        assert names(search(actor, "nguyen thi lann")) == ["Nguyễn Thị Lan"]
        for _ in range(20):
            enter(actor, office, "KS", draw=False, child_full_name="Nguyễn Thị Lan", child_birth_date="1990")
        found = search(actor, "nguyen thi lan")
        assert found.records == ()
        assert found.problem is not None
        assert found.problem.code == "search_name_too_common"
        assert len(search(actor, "nguyen thi lan 1987").records) == 1


@pytest.mark.parametrize(
    ("text", "code"), [("", "search_empty"), ("khai sinh", "search_empty"), ("tháng 3/1987", "search_needs_name")]
)
def test_too_little_is_said_to_be_so(text: str, code: str) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        found = search(actor, text)
        assert found.problem is not None
        assert found.problem.code == code


def test_of_a_name_and_a_relative_the_rarer_one_leads_and_two_common_ones_need_another_fact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        for mother in ("Lê Thị Tư", "Lê Thị Năm", "Lê Thị Sáu"):
            enter(actor, office, "KS", draw=False, **LAN | {"child_personal_id": "", "mother_full_name": mother})
        assert names(search(actor, "nguyen thi lan mẹ le thi nam")) == ["Nguyễn Thị Lan"]  # three children, one mother
        assert names(search(actor, "le thi tu chồng nguyen van bay")) == ["Lê Thị Tư"]  # one mother, three fathers
        assert len(names(search(actor, "nguyen thi lan cha nguyen van bay"))) == 3
        monkeypatch.setattr(search_relatives, "DRIVEN", 2)  # both common: they meet in the index
        assert len(names(search(actor, "nguyen thi lan cha nguyen van bay"))) == 3
        assert names(search(actor, "nguyen thi lan mẹ le thi nam")) == ["Nguyễn Thị Lan"]
        monkeypatch.setattr(search_relatives, "MET", 2)
        found = search(actor, "nguyen thi lan cha nguyen van bay")
        assert not found.records and found.problem and found.problem.code == "search_names_too_common"
        assert names(search(actor, "nguyen thi lan mẹ le thi nam")) == ["Nguyễn Thị Lan"]


def test_two_common_names_a_slip_apart_meet_only_in_an_entry_that_has_both(monkeypatch: pytest.MonkeyPatch) -> None:
    (office,) = offices(1)
    monkeypatch.setattr(search_relatives, "DRIVEN", 0)
    with acting(office) as actor:
        for child, mother in (("Nguyễn Thị Lan", "Nguyễn Thị Loan"), ("Nguyễn Thị Lan", "Lê Thị Tư"),
                              ("Bùi Văn An", "Nguyễn Thị Loan"), ("Nguyễn Thị Lan", "Nguyễn Thị Lan")):  # fmt: skip
            enter(actor, office, "KS", draw=False, child_full_name=child, mother_full_name=mother)
        found = search(actor, "nguyen thi lan mẹ nguyen thi loan")
        assert sorted((hit.candidate.full_name, hit.candidate.relatives[0][1]) for record in found.records
                      for hit in record.hits if hit.candidate.role == "child") == [
            ("Nguyễn Thị Lan", "Nguyễn Thị Lan"), ("Nguyễn Thị Lan", "Nguyễn Thị Loan")]  # fmt: skip
        assert search(actor_at(office), "nguyen thi lan mẹ nguyen thi loan").records


def test_a_place_is_one_of_the_offices_whose_name_has_its_words() -> None:
    here, there = offices(2)
    with acting(here, there) as actor:
        for office in (here, there):
            enter(actor, office, "KS", draw=False, **LAN)
        found = search(actor, f"nguyen thi lan, {there.name}")
        assert {item.record.origin_office_id for item in found.records} == {there.id}
        assert codes(found) == ["name_same", "place"]
        assert {
            item.record.origin_office_id for item in search(actor, "nguyen thi lan", office_id=here.id).records
        } == {here.id}
        unknown = search(actor, "nguyen thi lan, Atlantis")
        assert unknown.problem is not None
        assert unknown.problem.code == "search_place_unknown"


def test_register_and_year_narrow_people_too() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, year=2018, **LAN)
        enter(actor, office, "KH", draw=False, year=2019, wife_full_name="Nguyễn Thị Lan", wife_birth_date="05/03/1987")
        assert len(search(actor, "nguyen thi lan 1987").records) == 2
        assert [item.record.register_type for item in search(actor, "nguyen thi lan 1987", year_from=2019).records] == [
            "KH"
        ]
        assert [item.record.register_type for item in search(actor, "khai sinh nguyen thi lan 1987").records] == ["KS"]
        assert [item.record.register_type for item in search(actor, "nguyen thi lan", register_type="KH").records] == [
            "KH"
        ]


@pytest.mark.parametrize("text", ["nguyen thi lan 1987", "7/2018", "001187001234", "nguyen thi lan", "05/03/1987"])
def test_another_office_finds_nothing_not_even_when_it_names_that_office(text: str) -> None:
    here, there = offices(2)
    with acting(here) as actor:
        enter(actor, here, "KS", draw=False, number=7, **LAN)
        assert search(actor, text).records
    with acting(there) as actor:
        assert search(actor, text).records == ()
        # an actor who claims more offices than the transaction has sees no more
        assert search(actor_at(here, there), text).records == ()
    with acting(here, there):
        # and one who has fewer sees fewer
        assert search(actor_at(there), text).records == ()


def test_restricted_people_are_neither_found_nor_named_as_relatives_without_the_right() -> None:
    (office,) = offices(1)
    narrow = actor_at(office, rights=frozenset({"record.read"}))
    with acting(office) as actor:
        enter(actor, office, "CN", draw=False, adoptee_full_name="Ngô Thị Lan", adoptee_birth_date="02/03/2018",
              giving_mother_full_name="Bùi Thị Nga", giving_mother_birth_date="04/05/1990",
              adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        for text in ("bui thi nga", "bui thi nga 1990", "bui thi nga, 04/05/1990", "ngo thi lan mẹ bui thi nga"):
            assert search(actor, text).records, text
            assert search(narrow, text).records == (), text
        assert names(search(narrow, "ngo van minh")) == ["Ngô Văn Minh"]


def test_people_are_found_without_their_entries_by_whoever_finds_the_entries() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, **LAN)
        for text in ("nguyen thi lam 1987", "nguyen thi lan mẹ le thi tu", "001187001234", "nguyen thi lan"):
            hits = [hit for record in search(actor, text).records for hit in record.hits]
            assert hits and find_people(actor, understand(text), secret=lookup_secret()) == hits
        assert find_people(actor, understand("12/2018"), secret=lookup_secret()) == []


def test_who_may_not_read_records_is_refused() -> None:
    (office,) = offices(1)
    with acting(office), pytest.raises(RuleBroken) as refused:
        search(actor_at(office, rights=frozenset()), "nguyen thi lan 1987")
    assert refused.value.code == "not_allowed"


def test_syllables_are_kept_once_and_only_known_ones_are_tried() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, **LAN)
        enter(actor, office, "KS", draw=False, **LAN)
        assert set(NameSyllable.objects.values_list("syllable", flat=True)) == {
            "nguyen", "thi", "lan", "le", "tu", "van", "bay"}  # fmt: skip
        assert name_keysets("nguyen thi lab") == ["lab nguyen thi", "lan nguyen thi"]


def test_the_keys_of_a_participant_follow_an_annotation() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, **LAN)
        child = Participant.objects.get(role="child")
        assert (child.keyset, child.given_key, child.birth_year, child.birth_md) == ("lan nguyen thi", "lan", 1987, 305)
        father = Participant.objects.get(role="father")
        assert (father.birth_year, father.birth_md) == (None, None)
        assert father.document_key
        assert father.document_key != father.id_number_key
