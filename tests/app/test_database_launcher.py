"""The embedded server, with real processes: it starts, stops, survives a kill, refuses what it must."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotich.database import launcher


@pytest.fixture
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = Path("/tmp") / f"hotich-launcher-{os.getpid()}-{time.monotonic_ns()}"  # the dropped user can enter /tmp
    yield folder
    hotich(folder, "db", "down")
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def hotich(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"HOTICH_STATE": str(state), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}
    return subprocess.run(
        [sys.executable, "-m", "hotich", *arguments], env=environment, capture_output=True, text=True, timeout=120
    )


def postmaster(state: Path) -> tuple[int, int]:
    lines = (state / "postgresql" / "data" / "postmaster.pid").read_text().splitlines()
    return int(lines[0]), int(lines[3])


def connect(state: Path, password: str, user: str = "hotich_super") -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1", port=postmaster(state)[1], user=user, password=password, dbname="hotich", autocommit=True
    )


def secret(state: Path, name: str) -> str:
    return (state / "secrets" / name).read_text()


def test_up_twice_then_down_twice(state: Path) -> None:
    first, second = hotich(state, "db", "up"), hotich(state, "db", "up")
    assert first.returncode == second.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert hotich(state, "db", "status").returncode == 0
    assert "stopped" in hotich(state, "db", "down").stdout
    assert "not running" in hotich(state, "db", "down").stdout
    assert hotich(state, "db", "status").returncode == 3


def test_the_server_never_runs_as_root_and_trusts_nobody(state: Path) -> None:
    assert hotich(state, "db", "up").returncode == 0
    pid, _ = postmaster(state)
    assert f"Uid:\t{0}\t" not in Path(f"/proc/{pid}/status").read_text()
    assert "trust" not in (state / "postgresql" / "data" / "pg_hba.conf").read_text()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(state, "wrong")
    with connect(state, secret(state, "superuser")) as connection:
        assert connection.execute("show data_checksums").fetchone() == ("on",)
        assert connection.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
    assert (state / "secrets" / "superuser").stat().st_mode & 0o077 == 0
    assert hotich(state, "db", "check-roles").returncode == 0


def test_acknowledged_rows_survive_kill_9_and_the_next_up_waits_out_the_stale_lock(state: Path) -> None:
    assert hotich(state, "db", "up").returncode == 0
    with connect(state, secret(state, "superuser")) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept select generate_series(1, 500)")
    pid, _ = postmaster(state)
    os.kill(pid, signal.SIGKILL)
    again = hotich(state, "db", "up")
    assert again.returncode == 0, again.stderr
    with connect(state, secret(state, "superuser")) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (500,)


def test_a_server_that_is_stopping_is_waited_for_and_started_anew(state: Path) -> None:
    assert hotich(state, "db", "up").returncode == 0
    with connect(state, secret(state, "superuser")):
        pid, _ = postmaster(state)
        os.kill(pid, signal.SIGTERM)  # ends once this session has ended
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {"HOTICH_STATE": str(state), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}
        up = subprocess.Popen([sys.executable, "-m", "hotich", "db", "up"], env=environment)
        with pytest.raises(subprocess.TimeoutExpired):
            up.wait(timeout=5)
    assert up.wait(timeout=60) == 0
    assert postmaster(state)[0] != pid
    with connect(state, secret(state, "superuser")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_server_that_does_not_stop_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [str(os.getpid()), "", "", "5432", "", "", "", "stopping"]
    monkeypatch.setattr(launcher, "_lock_lines", lambda: lines)
    monkeypatch.setattr(launcher, "make_home", lambda: None)
    monkeypatch.setattr(launcher, "STOPPING_SECONDS", 0.3)
    monkeypatch.setattr(launcher, "state_folder", lambda: tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(launcher.LauncherError, match="still stopping; wait until it has stopped, then run this again"):
        launcher.up()


def test_a_data_folder_of_another_major_version_is_refused_with_the_steps(state: Path) -> None:
    assert hotich(state, "db", "up").returncode == 0
    assert hotich(state, "db", "down").returncode == 0
    version = state / "postgresql" / "data" / "PG_VERSION"
    right = version.read_text()
    version.write_text("11\n")
    refused = hotich(state, "db", "up")
    version.write_text(right)
    assert refused.returncode != 0
    assert "PostgreSQL 11" in refused.stderr
    assert "hotich db dump" in refused.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_a_folder_the_dropped_user_cannot_enter_is_named_and_not_opened(state: Path) -> None:
    closed = state / "closed"
    closed.mkdir(parents=True, mode=0o700)
    refused = hotich(closed / "inside", "db", "up")
    assert refused.returncode != 0
    assert "HOTICH_STATE" in refused.stderr
    assert closed.stat().st_mode & 0o077 == 0


def test_the_app_role_may_not_change_tables_nor_pass_row_level_security(state: Path) -> None:
    assert hotich(state, "db", "up").returncode == 0
    with connect(state, secret(state, "hotich_app"), "hotich_app") as connection:
        for statement in (
            "create table mine (n int)",
            "set role hotich_owner",
            "set role hotich_lookup",
            "create role x",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_with_database_url_nothing_is_launched(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = os.environ | {"HOTICH_STATE": str(state), "DATABASE_URL": "postgresql://a:b@localhost:1/hotich"}
    done = subprocess.run(
        [sys.executable, "-m", "hotich", "db", "up"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert "its own tools" in done.stderr
    assert not (state / "postgresql").exists()
