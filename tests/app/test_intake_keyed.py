"""Keyed cases in intake: kept from the approver until another person has checked them, wherever they are moved from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hotich.audit.queries import history_of
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.services import approve_cases, correct_case, replace_scan, resubmit_case, return_case, withdraw_batch
from hotich.intake.services.keyed import (
    KeyedCase,
    correct_checked_case,
    keep_keyed_cases,
    open_keying_batch,
    pass_check,
    rekey_case,
    return_to_keyer,
    withdraw_keyed_case,
)
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Annotation, Record
from hotich.registers.models import Book
from hotich.registers.services import find_or_make_book
from hotich.units.models import Office
from tests.app.intake_parts import APPROVES, AT, IMPORTS, a_pdf, an_office
from tests.rules.registers_rows import good_row

pytestmark = pytest.mark.django_db


def actor(office: Office, officer: int, *rights: str) -> Actor:
    return Actor(f"thu.{officer}", office.id, officer, frozenset({office.id}), frozenset(rights))


class Desk:
    """An office with a keyer, a checker, an officer of intake and an approver, and a book in hand."""

    def __init__(self) -> None:
        self.office = an_office()
        self.keyer = actor(self.office, 31, "keying.key")
        self.checker = actor(self.office, 32, "keying.check", "case.read")
        self.officer = actor(self.office, 33, *IMPORTS)
        self.approver = actor(self.office, 34, *APPROVES)
        self.book: Book = find_or_make_book(
            actor=self.officer, at=AT, office_id=self.office.id, register_type="KS", era="L2014", number="01", year=2016
        )
        self.batch: Batch = open_keying_batch(actor=self.keyer, at=AT, book=self.book, source_name="KS.2016.01 #1")

    def keyed(self, number: int, notes: Any = (), year: int | None = None, **changes: Any) -> KeyedCase:
        values = {**good_row("KS", "L2014"), "registration_number": f"{number}/2016", "page_no": str(number), **changes}
        return KeyedCase(uuid7(), "KS-L2014-1", values, notes, year=year)

    def keep(self, *cases: KeyedCase) -> list[Any]:
        return keep_keyed_cases(actor=self.keyer, at=AT, batch_id=self.batch.id, book=self.book, cases=cases)

    def case(self, case_id: UUID) -> Case:
        with office_scope([self.office.id]):
            return Case.objects.get(id=case_id)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_batch_of_cases_is_kept_counted_and_hidden_from_the_approver(desk: Desk) -> None:
    kept = desk.keep(*map(desk.keyed, (1, 2)), desk.keyed(3, child_birth_date="31.02.2016"))
    assert [each.state for each in kept] == ["checking", "checking", "held"]
    with office_scope([desk.office.id]):
        batch = Batch.objects.get(id=desk.batch.id)
        assert (batch.rows, batch.accepted, batch.held, batch.state) == (3, 2, 1, BatchState.LOADED)
        assert list(Case.objects.order_by("row_number").values_list("row_number", flat=True)) == [1, 2, 3]
    done = approve_cases(actor=desk.approver, at=AT, case_ids=[each.id for each in kept])
    assert (done.records, {refusal.code for _, refusal in done.refused}) == (0, {"case_not_waiting"})


def test_a_checked_case_is_approved_with_its_notes_and_becomes_a_record(desk: Desk) -> None:
    note = {"kind": "correction", "field": "child_birth_date", "new_value": "02.06.2016", "text": "Cải chính ngày sinh",
            "basis_number": "15/QĐ", "basis_authority": "UBND xã Tân Thử"}  # fmt: skip
    [kept] = desk.keep(desk.keyed(1, [note]))
    pass_check(actor=desk.checker, at=AT, case_ids=[kept.id])
    case = desk.case(kept.id)
    assert (case.state, case.is_check_pending, case.touched_by) == (CaseState.WAITING, False, [31])
    assert pass_check(actor=desk.checker, at=AT, case_ids=[kept.id])  # twice is as once
    done = approve_cases(actor=desk.approver, at=AT, case_ids=[kept.id])
    assert (done.records, done.refused) == (1, [])
    with office_scope([desk.office.id]):
        [written] = Annotation.objects.filter(record=Record.objects.get())
        assert (written.field, written.new_value) == ("child_birth_date", "02.06.2016")
        verbs = [trail.verb for trail, _ in history_of("case", kept.id)]
    assert verbs == ["case.keyed", "case.check_passed", "case.approved"]


def test_a_number_without_its_year_and_a_book_left_out_are_completed(desk: Desk) -> None:
    values = good_row("KS", "L2014")
    bare = {code: raw for code, raw in values.items() if code != "register_book_no"}
    keyed = KeyedCase(uuid7(), "KS-L2014-1", {**bare, "registration_number": "7"}, year=2016)
    [kept] = desk.keep(keyed)
    case = desk.case(kept.id)
    assert (case.number_text, case.book_number, case.book_year) == ("7/2016", "01", 2016)
    assert [repair["code"] for repair in case.repairs] == ["number_composed"]
    assert kept.state == "checking"


def test_a_case_of_another_book_than_the_one_in_hand_is_held(desk: Desk) -> None:
    [kept] = desk.keep(desk.keyed(1, register_book_no="02/2016"))
    assert [each["code"] for each in kept.problems if each["severity"] == "error"] == ["book_not_of_package"]
    mended = desk.keyed(1)
    again = rekey_case(actor=desk.keyer, at=AT, case_id=kept.id, book=desk.book, keyed=mended)
    assert (again.id, again.state) == (kept.id, "checking")


@pytest.mark.parametrize("pending", [True, False])
def test_whoever_corrects_or_hands_in_a_case_the_check_is_not_passed_by(desk: Desk, pending: bool) -> None:
    wanted = CaseState.CHECKING if pending else CaseState.WAITING
    [kept] = desk.keep(desk.keyed(1))
    if not pending:
        pass_check(actor=desk.checker, at=AT, case_ids=[kept.id])
    values = {**desk.case(kept.id).as_recorded, "page_no": "9"}
    assert (
        correct_case(
            actor=desk.officer, at=AT, case_id=kept.id, values=values, version=desk.case(kept.id).version
        ).state
        == wanted
    )
    replace_scan(actor=desk.officer, at=AT, case_id=kept.id, name="1.pdf", content=a_pdf())
    assert desk.case(kept.id).state == wanted
    return_case(actor=desk.approver, at=AT, case_id=kept.id, reason="Xem lại")
    resubmit_case(actor=desk.officer, at=AT, case_id=kept.id)
    assert desk.case(kept.id).state == wanted


def test_a_note_that_is_wrong_stays_wrong_when_the_values_are_corrected(desk: Desk) -> None:
    [kept] = desk.keep(desk.keyed(1, [{"kind": "no_such_kind", "text": "…"}]))
    case = desk.case(kept.id)
    assert case.state == CaseState.HELD
    correct_case(actor=desk.officer, at=AT, case_id=kept.id, values={**case.as_recorded, "page_no": "9"}, version=1)
    assert {each["code"] for each in desk.case(kept.id).problems} >= {"annotation_kind_unknown"}


def test_nobody_passes_or_corrects_his_own_keying_and_a_held_case_is_not_passed(desk: Desk) -> None:
    both = actor(desk.office, 31, "keying.key", "keying.check")
    good, held = desk.keep(desk.keyed(1), desk.keyed(2, child_birth_date="31.02.2016"))
    for refused, act in (
        ("second_person_required", lambda: pass_check(actor=both, at=AT, case_ids=[good.id])),
        ("case_still_held", lambda: pass_check(actor=desk.checker, at=AT, case_ids=[good.id, held.id])),
        ("case_unknown", lambda: pass_check(actor=desk.checker, at=AT, case_ids=[uuid7()])),
        ("not_allowed", lambda: pass_check(actor=desk.keyer, at=AT, case_ids=[good.id])),
        ("second_person_required", lambda: correct_checked_case(actor=both, at=AT, case_id=good.id, changes={})),
        ("not_allowed", lambda: keep_as(desk.checker, desk)),
    ):
        with pytest.raises(RuleBroken) as found:
            act()
        assert found.value.code == refused
    assert desk.case(good.id).state == CaseState.CHECKING  # nothing of the refused ones was done


def keep_as(who: Actor, desk: Desk) -> object:
    return keep_keyed_cases(actor=who, at=AT, batch_id=desk.batch.id, book=desk.book, cases=[desk.keyed(9)])


def test_a_checkers_correction_is_examined_and_the_case_waits_on(desk: Desk) -> None:
    [kept] = desk.keep(desk.keyed(1))
    changes = {"mother_full_name": "Trần Thị Lam", "child_birth_date_words": None}
    found = correct_checked_case(actor=desk.checker, at=AT, case_id=kept.id, changes=changes)
    case = desk.case(kept.id)
    assert (found.state, case.state, case.touched_by) == ("checking", CaseState.CHECKING, [31, 32])
    assert case.as_recorded["mother_full_name"] == "Trần Thị Lam"
    assert "child_birth_date_words" not in case.as_recorded
    wrong = correct_checked_case(actor=desk.checker, at=AT, case_id=kept.id, changes={"child_birth_date": "31.02.2016"})
    assert wrong.state == "held"


def test_a_case_given_back_is_mended_by_its_keyer_only_and_checked_again(desk: Desk) -> None:
    [kept] = desk.keep(desk.keyed(1))
    pass_check(actor=desk.checker, at=AT, case_ids=[kept.id])
    return_to_keyer(actor=desk.checker, at=AT, case_id=kept.id, reason="Sai tên mẹ")
    case = desk.case(kept.id)
    assert (case.state, case.is_check_pending, case.returned_reason) == (CaseState.RETURNED, True, "Sai tên mẹ")
    other = actor(desk.office, 35, "keying.key")
    with pytest.raises(RuleBroken, match="case_not_yours"):
        rekey_case(actor=other, at=AT, case_id=kept.id, book=desk.book, keyed=desk.keyed(1))
    again = rekey_case(
        actor=desk.keyer, at=AT, case_id=kept.id, book=desk.book, keyed=desk.keyed(1, mother_full_name="Trần Thị Lam")
    )
    assert (again.state, desk.case(kept.id).returned_reason) == ("checking", "")


def test_a_case_that_was_checked_is_not_keyed_anew(desk: Desk) -> None:
    [kept] = desk.keep(desk.keyed(1))
    pass_check(actor=desk.checker, at=AT, case_ids=[kept.id])
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        rekey_case(actor=desk.keyer, at=AT, case_id=kept.id, book=desk.book, keyed=desk.keyed(1, page_no="8"))
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        withdraw_keyed_case(actor=desk.keyer, at=AT, case_id=kept.id, reason="")


def test_a_withdrawn_case_frees_its_number(desk: Desk) -> None:
    one, two = desk.keep(desk.keyed(1), desk.keyed(1, child_full_name="Nguyễn Minh Khác"))
    assert (one.state, two.state) == ("checking", "held")
    withdraw_keyed_case(actor=desk.keyer, at=AT, case_id=one.id, reason="Nhập hai lần")
    assert withdraw_keyed_case(actor=desk.keyer, at=AT, case_id=one.id, reason="").state == CaseState.WITHDRAWN
    assert desk.case(two.id).state == CaseState.CHECKING


def test_nothing_goes_into_a_batch_that_was_withdrawn(desk: Desk) -> None:
    withdraw_batch(actor=desk.officer, at=AT, batch_id=desk.batch.id)
    with pytest.raises(RuleBroken, match="batch_withdrawn_already"):
        desk.keep(desk.keyed(1))
    with pytest.raises(RuleBroken, match="batch_unknown"):
        keep_keyed_cases(actor=desk.keyer, at=AT, batch_id=uuid7(), book=desk.book, cases=[desk.keyed(1)])
