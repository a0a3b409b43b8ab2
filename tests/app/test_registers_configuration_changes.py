"""Changes of the configuration: proposed, decided by a second person, in force in every process, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry, Event
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.intake.rules.row_examination import Setting
from hotich.intake.rules.workbook_rows import read_workbook
from hotich.intake.services import Delivery, import_book
from hotich.intake.services.examination_pool import BYTES_WORTH_PROCESSES, ExaminationPool
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.codes import find, label_of
from hotich.registers.models import ConfigurationChange, ConfigurationProposal, ProposalState
from hotich.registers.queries.configuration import (
    configuration_in_force,
    count_waiting,
    drafts_of,
    history_of_key,
    keys_changed,
    keys_waiting,
    proposal_by_id,
    proposals,
    use_configuration_in_force,
)
from hotich.registers.rules.configuration import LocalChange, shipped
from hotich.registers.rules.configuration_change import change_of
from hotich.registers.rules.configuration_file import write_file
from hotich.registers.rules.parameters import constant, parameter
from hotich.registers.rules.snapshot import install
from hotich.registers.services.configuration import (
    decide_proposal,
    propose_changes,
    propose_file,
    submit_draft,
    take_back_change,
    withdraw_proposal,
)
from tests.app.intake_parts import an_office, good_cells, keyer, rows_of, workbook

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
ADULT = change_of("parameter", "adult_age", {"value": 19}, source="Luật X, Điều 1", valid_from=date(2027, 1, 1))
OLDEST = change_of("parameter", "mother_gap_max", {"value": 50}, source="Quy ước của Sở")
INTERSEX = change_of("code", "sex/4", {"action": "add", "vi": "Liên giới tính"}, source="Luật Y", verified=True)


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    install(shipped())


def officer(number: int, role: str = "department_of_justice") -> Actor:
    return Actor(f"officer{number}", 1, number, frozenset({1}), ROLES[role].rights)


PROPOSER, OTHER = officer(1), officer(2, "ministry")


def propose(*changes: LocalChange, actor: Actor = PROPOSER, at: datetime = AT, **more: Any) -> ConfigurationProposal:
    texts = {"title": "Đổi ngưỡng", "reason": "Luật mới"} | more
    return propose_changes(actor=actor, at=at, changes=changes, **texts)


def approve(proposal: ConfigurationProposal, actor: Actor = OTHER, at: datetime = AT) -> ConfigurationProposal:
    done = decide_proposal(actor=actor, at=at, proposal_id=proposal.id, version=proposal.version, approve=True)
    use_configuration_in_force(at=at)
    return done


def refused(code: str) -> Any:
    return pytest.raises(RuleBroken, match=f"^{code}$")


# ---- two persons


@pytest.mark.django_db
def test_what_the_law_sets_holds_when_a_second_person_has_approved() -> None:
    proposal = propose(ADULT)
    use_configuration_in_force(at=AT)
    assert proposal.state == ProposalState.PROPOSED and parameter("adult_age", date(2027, 1, 1)) == 18
    assert [count_waiting(each, AT.date()) for each in (OTHER, PROPOSER, officer(3, "auditor"))] == [1, 0, 0]
    done = approve(proposal)
    assert (done.state, done.decided_by, done.number) == (ProposalState.APPROVED, 2, 1)
    assert (parameter("adult_age", date(2026, 12, 31)), parameter("adult_age", date(2027, 1, 1))) == (18, 19)
    assert keys_changed() == {("parameter", "adult_age")} and keys_waiting() == set()


@pytest.mark.django_db
def test_what_practice_sets_holds_at_once_and_is_in_the_trail() -> None:
    proposal = propose(OLDEST)
    use_configuration_in_force(at=AT)
    assert proposal.state == ProposalState.APPROVED and constant("mother_gap_max") == 50
    verbs = Entry.objects.filter(subject_kind="configuration").order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["configuration.proposed", "configuration.approved"]
    assert Entry.objects.filter(facts__keys=["parameter:mother_gap_max"]).count() == 2
    assert Event.objects.filter(kind="configuration.changed").count() == 1


@pytest.mark.django_db
def test_one_legal_change_makes_the_whole_proposal_wait() -> None:
    assert propose(OLDEST, ADULT).state == ProposalState.PROPOSED
    use_configuration_in_force(at=AT)
    assert constant("mother_gap_max") == 55


@pytest.mark.django_db
def test_nobody_decides_on_a_proposal_of_ones_own() -> None:
    with refused("configuration_own_proposal"):
        approve(propose(ADULT), PROPOSER)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["civil_status_officer", "commune_leader", "technical_administrator", "auditor"])
def test_only_the_department_and_the_ministry_propose_and_decide(role: str) -> None:
    proposal = propose(ADULT)
    with refused("not_allowed"):
        approve(proposal, officer(3, role))
    with refused("not_allowed"):
        propose(OLDEST, actor=officer(3, role))


@pytest.mark.django_db
def test_a_refusal_says_why_and_changes_nothing() -> None:
    proposal = propose(ADULT)
    with refused("configuration_refusal_needs_reason"):
        decide_proposal(actor=OTHER, at=AT, proposal_id=proposal.id, version=1, approve=False, note=" ")
    done = decide_proposal(
        actor=OTHER, at=AT, proposal_id=proposal.id, version=1, approve=False, note="Chưa có hiệu lực"
    )
    assert (done.state, done.decision_note) == (ProposalState.REFUSED, "Chưa có hiệu lực")
    assert use_configuration_in_force(at=AT).value("adult_age", date(2027, 1, 1)) == 18
    with refused("configuration_proposal_settled"):
        approve(done)


@pytest.mark.django_db
def test_a_proposal_is_withdrawn_by_its_author_only() -> None:
    proposal = propose(ADULT)
    with refused("configuration_not_own_proposal"):
        withdraw_proposal(actor=OTHER, at=AT, proposal_id=proposal.id, version=1)
    assert withdraw_proposal(actor=PROPOSER, at=AT, proposal_id=proposal.id, version=1).state == "withdrawn"
    assert propose(ADULT).state == ProposalState.PROPOSED


@pytest.mark.django_db
def test_a_draft_is_seen_by_its_author_and_proposed_later() -> None:
    draft = propose(ADULT, as_draft=True)
    assert list(drafts_of(1)) == [draft] and list(proposals()) == [] and history_of_key("parameter", "adult_age") == []
    with refused("configuration_proposal_unknown"):
        proposal_by_id(draft.id, OTHER)
    with refused("configuration_proposal_unknown"):
        submit_draft(actor=officer(4), at=AT, proposal_id=draft.id, version=1)
    sent = submit_draft(actor=PROPOSER, at=AT, proposal_id=draft.id, version=1)
    assert sent.state == ProposalState.PROPOSED and approve(sent).state == ProposalState.APPROVED


@pytest.mark.django_db
def test_a_page_that_is_out_of_date_decides_nothing() -> None:
    proposal = propose(ADULT)
    with refused("changed_meanwhile"):
        decide_proposal(actor=OTHER, at=AT, proposal_id=proposal.id, version=7, approve=True)


@pytest.mark.django_db
def test_what_cannot_be_is_not_even_proposed() -> None:
    wrong = change_of("parameter", "adult_age", {"value": 500}, source="x")
    with refused("configuration_value_out_of_range"):
        propose(OLDEST, wrong)
    with refused("configuration_reason_missing"):
        propose(ADULT, reason=" ")
    with refused("configuration_proposal_empty"):
        propose()
    assert not ConfigurationProposal.objects.exists() and not Entry.objects.exists()


# ---- two at once


@pytest.mark.django_db
def test_a_key_waits_for_one_decision_at_a_time() -> None:
    propose(ADULT)
    with refused("configuration_already_proposed"):
        propose(change_of("parameter", "adult_age", {"value": 20}, source="Luật Z"), actor=officer(3))


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_propose_one_key_at_the_same_moment_one_is_told() -> None:
    barrier, outcome = Barrier(2), []

    def act(number: int) -> None:
        barrier.wait()
        try:
            outcome.append(propose(ADULT, actor=officer(number)).state)
        except RuleBroken as refusal:
            outcome.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(number,)) for number in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["configuration_already_proposed", "proposed"]


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_decide_at_the_same_moment_one_is_told() -> None:
    proposal, barrier, outcome = propose(ADULT), Barrier(2), []

    def act(number: int) -> None:
        barrier.wait()
        try:
            outcome.append(approve(proposal, officer(number)).state)
        except RuleBroken as refusal:
            outcome.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(number,)) for number in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["approved", "configuration_proposal_settled"]


@pytest.mark.django_db
def test_what_was_decided_meanwhile_is_seen_when_the_next_one_is_decided() -> None:
    ended = change_of("code", "residence_type/3", {"action": "verify"}, source="Công văn", verified=True)
    mapped = change_of("code", "residence_type/2", {"action": "map", "target": "3"}, source="Công văn")
    with refused("code_target_unverified"):
        propose(mapped)
    approve(propose(ended))
    assert approve(propose(mapped)).state == ProposalState.APPROVED
    assert find("residence_type", "tạm trú") == "3"


# ---- every process


@pytest.mark.django_db
def test_a_process_asks_one_short_question_while_nothing_changed(django_assert_num_queries: Any) -> None:
    propose(OLDEST)
    first = use_configuration_in_force(at=AT)
    with django_assert_num_queries(1):
        assert use_configuration_in_force(at=AT) is first


@pytest.mark.django_db
def test_a_process_that_knew_an_older_configuration_takes_the_newer_one() -> None:
    propose(OLDEST)
    install(shipped())  # as in a process that has not looked yet
    assert constant("mother_gap_max") == 55
    use_configuration_in_force(at=AT)
    assert constant("mother_gap_max") == 50


@pytest.mark.django_db
def test_a_change_for_tomorrow_shows_when_tomorrow_has_come() -> None:
    tomorrow = change_of("parameter", "mother_gap_max", {"value": 50}, source="x", valid_from=date(2026, 11, 26))
    propose(tomorrow)
    use_configuration_in_force(at=AT)
    assert constant("mother_gap_max") == 55
    use_configuration_in_force(at=AT + timedelta(days=1))
    assert constant("mother_gap_max") == 50


@pytest.mark.django_db
def test_what_was_rolled_back_is_forgotten_at_the_next_look() -> None:
    from django.db import transaction

    try:
        with transaction.atomic():
            propose(OLDEST)
            use_configuration_in_force(at=AT)
            assert constant("mother_gap_max") == 50
            raise KeyError
    except KeyError:
        pass
    use_configuration_in_force(at=AT)
    assert constant("mother_gap_max") == 55


# ---- taking back, history, file


@pytest.mark.django_db
def test_what_is_taken_back_no_longer_holds_and_stays_in_the_history() -> None:
    approve(propose(ADULT))
    change = ConfigurationChange.objects.get()
    back = take_back_change(actor=PROPOSER, at=AT, change_id=change.id, reason="Luật bị bãi bỏ", source="Luật W")
    assert back.state == ProposalState.PROPOSED and parameter("adult_age", date(2027, 1, 1)) == 19
    approve(back)
    assert parameter("adult_age", date(2027, 1, 1)) == 18 and keys_changed() == set()
    assert [item.takes_back_id for item in history_of_key("parameter", "adult_age")] == [change.id, None]
    with refused("configuration_change_not_in_force"):
        take_back_change(actor=PROPOSER, at=AT, change_id=change.id, reason="x", source="x")


@pytest.mark.django_db
def test_an_added_code_is_ended_and_never_removed() -> None:
    approve(propose(INTERSEX))
    assert find("sex", "liên giới tính") == "4"
    with refused("code_is_ended_not_removed"):
        take_back_change(actor=PROPOSER, at=AT, change_id=ConfigurationChange.objects.get().id, reason="x", source="x")
    approve(propose(change_of("code", "sex/4", {"action": "end"}, source="Luật", valid_to=date(2026, 1, 1))))
    assert find("sex", "liên giới tính", date(2026, 6, 1)) is None and label_of("sex", "4") == "Liên giới tính"
    assert len(history_of_key("code", "sex")) == 2


@pytest.mark.django_db
def test_a_file_is_one_proposal_of_what_is_not_in_force_yet() -> None:
    approve(propose(INTERSEX))
    file = write_file([INTERSEX, ADULT, OLDEST], at=AT, office="Bộ Tư pháp")
    texts = {"name": "cau-hinh.json", "title": "Cấu hình của Bộ", "reason": "Công văn 12"}
    made = propose_file(actor=PROPOSER, at=AT, content=file, **texts)
    assert [item.key for item in made.changes.all()] == ["adult_age", "mother_gap_max"]
    assert made.state == ProposalState.PROPOSED and made.file_name == "cau-hinh.json"
    approve(made)
    assert set(configuration_in_force(AT.date()).changes) == {INTERSEX, ADULT, OLDEST}
    with refused("configuration_file_brings_nothing"):
        propose_file(actor=PROPOSER, at=AT, content=file, **texts)
    with refused("configuration_file_unreadable"):
        propose_file(actor=PROPOSER, at=AT, content=b"{", **texts)


# ---- imports


@pytest.mark.django_db
def test_an_import_judges_by_what_is_in_force() -> None:
    office = an_office()

    def findings(number: int) -> set[str]:
        delivery = Delivery(f"{number}.xlsx", workbook([good_cells(number=number)]))
        import_book(actor=keyer(office), at=AT, office_id=office.id, delivery=delivery)
        with office_scope({office.id}):
            return {problem["code"] for problem in Case.objects.get(number=number).problems}

    assert "mother_age_unusual" not in findings(1)
    propose(change_of("parameter", "mother_gap_min", {"value": 28}, source="x", valid_from=date(2016, 7, 1)))
    install(shipped())  # the importing process has not looked yet
    assert "mother_age_unusual" not in findings(2)  # registered on 20 June 2016
    propose(change_of("parameter", "mother_gap_min", {"value": 28}, source="x", valid_from=date(2016, 6, 1)))
    install(shipped())
    assert "mother_age_unusual" in findings(3)


@pytest.mark.django_db
def test_helping_processes_of_an_import_judge_by_what_is_in_force() -> None:
    propose(change_of("parameter", "mother_gap_min", {"value": 28}, source="x"))
    sheet = read_workbook(workbook(rows_of("KS", 120)))
    plain = Setting(sheet.header.letters, sheet.header.columns, today=AT.date())
    changed = replace(plain, configuration=configuration_in_force(AT.date()))
    found = {}
    for name, setting in (("plain", plain), ("changed", changed)):
        with ExaminationPool(workbook_size=BYTES_WORTH_PROCESSES, cores=4) as pool:
            pieces = list(pool.examined(setting, sheet.rows, 40))
        found[name] = {problem[0] for piece in pieces for row in piece for problem in row.problems}
    assert found["changed"] - found["plain"] == {"mother_age_unusual"}
