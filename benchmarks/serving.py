"""Requests a second of the real server: `hotich serve` with two workers, asked over HTTP by 1, 4 and 8 clients.

The demo, signed in as its officers; clients are threads of this process that ask one page after another and follow no
link, for a fixed time. They use processor time of the same machine, which is told: what is left is the server's.
Signing in (password and code of the second factor) is measured by itself; the hash of the password is what it costs.
Beside the clock stands the processor time a request costs the server (web processes, worker and database), which other
work on the machine disturbs little: two idle cores can answer 2 / that many a second.

`python -m benchmarks serving` loads the demo; its server listens on 127.0.0.1 only.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for
from hotich.accounts.rules.demo import DEMO_PASSWORD, demo_seed
from hotich.accounts.rules.one_time_codes import code_of_step, step_at
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.database.state import state_folder
from hotich.kernel import clock
from hotich.persons.models import PersonLink
from hotich.records.models import Record
from hotich.records.services import give_reading_reason

CLIENTS, SECONDS, MOST, WORKERS = (1, 4, 8), 12.0, 5_000, 2
OFFICERS = ("can.bo.1", "can.bo.2", "can.bo.3", "nhap.1", "nhap.2", "nhap.3", "duyet.1", "duyet.2")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """One connection kept open, its cookies, and signing in as a person does."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, values: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, body and where it leads."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if values is not None:
            body = urlencode(values)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for header in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return answer.status, text, answer.headers.get("Location") or ""

    def post(self, path: str, values: dict[str, str]) -> tuple[int, str, str]:
        """A form with the token of its page."""
        found = TOKEN.search(self.ask("GET", path)[1])
        return self.ask("POST", path, values | {"csrfmiddlewaretoken": found.group(1) if found else ""})

    def sign_in(self, login: str) -> float:
        """Password, then code; the seconds of the password's request alone. Raises RuntimeError when refused."""
        found = TOKEN.search(self.ask("GET", "/tai-khoan/dang-nhap/")[1])
        values = {"login": login, "password": DEMO_PASSWORD, "csrfmiddlewaretoken": found.group(1) if found else ""}
        begun = time.perf_counter()
        status, _text, leads = self.ask("POST", "/tai-khoan/dang-nhap/", values)
        spent = time.perf_counter() - begun
        if status == 302 and "ma-xac-thuc" in leads:
            code = code_of_step(demo_seed(login), step_at(clock.now().timestamp()))
            status, _text, leads = self.post(leads, {"code": code})
        if status != 302:
            raise RuntimeError(f"{login} is not let in: {status}")
        return spent


