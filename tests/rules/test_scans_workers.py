"""Isolated work: real child processes that end in every bad way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotich.scans import workers
from hotich.scans.messages import MESSAGES
from hotich.scans.workers import Outcome, WorkersBroken, run_isolated, step_done

JOBS = "scans_jobs:do"
MEMORY = 300 * 2**20
HERE = Path(__file__).resolve().parent


@pytest.fixture(autouse=True)
def _functions_of_this_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))


def run(*orders: tuple[str, Any], jobs: int = 1, seconds: float = 30, memory: int = MEMORY) -> dict[int, Outcome]:
    found = list(run_isolated(JOBS, enumerate(orders), jobs=jobs, seconds=seconds, memory=memory))
    assert sorted(outcome.id for outcome in found) == list(range(len(orders))), "one outcome for each item"
    return {outcome.id: outcome for outcome in found}


def one(name: str, given: Any = None, **limits: Any) -> Outcome:
    """The outcome of one order; the item after it must be done in any case."""
    first, second = run((name, given), ("echo", "next"), **limits).values()
    assert second.is_done and second.value == "next"
    return first


def test_every_item_comes_back_with_its_value() -> None:
    orders = [("echo", {"page": number, "content": bytes(1000 * number)}) for number in range(40)]
    found = run(*orders, jobs=2)
    assert [found[number].value for number in range(40)] == [given for _, given in orders]
    assert all(outcome.is_done and outcome.peak > 2**20 for outcome in found.values())


def test_nothing_is_started_for_no_items() -> None:
    assert list(run_isolated("no_such_module:do", [], jobs=2, seconds=1, memory=MEMORY)) == []


def test_children_live_on_from_item_to_item() -> None:
    found = run(*[("who", None)] * 12, jobs=2)
    assert 1 <= len({outcome.value for outcome in found.values()} - {os.getpid()}) <= 2


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [("segfault", None, "SIGSEGV"), ("kill", signal.SIGKILL, "SIGKILL"), ("exit", 3, "3")],
)
def test_a_child_that_crashes_costs_its_item_only(name: str, given: Any, told: str) -> None:
    outcome = one(name, given)
    assert outcome.code == "worker_crashed" and outcome.params == {"signal": told}


def test_a_crash_leaves_the_place_in_the_code_for_the_developer() -> None:
    assert "scans_jobs.py" in one("segfault").detail


@pytest.mark.parametrize("name", ["hang", "hang_deaf"])
def test_an_item_over_its_time_is_ended(name: str) -> None:
    outcome = one(name, seconds=0.5)
    assert outcome.code == "worker_timeout" and outcome.params == {"seconds": 0.5}


def test_the_time_limit_is_for_each_step_of_a_long_item() -> None:
    outcome = one("many_steps", 10, seconds=0.9)
    assert outcome.value == 10 and outcome.seconds > 1.4


def test_outside_a_worker_a_step_is_only_a_step() -> None:
    step_done()


@pytest.mark.parametrize("name", ["allocate", "fill_shared"])
def test_an_item_that_takes_too_much_memory_is_ended(name: str) -> None:
    outcome = one(name, 1200)
    assert outcome.code == "worker_memory" and outcome.params == {"megabytes": 300}


def test_memory_within_the_limit_is_granted_and_told() -> None:
    outcome = one("allocate", 150)
    assert outcome.value == 150 * 2**20 and outcome.peak > 150 * 2**20


def test_a_refusal_comes_back_with_its_code_and_figures() -> None:
    outcome = one("refuse")
    assert (outcome.code, outcome.params) == ("file_empty", {"name": "a.jpg"})


@pytest.mark.parametrize("name", ["fail", "unpicklable"])
def test_an_unforeseen_error_fails_the_item_with_its_trace(name: str) -> None:
    outcome = one(name, 5)
    assert outcome.code == "worker_failed" and "Traceback" in outcome.detail


def test_output_of_a_child_does_not_mix_with_ours(capfd: pytest.CaptureFixture[str]) -> None:
    assert one("speak", "libpng warning").is_done
    assert capfd.readouterr() == ("", "")


def test_children_have_one_thread_and_none_of_the_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTICH_SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "postgresql://x")
    environment = one("environment").value
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"
    assert not {name for name in environment if name.startswith(("HOTICH_", "DATABASE_"))}


def test_items_are_drawn_only_when_a_child_is_free_for_one() -> None:
    drawn: list[int] = []

    def items() -> Iterator[tuple[int, tuple[str, int]]]:
        for number in range(30):
            drawn.append(number)
            yield number, ("echo", number)

    taken = 0
    for _ in run_isolated(JOBS, items(), jobs=2, seconds=30, memory=MEMORY):
        taken += 1
        assert len(drawn) <= taken + 4
    assert taken == 30


def test_items_are_drawn_in_the_thread_that_asks() -> None:
    threads: set[int] = set()

    def items() -> Iterator[tuple[int, tuple[str, int]]]:
        for number in range(5):
            threads.add(threading.get_ident())
            yield number, ("echo", number)

    assert len(list(run_isolated(JOBS, items(), jobs=2, seconds=30, memory=MEMORY))) == 5
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("function", ["no_such_module:do", "scans_jobs:no_such", "scans_jobs:ORDERS"])
def test_a_function_that_is_none_is_told_at_once(function: str) -> None:
    with pytest.raises(WorkersBroken):
        list(run_isolated(function, [(1, None)], jobs=1, seconds=30, memory=MEMORY))


def test_a_python_that_does_not_start_is_told_after_some_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BOOT", "import sys; sys.exit('no room')")
    with pytest.raises(WorkersBroken, match="no room"):
        list(run_isolated(JOBS, [(1, ("echo", 1))], jobs=1, seconds=30, memory=MEMORY))


def test_an_error_in_the_loop_ends_the_children() -> None:
    with pytest.raises(KeyboardInterrupt):
        for outcome in run_isolated(
            JOBS, enumerate([("who", None), ("hang", None)]), jobs=2, seconds=60, memory=MEMORY
        ):
            child = outcome.value
            raise KeyboardInterrupt
    assert _wait_until_gone([child])


@pytest.mark.parametrize(
    ("manner", "number"),
    [("tidy", signal.SIGINT), ("tidy", signal.SIGTERM), ("as it is", signal.SIGTERM), ("as it is", 9)],
)
def test_no_child_and_nothing_it_started_survives_the_parent(manner: str, number: int) -> None:
    marker = f"86399.{time.time_ns() % 10**9:09d}"  # the program of the child is found by its argument
    parent = subprocess.Popen(
        [sys.executable, str(HERE / "scans_jobs.py"), manner, marker],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    try:
        while len(family := _descendants(parent.pid)) < 3 or not _runs(marker):
            assert parent.poll() is None
            time.sleep(0.02)
        parent.send_signal(number)
        parent.wait(20)
    finally:
        parent.kill()
    assert _wait_until_gone(family)


def test_every_code_of_a_worker_has_its_text() -> None:
    params = {"seconds": 30, "megabytes": 300, "signal": "SIGSEGV"}
    texts = [MESSAGES[code].format(**params) for code in ("worker_crashed", "worker_timeout", "worker_memory")]
    assert [told in text for told, text in zip(("SIGSEGV", "30", "300"), texts, strict=True)] == [True] * 3
    assert MESSAGES["worker_failed"]


def _descendants(process: int) -> list[int]:
    found: list[int] = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found += [int(child), *_descendants(int(child))]
    return found


def _runs(marker: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().split(b"\0")[:2] == [b"sleep", marker.encode()]:
                return True
        except OSError:
            continue
    return False


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def _wait_until_gone(processes: list[int]) -> bool:
    """Whether they end; waits as long as a busy machine may need."""
    until = time.monotonic() + 30
    while any(map(_is_alive, processes)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(_is_alive, processes))
