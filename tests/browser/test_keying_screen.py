"""The keying screen by the keyboard alone: the very page and script, answered without a server (see ScreenHost)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from journey_parts import violations
from keying_screen_parts import OFFICE, a_package, save
from playwright.sync_api import Browser, Page, expect

from benchmarks.screen_host import ScreenHost, screen_in

Screen = Callable[[str], Page]


@pytest.fixture(scope="module")
def host() -> ScreenHost:
    return ScreenHost()


@pytest.fixture
def screen(journeys_browser: Browser, host: ScreenHost) -> Iterator[Screen]:
    """`screen(package)`: a page with it, in a fresh profile. A test ends with an error when the page complained."""
    complaints: list[str] = []
    host.sent.clear()
    host.returned = []
    with ExitStack() as stack:

        def opened(package: str) -> Page:
            page = stack.enter_context(screen_in(journeys_browser, host, package))
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield opened
    assert complaints == []


AT_ONCE = """(keys) => keys.forEach((key) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  if (document.activeElement.dispatchEvent(event) && key.length === 1) document.execCommand("insertText", false, key);
})"""


def keys(page: Page, *pressed: str) -> None:
    """Keys one after the other; a text of more than one letter that is no key's name is typed."""
    for each in pressed:
        if len(each) == 1 or _is_key(each):
            page.keyboard.press(each)
            continue
        for letter in each:
            if letter.isascii():
                page.keyboard.press("Space" if letter == " " else letter)
            else:
                page.keyboard.insert_text(letter)


def _is_key(text: str) -> bool:
    named = ("Enter", "Escape", "Tab", "Backspace", "Insert", "Arrow", "Control+", "Shift+", "Alt+")
    return text.startswith(named) or text in {f"F{number}" for number in range(1, 13)}


def on(page: Page, field: str) -> None:
    """The focus is in this field."""
    expect(page.locator(f"#f-{field}")).to_be_focused()


def value(page: Page, field: str) -> str:
    return page.locator(f"#f-{field}").input_value()


def kept(page: Page, host: ScreenHost, count: int) -> dict[str, object]:
    """The last of so many items that came to the server."""
    expect(page.locator("[data-outbox]")).to_have_attribute("data-pending", "0")
    assert len(host.sent) == count
    return host.sent[-1]


def test_a_marriage_is_keyed_without_a_mouse_and_the_next_case_goes_on_from_it(
    screen: Screen, host: ScreenHost
) -> None:
    page = screen(a_package(host, "KH"))
    on(page, "registration_number")
    assert value(page, "registration_number") == "11/2016"  # the place expects it
    assert value(page, "registration_office") == OFFICE
    keys(page, "Enter")
    on(page, "page_no")
    keys(page, "7", "Enter", "21062016", "Enter")  # a day by its figures
    assert value(page, "registration_date") == "21.06.2016"
    on(page, "signatory_name")  # what was carried over is passed by
    keys(page, "Control+ArrowDown", "Control+ArrowDown")
    page.locator("#f-husband_full_name").focus()
    keys(page, "ng")
    expect(page.locator("#keying-list [role=option]").first).to_have_text("Nguyễn")
    keys(page, "ArrowRight", "Văn An", "Enter", "1988", "Enter", "k")
    expect(page.locator("#f-husband_ethnicity")).to_have_attribute("aria-expanded", "true")
    keys(page, "Enter", "viet", "Enter")
    assert (value(page, "husband_ethnicity"), value(page, "husband_nationality")) == ("Kinh", "Việt Nam")
    page.locator("#f-husband_residence_type").focus()
    keys(page, "1", "Enter", "tho", "ArrowDown", "Enter")
    assert value(page, "husband_usual_residence") == "thôn Đông, xã Tân Thử, huyện Hòa Thử"
    page.locator("#f-wife_full_name").focus()
    keys(page, "Trần Thị Lan", "Enter", "031990", "Enter")
    assert value(page, "wife_birth_date") == "03.1990"
    on(page, "wife_ethnicity")
    page.evaluate(AT_ONCE, ["k", "Enter", *"viet", "Enter"])  # typed faster than any frame is shown
    assert (value(page, "wife_ethnicity"), value(page, "wife_nationality")) == ("Kinh", "Việt Nam")
    keys(page, "Control+Enter")
    dialog = page.locator("#keying-ask")
    while True:  # what the book has not is said once for each field
        expect(dialog.or_(page.locator("#f-registration_number[value='']")).first).to_be_attached()
        if not dialog.is_visible():
            break
        keys(page, "4")
        page.wait_for_timeout(30)
    expect(page.locator("#f-registration_number")).to_have_value("12/2016")
    item = kept(page, host, 1)
    assert item["values"]["husband_full_name"] == "Nguyễn Văn An"  # type: ignore[index]
    assert item["values"]["husband_birth_date"] == "1988"  # type: ignore[index]
    assert {each["reason"] for each in item["confirmed"]} == {"Sổ để trống chỗ này"}  # type: ignore[attr-defined]
    assert int(str(item["strokes"])) > 50
    assert (value(page, "registration_date"), value(page, "page_no")) == ("21.06.2016", "7")
    assert value(page, "husband_full_name") == ""


