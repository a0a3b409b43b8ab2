"""What follows approval: records with their scans, persons, the queue to the Ministry; and who may see what."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from journey_parts import Desk, violations, visit
from playwright.sync_api import Page, expect

OFFICER, APPROVER, AUDITOR = "can.bo.1", "lanh.dao.1", "kiem.toan"
IMPORT_TIME = 60_000


@pytest.fixture(scope="module")
def approved(desk_of_module: Desk, world: dict[str, Any]) -> str:
    """The address of a batch of births with approved rows."""
    officer = desk_of_module.page(OFFICER)
    visit(officer, "/nhap-so/moi/")
    officer.get_by_label("Cơ quan đã đăng ký").select_option(str(world["office"]))
    officer.get_by_label("Tệp Excel theo mẫu").set_input_files(world["books"]["births"]["workbook"])
    officer.get_by_label("Tệp nén các bản chụp").set_input_files(world["books"]["births"]["scans"])
    officer.get_by_role("button", name="Tải lên và kiểm tra").click()
    expect(officer.get_by_role("heading", name="Đã nhập xong")).to_be_visible(timeout=IMPORT_TIME)
    address = "/" + officer.url.partition("//")[2].partition("/")[2]
    leader = desk_of_module.page(APPROVER)
    visit(leader, address.replace("/nhap-so/", "/phe-duyet/"))
    whole = leader.get_by_role("button", name=re.compile(r"^Duyệt cả"))
    if whole.count():
        whole.click()
        leader.get_by_role("dialog").get_by_role("button", name="Duyệt").click()
        expect(leader.get_by_text(re.compile(r"Đã duyệt \d+ dòng"))).to_be_visible()
    return address


def open_record_with_scan(page: Page) -> None:
    """From the shelf of birth books to the first record whose page shows a scan (a few rows have none)."""
    visit(page, "/so/?loai=KS")
    page.locator("main table a[href^='/so/']").first.click()
    page.wait_for_url(re.compile(r"/so/[0-9a-f-]{36}/"))
    links = page.locator("main table a[href^='/ban-ghi/']")
    addresses = list(dict.fromkeys(str(link.get_attribute("href")) for link in links.all()))
    found = next((each for each in addresses if "data-viewer-image" in page.request.get(each).text()), "")
    assert found, addresses
    visit(page, found)


def test_an_approved_row_is_a_record_with_its_scan(desk: Desk, approved: str) -> None:
    page = desk.page(OFFICER)
    open_record_with_scan(page)
    expect(page).to_have_url(re.compile(r"/ban-ghi/[0-9a-f-]{36}/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture = page.locator("[data-viewer-image]").first
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert violations(page) == []


def test_a_person_of_the_record_has_a_page_of_their_own(desk: Desk, approved: str) -> None:
    page = desk.page(OFFICER)
    open_record_with_scan(page)
    page.locator("main a[href^='/nguoi/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []


def test_records_go_to_the_ministry_in_a_file_and_its_answer_comes_back(
    desk: Desk, approved: str, tmp_path: Path
) -> None:
    page = desk.page(OFFICER)
    visit(page, "/gui-bo/")
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Tạo tệp ?: Khai sinh")).first.click()
    expect(page.get_by_text(re.compile("^Đã tạo tệp"))).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as taken:
        page.locator(".makers a[href$='.xlsx']").first.click()
    lines = sent_lines(Path(taken.value.path()))
    answer = tmp_path / "ket-qua.xlsx"
    write_answer(answer, lines)
    page.get_by_role("link", name=re.compile("^Nhận kết quả")).first.click()
    assert violations(page) == []
    page.get_by_label("Tệp kết quả của Bộ").set_input_files(answer)
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_text(f"Đã ghi kết quả: {len(lines) - 1} tiếp nhận, 1 từ chối.")).to_be_visible()
    page.get_by_role("navigation", name="Trạng thái gửi").get_by_role("link", name=re.compile("^Bị từ chối")).click()
    expect(page.get_by_text("Sai định dạng")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Gửi lại")).click()
    expect(page.get_by_text("đã vào lại hàng chờ gửi")).to_be_visible()


def sent_lines(workbook: Path) -> list[tuple[str, str]]:
    """Number and book of every row of a file for the Ministry."""
    sheet = openpyxl.load_workbook(BytesIO(workbook.read_bytes())).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    number, book = header.index("so"), header.index("quyenSo")
    return [(str(row[number]), str(row[book])) for row in rows if row[number]]


def write_answer(path: Path, lines: list[tuple[str, str]]) -> None:
    """Everything acknowledged but the first row."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["so", "quyenSo", "trangThai", "lyDo"])
    for place, (number, book) in enumerate(lines):
        refused = place == 0
        sheet.append([number, book, "Từ chối" if refused else "Đã tiếp nhận", "Sai định dạng" if refused else ""])
    workbook.save(path)


