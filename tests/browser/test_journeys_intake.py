"""A register book goes in, is corrected beside its scans, approved by a second officer, and sent to the Ministry.

The tests of this file follow one book and build on each other, in the order they stand in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from journey_parts import Desk, violations, visit
from playwright.sync_api import Page, expect

OFFICER, KEYER, APPROVER, LEADER = "can.bo.1", "nhap.1", "duyet.1", "lanh.dao.1"
NEWCOMER = "can.bo.3"  # of the office whose books nobody enters, whatever test ran before
IMPORT_TIME = 60_000  # milliseconds a small book may take on a busy machine


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    """What one test leaves to the next: addresses."""
    return {}


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def send_book(page: Page, world: dict[str, Any], book: str) -> None:
    page.get_by_label("Cơ quan đã đăng ký").select_option(str(world["office"]))
    page.get_by_label("Tệp Excel theo mẫu").set_input_files(world["books"][book]["workbook"])
    if world["books"][book]["scans"]:
        page.get_by_label("Tệp nén các bản chụp").set_input_files(world["books"][book]["scans"])
    page.get_by_role("button", name="Tải lên và kiểm tra").click()


def test_the_first_page_says_what_to_do_first(desk: Desk) -> None:
    page = desk.page(NEWCOMER)
    visit(page, "/")
    expect(page.get_by_text("Chưa có sổ nào được nhập")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Nhập quyển sổ đầu tiên").click()
    expect(heading(page)).to_have_text("Nhập sổ mới")
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/nhap-so/", "/can-sua/", "/gui-bo/"])
def test_an_empty_list_says_so_and_breaks_no_accessibility_rule(desk: Desk, address: str) -> None:
    page = desk.page(NEWCOMER)
    visit(page, address)
    expect(page.locator(".empty-title")).to_be_visible()
    assert violations(page) == []


def test_an_upload_without_a_workbook_or_with_a_wrong_file_says_what_is_wrong(desk: Desk, tmp_path: Path) -> None:
    page = desk.page(OFFICER)
    visit(page, "/nhap-so/moi/")
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    summary = page.get_by_role("alert").filter(has_text="Chưa lưu được")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Tệp Excel theo mẫu")
    assert violations(page) == []
    wrong = tmp_path / "ghi-chu.xlsx"
    wrong.write_bytes(b"no workbook at all")
    page.get_by_label("Tệp Excel theo mẫu").set_input_files(wrong)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(page.get_by_role("alert").filter(has_text="Excel (.xlsx)")).to_be_visible()


def test_a_book_with_its_scans_is_read_in_the_background_and_its_problems_are_shown(
    desk: Desk, world: dict[str, Any], kept: dict[str, Any]
) -> None:
    page = desk.page(OFFICER)
    visit(page, "/nhap-so/moi/")
    send_book(page, world, "births")
    expect(page).to_have_url(re.compile(r"/nhap-so/[0-9a-f-]{36}/$"))
    kept["batch"] = re.sub(r"^https?://[^/]+", "", page.url)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("heading", name="Đã nhập xong")).to_be_visible(timeout=IMPORT_TIME)
    expect(page.get_by_role("heading", name="Lỗi và cảnh báo")).to_be_visible()
    expect(page.locator(".stat").filter(has_text="Dòng trong tệp")).to_contain_text(
        str(world["books"]["births"]["rows"])
    )
    # the page is done: it stops asking, and offers what can be done now
    expect(page.locator("#batch-live[hx-get]")).to_have_count(0)
    expect(page.get_by_role("link", name="Sửa dòng có lỗi")).to_be_visible()
    assert violations(page) == []


def test_problems_can_be_narrowed_by_severity_and_by_group_and_lead_to_their_field(
    desk: Desk, kept: dict[str, Any]
) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["batch"])
    page.get_by_role("navigation", name="Mức độ").get_by_role("link", name=re.compile("^Lỗi")).click()
    rows = page.locator("table.grid tbody tr")
    expect(rows.first).to_be_visible()
    expect(page.locator("table.grid .tone-warning")).to_have_count(0)
    before = rows.count()
    group = page.get_by_role("navigation", name="Nhóm lỗi").get_by_role("listitem").nth(1)
    counted = int(group.locator(".count").inner_text())
    group.get_by_role("link").click()
    expect(rows).to_have_count(counted)
    assert counted <= before
    rows.first.get_by_role("link", name=re.compile("^Mở dòng")).click()
    expect(page).to_have_url(re.compile(r"/truong-hop/[0-9a-f-]{36}/"))


def test_the_report_can_be_taken_away(desk: Desk, kept: dict[str, Any]) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["batch"])
    with page.expect_download() as taken:
        page.get_by_role("link", name="Báo cáo (JSON)").click()
    report = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert report["rows"] == report["accepted"] + report["held"] + report["rejected"] + report["unchanged"]
    assert report["held"] > 0


def test_the_book_is_taken_away_after_a_second_officer_has_agreed(desk: Desk, kept: dict[str, Any]) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["batch"])
    page.get_by_role("link", name="Xuất lại Excel").click()
    expect(heading(page)).to_have_text("Đề nghị xuất dữ liệu")
    expect(page.get_by_label("Quyển số")).to_have_value(re.compile(r"\d"))
    expect(page.get_by_label("Cả trường hợp chưa duyệt")).to_be_checked()
    assert violations(page) == []
    page.get_by_label("Lý do xuất").fill("Đối chiếu với sổ giấy theo kế hoạch số hóa")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Đề nghị đang chờ người khác duyệt.")).to_be_visible()
    expect(page.get_by_role("button", name="Tải về")).to_have_count(0)
    request = page.url

    leader = desk.page(LEADER)
    visit(leader, request)
    assert violations(leader) == []
    leader.get_by_role("button", name="Duyệt", exact=True).click()
    leader.get_by_role("dialog", name="Duyệt đề nghị xuất?").get_by_role("button", name="Duyệt").click()
    expect(leader.get_by_text("Đã duyệt đề nghị xuất.")).to_be_visible()

    visit(page, request)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải về").click()
    assert Path(taken.value.path()).read_bytes()[:2] == b"PK"


def test_the_same_file_again_leads_to_the_import_of_before(
    desk: Desk, world: dict[str, Any], kept: dict[str, Any]
) -> None:
    page = desk.page(OFFICER)
    visit(page, "/nhap-so/moi/")
    send_book(page, world, "births")
    expect(page).to_have_url(re.compile(re.escape(kept["batch"]) + "$"))
    expect(page.get_by_text("Tệp này đã được nhập trước đây")).to_be_visible()


def shows_its_scan(page: Page) -> None:
    """The first page of the scan is drawn, not only asked for."""
    picture = page.locator("[data-viewer-image]").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0


def first_held(page: Page, text: str = "") -> None:
    """Open the first case of the list of held rows whose line has this text."""
    visit(page, "/can-sua/")
    page.locator("table.grid tbody tr").filter(has_text=text).first.locator("td.is-code a").click()
    expect(page.get_by_role("button", name="Lưu, sang dòng sau")).to_be_visible()


def test_a_held_row_stands_beside_its_scan_with_the_problem_at_its_field(desk: Desk) -> None:
    page = desk.page(OFFICER)
    visit(page, "/can-sua/")
    assert violations(page) == []
    first_held(page, "tháng")
    shows_its_scan(page)
    answer = page.request.get(page.get_by_role("link", name="Mở PDF ở thẻ mới").get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.body().startswith(b"%PDF")
    wrong = page.locator("[aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(re.compile(r"\w"))
    assert violations(page) == []


def test_marks_are_put_by_key_and_leaving_asks_first(desk: Desk) -> None:
    page = desk.page(OFFICER)
    first_held(page)
    field = page.get_by_label("Trang số")
    field.focus()
    page.keyboard.press("F8")
    expect(field).to_have_value("[sổ không ghi]")
    page.get_by_role("button", name="Không đọc được").click()
    expect(field).to_have_value("[không đọc được]")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).not_to_be_focused()
    page.get_by_role("link", name="Trang chủ").click()
    dialog = page.get_by_role("dialog", name="Rời trang mà chưa lưu?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Ở lại trang").click()
    expect(field).to_have_value("[không đọc được]")


def test_two_officers_who_save_one_row_lose_nothing(desk: Desk) -> None:
    mine, theirs = desk.page(OFFICER), desk.page(KEYER)
    first_held(mine)
    address = mine.url
    visit(theirs, address)
    theirs.get_by_label("Họ tên người ký").fill("Người Ký Khác")
    theirs.get_by_label("Chức vụ người ký").fill("Chức vụ của người kia")
    theirs.keyboard.press("Control+Enter")
    expect(theirs.get_by_text(re.compile("^Đã lưu"))).to_be_visible()
    mine.get_by_label("Họ tên người ký").fill("Người Ký Của Tôi")
    mine.keyboard.press("Control+Enter")
    expect(mine.get_by_role("alert").filter(has_text="vừa lưu giá trị khác: “Người Ký Khác”")).to_be_visible()
    expect(mine.get_by_label("Họ tên người ký")).to_have_value("Người Ký Của Tôi")
    expect(mine.get_by_label("Chức vụ người ký")).to_have_value("Chức vụ của người kia")
    assert violations(mine) == []
    mine.keyboard.press("Control+Enter")
    expect(mine.get_by_text(re.compile("^Đã lưu"))).to_be_visible()
    visit(mine, address)
    expect(mine.get_by_label("Họ tên người ký")).to_have_value("Người Ký Của Tôi")
    expect(mine.get_by_label("Họ tên người ký")).to_have_accessible_description(re.compile("^Trong tệp nhập: "))


def test_a_corrected_row_waits_for_approval_and_the_next_one_opens(desk: Desk) -> None:
    page = desk.page(OFFICER)
    first_held(page, "bằng chữ")
    before = heading(page).inner_text()
    page.get_by_label("Ngày sinh ghi bằng chữ").fill("")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("chuyển sang chờ duyệt")).to_be_visible()
    expect(heading(page)).not_to_have_text(before)


def test_a_scan_that_is_too_large_is_replaced(desk: Desk, tmp_path: Path, world: dict[str, Any]) -> None:
    import zipfile

    page = desk.page(OFFICER)
    first_held(page, "vượt quá 100 KB")
    page.get_by_role("link", name="Thay bản chụp").click()
    assert violations(page) == []
    with zipfile.ZipFile(world["books"]["births"]["scans"]) as archive:
        small = min(archive.infolist(), key=lambda entry: entry.file_size)
        scan = tmp_path / "ban-chup.pdf"
        scan.write_bytes(archive.read(small))
    page.get_by_label("Tệp PDF").set_input_files(scan)
    page.get_by_role("button", name="Thay bản chụp").click()
    expect(page.get_by_text("Đã thay bản chụp.")).to_be_visible()
    expect(page.get_by_text("vượt quá 100 KB")).to_have_count(0)


def test_an_approver_sees_the_rows_of_others_and_gives_one_back(desk: Desk, kept: dict[str, Any]) -> None:
    page = desk.page(APPROVER)
    visit(page, "/phe-duyet/")
    assert violations(page) == []
    page.locator("table.grid tbody tr a").first.click()
    expect(page.get_by_role("button", name="Duyệt dòng đã chọn")).to_be_disabled()
    assert violations(page) == []
    kept["queue"] = page.url
    page.locator("table.grid tbody tr a").first.click()
    shows_its_scan(page)
    expect(page.get_by_role("button", name="Lưu, sang dòng sau")).to_have_count(0)
    assert violations(page) == []
    page.get_by_role("button", name="Trả lại").click()
    dialog = page.get_by_role("dialog", name="Trả lại trường hợp này?")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_label("Lý do trả lại").fill("Chữ ký chưa rõ, xem lại bản chụp.")
    dialog.get_by_role("button", name="Trả lại").click()
    expect(page.get_by_text(re.compile(r"Đã trả lại dòng \d+"))).to_be_visible()


def test_a_row_given_back_says_why_and_can_be_handed_in_again(desk: Desk) -> None:
    page = desk.page(OFFICER)
    visit(page, "/can-sua/?state=returned")
    page.locator("table.grid tbody tr").first.locator("td.is-code a").click()
    expect(page.get_by_text("Chữ ký chưa rõ, xem lại bản chụp.")).to_be_visible()
    page.get_by_role("button", name="Trình lại, không sửa gì").click()
    expect(page.get_by_text(re.compile(r"Đã trình lại dòng \d+"))).to_be_visible()


def test_chosen_rows_are_approved_after_the_count_is_confirmed(desk: Desk, kept: dict[str, Any]) -> None:
    page = desk.page(APPROVER)
    visit(page, kept["queue"])
    ticks = page.get_by_role("checkbox", name=re.compile(r"^Chọn dòng"))
    ticks.nth(0).check()
    ticks.nth(1).check()
    page.get_by_role("button", name="Duyệt dòng đã chọn").click()
    dialog = page.get_by_role("dialog", name="Duyệt các dòng đã chọn?")
    expect(dialog).to_contain_text("2")
    assert violations(page) == []
    dialog.get_by_role("button", name="Duyệt").click()
    expect(page.get_by_text("Đã duyệt 2 dòng.")).to_be_visible()


def test_all_waiting_rows_are_approved_and_become_records(desk: Desk, kept: dict[str, Any]) -> None:
    page = desk.page(APPROVER)
    visit(page, kept["queue"])
    page.get_by_role("button", name=re.compile(r"^Duyệt cả \d+ dòng")).click()
    dialog = page.get_by_role("dialog", name=re.compile(r"^Duyệt cả \d+ dòng của đợt này"))
    expect(dialog).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Duyệt").click()
    expect(page.get_by_text(re.compile(r"Đã duyệt \d+ dòng"))).to_be_visible()
    expect(page.get_by_text("Đợt này không còn dòng nào chờ bạn duyệt")).to_be_visible()


def test_without_a_script_the_server_asks_before_it_approves(desk: Desk, world: dict[str, Any]) -> None:
    officer = desk.page(OFFICER)
    visit(officer, "/nhap-so/moi/")
    send_book(officer, world, "marriages")
    expect(officer.get_by_role("heading", name="Đã nhập xong")).to_be_visible(timeout=IMPORT_TIME)
    desk.page(APPROVER)  # signed in, if no test did before
    page = desk.watched(desk.context(storage_state=desk.kept[APPROVER], java_script_enabled=False))
    visit(page, "/phe-duyet/")
    page.get_by_role("row").filter(has_text="Kết hôn").get_by_role("link").click()
    page.get_by_role("button", name=re.compile(r"^Duyệt cả")).click()
    expect(heading(page)).to_have_text(re.compile(r"^Duyệt \d+ dòng\?"))
    page.get_by_role("button", name="Duyệt").click()
    expect(page.get_by_text(re.compile(r"Đã duyệt \d+ dòng"))).to_be_visible()


def test_a_batch_with_approved_rows_cannot_be_withdrawn(desk: Desk, kept: dict[str, Any]) -> None:
    page = desk.page(OFFICER)
    visit(page, kept["batch"])
    expect(page.get_by_role("button", name="Rút đợt nhập")).to_have_count(0)
    visit(page, kept["batch"] + "rut/")
    page.get_by_role("button", name="Rút đợt nhập").click()
    expect(page.get_by_role("alert").filter(has_text="được duyệt nên không rút được")).to_be_visible()
    assert violations(page) == []


def test_a_batch_is_withdrawn_after_a_dialog_and_may_come_again(desk: Desk, world: dict[str, Any]) -> None:
    page = desk.page(OFFICER)
    visit(page, "/nhap-so/moi/")
    send_book(page, world, "deaths")
    expect(page.get_by_role("heading", name="Đã nhập xong")).to_be_visible(timeout=IMPORT_TIME)
    page.get_by_role("button", name="Rút đợt nhập").click()
    dialog = page.get_by_role("dialog", name="Rút cả đợt nhập này?")
    expect(dialog).to_contain_text(str(world["books"]["deaths"]["rows"]))
    assert violations(page) == []
    dialog.get_by_role("button", name="Rút đợt nhập").click()
    expect(page.get_by_text("Đã rút đợt nhập.")).to_be_visible()
    expect(page.get_by_role("heading", name="Đợt nhập đã được rút")).to_be_visible()
    assert violations(page) == []
    visit(page, "/nhap-so/moi/")
    send_book(page, world, "deaths")
    expect(page.get_by_role("heading", name="Đã nhập xong")).to_be_visible(timeout=IMPORT_TIME)
