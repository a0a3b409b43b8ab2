"""Helpers of the journeys: an installation on a state folder of its own, officers at their browsers, axe."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from prepared_state import copy_prepared_state

from hotich.accounts.rules.one_time_codes import code_of_step, step_at

HERE = Path(__file__).parent
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
VIEWPORT = {"width": 1366, "height": 768}
SET_UP = 600  # seconds one step of the making of an installation may take on a busy machine
START = 300  # seconds until the first page answers


class Installation:
    """A set-up state folder with officers and book files, and the server on it."""

    scripts = HERE

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.env = os.environ | {
            "HOTICH_STATE": str(self.state),
            "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev",
        }
        self.env.pop("DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"
        self.world: dict[str, Any] = {}
        self.signed_in: dict[str, Any] = {}  # login -> cookies
        self.address = ""

    def set_up(self) -> None:
        """Tables, reference data, static files; then the officers and the files of the journeys."""
        copy_prepared_state(self.state)
        (self.state / "demo").touch()  # known passwords and second factors are allowed here
        self.run("-m", "hotich", "db", "up")
        self.run(str(HERE / "make_world.py"), str(self.folder))
        self.world = json.loads((self.folder / "world.json").read_text(encoding="utf-8"))

    def run(self, *command: str) -> str:
        """Run Python on this installation. AssertionError with its output when it fails."""
        done = subprocess.run(
            [sys.executable, *command], env=self.env, capture_output=True, text=True, timeout=SET_UP, check=False
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout

    def start(self) -> None:
        """Start database, web and worker as an installation does, and wait for the first page."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "hotich", "serve", "--port", str(port), "--workers", "1"]
        command += ["--citizens", "3000"]  # the people of the demo books and some more
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log)
        until = time.monotonic() + START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/tai-khoan/dang-nhap/", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                time.sleep(0.3)
        raise AssertionError(f"the server did not answer:\n{self.log.read_text()[-4000:]}")

    def stop(self) -> None:
        """Stop the server by its own process, which stops its children."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        subprocess.run([sys.executable, "-m", "hotich", "db", "down"], env=self.env, capture_output=True, check=False)


class Desk:
    """Officers at their browsers. Each signs in once for all journeys, as a code is accepted only once."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self.browser, self.installation = browser, installation
        self.kept = installation.signed_in
        self.complaints: list[str] = []
        self.open: list[BrowserContext] = []

    def context(self, **options: Any) -> BrowserContext:
        """A fresh browser."""
        made = self.browser.new_context(
            locale="vi-VN", viewport=VIEWPORT, base_url=self.installation.address, accept_downloads=True, **options
        )
        made.set_default_timeout(10_000)
        self.open.append(made)
        return made

    def page(self, login: str = "") -> Page:
        """A page of an officer who has signed in; of nobody without a login."""
        if login and login not in self.kept:
            page = self.watched(self.context())
            sign_in(page, login, self.installation.world["password"])
            self.kept[login] = page.context.storage_state()
        return self.watched(self.context(storage_state=self.kept[login]) if login else self.context())

    def watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def close(self) -> None:
        for context in self.open:
            context.close()
        self.open.clear()


def demo_seed(login: str) -> str:
    """The seed of a demo officer, worked out here again: importing the service would start Django in this process."""
    return base64.b32encode(hashlib.sha1(f"hotich demo {login}".encode(), usedforsecurity=False).digest()).decode()


def sign_in(page: Page, login: str, password: str) -> None:
    """Login name, password, then the code of the second factor."""
    answer = page.goto("/tai-khoan/dang-nhap/")
    assert answer is not None
    assert answer.status == 200
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/tai-khoan/ma-xac-thuc/**")
    page.get_by_role("textbox").fill(code_of_step(demo_seed(login), step_at(time.time())))
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/")


def violations(page: Page) -> list[str]:
    """What axe finds on the page, rule and element."""
    result = Axe().run(page, options={"runOnly": AXE_TAGS})
    return [
        f"{found['id']}: {node['html'][:160]}" for found in result.response["violations"] for node in found["nodes"]
    ]


def visit(page: Page, address: str) -> None:
    """Open an address that must answer 200."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, f"{address}: {answer.status}"
