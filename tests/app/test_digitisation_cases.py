"""Cases of a batch: cut, merged, split, numbered, reviewed. No work on pictures is needed for that."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.digitisation import services
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries import case_label, cases_of, count_to_review, number_findings, review_queue
from hotich.files.services import PDF, store_file
from hotich.kernel.problems import RuleBroken
from hotich.records.services import declare_number
from hotich.units.models import Office
from tests.app.digitisation_parts import PREPARES, a_batch, cut, pages_with, preparer, rows
from tests.app.intake_parts import AT, a_pdf, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


@pytest.fixture
def batch(office: Office) -> ScanBatch:
    return a_batch(office)


def start(office: Office, number: int | None, year: int | None = 2016) -> None:
    found = ScanBatch.objects.order_by("created_at", "id").last()
    assert found is not None
    services.set_start_number(
        actor=preparer(office), at=AT, batch_id=found.id, number=number, registration_year=year, version=found.version
    )


def on(office: Office, case: ScannedCase, **more: Any) -> dict[str, Any]:
    case.refresh_from_db()
    return {"actor": preparer(office), "at": AT, "case_id": case.id, "version": case.version, **more}


def judged(office: Office, case: ScannedCase, state: str, size: int = 0) -> ScannedCase:
    """The case with a PDF and a verdict, as the background leaves it."""
    case.refresh_from_db()
    case.pdf = store_file(
        office_id=office.id, name="x.pdf", content=a_pdf(size, mark=str(case.id)), media_type=PDF,
        actor=preparer(office), at=AT,
    )  # fmt: skip
    case.state, case.size, case.version = state, case.pdf.size, case.version + 1
    case.save()
    return case


def numbers(batch: ScanBatch) -> list[str]:
    return [f"{case.number or ''}{case.number_suffix}" for case in cases_of(batch)]


def test_boxes_become_cases_in_the_order_of_pages_and_boxes(office: Office, batch: ScanBatch) -> None:
    pages = pages_with(office, batch, 2, 3)
    assert cut(office, batch).made == 5
    found = cases_of(batch)
    assert [case.position for case in found] == [1, 2, 3, 4, 5]
    assert [case.parts[0]["page"] for case in found] == [str(pages[0].id)] * 2 + [str(pages[1].id)] * 3
    assert found[0].parts[0]["header"] == [100.0, 200.0, 1100.0, 300.0]


def test_cutting_again_keeps_what_is_decided(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 2)
    cut(office, batch)
    first = judged(office, cases_of(batch)[0], "review")
    services.accept_case(**on(office, first, note=""))
    done = cut(office, batch)
    assert (done.made, done.kept, done.changed, done.dropped) == (0, 2, 0, 0)
    assert [case.state for case in cases_of(batch)] == ["accepted", "pending"]


def test_a_moved_box_makes_its_case_wait_again_and_a_removed_one_drops_it(office: Office, batch: ScanBatch) -> None:
    page = pages_with(office, batch, 3)[0]
    cut(office, batch)
    start(office, 7)
    first, second, third = cases_of(batch)
    judged(office, first, "passed")
    services.accept_case(**on(office, judged(office, third, "review"), note="ổn"))
    boxes = rows(2)
    boxes[0]["box"][1] -= 10
    services.set_boxes(
        actor=preparer(office), at=AT, page_id=page.id, boxes=boxes, version=ScanPage.objects.get().version
    )
    done = cut(office, batch)
    assert (done.kept, done.changed, done.dropped) == (1, 1, 1)
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.state, first.number, second.id) == ("pending", 7, cases_of(batch)[1].id)
    assert (third.state, third.reason) == ("set_aside", "place_gone")  # somebody had decided about it
    with pytest.raises(RuleBroken, match="place_gone"):
        services.take_case_back(**on(office, third))


def test_without_a_confirmed_page_nothing_is_cut(office: Office, batch: ScanBatch) -> None:
    with pytest.raises(RuleBroken, match="no_page_confirmed"):
        cut(office, batch)


def test_facing_pages_are_merged_and_split_again(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 1, 1, 1)
    cut(office, batch)
    start(office, 4)
    first, second, third = cases_of(batch)
    merged = services.merge_cases(actor=preparer(office), at=AT, case_ids=[second.id, first.id])
    assert (merged.id, len(merged.parts), merged.number) == (first.id, 2, 4)
    assert numbers(batch) == ["4", "5"]
    assert cut(office, batch).kept == 2  # a merged case stands while its parts do
    parts = services.split_case(**on(office, merged))
    assert [len(part.parts) for part in parts] == [1, 1]
    assert numbers(batch) == ["4", "5", "6"]
    assert cases_of(batch)[2].id == third.id
    with pytest.raises(RuleBroken, match="case_has_one_part"):
        services.split_case(**on(office, third))
    with pytest.raises(RuleBroken, match="merge_needs_two"):
        services.merge_cases(actor=preparer(office), at=AT, case_ids=[third.id, third.id])


def test_cases_of_two_batches_are_not_merged(office: Office, batch: ScanBatch) -> None:
    other = a_batch(office)
    made = []
    for each in (batch, other):
        pages_with(office, each, 1)
        cut(office, each)
        made.append(cases_of(each)[0].id)
    with pytest.raises(RuleBroken, match="cases_of_two_batches"):
        services.merge_cases(actor=preparer(office), at=AT, case_ids=made)


def test_numbers_are_counted_on_from_the_first_and_from_every_fixed_one(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 4)
    cut(office, batch)
    start(office, 10)
    assert numbers(batch) == ["10", "11", "12", "13"]
    services.set_case_number(**on(office, cases_of(batch)[1], number=10, suffix="A"))
    assert numbers(batch) == ["10", "10a", "11", "12"]
    third = cases_of(batch)[2]
    services.set_case_aside(**on(office, third))
    assert [case.number for case in cases_of(batch) if case.state != "set_aside"] == [10, 10, 11]
    assert case_label(cases_of(batch)[1]) == "10a/2016"
    services.take_case_back(**on(office, third))
    assert numbers(batch) == ["10", "10a", "11", "12"]


def test_a_declared_number_is_passed_over_and_gaps_and_doubles_are_shown(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 3)
    cut(office, batch)
    declare_number(
        actor=preparer(office), at=AT, book_id=batch.book_id, number=2, year=2016, use="void",
        reason="Gạch bỏ",
    )  # fmt: skip
    start(office, 1)
    assert numbers(batch) == ["1", "3", "4"]
    assert number_findings(ScanBatch.objects.get()) == []
    services.set_case_number(**on(office, cases_of(batch)[2], number=7))
    services.set_case_number(**on(office, cases_of(batch)[1], number=1))
    found = [(odd.code, dict(odd.params)) for odd in number_findings(ScanBatch.objects.get())]
    assert found == [
        ("number_double", {"number": "1", "suffix": "(1)"}),
        ("number_gap", {"first": 3, "last": 6, "count": 4, "year": 2016}),
    ]


def test_the_same_number_in_another_batch_of_the_book_is_told(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 1)
    cut(office, batch)
    start(office, 5)
    other = a_batch(office)
    pages_with(office, other, 1)
    cut(office, other)
    start(office, 5)
    found = number_findings(ScanBatch.objects.get(id=other.id))
    assert [(odd.code, odd.params["batch"]) for odd in found] == [("number_in_other_batch", str(batch.id))]


def test_the_day_is_of_the_year_of_the_case(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 1)
    cut(office, batch)
    case = cases_of(batch)[0]
    made = services.set_registration(**on(office, case, registration_year=2017, registered_on="2017-03-00"))
    assert (made.registration_year, made.registered_on) == (2017, "2017-03-00")
    with pytest.raises(RuleBroken, match="day_of_other_year"):
        services.set_registration(**on(office, case, registration_year=None, registered_on="2017-03-01"))
    with pytest.raises(RuleBroken, match="year_malformed"):
        services.set_registration(**on(office, case, registration_year=1500))


def test_a_refused_case_is_accepted_only_within_the_budget_and_with_a_reason(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 2)
    cut(office, batch)
    small, large = cases_of(batch)
    judged(office, small, "refused")
    judged(office, large, "refused", size=120_000)
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.accept_case(**on(office, small, note=" "))
    with pytest.raises(RuleBroken, match="scan_over_budget"):
        services.accept_case(**on(office, large, note="Sổ mờ sẵn"))
    made = services.accept_case(**on(office, small, note="Sổ mờ sẵn"))
    assert (made.state, made.decided_by, made.decision_note) == ("accepted", 11, "Sổ mờ sẵn")
    entry = Entry.objects.get(verb="scanned_case.accepted")
    assert (entry.facts["refused"], "Sổ" in str(entry.facts)) == (True, False)
    assert faults_of_chain(office.id) == []


def test_decisions_need_the_right_to_review_and_the_version_seen(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 1)
    cut(office, batch)
    case = judged(office, cases_of(batch)[0], "review")
    keyer = preparer(office, rights=PREPARES - {"scan.review"})
    for act, more in [(services.accept_case, {"note": ""}), (services.ask_for_rescan, {"reason": "x"})]:
        with pytest.raises(RuleBroken, match="not_allowed"):
            act(**on(office, case, **more) | {"actor": keyer})
        with pytest.raises(RuleBroken, match="scanned_case_changed_meanwhile"):
            act(**on(office, case, **more) | {"version": case.version - 1})
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.ask_for_rescan(**on(office, case, reason=" "))
    assert (list(review_queue(preparer(office))), count_to_review(preparer(office)), count_to_review(keyer)) == (
        [case], 1, 0,
    )  # fmt: skip
    waiting = services.ask_for_rescan(**on(office, case, reason="Mờ"))
    assert (waiting.state, count_to_review(preparer(office))) == ("rescan", 0)
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        services.accept_case(**on(office, case, note="ổn"))


def test_a_pending_case_is_not_accepted(office: Office, batch: ScanBatch) -> None:
    pages_with(office, batch, 1)
    cut(office, batch)
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        services.accept_case(**on(office, cases_of(batch)[0], note="ổn"))


def test_cropping_anew_changes_the_box_of_the_page_too(office: Office, batch: ScanBatch) -> None:
    page = pages_with(office, batch, 2)[0]
    cut(office, batch)
    case = judged(office, cases_of(batch)[0], "review")
    made = services.recrop_case(**on(office, case, part=0, box={"box": [90, 290, 1110, 400]}))
    assert (made.state, made.parts[0]["box"]) == ("pending", [90.0, 290.0, 1110.0, 400.0])
    assert made.parts[0]["header"] == [100.0, 200.0, 1100.0, 300.0]
    page.refresh_from_db()
    assert page.boxes[0]["box"] == made.parts[0]["box"]
    assert cut(office, batch).kept == 2
    with pytest.raises(RuleBroken, match="part_unknown"):
        services.recrop_case(**on(office, case, part=3, box={"box": [0, 0, 100, 100]}))
    with pytest.raises(RuleBroken, match="box_too_small"):
        services.recrop_case(**on(office, case, part=0, box={"box": [0, 0, 5, 100]}))
