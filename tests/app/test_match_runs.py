"""A whole book compared in one run: three outcomes and the clerk, a human's check stands, stopped, resumed, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink, PopulationNumber
from hotich.reconciliation.apps import memory_of_matching
from hotich.reconciliation.models import MatchRun, PopulationCheck, TrackingItem
from hotich.reconciliation.services import match_run_results, match_run_work
from hotich.reconciliation.services.match_runs import fail_match_run, resume_match_run, start_match_run, stop_match_run
from hotich.records.models import Record
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.match_run_parts import births, carried_out, citizen, extract, matcher, started
from tests.app.records_support import AT, actor_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


@pytest.fixture
def village(office: Office, tmp_path: Path) -> tuple[list[Record], Path]:
    """Six births: three known as they are, one with another ethnicity, one nobody knows, one that two citizens could be."""
    made = births(office, 6)
    rows = [citizen(record, place) for place, record in enumerate(made[:3])]
    rows.append(citizen(made[3], 3, ethnicity="Tày"))
    rows += [citizen(made[5], 5), citizen(made[5], 6)]
    return made, extract(tmp_path, rows)


def checks(office: Office) -> dict[tuple[object, str], PopulationCheck]:
    with office_scope([office.id]):
        return {(check.record_id, check.role): check for check in PopulationCheck.objects.all()}


def test_every_participant_gets_its_outcome_and_what_follows_from_it(
    office: Office, village: tuple[list[Record], Path]
) -> None:
    made, path = village
    run = carried_out(matcher(office), started(matcher(office), path).id)
    assert (run.state, run.participants, run.written) == ("done", 18, 18)
    assert {name: run.counts[name] for name in ("equal", "different", "clerk", "absent")} == {
        "equal": 3, "different": 1, "clerk": 1, "absent": 13,
    }  # fmt: skip
    assert run.counts["offices"][str(office.id)]["equal"] == 3
    assert run.model["comparisons"]
    found = checks(office)
    equal, different, absent, clerk = (found[made[place].id, "child"] for place in (0, 3, 4, 5))
    assert (equal.outcome, equal.personal_id, equal.is_taken_over, equal.decided_by) == (
        "equal", "068200000000", True, None,
    )  # fmt: skip
    assert [(each["field"], each["ours"], each["theirs"]) for each in different.differences] == [
        ("ethnicity", "Kinh", "Tày")
    ]
    assert (absent.outcome, absent.citizen, absent.absence) == ("absent", {}, "")
    assert (clerk.outcome, [each["ref"] for each in clerk.candidates]) == ("clerk", ["CD000005", "CD000006"])
    with office_scope([office.id]):
        assert TrackingItem.objects.get().check_of_id == different.id
        assert PopulationNumber.objects.filter(withdrawn_at__isnull=True).count() == 3
        verbs = list(Entry.objects.filter(subject_id=str(run.id)).order_by("sequence").values_list("verb", flat=True))
        assert faults_of_chain(office.id) == []
    assert verbs == ["match_run.started", "match_run.matched", "match_run.piece_written", "match_run.done"]
    assert not (match_run_work.state_folder() / "matching" / str(run.id)).exists()


def test_names_that_too_many_share_are_told_with_the_run(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = births(office, 2)
    rows = [citizen(made[0], number, personal_id=None, birth_date=f"{2001}-02-{number:02}") for number in range(1, 9)]
    fewer = partial(match_run_work.Order, most_in_block=4)
    monkeypatch.setattr(match_run_work, "Order", fewer)
    run = carried_out(matcher(office), started(matcher(office), extract(tmp_path, rows)).id)
    assert {"rule", "blocks", "largest", "records"} == set(run.cuts[0])
    assert [cut["largest"] for cut in run.cuts if cut["rule"] == ["own_folded", "year"]] == [8]


def test_a_run_begun_by_a_version_that_told_no_cuts_goes_on_after_the_upgrade(
    office: Office, village: tuple[list[Record], Path]
) -> None:
    actor, run = matcher(office), started(matcher(office), village[1])
    place = match_run_work.place_of(run.id)
    while not place.population.exists():
        match_run_work.advance_match_run(actor=actor, now=clock.now, run_id=run.id)
    match_run_work.match_files(
        match_run_work.Order(
            place.records, place.population, place.answers, match_run_work.default_model(), candidates=place.candidates
        )
    )
    assert not place.cuts.exists()
    done = carried_out(actor, run.id)
    assert (done.state, done.written, done.cuts, done.counts["equal"]) == ("done", 18, [], 3)


def test_pieces_take_in_several_offices_and_each_has_its_act_in_the_trail(office: Office, tmp_path: Path) -> None:
    offices = open_offices(2)
    assert office.unit is not None and office.unit.parent is not None
    department = Office.objects.get(kind="province", unit=office.unit.parent)
    # more than go by one INSERT: these are copied
    made = [births(each, 5, first=place * 8)[0] for place, each in enumerate(offices)]
    actor, path = matcher(department), extract(tmp_path, [citizen(record, place) for place, record in enumerate(made)])
    run = carried_out(actor, started(actor, path, "province", office.unit.parent.code).id)
    with office_scope([department.id, *(each.id for each in offices)]):
        pieces = Entry.objects.filter(subject_id=str(run.id), verb="match_run.piece_written").order_by("sequence")
        assert list(pieces.values_list("subject_office_id", "facts__equal", "facts__absent")) == sorted(
            (each.id, 1, 14) for each in offices
        )
        assert faults_of_chain(department.id) == []
    for each in offices:
        assert {check.origin_office_id for check in checks(each).values()} == {each.id}


def test_numbers_of_a_run_are_linked_where_somebody_else_bears_them(office: Office, tmp_path: Path) -> None:
    """A number that is new to everybody changes no conclusion; one that an entry elsewhere bears, too, joins both."""
    second = open_offices(2)[1]
    here, there = births(office, 3), births(second, 1)
    path = extract(tmp_path, [citizen(record, place) for place, record in enumerate(here)])
    with office_scope([second.id]):
        alone = set(PersonLink.objects.values_list("participant_id", "person_id"))
    carried_out(matcher(office), started(matcher(office), path).id)
    with office_scope([office.id]):
        links = PersonLink.objects.filter(participant__role="child")
        assert set(links.values_list("rule", flat=True)) == {"alone"}
        assert Entry.objects.filter(verb="identity.taken_over").count() == 3
    carried_out(matcher(second), started(matcher(second), path).id)
    with office_scope([office.id, second.id]):
        first = PersonLink.objects.get(participant__record=here[0], participant__role="child")
        other = PersonLink.objects.get(participant__record=there[0], participant__role="child")
        assert first.person_id == other.person_id
        assert {first.rule, other.rule} == {"population"}
        rest = PersonLink.objects.filter(origin_office=second).exclude(pk=other.pk)
        assert set(rest.values_list("participant_id", "person_id")) < alone


def test_the_same_run_again_changes_nothing_and_a_check_of_a_human_is_never_written_over(
    office: Office, village: tuple[list[Record], Path], tmp_path: Path
) -> None:
    made, path = village
    carried_out(matcher(office), started(matcher(office), path).id)
    with office_scope([office.id]):
        PopulationCheck.objects.filter(record=made[0], role="child").update(decided_by=77, way="page")
        before = dict(PopulationCheck.objects.values_list("id", "version"))
    other = extract(tmp_path, [citizen(record, place + 50) for place, record in enumerate(made[:2])], "khac.parquet")
    run = carried_out(matcher(office), started(matcher(office), other).id)
    assert (run.counts["kept"], run.counts["equal"]) == (2, 1)  # the human's, and the one on the tracking list
    found = checks(office)
    assert {check.id for check in found.values()} == set(before)
    assert found[made[0].id, "child"].personal_id == "068200000000"
    assert found[made[1].id, "child"].personal_id == "068200000051"
    assert (found[made[2].id, "child"].outcome, found[made[2].id, "child"].is_taken_over) == ("absent", False)
    with office_scope([office.id]):
        numbers = PopulationNumber.objects.filter(withdrawn_at__isnull=True).values_list("personal_id", flat=True)
        assert sorted(numbers) == ["068200000000", "068200000051"]
    again = carried_out(matcher(office), started(matcher(office), other).id)
    assert {check.version for key, check in found.items()} == {check.version for key, check in checks(office).items()}
    assert {check.run_id for key, check in checks(office).items() if key[1] != "child"} == {again.id}


def test_a_run_stops_between_two_pieces_and_goes_on_where_it_was(
    office: Office, village: tuple[list[Record], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_run_results, "PIECE", 7)
    actor, run = matcher(office), started(matcher(office), village[1])
    assert started(actor, village[1]).id == run.id  # one that is under way is given back
    while match_run_work.advance_match_run(actor=actor, now=clock.now, run_id=run.id):
        with office_scope([office.id]):
            if MatchRun.objects.get(id=run.id).written:
                stop_match_run(actor=actor, at=AT, run_id=run.id)
    with office_scope([office.id]):
        stopped = MatchRun.objects.get(id=run.id)
        assert (stopped.state, stopped.written, PopulationCheck.objects.count()) == ("stopped", 7, 7)
    with pytest.raises(RuleBroken, match="match_run_not_in_state"):
        stop_match_run(actor=actor, at=AT, run_id=run.id)
    resume_match_run(actor=actor, at=AT, run_id=run.id)
    done = carried_out(actor, run.id)
    assert (done.state, done.written, len(checks(office))) == ("done", 18, 18)


def test_a_run_whose_files_are_lost_finds_them_out_anew(
    office: Office, village: tuple[list[Record], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_run_results, "PIECE", 7)
    actor, run = matcher(office), started(matcher(office), village[1])
    while match_run_work.advance_match_run(actor=actor, now=clock.now, run_id=run.id):
        with office_scope([office.id]):
            if MatchRun.objects.get(id=run.id).written:
                break
    match_run_work.clear_away(run.id)
    done = carried_out(actor, run.id)
    assert (done.state, done.written, len(checks(office))) == ("done", 18, 18)
    assert sum(done.counts.get(name, 0) for name in ("equal", "different", "clerk", "absent", "kept")) == 18


def test_runs_are_refused_by_code(office: Office, village: tuple[list[Record], Path], tmp_path: Path) -> None:
    actor, path, other = matcher(office), village[1], open_offices(2)[1]

    def refused(**more: object) -> str:
        with pytest.raises(RuleBroken) as told:
            start_match_run(actor=actor, at=AT, **{"scope": "office", "scope_id": str(office.id), **more})  # type: ignore[arg-type]
        return told.value.code

    damaged, wrong = tmp_path / "hong.parquet", tmp_path / "thieu.parquet"
    damaged.write_bytes(b"PAR1 not")
    connection_less = f"copy (select 'x' as id, 'y' as full_name) to '{wrong}' (format parquet)"
    match_run_results.duckdb.execute(connection_less)
    assert refused() == "match_extract_missing"
    assert refused(area="99999") == "match_area_unknown"
    assert refused(scope_id=str(other.id), upload=("a.parquet", path)) == "match_scope_unknown"
    assert refused(scope="province", scope_id="68", upload=("a.parquet", path)) == "match_scope_unknown"
    assert refused(scope="book", scope_id="no book", upload=("a.parquet", path)) == "match_scope_unknown"
    assert refused(upload=("a.parquet", damaged)) == "match_extract_unreadable"
    assert refused(upload=("a.parquet", wrong)) == "match_extract_column_missing"
    assert refused(upload=("a.parquet", extract(tmp_path, [], "khong.parquet"))) == "match_extract_empty"
    with pytest.raises(RuleBroken, match="not_allowed"):
        start_match_run(actor=actor_at(office, rights=frozenset()), at=AT, scope="office", scope_id=str(office.id))
    run = started(actor, path)
    fail_match_run(actor=actor, at=AT, run_id=run.id, code="match_broken")
    with office_scope([office.id]):
        assert MatchRun.objects.get(id=run.id).failure == "match_broken"
    with office_scope([other.id]):
        assert not MatchRun.objects.exists()


def test_a_department_has_the_communes_of_its_province_compared_and_sees_counts_only(
    tmp_path: Path, office: Office
) -> None:
    second = open_offices(2)[1]
    assert office.unit is not None and office.unit.parent is not None
    department = Office.objects.get(kind="province", unit=office.unit.parent)
    here, there = births(office, 2), births(second, 1, first=2)
    actor = matcher(department)
    path = extract(tmp_path, [citizen(here[0], 1), citizen(there[0], 2)])
    run = carried_out(actor, started(actor, path, "province", office.unit.parent.code).id)
    assert (run.state, run.participants) == ("done", 9)
    assert run.counts["offices"][str(office.id)]["equal"] == run.counts["offices"][str(second.id)]["equal"] == 1
    with office_scope([department.id]):
        assert not PopulationCheck.objects.exists()
    assert len(checks(second)) == 3


_WORKER = """
import django
django.setup()
from uuid import UUID
from hotich.reconciliation import tasks
from hotich.reconciliation.services import match_run_results
match_run_results.PIECE = 2
class Job: attempts = 0
class Context: job = Job()
tasks.match_run_job.func(Context(), {run!r}, "can.bo.thu", {office})
"""


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_whole_pieces_and_the_next_one_goes_on(tmp_path: Path) -> None:
    office = open_offices(1)[0]
    officer = make_officer("can.bo.thu", office=office, totp=False)
    made = births(office, 10)
    path = extract(tmp_path, [citizen(record, place) for place, record in enumerate(made)])
    run = started(matcher(office, officer.id), path)
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    command = [sys.executable, "-c", _WORKER.format(run=str(run.id), office=office.id)]
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hotich.config.settings.test"}

    worker = subprocess.Popen(command, env=environment)
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline and worker.poll() is None:
        with office_scope([office.id]):
            if MatchRun.objects.get(id=run.id).written:
                break
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    with office_scope([office.id]):
        half = MatchRun.objects.get(id=run.id)
        assert (half.state, half.failure) == ("writing", "")
        assert 0 < half.written < 30
        assert PopulationCheck.objects.count() == half.written
        assert faults_of_chain(office.id) == []

    subprocess.run(command, env=environment, check=True)
    with office_scope([office.id]):
        done = MatchRun.objects.get(id=run.id)
        assert (done.state, done.written, PopulationCheck.objects.count()) == ("done", 30, 30)
        assert done.counts["equal"] == PopulationCheck.objects.filter(outcome="equal").count() == 10
        assert PopulationNumber.objects.count() == 10
        assert faults_of_chain(office.id) == []


def test_a_setting_that_is_no_size_is_told_at_the_start(settings: Any) -> None:
    assert memory_of_matching(None) == []
    settings.HOTICH_MATCH_MEMORY = "80%"
    (told,) = memory_of_matching(None)
    assert told.id == "reconciliation.E001"
    assert "80%" in told.msg