@dataclass(slots=True)
class Answers:
    """Seconds of every request of one page and number of clients."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0


def run() -> None:
    """Load the demo, serve it, ask, and print."""
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    measure()


def measure() -> None:
    """The same on an installation that has the demo already."""
    hash_seconds = _hash_seconds()
    print(f"password hash: {hash_seconds * 1000:.0f} ms of processor time; load {os.getloadavg()[0]:.1f}", flush=True)
    pages = {login: _pages_of(login) for login in OFFICERS[:3]}
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "hotich", "serve", "--port", str(port), "--workers", str(WORKERS)],
        env=os.environ | {"HOTICH_STATE": str(state_folder()), "HOTICH_POPULATION_ADAPTER": "none"},
        stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(port)
        browsers = _sign_in_all(port, hash_seconds)
        for name in ("home", "record page", "person page"):
            for clients in CLIENTS:
                _rate(
                    name, clients, [(browsers[login], pages[login][name]) for login in OFFICERS[:3]], port, server.pid
                )
    finally:
        server.terminate()
        server.wait(timeout=60)


def _hash_seconds() -> float:
    made = make_password(DEMO_PASSWORD)
    begun = time.process_time()
    check_password(DEMO_PASSWORD, made)
    return time.process_time() - begun


def _pages_of(login: str) -> dict[str, list[str]]:
    actor = actor_for(Officer.objects.get(username=login))
    with office_scope(actor.office_ids):
        for _ in range(40):
            give_reading_reason(actor=actor, at=clock.now(), reason="Đo thời gian trả lời của máy chủ")
        records = Record.objects.filter(origin_office_id=actor.office_id).order_by("id").values_list("id", flat=True)
        persons = PersonLink.objects.filter(origin_office_id=actor.office_id).order_by("person_id")
        return {
            "home": ["/"],
            "record page": [f"/ban-ghi/{each}/" for each in records[:200]],
            "person page": [f"/nguoi/{each}/" for each in persons.values_list("person_id", flat=True)[:200]],
        }


def _server_busy(root: int) -> float:
    """Seconds of processor time of a process and all below it, and of the database's processes (Linux)."""
    lock = (launcher.data_folder() / "postmaster.pid").read_text().split()
    parents, spent = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parts = place.read_text().rpartition(")")[2].split()
            # of itself and of children that have ended and were waited for
            parents[int(place.parent.name)], spent[int(place.parent.name)] = int(parts[1]), sum(map(int, parts[11:15]))
    ours = {root, int(lock[0])}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(pid, 0) for pid in ours) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    """The port is open before the workers have loaded: wait for a page, and once more for the second worker's."""
    for _ in range(300):
        with contextlib.suppress(OSError):
            for _worker in range(WORKERS * 2):
                Browser(port).ask("GET", "/tai-khoan/dang-nhap/")
            return
        time.sleep(0.5)
    raise RuntimeError("the server does not start")


def _sign_in_all(port: int, hash_seconds: float) -> dict[str, Browser]:
    browsers = {login: Browser(port) for login in OFFICERS}
    spent, lock, begun = [], threading.Lock(), time.perf_counter()

    def one(login: str) -> None:
        seconds = browsers[login].sign_in(login)
        with lock:
            spent.append(seconds)

    _together([lambda login=login: one(login) for login in OFFICERS])  # type: ignore[misc]
    whole = time.perf_counter() - begun
    print(f"sign-in, {len(OFFICERS)} at once (password, then code): {len(OFFICERS) / whole:.1f} a second; password alone "
          f"p50 {statistics.median(spent) * 1000:.0f} ms, longest {max(spent) * 1000:.0f} ms; the hash alone allows "
          f"{WORKERS / hash_seconds:.0f} a second on {WORKERS} cores", flush=True)  # fmt: skip
    return browsers


def _together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _rate(name: str, clients: int, known: Sequence[tuple[Browser, list[str]]], port: int, server: int) -> None:
    answers, lock = Answers(), threading.Lock()
    until, own, busy = time.perf_counter() + SECONDS, time.process_time(), _server_busy(server)

    def one(number: int) -> None:
        signed, paths = known[number % len(known)]
        browser = Browser(port)
        browser.cookies = dict(signed.cookies)
        place = number * 7
        while time.perf_counter() < until and len(answers.seconds) < MOST:
            begun = time.perf_counter()
            status, _text, _leads = browser.ask("GET", paths[place % len(paths)])
            with lock:
                answers.seconds.append(time.perf_counter() - begun)
                answers.failures += status != 200
            place += clients
        browser.connection.close()

    begun = time.perf_counter()
    _together([lambda number=number: one(number) for number in range(clients)])  # type: ignore[misc]
    own, whole, busy = (
        time.process_time() - own,
        time.perf_counter() - begun,
        (_server_busy(server) - busy) / len(answers.seconds),
    )
    cuts = statistics.quantiles(answers.seconds, n=100, method="inclusive")
    print(f"{name:12} {clients} clients: {len(answers.seconds) / whole:6.1f} a second, p50/p95 {cuts[49] * 1000:.0f}/"
          f"{cuts[94] * 1000:.0f} ms, {answers.failures} failed, server busy {busy * 1000:.0f} ms a request, "
          f"clients' own {own / whole:.2f} cores, load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
