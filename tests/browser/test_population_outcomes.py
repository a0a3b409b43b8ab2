"""The three outcomes of a look-up on the keying screen, against the running stand-in, until the entries are records.

The tests follow one package and build on each other, in the order they stand in.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from journey_parts import Desk, Installation, violations, visit
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # `partners` is no installed package

from partners.population.store import insert_citizen, open_folder  # noqa: E402


class World:
    """The officers at their browsers, the partner's own database, and what works behind the screens."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.partner = installation, installation.state / "population"
        self._await_citizens()
        address = re.findall(r"giả lập.*(http://127\.0\.0\.1:\d+)", installation.log.read_text(encoding="utf-8"))[0]
        more = {"HOTICH_POPULATION_URL": address, "HOTICH_POPULATION_WAIT": "2", "HOTICH_POPULATION_PERSONS": "3000"}
        script = [sys.executable, str(installation.scripts / "make_population.py"), str(installation.folder)]
        self.process = subprocess.Popen(
            script, env=installation.env | more, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.do("ready")
        self.facts: dict[str, Any] = json.loads((installation.folder / "population.json").read_text(encoding="utf-8"))
        with closing(open_folder(self.partner)) as db:
            for citizen in self.facts["citizens"]:
                insert_citizen(db, citizen)

    def do(self, act: str, **more: Any) -> Any:
        """An act of make_population.py."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": act, **more}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "make_population.py has ended"
        return json.loads(line)

    def page(self, desk: Desk, who: str) -> Page:
        context = desk.context()
        session = {"name": "sessionid", "value": self.facts["sessions"][who], "url": self.installation.address}
        context.add_cookies([session])  # type: ignore[list-item]
        return desk.watched(context)

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def _await_citizens(self) -> None:
        for _ in range(600):
            if (self.partner / "population.sqlite").exists() and (self.partner / "client-secret").exists():
                return
            time.sleep(0.2)
        raise AssertionError("the stand-in has no citizens yet")


@pytest.fixture(scope="module")
def people(installation: Installation) -> Iterator[World]:
    made = World(installation)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What one test leaves to the next: addresses."""
    return {}


# ---- from the keying screen into the book


def fill(page: Page, values: Mapping[str, str]) -> None:
    for code, text in values.items():
        box = page.locator(f"#f-{code}")
        if box.count() and box.is_visible():
            box.fill(text)


def save(page: Page) -> None:
    """Ctrl+Enter, saying of each warning that the book has it so, until the next case is there."""
    before = page.locator("#keying-place").inner_text()
    page.keyboard.press("Control+Enter")
    for _ in range(200):
        page.wait_for_timeout(30)
        if page.locator("#keying-ask").is_visible():
            page.keyboard.press("4")
        elif "/goi/" not in page.url or page.locator("#keying-place").inner_text() != before:
            break


def badge(page: Page) -> Locator:
    return page.locator(".k-row:has(#f-child_full_name) .k-found")


def look_up(page: Page) -> Locator:
    """F3 until the answer is there: on a busy machine the question is kept first, and keying goes on."""
    panel = page.locator("#keying-people")
    for _ in range(6):
        page.locator("#f-child_full_name").focus()
        page.keyboard.press("F3")
        for _ in range(150):
            page.wait_for_timeout(100)
            is_asked = panel.is_visible() and "Đang tra cứu" not in panel.get_by_role("status").inner_text()
            if is_asked or (badge(page).is_visible() and "Có trả lời" in badge(page).inner_text()):
                break
        if panel.is_visible():
            return panel
    raise AssertionError("no answer")


def test_each_of_the_three_is_told_at_the_desk_and_kept_with_the_case(desk: Desk, people: World) -> None:
    page = people.page(desk, "keyer")
    visit(page, f"/nhap-lieu/man-hinh/#{people.facts['package']}")
    page.locator("body.is-ready").wait_for()
    page.keyboard.press("Escape")  # the tour of the first visit
    for name, values in people.facts["cases"].items():
        fill(page, values)
        panel = look_up(page)
        if name in ("absent", "number"):
            expect(panel.get_by_role("status")).to_contain_text("Không tìm thấy người phù hợp")
            page.keyboard.press("a")
            asked = "công an xác minh số" if name == "number" else "không có lý do thì không gửi"
            expect(page.locator("#keying-ask")).to_contain_text(asked)
            page.keyboard.press("4")
            expect(badge(page)).to_contain_text("Chưa được thu thập")
        else:
            expect(panel.get_by_role("option", selected=True)).to_contain_text(
                "Trùng khớp" if name == "equal" else "Không trùng khớp"
            )
            page.keyboard.press("Enter")
            expect(badge(page)).to_contain_text("Trùng khớp" if name == "equal" else "Không trùng khớp")
        save(page)
    expect(page.locator("[data-outbox]")).to_have_attribute("data-pending", "0")
    expect(page.locator("#keying-said")).to_contain_text("Đã nhập hết gói này")
    assert violations(page) == []


def test_each_of_the_three_takes_its_way_when_the_entries_are_approved(
    desk: Desk, people: World, kept: dict[str, str]
) -> None:
    kept.update(people.do("into_book"))
    page = people.page(desk, "officer")
    for name, outcome in (("equal", "Trùng khớp"), ("book", "Không trùng khớp"), ("absent", "Không tìm thấy")):
        visit(page, f"/doi-chieu/ban-ghi/{kept[name]}/")
        expect(page.locator("main").get_by_text(outcome, exact=True).first).to_be_visible()
