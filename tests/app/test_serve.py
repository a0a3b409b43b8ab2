"""`hotich serve`, with real processes: it serves, refuses to be there twice, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from prepared_state import copy_prepared_state

from hotich.config.operation import serving


def run(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hotich", *arguments],
        env=environment(state),
        capture_output=True,
        text=True,
        timeout=180,
    )


def environment(state: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return kept | {"HOTICH_STATE": str(state), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.timeout(400)
def test_it_serves_once_and_stops_everything_with_it() -> None:
    state, port = Path("/tmp") / f"hotich-serve-{os.getpid()}", free_port()
    said = Path(f"{state}.log").open("w")  # noqa: SIM115 – two processes write into it, one after the other
    try:
        copy_prepared_state(state)
        command = [sys.executable, "-m", "hotich", "serve", "--port", str(port), "--workers", "1"]
        server = subprocess.Popen(command, env=environment(state), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert _answers(f"http://localhost:{port}/"), "no page within 60 s"
        again = run(state, "serve", "--port", str(port))
        assert again.returncode != 0
        assert "served already" in again.stderr
        server.send_signal(signal.SIGTERM)
        # typed right after Ctrl+C: it waits for the one that ends, whose database goes with it
        server, old = subprocess.Popen(command, env=environment(state), stdout=said, stderr=said), server
        assert old.wait(timeout=60) == 0
        assert _answers(f"http://localhost:{port}/", seconds=90), Path(said.name).read_text()
        server.send_signal(signal.SIGTERM)
        setup = run(state, "setup")
        assert (server.wait(timeout=60), setup.returncode) == (0, 0), setup.stderr
        assert "Traceback" not in Path(said.name).read_text() + setup.stderr
        assert not _answers(f"http://localhost:{port}/", seconds=1)
        assert "stopped" in run(state, "db", "down").stdout  # `setup` has started it again
    finally:
        said.close()
        run(state, "db", "down")
        subprocess.run(["rm", "-rf", str(state), said.name], check=True)


def test_a_server_that_ends_is_waited_for_and_when_it_takes_too_long_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "state_folder", lambda: tmp_path)
    assert serving.wait_for_the_old_one()
    lock = serving.take_lock()
    assert lock is not None
    assert (serving.take_lock(), serving.is_stopping()) == (None, False)
    serving.say_stopping(lock)
    assert serving.is_stopping()
    assert not serving.wait_for_the_old_one(seconds=0.3)
    lock.close()
    assert serving.wait_for_the_old_one()
    following = serving.take_lock()
    assert following is not None
    assert not serving.is_stopping()
    following.close()


def _answers(address: str, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.2)
    return False
