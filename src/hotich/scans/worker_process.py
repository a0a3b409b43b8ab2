"""The inside of one worker: reads an item, does it, answers; watches its own time, memory and parent.

`workers` starts it in a process of its own and talks to it over one socket: a length in 8 bytes, then a pickle. Only
the two ends of that socket write to it; nothing of a scanned file is ever unpickled.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import resource
import select
import signal
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

from hotich.kernel.problems import RuleBroken

EXIT_MEMORY, EXIT_TIME = 70, 71
LENGTH = struct.Struct("!Q")
WATCH_EVERY = 0.05
# address space that libraries reserve without using it; beyond it an allocation fails instead of filling the machine
RESERVED = 160 * 2**20
GRACE = 2.0  # the worker ends itself at its limit; after this the parent does it, where the worker cannot


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told first. `parent`: the process whose death is its own."""

    function: str
    seconds: float
    memory: int
    parent: int


def packed(message: Any) -> bytes:
    """A message as it travels."""
    body = bytes(ForkingPickler.dumps(message))
    return LENGTH.pack(len(body)) + body


def resident_bytes(process: int | str = "self") -> int:
    """Memory a process occupies now; 0 where the system does not tell (no /proc) or the process is gone."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * resource.getpagesize()


def function_named(name: str) -> Callable[[Any], Any]:
    """The function of "module:name"."""
    module, _, attribute = name.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not callable(found):
        raise TypeError(f"{name} is no function")
    return found  # type: ignore[no-any-return]


class _Line:
    """The worker's end of the socket."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)  # a program the worker starts must not keep the line open
        self.socket = socket.socket(fileno=descriptor)

    def send(self, *message: Any) -> None:
        self.socket.sendall(packed(message))

    def receive(self) -> bytearray:
        """The next message, packed still. Raises EOFError when the parent has hung up."""
        (length,) = LENGTH.unpack(self._exactly(LENGTH.size))
        return self._exactly(length)

    def _exactly(self, count: int) -> bytearray:
        content = bytearray(count)
        view = memoryview(content)
        while view:
            got = self.socket.recv_into(view)
            if not got:
                raise EOFError
            view = view[got:]
        return content


class _Watch(threading.Thread):
    """Ends the process when the parent hangs up, the time of a step is over or the memory is too much.

    The parent watches too, but may be busy with what it got; a thread inside is never kept waiting by it.
    """

    def __init__(self, line: _Line, setup: Setup) -> None:
        super().__init__(daemon=True)
        self.line, self.setup, self.deadline = line, setup, float("inf")

    def run(self) -> None:
        poll = select.poll()
        poll.register(self.line.socket, 0)  # hanging up is told without asking for it
        while True:
            if poll.poll(WATCH_EVERY * 1000):
                end_all()
            if time.monotonic() > self.deadline:
                os._exit(EXIT_TIME)
            if resident_bytes() > self.setup.memory:
                os._exit(EXIT_MEMORY)

    def begin_step(self) -> None:
        self.deadline = time.monotonic() + self.setup.seconds
        # where code in C neither ends nor lets go of the interpreter and no parent is left to end it
        faulthandler.dump_traceback_later(self.setup.seconds + 2 * GRACE, exit=True)

    def rest(self) -> None:
        self.deadline = float("inf")
        faulthandler.cancel_dump_traceback_later()


def end_all() -> None:
    """End this process and every program it started: the worker leads a group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


_here: tuple[_Line, _Watch] | None = None


def step_done() -> None:
    """Called by a function between the steps of one long item (pages of a file): the time limit begins anew.

    Outside a worker it does nothing.
    """
    if _here is not None:
        line, watch = _here
        watch.begin_step()
        line.send("step")


def serve(descriptor: int) -> None:
    """The life of a worker; ends when the parent hangs up or the memory does not shrink after an item."""
    global _here
    line = _Line(descriptor)
    setup: Setup = ForkingPickler.loads(line.receive())
    _tie_to(setup)
    faulthandler.enable(all_threads=False)
    try:
        function = function_named(setup.function)
    except Exception:
        line.send("broken", traceback.format_exc())
        return
    _bound(setup.memory)
    watch = _Watch(line, setup)
    watch.start()
    _here = line, watch
    line.send("ready")
    while True:
        try:
            given = line.receive()
        except EOFError:
            return
        watch.begin_step()
        line.send("started")
        answer = _answer(function, given)
        watch.rest()
        ends = resident_bytes() > setup.memory // 2  # what the item left behind would be charged to the next one
        _reply(line, answer, ends)
        if ends:
            return


def _reply(line: _Line, answer: dict[str, Any], ends: bool) -> None:
    answer |= {"peak": _peak(), "ends": ends}
    try:
        line.send("done", answer)
    except OSError:  # nobody listens any more
        end_all()
    except Exception:  # not to be pickled
        line.send("done", {"code": "worker_failed", "detail": traceback.format_exc(), "ends": ends})


def _answer(function: Callable[[Any], Any], given: bytearray) -> dict[str, Any]:
    _forget_peak()
    try:
        return {"value": function(ForkingPickler.loads(given))}
    except RuleBroken as error:
        return {"code": error.code, "params": dict(error.params)}
    except MemoryError:
        return {"code": "worker_memory", "detail": traceback.format_exc()}
    except Exception as error:
        # OpenCV has an exception of its own for "no memory": StsNoMem
        is_memory = type(error).__module__.startswith("cv2") and getattr(error, "code", None) == -4
        return {"code": "worker_memory" if is_memory else "worker_failed", "detail": traceback.format_exc()}


def _tie_to(setup: Setup) -> None:
    """Leave Ctrl-C to the parent, and no image of the memory (citizens' pages) on the disk after a crash."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getppid() != setup.parent:
        end_all()


def _bound(memory: int) -> None:
    """Set what the process may allocate, counted from what its libraries have taken already."""
    cv2 = sys.modules.get("cv2")
    if cv2 is not None:
        cv2.setNumThreads(1)
    taken, resident = _status("VmData"), resident_bytes()
    if taken:  # RLIMIT_DATA counts what is private and writable; RLIMIT_AS would count what is only reserved
        limit = taken + max(memory - resident, 0) + RESERVED
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _status(field: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:")), 0)


def _peak() -> int:
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        pass  # the peak of the whole life is told instead