def test_one_row_is_answered_by_hand_and_a_refusal_needs_its_reason(desk: Desk, approved: str) -> None:
    page = desk.page(OFFICER)
    visit(page, "/gui-bo/")
    page.get_by_role("button", name=re.compile("^Tạo tệp ?: Khai sinh")).first.click()
    page.get_by_role("link", name=re.compile("^Ghi kết quả")).first.click()
    assert violations(page) == []
    page.get_by_label("Bị từ chối").check()
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_role("alert").filter(has_text="lý do")).to_be_visible()
    page.get_by_label("Lý do từ chối").fill("Thiếu chữ ký")
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.get_by_text(re.compile("^Đã ghi kết quả của số"))).to_be_visible()


def test_the_desk_counts_what_was_done(desk: Desk, approved: str) -> None:
    page = desk.page(OFFICER)
    visit(page, "/")
    expect(page.get_by_role("heading", name="Tiến độ số hóa theo loại sổ")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Sổ đăng ký khai sinh: đã duyệt"))).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/", "/nhap-so/", "/nhap-so/moi/", "/can-sua/", "/gui-bo/", "BATCH"])
def test_every_page_speaks_english(desk: Desk, approved: str, address: str) -> None:
    page = desk.page(OFFICER)
    visit(page, approved if address == "BATCH" else address)
    page.get_by_role("button", name="English (EN)").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("navigation", name="Main menu")).to_contain_text("Home")
    assert violations(page) == []
    # whatever is not a name of a person, an office or a file is English
    shown = page.locator("main h1, main h2, main th, main .btn, main label, main .stat-label").all_inner_texts()
    marks = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
    own = re.compile("mẫu 1|UBND")  # the names of officers and offices stay
    assert [text for text in shown if marks.search(text) and not own.search(text)] == []
    page.get_by_role("button", name="Tiếng Việt (VI)").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


@pytest.mark.parametrize("width", [1024, 390])
def test_no_page_runs_out_of_a_small_window(desk: Desk, approved: str, width: int) -> None:
    page = desk.page(OFFICER)
    page.set_viewport_size({"width": width, "height": 768})
    visit(page, "/can-sua/")
    case = page.locator("table.grid tbody td.is-code a").first.get_attribute("href") or ""
    for address in ("/", "/nhap-so/", "/nhap-so/moi/", "/can-sua/", "/gui-bo/", approved, case):
        visit(page, address)
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, address
        assert violations(page) == [], address


def test_whoever_watches_sees_no_case(desk: Desk, approved: str) -> None:
    technician = desk.page("quan.tri")
    visit(technician, "/")
    expect(technician.get_by_role("heading", name="Việc quản trị")).to_be_visible()
    links = technician.get_by_role("main").locator("a[href*='/nhap-so/'], a[href*='/phe-duyet/'], a[href*='/so/']")
    expect(links).to_have_count(0)
    assert violations(technician) == []
    page = desk.page(AUDITOR)
    visit(page, "/")
    expect(page.get_by_role("heading", name="Tính toàn vẹn của nhật ký")).to_be_visible()
    expect(
        page.get_by_role("main").locator("a[href*='/nhap-so/'], a[href*='/phe-duyet/'], a[href*='/so/']")
    ).to_have_count(0)
    assert violations(page) == []
    for address in (approved, "/can-sua/", "/phe-duyet/", "/gui-bo/"):
        assert page.request.get(address).status == 403


def test_nobody_sees_anything_without_signing_in(desk: Desk, approved: str) -> None:
    page = desk.page()
    visit(page, approved)
    expect(page).to_have_url(re.compile("dang-nhap"))


def test_an_officer_signs_out(desk: Desk, approved: str) -> None:
    page = desk.page("kiem.tra")
    visit(page, "/")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("dang-nhap"))
    visit(page, "/can-sua/")
    expect(page).to_have_url(re.compile("dang-nhap"))
