"""The pages of a batch one by one: a layout saved and laid, a page turned, straightened by its corners, scanned again.

The tests of this file follow one batch and build on each other, in the order they stand in.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from journey_parts import Desk, Installation, violations, visit
from playwright.sync_api import Locator, Page, expect

OFFICER = "can.bo.1"
WORK = 180_000  # milliseconds a few pages may take on a busy machine


@pytest.fixture(scope="module")
def scans(installation: Installation) -> dict[str, Any]:
    """What make_scans.py made: here the second book and its pages."""
    installation.run(str(installation.scripts / "make_scans.py"), str(installation.folder))
    made: dict[str, Any] = json.loads((installation.folder / "scans.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What one test leaves to the next: addresses."""
    return {}


def card(page: Page, place: int) -> Locator:
    return page.locator(".page-card").nth(place - 1)


def open_page(page: Page, batch: str, place: int) -> None:
    visit(page, batch)
    card(page, place).locator(".page-open").click()
    expect(page.locator("[data-editor], .scan-wait")).to_be_visible()
    page.wait_for_load_state()  # only then are keys heard


def worked_on(page: Page) -> None:
    """The page shows itself anew when the work on it is done."""
    expect(page.locator("[data-editor]")).to_be_visible(timeout=WORK)
    page.wait_for_load_state()


def test_a_line_that_drops_loses_no_page_and_a_copy_is_told(
    desk: Desk, scans: dict[str, Any], kept: dict[str, str]
) -> None:
    page, files = desk.page(OFFICER), scans["second_files"]
    visit(page, f"/quet-so/moi/?so={scans['second_book']}")
    page.get_by_role("button", name="Mở đợt quét").click()
    expect(page).to_have_url(re.compile(r"/quet-so/dot/[0-9a-f-]{36}/$"))
    kept["batch"] = re.sub(r"^https?://[^/]+", "", page.url)
    page.context.set_offline(True)
    page.locator("#upload-files").set_input_files([files[name] for name in ("1", "2", "3 xoay", "4 ban sao")])
    expect(page.locator("[data-upload-list] li").first).to_contain_text("Mất kết nối")
    page.context.set_offline(False)
    expect(page.locator("[data-upload-summary]")).to_contain_text("4 tệp đã nhận", timeout=WORK)
    desk.complaints[:] = [line for line in desk.complaints if "ERR_INTERNET_DISCONNECTED" not in line]
    expect(page.locator(".page-card .mark-badge", has_text="Chờ xác nhận")).to_have_count(4, timeout=WORK)
    told = page.locator(".page-findings", has_text="giống trang")
    expect(told).to_have_count(1)
    copy = page.locator(".page-card").filter(has=told)
    copy.locator("summary").click()
    copy.get_by_role("button", name="Bỏ qua trang này").click()
    expect(page.get_by_text("Đã bỏ qua trang.")).to_be_visible()
    expect(page.locator(".page-card")).to_have_count(3)
    expect(page.locator("[data-page-position]")).to_have_text(["1", "2", "3"])


def is_wide(page: Page) -> bool:
    """Whether the flat page lies across, by the size in the head of the editor."""
    found = re.search(r"(\d+) × (\d+)", page.locator(".scan-note").inner_text())
    assert found
    return int(found[1]) > int(found[2])


def test_a_page_is_turned_and_boxes_set_by_hand_are_not_lost_by_one_key(desk: Desk, kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    open_page(page, kept["batch"], 1)
    was_wide = is_wide(page)
    with page.expect_navigation():
        page.keyboard.press("r")
    worked_on(page)
    assert is_wide(page) is not was_wide
    page.keyboard.press("n")
    expect(page.locator("[data-editor-state]").first).to_have_text("Chưa lưu")
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog", name="Xoay trang và tìm lại các vùng?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-editor-state]").first).to_have_text("Chưa lưu")
    page.keyboard.press("r")
    with page.expect_navigation():
        dialog.get_by_role("button", name="Xoay trang").click()
    worked_on(page)
    assert is_wide(page) is was_wide


def test_the_corners_of_the_sheet_are_set_with_the_keyboard(desk: Desk, kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    open_page(page, kept["batch"], 1)
    before = page.locator(".scan-note").inner_text()
    page.keyboard.press("p")
    expect(page.locator(".sheet-corner")).to_have_count(4)
    expect(page.get_by_role("button", name="Góc trên trái")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".sheet-corner")).to_have_count(0)
    page.keyboard.press("p")
    for key in ("ArrowRight", "ArrowDown"):
        for _ in range(3):
            page.keyboard.press(f"Control+{key}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Góc trên phải")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Control+ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    worked_on(page)
    expect(page.locator(".scan-note")).not_to_have_text(before)


def test_a_page_is_scanned_again_and_keeps_its_place(desk: Desk, scans: dict[str, Any], kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    open_page(page, kept["batch"], 1)
    head = page.locator("h1").inner_text()
    page.get_by_role("link", name="Quét lại trang này").click()
    assert violations(page) == []
    page.locator("main input[type=file]").set_input_files(scans["second_files"]["moi"])
    page.locator("main form[enctype] button[type=submit]").click()
    worked_on(page)
    expect(page.locator("h1")).to_have_text(head)
    visit(page, kept["batch"])
    expect(page.locator(".page-card")).to_have_count(3)


def test_a_layout_is_taken_from_a_page_and_is_not_laid_where_it_does_not_fit(desk: Desk, kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    open_page(page, kept["batch"], 1)
    page.keyboard.press("g")
    expect(page.locator("[data-editor-told]")).to_contain_text("theo đường kẻ", timeout=WORK)
    page.get_by_label("Lấy các vùng của trang này làm mẫu cho cả quyển").fill("Mẫu ba dòng")
    page.get_by_role("button", name="Lưu thành mẫu").click()
    expect(page.get_by_text("Đã lưu mẫu trang")).to_be_visible()
    visit(page, kept["batch"])
    expect(page.locator("[data-live-running]")).to_have_count(0, timeout=WORK)
    open_page(page, kept["batch"], 2)
    page.keyboard.press("l")
    expect(page.locator("[data-editor-told]")).to_contain_text("Mẫu không khớp trang này", timeout=WORK)
