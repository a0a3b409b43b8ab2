"""What the fault tests of keying share: a web server of their own that they can kill, counting what it stored, a keyer."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
from journey_parts import HERE, Installation
from playwright.sync_api import BrowserContext, Page, expect

SCREEN, HOME = "/nhap-lieu/man-hinh/", "/nhap-lieu/"
BEAT, SYNC = "**/nhap-lieu/nhip/", "**/nhap-lieu/dong-bo/"
ROOT = HERE.parents[1]
A_FEW_POLLS = 45_000  # the sender looks every 5 s, and up to every 30 s after failures
# what a browser rightly says then, and what Chrome 109 says of the popover attribute it does not know yet
HARMLESS = ("net::ERR_", "Failed to load resource", "Failed to fetch", "htmx:", "Found a 'popover' attribute")

READY = """() => {
  const worker = navigator.serviceWorker;
  const controlled = worker.ready.then(() => worker.controller
    || new Promise((done) => worker.addEventListener("controllerchange", done, { once: true })));
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("no service worker after 15 s")), 15000));
  return Promise.race([late, controlled]).then(() => true);
}"""
TOOL = """([name, user, items]) => {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error(name + ": not done after 60 s")), 60000));
  return Promise.race([late, import("/static/keying-tools.js").then((tools) => tools[name](user, items))]);
}"""


PLAIN = """(text) => new Promise((done, fail) => {
  const asked = indexedDB.open("plain", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("texts");
  asked.onsuccess = () => {
    const work = asked.result.transaction("texts", "readwrite", { durability: "strict" });
    work.objectStore("texts").put(text, 1);
    work.oncomplete = () => done(true);
  };
  setTimeout(() => fail(new Error("not written after 10 s")), 10000);
})"""


class Web:
    """The web server of an installation as a process group of its own, on a port that stays: a test can kill it."""

    def __init__(self, installation: Installation) -> None:
        metrics = str(installation.folder / "metrics-offline")
        paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH", "")]))
        self.env = installation.env | {"PROMETHEUS_MULTIPROC_DIR": metrics, "PYTHONPATH": paths}
        Path(self.env["PROMETHEUS_MULTIPROC_DIR"]).mkdir(exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = (installation.folder / "web-offline.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, application: str = "hotich.config.wsgi") -> None:
        """Start and wait for the first answer."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, "--worker-class", "gthread", "--threads", "8"]
            + ["--workers", "1", "--bind", f"127.0.0.1:{self.port}", "--log-level", "warning", "--no-control-socket"],
            env=self.env, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/nhap-lieu/nhip/", timeout=5)
            except urllib.error.HTTPError as answer:
                assert answer.code == 401
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the web server did not answer")

    def kill(self) -> None:
        """kill -9 of this server and its workers, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.kill()
        self.log.close()


class Database:
    """The embedded database of an installation: asked as its superuser, killed by its own process id."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.lock = installation.state / "postgresql" / "data" / "postmaster.pid"
        self.port = ""
        self.password = (installation.state / "secrets" / "superuser").read_text()

    def rows(self, question: str, *given: Any) -> list[tuple[Any, ...]]:
        port = self.lock.read_text().splitlines()[3]
        with psycopg.connect(
            host="127.0.0.1", port=port, user="hotich_super", password=self.password, dbname="hotich"
        ) as connection:
            return connection.execute(question.encode(), given).fetchall()

    def stored(self, items: list[dict[str, Any]]) -> dict[str, int]:
        """What is stored of these items: entries of their places, living cases with their numbers, and whatever was put
        beside an entry."""
        [counts] = self.rows(
            "with mine as (select * from keyed_entry where item_id = any(%s)), numbers as (select number from package_item"
            " where id = any(%s)) select (select count(*) from mine), (select count(*) from intake_case c where"
            " c.batch_id = (select batch_id from keying_package where id = %s) and c.state <> 'withdrawn'"
            " and c.number in (select number from numbers)), (select count(*) from second_keying s"
            " where s.entry_id in (select id from mine))",
            [item["item"] for item in items], [item["item"] for item in items], items[0]["package"],
        )  # fmt: skip
        return dict(zip(("entries", "cases", "beside"), counts, strict=True))

    def kill(self) -> None:
        pid, *_, self.port = self.lock.read_text().splitlines()[:4]
        os.kill(int(pid), signal.SIGKILL)

    def start(self) -> None:
        """On the port it had, as a system does that starts its own server again."""
        up = f"from hotich.database import launcher; launcher._free_port = lambda: {self.port}; launcher.up()"
        self.installation.run("-c", up)


def once(count: int) -> dict[str, int]:
    """Every case stored, none twice, none beside another."""
    return {"entries": count, "cases": count, "beside": 0}


def build_tools(folder: Path) -> str:
    """The product's store as a script that a test can load into a page."""
    out = folder / "keying-tools.js"
    command = [str(ROOT / "node_modules" / ".bin" / "esbuild"), str(HERE / "keying_tools.ts"), "--bundle"]
    subprocess.run([*command, "--format=esm", f"--outfile={out}", "--log-level=error"], check=True, timeout=60)
    return out.read_text(encoding="utf-8")


class Keyer:
    """An officer at the keying screen, in a browser of his own."""

    def __init__(self, context: BrowserContext, web: Web, tools: str, facts: dict[str, Any]) -> None:
        self.context, self.web, self.facts = context, web, facts
        self.user: str = facts["id"]
        context.set_default_timeout(15_000)
        context.route(
            "**/static/keying-tools.js", lambda route: route.fulfill(body=tools, content_type="text/javascript")
        )
        self.complaints: list[str] = []

    def sign_in(self, session: int = 0, of: dict[str, Any] | None = None) -> None:
        """Be signed in by one of the sessions made for the officer (or for another one)."""
        value = (of or self.facts)["sessions"][session]
        self.context.add_cookies([{"name": "sessionid", "value": value, "url": self.web.address}])

    def sign_out(self) -> None:
        """The session is over without a word, as after its time."""
        self.context.clear_cookies(name="sessionid")

    def open(self, package: str = "", address: str = SCREEN) -> Page:
        """The keying screen with its worker in control; every complaint of the browser is written down."""
        page = self.context.pages[0] if self.context.pages and not package else self.context.new_page()
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        answer = page.goto(f"{self.web.address}{address}" + (f"#{package}" if package else ""))
        assert answer is not None
        assert answer.status == 200
        page.evaluate(READY)
        if address == SCREEN:
            expect(page.locator("body.is-ready")).to_be_attached(timeout=A_FEW_POLLS)
        return page

    def unexpected(self) -> list[str]:
        return [text for text in self.complaints if not any(known in text for known in HARMLESS)]

    def seed(self, page: Page, items: list[dict[str, Any]]) -> None:
        """Keep these items with the product's own store, as the form does."""
        page.evaluate(TOOL, ["seed", self.user, items])

    def kept(self, page: Page) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = page.evaluate(TOOL, ["kept", self.user, []])
        return found


def type_case(page: Page, item: dict[str, Any]) -> None:
    """Key a case into the form of the screen by the keyboard; an empty form of the next number means it was kept."""
    for code, value in item["values"].items():
        field = page.locator(f"#f-{code}")
        if field.input_value() != value:
            field.focus()
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(value)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#f-registration_number")).not_to_have_value(item["values"]["registration_number"])


def waiting(page: Page, count: int, timeout: int = A_FEW_POLLS) -> None:
    """The panel shows so many cases waiting to be sent."""
    expect(page.locator("[data-outbox]")).to_have_attribute("data-pending", str(count), timeout=timeout)


def arrived(page: Page, timeout: int = A_FEW_POLLS) -> None:
    """Nothing waits, and the server had nothing to say against any of it."""
    waiting(page, 0, timeout)
    for kind in ("returned", "refused"):
        expect(page.locator("[data-outbox]")).to_have_attribute(f"data-{kind}", "0")


def line(page: Page, state: str, timeout: int = A_FEW_POLLS) -> None:
    """How the page says it stands with the line."""
    expect(page.locator("[data-offline]")).to_have_attribute("data-state", state, timeout=timeout)


def look_now(page: Page) -> None:
    """The sender looks at once, as when the cable is plugged in again."""
    page.evaluate("() => { dispatchEvent(new Event('online')); }")


def facts_of(installation: Installation) -> dict[str, Any]:
    """Team and packages of the fault tests, made once."""
    path = installation.folder / "keying.json"
    if not path.exists():
        installation.run(str(HERE / "make_keying.py"), str(installation.folder))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def kill_browser(profile: Path) -> None:
    """kill -9 of the browser of this profile, and of all its processes."""
    mine = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command:
            mine.append(int(place.name))
    assert mine
    for pid in mine:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def names_in(profile: Path, name: str) -> list[str]:
    """Files below a profile in which the name stands as text."""
    looks = [name.encode(code) for code in ("utf-8", "utf-16-le")]
    found = []
    for path in profile.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if any(look in content for look in looks):
                found.append(path.name)
    return found
