"""After a merger: the books' keeper, the officers' posts, and whose records are seen at once. All in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from accounts_parts import make_officer
from django.db import connection
from intake_parts import bring_in, rows_of, workbook
from records_support import acting, enter
from units_parts import AT, TODAY, communes, drafted, merger_of, officer, split_of

from hotich.accounts.models import Post
from hotich.accounts.queries import actor_for, command_actor
from hotich.accounts.services import give_post
from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record
from hotich.registers.models import Book
from hotich.registers.queries.succession import impact_of, open_work
from hotich.registers.services import succession
from hotich.registers.services.succession import approve_operation, propose_operation
from hotich.units.models import Office, OfficeSuccession, UnitOperation
from hotich.units.queries import keeping_office, office_by_code
from hotich.units.rules.plans import Plan

pytestmark = pytest.mark.django_db
NOW = {"on": TODAY}


def carry_out(plan: Plan, *, on: date = TODAY, kind: str = "merger") -> UnitOperation:
    operation = drafted(plan, on=on, kind=kind)
    propose_operation(actor=officer(1), at=AT, operation_id=operation.id, version=1)
    return approve_operation(actor=officer(2), at=AT, operation_id=operation.id, version=2)


def record_at(office: Office) -> Record:
    with acting(office) as actor:
        return enter(actor, office, "KS", draw=False, full_name="Nguyễn Thử")


# ── records ──
def test_the_successors_officers_see_the_predecessors_records_at_once_and_others_do_not() -> None:
    first, second, other = communes(3)
    record = record_at(second)
    clerk = make_officer("lan.thu", office=first)
    stranger = make_officer("xa.la", office=other)
    with office_scope(actor_for(clerk, **NOW).office_ids):
        assert not Record.objects.filter(id=record.id).exists()
    carry_out(merger_of(first, second))
    new = office_by_code(first.code)
    actor = actor_for(clerk, **NOW)
    assert actor.office_id == new.id
    with office_scope(actor.office_ids):
        seen = Record.objects.get(id=record.id)
        assert seen.origin_office_id == second.id  # who registered stays for ever
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {Record._meta.db_table} where id = %s", [record.id])
            assert cursor.fetchone()[0] == 1
    with office_scope(actor_for(stranger, **NOW).office_ids):
        assert not Record.objects.filter(id=record.id).exists()


def test_after_a_division_only_the_keeper_sees_the_old_records() -> None:
    office = communes(1)[0]
    record = record_at(office)
    carry_out(split_of(office), kind="split")
    keeper, other = office_by_code(office.code), office_by_code("99001")
    assert keeping_office(office_at(office), TODAY) == keeper
    one, two = make_officer("giu.so", office=keeper), make_officer("ben.kia", office=other)
    with office_scope(actor_for(one, **NOW).office_ids):
        assert Record.objects.filter(id=record.id).exists()
    with office_scope(actor_for(two, **NOW).office_ids):
        assert not Record.objects.filter(id=record.id).exists()
    # both are known as successors: the other one asks by look-up
    assert OfficeSuccession.objects.filter(predecessor=office).count() == 2


def office_at(office: Office) -> Office:
    office.refresh_from_db()
    return office


# ── books ──
def test_books_keep_their_origin_and_get_the_successor_as_keeper() -> None:
    first, second = communes()
    book = Book.objects.get(id=record_at(second).book_id)
    version = book.version
    operation = carry_out(merger_of(first, second))
    book.refresh_from_db()
    assert book.origin_office_id == second.id
    assert book.keeping_office == office_by_code(first.code)
    assert book.version == version + 1
    assert operation.outcome["books"] == 1
    assert Entry.objects.filter(verb="book.keeper_changed", subject_id=str(second.id)).count() == 1


def test_a_book_of_a_divided_commune_goes_where_it_was_given() -> None:
    office = communes(1)[0]
    with acting(office) as actor:
        one = enter(actor, office, "KS", draw=False).book_id
        two = enter(actor, office, "KH", draw=False).book_id
    carry_out(replace(split_of(office), books={str(two): "n2"}), kind="split")
    assert Book.objects.get(id=one).keeping_office == office_by_code(office.code)
    assert Book.objects.get(id=two).keeping_office == office_by_code("99001")


# ── posts ──
def test_posts_end_with_the_office_and_go_on_at_the_successor_in_the_same_role() -> None:
    first, second = communes()
    clerk = make_officer("lan.thu", office=second, role="commune_leader")
    carry_out(merger_of(first, second))
    old, new = Post.objects.filter(officer=clerk).order_by("valid_from")
    assert (old.office_id, old.valid_to) == (second.id, TODAY - timedelta(days=1))
    assert (new.office, new.role, new.valid_from, new.valid_to) == (
        office_by_code(first.code), "commune_leader", TODAY, None,
    )  # fmt: skip


def test_who_held_a_role_at_both_offices_holds_it_once_at_the_successor() -> None:
    first, second = communes()
    clerk = make_officer("lan.thu", office=first)
    give_post(actor=command_actor(), at=AT, officer_id=clerk.id, office_id=second.id, role="civil_status_officer",
              valid_from=date(2026, 1, 1))  # fmt: skip
    operation = carry_out(merger_of(first, second))
    assert (operation.outcome["posts_ended"], operation.outcome["posts_given"]) == (2, 1)
    assert Post.objects.filter(officer=clerk, office=office_by_code(first.code)).count() == 1


def test_an_officer_of_a_divided_commune_may_be_given_to_the_other_successor() -> None:
    office = communes(1)[0]
    clerk, other = make_officer("lan.thu", office=office), make_officer("hoa.thu", office=office)
    post = Post.objects.get(officer=clerk)
    carry_out(replace(split_of(office), posts={post.id: "n2"}), kind="split")
    assert actor_for(clerk, **NOW).office_id == office_by_code("99001").id
    assert actor_for(other, **NOW).office_id == office_by_code(office.code).id


def test_an_office_without_a_successor_ends_posts_and_nobody_keeps_its_books() -> None:
    office = communes(1)[0]
    clerk, book = make_officer("lan.thu", office=office), record_at(office).book_id
    assert office.unit_id is not None
    carry_out(Plan(ends=(office.unit_id,)), kind="end")
    assert actor_for(clerk, **NOW).office_ids == frozenset()
    assert Book.objects.get(id=book).keeping_office_id == office.id
    assert keeping_office(office_at(office), TODAY) is None


# ── what stands in the way ──
def refused(code: str, plan: Plan, kind: str = "split") -> None:
    with pytest.raises(RuleBroken) as refusal:
        carry_out(plan, kind=kind)
    assert refusal.value.params["first"] == code


def test_a_post_that_begins_after_the_closing_must_be_mended_first() -> None:
    first, second = communes()
    clerk = make_officer("lan.thu")
    give_post(actor=command_actor(), at=AT, officer_id=clerk.id, office_id=first.id, role="civil_status_officer",
              valid_from=TODAY + timedelta(days=3))  # fmt: skip
    refused("post_begins_after_closing", merger_of(first, second))


def test_books_and_posts_are_only_given_to_successors_of_their_office() -> None:
    office, other = communes()
    here, elsewhere = record_at(office).book_id, record_at(other).book_id
    plan = split_of(office)
    refused("choice_leads_nowhere", replace(plan, books={str(here): "n7"}))
    refused("choice_leads_nowhere", replace(plan, books={str(elsewhere): "n2"}))
    refused("choice_leads_nowhere", replace(plan, posts={99: "n2"}))


def test_what_breaks_on_the_way_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = communes()
    book = record_at(second).book_id
    operation = drafted(merger_of(first, second))
    propose_operation(actor=officer(1), at=AT, operation_id=operation.id, version=1)

    def break_down(*args: object) -> dict[str, int]:
        raise ConnectionError

    monkeypatch.setattr(succession, "_move_posts", break_down)
    with pytest.raises(ConnectionError):
        approve_operation(actor=officer(2), at=AT, operation_id=operation.id, version=2)
    monkeypatch.undo()
    operation.refresh_from_db()
    assert (operation.state, office_at(first).valid_to) == ("proposed", None)
    assert Book.objects.get(id=book).keeping_office_id == second.id
    # begun again, it goes through
    assert approve_operation(actor=officer(2), at=AT, operation_id=operation.id, version=2).state == "in_force"


# ── the preview ──
def test_the_preview_counts_what_will_move_and_writes_nothing() -> None:
    first, second = communes()
    record_at(second)
    make_officer("lan.thu", office=second)
    operation = drafted(merger_of(first, second))
    impact = impact_of(operation, today=TODAY)
    by_office = {each.office.id: each for each in impact.offices}
    assert (by_office[second.id].books, by_office[second.id].posts) == (1, 1)
    assert not impact.has_errors
    assert {line.what for line in impact.preview.offices} == {"closes", "opens"}
    closing = next(line for line in impact.preview.offices if line.office_id == second.id)
    assert (closing.new_code, closing.after) == (f"{second.code}-2026", "UBND xã Hợp Nhất, tỉnh Lâm Đồng")
    assert impact.former_units > 0
    assert office_at(second).valid_to is None


def test_unfinished_cases_at_a_closing_office_are_counted_without_being_seen() -> None:
    first, second = communes()
    with office_scope([second.id]):
        bring_in(second, workbook(rows_of("KS", 2)))
    assert open_work([first.id, second.id]) == {first.id: 0, second.id: 2}
    impact = impact_of(drafted(merger_of(first, second)), today=TODAY)
    assert "office_has_open_work" in {problem.code for problem in impact.problems}
    assert not impact.has_errors
    assert not Case.objects.exists()  # whoever looks at the preview sees none of them
