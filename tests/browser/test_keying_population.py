"""Looking people up in the population database from the keying screen, by the keyboard, with and without a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from journey_parts import violations
from keying_screen_parts import a_package, save
from playwright.sync_api import Browser, Page, expect

from benchmarks.screen_host import ScreenHost, screen_in

Screen = Callable[[str], Page]
AN: dict[str, Any] = {
    "ref": "C-1", "personal_id": "001088000017", "full_name": "Nguyễn Văn An", "birth": "1988-03-05", "sex": "1",
    "father_name": "Nguyễn Văn Bình", "mother_name": "Trần Thị Lan", "life": "alive",
    "evidence": ["Họ tên giống hệt", "Cùng năm sinh"], "differences": [],
}  # fmt: skip
OTHER: dict[str, Any] = {
    **AN, "ref": "C-2", "personal_id": "001088000029", "full_name": "Nguyễn Văn Ân", "life": "dead",
    "differences": [{"field": "full_name", "kind": "marks", "text": "Họ tên: sổ ghi “An”, CSDL dân cư ghi “Ân”"}],
}  # fmt: skip


@pytest.fixture
def host() -> ScreenHost:
    return ScreenHost()


@pytest.fixture
def screen(journeys_browser: Browser, host: ScreenHost) -> Iterator[Screen]:
    """`screen(package)`: a page with it, in a fresh profile. A test ends with an error when the page complained."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def opened(package: str) -> Page:
            page = stack.enter_context(screen_in(journeys_browser, host, package))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
            return page

        yield opened
    assert complaints == []


def name(page: Page, role: str, text: str) -> None:
    page.locator(f"#f-{role}_full_name").fill(text)


def save_and_send(page: Page) -> None:
    """The case is saved, and nothing is left in this browser."""
    save(page)
    expect(page.locator("[data-outbox]")).to_have_attribute("data-pending", "0")


def test_found_people_are_chosen_by_keys_and_stand_beside_the_person_never_in_a_field(
    screen: Screen, host: ScreenHost
) -> None:
    host.citizens = {"Nguyễn Văn An": [AN, OTHER]}
    page = screen(a_package(host, "KH"))
    name(page, "wife", "Trần Thị Lan")
    name(page, "husband", "Nguyễn Văn An")
    page.locator("#f-husband_birth_date").fill("05031988")
    page.keyboard.press("F3")
    panel = page.locator("#keying-people")
    expect(panel.get_by_role("option")).to_have_count(2)
    expect(panel.locator("#keying-people-title")).to_contain_text("Chồng")
    expect(panel.get_by_role("option", selected=True)).to_contain_text("Trùng khớp")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("option", selected=True)).to_contain_text("đã chết")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    expect(page.locator("#f-husband_birth_date")).to_be_focused()
    badge = page.locator(".k-row:has(#f-husband_full_name) .k-found")
    expect(badge).to_have_text("✓ Trùng khớp")
    assert "001088000017" not in page.locator("#keying-work").inner_text()  # nothing of a citizen stays in the page
    [question] = host.asked
    assert question["facts"] == {
        "full_name": "Nguyễn Văn An", "birth": "1988-03-05", "sex": "1", "spouse_name": "Trần Thị Lan",
    }  # fmt: skip
    assert (question["role"], question["register"]) == ("husband", "KH")
    page.locator("#f-wife_full_name").focus()  # nobody found: with a reason
    page.keyboard.press("F3")
    expect(panel).to_contain_text("Không tìm thấy ai")
    page.keyboard.press("a")
    page.keyboard.press("2")
    expect(page.locator(".k-row:has(#f-wife_full_name) .k-found")).to_contain_text("Đã ra nước ngoài")
    name(page, "husband", "Nguyễn Văn Anh")  # changed after the look-up: it is said
    expect(badge).to_have_text("Đã sửa, tra lại: F3")
    name(page, "husband", "Nguyễn Văn An")
    expect(badge).to_have_text("✓ Trùng khớp")
    page.wait_for_timeout(400)  # the draft is written a moment after the last key
    page.reload()
    page.locator("body.is-ready").wait_for()
    expect(badge).to_have_text("✓ Trùng khớp")
    save_and_send(page)
    item = host.sent[-1]
    look_up = item["population"]["husband"]["look_up"]
    assert len(look_up) == 36
    assert item["population"] == {
        "husband": {"outcome": "equal", "ref": "C-1", "look_up": look_up, "absence": "", "absence_words": ""},
        "wife": {"outcome": "absent", "ref": "", "look_up": item["population"]["wife"]["look_up"], "absence": "abroad",
                 "absence_words": ""},
    }  # fmt: skip
    assert item["values"]["husband_full_name"] == "Nguyễn Văn An"
    assert "001088000017" not in str(item["values"])


def test_without_a_line_the_question_is_kept_and_keying_goes_on(screen: Screen, host: ScreenHost) -> None:
    host.citizens = {"Lê Thị Hoa": [AN]}
    page = screen(a_package(host, "HN", layout="form"))
    name(page, "subject", "Lê Thị Hoa")
    badge = page.locator(".k-row:has(#f-subject_full_name) .k-found")
    page.context.set_offline(True)
    page.route("**/nhip/", lambda route: route.abort())
    page.keyboard.press("F3")
    expect(badge).to_have_text("… Chờ trả lời")
    expect(page.locator("#f-subject_full_name")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("n")  # goes on: sex by one key
    expect(page.locator("#f-subject_sex")).to_have_value("1")
    page.unroute("**/nhip/")
    page.context.set_offline(False)
    expect(badge).to_have_text("Có trả lời: F3", timeout=12_000)  # asked by itself when the line came back
    host.answers = (422, {"code": "population_too_many", "text": "Hôm nay đã tra cứu đủ số lần."})
    page.locator("#f-subject_full_name").focus()
    page.keyboard.press("F3")  # the answer is here: nobody is asked again
    expect(page.locator("#keying-people").get_by_role("option")).to_have_count(1)
    page.keyboard.press("x")
    expect(badge).to_have_text("? Chưa xác định")
    assert len(host.asked) == 1
    name(page, "subject", "Lê Thị Huệ")
    page.keyboard.press("F3")
    expect(page.locator("#keying-people")).to_contain_text("Hôm nay đã tra cứu đủ số lần.")
    page.keyboard.press("a")  # nobody was looked for: nobody is missing
    page.keyboard.press("Delete")
    expect(badge).to_be_hidden()
    host.answers = (200, {"state": "queued", "look_up": "01890000-0000-7000-8000-000000000001", "candidates": []})
    page.keyboard.press("F3")
    expect(badge).to_have_text("… Chờ trả lời")
    save_and_send(page)
    assert host.sent[-1]["population"]["subject"] == {
        "outcome": "pending", "ref": "", "look_up": "01890000-0000-7000-8000-000000000001", "absence": "",
        "absence_words": "",
    }  # fmt: skip


def test_practice_second_keyings_and_a_person_without_a_name_ask_nobody(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "KS"))
    page.locator("#f-father_full_name").focus()
    page.keyboard.press("F3")
    expect(page.locator("#keying-said")).to_contain_text("Hãy nhập họ tên trước")
    second = screen(a_package(host, "KS", kind="critical"))
    name(second, "child", "Nguyễn Văn An")
    second.keyboard.press("F3")
    expect(second.locator("#keying-said")).to_contain_text("không tra cứu được")
    assert host.asked == []
