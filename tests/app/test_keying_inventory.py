"""The inventory: books listed once, classified, counted, and where each is entered – never in two places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hotich.audit.models import Entry as AuditEntry
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.keying.models import BookPlace, BookWork, BookWorkState
from hotich.keying.queries.inventory import (
    WorkFilter,
    book_works,
    books_not_listed,
    entered_of_books,
    imports_of_book,
    missing_on_shelf,
    totals_of,
)
from hotich.keying.services.inventory import (
    NewBook,
    WorkFacts,
    list_books,
    mark_place,
    open_and_list_book,
    update_book_work,
)
from hotich.registers.models import Book
from hotich.units.models import Office
from tests.app.digitisation_parts import a_book
from tests.app.intake_parts import AT, an_office, bring_in, rows_of, workbook
from tests.app.keying_checking_parts import keyed, values_of
from tests.app.keying_inventory_parts import listed, refused
from tests.app.keying_parts import a_package, a_team
from tests.app.records_support import actor_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Office]:
    office = an_office()
    with office_scope([office.id]):
        yield office


def work(book: Book) -> BookWork:
    return BookWork.objects.get(book=book)


def test_books_are_listed_once_with_the_phase_of_their_era_and_the_group_of_their_type(office: Office) -> None:
    marriage, birth = a_book(office, letters="KH", year=2006, era="ND83"), a_book(office)
    assert {(row.book_id, row.phase, row.group, row.place) for row in listed(office, marriage, birth)} == {
        (marriage.id, 3, 1, "here"),
        (birth.id, 1, 2, "here"),
    }
    assert listed(office, marriage, birth) == []
    assert BookWork.objects.count() == 2
    assert AuditEntry.objects.filter(verb="book_work.listed").count() == 2


def test_the_books_not_listed_are_those_of_paper_that_no_inventory_holds(office: Office) -> None:
    actor, paper, live = actor_at(office), a_book(office), a_book(office, number="09", year=2021, era="LIVE")
    assert list(books_not_listed(actor)) == [paper]
    with refused("book_born_digital"):
        listed(office, paper, live)
    assert not BookWork.objects.exists(), "all or none"
    listed(office, paper)
    assert list(books_not_listed(actor)) == []


def test_listing_needs_the_right_something_chosen_and_books_of_ones_own_offices(office: Office) -> None:
    book, stranger = a_book(office), Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[1]
    with refused("not_allowed"):
        list_books(actor=actor_at(office, rights=frozenset({"book.read"})), at=AT, book_ids=[book.id])
    with refused("nothing_chosen"):
        listed(office)
    with refused("book_unknown"):
        list_books(actor=actor_at(stranger), at=AT, book_ids=[book.id])


def test_an_officer_corrects_counts_and_classification_and_the_trail_keeps_both(office: Office) -> None:
    book, actor = a_book(office), actor_at(office)
    listed(office, book)
    facts = WorkFacts(phase=2, group=2, counted_pages=100, counted_cases=99, is_damaged=True, notes=" Bìa rách ")
    row = update_book_work(actor=actor, at=AT, book_id=book.id, version=1, facts=facts)
    assert (row.phase, row.counted_pages, row.is_damaged, row.notes, row.version) == (2, 100, True, "Bìa rách", 2)
    assert update_book_work(actor=actor, at=AT, book_id=book.id, version=2, facts=facts).version == 2
    assert AuditEntry.objects.filter(verb="book_work.updated").count() == 1
    with refused("book_work_changed_meanwhile"):
        update_book_work(actor=actor, at=AT, book_id=book.id, version=1, facts=facts)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (WorkFacts(0, 1), "phase_unknown"), (WorkFacts(1, 7), "group_unknown"),
        (WorkFacts(1, 1, counted_pages=-1), "count_negative"), (WorkFacts(1, 1, mode="guess"), "mode_unknown"),
        (WorkFacts(1, 1, sample_per_mille=1001), "sample_out_of_range"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(office: Office, facts: WorkFacts, code: str) -> None:
    book = a_book(office)
    listed(office, book)
    with refused(code):
        update_book_work(actor=actor_at(office), at=AT, book_id=book.id, version=1, facts=facts)


def test_whole_lists_are_marked_as_entered_elsewhere_at_once_with_a_reason(office: Office) -> None:
    actor, books = actor_at(office), [a_book(office, number=f"0{number}") for number in range(1, 4)]
    ids = [book.id for book in books]
    with refused("place_reason_missing"):
        mark_place(actor=actor, at=AT, book_ids=ids, place="earlier", reason=" ")
    with refused("place_unknown"):
        mark_place(actor=actor, at=AT, book_ids=ids, place="nowhere", reason="x")
    assert len(mark_place(actor=actor, at=AT, book_ids=ids, place="earlier", reason="Đợt 2019")) == 3
    assert {row.place_reason for row in BookWork.objects.all()} == {"Đợt 2019"}
    assert mark_place(actor=actor, at=AT, book_ids=ids, place="earlier", reason="lần nữa") == []


def test_a_book_entered_elsewhere_gets_no_package_until_it_is_put_back(office: Office) -> None:
    team = a_team(office)
    book = a_book(office)
    mark_place(actor=team.officer, at=AT, book_ids=[book.id], place="police", reason="Biên bản 01")
    with refused("book_placed_elsewhere"):
        a_package(team, book)
    mark_place(actor=team.officer, at=AT, book_ids=[book.id], place="here", reason="Công an trả lại, chưa nhập")
    assert a_package(team, book).items_total == 3


def test_a_book_with_packages_here_is_not_marked_as_entered_elsewhere(office: Office) -> None:
    team = a_team(office)
    book = a_book(office)
    listed(office, book)
    a_package(team, book)
    with refused("book_is_keyed_here"):
        mark_place(actor=team.officer, at=AT, book_ids=[book.id], place="police", reason="Biên bản 01")
    assert work(book).place == BookPlace.HERE


def test_totals_count_what_is_here_elsewhere_lost_and_done(office: Office) -> None:
    actor = actor_at(office)
    births = [a_book(office, number=f"0{number}", year=2006, era="ND158") for number in range(1, 5)]
    listed(office, *births)
    mark_place(actor=actor, at=AT, book_ids=[births[0].id], place="earlier", reason="Đợt 2019")
    facts = WorkFacts(phase=2, group=2, counted_pages=10, counted_cases=20)
    for book in births[1:]:
        update_book_work(actor=actor, at=AT, book_id=book.id, version=1, facts=facts)
    lost = WorkFacts(phase=2, group=2, is_lost=True, is_damaged=True)
    update_book_work(actor=actor, at=AT, book_id=births[3].id, version=2, facts=lost)
    BookWork.objects.filter(book=births[2]).update(state=BookWorkState.ACCEPTED)
    totals = totals_of(book_works(actor))
    cell = totals.by_type["KS", 2]
    assert (cell.books, cell.here, cell.elsewhere, cell.lost, cell.done) == (4, 2, 1, 1, 1)
    assert (cell.pages, cell.expected, cell.unknown, totals.damaged) == (20, 40, 0, 1)
    assert dict(totals.whole.states) == {"elsewhere": 1, "listed": 1, "accepted": 1, "lost": 1}
    assert totals.by_year[2006].books == totals.by_phase[2].books == 4
    assert totals.by_place["here"].books == 3


def test_the_list_is_in_the_order_of_work_and_can_be_narrowed(office: Office) -> None:
    actor = actor_at(office)
    birth, old, marriage = a_book(office), a_book(office, year=1990, era="PRE1999"), a_book(office, letters="KH")
    listed(office, birth, old, marriage)
    assert [row.book for row in book_works(actor)] == [marriage, birth, old]
    assert [row.book for row in book_works(actor, WorkFilter(phase=4))] == [old]
    assert [row.book for row in book_works(actor, WorkFilter(register_type="KH", state="listed"))] == [marriage]
    assert list(book_works(actor, WorkFilter(need="lost"))) == []
    assert list(book_works(actor, WorkFilter(need="out"))) == []


def test_years_without_a_book_are_told_by_office(office: Office) -> None:
    a_book(office, year=2006, era="ND158"), a_book(office, year=2009, era="ND158")
    assert [(where, gap.first_year, gap.last_year) for where, gap in missing_on_shelf(actor_at(office))] == [
        (office.id, 2007, 2008)
    ]


def test_a_workbook_the_police_keyed_shows_at_its_book(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    case = Case.objects.first()
    assert case is not None and case.book_year is not None
    book = a_book(office, number=case.book_number, year=case.book_year)
    assert [(batch.id, count) for batch, count in imports_of_book(book)] == [(case.batch_id, 2)]
    assert imports_of_book(a_book(office, number="77")) == []
    listed(office, book)
    mark_place(actor=actor_at(office), at=AT, book_ids=[book.id], place="police", reason="Biên bản 01")
    assert entered_of_books(book_works(actor_at(office))) == {book.id: 2}
    assert totals_of(book_works(actor_at(office))).whole.entered == 0, "what others enter is not our progress"


def test_a_share_is_of_the_books_whose_number_of_cases_is_known() -> None:
    team = a_team()
    package = keyed(team, [values_of(1), values_of(2)])
    with office_scope([team.office.id]):
        works = book_works(team.officer)
        assert (totals_of(works).whole.entered, totals_of(works).whole.unknown) == (0, 1)
        BookWork.objects.filter(book=package.book).update(counted_cases=4)
        whole = totals_of(book_works(team.officer)).whole
    assert (whole.entered, whole.expected, whole.unknown) == (2, 4, 0)


def test_a_row_of_another_office_is_not_seen(office: Office) -> None:
    book = a_book(office)
    listed(office, book)
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[1]
    with office_scope([other.id]):
        assert not BookWork.objects.filter(book=book).exists()
        with refused("book_not_listed"):
            update_book_work(actor=actor_at(other), at=AT, book_id=book.id, version=1, facts=WorkFacts(1, 2))


def closed_office() -> Office:
    """A commune that ended in 2025."""
    return Office.objects.filter(kind="commune", valid_to__year=2025).order_by("id")[0]


def test_a_book_of_paper_is_taken_into_the_system_and_counted() -> None:
    office = closed_office()
    actor = actor_at(office)
    book = NewBook(office.id, "KT", "PRE1999", "2", 1992)
    row = open_and_list_book(actor=actor, at=AT, book=book, pages=50, cases=48)
    assert (row.book.label, row.book.copy, row.phase, row.group) == ("02/1992", "commune", 4, 5)
    assert (row.counted_pages, row.counted_cases, row.place) == (50, 48, "here")
    with refused("book_listed_already"):
        open_and_list_book(actor=actor, at=AT, book=book)
    with refused("book_label_unreadable"):
        open_and_list_book(actor=actor, at=AT, book=replace(book, number="?"))
    with refused("era_without_register"):
        open_and_list_book(actor=actor, at=AT, book=replace(book, era="NO"))
    other = open_and_list_book(actor=actor, at=AT, book=replace(book, copy="district"))
    assert other.book_id != row.book_id


def test_a_book_goes_to_an_office_that_was_there_in_its_year(office: Office) -> None:
    gone = closed_office()
    actor = replace(actor_at(office), office_ids=frozenset({office.id, gone.id}))
    for where, year in ((office, 2019), (gone, 2026)):
        with refused("office_not_of_year"):
            open_and_list_book(actor=actor, at=AT, book=NewBook(where.id, "KS", "L2014", "1", year))
    for where, year in ((office, 2025), (gone, 2025)):
        assert open_and_list_book(actor=actor, at=AT, book=NewBook(where.id, "KS", "L2014", "1", year)).phase == 1
