"""Books handed over for keying: against a record, out only once, to the police only if nothing of them is keyed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from hotich.audit.models import Entry as AuditEntry
from hotich.database.scope import office_scope
from hotich.keying.models import BookWork, KeyingHandover
from hotich.keying.queries.handovers import keying_handovers, lines_of
from hotich.keying.queries.inventory import handover_lines_of, out_lines
from hotich.keying.services.handovers import (
    Paper,
    Shape,
    cancel_keying_handover,
    draft_handover,
    edit_handover,
    hand_over,
    take_back,
)
from hotich.keying.services.inventory import WorkFacts, mark_place, update_book_work
from hotich.registers.models import Book
from hotich.units.models import Office
from tests.app.digitisation_parts import a_book
from tests.app.intake_parts import AT, an_office
from tests.app.keying_inventory_parts import listed, refused
from tests.app.keying_parts import a_package, a_team
from tests.app.records_support import actor_at

pytestmark = pytest.mark.django_db
POLICE = Paper("03/BB-UBND", date(2026, 11, 24), "police", "Công an xã", "Đại úy Trần Thử", due_back=date(2026, 12, 24))
TEAM = replace(POLICE, number="04/BB-UBND", force_kind="team", force_name="Tổ nhập liệu số 1")


@pytest.fixture
def office() -> Iterator[Office]:
    office = an_office()
    with office_scope([office.id]):
        yield office


def drafted(office: Office, *books: Book, paper: Paper = POLICE) -> KeyingHandover:
    return draft_handover(
        actor=actor_at(office), at=AT, request_key=uuid4(), paper=paper, book_ids=[book.id for book in books]
    )


def given(office: Office, *books: Book, paper: Paper = POLICE) -> KeyingHandover:
    made = drafted(office, *books, paper=paper)
    return hand_over(actor=actor_at(office), at=AT, handover_id=made.id, version=made.version)


def test_a_draft_lists_its_books_and_takes_pages_from_the_inventory(office: Office) -> None:
    book, actor = a_book(office), actor_at(office)
    listed(office, book)
    update_book_work(actor=actor, at=AT, book_id=book.id, version=1, facts=WorkFacts(1, 2, counted_pages=98))
    made = drafted(office, book, a_book(office, number="02"))
    assert [(line.book.number, line.pages, line.is_out) for line in lines_of(made)] == [
        ("01", 98, False),
        ("02", None, False),
    ]
    assert BookWork.objects.count() == 2
    assert [(each.state, each.books, each.out) for each in keying_handovers(actor)] == [("draft", 2, 0)]  # type: ignore[attr-defined]


def test_the_same_form_sent_twice_makes_one_record(office: Office) -> None:
    key, book = uuid4(), a_book(office)
    made = [
        draft_handover(actor=actor_at(office), at=AT, request_key=key, paper=POLICE, book_ids=[book.id])
        for _ in range(2)
    ]
    assert made[0].id == made[1].id


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (replace(POLICE, number=" "), "handover_number_missing"), (replace(POLICE, force_name=""), "force_name_missing"),
        (replace(POLICE, receiver_name=""), "receiver_missing"), (replace(POLICE, force_kind="x"), "force_kind_unknown"),
        (replace(POLICE, due_back=date(2026, 1, 1)), "due_before_day"),
    ],
)  # fmt: skip
def test_a_record_says_who_gives_what_to_whom(office: Office, paper: Paper, code: str) -> None:
    with refused(code):
        drafted(office, a_book(office), paper=paper)


def test_books_handed_over_to_the_police_are_entered_there_from_then_on(office: Office) -> None:
    book = a_book(office)
    made = drafted(office, book)
    assert BookWork.objects.get(book=book).place == "here", "a draft changes nothing"
    hand_over(actor=actor_at(office), at=AT, handover_id=made.id, version=1)
    row = BookWork.objects.get(book=book)
    assert (row.place, "03/BB-UBND" in row.place_reason) == ("police", True)
    assert out_lines([book.id])[book.id].handover_id == made.id
    with refused("book_is_with_police"):
        mark_place(actor=actor_at(office), at=AT, book_ids=[book.id], place="here", reason="nhập ở đây")


def test_books_handed_over_to_a_team_are_still_entered_here(office: Office) -> None:
    team, book = a_team(office), a_book(office)
    given(office, book, paper=TEAM)
    assert BookWork.objects.get(book=book).place == "here"
    assert a_package(team, book).items_total == 3


def test_a_book_with_packages_here_does_not_go_to_the_police(office: Office) -> None:
    team, book = a_team(office), a_book(office)
    listed(office, book)
    made = drafted(office, book)
    a_package(team, book)
    with refused("book_is_keyed_here"):
        hand_over(actor=actor_at(office), at=AT, handover_id=made.id, version=1)
    assert KeyingHandover.objects.get().state == "draft"
    assert not out_lines([book.id])


def test_a_book_is_out_only_once(office: Office) -> None:
    book = a_book(office)
    second = drafted(office, book, paper=TEAM)
    given(office, book)
    with refused("book_is_out"):
        hand_over(actor=actor_at(office), at=AT, handover_id=second.id, version=1)
    with refused("book_is_out"):
        drafted(office, book, paper=TEAM)


def test_a_lost_book_and_one_that_another_office_keeps_are_not_handed_over(office: Office) -> None:
    lost, away = a_book(office), a_book(office, number="02")
    listed(office, lost)
    facts = WorkFacts(1, 2, is_lost=True)
    update_book_work(actor=actor_at(office), at=AT, book_id=lost.id, version=1, facts=facts)
    with refused("book_is_lost"):
        drafted(office, lost)
    away.keeping_office = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[1]
    away.save()
    with refused("book_kept_elsewhere"):
        drafted(office, away)


def test_a_draft_is_edited_and_its_books_are_exchanged(office: Office) -> None:
    first, second, actor = a_book(office), a_book(office, number="02"), actor_at(office)
    made = drafted(office, first)
    edited = edit_handover(
        actor=actor, at=AT, handover_id=made.id, version=1, paper=TEAM, shapes={second.id: Shape(50, " Bìa rời ")}
    )
    assert (edited.number, edited.force_kind) == ("04/BB-UBND", "team")
    assert [(line.book_id, line.pages, line.condition) for line in lines_of(edited)] == [(second.id, 50, "Bìa rời")]
    with refused("keying_handover_changed_meanwhile"):
        edit_handover(actor=actor, at=AT, handover_id=made.id, version=1, paper=TEAM, shapes={second.id: Shape()})
    with refused("nothing_chosen"):
        edit_handover(actor=actor, at=AT, handover_id=made.id, version=2, paper=TEAM, shapes={})
    with refused("count_negative"):
        edit_handover(actor=actor, at=AT, handover_id=made.id, version=2, paper=TEAM, shapes={second.id: Shape(-1)})


def test_books_come_back_one_by_one_and_the_hand_over_ends_with_the_last(office: Office) -> None:
    first, second, actor = a_book(office), a_book(office, number="02"), actor_at(office)
    made = given(office, first, second)
    back = take_back(actor=actor, at=AT, handover_id=made.id, version=2, shapes={first.id: Shape(97, "Mất một trang")})
    assert (back.state, list(out_lines([first.id, second.id]))) == ("handed_over", [second.id])
    with refused("line_not_out"):
        take_back(actor=actor, at=AT, handover_id=made.id, version=3, shapes={first.id: Shape()})
    with refused("nothing_chosen"):
        take_back(actor=actor, at=AT, handover_id=made.id, version=3, shapes={})
    back = take_back(actor=actor, at=AT, handover_id=made.id, version=3, shapes={second.id: Shape(100)})
    assert (back.state, back.returned_by) == ("returned", actor.officer_id)
    assert BookWork.objects.get(book=first).place == "police", "they keyed it; their file brings it in"
    line = handover_lines_of(first.id)[0]
    assert (line.returned_pages, line.returned_condition) == (97, "Mất một trang")
    given(office, first)  # it may go out again


def test_only_a_draft_is_cancelled_and_with_a_reason(office: Office) -> None:
    made, actor = drafted(office, a_book(office)), actor_at(office)
    with refused("reason_missing"):
        cancel_keying_handover(actor=actor, at=AT, handover_id=made.id, version=1, reason=" ")
    cancelled = cancel_keying_handover(actor=actor, at=AT, handover_id=made.id, version=1, reason="Lập nhầm")
    assert (cancelled.state, cancelled.notes) == ("cancelled", "Lập nhầm")
    with refused("keying_handover_step_not_allowed"):
        hand_over(actor=actor, at=AT, handover_id=made.id, version=2)


def test_every_step_is_in_the_trail_and_needs_the_right(office: Office) -> None:
    made, stranger = given(office, a_book(office)), actor_at(office, rights=frozenset({"book.read", "keying.lead"}))
    assert list(AuditEntry.objects.filter(subject_kind="keying_handover").values_list("verb", flat=True)) == [
        "keying_handover.drafted",
        "keying_handover.handed_over",
    ]
    with refused("not_allowed"):
        take_back(actor=stranger, at=AT, handover_id=made.id, version=2, shapes={uuid4(): Shape()})
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[1]
    with refused("keying_handover_unknown"):
        take_back(actor=actor_at(other), at=AT, handover_id=made.id, version=2, shapes={uuid4(): Shape()})
