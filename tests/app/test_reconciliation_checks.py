"""The three outcomes end to end: chosen while keying, moved to the record at approval, taken over, tracked, proposed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from hotich.intake.models import Case
from hotich.intake.services import approve_batch
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PopulationNumber
from hotich.reconciliation.models import (
    PopulationCheck,
    PopulationLookUp,
    PopulationRequest,
    RequestKind,
    RequestState,
    TrackingField,
    TrackingItem,
)
from hotich.reconciliation.queries.book_facts import facts_of_values
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.reconciliation.services.checks import Choice, confirm_absence, keep_choice, undo_choice
from hotich.reconciliation.services.waiting_questions import answer_waiting
from hotich.records.models import Record
from hotich.registers.types import version_by_id
from hotich.units.models import Office
from tests.app.intake_parts import approver, bring_in, good_cells, workbook
from tests.app.reconciliation_parts import (
    ELDER,
    ELDER_NUMBER,
    KEYER,
    MANY,
    NAMESAKES,
    POLICE,
    asked,
    clerk,
    connect,
    facts,
    keyer,
    police,
    working,
)
from tests.app.records_support import AT, acting, enter, offices
from tests.population_partner import RunningPartner, running_partner

pytestmark = pytest.mark.django_db

NOBODY = {
    "child_full_name": "Phùng Khắc Thiện", "child_birth_date": "01/02/1977", "child_sex": "1",
    "father_full_name": "Phùng Khắc Ân", "mother_full_name": "Đỗ Thị Ngà",
}  # fmt: skip


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner"), people=NAMESAKES) as partner:
        yield partner


@pytest.fixture
def partner(stand_in: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RunningPartner:
    return connect(stand_in, settings, monkeypatch)


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = offices(1)[0]
    in_scope(found)
    return found


def refusal(act: Any) -> str:
    with pytest.raises(RuleBroken) as caught:
        act()
    return caught.value.code


def chosen(office: Office, choice: Choice, about: BookFacts, case_id: UUID) -> PopulationCheck:
    """What the keying screen hands over with a case."""
    with working(keyer(office)) as work:
        return keep_choice(work, office_id=office.id, role=about.role, choice=choice, facts=about, case_id=case_id)


def picked(office: Office, about: BookFacts, case_id: UUID, *, outcome: str = "equal") -> PopulationCheck:
    """Looked up, and the likeliest taken over."""
    answer = asked(keyer(office), about)
    choice = Choice(outcome, answer.candidates[0].citizen.ref, answer.look_up_id)
    return chosen(office, choice, about, case_id)


def a_case(office: Office, **changes: str) -> tuple[Case, dict[str, BookFacts]]:
    """A case that waits for approval, and what it says of its people."""
    said = {
        "nksHoTen": ELDER["child_full_name"], "nksNgaySinh": ELDER["child_birth_date"], "nksGioiTinh": "1",
        "nksNgaySinhBangChu": "", "nksSoDinhDanh": "", "chaHoTen": ELDER["father_full_name"],
        "meHoTen": ELDER["mother_full_name"], "chaSoDinhDanhCaNhan": "", "meSoDinhDanhCaNhan": "",
        "chaNgaySinh": "1960", "meNgaySinh": "05/11/1962", "chaSoGiayToTuyThan": "", "meSoGiayToTuyThan": "",
    }  # fmt: skip
    report = bring_in(office, workbook([good_cells("KS", 7, **{**said, **changes})]))
    case = Case.objects.get(batch_id=UUID(report["batch"]))
    assert case.state == "waiting", case.problems
    version = version_by_id(case.schema_version)
    return case, facts_of_values(version, case.as_recorded, case.registration_year, office_id=office.id)


def approved(office: Office, case: Case) -> Record:
    done = approve_batch(actor=approver(office), at=AT, batch_id=case.batch_id)
    assert done.approved == [case.id], done.refused
    return Record.objects.get(source_case_id=case.id)


# ---- choosing


def test_an_equal_citizen_is_taken_over_and_the_book_stays_as_it_is(partner: RunningPartner, office: Office) -> None:
    about, case = facts(), uuid7()
    check = picked(office, about, case)
    assert (check.outcome, check.personal_id, check.is_taken_over, check.differences) == (
        "equal",
        ELDER_NUMBER,
        True,
        [],
    )
    assert (check.case_id, check.decided_by, check.way) == (case, KEYER, "screen")
    assert about.full_name == "Nguyễn Văn Hoà"
    assert check.citizen["full_name"] == "Nguyễn Văn Hòa"


def test_the_browser_is_not_believed_when_it_says_equal(partner: RunningPartner, office: Office) -> None:
    check = picked(office, facts(child_sex="2"), uuid7(), outcome="equal")
    assert check.outcome == "different"
    assert [(each["field"], each["is_basic"]) for each in check.differences] == [("sex", True)]


def test_a_citizen_who_was_not_in_the_answer_is_refused(partner: RunningPartner, office: Office) -> None:
    answer = asked(keyer(office), facts())
    choice = Choice("equal", "somebody-else", answer.look_up_id)
    assert refusal(lambda: chosen(office, choice, facts(), uuid7())) == "population_citizen_unknown"
    assert PopulationCheck.objects.count() == 0


def test_absent_needs_a_look_up_and_a_reason(partner: RunningPartner, office: Office) -> None:
    about = facts(**NOBODY)
    answer = asked(keyer(office), about)
    without = [
        (Choice("absent", absence="newborn"), "population_look_up_missing"),
        (Choice("absent", look_up_id=answer.look_up_id), "population_absence_missing"),
        (Choice("absent", look_up_id=answer.look_up_id, absence="other"), "population_absence_words_missing"),
    ]
    for choice, code in without:
        assert refusal(lambda choice=choice: chosen(office, choice, about, uuid7())) == code
    check = chosen(office, Choice("absent", "", answer.look_up_id, "never_collected"), about, uuid7())
    assert (check.outcome, check.absence, check.citizen_ref) == ("absent", "never_collected", "")


def test_what_an_outbox_sends_twice_is_kept_once(partner: RunningPartner, office: Office) -> None:
    about, case = facts(), uuid7()
    answer = asked(keyer(office), about)
    choice = Choice("equal", answer.candidates[0].citizen.ref, answer.look_up_id)
    first = chosen(office, choice, about, case)
    again = chosen(office, choice, about, case)
    assert (again.id, again.version) == (first.id, first.version)
    assert PopulationCheck.objects.count() == 1


# ---- approval


def test_approval_takes_the_number_over_beside_the_participant(partner: RunningPartner, office: Office) -> None:
    case, people = a_case(office, nksQueQuan="")
    check = picked(office, people["child"], case.id)
    record = approved(office, case)
    check.refresh_from_db()
    assert (check.record_id, check.outcome) == (record.id, "equal"), check.differences
    number = PopulationNumber.objects.get()
    assert (number.participant_id, number.personal_id) == (check.participant_id, ELDER_NUMBER)
    assert record.as_recorded == case.as_recorded
    assert record.participants.get(role="child").personal_id == ""


def test_approval_puts_what_differs_on_the_tracking_list(partner: RunningPartner, office: Office) -> None:
    case, people = a_case(office, meHoTen="Trần Thị Lai", nksQueQuan="")
    check = picked(office, people["child"], case.id)
    assert check.outcome == "different"
    record = approved(office, case)
    item = TrackingItem.objects.get(record=record)
    assert item.check_of_id == check.id
    assert [(f.field, f.kind, f.is_basic) for f in TrackingField.objects.filter(item=item)] == [
        ("mother_name", "tone", False)
    ]
    undo = lambda: undo_choice(actor=clerk(office), at=AT, check_id=check.id, reason="không phải người này")  # noqa: E731
    assert refusal(undo) == "population_check_tracked"


def test_approval_proposes_an_absent_citizen_to_the_police(partner: RunningPartner, office: Office) -> None:
    case, people = a_case(office, nksHoTen="Phùng Khắc Thiện", nksNgaySinh="01/02/2016", chaHoTen="Phùng Khắc Ân",
                          meHoTen="Đỗ Thị Ngà")  # fmt: skip
    answer = asked(keyer(office), people["child"])
    assert answer.outcome == "absent"
    check = chosen(office, Choice("absent", "", answer.look_up_id, "never_collected"), people["child"], case.id)
    approved(office, case)
    request = PopulationRequest.objects.get(kind=RequestKind.CREATE)
    assert (request.check_of_id, request.state) == (check.id, RequestState.WAITING)
    assert confirm_absence(actor=police(office), at=AT, check_id=check.id).confirmed_by == POLICE
    request.refresh_from_db()
    assert (request.state, request.confirmed_by) == (RequestState.QUEUED, POLICE)


def test_what_was_mended_before_approval_is_compared_again(partner: RunningPartner, office: Office) -> None:
    case, people = a_case(office, nksQueQuan="")
    check = picked(office, people["child"], case.id)
    case.as_recorded = {**case.as_recorded, "mother_full_name": "Trần Thị Lai"}
    case.save(update_fields=["as_recorded"])
    approved(office, case)
    check.refresh_from_db()
    assert (check.outcome, [each["field"] for each in check.differences]) == ("different", ["mother_name"])
    assert TrackingItem.objects.filter(check_of=check).exists()


# ---- a partner that is down


def test_a_pending_question_is_asked_when_the_partner_is_back(partner: RunningPartner, office: Office) -> None:
    case = uuid7()
    partner.fault("down")
    check = chosen(office, Choice("pending"), facts(), case)
    assert (check.outcome, PopulationRequest.objects.get().kind) == ("pending", "look_up")
    assert answer_waiting(at=AT) == 0
    request = PopulationRequest.objects.get()
    assert (request.state, request.attempts) == ("queued", 1) and request.next_at > AT
    connect_again = request.next_at
    partner.no_faults()
    assert answer_waiting(at=AT) == 0, "it is not due yet"
    assert answer_waiting(at=connect_again) == 1
    check.refresh_from_db()
    assert (check.outcome, check.personal_id, check.decided_by) == ("equal", ELDER_NUMBER, None)
    assert PopulationRequest.objects.get().state == "done"
    assert PopulationLookUp.objects.filter(officer_id=KEYER, subject_id=case).count() == 2
    assert answer_waiting(at=connect_again) == 0


def test_a_late_answer_that_differs_is_left_to_a_clerk(partner: RunningPartner, office: Office) -> None:
    check = chosen(office, Choice("pending"), facts(child_sex="2"), uuid7())
    assert answer_waiting(at=AT) == 1
    check.refresh_from_db()
    assert (check.outcome, check.is_taken_over) == ("clerk", False)
    assert check.candidates[0]["personal_id"] == ELDER_NUMBER


def test_nobody_is_absent_by_an_answer_that_is_not_whole(partner: RunningPartner, office: Office) -> None:
    vague = facts(
        child_full_name=MANY, child_sex="2", child_birth_date="1970", father_full_name="", mother_full_name=""
    )
    check = chosen(office, Choice("pending"), vague, uuid7())
    assert answer_waiting(at=AT) == 1
    check.refresh_from_db()
    assert (check.outcome, check.candidates) == ("clerk", [])


def test_a_late_answer_does_not_undo_what_a_human_decided(partner: RunningPartner, office: Office) -> None:
    case = uuid7()
    chosen(office, Choice("pending"), facts(), case)
    answer = asked(keyer(office), facts())
    check = chosen(office, Choice("absent", "", answer.look_up_id, "abroad"), facts(), case)
    assert answer_waiting(at=AT) == 0
    check.refresh_from_db()
    assert (check.outcome, PopulationRequest.objects.get().state) == ("absent", "cancelled")


def test_a_choice_whose_answer_is_gone_is_asked_again_and_the_same_citizen_taken(
    partner: RunningPartner, office: Office
) -> None:
    answer = asked(keyer(office), facts())
    ref = answer.candidates[0].citizen.ref
    check = chosen(office, Choice("equal", ref, uuid7()), facts(), uuid7())
    assert check.outcome == "pending"
    answer_waiting(at=AT)
    check.refresh_from_db()
    assert (check.outcome, check.citizen_ref, check.decided_by) == ("equal", ref, KEYER)


# ---- on a record, and second thoughts


def test_a_choice_on_a_record_takes_effect_at_once_and_is_taken_back_whole(
    partner: RunningPartner, office: Office
) -> None:
    with acting(office) as actor:
        record = enter(actor, office, "KS", year=1988, era="ND83", **ELDER)
    actor = clerk(office)
    answer = asked(actor, facts(), kind="record", subject=record.id)
    with working(actor) as work:
        check = keep_choice(
            work, office_id=office.id, role="child", record_id=record.id, way="page",
            choice=Choice("equal", answer.candidates[0].citizen.ref, answer.look_up_id),
        )  # fmt: skip
    assert PopulationNumber.objects.get(withdrawn_at__isnull=True).personal_id == ELDER_NUMBER
    assert refusal(lambda: undo_choice(actor=actor, at=AT, check_id=check.id, reason=" ")) == "reason_missing"
    undone = undo_choice(actor=actor, at=AT, check_id=check.id, reason="không phải người này")
    assert (undone.outcome, undone.personal_id, undone.is_taken_over) == ("clerk", "", False)
    assert undone.candidates[0]["personal_id"] == ELDER_NUMBER
    assert not PopulationNumber.objects.filter(withdrawn_at__isnull=True).exists()
    assert PopulationNumber.objects.count() == 1


def test_nobody_confirms_what_he_said_himself(partner: RunningPartner, office: Office) -> None:
    answer = asked(police(office), facts(**NOBODY))
    with working(police(office)) as work:
        check = keep_choice(
            work, office_id=office.id, role="child", case_id=uuid7(), facts=facts(**NOBODY),
            choice=Choice("absent", "", answer.look_up_id, "abroad"),
        )  # fmt: skip
    confirm = lambda: confirm_absence(actor=police(office), at=AT, check_id=check.id)  # noqa: E731
    assert refusal(confirm) == "population_confirmed_by_maker"
    assert refusal(lambda: confirm_absence(actor=clerk(office), at=AT, check_id=check.id)) == "not_allowed"
