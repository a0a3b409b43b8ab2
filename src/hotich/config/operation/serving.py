"""Whether this installation is being served: some work needs it to stand still."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import TextIO

from hotich.database.state import state_folder

STOPPING = "stopping"
STOPPING_SECONDS = 40
"""How long whoever comes after a server that is ending waits for it: longer than its parts may take to end."""
STILL_STOPPING = (
    "the earlier `hotich serve` of this installation is still stopping; wait until it has ended, then run this again"
)


def _lock_file() -> Path:
    return state_folder() / "serve.lock"


def take_lock() -> TextIO | None:
    """The lock of the one server of a state folder, held until it is closed; None when somebody holds it."""
    state_folder().mkdir(parents=True, exist_ok=True)
    lock = _lock_file().open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    lock.truncate(0)
    return lock


def say_stopping(lock: TextIO) -> None:
    """Whoever holds the lock ends now: what comes after it waits, since the database goes, too."""
    lock.write(STOPPING)
    lock.flush()


def is_stopping() -> bool:
    """Whether a server of this state folder is ending just now."""
    try:
        return _lock_file().read_text() == STOPPING and is_served()
    except OSError:
        return False


def wait_for_the_old_one(seconds: float = STOPPING_SECONDS) -> bool:
    """Wait as long as a server of this state folder is ending; False when it takes longer than that."""
    deadline = time.monotonic() + seconds
    while is_stopping():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def is_served() -> bool:
    """Whether `hotich serve` runs on this state folder (on this machine)."""
    lock = take_lock()
    if lock is None:
        return True
    lock.close()
    return False
