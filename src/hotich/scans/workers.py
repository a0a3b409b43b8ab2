"""Work on hostile or broken pages in processes of their own, so that a bad one harms only itself.

`run_isolated` keeps up to `jobs` long-lived child processes, each with one item at a time. A crash, a hang or too much
memory costs that item and that child; a new child takes the next one. Children die with the parent, however it dies.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import IO, Any

from hotich.scans.worker_process import (
    EXIT_MEMORY,
    EXIT_TIME,
    GRACE,
    LENGTH,
    Setup,
    packed,
    resident_bytes,
    step_done,
)

__all__ = ["Outcome", "WorkersBroken", "run_isolated", "step_done"]

TICK = 0.05
START_SECONDS = 120.0  # loading the imaging libraries on a slow disk
MOST_FAILED_STARTS = 3
DETAIL = 4000
# secrets of the installation are not for a process that opens files from anywhere
ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "SSL_CERT_FILE", "TZ")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")
BOOT = "import sys; from hotich.scans.worker_process import serve; serve(int(sys.argv[1]))"


class WorkersBroken(Exception):
    """No child can be started, or the function to run cannot be loaded: nothing of the batch can be done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: `value`, or a `code` (then `params` for its text, `detail` for the developer's eye).

    Codes: those of the RuleBroken the function raised, else worker_crashed | worker_timeout | worker_memory |
    worker_failed (an exception nobody foresaw). `peak`: most memory the child held meanwhile, 0 where unknown.
    """

    id: Hashable
    value: Any = None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    seconds: float = 0.0
    peak: int = 0

    @property
    def is_done(self) -> bool:
        return not self.code


def run_isolated(
    function: str, items: Iterable[tuple[Hashable, Any]], *, jobs: int, seconds: float, memory: int
) -> Iterator[Outcome]:
    """Call `function` ("module:name", one argument) for the argument of every (id, argument), in child processes.

    Outcomes come as they are ready, in any order, one for each item; items are drawn in this thread and only when a
    child is free for one. `seconds`: for one item, or for each step of it where the function calls `step_done`.
    `memory`: bytes one child may occupy. Arguments and values must pickle; keep them small (paths, not pictures).
    Raises WorkersBroken. Leaving the loop early, by an exception too, ends the children.
    """
    waiting = iter(items)
    crew = _Crew(function, seconds, memory)
    finished: list[Outcome] = []
    is_more = True
    try:
        while True:
            while is_more and crew.busy < jobs:
                try:
                    identity, item = next(waiting)
                except StopIteration:
                    is_more = False
                else:
                    crew.give(identity, item)
            yield from finished
            if not crew.busy:
                return
            finished = crew.wait()
    finally:
        crew.close()


class _Crew:
    """The children of one run."""

    def __init__(self, function: str, seconds: float, memory: int) -> None:
        self.setup = Setup(function, seconds, memory, os.getpid())
        self.selector = selectors.DefaultSelector()
        self.children: list[_Child] = []
        self.failed_starts = 0

    @property
    def busy(self) -> int:
        return sum(child.is_busy for child in self.children)

    def give(self, identity: Hashable, item: Any) -> None:
        child = next((child for child in self.children if not child.is_busy), None) or self._start()
        child.give(identity, packed(item))
        self._listen(child)

    def _start(self) -> _Child:
        child = _Child(self.setup)
        self.children.append(child)
        self.selector.register(child.socket, selectors.EVENT_READ, child)
        return child

    def _listen(self, child: _Child) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if child.outgoing else 0)
        self.selector.modify(child.socket, events, child)

    def wait(self) -> list[Outcome]:
        """Wait a little; what was finished meanwhile. Raises WorkersBroken."""
        outcomes: list[Outcome] = []
        for key, events in self.selector.select(TICK):
            child: _Child = key.data
            if events & selectors.EVENT_WRITE:
                child.write()
                self._listen(child)
            if events & selectors.EVENT_READ:
                outcomes += child.read()
                if child.is_gone:
                    outcomes += self._bury(child)
        for child in self.children[:]:
            if child.is_busy and child.must_end():
                outcomes += self._bury(child)
        return outcomes

    def _bury(self, child: _Child) -> list[Outcome]:
        """End a child; the failed outcome of its item. An item that never reached it goes to a new child."""
        self.selector.unregister(child.socket)
        self.children.remove(child)
        child.end()
        if child.broken:
            raise WorkersBroken(child.broken)
        if not child.is_busy:
            return []
        if child.has_begun:
            self.failed_starts = 0
            return [child.failure()]
        self.failed_starts += 1
        if self.failed_starts >= MOST_FAILED_STARTS:
            raise WorkersBroken(child.failure().detail or "the worker processes end before they are ready")
        again = self._start()
        again.give(child.identity, child.item)
        self._listen(again)
        return []

    def close(self) -> None:
        for child in self.children:
            child.end()
        self.selector.close()


class _Child:
    """One child as the parent sees it. Nothing here waits for the child: it may have stopped anywhere."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        self.socket, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", BOOT, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
                env=_environment(),
                start_new_session=True,  # one signal ends it with all it started; Ctrl-C does not reach it
            )
        self.socket.setblocking(False)
        self.incoming, self.outgoing = bytearray(), bytearray(packed(setup))
        self.is_busy = self.has_begun = self.is_ready = self.is_gone = self.is_last = False
        self.broken, self.killed_for = "", ""
        self.identity: Hashable = None
        self.item = b""
        self.started = time.monotonic()
        self.deadline = self.started + START_SECONDS

    def give(self, identity: Hashable, item: bytes) -> None:
        self.identity, self.item, self.is_busy, self.has_begun = identity, item, True, False
        self.started = time.monotonic()
        if self.is_ready:
            self.deadline = self.started + self.setup.seconds + GRACE
            os.ftruncate(self.errors.fileno(), 0)
        self.outgoing += item
        self.write()

    def write(self) -> None:
        try:
            while self.outgoing:
                del self.outgoing[: self.socket.send(self.outgoing)]
        except BlockingIOError:
            pass
        except OSError:  # it is gone; reading will tell
            self.outgoing.clear()

    def read(self) -> list[Outcome]:
        try:
            while content := self.socket.recv(1 << 20):
                self.incoming += content
            self.is_gone = True
        except BlockingIOError:
            pass
        except OSError:
            self.is_gone = True
        outcomes = [outcome for message in self._messages() if (outcome := self._hear(*message))]
        self.is_gone = self.is_gone or self.is_last
        return outcomes

    def _messages(self) -> Iterator[Any]:
        while len(self.incoming) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self.incoming)
            if len(self.incoming) < LENGTH.size + length:
                return
            body = bytes(self.incoming[LENGTH.size : LENGTH.size + length])
            del self.incoming[: LENGTH.size + length]
            yield ForkingPickler.loads(body)

    def _hear(self, kind: str, told: Any = None) -> Outcome | None:
        now = time.monotonic()
        if kind == "broken":
            self.broken = told
        elif kind == "ready":
            self.is_ready = True
        elif kind == "started":
            self.has_begun, self.started = True, now
        elif kind == "done":
            self.is_busy, self.is_last = False, told.pop("ends")
            self.item = b""
            return Outcome(id=self.identity, seconds=now - self.started, **self._limits_in(told))
        self.deadline = now + self.setup.seconds + GRACE
        return None

    def _limits_in(self, told: dict[str, Any]) -> dict[str, Any]:
        if told.get("code") == "worker_memory":
            told["params"] = {"megabytes": self.setup.memory // 2**20}
        return told

    def must_end(self) -> bool:
        """Whether its item is over the limits (it is told by `failure` then)."""
        if time.monotonic() > self.deadline:
            self.killed_for = "worker_timeout"
        elif resident_bytes(self.process.pid) > self.setup.memory:
            self.killed_for = "worker_memory"
        return bool(self.killed_for)

    def end(self) -> None:
        """Kill it with all it started, and wait until it is gone."""
        if self.is_gone and not self.is_last:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)  # to know of what it died
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.socket.close()
        self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, self.errors.tell() - DETAIL))
        self.last_words = self.errors.read().decode(errors="replace")
        self.errors.close()

    def failure(self) -> Outcome:
        """The outcome of the item that ended it."""
        status = self.process.returncode
        code = self.killed_for or {EXIT_MEMORY: "worker_memory", EXIT_TIME: "worker_timeout"}.get(
            status, "worker_crashed"
        )
        params: dict[str, dict[str, Any]] = {
            "worker_timeout": {"seconds": self.setup.seconds},
            "worker_memory": {"megabytes": self.setup.memory // 2**20},
            "worker_crashed": {"signal": _signal_name(status)},
        }
        return Outcome(
            id=self.identity,
            code=code,
            params=params[code],
            detail=self.last_words,
            seconds=time.monotonic() - self.started,
        )


def _signal_name(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return str(status)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ENVIRONMENT or name.startswith("LC_")}
    kept |= dict.fromkeys(ONE_THREAD, "1")
    kept["PYTHONPATH"] = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return kept | ({"PYTHONDONTWRITEBYTECODE": "1"} if sys.dont_write_bytecode else {})
