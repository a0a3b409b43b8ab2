"""Saves a second of keyed cases: browsers' batches over HTTP to `hotich serve`, against pgbench inserting the same bytes.

Eight keyers of four offices are signed in, each with packages in hand, and send batch after batch without a pause: one
case, five, ten, twenty at a time. Every check, row-level security, audit trail and events are on; TLS is off. What is sent
was made before the clock starts. Clients are threads of this process, on the same cores. At the end every case sent is
looked for: stored once, none lost.

Baseline: `pgbench` of the same embedded server, as many clients, one transaction an insert, the JSON of the very same
items into a table with nothing but a key, with prepared statements and no row-level security, right before and after.

`python -m benchmarks saving` or `make bench-save`.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count, cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test import Client

from benchmarks.serving import _await, _free_port, _server_busy
from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for, command_actor
from hotich.accounts.services import create_officer, give_post
from hotich.config.demo import Mix, generate
from hotich.database import launcher
from hotich.database.scope import office_scope
from hotich.database.state import state_folder
from hotich.intake.models import Case
from hotich.intake.services.keyed import open_keying_batch
from hotich.kernel import clock
from hotich.keying.models import Entry, KeyingPackage, PackageItem, PackageState
from hotich.registers.rules.cells import from_cells
from hotich.registers.services import find_or_make_book
from hotich.registers.types import version_for
from hotich.units.models import Office

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OFFICES, KEYERS_EACH, SECONDS, WORKERS = 4, 2, 10.0, 2
BATCHES = (1, 5, 10, 20)
MOST = {1: 1_000, 5: 2_000, 10: 2_500, 20: 3_000}  # saves of one keyer: more than he can send in the time
PACKAGE, YEAR, SEED, SCALE = 500, 2016, 20261126, 12.0
BASELINE_SECONDS, SCRIPTS = 6, 40
SYNC = "/nhap-lieu/dong-bo/"


@dataclass(slots=True)
class Keyer:
    """An officer with a session and what he will send: bodies by size of batch."""

    officer: Officer
    cookies: str
    token: str
    bodies: dict[int, list[bytes]] = field(default_factory=dict)
    sent: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Measured:
    """One size of batch: seconds of each request, cases saved, answers that were not "accepted" or "returned"."""

    seconds: list[float] = field(default_factory=list)
    saved: int = 0
    returned: int = 0
    failed: int = 0


def run() -> None:
    """Prepare, measure the baseline and the server, print the table."""
    call_command("collectstatic", interactive=False, verbosity=0)
    rows = _births()
    keyers = _keyers(rows)
    load = os.getloadavg()[0]
    print(f"{len(keyers)} keyers of {OFFICES} offices, {len(rows)} different births; load {load:.1f}", flush=True)
    baseline = [_pgbench(keyers, len(keyers))]
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "hotich", "serve", "--port", str(port), "--workers", str(WORKERS)],
        env=os.environ | {"HOTICH_STATE": str(state_folder()), "HOTICH_POPULATION_ADAPTER": "none"},
        stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(port)
        _settle(server.pid)
        _rate(keyers, 20, port, server.pid, seconds=2.0, places="warm")
        found = {size: _rate(keyers, size, port, server.pid) for size in BATCHES}
        baseline.append(_pgbench(keyers, len(keyers)))
        _print(found, baseline)
        _count(keyers)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _print(found: dict[int, tuple[Measured, float, float, float]], baseline: list[float]) -> None:
    pgbench = statistics.mean(baseline)
    print(f"pgbench, one insert a transaction: {baseline[0]:.0f} and {baseline[1]:.0f} a second, before and after")
    print("| cases a request | saves/s | requests/s | p50/p95 ms a request | server busy ms a save | pgbench / saves |")
    print("|--:|--:|--:|--:|--:|--:|")
    for size, (measured, whole, busy, own) in found.items():
        cuts = statistics.quantiles(measured.seconds, n=100, method="inclusive")
        rate = measured.saved / whole
        print(
            f"| {size} | {rate:.0f} | {len(measured.seconds) / whole:.0f} | {cuts[49] * 1000:.0f}/{cuts[94] * 1000:.0f} "
            f"| {busy / measured.saved * 1000:.2f} | {pgbench / rate:.1f} |"
        )
        print(
            f"  <!-- {measured.returned} returned, {measured.failed} failed; clients' own {own / whole:.2f} cores -->"
        )


# ---- what is sent


def _births() -> list[dict[str, Any]]:
    """Births of the demo in the form of 2014, as values of fields; every row is another child."""
    demo = generate(seed=SEED, scale=SCALE, faults=Mix.clean())
    version = version_for("KS", "L2014")
    rows = [row for book in demo.books if book.letters == "KS" and book.era == "L2014" for row in book.rows]
    return [from_cells(version, row) for row in rows]


def _keyers(rows: list[dict[str, Any]]) -> list[Keyer]:
    offices = list(Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[:OFFICES])
    values = cycle(rows)
    keyers = []
    for place, office in enumerate(offices):
        for number in range(KEYERS_EACH):
            keyer = _signed_in(f"do.{place}.{number}", office)
            books = count(1 + number * 100)
            for name, size, most in [("warm", 20, 500), *((each, each, MOST[each]) for each in BATCHES)]:
                bodies = keyer.bodies[name if name == "warm" else size] = []  # type: ignore[index]
                for package, items in _packages(keyer.officer, office, books, most):
                    ready = [_item(package, item, next(values)) for item in items]
                    bodies += [_body(ready[start : start + size]) for start in range(0, len(ready), size)]
            keyers.append(keyer)
    return keyers


def _signed_in(login: str, office: Office) -> Keyer:
    actor, at = command_actor(), clock.now()
    officer, _ = create_officer(
        actor=actor, at=at, login=login, full_name="Đỗ Thị Đo", password=secrets.token_urlsafe(24)
    )
    give_post(actor=actor, at=at, officer_id=officer.id, office_id=office.id, role="keyer", valid_from=date(2025, 7, 1))
    TOTP.activate(officer, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    client = Client()
    client.force_login(officer, backend=BACKEND)
    token = secrets.token_hex(16)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": token}
    return Keyer(officer, "; ".join(f"{name}={value}" for name, value in cookies.items()), token)


def _packages(
    officer: Officer, office: Office, books: Iterator[int], most: int
) -> Iterator[tuple[KeyingPackage, list[PackageItem]]]:
    """Packages in the officer's hands, a book each: more at once than the rule of one a keyer allows."""
    actor, at = actor_for(officer), clock.now()
    for _ in range(-(-most // PACKAGE)):
        with office_scope(actor.office_ids):
            book = find_or_make_book(
                actor=actor,
                at=at,
                office_id=office.id,
                register_type="KS",
                era="L2014",
                number=f"{next(books):02}",
                year=YEAR,
            )
            batch = open_keying_batch(actor=actor, at=at, book=book, source_name="bench")
            package = KeyingPackage.objects.create(
                origin_office=office, book=book, batch=batch, position=1, schema_version="KS-L2014-1",
                mode="blind_critical", items_total=PACKAGE, state=PackageState.OUT, keyer=officer.id,
                created_by=officer.id, created_at=at,
            )  # fmt: skip
            items = PackageItem.objects.bulk_create(
                PackageItem(
                    origin_office=office, package=package, position=place * 1000, number=place, registration_year=YEAR
                )
                for place in range(1, PACKAGE + 1)
            )
        yield package, items


def _item(package: KeyingPackage, item: PackageItem, values: dict[str, Any]) -> dict[str, Any]:
    year = {"registration_number": f"{item.number}/{YEAR}", "register_book_no": package.book.label}
    return {
        "client_id": str(uuid4()), "package": str(package.id), "item": str(item.id), "after": None, "revision": 1,
        "kind": "key", "schema_version": package.schema_version, "state": "case", "reason": "",
        "values": values | year, "annotations": [], "confirmed": [], "saved_at": int(time.time() * 1000),
        "strokes": 260, "active_ms": 80_000, "number": item.number, "number_suffix": "",
    }  # fmt: skip


def _body(items: list[dict[str, Any]]) -> bytes:
    return json.dumps({"clock": int(time.time() * 1000), "items": items}, ensure_ascii=False).encode()


# ---- the server


def _settle(server: int) -> None:
    """Wait until the workers beside the web server have started: their imports are no part of a save."""
    for _ in range(60):
        busy = _server_busy(server)
        time.sleep(1)
        if _server_busy(server) - busy < 0.1:
            return


def _rate(
    keyers: list[Keyer], size: int, port: int, server: int, *, seconds: float = SECONDS, places: Any = None
) -> tuple[Measured, float, float, float]:
    """What was measured, the seconds it took, the server's processor seconds, the clients' own."""
    measured, lock, key = Measured(), threading.Lock(), places or size
    until, own, busy = time.perf_counter() + seconds, time.process_time(), _server_busy(server)

    def one(keyer: Keyer) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Content-Type": "application/json", "Cookie": keyer.cookies, "X-CSRFToken": keyer.token,
            "X-Hotich-User": str(keyer.officer.pk),
        }  # fmt: skip
        for body in keyer.bodies[key]:
            if time.perf_counter() >= until:
                break
            begun = time.perf_counter()
            line.request("POST", SYNC, body, headers)
            answer = line.getresponse()
            text = answer.read()
            spent = time.perf_counter() - begun
            with lock:
                measured.seconds.append(spent)
                if answer.status != 200:
                    measured.failed += 1
                    continue
                told = [each["result"] for each in json.loads(text)["results"]]
                returned = told.count("returned")
                measured.returned += returned
                measured.saved += told.count("accepted") + returned
                measured.failed += len(told) - told.count("accepted") - returned
                keyer.sent[0] = keyer.sent.get(0, 0) + len(told)
        line.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=one, args=(keyer,)) for keyer in keyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begun
    return measured, whole, _server_busy(server) - busy, time.process_time() - own


