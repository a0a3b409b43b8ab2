"""A wrong letter is put right by two officers, a record is annulled and restored, pages are printed: with the eye."""

from __future__ import annotations

import re

from journey_parts import Desk, violations, visit
from playwright.sync_api import Page, expect
from test_journeys_ministry import APPROVER, OFFICER, approved, open_record_with_scan

__all__ = ["approved"]  # the fixture: a batch of births with approved rows


def narrow(page: Page) -> None:
    """320 pixels wide, which is also 400 % of zoom: nothing runs out of the page."""
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_wrong_letter_is_put_right_by_two_officers(desk: Desk, approved: str) -> None:
    officer = desk.page(OFFICER)
    open_record_with_scan(officer)
    record = officer.url
    officer.get_by_role("link", name="Sửa lỗi nhập liệu", exact=True).last.click()
    name = officer.locator("#id_child_full_name")
    wrong = name.input_value()
    name.fill(wrong + "x")
    officer.locator("[name='ly-do-reason']").fill("Gõ thiếu chữ cuối so với bản chụp")
    officer.get_by_role("button", name="Xem chỗ khác trước khi gửi").click()
    expect(officer.locator("ins.letters")).to_have_text("x")
    assert violations(officer) == []
    narrow(officer)
    officer.get_by_role("button", name="Gửi đề nghị").click()
    expect(officer.get_by_text("Người đề nghị không được tự duyệt.")).to_be_visible()

    leader = desk.page(APPROVER)
    leader.goto(record)
    leader.get_by_role("link", name="Xem hệ quả và quyết định").click()
    expect(leader.get_by_role("heading", name="Điều sẽ thay đổi")).to_be_visible()
    expect(leader.get_by_role("heading", name="Nơi đã nhận giá trị hiện nay")).to_be_visible()
    assert violations(leader) == []
    leader.get_by_role("button", name="Duyệt sửa").click()
    expect(leader.get_by_text("Đã sửa lỗi nhập liệu; bản cũ được lưu trong lịch sử.")).to_be_visible()
    visit(leader, record + "?phan=ban-du-lieu")
    expect(leader.get_by_role("columnheader", name=re.compile("Bản 2"))).to_be_visible()
    assert violations(leader) == []


def test_a_record_is_annulled_after_its_consequences_were_seen_and_restored(desk: Desk, approved: str) -> None:
    leader = desk.page(APPROVER)
    open_record_with_scan(leader)
    record = leader.url
    number = str(leader.get_by_role("heading", level=1).text_content()).split("·")[-1].strip()
    for link, button, done in (
        ("Hủy giá trị", "Hủy giá trị bản ghi này", "Đã hủy giá trị bản ghi"),
        ("Khôi phục hiệu lực", "Khôi phục hiệu lực bản ghi này", "Đã khôi phục hiệu lực bản ghi"),
    ):
        leader.get_by_role("link", name=link).click()
        expect(leader.get_by_role("heading", name="Điều sẽ thay đổi")).to_be_visible()
        assert violations(leader) == []
        for field, words in (("number", "12/QĐ-UBND"), ("date_text", "02/11/2026"), ("authority", "UBND tỉnh"),
                             ("reason", "Đăng ký sai"), ("confirmation", "không phải số này")):  # fmt: skip
            leader.locator(f"#id_{field}").fill(words)
        leader.get_by_role("button", name=button).click()
        expect(leader.locator("[data-error-summary]")).to_contain_text("không trùng với số của bản ghi")
        assert violations(leader) == []
        leader.locator("#id_confirmation").fill(number)
        leader.get_by_role("button", name=button).click()
        expect(leader.get_by_text(re.compile(done))).to_be_visible()
        expect(leader).to_have_url(record)
        assert violations(leader) == []
        narrow(leader)


def test_the_kinship_drawing_is_walked_by_keyboard_and_papers_are_clean(desk: Desk, approved: str) -> None:
    page = desk.page(OFFICER)
    open_record_with_scan(page)
    record = page.url
    page.locator(".person-list a").first.click()
    link = page.locator("svg.family a").first
    link.focus()
    target = str(link.get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")
    page.go_back()
    narrow(page)
    person = page.url
    visit(page, record)
    book = str(page.locator(".record-facts a[href^='/so/']").first.get_attribute("href"))
    for paper in (f"{record}in/", f"{person}in/", "/so/danh-muc/", "/so/ban-giao/", f"{book}trang-khoa-so/",
                  f"{book}nghiem-thu/"):  # fmt: skip
        visit(page, paper)
        assert violations(page) == [], paper
        narrow(page)
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="In")).to_be_hidden()
        assert len(page.pdf(prefer_css_page_size=True)) > 1000
        page.emulate_media(media="screen")