def test_reasons_notes_void_numbers_and_a_case_between_two(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "HN", layout="form"))
    page.locator("#f-subject_full_name").focus()
    keys(page, "Lê Văn", "F4")
    keys(page, "Shift+Enter")
    on(page, "subject_full_name")
    expect(page.locator(".k-row:has(#f-subject_full_name) .k-why")).to_have_text("Không đọc được")
    keys(page, "Enter", "n")  # sex by one key
    assert value(page, "subject_sex") == "1"
    on(page, "subject_birth_date")
    keys(page, "F8")
    expect(page.locator(".k-row:has(#f-subject_birth_date) .k-why")).to_have_text("Sổ không ghi")
    keys(page, "Shift+F8")  # a note in the margin
    page.locator("#note-kind").select_option("divorce")
    page.locator("#note-text").fill("Đã ly hôn theo bản án số 3")
    keys(page, "Control+Enter")
    expect(page.locator("#keying-note-count")).to_have_text("1 ghi chú ở lề")
    _save(page, "12/2016")
    item = kept(page, host, 1)
    assert item["values"]["subject_full_name"] == {"text": "Lê Văn", "reason": "illegible"}  # type: ignore[index]
    assert item["values"]["subject_birth_date"] == {"text": "", "reason": "not_written"}  # type: ignore[index]
    assert item["annotations"] == [{"kind": "divorce", "text": "Đã ly hôn theo bản án số 3"}]
    keys(page, "Shift+F4", "1")
    page.wait_for_timeout(50)
    keys(page, "1")  # struck out in the book
    expect(page.locator("#f-registration_number")).to_have_value("13/2016")
    void = kept(page, host, 2)
    assert (void["state"], void["reason"], void["values"], void["number"]) == ("void", "Số bị gạch bỏ trong sổ", {}, 12)
    keys(page, "Alt+ArrowUp", "Alt+ArrowUp")
    expect(page.locator("#keying-place")).to_contain_text("1/3")
    assert value(page, "subject_full_name") == "Lê Văn"
    keys(page, "Insert")
    expect(page.locator("#f-registration_number")).to_have_value("11a/2016")
    page.locator("#f-subject_full_name").focus()
    keys(page, "F2")  # of the case before
    assert value(page, "subject_full_name") == "Lê Văn"
    _save(page, "13/2016")
    extra = kept(page, host, 3)
    assert (extra["item"], extra["after"]) == (None, item["item"])
    assert (extra["number"], extra["number_suffix"]) == (11, "a")


def _save(page: Page, number: str) -> None:
    """Ctrl+Enter, confirming each warning, until the next number stands there."""
    keys(page, "Control+Enter")
    for _ in range(60):
        page.wait_for_timeout(30)
        if page.locator("#keying-ask").is_visible():
            keys(page, "4")
        elif value(page, "registration_number") == number:
            return
    raise AssertionError(f"not saved: {page.locator('#keying-said').inner_text()}")


