"""The line drops, servers die, browsers die: whatever a keyer has saved is stored once – lost 0, doubled 0."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from journey_parts import VIEWPORT, Installation, violations
from offline_parts import (
    A_FEW_POLLS,
    BEAT,
    HOME,
    PLAIN,
    SYNC,
    Database,
    Keyer,
    Web,
    arrived,
    build_tools,
    facts_of,
    kill_browser,
    line,
    look_now,
    names_in,
    once,
    type_case,
    waiting,
)
from playwright.sync_api import Browser, Page, Playwright, Route, expect

NAME = "child_full_name"
DAY = 86_400_000
TYPED = 5  # of two hundred, by the keyboard; the others by the store that the form uses


@pytest.fixture(scope="module")
def web(installation: Installation, world: dict[str, Any]) -> Iterator[Web]:
    facts_of(installation)
    server = Web(installation)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def facts(installation: Installation, web: Web) -> dict[str, Any]:
    return facts_of(installation)


@pytest.fixture(scope="module")
def database(installation: Installation) -> Database:
    return Database(installation)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_tools(tmp_path_factory.mktemp("tools"))


@pytest.fixture
def keyer(journeys_browser: Browser, web: Web, tools: str, facts: dict[str, Any]) -> Iterator[Keyer]:
    """The keyer at a fresh browser, signed in. The test ends with an error when the browser complained of anything."""
    context = journeys_browser.new_context(locale="vi-VN", viewport=VIEWPORT)
    made = Keyer(context, web, tools, facts["keyers"]["keyer"])
    made.sign_in()
    yield made
    context.close()
    assert made.unexpected() == []


def test_two_hundred_cases_keyed_without_a_line_arrive_once_in_their_order(
    keyer: Keyer, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["long"]
    keyer.open(facts["package"]).close()  # taken and loaded in the morning
    keyer.context.set_offline(True)
    page = keyer.open(facts["package"])  # the page comes from the service worker, the package out of the store
    line(page, "offline")
    for item in items[:TYPED]:
        type_case(page, item)
    waiting(page, TYPED)
    keyer.seed(page, items[TYPED:])
    waiting(page, 200)
    page.reload()
    waiting(page, 200)
    assert database.stored(items) == once(0)
    keyer.context.set_offline(False)
    arrived(page)
    line(page, "online")
    assert database.stored(items) == once(200)
    in_order = database.rows(
        "select c.number from keyed_entry e join intake_case c on c.id = e.case_id where e.id = any(%s)"
        " order by e.first_received_at, c.row_number", [item["client_id"] for item in items],
    )  # fmt: skip
    assert in_order == sorted(in_order)


def test_a_server_killed_while_it_stores_a_batch_loses_and_doubles_nothing(
    keyer: Keyer, web: Web, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["server"]
    page = keyer.open()
    batches: list[int] = []

    def kill_in_the_middle(route: Route) -> None:
        batches.append(1)
        route.continue_()
        if len(batches) == 2:
            time.sleep(0.05)  # whatever it has done by now
            web.kill()

    keyer.context.set_offline(True)
    keyer.seed(page, items)
    keyer.context.route(SYNC, kill_in_the_middle)
    keyer.context.set_offline(False)
    waiting(page, 70)  # the first batch was answered
    until = time.monotonic() + 60
    while len(batches) < 2 and time.monotonic() < until:
        page.wait_for_timeout(100)
    line(page, "offline")
    assert len(batches) == 2
    assert page.evaluate("navigator.onLine") is True  # why the sender looks instead of believing it
    web.start()
    arrived(page)
    assert database.stored(items) == once(120)


def test_a_database_killed_and_started_again_loses_nothing(
    keyer: Keyer, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["database"]
    page = keyer.open()
    line(page, "online")
    database.kill()
    keyer.seed(page, items)
    line(page, "offline")
    waiting(page, 30)
    database.start()
    arrived(page)
    line(page, "online")
    assert database.stored(items) == once(30)


def test_a_browser_killed_without_a_line_comes_back_with_everything_and_no_name_lies_open_on_its_disk(
    journeys_playwright: Playwright, chromium: Path, web: Web, tools: str, database: Database, facts: dict[str, Any],
    tmp_path: Path,
) -> None:  # fmt: skip
    items, profile = facts["items"]["browser"], tmp_path / "profile"
    planted = "Nguyễn Khuất Nguyệt Cầm"
    items[0]["values"][NAME] = planted

    def launch() -> Keyer:
        context = journeys_playwright.chromium.launch_persistent_context(
            str(profile), executable_path=str(chromium), locale="vi-VN", viewport=VIEWPORT
        )
        made = Keyer(context, web, tools, facts["keyers"]["keyer"])
        made.sign_in()
        return made

    first = launch()
    page = first.open(facts["package"])
    first.context.set_offline(True)
    first.seed(page, items)
    waiting(page, 12)
    page.evaluate(PLAIN, planted[::-1])
    page.wait_for_timeout(500)
    kill_browser(profile)
    assert names_in(profile, planted[::-1]), "what is written plainly would be found"
    assert names_in(profile, planted) == []
    second = launch()
    second.context.set_offline(True)  # still no line: the screen, too, comes from this PC
    page = second.open(address=HOME)  # the list needs the line: the screen offers what lies here
    expect(page.get_by_role("link", name="Khai sinh 87/2016 – 1")).to_be_visible(timeout=A_FEW_POLLS)
    waiting(page, 12)
    assert next(kept["item"]["values"][NAME] for kept in second.kept(page)) == planted
    second.context.set_offline(False)
    arrived(page)
    assert database.stored(items) == once(12)
    second.context.close()
    assert names_in(profile, planted) == []


def test_a_lost_answer_makes_no_double(keyer: Keyer, database: Database, facts: dict[str, Any]) -> None:
    items = facts["items"]["answer"]
    tries: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        tries.append(1)
        if len(tries) > 1:
            return route.continue_()
        route.fetch()  # the server stores …
        return route.abort("connectionreset")  # … and the browser never hears of it

    page = keyer.open()
    keyer.context.set_offline(True)
    keyer.seed(page, items)
    keyer.context.route(SYNC, lose_the_first_answer)
    keyer.context.set_offline(False)
    arrived(page)
    assert len(tries) == 2
    assert database.stored(items) == once(6)


def test_a_busy_server_puts_the_sending_off_and_blames_no_case(
    keyer: Keyer, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["busy"]
    tries: list[int] = []

    def too_many_requests_at_first(route: Route) -> None:
        tries.append(len(route.request.post_data_json["items"]))
        if len(tries) > 2:
            return route.continue_()
        return route.fulfill(status=429, body="")

    page = keyer.open()
    keyer.context.route(SYNC, too_many_requests_at_first)
    keyer.seed(page, items[:1])
    line(page, "offline")
    assert [one["status"] for one in keyer.kept(page)] == ["pending"]
    keyer.seed(page, items[1:])
    arrived(page)
    assert tries[-1] == 2  # as many at a time as there are: nothing was looked for in halves
    assert database.stored(items) == once(2)


def test_two_tabs_send_each_case_once_and_both_show_it(keyer: Keyer, database: Database, facts: dict[str, Any]) -> None:
    items = facts["items"]["tabs"]
    sent: list[str] = []

    def note(route: Route) -> None:
        body = route.request.post_data_json
        sent.extend(item["client_id"] for item in body["items"])
        route.continue_()

    first = keyer.open()
    second = keyer.open(facts["package"])
    keyer.context.route(SYNC, note)
    keyer.context.set_offline(True)
    line(first, "offline")
    keyer.seed(first, items[:10])
    keyer.seed(second, items[10:])
    waiting(first, 20)
    waiting(second, 20)
    keyer.context.set_offline(False)
    arrived(first)
    arrived(second)
    assert sorted(sent) == sorted({item["client_id"] for item in items})
    assert database.stored(items) == once(20)


def keyed_today(page: Page) -> int:
    """The number above the form, once it is there."""
    shown = page.locator("#keying-today")
    expect(shown).to_have_text(re.compile(r"Hôm nay \d+"))
    return int(re.findall(r"\d+", shown.inner_text())[0])


def test_todays_number_counts_every_pc_of_the_keyer_and_what_waits_here(
    keyer: Keyer, journeys_browser: Browser, web: Web, tools: str, facts: dict[str, Any]
) -> None:
    items = facts["items"]["today"]
    page = keyer.open(facts["package"])
    line(page, "online")
    before = keyed_today(page)
    keyer.context.set_offline(True)
    line(page, "offline")
    keyer.seed(page, items[:2])
    expect(page.locator("#keying-today")).to_contain_text(f"Hôm nay {before + 2}")
    keyer.context.set_offline(False)
    arrived(page)
    expect(page.locator("#keying-today")).to_contain_text(f"Hôm nay {before + 2}")
    elsewhere = Keyer(journeys_browser.new_context(locale="vi-VN"), web, tools, facts["keyers"]["keyer"])
    elsewhere.sign_in()
    other = elsewhere.open(facts["package"])
    assert keyed_today(other) == before + 2  # of this PC nothing is among them
    elsewhere.seed(other, items[2:3])
    arrived(other)
    elsewhere.context.close()
    keyer.seed(page, items[3:])
    arrived(page)
    expect(page.locator("#keying-today")).to_contain_text(f"Hôm nay {before + 4}")


def test_an_ended_session_and_another_officer_keep_everything_until_its_own_keyer_is_back(
    keyer: Keyer, database: Database, facts: dict[str, Any]
) -> None:
    items, other = facts["items"]["session"], facts["keyers"]["keyer2"]
    page = keyer.open()
    line(page, "online")
    keyer.sign_out()
    keyer.seed(page, items)
    line(page, "signed_out")
    expect(page.locator("[data-line-sign-in]")).to_be_visible()
    waiting(page, 6)
    keyer.sign_in(0, other)
    look_now(page)
    line(page, "other_user")
    stranger = keyer.open("x")  # the other one opens the screen in the same browser
    waiting(stranger, 0)
    line(stranger, "online")
    waiting(page, 6)
    assert database.stored(items) == once(0)
    keyer.sign_in(1)
    look_now(page)
    arrived(page)
    assert database.stored(items) == once(6)
    keyers = database.rows(
        "select distinct keyer from keyed_entry where id = any(%s)", [item["client_id"] for item in items]
    )
    assert keyers == [(int(keyer.user),)]


def test_a_clock_wrong_by_a_day_is_told_and_put_right(keyer: Keyer, database: Database, facts: dict[str, Any]) -> None:
    items = facts["items"]["clock"]
    keyer.context.add_init_script(f"const right = Date.now; Date.now = () => right() + {DAY};")
    page = keyer.open()
    expect(page.locator("[data-matter=clock]")).to_contain_text("1440 phút", timeout=A_FEW_POLLS)
    now = int(time.time() * 1000) + DAY
    keyer.seed(page, [item | {"saved_at": now} for item in items])
    arrived(page)
    assert database.stored(items) == once(3)
    [(least, most, off)] = database.rows(
        "select min(clock_error), max(clock_error), max(abs(extract(epoch from received_at - saved_at)))"
        " from keyed_entry where id = any(%s)", [item["client_id"] for item in items],
    )  # fmt: skip
    assert DAY - 60_000 < least <= most < DAY + 60_000
    assert off < 3600


def at_home(keyer: Keyer) -> Page:
    """The list of packages, the tour of the first visit closed."""
    page = keyer.open(address=HOME)
    expect(page.locator("dialog.tour")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.tour")).to_be_hidden()
    return page


def test_a_returned_case_stands_in_the_outbox_by_its_name_and_is_mended_on_the_screen(
    keyer: Keyer, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["mending"]
    wrong = items[0] | {"values": items[0]["values"] | {"register_book_no": "87"}}
    page = at_home(keyer)
    keyer.seed(page, [wrong, items[1]])
    box = page.locator("[data-outbox]")
    expect(box).to_have_attribute("data-returned", "1", timeout=A_FEW_POLLS)
    waiting(page, 0)
    box.locator("summary").click()
    returned = box.get_by_role("listitem")
    expect(returned).to_have_count(1)
    expect(returned).to_contain_text(wrong["values"][NAME])
    expect(returned).to_contain_text("thiếu năm mở sổ")
    assert violations(page) == []
    returned.get_by_role("button", name="Mở để sửa").click()
    page.wait_for_url("**/nhap-lieu/man-hinh/**")
    field = page.locator("#f-register_book_no")
    expect(page.locator(f"#f-{NAME}")).to_have_value(wrong["values"][NAME], timeout=A_FEW_POLLS)
    expect(field).to_have_value("87")
    field.fill("87/2016")
    page.keyboard.press("Control+Enter")
    expect(field).not_to_be_focused()
    arrived(page)
    assert database.stored(items) == once(2)
    [(revision, errors)] = database.rows(
        "select e.revision, c.error_count from keyed_entry e join intake_case c on c.id = e.case_id where e.id = %s",
        wrong["client_id"],
    )
    assert (revision, errors) == (2, 0)


def test_signing_out_sends_what_waits_and_leaves_nothing_but_what_cannot_be_sent(
    keyer: Keyer, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["leaving"]
    keyer.sign_in(2)
    page = at_home(keyer)
    line(page, "online")
    keyer.context.route(SYNC, lambda route: route.abort())
    keyer.seed(page, items)
    waiting(page, 3)
    page.locator("[data-outbox] summary").click()
    expect(page.locator("[data-outbox-lists] li")).to_have_count(3)
    expect(page.locator("[data-outbox-lists]")).to_contain_text(items[0]["values"][NAME])
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    dialog = page.locator("#sign-out-waiting")
    expect(dialog).to_contain_text("chỉ có trên máy này: 3", timeout=A_FEW_POLLS)
    assert violations(page) == []
    dialog.get_by_role("button", name="Ở lại").click()
    keyer.context.unroute(SYNC)
    page.get_by_role("button", name="Đăng xuất", exact=True).click()
    page.wait_for_url("**/tai-khoan/dang-nhap/**", timeout=A_FEW_POLLS)
    assert database.stored(items) == once(3)
    left = page.evaluate("() => indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert left == []


def test_a_new_version_waits_for_the_outbox_and_for_the_keyer(
    keyer: Keyer, web: Web, database: Database, facts: dict[str, Any]
) -> None:
    items = facts["items"]["update"]
    page = keyer.open()
    line(page, "online")
    keyer.context.route(BEAT, lambda route: route.abort())  # nothing can go meanwhile
    keyer.seed(page, items)
    waiting(page, 3)
    web.kill()
    web.start("keying_next_wsgi")
    page.evaluate("() => { navigator.serviceWorker.getRegistration().then((one) => one.update()); }")
    offer = page.locator("[data-matter=update]")
    expect(offer).to_contain_text("Còn 3 trường hợp chưa gửi", timeout=A_FEW_POLLS)
    expect(offer.get_by_role("button")).to_have_text("Vẫn cập nhật ngay")
    keyer.context.unroute(BEAT)
    look_now(page)
    arrived(page)
    expect(offer.get_by_role("button")).to_have_text("Cập nhật")
    assert violations(page) == []
    with page.expect_navigation():
        offer.get_by_role("button").click()
    expect(page.locator("[data-matter=update]")).to_have_count(0)
    arrived(page)
    keyer.context.set_offline(True)
    page.reload()  # the new worker has the page, too
    line(page, "offline")
    assert database.stored(items) == once(3)
