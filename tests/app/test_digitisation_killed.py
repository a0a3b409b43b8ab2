"""A real job killed in the middle of a batch: what is prepared stays, and the same job goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.db import connection

from hotich.audit.queries import faults_of_chain
from hotich.database.scope import office_scope
from hotich.digitisation import services
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries import pages_of
from hotich.digitisation.tasks import encode_cases_job, prepare_pages_job, process_later
from hotich.files.services import NewFile
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.digitisation_parts import a_batch, drawn_page, preparer
from tests.app.intake_parts import AT

PAGES = 5
JOB = """
import sys, django
django.setup()
from hotich.digitisation.tasks import prepare_pages_job
prepare_pages_job(batch_id=sys.argv[1], login=sys.argv[2], office_id=int(sys.argv[3]))
"""


def _environment() -> dict[str, str]:
    """Another process must use the test database, as the serving role."""
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hotich.config.settings.test"}


def _states(office: Office) -> list[str]:
    with office_scope([office.id]):
        return sorted(ScanPage.objects.values_list("state", flat=True))


@pytest.fixture
def batch_at_office(transactional_db: None) -> tuple[Office, ScanBatch]:
    office = open_offices(1)[0]
    make_officer("can.bo.quet", office=office, role="civil_status_officer", totp=False)
    with office_scope([office.id]):
        batch = a_batch(office)
        files = [NewFile(f"{place}.jpg", drawn_page(place, 1), "") for place in range(PAGES)]
        services.receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=files)
    return office, batch


@pytest.mark.timeout(240)
@pytest.mark.django_db(transaction=True)
def test_a_killed_job_leaves_whole_pages_and_goes_on(batch_at_office: tuple[Office, ScanBatch]) -> None:
    office, batch = batch_at_office
    arguments: dict[str, Any] = {"batch_id": str(batch.id), "login": "can.bo.quet", "office_id": office.id}
    command = [sys.executable, "-c", JOB, *map(str, arguments.values())]
    process = subprocess.Popen(command, env=_environment())
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None and "prepared" not in _states(office):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = _states(office)
    assert 0 < left.count("prepared") < PAGES
    assert left.count("prepared") + left.count("received") == PAGES
    with office_scope([office.id]):
        done = {page.id: page.version for page in pages_of(batch) if page.state == "prepared"}
        assert faults_of_chain(office.id) == []
    prepare_pages_job(**arguments)
    assert _states(office) == ["prepared"] * PAGES
    with office_scope([office.id]):
        assert {page.id: page.version for page in pages_of(batch) if page.id in done} == done  # not done again
        assert ScanBatch.objects.get().failure == ""
        page = pages_of(batch)[0]
        services.confirm_boxes(actor=preparer(office), at=AT, page_id=page.id, version=page.version)
        services.make_cases(actor=preparer(office), at=AT, batch_id=batch.id)
    encode_cases_job(**arguments)
    with office_scope([office.id]):
        assert ScannedCase.objects.exclude(state="pending").count() == ScannedCase.objects.count() == len(page.boxes)


@pytest.mark.django_db(transaction=True)
def test_a_job_of_somebody_without_the_right_stops_and_says_so(batch_at_office: tuple[Office, ScanBatch]) -> None:
    office, batch = batch_at_office
    make_officer("lanh.dao.thu", office=office, role="commune_leader", totp=False)
    prepare_pages_job(batch_id=str(batch.id), login="lanh.dao.thu", office_id=office.id)
    assert _states(office) == ["received"] * PAGES
    with office_scope([office.id]):
        assert ScanBatch.objects.get().failure == "not_allowed_at_office"
        process_later(preparer(office), batch)
    with connection.cursor() as cursor:
        cursor.execute("select task_name, queue_name, lock, priority from procrastinate_jobs")
        assert cursor.fetchall() == [("digitisation.prepare_pages", "scans", f"scans-{batch.id}", 0)]
    with office_scope([office.id]):
        urgent = a_batch(office, is_on_demand=True)
        process_later(preparer(office), urgent)
    with connection.cursor() as cursor:
        cursor.execute("select priority from procrastinate_jobs where lock = %s", [f"scans-{urgent.id}"])
        assert cursor.fetchall() == [(10,)]  # goes before what was asked for earlier
