"""Pages of a book go in, their cases are marked with the keyboard, numbered, made into PDFs, reviewed and linked.

The tests of this file follow one batch and build on each other, in the order they stand in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from journey_parts import Desk, Installation, violations, visit
from playwright.sync_api import Locator, Page, expect

OFFICER = "can.bo.1"
WORK = 180_000  # milliseconds a few pages may take on a busy machine


@pytest.fixture(scope="module")
def scans(installation: Installation) -> dict[str, Any]:
    """What make_scans.py made: a book with keyed rows, and the files of its pages."""
    installation.run(str(installation.scripts / "make_scans.py"), str(installation.folder))
    made: dict[str, Any] = json.loads((installation.folder / "scans.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What one test leaves to the next: addresses."""
    return {}


def regions(page: Page, kind: str = "case") -> Locator:
    return page.locator(f"[data-region].is-{kind}")


def figure(page: Page, label: str) -> Locator:
    return page.locator(".stat").filter(has_text=label).locator(".stat-value")


def mark_three_rows(page: Page) -> None:
    """Whatever was proposed goes; one box around the table of the drawn page, split into its rows: keys alone."""
    every = page.locator("[data-region]")
    while every.count():
        left = every.count()
        every.first.focus()
        page.keyboard.press("Delete")
        expect(every).to_have_count(left - 1)
    page.keyboard.press("n")
    for name, value in (("left", 66), ("top", 110), ("width", 740), ("height", 945)):
        page.locator(f"[data-number={name}]").fill(str(value))
        page.locator(f"[data-number={name}]").press("Tab")
    regions(page).first.focus()
    split(page, 3)
    expect(regions(page)).to_have_count(3)


def split(page: Page, rows: int) -> None:
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Chia vùng thành các dòng bằng nhau")
    dialog.get_by_label("Số dòng").fill(str(rows))
    dialog.get_by_label("Số dòng").press("Enter")
    expect(dialog).to_be_hidden()


def test_pages_are_dropped_in_and_a_file_that_is_none_is_refused_for_itself(
    desk: Desk, scans: dict[str, Any], kept: dict[str, str], tmp_path: Path
) -> None:
    page = desk.page(OFFICER)
    visit(page, f"/quet-so/moi/?so={scans['book']}")
    assert violations(page) == []
    page.get_by_role("button", name="Mở đợt quét").click()
    expect(page).to_have_url(re.compile(r"/quet-so/dot/[0-9a-f-]{36}/$"))
    kept["batch"] = re.sub(r"^https?://[^/]+", "", page.url)
    expect(page.get_by_text("Chưa có trang nào")).to_be_visible()
    assert violations(page) == []
    wrong = tmp_path / "ghi chu.jpg"
    wrong.write_bytes(b"no picture at all")
    page.locator("#upload-files").set_input_files([*scans["files"], str(wrong)])
    expect(page.locator("[data-upload-summary]")).to_contain_text("Đã gửi xong", timeout=WORK)
    expect(page.locator("[data-upload-summary]")).to_contain_text("2 tệp đã nhận")
    expect(page.locator("[data-upload-list] [data-state=refused]")).to_contain_text("ghi chu.jpg")
    # the refusal of a file is an answer 422, which a browser notes as an error of its own
    desk.complaints[:] = [line for line in desk.complaints if "422" not in line]
    # the page follows the work without being loaded again
    expect(page.locator(".page-card .mark-badge", has_text="Chờ xác nhận")).to_have_count(2, timeout=WORK)
    expect(page.locator("[data-upload-list] li")).to_have_count(3)
    assert violations(page) == []


