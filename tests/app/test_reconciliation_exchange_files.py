"""A closed network: signed files out and in; and one day compared both ways with the real stand-in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hotich.audit.services import unit_of_work
from hotich.files.queries import read_file
from hotich.kernel import clock
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.adapters import choice
from hotich.reconciliation.models import CheckOutcome, DailyAgreement, PopulationRequest, RequestState
from hotich.reconciliation.queries.book_facts import facts_of_record
from hotich.reconciliation.rules.questions import Question
from hotich.reconciliation.services.agreement import agree_on_day, agree_on_yesterday
from hotich.reconciliation.services.exchange_files import make_exchange_file, take_answer_file
from hotich.reconciliation.services.requests import propose_adjustment, queue_question
from hotich.reconciliation.services.sending import send_due
from hotich.units.models import Office
from tests.app.reconciliation_exchange_parts import (
    AT,
    a_birth,
    absent,
    acting,
    again,
    an_office,
    clerk,
    connect,
    police,
    to_send,
)
from tests.app.test_reconciliation_requests import tracked
from tests.population_partner import ROOT, RunningPartner, citizen, running_partner

pytestmark = pytest.mark.django_db
KNOWN = citizen("066087000123", "Vừ Mí Thử", "1987-03-06", "1", father_name="Vừ Chứ Thử", mother_name="Giàng Thị Thử")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner"), people=[KNOWN]) as partner:
        yield partner


@pytest.fixture
def partner(running: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RunningPartner:
    connect(running, settings, monkeypatch, wait=5)
    return running


@pytest.fixture
def closed(partner: RunningPartner, settings: Any) -> RunningPartner:
    settings.HOTICH_POPULATION_ADAPTER = "files"
    return partner


@pytest.fixture
def office() -> Office:
    return an_office()


def _answered(partner: RunningPartner, content: bytes, folder: Path) -> bytes:
    """What the partner's own command makes of a file of requests."""
    request, response = folder / "request.jsonl", folder / "response.jsonl"
    request.write_bytes(content)
    command = [sys.executable, "-m", "partners.population", "answer", "--data", str(partner.folder)]
    subprocess.run([*command, str(request), str(response)], cwd=ROOT, check=True, capture_output=True)
    return response.read_bytes()


def _content(office: Office, made: Any) -> bytes:
    with acting(office):
        return read_file(made.request_file)


def test_what_was_sent_by_call_and_never_answered_is_asked_about_by_file_and_not_sent_again(
    partner: RunningPartner, settings: Any, office: Office, tmp_path: Path
) -> None:
    partner.fault("timeout_after_commit", "6", calls=("cap-moi",), times=1)
    done, lost = to_send(office), to_send(office)
    with acting(office):  # the second one never left: the line broke before
        PopulationRequest.objects.filter(id=lost.id).update(
            state=RequestState.UNCLEAR, attempts=1, next_at=AT + timedelta(minutes=30)
        )
    settings.HOTICH_POPULATION_WAIT = 0.5
    choice._live.cache_clear()
    send_due(at=AT, most=2)
    settings.HOTICH_POPULATION_ADAPTER = "files"
    partner.no_faults()
    assert {again(office, each).state for each in (done, lost)} == {"unclear"}
    with pytest.raises(RuleBroken, match="exchange_nothing_queued"):
        make_exchange_file(actor=clerk(office), at=AT, office_id=office.id)  # a call may still be under way
    hour = AT + timedelta(hours=1)
    made = make_exchange_file(actor=clerk(office), at=hour, office_id=office.id)
    lines = _content(office, made).splitlines()[1:-1]
    assert [json.loads(line)["kind"] for line in lines] == ["state", "state"]  # neither is sent again
    answers = _answered(partner, _content(office, made), tmp_path)
    taken = take_answer_file(actor=clerk(office), at=hour, file_id=made.id, content=answers)
    assert (taken.answered, taken.waiting) == (2, 0)
    assert (again(office, done).state, again(office, lost).state) == ("done", "queued")
    assert len(partner.citizens_named(done.content["facts"]["full_name"])) == 1
    second = make_exchange_file(actor=clerk(office), at=hour, office_id=office.id)
    assert [json.loads(line)["MaYeuCau"] for line in _content(office, second).splitlines()[1:-1]] == [str(lost.id)]
    # the first file of answers once more changes nothing, though the request went out with another file meanwhile
    assert take_answer_file(actor=clerk(office), at=hour, file_id=made.id, content=answers).answered == 0
    take_answer_file(
        actor=clerk(office), at=hour, file_id=second.id, content=_answered(partner, _content(office, second), tmp_path)
    )
    assert again(office, lost).state == "done"
    assert len(partner.citizens_named(lost.content["facts"]["full_name"])) == 1