def test_an_error_holds_up_the_save_until_the_book_is_said_to_have_it(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "KT"))
    page.locator("#f-death_date").focus()
    keys(page, "05072016", "Enter")
    message = page.locator("#m-death_date")
    expect(message).to_contain_text("sau ngày đăng ký")
    expect(page.locator("#f-death_date")).to_have_attribute("aria-describedby", "m-death_date")
    expect(page.locator("#f-death_date")).to_have_attribute("aria-invalid", "true")
    for _ in range(30):
        keys(page, "Control+Enter")
        page.wait_for_timeout(40)
        if page.locator("#keying-ask").is_visible():
            if "lỗi" in page.locator("#keying-ask-text").inner_text():
                break
            keys(page, "4")
            page.wait_for_timeout(40)
    assert host.sent == []
    keys(page, "Escape")
    page.locator("#f-death_date").focus()
    keys(page, "05062016", "Enter")
    expect(message).to_be_hidden()
    _save(page, "12/2016")
    assert kept(page, host, 1)["values"]["death_date"] == "05.06.2016"  # type: ignore[index]


def test_a_half_typed_case_is_there_again_after_the_browser_went_away(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "KS"))
    page.locator("#f-child_full_name").focus()
    keys(page, "Trần Minh", "Enter")
    page.locator("#f-mother_full_name").focus()
    keys(page, "Ngô Thị")
    page.wait_for_timeout(600)  # the draft is written a moment after the last key
    page.reload()
    page.locator("body.is-ready").wait_for()
    assert value(page, "child_full_name") == "Trần Minh"
    assert value(page, "mother_full_name") == "Ngô Thị"
    assert host.sent == []


def test_keys_of_an_input_method_are_left_alone(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "KS"))
    page.locator("#f-child_full_name").focus()
    line = page.context.new_cdp_session(page)
    line.send("Input.imeSetComposition", {"text": "Nguyê", "selectionStart": 5, "selectionEnd": 5})
    line.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    on(page, "child_full_name")  # Enter belongs to the composition
    line.send("Input.insertText", {"text": "Nguyễn"})
    keys(page, "Backspace", "Backspace")
    page.keyboard.insert_text("n\u0303")  # decomposed, as some keyboards send it
    keys(page, "Enter")
    assert value(page, "child_full_name").startswith("Nguy")
    assert value(page, "child_full_name") == value(page, "child_full_name").strip()


def test_the_picture_follows_the_field_by_the_map_of_regions(screen: Screen, host: ScreenHost) -> None:
    regions = {"child_full_name": [0.1, 0.1, 0.6, 0.15], "father_full_name": [0.1, 0.7, 0.6, 0.75]}
    page = screen(a_package(host, "KS", regions=regions, picture=True))
    page.locator("#f-child_full_name").focus()
    lit = page.locator("[data-lit]")
    expect(lit).to_be_visible()
    sheet = page.locator("[data-sheet]")
    first = sheet.evaluate("(sheet) => sheet.style.transform")
    page.locator("#f-father_full_name").focus()
    expect(sheet).not_to_have_attribute("style", re.compile(re.escape(first)))  # it follows once the hand rests
    page.wait_for_function("(before) => document.querySelector('[data-sheet]').style.transform !== before", arg=first)
    before = sheet.evaluate("(sheet) => sheet.style.transform")
    page.locator("#f-mother_full_name").focus()  # not on the map: nothing is marked, the picture stays
    expect(lit).to_be_hidden()
    assert sheet.evaluate("(sheet) => sheet.style.transform") == before
    keys(page, "Control+=")
    assert sheet.evaluate("(sheet) => sheet.style.transform") != before


def test_the_picture_of_another_case_is_told_as_such_until_the_next_field(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "KS", count=2, picture=True))
    told = page.locator("#keying-peek")
    expect(told).to_be_hidden()
    for _ in range(9):  # through the picture of this case, then on to the next one
        if told.is_visible():
            break
        page.keyboard.press("PageDown")
        page.wait_for_timeout(100)
    expect(told).to_have_text("Ảnh của trường hợp 2/2, không phải trường hợp đang nhập")
    page.keyboard.press("Enter")
    expect(told).to_be_hidden()


def test_the_mark_lies_where_the_rules_of_each_picture_say(screen: Screen, host: ScreenHost) -> None:
    regions = {"child_full_name": [0.1, 0.1, 0.6, 0.15]}
    page = screen(a_package(host, "KS", regions=regions, picture=True, moves={1: [1, 0.05, 1.1, 0.2]}))
    page.locator("#f-child_full_name").focus()
    lit = page.locator("[data-lit]")
    expect(lit).to_be_visible()
    # 800 x 1000 pixels; the mark is four pixels wider each way
    assert lit.evaluate("(lit) => [lit.style.left, lit.style.top, lit.style.height]") == ["116px", "306px", "63px"]


