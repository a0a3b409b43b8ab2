"""Comparisons in the browser: planned, followed, looked at, stopped; the extract asked of the real stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation import tasks
from hotich.reconciliation.models import MatchRun, PopulationCheck, PopulationExtract
from hotich.reconciliation.services.match_runs import start_match_run, stop_match_run
from hotich.units.models import Office
from hotich.units.queries import office_by_code
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.match_run_parts import births, carried_out, citizen, extract, matcher, started
from tests.app.reconciliation_parts import connect
from tests.app.records_support import AT
from tests.population_partner import RunningPartner, running_partner

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner")) as partner:
        yield partner


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


def browser(office: Office, role: str = "civil_status_officer", login: str = "doi.chieu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), backend=BACKEND)
    return client


def page(client: Client, name: str, *args: Any, **query: str) -> Any:
    return client.get(reverse(f"reconciliation:{name}", args=args), query)


def finished(run_id: object, office: Office) -> MatchRun:
    """The background job, as its worker does it."""
    job = type("Job", (), {"attempts": 0})
    tasks.match_run_job.func(type("Context", (), {"job": job})(), str(run_id), "doi.chieu", office.id)
    with office_scope([office.id]):
        return MatchRun.objects.get(id=str(run_id))


def test_a_book_is_compared_from_the_browser(office: Office, tmp_path: Path) -> None:
    made, client = births(office, 3), browser(office)
    path = extract(tmp_path, [citizen(made[0], 1), citizen(made[1], 2, ethnicity="Tày")])
    form = page(client, "match_run_new")
    what = f"book:{made[0].book_id}"
    assert what in form.content.decode()
    given = {"what": what, "source": "upload"}
    refused = client.post(reverse("reconciliation:match_run_new"), given)
    assert refused.status_code == 200
    assert "Chưa chọn tệp" in refused.content.decode()
    upload = SimpleUploadedFile("trich.parquet", path.read_bytes())
    answer = client.post(reverse("reconciliation:match_run_new"), {**given, "file": upload})
    assert answer.status_code == 302, answer.content.decode()
    run_id = UUID(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    assert ProcrastinateJob.objects.filter(task_name="reconciliation.match_run", args__run_id=str(run_id)).count() == 1
    waiting = page(client, "match_run", run_id).content.decode()
    assert reverse("reconciliation:match_run_progress", args=[run_id]) in waiting
    assert reverse("reconciliation:match_run_stop", args=[run_id]) in waiting
    assert "HX-Refresh" not in page(client, "match_run_progress", run_id).headers

    assert finished(run_id, office).state == "done"
    assert page(client, "match_run_progress", run_id)["HX-Refresh"] == "true"
    shown = page(client, "match_run", run_id, outcome="different").content.decode()
    assert reverse("records:record", args=[made[1].id]) in shown
    assert "dân tộc (" in shown
    assert (
        citizen(made[1], 2)["full_name"] not in shown
    )  # a name is read on the record's page, where it is written down
    with office_scope([office.id]):
        kept = PopulationExtract.objects.get()
    assert str(kept.id) in page(client, "match_run_new").content.decode()
    listed = page(client, "match_runs").content.decode()
    assert reverse("reconciliation:match_run", args=[run_id]) in listed


def test_a_run_is_stopped_and_gone_on_with_from_its_page(office: Office, tmp_path: Path) -> None:
    made, client = births(office, 1), browser(office)
    run = started(matcher(office), extract(tmp_path, [citizen(made[0], 1)]))
    client.post(reverse("reconciliation:match_run_stop", args=[run.id]))
    with office_scope([office.id]):
        assert MatchRun.objects.get().state == "stopped"
    assert (
        reverse("reconciliation:match_run_resume", args=[run.id]) in page(client, "match_run", run.id).content.decode()
    )
    again = client.post(reverse("reconciliation:match_run_stop", args=[run.id]), follow=True)
    assert "Hãy tải lại trang" in again.content.decode()
    client.post(reverse("reconciliation:match_run_resume", args=[run.id]))
    assert ProcrastinateJob.objects.filter(task_name="reconciliation.match_run", args__run_id=str(run.id)).count() == 1
    assert finished(run.id, office).state == "done"


def test_who_may_not_is_told_so_and_a_run_of_another_office_is_not_there(office: Office, tmp_path: Path) -> None:
    run = started(matcher(office), extract(tmp_path, [citizen(births(office, 1)[0], 1)]))
    leader = browser(office, "commune_leader", "lanh.dao.xem")
    assert page(leader, "match_runs").status_code == 200
    assert page(leader, "match_run_new").status_code == 403
    assert leader.post(reverse("reconciliation:match_run_stop", args=[run.id])).status_code == 403
    other = browser(open_offices(2)[1], login="noi.khac")
    assert page(other, "match_run", run.id).status_code == 404
    assert other.post(reverse("reconciliation:match_run_stop", args=[run.id])).status_code == 404
    assert page(browser(office, "keyer", "nguoi.nhap"), "match_runs").status_code == 403


def test_the_extract_is_asked_of_the_population_database_and_a_run_waits_for_it(
    process: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, here = connect(process, settings, monkeypatch), office_by_code("24529")
    births(here, 1)
    client = browser(here)
    assert "fetch:66" in page(client, "match_run_new").content.decode()
    partner.fault("down")
    run = start_match_run(actor=matcher(here), at=AT, scope="office", scope_id=str(here.id), area="66")
    assert "sẽ xin khi chạy" in page(client, "match_run_progress", run.id).content.decode()
    failed = finished(run.id, here)
    assert (failed.state, failed.failure) == ("failed", "match_extract_unreachable")
    assert "Chưa kết nối được" in page(client, "match_run", run.id).content.decode()
    connect(process, settings, monkeypatch)
    client.post(reverse("reconciliation:match_run_resume", args=[run.id]))
    done = finished(run.id, here)
    assert (done.state, done.counts["absent"]) == ("done", 3)
    with office_scope([here.id]):
        assert PopulationExtract.objects.get().persons == sum(
            each["province_code"] == "66" for each in partner.citizens
        )
        assert PopulationCheck.objects.count() == 3
        MatchRun.objects.filter(id=run.id).update(state="writing")  # as it was a moment ago
    followed = page(client, "match_run_progress", run.id).content.decode()
    assert "công dân, lấy lúc" in followed  # told as soon as it is there, without the page being loaded anew


def test_an_officer_whose_post_has_ended_compares_nothing_more(office: Office, tmp_path: Path) -> None:
    run = started(matcher(office), extract(tmp_path, [citizen(births(office, 1)[0], 1)]))
    make_officer("doi.chieu", office=office, role="keyer")
    failed = finished(run.id, office)
    assert (failed.state, failed.failure) == ("failed", "match_right_ended")
    with pytest.raises(RuleBroken, match="match_run_not_in_state"):
        stop_match_run(actor=matcher(office), at=clock.now(), run_id=run.id)
    with office_scope([office.id]):
        assert not PopulationCheck.objects.exists()
    assert carried_out(matcher(office), run.id).state == "failed"
