"""A real process killed in the middle of a real import: whole pieces stay, and the same command goes on from there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from hotich.audit.queries import faults_of_chain
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, BatchState, Case
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.intake_parts import rows_of, workbook

ROWS = 3_000


def _command(book: Path, report: Path, office: str) -> list[str]:
    whole = ["import-book", str(book), "--office", office, "--as", "can.bo.thu", "--report", str(report)]
    return [sys.executable, "-m", "hotich", *whole]


def _environment() -> dict[str, str]:
    """Another process must use the test database, as the serving role."""
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hotich.config.settings.test"}


def _helpers_of(pid: int) -> list[int]:
    """The children of a process, from /proc: there may be no `ps`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
            if int(parent) == pid:
                found.append(int(entry.name))
    return found


def _is_running(pid: int) -> bool:
    """Whether a process still does something: it may have ended without anybody to take notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.timeout(240)
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_whole_pieces_and_goes_on(tmp_path: Path) -> None:
    office = open_offices(1)[0]
    make_officer("can.bo.thu", office=office, role="civil_status_officer", totp=False)
    book, report = tmp_path / "KS.xlsx", tmp_path / "out.json"
    book.write_bytes(workbook(rows_of("KS", ROWS)))
    command, environment = _command(book, report, office.code), _environment()

    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    helpers: list[int] = []
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        helpers = _helpers_of(process.pid) or helpers
        with office_scope([office.id]):
            if Batch.objects.filter(rows_done__gt=0).exists():
                break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert not report.exists()
    with office_scope([office.id]):
        batch = Batch.objects.get()
        assert batch.state == BatchState.LOADING
        assert 0 < batch.rows_done < ROWS
        assert Case.objects.count() == batch.rows_done == batch.accepted
        assert faults_of_chain(office.id) == []
    deadline = time.monotonic() + 20
    while any(map(_is_running, helpers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in helpers if _is_running(pid)] == []

    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    told = json.loads(report.read_text())
    assert (told["batch"], told["rows"], told["accepted"], told["unchanged"]) == (str(batch.id), ROWS, ROWS, 0)
    with office_scope([office.id]):
        assert Batch.objects.get().state == BatchState.LOADED
        assert Case.objects.count() == ROWS
        assert Case.objects.values("row_number").distinct().count() == ROWS
        assert faults_of_chain(office.id) == []