def test_a_second_keying_asks_the_critical_fields_and_shows_nothing_of_the_first(
    screen: Screen, host: ScreenHost
) -> None:
    page = screen(a_package(host, "KS", kind="critical"))
    expect(page.locator("#keying-kind")).to_have_text("Nhập lại trường trọng yếu")
    assert page.locator(".k-input").count() < 15
    filled = page.locator(".k-input").evaluate_all("(all) => all.filter((each) => each.value).length")
    assert filled == 0
    page.locator("#f-child_full_name").focus()
    keys(page, "An")
    keys(page, "F9")
    assert page.locator("#f-registration_office").count() == 0


def test_axe_finds_nothing_in_any_state_of_the_screen(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "KS", picture=True))
    assert violations(page) == []
    page.locator("#f-mother_ethnicity").focus()
    keys(page, "t")
    expect(page.locator("#keying-list")).to_be_visible()
    page.locator("#f-mother_birth_date").focus()
    keys(page, "31021990", "Enter")
    page.locator("#f-father_ethnicity").focus()
    keys(page, "k")
    assert violations(page) == []  # with errors and an open list
    keys(page, "Escape", "F1")
    expect(page.locator("#keys-card")).to_be_visible()
    assert violations(page) == []
    keys(page, "Escape", "Shift+F8")
    assert violations(page) == []
    keys(page, "Escape", "Shift+F4")
    assert violations(page) == []
    keys(page, "Escape")
    table = screen(a_package(host, "TD"))
    expect(table.locator("body.is-table")).to_be_attached()
    expect(table.locator("tr[aria-current] #f-registration_number")).to_be_focused()
    assert violations(table) == []


def test_in_the_table_enter_runs_through_the_row_and_saving_lights_the_next(screen: Screen, host: ScreenHost) -> None:
    page = screen(a_package(host, "TD"))
    on(page, "registration_number")
    keys(page, "F7")
    expect(page.locator("body.is-table")).not_to_be_attached()
    on(page, "registration_number")
    keys(page, "F7")
    page.locator("#f-subject_full_name").focus()
    keys(page, "Phạm Thị Thu")
    _save(page, "12/2016")
    expect(page.locator("tr.is-done").first).to_contain_text("Phạm Thị Thu")
    expect(page.locator("tr[aria-current] #f-registration_number")).to_have_value("12/2016")


def test_what_goes_on_by_itself_is_shown_asked_once_and_stands_where_the_keyer_is(
    screen: Screen, host: ScreenHost
) -> None:
    page = screen(a_package(host, "KS", count=4))  # from the paper book: the form has the whole width
    expect(page.locator("#keying-scan")).to_be_hidden()
    for field, text in {
        "register_book_no": "01/2017", "child_full_name": "Pá", "child_sex": "1", "child_birth_date": "01.05.2016",
        "child_ethnicity": "Kinh", "child_nationality": "Việt Nam", "father_ethnicity": "Kinh",
    }.items():  # fmt: skip
        page.locator(f"#f-{field}").fill(text)
    confirmed, asked = _saved(page, host, "12/2016")
    assert BOOK_LATER in confirmed
    assert "Quyển số" in asked
    page.locator("#f-child_sex").focus()
    page.evaluate(AT_ONCE, ["1", "Enter"])  # the Enter was meant for the field that was left already
    on(page, "child_birth_date")
    keys(page, "Enter")
    expect(page.locator("#f-child_birth_date")).not_to_be_focused()
    page.locator("#f-child_full_name").focus()
    keys(page, "p")
    expect(page.locator(".k-row:has(#f-child_full_name) .k-rest")).to_contain_text("Pá")  # a name of one word
    keys(page, "Backspace")
    page.locator("#f-father_ethnicity").fill("Mông")
    keys(page, "Enter")
    child = page.locator(".k-row:has(#f-child_ethnicity)")
    expect(child.locator(".k-message")).to_contain_text("lấy từ trường hợp trước")
    page.locator("#f-child_ethnicity").focus()
    expect(page.locator("#keying-hint")).to_contain_text("Lấy từ trường hợp trước")
    page.locator("#f-child_ethnicity").fill("Mông")
    keys(page, "Enter")
    expect(child.locator(".k-message")).to_be_hidden()
    confirmed, asked = _saved(page, host, "13/2016")
    assert BOOK_LATER in confirmed  # with the reason given for the first
    assert "Quyển số" not in asked
    keys(page, "Insert")  # found when the keyer is at the next already: it stands before it
    expect(page.locator("#keying-place")).to_contain_text("3/5")
    expect(page.locator("#f-registration_number")).to_have_value("12a/2016")