def _count(keyers: list[Keyer]) -> None:
    """Everything that was answered is there, once."""
    sent, entries, cases = sum(keyer.sent.get(0, 0) for keyer in keyers), 0, 0
    for office in {actor_for(keyer.officer).office_id for keyer in keyers}:
        with office_scope([office]):
            entries += Entry.objects.count()
            cases += Case.objects.exclude(state="withdrawn").count()
    print(
        f"answered {sent}, stored {entries} entries and {cases} cases: {sent - entries} lost, {cases - entries} doubled"
    )


# ---- the baseline


def _pgbench(keyers: list[Keyer], clients: int) -> float:
    """Inserts a second of the items' JSON by pgbench, one a transaction."""
    items = [json.loads(body)["items"][0] for keyer in keyers for body in keyer.bodies[20][:SCRIPTS]]
    with launcher.connect_as_superuser(launcher.DATABASE) as connection:
        connection.execute(
            "create table if not exists bench_save (id uuid primary key default gen_random_uuid(), body jsonb)"
        )
        connection.execute("truncate bench_save")
        connection.commit()
        known = connection.info
        address = {
            "PGHOST": known.host,
            "PGPORT": str(known.port),
            "PGUSER": known.user,
            "PGPASSWORD": known.password or "",
        }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        scripts = []
        for place, item in enumerate(items[:SCRIPTS]):
            # pgbench takes a colon before a letter for a variable; in this JSON a blank follows every colon
            text = json.dumps(item, ensure_ascii=False).replace("'", "''")
            path = Path(folder) / f"{place}.sql"
            path.write_text(f"insert into bench_save (body) values ('{text}');\n", encoding="utf-8")
            scripts += ["-f", str(path)]
        done = subprocess.run(
            [str(launcher.programs() / "pgbench"), "--no-vacuum", "--client", str(clients), "--jobs", "2", "--protocol",
             "prepared", "--time", str(BASELINE_SECONDS), *scripts, launcher.DATABASE],
            env=os.environ | address, capture_output=True, text=True, check=False,
        )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stderr[-500:])
    return float(found.group(1))
