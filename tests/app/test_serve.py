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
    try:
        copy_prepared_state(state)
        command = [sys.executable, "-m", "hotich", "serve", "--port", str(port), "--workers", "1"]
        server = subprocess.Popen(command, env=environment(state), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert _answers(f"http://localhost:{port}/"), "no page within 60 s"
        again = run(state, "serve", "--port", str(port))
        assert again.returncode != 0
        assert "served already" in again.stderr
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
        assert not _answers(f"http://localhost:{port}/", seconds=1)
        assert run(state, "db", "status").returncode == 3
    finally:
        run(state, "db", "down")
        subprocess.run(["rm", "-rf", str(state)], check=True)


def _answers(address: str, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.2)
    return False
