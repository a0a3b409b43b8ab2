"""Whether this installation is being served: some work needs it to stand still."""

from __future__ import annotations

import fcntl
from typing import TextIO

from hotich.database.state import state_folder


def take_lock() -> TextIO | None:
    """The lock of the one server of a state folder, held until it is closed; None when somebody holds it."""
    state_folder().mkdir(parents=True, exist_ok=True)
    lock = (state_folder() / "serve.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def is_served() -> bool:
    """Whether `hotich serve` runs on this state folder (on this machine)."""
    lock = take_lock()
    if lock is None:
        return True
    lock.close()
    return False
