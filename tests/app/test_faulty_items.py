"""One record that cannot be worked on is put aside and told; all others of its piece are done; it can be tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from records_support import acting, enter, offices

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.database.roles import as_owner
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation import tasks
from hotich.reconciliation.models import FaultyItem, LinkProposal, LinkSearch, MatchRun, PopulationCheck
from hotich.reconciliation.services import link_search, match_run_collecting, match_run_results, match_run_work
from hotich.reconciliation.services.link_searches import advance_search, plan_search, retry_search
from hotich.reconciliation.services.match_runs import resume_match_run, retry_match_run, stop_match_run
from hotich.records.models import Participant, Record
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.match_run_parts import births, carried_out, citizen, extract, matcher, started
from tests.app.records_support import AT
from tests.app.test_proposals_finding import COUPLE, birth

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "Nguyễn Thị Bí Mật"


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


@pytest.fixture
def village(office: Office, tmp_path: Path) -> tuple[list[Record], Path]:
    """Six births, eighteen participants; the population has the children."""
    made = births(office, 6)
    return made, extract(tmp_path, [citizen(record, place) for place, record in enumerate(made)])


@pytest.fixture
def refusing() -> Iterator[Callable[[str, str], None]]:
    """Have the database refuse checks where a condition on `new` holds, with this SQLSTATE."""
    made: list[str] = []

    def refuse(condition: str, state: str = "P0001") -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "create or replace function no_check() returns trigger language plpgsql as "
                f"$$ begin raise exception '{SECRET}' using errcode = '{state}'; end $$;"
                "drop trigger if exists no_check on population_check;"
                f"create trigger no_check before insert or update on population_check for each row when ({condition}) "
                "execute function no_check()"
            )
        made.append(condition)

    yield refuse
    if made:
        mended()


def mended() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("drop trigger if exists no_check on population_check")


def items(office: Office) -> list[tuple[UUID, str, str, int]]:
    with office_scope([office.id]):
        return list(FaultyItem.objects.order_by("record_id").values_list("record_id", "role", "reason", "tries"))


def checked(office: Office) -> set[tuple[UUID | None, str]]:
    with office_scope([office.id]):
        return set(PopulationCheck.objects.values_list("record_id", "role"))


def everybody(made: list[Record], *but: tuple[UUID, str]) -> set[tuple[UUID | None, str]]:
    return {(record.id, role) for record in made for role in ("child", "father", "mother")} - set(but)


@pytest.mark.django_db(transaction=True)
def test_the_one_the_database_refuses_is_put_aside_in_the_middle_of_its_piece_and_done_once_it_is_mended(
    office: Office, village: tuple[list[Record], Path], refusing: Callable[..., None]
) -> None:
    made, path = village
    bad = made[2].id, "child"
    refusing(f"new.record_id = '{bad[0]}' and new.role = 'child'")
    actor, run = matcher(office), started(matcher(office), path)
    done = carried_out(actor, run.id)
    assert (done.state, done.participants, done.written, done.counts["equal"]) == ("done", 18, 18, 5)
    assert checked(office) == everybody(made, bad)
    assert items(office) == [(*bad, "database", 1)]
    with office_scope([office.id]):
        item = FaultyItem.objects.get()
        assert (item.number_text, item.register_type) == (made[2].number_text, "KS")
        told = f"{item.error} {list(Entry.objects.filter(subject_id=str(run.id)).values_list('facts', flat=True))}"
        assert "P0001" in told
        assert SECRET not in told
        assert faults_of_chain(office.id) == []

    again = retry_match_run(actor=actor, at=AT, run_id=run.id)  # nothing is mended yet
    assert again.state == "waiting"
    assert carried_out(actor, run.id).counts == done.counts
    assert items(office) == [(*bad, "database", 2)]
    mended()
    retry_match_run(actor=actor, at=AT, run_id=run.id)
    last = carried_out(actor, run.id)
    assert (last.state, last.participants, last.written, last.is_retry, last.counts["equal"]) == (
        "done", 18, 18, False, 6,
    )  # fmt: skip
    assert checked(office) == everybody(made)
    assert items(office) == []
    with pytest.raises(RuleBroken, match="match_nothing_to_retry"):
        retry_match_run(actor=actor, at=AT, run_id=run.id)


def test_two_that_make_the_rule_raise_are_both_found_and_a_kill_or_lost_files_do_nobody_twice(
    office: Office, village: tuple[list[Record], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, path = village
    names = {made[place].as_recorded["child_full_name"] for place in (1, 4)}
    compare = match_run_results.compare

    def raising(facts: Any, person: Any) -> Any:
        if facts.full_name in names:
            raise ValueError(SECRET)
        return compare(facts, person)

    monkeypatch.setattr(match_run_results, "compare", raising)
    monkeypatch.setattr(match_run_results, "PIECE", 7)
    actor, run = matcher(office), started(matcher(office), path)
    while match_run_work.advance_match_run(actor=actor, now=clock.now, run_id=run.id):
        with office_scope([office.id]):
            if MatchRun.objects.get(id=run.id).written:
                break
    match_run_work.clear_away(run.id)  # everything anew, the first put aside found again
    done = carried_out(actor, run.id)
    bad = [(made[place].id, "child") for place in (1, 4)]
    assert (done.state, done.counts["equal"], done.counts["absent"]) == ("done", 4, 12)
    assert checked(office) == everybody(made, *bad)
    assert items(office) == [(*each, "value", 1) for each in bad]
    with office_scope([office.id]):
        assert (
            "match_run_results" in FaultyItem.objects.all()[0].error
            or "ValueError" in FaultyItem.objects.all()[0].error
        )
        assert SECRET not in FaultyItem.objects.all()[0].error

    monkeypatch.setattr(match_run_results, "compare", compare)
    monkeypatch.setattr(match_run_results, "PIECE", 1)
    retry_match_run(actor=actor, at=AT, run_id=run.id)
    while len(items(office)) == 2:
        match_run_work.advance_match_run(actor=actor, now=clock.now, run_id=run.id)
    match_run_work.clear_away(run.id)  # one of the two is done: only the other one is done again
    stop_match_run(actor=actor, at=AT, run_id=run.id)
    resume_match_run(actor=actor, at=AT, run_id=run.id)
    last = carried_out(actor, run.id)
    assert (last.state, last.written, last.counts["equal"], items(office)) == ("done", 18, 6, [])
    assert checked(office) == everybody(made)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["57P01", "53100", "40P01"])  # shut down, disk full, deadlock
def test_an_outage_is_nobody_s_fault_the_piece_is_tried_again_and_nothing_is_lost(
    office: Office, village: tuple[list[Record], Path], refusing: Callable[..., None], state: str
) -> None:
    made, path = village
    refusing("true", state)
    actor, run = matcher(office), started(matcher(office), path)
    with pytest.raises(OperationalError):
        carried_out(actor, run.id)
    with office_scope([office.id]):
        half = MatchRun.objects.get(id=run.id)
        assert (half.state, half.written, half.counts) == ("writing", 0, {})
    assert items(office) == []
    mended()
    assert carried_out(actor, run.id).counts["equal"] == 6
    assert checked(office) == everybody(made)


def test_an_error_of_the_programs_that_hits_everybody_fails_the_run_and_puts_nobody_aside(
    office: Office, village: tuple[list[Record], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(match_run_results._Piece, "write", broken)
    monkeypatch.setattr("hotich.reconciliation.rules.faulty_items.MOST_IN_A_ROW", 10)
    make_officer("doi.chieu", office=office, role="civil_status_officer")
    run = started(matcher(office), village[1])
    job = type("Job", (), {"attempts": tasks.ATTEMPTS - 1})
    with pytest.raises(KeyError):
        tasks.match_run_job.func(type("Context", (), {"job": job})(), str(run.id), "doi.chieu", office.id)
    with office_scope([office.id]):
        failed = MatchRun.objects.get(id=run.id)
        assert (failed.state, failed.failure, failed.written) == ("failed", "match_broken", 0)
    assert items(office) == []


def test_a_record_that_cannot_be_read_is_put_aside_whole_and_compared_once_it_is_repaired(
    office: Office, village: tuple[list[Record], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, path = village
    read = match_run_collecting.facts_of_record

    def raising(record: Record) -> Any:
        if record.id == made[3].id:
            raise ValueError(SECRET)
        return read(record)

    monkeypatch.setattr(match_run_collecting, "facts_of_record", raising)
    actor, run = matcher(office), started(matcher(office), path)
    assert carried_out(actor, run.id).participants == 15
    assert items(office) == [(made[3].id, "", "value", 1)]
    monkeypatch.setattr(match_run_collecting, "facts_of_record", read)
    with office_scope([office.id]):
        Record.objects.filter(id=made[3].id).update(version=2)
    retry_match_run(actor=actor, at=AT, run_id=run.id)
    done = carried_out(actor, run.id)
    assert (done.state, done.counts["equal"], "changed" in done.counts) == ("done", 6, False)
    assert (checked(office), items(office)) == (everybody(made), [])

    with office_scope([office.id]):
        FaultyItem.objects.create(
            origin_office=office,
            record_office=office,
            run_id=run.id,
            record_id=made[0].id,
            reason="value",
            failed_at=AT,
        )
        Record.objects.filter(id=made[0].id).update(state="void")
    retry_match_run(actor=actor, at=AT, run_id=run.id)  # its record is not in force any more: nothing is left to do
    assert (carried_out(actor, run.id).state, items(office)) == ("done", [])


@pytest.mark.django_db(transaction=True)
def test_the_page_tells_which_record_why_and_what_to_do_and_a_button_tries_again(
    office: Office, village: tuple[list[Record], Path], refusing: Callable[..., None]
) -> None:
    made, path = village
    refusing(f"new.record_id = '{made[2].id}' and new.role = 'child'")
    run = carried_out(matcher(office), started(matcher(office), path).id)
    client = Client()
    client.force_login(make_officer("doi.chieu", office=office, role="civil_status_officer"), backend=BACKEND)
    address = reverse("reconciliation:match_run", args=[run.id])
    text = client.get(address).content.decode()
    for wanted in ("1 mục gặp lỗi, đã để riêng", made[2].number_text, "Cơ sở dữ liệu không nhận kết quả", "P0001",
                   reverse("records:record", args=[made[2].id]), "Gửi mã lỗi"):  # fmt: skip
        assert wanted in text
    assert made[2].as_recorded["child_full_name"] not in text.partition("muc-gap-loi")[2].partition("</section>")[0]
    assert "1 mục gặp lỗi" in client.get(reverse("reconciliation:match_runs")).content.decode()
    mended()
    before = ProcrastinateJob.objects.filter(task_name="reconciliation.match_run").count()
    again = reverse("reconciliation:match_run_retry", args=[run.id])
    assert client.post(again).headers["Location"] == address
    assert ProcrastinateJob.objects.filter(task_name="reconciliation.match_run").count() == before + 1
    assert "không còn ở trạng thái" in client.post(again, follow=True).content.decode()  # pressed twice
    carried_out(matcher(office), run.id)
    assert "mục gặp lỗi" not in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_department_sees_the_number_of_the_record_and_no_other_office_sees_the_item(
    office: Office, tmp_path: Path, refusing: Callable[..., None]
) -> None:
    second = open_offices(2)[1]
    assert office.unit is not None and office.unit.parent is not None
    department = Office.objects.get(kind="province", unit=office.unit.parent)
    here, there = births(office, 2), births(second, 1, first=2)
    refusing(f"new.record_id = '{there[0].id}'")
    actor = matcher(department)
    path = extract(tmp_path, [citizen(here[0], 1), citizen(there[0], 2)])
    run = carried_out(actor, started(actor, path, "province", office.unit.parent.code).id)
    assert (run.state, run.written) == ("done", 9)
    assert {item[0] for item in items(department)} == {there[0].id}
    assert items(second) == []
    client = Client()
    client.force_login(make_officer("so.tp", office=department, role="department_of_justice"), backend=BACKEND)
    shown = client.get(reverse("reconciliation:match_run", args=[run.id])).content.decode()
    assert f"{there[0].number_text}" in shown and second.name in shown
    with office_scope([department.id, second.id]):
        facts = Entry.objects.filter(verb="match_run.piece_written", subject_office_id=second.id).values_list(
            "facts", flat=True
        )
        assert sum(each.get("faulty_items", 0) for each in facts) == 3


def test_a_participant_whose_links_cannot_be_searched_is_put_aside_and_searched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KH", year=1995, **COUPLE)
        enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        enter(actor, office, "KS", year=2003, **birth("Đặng Thị Hà", "06/01/2003"))
        bad = Participant.objects.get(full_name="Đặng Thị Hà").id
        likely = link_search._of_seed

        def raising(seed: UUID, *more: Any) -> Any:
            if seed == bad:
                raise ValueError(SECRET)
            return likely(seed, *more)

        monkeypatch.setattr(link_search, "_of_seed", raising)
        search = plan_search(actor=actor, at=AT, office_id=office.id)
        while advance_search(actor=actor, at=AT, search_id=search.id):
            pass
        search.refresh_from_db()
        assert (search.state, search.looked_at, search.total) == ("done", 8, 8)
        assert LinkProposal.objects.count() == search.proposed > 0
        assert [each.participant_id for each in FaultyItem.objects.filter(search=search)] == [bad]
        client = Client()
        client.force_login(make_officer("tim", office=office, role="civil_status_officer"), backend=BACKEND)
        text = client.get(reverse("reconciliation:proposals")).content.decode()
        assert "1 mục gặp lỗi, đã để riêng" in text
        monkeypatch.setattr(link_search, "_of_seed", likely)
        client.post(reverse("reconciliation:link_search_act", args=[search.id]), {"act": "retry"})
        (job,) = ProcrastinateJob.objects.filter(task_name="reconciliation.search_links_of")
        proposed = LinkProposal.objects.count()
        while advance_search(actor=actor, at=AT, search_id=search.id):
            pass
        done = LinkSearch.objects.get(id=search.id)
        assert (done.state, done.looked_at, done.is_retry, FaultyItem.objects.count()) == ("done", 8, False, 0)
        assert LinkProposal.objects.count() >= proposed
        assert job.args["search_id"] == str(search.id)
        with pytest.raises(RuleBroken, match="search_nothing_to_retry"):
            retry_search(actor=actor, at=AT, search_id=search.id)
