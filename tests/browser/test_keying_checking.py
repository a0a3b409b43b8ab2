"""A checker's work with the keyboard alone: read and pass, correct with a reason, decide differences, take one back; and
the way of a keyed book from there to records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from journey_parts import Desk, Installation, violations
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def facts(installation: Installation) -> dict[str, Any]:
    installation.run(str(installation.scripts / "make_checking.py"), str(installation.folder))
    made: dict[str, Any] = json.loads((installation.folder / "checking.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture
def page(desk: Desk, installation: Installation, facts: dict[str, Any]) -> Page:
    return signed_in(desk, installation, facts["session"])


def signed_in(desk: Desk, installation: Installation, session: str) -> Page:
    context = desk.context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": installation.address}])
    return desk.watched(context)


def hears_keys(page: Page) -> None:
    """The page has waited out a key that was still held from the one before."""
    expect(page.locator("body.is-ready")).to_be_attached()


def test_a_package_is_read_through_corrected_and_finished_without_the_mouse(page: Page, facts: dict[str, Any]) -> None:
    page.goto("/kiem-tra/")
    assert violations(page) == []
    page.goto(f"/kiem-tra/goi/{facts['read']}/")
    assert violations(page) == []
    page.get_by_role("button", name="Nhận kiểm tra").press("Enter")
    page.get_by_role("link", name="Xem lần lượt").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Số 1/2016")
    assert violations(page) == []
    hears_keys(page)
    page.keyboard.press("Enter")  # right: the next one
    expect(page.get_by_role("heading", level=1)).to_have_text("Số 2/2016")
    hears_keys(page)
    page.get_by_label("Họ, chữ đệm, tên người được khai sinh").fill("Nguyễn Minh Hạ")
    page.keyboard.press("Enter")  # corrected: it asks why first
    expect(page.get_by_label("Lý do", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không còn trường hợp nào của gói này chờ bạn.")).to_be_visible()
    page.get_by_role("button", name="Hoàn thành kiểm tra").press("Enter")
    expect(page.get_by_text("Đã kiểm tra xong gói.")).to_be_visible()


def test_differences_are_decided_by_one_key_each_and_a_decision_is_taken_back(
    page: Page, facts: dict[str, Any]
) -> None:
    page.goto(f"/kiem-tra/goi/{facts['differs']}/")
    page.get_by_role("link", name="Xem lần lượt").press("Enter")
    hears_keys(page)
    expect(page.locator("[data-decision]")).to_have_count(2)
    assert violations(page) == []
    # with a cutting of the scan or without, the choices have the whole width
    assert page.locator("[data-decision] .choice").evaluate_all(
        "(all) => all.every((each) => each.offsetWidth > 0.8 * each.closest('[data-decision]').offsetWidth)"
    )
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Ghi quyết định")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Không còn trường hợp nào của gói này chờ bạn.")).to_be_visible()
    page.get_by_role("link", name="Số 1/2016").press("Enter")
    expect(page.get_by_text("Bản quét, sổ giấy đọc rõ").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Hoàn tác", exact=True).first.press("Enter")
    expect(page.get_by_text("Đã hoàn tác quyết định.")).to_be_visible()
    expect(page.locator("[data-decision]")).to_have_count(1)


def test_a_keyed_book_is_checked_accepted_by_another_and_becomes_records(
    page: Page, desk: Desk, installation: Installation, facts: dict[str, Any]
) -> None:
    page.goto(f"/kiem-tra/goi/{facts['whole']}/")
    page.get_by_role("button", name="Nhận kiểm tra").press("Enter")
    page.get_by_role("link", name="Xem lần lượt").press("Enter")
    for title in ("Số 1/2016", "Số 2/2016"):
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        hears_keys(page)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Hoàn thành kiểm tra").press("Enter")
    expect(page.get_by_text("Đã kiểm tra xong gói.")).to_be_visible()
    chief = signed_in(desk, installation, facts["approver"])
    chief.goto(f"/nghiem-thu/quyen/{facts['whole_book']}/")
    chief.get_by_label("Theo nguồn").select_option(label="Người phụ trách xác định")
    chief.get_by_label("Số trường hợp", exact=True).fill("2")
    chief.get_by_label("Lý do, căn cứ").fill("Đếm lại sổ giấy")
    chief.get_by_role("button", name="Chốt số", exact=True).press("Enter")
    chief.get_by_role("button", name="Rút mẫu").press("Enter")
    chief.get_by_role("link", name="Bắt đầu kiểm tra").press("Enter")
    for place in ("1/2", "2/2"):
        expect(chief.locator(".judge-head .place")).to_have_text(place)
        chief.keyboard.press("Control+Enter")
    chief.get_by_label("Số biên bản").fill("01/BB-NT")
    chief.get_by_role("button", name="Đạt, nghiệm thu quyển sổ").press("Enter")
    expect(chief.get_by_text("Đã nghiệm thu quyển sổ.")).to_be_visible()
    assert violations(chief) == []
    chief.goto(f"/phe-duyet/{facts['whole_batch']}/")
    chief.get_by_role("button", name="Duyệt cả 2 dòng").press("Enter")
    chief.get_by_role("dialog").get_by_role("button", name="Duyệt", exact=True).press("Enter")
    expect(chief.get_by_text("Đã duyệt 2 dòng.")).to_be_visible()
    chief.goto(f"/so/{facts['whole_book']}/")
    chief.get_by_role("link", name="1/2016").press("Enter")
    expect(chief.get_by_text("Có hiệu lực").first).to_be_visible()