def _question(office: Office) -> PopulationRequest:
    """Somebody the partner knows, asked about while it answers by file only."""
    record = a_birth(
        office, child_full_name="Vừ Mí Thử", child_birth_date="06/03/1987", father_full_name="Vừ Chứ Thử",
        mother_full_name="Giàng Thị Thử",
    )  # fmt: skip
    with acting(office) as actor, unit_of_work(actor=actor, at=AT) as work:
        check = absent(office, record, reason="")
        check.outcome, check.decided_by = CheckOutcome.PENDING, None
        check.save()
        return queue_question(
            work, check=check, question=Question(full_name="Vừ Mí Thử", birth="1987"), purpose="digitisation"
        )


def test_creations_adjustments_and_questions_go_out_in_one_signed_file_and_come_back_answered(
    closed: RunningPartner, office: Office, tmp_path: Path
) -> None:
    created, asked, item = to_send(office), _question(office), tracked(office)
    with acting(office, officer=41) as actor, unit_of_work(actor=actor, at=AT) as work:
        change = propose_adjustment(
            work, tracking=item, changes=[("birth", "1987-03-06", "1987-03-05")], basis="Giấy khai sinh"
        )
    assert send_due(at=AT).tried == 0  # nothing is called here
    made = make_exchange_file(actor=clerk(office), at=AT, office_id=office.id)
    assert made.requests == 3 and {again(office, each).state for each in (created, asked, change)} == {"in_file"}
    with pytest.raises(RuleBroken, match="exchange_nothing_queued"):
        make_exchange_file(actor=clerk(office), at=AT, office_id=office.id)
    answers = _answered(closed, _content(office, made), tmp_path)
    taken = take_answer_file(actor=clerk(office), at=AT, file_id=made.id, content=answers)
    assert (taken.answered, taken.known, taken.waiting) == (3, 0, 0)
    assert {again(office, each).state for each in (created, asked, change)} == {"done"}
    one, found, changed = (again(office, each).check_of for each in (created, asked, change))
    assert one is not None and one.is_taken_over and len(one.personal_id) == 12
    assert found is not None and found.citizen_ref and found.personal_id == KNOWN["personal_id"]
    assert changed is not None and closed.citizens_named("Vừ Mí Thử")[0]["birth"] == "1987-03-05"
    # the same file once more, and the partner asked once more, change nothing
    second = take_answer_file(actor=clerk(office), at=AT, file_id=made.id, content=answers)
    assert (second.answered, second.known) == (0, 3)
    again_there = _answered(closed, _content(office, made), tmp_path)
    assert take_answer_file(actor=clerk(office), at=AT, file_id=made.id, content=again_there).answered == 0
    assert len(closed.citizens_named(created.content["facts"]["full_name"])) == 1


