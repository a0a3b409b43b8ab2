"""A real web server killed in the middle of a save, and a disk that is full: nothing is stored by half, nothing is lost."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from hostile_parts import BACKEND

from hotich.database import launcher
from hotich.database.roles import as_owner
from hotich.database.state import server_user
from hotich.keying.models import KeyingPackage, PackageItem
from hotich.keying.services.packages import check_out_package
from tests.app.keying_parts import AT, Team, a_package, a_team, items_of
from tests.app.keying_sync_parts import an_item, counted, raw_item, results, send
from tests.app.operation_parts import new_folder
from tests.app.test_keying_faults import package_held, stored, waiting_backend

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]
Out = tuple[Team, KeyingPackage, list[PackageItem]]
COUNT, TOKEN = 8, "a" * 32
DISK_FULL = "53100"


@pytest.fixture
def out() -> Out:
    team = a_team()
    package = a_package(team, count=COUNT)
    check_out_package(actor=team.keyer, at=AT, package_id=package.id)
    return team, package, items_of(team, package)


@contextmanager
def web_server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The web server as `hotich serve` runs it, on the test database: its port and its process, first of its group."""
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "hotich.config.wsgi", "--worker-class", "gthread", "--threads", "4",
         "--workers", "1", "--bind", f"127.0.0.1:{port}", "--log-level", "critical", "--no-control-socket"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hotich.config.settings.test"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        _await(port, process)
        yield port, process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", "/nhap-lieu/nhip/", headers={"Host": "localhost"})
            if line.getresponse().status == 401:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _session(team: Team) -> str:
    client = Client()
    client.force_login(team.accounts["keyer"], backend=BACKEND)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def _post(port: int, team: Team, session: str, items: list[dict[str, Any]]) -> list[str]:
    """The results. Raises OSError or HTTPException when the server is gone."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {
        "Host": "localhost", "Content-Type": "application/json", "Cookie": f"{session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN, "X-Hotich-User": str(team.accounts["keyer"].pk),
    }  # fmt: skip
    body = json.dumps({"clock": int(time.time() * 1000), "items": items}).encode()
    line.request("POST", "/nhap-lieu/dong-bo/", body, headers)
    answer = line.getresponse()
    assert answer.status == 200, answer.status
    return [each["result"] for each in json.loads(answer.read())["results"]]


def test_a_server_killed_with_signal_9_in_the_middle_of_a_save_loses_nothing(out: Out) -> None:
    team, package, places = out
    items = [raw_item(package, place, number) for number, place in enumerate(places, start=1)]
    sent = [an_item(package, place, number, client_id=item["client_id"])
            for number, (place, item) in enumerate(zip(places, items, strict=True), start=1)]  # fmt: skip
    session = _session(team)
    with web_server() as (port, process):
        assert _post(port, team, session, items[:2]) == ["accepted"] * 2
        failures: list[Exception] = []

        def save() -> None:
            try:
                _post(port, team, session, items)
            except (OSError, http.client.HTTPException) as error:
                failures.append(error)

        with package_held(package):
            thread = threading.Thread(target=save)
            thread.start()
            waiting_backend()
            os.killpg(process.pid, signal.SIGKILL)  # the session is this server's own: no other process is in it
            process.wait()
            thread.join()
    assert len(failures) == 1
    assert stored(team, sent) == (2, 0, COUNT - 2)  # the browser still has them: it never got an answer
    with web_server() as (port, _process):
        assert _post(port, team, session, items) == [*["duplicate"] * 2, *["accepted"] * (COUNT - 2)]
        assert _post(port, team, session, items) == ["duplicate"] * COUNT
    assert stored(team, sent) == (COUNT, 0, 0)


def test_a_full_disk_stores_nothing_by_half_and_everything_when_there_is_room_again(out: Out) -> None:
    team, package, places = out
    sent = [an_item(package, place, number) for number, place in enumerate(places, start=1)]
    assert results(send(team.keyer, sent[0])) == ["accepted"]
    keyer = team.keyer
    with full_disk():
        with pytest.raises(DatabaseError) as refused:
            send(keyer, *sent)
        assert getattr(refused.value.__cause__, "sqlstate", "") == DISK_FULL
        assert counted(team) == {"entries": 1, "cases": 1, "seconds": 0}
    assert stored(team, sent) == (1, 0, COUNT - 1)
    assert results(send(keyer, *sent)) == ["duplicate", *["accepted"] * (COUNT - 1)]
    assert stored(team, sent) == (COUNT, 0, 0)


@contextmanager
def full_disk() -> Iterator[None]:
    """The last table of a save lies on a volume without a byte to spare. Where no volume may be mounted, the database
    says at that table what it says when its disk is full."""
    small = new_folder("small")
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(small)], capture_output=True)
    try:
        with _volume_full(small) if mounted.returncode == 0 else _said_to_be_full():
            yield
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(small)], check=True)
        small.rmdir()


@contextmanager
def _volume_full(small: Path) -> Iterator[None]:
    user = server_user()
    if user is not None:
        os.chown(small, user.uid, user.gid)
    connection.close()  # moving a table waits for whoever holds it
    with launcher.connect_as_superuser(str(connection.settings_dict["NAME"])) as server:
        server.execute(f"create tablespace small location '{small}'")
        server.execute("alter table audit_detail set tablespace small")
        ballast = small / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        # what is left of the last page of the table is used up by the rows themselves
        try:
            yield
        finally:
            ballast.unlink()
            connection.close()
            server.execute("alter table audit_detail set tablespace pg_default")
            server.execute("drop tablespace small")


@contextmanager
def _said_to_be_full() -> Iterator[None]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "create function full_disk() returns trigger language plpgsql as "
            f"$$ begin raise exception 'no space left on device' using errcode = '{DISK_FULL}'; end $$;"
            "create trigger full_disk before insert on audit_detail for each row execute function full_disk()"
        )
    try:
        yield
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("drop trigger full_disk on audit_detail; drop function full_disk()")
