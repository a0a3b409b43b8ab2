"""A whole batch approved in the background: piece by piece, stopped, resumed, and never by whoever keyed it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from hotich.accounts.models import Post
from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.intake import services, tasks
from hotich.intake.models import ApprovalRun, Batch, Case, CaseState
from hotich.intake.services import approval_runs
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import AT, an_office, approver, bring_in, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def batch(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Batch]:
    """Seven rows that wait, approved three at a time."""
    monkeypatch.setattr(approval_runs, "PIECE", 3)
    with office_scope([office.id]):
        report = bring_in(office, workbook(rows_of("KS", 7)))
        yield Batch.objects.get(id=report["batch"])


def _started(office: Office, batch: Batch, expected: int = 7) -> ApprovalRun:
    return services.start_approval_run(actor=approver(office), at=AT, batch_id=batch.id, expected=expected)


def test_a_run_approves_piece_by_piece_until_nothing_waits(office: Office, batch: Batch) -> None:
    run, seen = _started(office, batch), []
    while services.approve_next_piece(actor=approver(office), at=AT, run_id=run.id):
        run.refresh_from_db()
        seen.append((run.looked_at, run.approved))
    run.refresh_from_db()
    assert seen == [(3, 3), (6, 6), (7, 7)]
    assert (run.state, run.total, run.refused) == ("done", 7, [])
    assert Record.objects.filter(origin_office=office).count() == 7
    verbs = list(Entry.objects.filter(subject_id=str(batch.id)).order_by("sequence").values_list("verb", flat=True))
    assert verbs[-2:] == ["approval_run.started", "approval_run.done"]


def test_a_killed_run_goes_on_behind_its_last_whole_piece(office: Office, batch: Batch) -> None:
    run = _started(office, batch)
    services.approve_next_piece(actor=approver(office), at=AT, run_id=run.id)
    again = _started(office, batch, expected=4)
    assert again.id == run.id
    services.approve_next_piece(actor=approver(office), at=AT, run_id=run.id)
    run.refresh_from_db()
    assert run.approved == Record.objects.filter(origin_office=office).count() == 6


def test_a_stopped_run_approves_no_more_and_keeps_what_is_approved(office: Office, batch: Batch) -> None:
    run = _started(office, batch)
    services.approve_next_piece(actor=approver(office), at=AT, run_id=run.id)
    services.stop_approval_run(actor=approver(office, 33), at=AT, run_id=run.id)
    assert services.approve_next_piece(actor=approver(office), at=AT, run_id=run.id) is False
    assert Case.objects.filter(batch=batch, state=CaseState.APPROVED).count() == 3
    assert ApprovalRun.objects.get(id=run.id).state == "stopped"


def test_a_case_in_the_way_is_refused_and_the_others_of_its_piece_are_approved(
    office: Office, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip_in(*args: object, **options: object) -> object:  # somebody's own hand comes in after the piece was chosen
        Case.objects.filter(batch=batch, row_number=3, state=CaseState.WAITING).update(touched_by=[11, 22])
        return approve(*args, **options)

    approve = approval_runs.approve_cases
    monkeypatch.setattr(approval_runs, "approve_cases", slip_in)
    run = _started(office, batch)
    while services.approve_next_piece(actor=approver(office), at=AT, run_id=run.id):
        pass
    run.refresh_from_db()
    assert run.approved == 6
    assert [(item["row"], item["code"]) for item in run.refused] == [(3, "second_person_required")]


def test_a_run_is_refused_by_code(office: Office, batch: Batch) -> None:
    with pytest.raises(RuleBroken) as told:
        _started(office, batch, expected=6)
    assert (told.value.code, told.value.params) == ("approval_count_changed", {"number": 7})
    with pytest.raises(RuleBroken) as own:  # nothing of a batch waits for whoever keyed it
        services.start_approval_run(actor=approver(office, 11), at=AT, batch_id=batch.id, expected=7)
    assert own.value.code == "approval_count_changed"
    with pytest.raises(RuleBroken) as right:
        services.start_approval_run(actor=keyer(office), at=AT, batch_id=batch.id, expected=7)
    assert right.value.code == "not_allowed"
    with pytest.raises(RuleBroken) as unknown:
        services.stop_approval_run(actor=approver(office), at=AT, run_id=batch.id)
    assert unknown.value.code == "run_unknown"


def test_an_officer_whose_post_has_ended_approves_nothing_more(office: Office, batch: Batch) -> None:
    officer = make_officer("duyet.het", office=office, role="approver")
    run = services.start_approval_run(actor=approver(office, officer.id), at=AT, batch_id=batch.id, expected=7)
    Post.objects.filter(officer=officer).update(valid_from="2020-01-01", valid_to="2020-12-31")
    tasks.approve_batch_job(str(run.id), "duyet.het", office.id)
    run.refresh_from_db()
    assert (run.state, run.failure) == ("stopped", "office_not_of_officer")
    assert not Case.objects.filter(batch=batch, state=CaseState.APPROVED).exists()


def test_the_page_starts_shows_and_stops_a_run(office: Office, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "APPROVED_AT_ONCE", 3)
    officer = make_officer("duyet.trang", office=office, role="approver")
    client = Client()
    client.force_login(officer, backend=BACKEND)
    page = reverse("intake:approval_batch", args=[batch.id])
    client.post(reverse("intake:approve_all", args=[batch.id]), {"confirmed": "1", "count": "7"})
    run = ApprovalRun.objects.get(batch=batch)
    assert client.get(page).context["is_running"]
    part = reverse("intake:run_progress", args=[batch.id])
    assert "HX-Refresh" not in client.get(part).headers
    tasks.approve_batch_job(str(run.id), "duyet.trang", office.id)
    assert client.get(part).headers["HX-Refresh"] == "true"
    assert not client.get(page).context["is_running"]
    assert Case.objects.filter(batch=batch, state=CaseState.APPROVED).count() == 7
    assert client.post(reverse("intake:run_stop", args=[run.id])).status_code == 302
    assert ApprovalRun.objects.get(id=run.id).state == "done"
    assert run.started_at <= clock.now()
