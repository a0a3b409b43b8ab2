"""Packages: cut from numbers, scans and pages; taken, released, taken back, assigned, withdrawn, returned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hotich.audit.models import Entry as AuditEntry
from hotich.digitisation.models import ScannedCase
from hotich.digitisation.services import merge_cases, set_boxes
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import BookWork, Entry, KeyingPackage, PackageItem
from hotich.keying.services import packages as services
from hotich.registers.models import Book
from hotich.units.models import Office
from tests.app.digitisation_parts import a_batch, cut, pages_with, preparer
from tests.app.intake_parts import bring_in, rows_of, workbook
from tests.app.keying_parts import (
    AT,
    Team,
    a_listed_book,
    a_package,
    a_scanned_package,
    a_team,
    checked_out,
    items_of,
    scanned_cases,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(in_scope: Any) -> Team:
    found = a_team()
    in_scope(found.office)
    return found


def cut_numbers(
    team: Team, book: Book, first: int, last: int, key: UUID | None = None, **more: Any
) -> list[KeyingPackage]:
    return services.cut_packages(
        actor=team.leader, at=AT, book_id=book.id, request_key=key or uuid4(), numbers=(first, last, 2016), **more
    )


def keyed(team: Team, package: KeyingPackage, place: int = 0) -> Entry:
    """Something was keyed at a place, as far as packages care."""
    item = items_of(team, package)[place]
    item.state = "void"
    item.save()
    return Entry.objects.create(
        id=uuid4(), origin_office_id=team.office.id, package=package, item=item, kind="void", revision=1,
        schema_version=package.schema_version, keyer=team.keyer.officer_id or 0, saved_at=AT, received_at=AT,
        first_received_at=AT,
    )  # fmt: skip


def test_a_range_of_numbers_becomes_packages_of_the_size_asked_for(team: Team) -> None:
    made = cut_numbers(team, a_listed_book(team), 1, 10, size=4)
    assert [(package.position, package.items_total) for package in made] == [(1, 4), (2, 4), (3, 2)]
    assert [item.number for item in items_of(team, made[2])] == [9, 10]


def test_size_mode_and_sample_are_those_of_the_settings_unless_the_book_says_otherwise(team: Team) -> None:
    made = cut_numbers(team, a_listed_book(team), 1, 50)
    assert [(package.items_total, package.mode, package.sample_per_mille) for package in made] == [
        (40, "blind_critical", 30), (10, "blind_critical", 30),
    ]  # fmt: skip
    book = a_listed_book(team, number="02", mode="double", sample_per_mille=100)
    assert [(package.mode, package.sample_per_mille) for package in cut_numbers(team, book, 1, 5)] == [("double", 100)]


def test_the_same_request_again_gives_the_same_packages(team: Team) -> None:
    book, key = a_listed_book(team), uuid4()
    first, again = (cut_numbers(team, book, 1, 6, key, size=3) for _ in range(2))
    assert [package.id for package in first] == [package.id for package in again]
    assert KeyingPackage.objects.count() == 2
    with pytest.raises(RuleBroken, match="request_key_used"):
        cut_numbers(team, a_listed_book(team, number="02"), 1, 6, key)


def test_numbers_that_have_a_place_or_an_entry_are_left_out(team: Team) -> None:
    book = a_listed_book(team)
    cut_numbers(team, book, 1, 3, size=3)
    rows = rows_of("KS", 1, first=5)
    rows[0]["quyenSo"] = "01/2016"
    bring_in(team.office, workbook(rows), claims_reason="đã nhập từ trước")
    assert [item.number for item in items_of(team, cut_numbers(team, book, 1, 6)[0])] == [4, 6]
    with pytest.raises(RuleBroken, match="nothing_to_cut"):
        cut_numbers(team, book, 1, 6)


def test_scanned_cases_become_places_in_their_order(team: Team) -> None:
    package = a_scanned_package(team, counts=(2, 1))
    items = items_of(team, package)
    assert [(item.number, item.registration_year, item.kind) for item in items] == [
        (1, 2016, "case"), (2, 2016, "case"), (3, 2016, "case"),
    ]  # fmt: skip
    assert all(item.scanned_case_id for item in items)


def test_scans_that_are_keyed_given_out_or_unreadable_are_not_cut(team: Team) -> None:
    book = a_listed_book(team)
    cases = scanned_cases(team, book, counts=(4,))
    cases[0].state = "set_aside"
    cases[1].state = "rescan"
    for case in cases[:2]:
        case.save()
    made = services.cut_packages(actor=team.leader, at=AT, book_id=book.id, request_key=uuid4(), size=1)
    assert [items_of(team, package)[0].scanned_case_id for package in made] == [cases[2].id, cases[3].id]
    with pytest.raises(RuleBroken, match="nothing_to_cut"):
        services.cut_packages(actor=team.leader, at=AT, book_id=book.id, request_key=uuid4())


def test_pages_that_were_not_cut_into_cases_become_places(team: Team) -> None:
    book = a_listed_book(team)
    batch = a_batch(team.office, book)
    pages = pages_with(team.office, batch, 2, 1)
    made = services.cut_packages(actor=team.leader, at=AT, book_id=book.id, request_key=uuid4())
    assert [(item.kind, item.page_id) for item in items_of(team, made[0])] == [("page", page.id) for page in pages]


def test_cutting_opens_the_book(team: Team) -> None:
    book = a_listed_book(team)
    cut_numbers(team, book, 1, 3)
    assert BookWork.objects.get(book=book).state == "open"


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("book_placed_elsewhere", {"place": "police"}),
        ("book_placed_elsewhere", {"place": "earlier"}),
        ("book_is_lost", {"is_lost": True}),
    ],
)
def test_a_book_keyed_elsewhere_is_not_cut(team: Team, code: str, more: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match=code):
        cut_numbers(team, a_listed_book(team, **more), 1, 3)


def test_impossible_cuts_are_refused(team: Team) -> None:
    book = a_listed_book(team)
    for code, numbers, more in (
        ("numbers_malformed", (5, 3, 2016), {}),
        ("numbers_malformed", (1, 90_000, 2016), {}),
        ("numbers_malformed", (1, 3, 16), {}),
        ("size_out_of_range", (1, 3, 2016), {"size": 0}),
        ("size_out_of_range", (1, 3, 2016), {"size": 501}),
        ("mode_unknown", (1, 3, 2016), {"mode": "never"}),
        ("too_many_packages", (1, 1500, 2016), {"size": 1}),
    ):
        with pytest.raises(RuleBroken, match=code):
            services.cut_packages(
                actor=team.leader, at=AT, book_id=book.id, request_key=uuid4(), numbers=numbers, **more
            )
    BookWork.objects.all().delete()
    with pytest.raises(RuleBroken, match="book_not_listed"):
        cut_numbers(team, book, 1, 3)
    assert not KeyingPackage.objects.exists()


def test_a_keyer_takes_a_package_and_taking_it_again_changes_nothing(team: Team) -> None:
    package = checked_out(team)
    assert (package.state, package.keyer, package.checked_out_at) == ("out", team.keyer.officer_id, AT)
    assert package.batch is not None
    again = services.check_out_package(actor=team.keyer, at=AT + timedelta(hours=1), package_id=package.id)
    assert again.checked_out_at == AT
    assert AuditEntry.objects.filter(verb="package.checked_out").count() == 1


def test_two_keyers_never_have_one_package(team: Team) -> None:
    package = checked_out(team)
    with pytest.raises(RuleBroken, match="package_not_ready"):
        checked_out(team, package, by="keyer2")


def test_nobody_takes_a_second_package_before_the_first_is_given_back(team: Team) -> None:
    book = a_listed_book(team)
    first, second = a_package(team, book), a_package(team, book, first=10)
    checked_out(team, first)
    with pytest.raises(RuleBroken, match="package_out_already"):
        checked_out(team, second)
    services.release_package(actor=team.keyer, at=AT, package_id=first.id, reason="sổ rách")
    assert checked_out(team, second).keyer == team.keyer.officer_id


def test_a_book_placed_elsewhere_after_it_was_cut_is_not_taken(team: Team) -> None:
    package = a_package(team)
    BookWork.objects.update(place="police")
    with pytest.raises(RuleBroken, match="book_placed_elsewhere"):
        checked_out(team, package)


def test_an_earlier_group_holds_a_package_up_until_a_reason_is_given(team: Team) -> None:
    marriages = a_listed_book(team, letters="KH", phase=1, group=1)
    package = a_package(team, a_listed_book(team, phase=1, group=2))
    with pytest.raises(RuleBroken, match="earlier_group_unfinished") as refusal:
        checked_out(team, package)
    assert (refusal.value.params["phase"], refusal.value.params["group"]) == (1, 1)
    taken = services.check_out_package(
        actor=team.keyer, at=AT, package_id=package.id, gate_reason="sổ kết hôn đang đóng lại bìa"
    )
    assert taken.gate_reason == "sổ kết hôn đang đóng lại bìa"
    BookWork.objects.filter(book=marriages).update(state="keyed")
    assert checked_out(team, a_package(team, taken.book, first=10), by="keyer2").gate_reason == ""


def test_a_package_given_to_one_officer_is_for_no_other(team: Team) -> None:
    package = a_package(team)
    services.assign_package(actor=team.leader, at=AT, package_id=package.id, officer_id=team.helper.officer_id)
    with pytest.raises(RuleBroken, match="package_assigned_to_other"):
        checked_out(team, package)
    assert checked_out(team, package, by="helper").keyer == team.helper.officer_id


def test_a_package_is_given_to_nobody_who_cannot_key(team: Team) -> None:
    package = a_package(team)
    for officer in (team.checker.officer_id, team.approver.officer_id, 999_999):
        with pytest.raises(RuleBroken, match="officer_cannot_key"):
            services.assign_package(actor=team.leader, at=AT, package_id=package.id, officer_id=officer)


def test_open_places_are_given_back_with_a_reason_only(team: Team) -> None:
    package = checked_out(team)
    keyed(team, package)
    with pytest.raises(RuleBroken, match="package_has_open_items") as refusal:
        services.release_package(actor=team.keyer, at=AT, package_id=package.id, reason="  ")
    assert refusal.value.params["open"] == 2
    done = services.release_package(actor=team.keyer, at=AT, package_id=package.id, reason="thiếu hai trang")
    assert (done.state, done.released_at) == ("released", AT)
    assert [item.reason for item in items_of(team, package)] == ["", "thiếu hai trang", "thiếu hai trang"]


def test_a_package_with_every_place_marked_is_given_back_without_a_word(team: Team) -> None:
    package = checked_out(team)
    PackageItem.objects.filter(package=package).update(state="missing")
    assert services.release_package(actor=team.keyer, at=AT, package_id=package.id).state == "released"


def test_only_its_keyer_gives_a_package_back(team: Team) -> None:
    package = checked_out(team)
    with pytest.raises(RuleBroken, match="package_not_yours"):
        services.release_package(actor=team.keyer2, at=AT, package_id=package.id, reason="x")


def test_a_package_taken_back_keeps_what_was_keyed_and_goes_to_the_next(team: Team) -> None:
    package = checked_out(team)
    entry = keyed(team, package)
    batch = package.batch_id
    services.take_back_package(actor=team.leader, at=AT, package_id=package.id, reason="mất máy")
    with pytest.raises(RuleBroken, match="package_not_yours"):
        services.release_package(actor=team.keyer, at=AT, package_id=package.id, reason="x")
    taken = checked_out(team, package, by="keyer2")
    assert (taken.keyer, taken.batch_id) == (team.keyer2.officer_id, batch)
    assert Entry.objects.get().id == entry.id
    assert [item.state for item in items_of(team, package)] == ["void", "open", "open"]


def test_a_package_is_withdrawn_only_while_nothing_is_keyed_and_frees_its_places(team: Team) -> None:
    book = a_listed_book(team)
    package = a_scanned_package(team, book)
    keyed(team, package)
    with pytest.raises(RuleBroken, match="package_has_entries"):
        services.withdraw_package(actor=team.leader, at=AT, package_id=package.id, reason="nhầm sổ")
    Entry.objects.all().delete()
    PackageItem.objects.update(state="open")
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.withdraw_package(actor=team.leader, at=AT, package_id=package.id, reason=" ")
    services.withdraw_package(actor=team.leader, at=AT, package_id=package.id, reason="nhầm sổ")
    again = services.cut_packages(actor=team.leader, at=AT, book_id=book.id, request_key=uuid4())
    assert (again[0].position, again[0].items_total) == (2, 3)


def test_a_returned_package_is_its_keyers_again_and_its_book_is_open_again(team: Team) -> None:
    package = checked_out(team)
    services.release_package(actor=team.keyer, at=AT, package_id=package.id, reason="x")
    BookWork.objects.update(state="keyed")
    back = services.return_package(actor=team.checker, at=AT, package_id=package.id, reason="ngày sinh sai nhiều")
    assert (back.state, back.keyer, back.returned_reason) == ("out", team.keyer.officer_id, "ngày sinh sai nhiều")
    assert BookWork.objects.get().state == "open"
    again = services.release_package(actor=team.keyer, at=AT, package_id=package.id, reason="đã sửa")
    assert again.returned_reason == ""


def test_reasons_lie_in_the_detail_of_the_trail_and_not_among_its_facts(team: Team) -> None:
    package = checked_out(team)
    services.take_back_package(actor=team.leader, at=AT, package_id=package.id, reason="bà Lò Thị A ốm")
    entry = AuditEntry.objects.get(verb="package.taken_back")
    assert "Lò Thị A" not in str(entry.facts)
    assert entry.detail_hash


ACTS = {
    "cut": (lambda who, package: cut_numbers_of(who, package), {"leader", "officer"}),
    "take_back": (lambda who, package: services.take_back_package(**asked(who, package)), {"leader", "officer"}),
    "withdraw": (lambda who, package: services.withdraw_package(**asked(who, package)), {"leader", "officer"}),
    "return": (lambda who, package: services.return_package(**asked(who, package)),
               {"leader", "officer", "checker", "checker2", "approver"}),
    "assign": (lambda who, package: services.assign_package(actor=who, at=AT, package_id=package.id, officer_id=None),
               {"leader", "officer"}),
    "check_out": (lambda who, package: services.check_out_package(actor=who, at=AT, package_id=package.id),
                  {"keyer", "keyer2", "helper", "officer"}),
}  # fmt: skip


def asked(who: Actor, package: KeyingPackage) -> dict[str, Any]:
    return {"actor": who, "at": AT, "package_id": package.id, "reason": "x"}


def cut_numbers_of(who: Actor, package: KeyingPackage) -> object:
    return services.cut_packages(actor=who, at=AT, book_id=package.book_id, request_key=uuid4(), numbers=(50, 51, 2016))


@pytest.mark.parametrize("act", ACTS)
def test_each_act_needs_its_right(team: Team, act: str) -> None:
    package = a_package(team)
    do, may = ACTS[act]
    for name in sorted(set(team.accounts) - may):
        with pytest.raises(RuleBroken, match="not_allowed"):
            do(getattr(team, name), package)


def test_a_package_of_another_office_is_unknown(team: Team) -> None:
    package = a_package(team)
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=team.office.id).order_by("id")[0]
    stranger = a_team(other, mark=".khac")
    with pytest.raises(RuleBroken, match="package_unknown"):
        checked_out(stranger, package)
    with pytest.raises(RuleBroken, match=r"book_unknown|office_not_in_scope"):
        cut_numbers_of(stranger.leader, package)


def test_a_case_somebody_waits_for_leaves_its_package_and_comes_beside_the_present_one(team: Team) -> None:
    a_listed_book(team, letters="KH", phase=1, group=1)
    book = a_listed_book(team, phase=1, group=2)
    package = a_scanned_package(team, book)
    wanted = items_of(team, package)[1]
    assert wanted.scanned_case_id is not None
    made = services.start_on_demand(actor=team.leader, at=AT, scanned_case_id=wanted.scanned_case_id)
    assert (made.is_on_demand, made.items_total) == (True, 1)
    assert [item.number for item in items_of(team, made)] == [2]
    package.refresh_from_db()
    assert (package.items_total, [item.number for item in items_of(team, package)]) == (2, [1, 3])
    services.check_out_package(actor=team.keyer, at=AT, package_id=package.id, gate_reason="x")
    # outside the order of groups, beside the package in hand
    assert services.check_out_package(actor=team.keyer, at=AT, package_id=made.id).state == "out"
    again = services.start_on_demand(actor=team.leader, at=AT, scanned_case_id=wanted.scanned_case_id)
    assert again.id == made.id


def test_a_case_that_somebody_keys_already_is_not_given_out_twice(team: Team) -> None:
    package = checked_out(team, a_scanned_package(team))
    items = items_of(team, package)
    with pytest.raises(RuleBroken, match="case_in_package_out"):
        services.start_on_demand(actor=team.leader, at=AT, scanned_case_id=items[0].scanned_case_id or uuid4())
    keyed(team, package, 1)
    with pytest.raises(RuleBroken, match="entry_exists_already"):
        services.start_on_demand(actor=team.leader, at=AT, scanned_case_id=items[1].scanned_case_id or uuid4())
    with pytest.raises(RuleBroken, match="scanned_case_unknown"):
        services.start_on_demand(actor=team.leader, at=AT, scanned_case_id=uuid4())


def test_scanned_cases_in_a_package_are_not_deleted_under_it(team: Team) -> None:
    package = a_scanned_package(team, counts=(3,))
    ids = [item.scanned_case_id for item in items_of(team, package) if item.scanned_case_id]
    with pytest.raises(RuleBroken, match="scanned_case_in_use"):
        merge_cases(actor=preparer(team.office), at=AT, case_ids=ids)
    first = ScannedCase.objects.get(id=ids[0])
    page = first.batch.pages.get()
    set_boxes(
        actor=preparer(team.office), at=AT, page_id=page.id, boxes=page.boxes[:1], version=page.version, confirm=True
    )
    cut(team.office, first.batch)
    states = list(ScannedCase.objects.filter(id__in=ids).order_by("position").values_list("state", flat=True))
    assert len(states) == 3
    assert states.count("set_aside") == 2
