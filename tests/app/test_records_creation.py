"""A record comes to be once, with its number, participants, scan, audit rows and event; faults leave nothing behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from records_support import AT, acting, actor_at, enter, facts_of, offices, values

from hotich.audit.models import Detail, Entry, Event
from hotich.files.services import store_file
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Attachment, Participant, Record, RegistrationNumber
from hotich.records.queries import doubles_of_book, gaps_of_book
from hotich.records.services import create_record, create_records, declare_number

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Hoàng Thị Hoà", "child_sex": "2", "child_birth_date": "02/03/2018",
         "mother_full_name": "Nguyễn Thị Hạnh", "mother_id_doc_type": "4",
         "mother_id_doc_number": "001190001234", "informant_full_name": "Bà nội"}  # fmt: skip


def test_a_record_brings_number_participants_scan_audit_and_event() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        scan = store_file(office_id=office.id, name="1.pdf", content=b"%PDF-", media_type="application/pdf",
                          actor=actor, at=AT)  # fmt: skip
        facts = replace(facts_of(actor, office, "KS", values("KS", number=7, **CHILD)), scan_id=scan.id)
        record = create_record(actor=actor, at=AT, facts=facts)
        assert (record.number, record.registration_year, record.approved_by, record.keyed_by) == (7, 2018, 1, 2)
        number = RegistrationNumber.objects.get(record=record)
        assert (number.number, number.use) == (7, "used")
        assert Attachment.objects.get(record=record).file == scan
        people = {person.role: person for person in Participant.objects.filter(record=record)}
        assert set(people) == {"child", "mother", "informant"}
        assert (people["child"].search_key, people["child"].sex) == ("hoang thi hoa", "2")
        assert (people["mother"].personal_id, people["mother"].sex) == ("001190001234", "2")
        assert len(people["mother"].personal_id_key) == 64
        entry = Entry.objects.get(verb="record.created")
        assert "Hoàng" not in str(entry.facts)
        assert Detail.objects.get(entry_id=entry.id).after["as_recorded"]["child_full_name"] == "Hoàng Thị Hoà"
        assert Event.objects.filter(kind="record.created", subject_id=str(record.id)).count() == 1


def test_a_number_of_a_book_is_taken_once() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", number=5, **CHILD)
        for number, taken in ((5, True), (6, False)):
            again = facts_of(actor, office, "KS", values("KS", number=number, **CHILD))
            if taken:
                with pytest.raises(RuleBroken) as refused:
                    create_record(actor=actor, at=AT, facts=again)
                assert refused.value.code == "registration_number_taken"
                assert refused.value.params["case_ids"] == [str(again.source_case_id)]
            else:
                create_record(actor=actor, at=AT, facts=again)
        # the same number in another year, with a suffix, in another register is another number
        enter(actor, office, "KS", number=5, year=2019, **CHILD)
        suffixed = values("KS", **CHILD) | {"registration_number": "5a/2018"}
        create_record(actor=actor, at=AT, facts=facts_of(actor, office, "KS", suffixed))
        enter(actor, office, "KH", number=5, husband_full_name="Trần A", wife_full_name="Lê B")


def test_two_rows_of_one_batch_with_one_number_are_refused_and_nothing_is_stored() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        items = [facts_of(actor, office, "KS", values("KS", number=number, **CHILD)) for number in (1, 2, 1)]
        with pytest.raises(RuleBroken) as refused:
            create_records(actor=actor, at=AT, items=items)
        assert refused.value.code == "registration_number_taken"
        assert len(refused.value.params["case_ids"]) == 2
        assert Record.objects.count() == 0


def test_a_case_is_entered_once() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        facts = facts_of(actor, office, "KS", values("KS", **CHILD))
        create_record(actor=actor, at=AT, facts=facts)
        with pytest.raises(RuleBroken) as refused:
            create_record(actor=actor, at=AT, facts=replace(facts, number=999))
    assert refused.value.code == "case_already_entered"


def test_nobody_enters_without_the_right_or_for_another_office() -> None:
    mine, other = offices(2)
    with acting(mine, other) as actor:
        facts = facts_of(actor, other, "KS", values("KS", **CHILD))
    for who, code in (
        (actor_at(mine), "office_not_in_scope"),
        (actor_at(other, rights=frozenset({"record.read"})), "not_allowed"),
    ):
        with pytest.raises(RuleBroken) as refused:
            create_record(actor=who, at=AT, facts=facts)
        assert refused.value.code == code


def test_records_of_other_offices_are_not_seen() -> None:
    mine, other = offices(2)
    with acting(other) as actor:
        enter(actor, other, "KS", **CHILD)
    with acting(mine):
        assert Record.objects.count() == Participant.objects.count() == RegistrationNumber.objects.count() == 0
    assert Record.objects.count() == 0


def test_a_missing_number_that_turns_up_is_used_and_a_void_one_is_not() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        book = enter(actor, office, "KS", number=1, **CHILD).book
        for number, use in ((2, "missing"), (3, "void")):
            declare_number(actor=actor, at=AT, book_id=book.id, number=number, use=use, reason="Trang bị rách")
        found = enter(actor, office, "KS", number=2, **CHILD)
        assert RegistrationNumber.objects.get(book=book, number=2).record == found
        with pytest.raises(RuleBroken) as refused:
            enter(actor, office, "KS", number=3, **CHILD)
        assert refused.value.code == "registration_number_void"


def test_gaps_doubles_and_declared_numbers_of_a_book() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        for number in (2, 3, 6):
            book = enter(actor, office, "KS", number=number, **CHILD).book
        double = values("KS", **CHILD) | {"registration_number": "3(1)/2018"}
        create_record(actor=actor, at=AT, facts=facts_of(actor, office, "KS", double))
        assert [(gap.first, gap.last) for gap in gaps_of_book(book)] == [(4, 5)]
        assert doubles_of_book(book) == [(2018, 3, 2)]
        book.first_number, book.last_number = 1, 8
        assert [(gap.first, gap.last) for gap in gaps_of_book(book)] == [(1, 1), (4, 5), (7, 8)]
        declare_number(actor=actor, at=AT, book_id=book.id, number=4, use="missing", reason="Sổ mất trang")
        assert [(gap.first, gap.last) for gap in gaps_of_book(book)] == [(1, 1), (5, 5), (7, 8)]
        declare_number(actor=actor, at=AT, book_id=book.id, number=4, use="", reason="Khai nhầm")
        assert (4, 5) in [(gap.first, gap.last) for gap in gaps_of_book(book)]
        with pytest.raises(RuleBroken) as refused:
            declare_number(actor=actor, at=AT, book_id=book.id, number=3, use="void", reason="Nhầm")
        assert refused.value.code == "registration_number_taken"
