"""Books of closed offices change hands by a decision; old offices are gone through, which opens the gate for accounts."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from records_support import acting, enter
from units_parts import AT, TODAY, officer

from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import Book, BookHandover
from hotich.registers.queries.handovers import (
    books_by_keeper,
    books_of_closed_offices,
    books_of_handover,
    handovers_for,
    open_handover_of,
)
from hotich.registers.services.handovers import (
    Decision,
    cancel_handover,
    hand_over_books,
    plan_handover,
    receive_books,
)
from hotich.units import queries
from hotich.units.models import Office
from hotich.units.services import review_offices

pytestmark = pytest.mark.django_db
OLD, LIVING, CENTRE = "25129-2025", "25126", "68"
DECISION = Decision(number="15/QĐ-STP", from_day=TODAY, place="Kho lưu trữ lịch sử tỉnh")


def office(code: str) -> Office:
    return queries.office_by_code(code)


def an_old_book() -> Book:
    old, now = office(OLD), office(LIVING)
    with acting(now, old) as actor:
        return Book.objects.get(id=enter(actor, old, "KS", draw=False).book_id)


def planned(book: Book, *, key: UUID | None = None, to: str = CENTRE, decision: Decision = DECISION) -> BookHandover:
    return plan_handover(
        actor=officer(1), at=AT, request_key=key or uuid4(), book_ids=[book.id], to_office_id=office(to).id,
        decision=decision,
    )[0]  # fmt: skip


def clerk(number: int, code: str) -> Actor:
    own = office(code)
    return Actor(f"clerk{number}", own.id, number, queries.offices_kept_by([own.id]),
                 ROLES["civil_status_officer"].rights)  # fmt: skip


def refused(code: str, act: object) -> None:
    with pytest.raises(RuleBroken) as refusal:
        act()  # type: ignore[operator]
    assert refusal.value.code == code


# ── hand-over ──
def test_a_book_changes_its_keeper_when_it_is_received_and_not_before() -> None:
    book = an_old_book()
    assert book.keeping_office == office(LIVING)
    handover = planned(book)
    hand_over_books(actor=clerk(5, LIVING), at=AT, handover_id=handover.id, version=1)
    book.refresh_from_db()
    assert book.keeping_office == office(LIVING)
    receive_books(actor=officer(2), at=AT, handover_id=handover.id, version=2)
    book.refresh_from_db()
    assert (book.keeping_office, book.origin_office) == (office(CENTRE), office(OLD))
    assert book.storage_location == "Kho lưu trữ lịch sử tỉnh"
    assert open_handover_of([book.id]) == {}
    assert Entry.objects.filter(subject_kind="book_handover", subject_id=str(handover.id)).count() == 3
    assert books_by_keeper([office(OLD).id]) == {office(OLD).id: [(office(CENTRE), 1)]}


def test_who_hands_over_does_not_confirm_the_reception() -> None:
    handover = planned(an_old_book())
    hand_over_books(actor=officer(1), at=AT, handover_id=handover.id, version=1)
    refused("own_handover", lambda: receive_books(actor=officer(1), at=AT, handover_id=handover.id, version=2))


def test_the_same_form_sent_twice_plans_one_handover() -> None:
    book, key = an_old_book(), uuid4()
    assert planned(book, key=key).id == planned(book, key=key).id
    assert BookHandover.objects.count() == 1


def test_only_the_two_sides_and_the_department_take_part() -> None:
    book = an_old_book()
    handover = planned(book)
    stranger = clerk(9, "01")
    refused("not_allowed", lambda: hand_over_books(actor=stranger, at=AT, handover_id=handover.id, version=1))
    assert not handovers_for(stranger).exists()
    assert list(handovers_for(clerk(5, LIVING))) == [handover]
    assert list(books_of_handover(handover)) == [book]
    refused(
        "not_allowed",
        lambda: plan_handover(
            actor=stranger, at=AT, request_key=uuid4(), book_ids=[book.id], to_office_id=1, decision=DECISION
        ),
    )


@pytest.mark.parametrize(
    ("to", "decision", "code"),
    [
        (OLD, DECISION, "office_not_open"),
        ("01", DECISION, "office_of_other_province"),
        (LIVING, replace(DECISION, place=""), "book_is_kept_there"),
        (CENTRE, replace(DECISION, number=" "), "act_number_missing"),
    ],
)
def test_a_handover_that_makes_no_sense_is_refused(to: str, decision: Decision, code: str) -> None:
    book = an_old_book()
    refused(code, lambda: planned(book, to=to, decision=decision))


def test_books_of_living_offices_and_books_already_on_the_way_are_refused() -> None:
    book = an_old_book()
    living = office(LIVING)
    with acting(living) as actor:
        own = Book.objects.get(id=enter(actor, living, "KH", draw=False).book_id)
    refused("office_still_open", lambda: planned(own))
    planned(book)
    refused("book_in_handover", lambda: planned(book))
    args = {"actor": officer(1), "at": AT, "request_key": uuid4(), "to_office_id": living.id, "decision": DECISION}
    refused("nothing_chosen", lambda: plan_handover(book_ids=[], **args))
    refused("book_unknown", lambda: plan_handover(book_ids=[uuid4()], **args))


def test_steps_out_of_order_and_old_pages_are_refused() -> None:
    handover = planned(an_old_book())
    at = {"actor": officer(1), "at": AT, "handover_id": handover.id}
    refused("handover_step_not_allowed", lambda: receive_books(version=1, **at))
    refused("changed_meanwhile", lambda: hand_over_books(version=7, **at))
    refused("reason_missing", lambda: cancel_handover(version=1, reason=" ", **at))
    cancel_handover(version=1, reason="Quyết định bị thu hồi", **at)
    refused("handover_step_not_allowed", lambda: hand_over_books(version=2, **at))
    refused("handover_unknown", lambda: receive_books(actor=officer(1), at=AT, handover_id=uuid4(), version=1))


def test_books_of_closed_offices_are_listed_for_their_province_only() -> None:
    book = an_old_book()
    unit = office(CENTRE).unit
    other = office("01").unit
    assert unit is not None and other is not None
    assert list(books_of_closed_offices(unit.id)) == [book] == list(books_of_closed_offices(None, text="an nhon"))
    assert not books_of_closed_offices(other.id).exists()
    assert not books_of_closed_offices(unit.id, register_type="KT").exists()


# ── reviews ──
def test_an_office_is_reviewed_when_all_old_offices_it_answers_for_are() -> None:
    living = office(LIVING)
    old = [o.id for o in Office.objects.filter(id__in=queries.offices_kept_by([living.id]), valid_to__isnull=False)]
    assert old and not queries.is_reviewed(living.id)
    assert review_offices(actor=officer(1), at=AT, office_ids=old[:-1]) == len(old) - 1
    assert not queries.is_reviewed(living.id)
    review_offices(actor=officer(1), at=AT, office_ids=old, notes="Đã đối chiếu danh mục")
    assert queries.is_reviewed(living.id) and queries.is_reviewed(old[0])
    review_offices(actor=officer(2), at=AT, office_ids=old[:1], is_reviewed=False, notes="Thiếu một thôn")
    assert not queries.is_reviewed(living.id)


def test_a_review_twice_is_one_review_and_opening_again_needs_a_reason() -> None:
    old = office(OLD)
    assert review_offices(actor=officer(1), at=AT, office_ids=[old.id]) == 1
    assert review_offices(actor=officer(1), at=AT, office_ids=[old.id]) == 0
    refused("reason_missing", lambda: review_offices(actor=officer(1), at=AT, office_ids=[old.id], is_reviewed=False))
    refused("nothing_chosen", lambda: review_offices(actor=officer(1), at=AT, office_ids=[]))
    refused("office_unknown", lambda: review_offices(actor=officer(1), at=AT, office_ids=[5]))
    refused("not_allowed", lambda: review_offices(actor=clerk(5, LIVING), at=AT, office_ids=[old.id]))
    assert Entry.objects.filter(verb="office.reviewed", subject_id=str(old.id)).count() == 1


def test_what_is_left_to_review_counts_every_province_a_province_came_from() -> None:
    unit = office(CENTRE).unit
    assert unit is not None
    before = queries.unreviewed_offices(unit.id).count()
    # Lâm Đồng, Bình Thuận and Đắk Nông with their districts and communes
    assert before > 400
    assert office(OLD) in queries.unreviewed_offices(unit.id)
    review_offices(actor=officer(1), at=AT, office_ids=[office(OLD).id])
    assert queries.unreviewed_offices(unit.id).count() == before - 1
    progress = {each.province.code: each for each in queries.review_progress()}
    assert (progress[CENTRE].done, progress[CENTRE].total) == (1, before)
    assert len(progress) == 34
    assert queries.last_reviews([office(OLD).id])[office(OLD).id].by == 1
