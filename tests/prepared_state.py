"""A state folder that is set up and stands still: made once for all processes and runs of the tests, then copied.

`hotich setup` writes all tables and the reference data, which takes half a minute; seven test files start from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from hotich.database.state import state_folder

SOURCES = Path(__file__).resolve().parents[1] / "src" / "hotich"
LEFT_OUT = {"__pycache__", "node_modules"}
TIME = 600  # seconds the set-up may take on a busy machine


def copy_prepared_state(folder: Path) -> None:
    """Make `folder` a state folder as `hotich setup` leaves it, its database stopped."""
    subprocess.run(["cp", "-a", str(_template()), str(folder)], check=True)
    (folder / "postgresql" / "port").unlink(missing_ok=True)


def _template() -> Path:
    kept = state_folder() / "cache" / "prepared"
    kept.mkdir(parents=True, exist_ok=True)
    wanted = kept / _key()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            for old in (folder for folder in kept.iterdir() if folder.is_dir()):
                shutil.rmtree(old)
            # made where the server's user without rights may enter
            made = Path("/tmp") / f"hotich-template-{os.getpid()}-{time.monotonic_ns()}"
            try:
                _hotich(made, "setup")
                _hotich(made, "db", "down")
                subprocess.run(["cp", "-a", str(made), f"{wanted}.part"], check=True)
                Path(f"{wanted}.part").rename(wanted)
            finally:
                subprocess.run(["rm", "-rf", str(made)], check=True)
    return wanted


def _key() -> str:
    """Changes with everything a set-up depends on: code, tables, texts, static files."""
    sums = hashlib.sha256(sys.version.encode())
    for folder, inside, names in os.walk(SOURCES):
        inside[:] = sorted(set(inside) - LEFT_OUT)
        for name in sorted(name for name in names if not name.endswith(".mo")):  # a set-up writes those
            path = Path(folder, name)
            sums.update(str(path.relative_to(SOURCES)).encode() + b"\0")
            sums.update(path.read_bytes())
    return sums.hexdigest()[:20]


def _hotich(state: Path, *arguments: str) -> None:
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("HOTICH_")}
    environment = kept | {"HOTICH_STATE": str(state), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}
    done = subprocess.run(
        [sys.executable, "-m", "hotich", *arguments],
        env=environment, capture_output=True, text=True, timeout=TIME, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
