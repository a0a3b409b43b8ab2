"""An entry keyed from the district's original: one record, which says from which original it was keyed (A12, H6)."""

from __future__ import annotations

import pytest

from hotich.database.scope import office_scope
from hotich.intake.services.approval import approve_cases
from hotich.keying.models import BookWork
from hotich.keying.services.copies import compare_keyed_copies
from hotich.keying.services.packages import release_package
from hotich.keying.services.review import review_entry, start_check
from hotich.keying.services.sync import receive_items
from hotich.records.models import Record
from hotich.registers.models import Book, BookCopy
from hotich.registers.services import find_or_make_book
from tests.app.keying_checking_parts import an_item, entries_of, keyed, values_of
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, a_team, checked_out, items_of

pytestmark = pytest.mark.django_db


def of_district(team: Team) -> Book:
    """The district's original of book 01/2016, listed."""
    book = find_or_make_book(
        actor=team.officer, at=AT, office_id=team.office.id, register_type="KS", era="L2014", number="01", year=2016,
        copy=BookCopy.DISTRICT,
    )  # fmt: skip
    with office_scope([team.office.id]):
        BookWork.objects.create(book=book, origin_office_id=team.office.id, phase=1, group=2, listed_by=1, listed_at=AT)
    return book


@pytest.mark.parametrize(("has_commune", "copy"), [(True, "commune"), (False, "district")])
def test_a_record_lies_once_in_the_book_and_says_from_which_original_it_was_keyed(has_commune: bool, copy: str) -> None:
    team = a_team()
    if has_commune:
        a_listed_book(team)
    package = keyed(team, [values_of(1)], book=of_district(team))
    start_check(actor=team.checker, at=AT, package_id=package.id)
    [entry] = entries_of(team, package)
    review_entry(actor=team.checker, at=AT, entry_id=entry.id, version=entry.version)
    approve_cases(actor=team.approver, at=AT, case_ids=[entry.case_id])
    with office_scope([team.office.id]):
        record = Record.objects.select_related("book").get(source_case_id=entry.case_id)
    assert (record.original, record.book.copy) == ("district", copy)


def test_a_number_keyed_from_both_originals_is_one_case_and_one_that_is_held_and_both_are_compared() -> None:
    team = a_team()
    commune, district = a_listed_book(team), of_district(team)
    package = checked_out(team, a_package(team, district, count=1), by="keyer2")
    keyed(team, [values_of(1)], book=commune)
    said = an_item(package, items_of(team, package)[0], values_of(1, child_full_name="Trần Văn Khác"), kind="key")
    [answer] = receive_items(actor=team.keyer2, at=AT, items=[said])
    assert (answer.result, answer.case_state) == ("returned", "held")
    assert [found["code"] for found in answer.problems if found["severity"] == "error"] == [
        "registration_number_unique"
    ]
    release_package(actor=team.keyer2, at=AT, package_id=package.id, reason="Bản lưu thứ hai")
    found = compare_keyed_copies(actor=team.officer, at=AT, first_id=commune.id, second_id=district.id)
    assert [(row.finding, row.number, row.registration_year) for row in found] == [("differs", 1, 2016)]
