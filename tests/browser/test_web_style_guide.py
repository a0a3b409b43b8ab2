"""The shared parts in a real browser: accessibility, the strict policy, keyboard, dialogs, the scan viewer."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
HERE = Path(__file__).parent
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = ["", "danh-sach/", "bieu-mau/", "loi/", "ben-ban-chup/", "bieu-tuong/", "dang-nhap/", "trong/"]

if not CHROMIUM.exists():
    if os.environ.get("HOTICH_REQUIRE_ALL"):
        raise RuntimeError("Chromium is not installed (Debian: apt-get install chromium)")
    pytest.skip("Chromium is not installed (Debian: apt-get install chromium)", allow_module_level=True)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Its own process, so that the browser meets what an officer's browser meets."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "web_settings", "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-m", "django", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/giao-dien/"
    try:
        wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the server did not answer (exit code {server.poll()})")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=str(CHROMIUM))
    yield launched
    launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="vi-VN", viewport={"width": 1366, "height": 768})
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that ends its test with an error when the browser complained about anything."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert complaints == []


def visit(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200


def violations(page: Page) -> list[str]:
    result = Axe().run(page, options={"runOnly": RULES})
    return [
        f"{found['id']}: {node['html'][:120]}" for found in result.response["violations"] for node in found["nodes"]
    ]


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_breaks_an_accessibility_rule(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    for name in PAGES:
        visit(page, site + name)
        assert violations(page) == [], name


@pytest.mark.parametrize("width", [1366, 1024, 683, 390, 320])
def test_no_page_runs_out_of_its_window(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    for name in PAGES:
        visit(page, site + name)
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, name


def test_the_policy_allows_nothing_inline(page: Page, site: str) -> None:
    answer = page.goto(site)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy


def test_the_chosen_language_stays(page: Page, site: str) -> None:
    visit(page, site)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="English (EN)").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Style guide")
    visit(page, site + "danh-sach/")
    expect(page.get_by_role("heading", level=1)).to_have_text("List")
    assert violations(page) == []


def test_slash_goes_to_the_search_and_question_mark_opens_the_help(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Tìm trong danh sách")).to_be_focused()
    page.keyboard.type("?")
    expect(page.locator("#keys-help")).to_be_hidden()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_one_letter_keys_can_be_switched_off(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/")
    page.get_by_role("button", name="Phím tắt").click()
    page.get_by_label("Dùng phím tắt một chữ trên máy này").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("tr[data-current]")).to_have_count(0)
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_j_and_k_walk_through_the_rows(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/")
    for key in "jjj":
        page.keyboard.press(key)
    expect(page.locator("#row-3")).to_have_attribute("data-current", "")
    page.keyboard.press("k")
    expect(page.locator("#row-2")).to_have_attribute("data-current", "")
    expect(page.locator("#row-2 a").first).to_be_focused()


def test_an_address_with_a_row_lights_that_row(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/#row-18")
    expect(page.locator("#row-18")).to_have_attribute("data-current", "")
    expect(page.locator("#row-18")).to_be_in_viewport()


def test_pages_keep_the_filter(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/?text=abc")
    page.get_by_role("link", name="Trang sau").click()
    expect(page).to_have_url(re.compile(r"text=abc&page=2$"))
    expect(page.get_by_text("21–40 trong 240")).to_be_visible()


def test_errors_take_the_focus_and_lead_to_their_fields(page: Page, site: str) -> None:
    visit(page, site + "bieu-mau/")
    page.get_by_role("button", name="Lưu").click()
    summary = page.get_by_role("alert").filter(has_text="Chưa lưu được")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Mã số: Chưa nhập mục này.").click()
    expect(page.get_by_label("Mã số")).to_be_focused()
    expect(page.get_by_label("Mã số")).to_have_accessible_description("Lỗi: Chưa nhập mục này.")


def test_leaving_a_changed_form_asks_first(page: Page, site: str) -> None:
    visit(page, site + "bieu-mau/")
    page.get_by_label("Tên gọi").fill("đang nhập dở")
    page.get_by_role("link", name="Danh sách").click()
    dialog = page.get_by_role("dialog", name="Rời trang mà chưa lưu?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Ở lại trang").click()
    expect(page.get_by_label("Tên gọi")).to_have_value("đang nhập dở")
    page.get_by_role("link", name="Danh sách").click()
    dialog.get_by_role("button", name="Bỏ phần chưa lưu").click()
    expect(page).to_have_url(re.compile("danh-sach/$"))


def test_ctrl_enter_sends_the_form_once(page: Page, site: str) -> None:
    visit(page, site + "bieu-mau/")
    page.get_by_label("Tên gọi").fill("An")
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="Chưa lưu được")).to_be_visible()
    expect(page.get_by_label("Tên gọi")).to_have_value("An")


def test_a_dialog_with_a_reason_is_not_sent_without_one(page: Page, site: str) -> None:
    visit(page, site)
    page.locator("button[data-opens-dialog=withdraw]").first.click()
    dialog = page.get_by_role("dialog", name="Rút lại lô này?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Rút lại").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Không, quay lại").click()
    expect(dialog).to_be_hidden()


def test_the_scan_zooms_turns_and_fits(page: Page, site: str) -> None:
    visit(page, site + "ben-ban-chup/")
    image = page.locator("[data-viewer-image]")
    expect(image).to_have_js_property("complete", True)
    wide = width_of(page)
    page.get_by_role("button", name="Thu nhỏ").click()
    assert width_of(page) < wide
    page.get_by_role("button", name="Vừa chiều ngang").click()
    assert width_of(page) == pytest.approx(wide, abs=20)
    page.get_by_role("button", name="Xoay ảnh").click()
    assert "rotate(90deg)" in (image.get_attribute("style") or "")
    page.locator("[data-viewer-pane]").focus()
    before = width_of(page)
    page.keyboard.press("+")
    assert width_of(page) > before


def width_of(page: Page) -> float:
    box = page.locator("[data-viewer-image]").bounding_box()
    assert box is not None
    return box["width"]


def test_the_menu_of_a_small_window_opens_by_keyboard(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, site)
    expect(page.locator("#site-nav")).to_be_hidden()
    page.get_by_role("button", name="Mở danh mục").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Danh mục chính")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#site-nav")).to_be_hidden()


def test_the_first_tab_stop_skips_to_the_content(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Đến nội dung chính")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_on_paper_only_the_content_is_left(page: Page, site: str) -> None:
    visit(page, site + "danh-sach/")
    page.emulate_media(media="print")
    for gone in (".topbar", ".site-nav", ".filters", ".pages"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()


def test_a_refusal_is_a_page_with_its_code(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    answer = page.goto(site + "tu-choi/")
    assert answer is not None
    assert answer.status == 409
    expect(page.get_by_role("heading", level=1)).to_have_text("Không thực hiện được")
    expect(page.get_by_text("sample_refusal")).to_be_visible()
    assert violations(page) == []
