"""What the tests of the workers let children do: good work and every kind of bad end."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.scans.workers import run_isolated, step_done


def do(order: tuple[str, Any]) -> Any:
    """One order: (what, with what)."""
    name, given = order
    return ORDERS[name](given)


def _segfault(_: Any) -> None:
    ctypes.string_at(0)


def _hang(_: Any) -> None:
    while True:
        time.sleep(1)


def _hang_deaf(_: Any) -> None:
    """Hangs where no thread of Python can interfere: the whole process stands still."""
    os.kill(os.getpid(), signal.SIGSTOP)


def _allocate(megabytes: int) -> int:
    return len(bytearray(megabytes * 2**20))


def _fill_shared(megabytes: int) -> None:
    """Memory no limit of the system counts for one process; only its own size in memory tells."""
    room = mmap.mmap(-1, megabytes * 2**20)
    for start in range(0, len(room), 2**20):
        room[start : start + 2**20] = b"x" * 2**20
        time.sleep(0.002)
    time.sleep(60)


def _many_steps(steps: int) -> int:
    for _ in range(steps):
        time.sleep(0.15)
        step_done()
    return steps


def _refuse(_: Any) -> None:
    raise RuleBroken("file_empty", name="a.jpg")


def _start_program(marker: str) -> None:
    subprocess.Popen(["sleep", marker])
    time.sleep(60)


ORDERS = {
    "echo": lambda given: given,
    "who": lambda _: os.getpid(),
    "environment": lambda _: dict(os.environ),
    "speak": lambda given: print(given) or print(given, file=sys.stderr),
    "segfault": _segfault,
    "kill": lambda number: os.kill(os.getpid(), number),
    "exit": os._exit,
    "hang": _hang,
    "hang_deaf": _hang_deaf,
    "allocate": _allocate,
    "fill_shared": _fill_shared,
    "many_steps": _many_steps,
    "refuse": _refuse,
    "fail": lambda given: [].index(given),
    "unpicklable": lambda _: (value for value in ()),
    "start_program": _start_program,
    "touch": lambda path: Path(path).touch(),
}


def _for_ever(marker: str) -> Iterator[tuple[str, tuple[str, Any]]]:
    """The second child never ends, the first has started a program that never ends."""
    yield "with a program", ("start_program", marker)
    yield "sleeping", ("hang", None)


if __name__ == "__main__":  # a parent for a test to end; it must leave nothing behind
    if sys.argv[1] == "tidy":
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    for _ in run_isolated("scans_jobs:do", _for_ever(sys.argv[2]), jobs=2, seconds=120, memory=2**30):
        pass