def test_what_the_server_has_is_not_sent_again(desk: Desk, scans: dict[str, Any], kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["batch"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/nhan/") else None)
    page.locator("#upload-files").set_input_files(scans["files"])
    expect(page.locator("[data-upload-summary]")).to_contain_text("2 tệp đã có từ trước", timeout=WORK)
    assert sent == []


def test_boxes_are_changed_undone_and_confirmed_with_the_keyboard_alone(
    desk: Desk, scans: dict[str, Any], kept: dict[str, str]
) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["batch"])
    page.get_by_role("link", name="Xác nhận vùng", exact=True).click()
    expect(regions(page).first).to_be_visible()
    assert violations(page) == []
    found = regions(page).count()
    regions(page).first.focus()
    left = page.locator("[data-number=left]")
    before = int(left.input_value())
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(left).to_have_value(str(before + 11))
    page.keyboard.press("d")
    expect(regions(page)).to_have_count(found + 1)
    page.keyboard.press("Delete")
    expect(regions(page)).to_have_count(found)
    split(page, 3)
    expect(regions(page)).to_have_count(found + 2)
    expect(page.locator("[data-editor-state]").first).to_have_text("Chưa lưu")
    for _ in range(5):
        page.keyboard.press("u")
    expect(regions(page)).to_have_count(found)
    page.keyboard.press("g")
    expect(page.locator("[data-editor-told]")).to_contain_text("theo đường kẻ", timeout=WORK)
    first = page.url
    mark_three_rows(page)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(first)
    expect(regions(page).first).to_be_visible()
    mark_three_rows(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(kept["batch"]) + "$"))
    expect(page.locator(".page-card .tone-ok")).to_have_count(2)


def test_a_page_that_somebody_else_changed_is_not_overwritten(desk: Desk, kept: dict[str, str]) -> None:
    here, there = desk.page(OFFICER), desk.page(OFFICER)
    visit(here, kept["batch"])
    here.locator(".page-open").first.click()
    expect(regions(here).first).to_be_visible()
    visit(there, here.url)
    expect(regions(there).first).to_be_visible()
    for page in (there, here):
        regions(page).first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Control+s")
        place = "[data-editor-trouble]" if page is here else "[data-editor-told]"
        expect(page.locator(place)).to_contain_text("người khác" if page is here else "Đã lưu")
    expect(here.get_by_role("button", name="Tải lại trang")).to_be_visible()
    desk.complaints[:] = [line for line in desk.complaints if "409" not in line]