BOOK_LATER = ("book_year_after_registration", "Sổ để trống chỗ này")


def _saved(page: Page, host: ScreenHost, number: str) -> tuple[set[tuple[str, str]], list[str]]:
    """What went to the server as confirmed (code, reason), and of which fields it was asked."""
    count, asked = len(host.sent), []
    keys(page, "Control+Enter")
    for _ in range(60):
        page.wait_for_timeout(30)
        if page.locator("#keying-ask").is_visible():
            asked.append(page.locator("#keying-ask-title").inner_text())
            keys(page, "4")
        elif value(page, "registration_number") == number:
            item = kept(page, host, count + 1)
            return {(each["code"], each["reason"]) for each in item["confirmed"]}, asked  # type: ignore[attr-defined]
    raise AssertionError(f"not saved: {page.locator('#keying-said').inner_text()}")


def test_enter_takes_an_entry_typed_without_its_marks_and_escape_leaves_what_was_typed(
    screen: Screen, host: ScreenHost
) -> None:
    page = screen(a_package(host, "KH"))
    page.locator("#f-husband_ethnicity").focus()
    keys(page, "kinh")
    expect(page.locator("#keying-option-0")).to_have_text("Kinh")
    expect(page.locator("#keying-option-0")).to_have_attribute("aria-selected", "true")
    assert value(page, "husband_ethnicity") == "kinh", "nothing is written before the key"
    keys(page, "Enter")
    assert value(page, "husband_ethnicity") == "Kinh"
    page.locator("#f-wife_ethnicity").focus()
    keys(page, "kinh", "Escape", "Enter")
    assert value(page, "wife_ethnicity") == "kinh"
    page.locator("#f-wife_ethnicity").focus()
    keys(page, "Enter")
    assert value(page, "wife_ethnicity") == "kinh", "it was said once that the book has it so"
    save(page)
    page.locator("#f-wife_ethnicity").focus()
    keys(page, "Control+A", "kinh", "Enter")
    assert value(page, "wife_ethnicity") == "kinh", "a book that writes it so asks for no Esc at each entry"


def test_a_case_that_came_back_opens_without_a_question_while_nothing_is_typed(
    screen: Screen, host: ScreenHost
) -> None:
    package = a_package(host, "KS", era="L2014", count=4)
    host.packages[package]["carry"]["registration_date"] = "20.06.2017"  # the proposed number follows it by itself
    page = screen(package)
    host.returned = [
        {"code": "x", "field": "page_no", "severity": "error", "params": {}, "text": "Trang không có", "label": "Trang"}
    ]
    for field, text in (("child_full_name", "An"), ("page_no", "3")):
        page.locator(f"#f-{field}").fill(text)
    asked, place = page.locator("#keying-ask"), page.locator("#keying-place")
    keys(page, "Control+Enter")
    for _ in range(200):  # whatever is missing stands in the book so
        page.wait_for_timeout(50)
        if asked.is_visible():
            keys(page, "1")
        if place.inner_text().startswith("Trường hợp 2/"):
            break
    box = page.locator("[data-outbox]")
    expect(box).to_have_attribute("data-returned", "1")
    expect(page.locator("#f-child_full_name")).to_have_value("")
    page.locator("#f-registration_date").focus()
    keys(page, "Tab")  # passing by is no typing
    keys(page, "F6")
    box.get_by_role("button", name="Mở để sửa").first.click()
    expect(page.locator("#f-child_full_name")).to_have_value("An")
    expect(page.locator("#keying-ask")).to_be_hidden()