def test_files_that_are_forged_or_of_others_change_nothing(
    closed: RunningPartner, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = to_send(office)
    made = make_exchange_file(actor=clerk(office), at=AT, office_id=office.id)
    second = to_send(office)
    other = make_exchange_file(actor=clerk(office), at=AT + timedelta(minutes=1), office_id=office.id)
    answers = _answered(closed, _content(office, made), tmp_path)

    def refused(file_id: Any, content: bytes) -> str:
        with pytest.raises(RuleBroken) as error:
            take_answer_file(actor=clerk(office), at=AT, file_id=file_id, content=content)
        return error.value.code

    assert refused(made.id, answers.replace(b"da_cap", b"tu_choi")) == "exchange_file_signature"
    assert refused(other.id, answers) == "exchange_line_unknown"
    assert refused(second.id, answers) == "exchange_file_unknown"
    assert {again(office, each).state for each in (first, second)} == {"in_file"}
    monkeypatch.setenv("HOTICH_POPULATION_KEY", "another")
    assert refused(made.id, answers) == "exchange_file_signature"
    with pytest.raises(RuleBroken, match="not_allowed"):
        take_answer_file(actor=police(office), at=AT, file_id=made.id, content=answers)
    # answered under the secret that was in force when the file was made
    monkeypatch.setenv("HOTICH_POPULATION_FORMER_KEYS", closed.secret)
    assert take_answer_file(actor=clerk(office), at=AT, file_id=made.id, content=answers).answered == 1


def test_a_file_names_no_residence_and_no_reason_in_words(closed: RunningPartner, office: Office) -> None:
    to_send(office)
    made = make_exchange_file(actor=clerk(office), at=AT, office_id=office.id)
    header, line, _signature = map(json.loads, _content(office, made).splitlines())
    assert (header["office"], header["count"], header["key_id"]) == (office.code, 1, closed.client)
    assert line["kind"] == "create" and "NoiThuongTru" not in line["CongDan"] and line["LyDo"] == "never_collected"


def test_a_day_is_compared_both_ways_and_what_is_missing_is_named(partner: RunningPartner, office: Office) -> None:
    now = clock.now()
    tomorrow = now + timedelta(days=1)
    good, lost, unknown = (to_send(office, at=now) for _ in range(3))
    assert send_due(at=now).answered == 3
    assert agree_on_yesterday(at=tomorrow) == 1 and agree_on_yesterday(at=tomorrow) == 0  # once a day
    day = in_vietnam(now).date()
    with acting(office):
        kept = DailyAgreement.objects.get(origin_office=office, day=day)
    assert kept.faults == [
        {"request_id": each["request_id"], "fault": "missing_here"} for each in _of_others(partner, office, kept)
    ]
    with acting(office):  # a backup of ours that is too old; and an answer the partner knows nothing of
        PopulationRequest.objects.filter(id=lost.id).update(state=RequestState.UNCLEAR, receipt="", next_at=tomorrow)
        PopulationRequest.objects.filter(id=unknown.id).update(receipt="BN-0")
        ghost = to_send(office, at=now)
        PopulationRequest.objects.filter(id=ghost.id).update(state=RequestState.DONE, receipt="BN-9", changed_at=now)
    compared = agree_on_day(actor=clerk(office), at=tomorrow, office_id=office.id, day=day)
    faults = {each["request_id"]: each["fault"] for each in compared.faults}
    assert (faults[str(lost.id)], faults[str(unknown.id)], faults[str(ghost.id)]) == (
        "differs", "differs", "missing_there",
    )  # fmt: skip
    assert str(good.id) not in faults
    assert send_due(at=tomorrow).answered == 1  # what the partner has done is asked about and taken over
    assert again(office, lost).state == RequestState.DONE


def _of_others(partner: RunningPartner, office: Office, kept: DailyAgreement) -> list[dict[str, Any]]:
    """Requests other tests of this module left at the partner, whose rows were rolled back here."""
    with acting(office):
        here = {str(each) for each in PopulationRequest.objects.values_list("id", flat=True)}
    gone = [each for each in partner.requests() if each["request_id"] not in here and each["office"] == office.code]
    return sorted(gone, key=lambda each: str(each["request_id"]))


def test_a_day_that_is_not_over_or_a_partner_that_is_away_is_said(partner: RunningPartner, office: Office) -> None:
    now = clock.now()
    today = in_vietnam(now).date()
    with pytest.raises(RuleBroken, match="agreement_day_not_over"):
        agree_on_day(actor=clerk(office), at=now, office_id=office.id, day=today)
    partner.fault("down")
    with pytest.raises(RuleBroken, match="partner_down"):
        agree_on_day(actor=clerk(office), at=now, office_id=office.id, day=today - timedelta(days=1))
    partner.no_faults()


def test_what_the_book_says_is_what_is_sent(office: Office) -> None:
    request = to_send(office)
    assert request.check_of is not None and request.check_of.record is not None
    with acting(office):
        assert facts_of_record(request.check_of.record)["child"].full_name == request.content["facts"]["full_name"]
