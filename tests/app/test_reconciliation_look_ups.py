"""Looking a citizen up while keying: by number or name, against the real stand-in; log, budget, a partner that is down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel.ids import uuid7
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import PopulationAnswer, PopulationAsking, PopulationLookUp
from hotich.reconciliation.queries.requests import every_office
from hotich.reconciliation.rules.questions import asked as question
from hotich.reconciliation.services import look_ups
from hotich.reconciliation.services.asking_trace import note_left_askings
from hotich.units.models import Office
from tests.app.reconciliation_parts import ELDER_NUMBER, KEYER, MANY, NAMESAKES, asked, connect, facts, keyer
from tests.app.records_support import AT, actor_at, offices
from tests.population_partner import RunningPartner, running_partner

pytestmark = pytest.mark.django_db


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


def test_a_name_and_a_birth_find_the_right_citizen_before_his_namesake(partner: RunningPartner, office: Office) -> None:
    found = asked(keyer(office), facts())
    assert (found.state, found.outcome) == ("answered", "equal")
    best, *others = found.candidates
    assert (best.citizen.personal_id, best.is_evident, best.comparison.differences) == (ELDER_NUMBER, True, ())
    assert [each.citizen.personal_id for each in others] == ["068088000009"]
    assert {"name", "birth", "father", "mother"} <= {each.field for each in best.evidence}


def test_what_differs_is_named_and_makes_the_outcome_different(partner: RunningPartner, office: Office) -> None:
    found = asked(keyer(office), facts(child_birth_date="03/12/1988", mother_full_name="Trần Thị Lai"))
    assert found.outcome == "different"
    best = found.candidates[0]
    assert best.citizen.personal_id == ELDER_NUMBER
    assert {(each.field, each.kind) for each in best.comparison.differences} == {
        ("birth", "swapped_day_month"), ("mother_name", "tone"),
    }  # fmt: skip


def test_an_odd_number_in_the_book_does_not_hide_the_citizen(partner: RunningPartner, office: Office) -> None:
    found = asked(keyer(office), facts(child_personal_id="066088999999"))
    assert found.candidates[0].citizen.personal_id == ELDER_NUMBER
    assert ("personal_id", "different") in {(d.field, d.kind) for d in found.candidates[0].comparison.differences}
    assert list(PopulationLookUp.objects.order_by("id").values_list("way", flat=True)) == ["number", "name"]


def test_a_brother_is_not_taken_for_somebody_who_is_absent(partner: RunningPartner, office: Office) -> None:
    found = asked(keyer(office), facts(child_full_name="Nguyễn Văn Hùng", child_birth_date="09/09/1995"))
    assert found.outcome in ("absent", "clerk")
    assert not any(each.is_evident for each in found.candidates)


def test_nobody_is_found_where_nobody_is(partner: RunningPartner, office: Office) -> None:
    nobody = facts(
        child_full_name="Phùng Khắc Thiện", child_birth_date="01/02/1977", father_full_name="Phùng Khắc Ân",
        mother_full_name="Đỗ Thị Ngà",
    )  # fmt: skip
    found = asked(keyer(office), nobody)
    assert (found.outcome, found.candidates) == ("absent", ())


def test_a_name_of_too_many_is_asked_with_the_day_and_without_one_nobody_is_absent(
    partner: RunningPartner, office: Office
) -> None:
    of_many = {"child_full_name": MANY, "child_sex": "2", "father_full_name": "", "mother_full_name": ""}
    found = asked(keyer(office), facts(**of_many, child_birth_date="05/01/1970"))
    assert found.candidates[0].citizen.birth == "1970-01-05"
    vague = asked(keyer(office), facts(**of_many, child_birth_date="1970"))
    assert (vague.state, vague.outcome, vague.candidates) == ("too_many", "clerk", ())


def test_a_bare_name_is_no_question() -> None:
    assert refusal(lambda: question({"full_name": "Nguyễn Văn Hòa"})) == "population_one_more_fact"
    assert refusal(lambda: question({"full_name": "Hòa", "birth": "1988"})) == "population_name_incomplete"
    assert refusal(lambda: question({"personal_id": "06608800000"})) == "population_number_unreadable"
    assert refusal(lambda: question({"old_id": "24000"})) == "population_old_number_unreadable"
    assert question({"personal_id": "066 088 000 001"}).way == "number"


def test_a_book_that_says_too_little_is_not_asked_about(partner: RunningPartner, office: Office) -> None:
    little = facts(child_birth_date="", father_full_name="", mother_full_name="")
    assert refusal(lambda: asked(keyer(office), little)) == "population_facts_too_few"
    assert PopulationLookUp.objects.count() == 0


def test_each_question_is_written_down_without_a_name_or_number(partner: RunningPartner, office: Office) -> None:
    before, subject = len(partner.calls()), uuid7()
    answer = asked(keyer(office), facts(), kind="case", subject=subject)
    row = PopulationLookUp.objects.get()
    assert (row.id, row.officer_id, row.subject_id, row.role) == (answer.look_up_id, KEYER, subject, "child")
    assert (row.purpose, row.way, row.result, row.candidates) == ("digitisation", "name", "answered", 2)
    act = Entry.objects.get(verb="population.looked_up")
    assert act.facts["rows"] == 2
    for told in (str(act.facts), row.question, str(vars(row))):
        assert "Hòa" not in told and "Hoà" not in told and ELDER_NUMBER not in told
    call = partner.calls()[before]
    assert (call["request_id"], call["procedure"], call["office"], call["officer"]) == (
        str(row.id), "digitisation", office.code, str(KEYER),
    )  # fmt: skip


def test_the_same_question_has_the_same_fingerprint_however_it_is_written(
    partner: RunningPartner, office: Office
) -> None:
    asked(keyer(office), facts())
    asked(keyer(office), facts(child_full_name="nguyễn văn  HÒA"))
    asked(keyer(office), facts(child_birth_date="1990"))
    prints = list(PopulationLookUp.objects.order_by("id").values_list("question", flat=True))
    assert prints[0] == prints[1] != prints[2]


def test_whoever_may_not_look_up_asks_nothing(partner: RunningPartner, office: Office) -> None:
    before = len(partner.calls())
    stranger = actor_at(office, rights=frozenset({"record.read"}))
    assert refusal(lambda: asked(stranger, facts())) == "not_allowed"
    assert len(partner.calls()) == before


def test_the_budget_of_a_day_ends_the_questions_not_the_work(
    partner: RunningPartner, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "constant", lambda code: 2)
    actor = keyer(office)
    asked(actor, facts())
    asked(actor, facts())
    assert refusal(lambda: asked(actor, facts())) == "population_budget_used"
    tomorrow = AT + timedelta(days=1)
    where = look_ups.About("entry", uuid7(), "child")
    assert look_ups.look_up_person(actor=actor, at=tomorrow, facts=facts(), about=where).outcome == "equal"


def test_a_partner_that_is_down_leaves_the_question_pending(partner: RunningPartner, office: Office) -> None:
    partner.fault("down")
    found = asked(keyer(office), facts())
    assert (found.state, found.outcome, found.candidates) == ("unreachable", "pending", ())
    assert PopulationLookUp.objects.get().result == "unreachable"
    assert PopulationAnswer.objects.count() == 0


@pytest.mark.parametrize(
    ("fault", "value"),
    [("rate_limit", "1"), ("token_expired", ""), ("wrong_answer", "not_json"), ("wrong_answer", "no_fields"),
     ("wrong_answer", "other_request"), ("slow", "0.2")],
)  # fmt: skip
def test_whatever_the_partner_does_the_officer_gets_an_answer_or_goes_on(
    partner: RunningPartner, office: Office, fault: str, value: str
) -> None:
    partner.fault(fault, value, calls=("tra-cuu",), times=1)
    found = asked(keyer(office), facts())
    assert (found.state, found.outcome) in {("answered", "equal"), ("unreachable", "pending")}
    assert PopulationLookUp.objects.filter(id=found.look_up_id, result=found.state).exists()
    partner.no_faults()
    assert asked(keyer(office), facts()).outcome == "equal"


def test_answers_are_kept_for_some_days_for_the_own_office_only(partner: RunningPartner, office: Office) -> None:
    answer = asked(keyer(office), facts())
    assert look_ups.kept_citizens(keyer(office), answer.look_up_id)
    other = offices(2)[1]
    with office_scope([other.id]):
        assert look_ups.kept_citizens(keyer(other), answer.look_up_id) is None
        assert PopulationLookUp.objects.count() == 0
    assert look_ups.forget_answers(at=AT + timedelta(days=9)) == 0
    assert look_ups.forget_answers(at=AT + timedelta(days=11)) == 1
    assert PopulationLookUp.objects.count() == 1


def test_a_question_whose_page_fails_after_the_asking_keeps_its_trace(partner: RunningPartner, office: Office) -> None:
    with office_scope(every_office()):
        PopulationAsking.objects.all().delete()  # of tests before: what a test asks is committed, too
    subject = uuid7()

    def page() -> None:
        with transaction.atomic():
            assert asked(keyer(office), facts(), subject=subject).outcome == "equal"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page()
    assert not PopulationLookUp.objects.exists() and not Entry.objects.filter(verb="population.looked_up").exists()
    assert PopulationAsking.objects.filter(subject_id=subject, officer_id=KEYER).count() == 1
    assert note_left_askings(at=AT + timedelta(minutes=4)) == 0  # the page may still be at it
    assert note_left_askings(at=AT + timedelta(minutes=6)) == 1
    line = PopulationLookUp.objects.get(subject_id=subject)
    assert (line.officer_id, line.result, line.way, line.at) == (KEYER, "unknown", "name", AT)
    assert Entry.objects.get(verb="population.looked_up").facts["officer"] == KEYER
    assert not PopulationAsking.objects.exists() and note_left_askings(at=AT + timedelta(minutes=9)) == 0
