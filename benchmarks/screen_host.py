"""The keying screen in a browser without a server: the very page, script and styles, answered from this process.

The page is rendered as the view renders it, for an officer of no office; packages and answers to what is sent come from
whoever measures. The content security policy is that of the page.
"""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test.utils import override_settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, ViewportSize

from hotich.keying.views import entry, offline
from hotich.keying.views.entry_texts import entry_texts

ADDRESS = "http://localhost:9"  # a safe context for the browser; nothing is ever asked there
VIEWPORT: ViewportSize = {"width": 1366, "height": 768}
POLICY = "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; object-src 'self'"


class ScreenHost:
    """Answers the browser: `packages` by identifier; `sent` are the items that came to the server.

    `citizens` are what the population database answers by the name asked for; `asked` the questions that came;
    `answers` what is answered instead of finding (status, body); `returned` problems with which whatever is sent comes
    back to be mended.
    """

    def __init__(self) -> None:
        self.packages: dict[str, Mapping[str, Any]] = {}
        self.pictures: dict[str, bytes] = {}
        self.sent: list[dict[str, Any]] = []
        self.citizens: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[dict[str, Any]] = []
        self.answers: tuple[int, dict[str, Any]] | None = None
        self.returned: list[dict[str, Any]] = []
        self.version = ""
        self.files: dict[str, bytes] = {}
        self.page = self._page()

    def _page(self) -> str:
        request = SimpleNamespace(user=SimpleNamespace(pk=1, is_authenticated=True), LANGUAGE_CODE="vi")
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # files as built, without hashes
        try:
            with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
                shell = offline.works_offline(request)  # type: ignore[arg-type]
                return render_to_string(
                    "keying/entry.html", {**entry.addresses(can_ask=True), "texts": entry_texts(), **shell}
                )
        finally:
            self.version = offline.shell_version()
            for kept in (offline.shell_urls, offline.shell_version):
                kept.cache_clear()

    def attach(self, context: BrowserContext) -> None:
        """Answer everything that this browser asks for."""
        context.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).partition("#")[0].partition("?")[0]
        if path == "/nhap-lieu/man-hinh/":
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=self.page, headers=headers)
        elif path.startswith(settings.STATIC_URL):
            self._static(route, path.removeprefix(settings.STATIC_URL))
        elif path == "/nhap-lieu/nhip/":
            now = int(time.time() * 1000)
            route.fulfill(json={"csrf": "x", "now": now, "user": "1", "version": self.version})
        elif path == reverse("reconciliation:look_up"):
            self._look_up(route)
        elif path == "/nhap-lieu/dong-bo/":
            self._sync(route)
        elif path.endswith("/du-lieu.json"):
            route.fulfill(json=self.packages[path.split("/")[-2]])
        elif path.startswith("/nhap-lieu/anh/"):
            route.fulfill(body=self.pictures[path.split("/")[-1].removesuffix(".jpg")], content_type="image/jpeg")
        else:
            route.fulfill(status=404, body="")

    def _static(self, route: Route, name: str) -> None:
        body = self.file(name)
        if body is None:
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=body, content_type=kind)

    def file(self, name: str) -> bytes | None:
        """A static file as it was when first asked for: a build that is made meanwhile does not get in between."""
        if name not in self.files:
            found = finders.find(name)
            if not found:
                return None
            self.files[name] = Path(found).read_bytes()
        return self.files[name]

    def _look_up(self, route: Route) -> None:
        question = json.loads(route.request.post_data or "{}")
        self.asked.append(question)
        found = self.citizens.get(question["facts"].get("full_name", ""), [])
        body = {"state": "answered", "look_up": str(uuid4()), "candidates": found, "text": ""}
        status, body = self.answers or (200, body)
        route.fulfill(status=status, json=body)

    def _sync(self, route: Route) -> None:
        items: Sequence[dict[str, Any]] = json.loads(route.request.post_data or "{}")["items"]
        self.sent += items
        answers = [
            {"client_id": item["client_id"], "revision": item["revision"], "result": "accepted"}
            | ({"result": "returned", "problems": self.returned} if self.returned else {})
            for item in items
        ]
        route.fulfill(json={"server_time": 0, "results": answers})


@contextmanager
def opened(
    host: ScreenHost, running: Playwright, executable: str, package: str, flags: Sequence[str] = ()
) -> Iterator[Page]:
    """A browser of its own with a package on the screen, ready to be keyed."""
    browser = running.chromium.launch(executable_path=executable, args=list(flags))
    try:
        with screen_in(browser, host, package) as page:
            yield page
    finally:
        browser.close()


@contextmanager
def screen_in(browser: Browser, host: ScreenHost, package: str) -> Iterator[Page]:
    """A fresh profile of a browser with a package on the screen."""
    context = browser.new_context(locale="vi-VN", viewport=VIEWPORT, service_workers="block")
    context.set_default_timeout(15_000)
    host.attach(context)
    page = context.new_page()
    try:
        page.goto(f"{ADDRESS}/nhap-lieu/man-hinh/#{package}")
        page.locator("body.is-ready").wait_for()
        yield page
    finally:
        context.close()