def test_cases_are_numbered_and_become_pdfs(desk: Desk, scans: dict[str, Any], kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    visit(page, f"{kept['batch']}truong-hop/")
    page.get_by_role("button", name="Lập trường hợp từ các vùng").click()
    expect(figure(page, "Chưa có số")).to_have_text(str(scans["cases"]))
    numbers = page.locator("[data-number-form] input[name=number]")
    numbers.first.fill("2")
    numbers.first.press("Enter")
    expect(numbers.nth(scans["cases"] - 1)).to_have_value(str(scans["cases"] + 1))
    numbers.first.fill("1")
    numbers.first.press("Enter")
    expect(numbers.nth(scans["cases"] - 1)).to_have_value(str(scans["cases"]))
    expect(page.locator(".number-strip")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Tạo 6 PDF")).click()
    expect(page.locator("[data-live-running]")).to_have_count(0, timeout=WORK)


def test_a_scan_is_compared_with_its_page_at_the_same_size(desk: Desk, kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    visit(page, f"{kept['batch']}truong-hop/")
    page.get_by_role("link", name="Xem trước và sau").first.click()
    panes = page.locator("[data-review-pane]")
    expect(panes.locator("img").first).to_be_visible()
    for image in panes.locator("img").all():
        expect(image).not_to_have_js_property("naturalWidth", 0)
    sizes = panes.locator("img").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert abs(sizes[0] - sizes[1]) < 1
    assert violations(page) == []
    caption = page.locator("[data-review-caption]").first
    before = caption.inner_text()
    page.keyboard.press(" ")
    expect(caption).not_to_have_text(before)


def test_the_scans_belong_to_the_keyed_cases_and_the_book_shows_it(
    desk: Desk, scans: dict[str, Any], kept: dict[str, str]
) -> None:
    page = desk.page(OFFICER)
    visit(page, f"{kept['batch']}truong-hop/")
    page.get_by_role("button", name="Gắn với trường hợp đã nhập").click()
    expect(figure(page, "Đã gắn")).to_have_text(str(scans["cases"]))
    visit(page, f"/quet-so/quyen/{scans['book']}/")
    expect(figure(page, "Đã gắn")).to_have_text(str(scans["cases"]))
    assert violations(page) == []
    page.get_by_role("link", name="Trường hợp đã nhập").first.click()
    expect(page).to_have_url(re.compile(r"/truong-hop/[0-9a-f-]{36}/"))
    expect(page.locator("[data-viewer-image]").first).to_be_visible()


def test_a_refused_scan_is_accepted_only_with_a_reason(desk: Desk, scans: dict[str, Any], kept: dict[str, str]) -> None:
    page = desk.page(OFFICER)
    visit(page, f"/quet-so/moi/?so={scans['book']}")
    page.get_by_label(re.compile("đang chờ")).check()
    page.get_by_role("button", name="Mở đợt quét").click()
    expect(page.locator("#upload-files")).to_be_attached()
    kept["waiting"] = re.sub(r"^https?://[^/]+", "", page.url)
    page.locator("#upload-files").set_input_files(scans["dense"])
    expect(page.locator(".page-card .mark-badge", has_text="Chờ xác nhận")).to_have_count(1, timeout=WORK)
    page.get_by_role("link", name="Xác nhận vùng", exact=True).click()
    expect(regions(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(kept["waiting"]) + "$"))
    visit(page, f"{kept['waiting']}truong-hop/")
    page.get_by_role("button", name="Lập trường hợp từ các vùng").click()
    number = page.locator("[data-number-form] input[name=number]")
    number.fill(str(scans["cases"] + 3))
    number.press("Enter")
    expect(page.locator("[data-number-told]")).to_have_text("Đã lưu số.")
    page.get_by_role("button", name=re.compile("^Tạo 1 PDF")).click()
    expect(page.locator(".case-row")).to_contain_text("Không đạt", timeout=WORK)
    expect(page.get_by_role("button", name=re.compile("^Tạo 1 PDF"))).to_have_count(0)  # the button follows, too
    visit(page, f"/quet-so/xem-lai/?dot={kept['waiting'].split('/')[-2]}")
    assert violations(page) == []
    page.get_by_role("link", name="Xem từ đầu").click()
    expect(page.get_by_role("heading", name="Vì sao cần xem")).to_be_visible()
    kept["case"] = re.sub(r"^https?://[^/]+", "", page.url)
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Chấp nhận bản quét chưa đạt?")
    dialog.get_by_role("button", name="Chấp nhận").click()
    expect(dialog).to_be_visible()  # without a reason nothing is sent
    assert violations(page) == []
    dialog.get_by_role("textbox").fill("Sổ gốc ghi chữ rất nhỏ, đã đối chiếu từng chữ")
    dialog.get_by_role("button", name="Chấp nhận").click()
    expect(page.get_by_text("Đã chấp nhận bản quét.")).to_be_visible()
    expect(page.get_by_text("Không có bản quét nào cần xem lại")).to_be_visible()


def test_the_entry_of_somebody_who_waits_is_started_from_its_scan(
    desk: Desk, scans: dict[str, Any], kept: dict[str, str]
) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["case"])
    expect(page.get_by_text("Sổ gốc ghi chữ rất nhỏ, đã đối chiếu từng chữ")).to_be_visible()
    page.get_by_role("button", name="Lập trường hợp, nhập ngay").click()
    expect(page).to_have_url(re.compile(r"/truong-hop/[0-9a-f-]{36}/"))
    entry = page.url
    expect(page.locator("main input[name=registration_number]")).to_have_value(f"{scans['cases'] + 3}/2016")
    expect(page.locator("[data-viewer-image]").first).not_to_have_js_property("naturalWidth", 0)
    assert violations(page) == []
    visit(page, kept["case"])  # the same scan leads to the same entry, and starts no second one
    expect(page.get_by_role("button", name="Lập trường hợp, nhập ngay")).to_have_count(0)
    page.get_by_role("link", name="Mở trường hợp đã gắn").click()
    expect(page).to_have_url(entry)
