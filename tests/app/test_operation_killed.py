"""What kill -9 and a full disk do: nothing acknowledged is lost, and half a backup is never taken for a whole one."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from operation_parts import Installation, new_folder, path_in, prepared

pytestmark = pytest.mark.timeout(400)
TABLE = (
    "create table acknowledged (id uuid primary key default gen_random_uuid(), filler text);"
    "alter table acknowledged alter filler set storage external"  # not compressed: a row takes the room it says
)


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    made = prepared("killed")
    try:
        made.write("Có tệp", 2)
        made.sql(TABLE)
        yield made
    finally:
        made.close()


def _write_until(
    place: Installation, stop: threading.Event, known: list[object], failures: list[Exception], size: int = 900
) -> None:
    try:
        with place.connect() as connection:
            while not stop.is_set():
                row = connection.execute(f"insert into acknowledged (filler) values (repeat('x', {size})) returning id")
                known.append(row.fetchone()[0])  # type: ignore[index]  # acknowledged: the commit has returned
    except psycopg.Error as error:
        failures.append(error)


def _lost(place: Installation, known: list[object]) -> int:
    found = {row[0] for row in place.sql("select id from acknowledged")}
    return len(set(known) - found)


def test_a_backup_killed_half_way_is_no_backup_and_the_next_one_is_whole(place: Installation) -> None:
    folder = place.state / "backups"
    process = subprocess.Popen(
        [sys.executable, "-m", "hotich", "db", "backup"], env=place.environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not list(folder.glob(".*.unfinished/database.sealed")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)  # the session is this test's own: the command and its pg_basebackup
    process.wait()
    assert list(folder.glob(".*.unfinished"))
    assert place.works("db", "backups") == ""
    assert "no whole backup" in place.refuses("db", "restore", str(folder), "--replace")
    whole = path_in(place.works("db", "backup"))
    assert not list(folder.glob(".*.unfinished"))
    assert whole.name in place.works("db", "backups")


def test_kill_9_of_the_server_under_writers_loses_nothing_acknowledged(place: Installation) -> None:
    place.works("db", "up")
    stop, known, failures = threading.Event(), [], []  # type: ignore[var-annotated]
    writers = [threading.Thread(target=_write_until, args=(place, stop, known, failures)) for _ in range(6)]
    for writer in writers:
        writer.start()
    while len(known) < 500:
        time.sleep(0.01)
    os.kill(place.postmaster(), signal.SIGKILL)
    for writer in writers:
        writer.join()
    stop.set()
    assert len(failures) == 6
    place.works("db", "up")
    assert _lost(place, known) == 0


def test_a_full_disk_refuses_writes_and_loses_nothing_acknowledged() -> None:
    """A small volume where the machine lets us mount one; else a limit on the size of files, which the server meets as
    an error of the same kind."""
    small = new_folder("small")
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "none", str(small)], capture_output=True)
    place = Installation(small / "state")
    try:
        _start(place, limited=mounted.returncode != 0)
        place.sql(TABLE)
        stop, known, failures = threading.Event(), [], []  # type: ignore[var-annotated]
        if mounted.returncode == 0:
            free = shutil.disk_usage(small).free
            (small / "ballast").write_bytes(b"\0" * max(0, free - 60 * 2**20))
        _write_until(place, stop, known, failures, 100_000)  # until the server says no
        assert known
        assert isinstance(failures[0], psycopg.errors.DiskFull | psycopg.errors.IoError | psycopg.OperationalError)
        (small / "ballast").unlink(missing_ok=True)
        _start(place, limited=False)  # room again; where even the log was full the server had stopped itself
        assert _lost(place, known) == 0
        place.sql("insert into acknowledged (filler) values ('again')")
    finally:
        place.close()
        if mounted.returncode == 0:
            subprocess.run(["umount", str(small)], check=True)
        subprocess.run(["rm", "-rf", str(small)], check=True)


def _start(place: Installation, *, limited: bool) -> None:
    """Start the server anew, `limited` to files of 20 MB."""
    place.hotich("db", "down")
    limits = (20 * 2**20, 20 * 2**20)
    done = subprocess.run(
        [sys.executable, "-m", "hotich", "db", "up"], env=place.environment, capture_output=True, text=True,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)) if limited else None,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
