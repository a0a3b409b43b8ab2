"""Completeness of a book: what is there from its first to its last number, and in words what is not (H7)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.utils import translation

from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import Entry, PackageItem
from hotich.keying.queries.completeness import completeness_of, findings, offered_denominators
from hotich.keying.services.denominators import freeze_denominator
from hotich.registers.models import Book
from hotich.web.texts import text_of_problem
from tests.app.keying_checking_parts import VOID, entries_of, keyed, values_of
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, a_team, scanned_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return a_team()


def told(team: Team, book: Book) -> dict[str, str]:
    """What is said of a book, by code."""
    with office_scope([team.office.id]), translation.override("vi"):
        book.refresh_from_db()
        return {found.code: text_of_problem(found) for found in findings(completeness_of(book))}


def keyed_with_errors(team: Team, rows: list[Any], book: Book) -> None:
    """Keyed and kept, but not handed in: the keyer has errors to mend."""
    with suppress(RuleBroken):
        keyed(team, rows, book=book)


def declare(team: Team, book: Book, **columns: int) -> None:
    with office_scope([team.office.id]):
        Book.objects.filter(id=book.id).update(**columns)


def test_a_whole_book_has_nothing_to_tell(team: Team) -> None:
    book = a_listed_book(team)
    keyed(team, book=book)
    declare(team, book, cases_declared=3, first_number=1, last_number=3)
    book.refresh_from_db()
    freeze_denominator(actor=team.leader, at=AT, book_id=book.id, source="closing")
    assert told(team, book) == {}
    with office_scope([team.office.id]):
        found = completeness_of(book)
    assert (found.entered, found.records, found.cases, found.first, found.last, found.left) == (3, 0, 3, 1, 3, 0)


def test_gaps_are_named_from_the_first_to_the_last_number_of_the_closing(team: Team) -> None:
    book = a_listed_book(team)
    keyed(team, [values_of(3), values_of(4)], book=book, first=3)
    declare(team, book, first_number=1, last_number=9)
    assert told(team, book)["book_has_gaps"].startswith("7 số") and "1–2, 5–9" in told(team, book)["book_has_gaps"]


def test_a_void_number_closes_its_gap_and_is_told_apart(team: Team) -> None:
    book = a_listed_book(team)
    keyed(team, [values_of(1), VOID, values_of(3)], book=book)
    said = told(team, book)
    assert "book_has_gaps" not in said and said["book_has_void_numbers"].endswith(": 2.")
    with office_scope([team.office.id]):
        assert completeness_of(book).void == ((2016, 2, ""),)


def test_a_number_keyed_twice_is_a_double_and_suffixes_are_none(team: Team) -> None:
    book = a_listed_book(team)
    rows = [values_of(1), values_of(1, child_full_name="Lò Văn Hai"), values_of(1, registration_number="1a/2016")]
    keyed_with_errors(team, rows, book)
    said = told(team, book)
    assert said["book_has_doubles"] == "1 số có từ hai trường hợp trở lên: 1."


def test_totals_that_do_not_agree_are_told_both_ways(team: Team) -> None:
    book = a_listed_book(team)
    keyed(team, book=book)
    declare(team, book, cases_declared=5)
    assert "denominator_missing" in told(team, book)
    freeze_denominator(actor=team.leader, at=AT, book_id=book.id, source="closing")
    said = told(team, book)
    assert "2 trường hợp" in said["book_lacks_cases"] and "5 trường hợp" in said["closing_differs"]
    freeze_denominator(actor=team.leader, at=AT, book_id=book.id, source="decided", value=2, reason="Đếm lại")
    assert "1 trường hợp" in told(team, book)["book_has_more_cases"]


def test_what_is_still_to_be_keyed_or_was_never_packed_is_told(team: Team) -> None:
    book = a_listed_book(team)
    scanned_cases(team, book, counts=(2, 1))
    a_package(team, book, count=2, first=10)
    said = told(team, book)
    assert "2 vị trí" in said["book_has_places_not_keyed"] and "3 trường hợp" in said["book_has_scans_without_package"]
    with office_scope([team.office.id]):
        assert offered_denominators(book) == {"scanned": 3}


def test_a_case_that_names_another_book_is_told(team: Team) -> None:
    book = a_listed_book(team)
    keyed_with_errors(team, [values_of(1), values_of(2, register_book_no="02/2016")], book)
    assert "1 trường hợp" in told(team, book)["book_has_cases_of_another"]


def test_missing_numbers_and_pages_are_told(team: Team) -> None:
    book = a_listed_book(team)
    package = keyed(team, [values_of(1), VOID, values_of(3)], book=book)
    entry = entries_of(team, package)[1]
    with office_scope([team.office.id]):
        Entry.objects.filter(id=entry.id).update(kind="missing")
        PackageItem.objects.filter(id=entry.item_id).update(state="missing")
    assert told(team, book)["book_has_missing_numbers"].endswith(": 2.")
    with office_scope([team.office.id]):
        PackageItem.objects.filter(id=entry.item_id).update(kind="page", number=None)
    assert "1 trang" in told(team, book)["book_has_missing_pages"]
