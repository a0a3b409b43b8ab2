"""Security keys in a real browser, answered by Chromium's virtual authenticator: added, used, renamed, removed.

The tests of this file follow one officer and build on each other, in the order they stand in.
"""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from journey_parts import Desk, Installation, demo_seed, violations
from playwright.sync_api import Page, expect

from hotich.accounts.rules.one_time_codes import code_of_step, step_at

LOGIN = "mot.cua"


@pytest.fixture(scope="module")
def address(installation: Installation) -> str:
    """The same server under its name: browsers give keys to names only, not to addresses of numbers."""
    return installation.address.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def page(journeys_browser: Any, world: dict[str, Any]) -> Any:
    """A browser with a key that answers by itself."""
    context = journeys_browser.new_context(locale="vi-VN")
    made = context.new_page()
    wire = context.new_cdp_session(made)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield made
    context.close()


def give_password(page: Page, address: str, world: dict[str, Any]) -> None:
    page.goto(f"{address}/tai-khoan/dang-nhap/")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", world["password"])
    page.click("main button[type=submit]")
    page.wait_for_url("**/tai-khoan/ma-xac-thuc/")


def confirm_again(page: Page, world: dict[str, Any]) -> None:
    """Before something delicate the password is asked for once more."""
    page.wait_for_load_state()
    if "/xac-nhan/" in page.url:
        page.fill("input[name=password]", world["password"])
        page.get_by_role("button", name="Xác nhận").click()
        page.wait_for_load_state()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/tai-khoan/dang-nhap/**")


def test_a_key_is_added_with_a_name(page: Page, address: str, world: dict[str, Any]) -> None:
    give_password(page, address, world)
    expect(page.get_by_role("button", name="Dùng khóa bảo mật")).to_have_count(0)
    page.fill("input[name=code]", code_of_step(demo_seed(LOGIN), step_at(time.time())))
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/tai-khoan/khoa-bao-mat/them/")
    confirm_again(page, world)
    assert violations(page) == []
    page.get_by_label("Tên khóa bảo mật").fill("Khóa USB ở cơ quan")
    page.get_by_role("button", name="Thêm khóa").click()
    page.wait_for_url(re.compile("/tai-khoan/(ma-du-phong/)?$"))
    page.goto(f"{address}/tai-khoan/")
    expect(page.get_by_text("Khóa USB ở cơ quan", exact=True).first).to_be_visible()
    assert violations(page) == []


def test_the_key_signs_in_instead_of_a_code(page: Page, address: str, world: dict[str, Any]) -> None:
    sign_out(page)
    give_password(page, address, world)
    assert violations(page) == []
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_url(f"{address}/")
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def test_a_key_is_renamed_and_removed_by_its_owner(page: Page, address: str, world: dict[str, Any]) -> None:
    page.goto(f"{address}/tai-khoan/")
    page.get_by_role("link", name=re.compile("^Đặt tên khác")).click()
    confirm_again(page, world)
    page.get_by_label("Tên khóa bảo mật").fill("Khóa dự phòng")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/tai-khoan/")
    expect(page.get_by_text("Khóa dự phòng", exact=True).first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Xóa")).click()
    confirm_again(page, world)
    assert violations(page) == []
    page.get_by_role("button", name="Xóa khóa").click()
    page.wait_for_url("**/tai-khoan/")
    expect(page.get_by_text("Khóa dự phòng", exact=True)).to_have_count(0)


PAGES = ["/can-bo/", "/can-bo/moi/", "/can-bo/tu-tep/", "/can-bo/khoa/?role=keyer", "/uy-quyen/", "/thiet-bi/",
         "/thiet-bi/moi/", "/thiet-bi/quy-dinh/", "/tai-khoan/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_managing_break_no_accessibility_rule(desk: Desk, path: str) -> None:
    opened = desk.page("so.tu.phap")
    opened.goto(f"{desk.installation.address}{path}")
    assert violations(opened) == []


def test_the_page_of_an_account_breaks_no_accessibility_rule(desk: Desk) -> None:
    opened = desk.page("so.tu.phap")
    opened.goto(f"{desk.installation.address}/can-bo/?login=nhap.1")
    opened.get_by_role("link", name="Người nhập mẫu 1").click()
    assert violations(opened) == []


def test_the_page_of_delegating_and_that_of_enrolling_break_no_accessibility_rule(desk: Desk) -> None:
    opened = desk.page("lanh.dao.1")
    for path in ("/uy-quyen/moi/", "/thiet-bi/dang-ky/"):
        opened.goto(f"{desk.installation.address}{path}")
        assert violations(opened) == []
