"""The three outcomes of a look-up from the keying screen to their ends, against the running stand-in with its faults.

The tests follow one package and build on each other, in the order they stand in.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from journey_parts import Desk, Installation, violations, visit
from keying_screen_parts import save
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # `partners` is no installed package

from partners.population import faults as switches  # noqa: E402
from partners.population.store import insert_citizen, open_folder  # noqa: E402

UNREACHED = "Chưa kết nối được với CSDL dân cư."


class World:
    """The officers at their browsers, the partner's own database, and what works behind the screens."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.partner = installation, installation.state / "population"
        self._await_citizens()
        address = re.findall(r"giả lập.*(http://127\.0\.0\.1:\d+)", installation.log.read_text(encoding="utf-8"))[0]
        more = {"HOTICH_POPULATION_URL": address, "HOTICH_POPULATION_WAIT": "2", "HOTICH_POPULATION_PERSONS": "3000"}
        script = [sys.executable, str(installation.scripts / "make_population.py"), str(installation.folder)]
        self.process = subprocess.Popen(
            script, env=installation.env | more, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.do("sent")
        self.facts: dict[str, Any] = json.loads((installation.folder / "population.json").read_text(encoding="utf-8"))
        with closing(open_folder(self.partner)) as db:
            for citizen in self.facts["citizens"]:
                insert_citizen(db, citizen)

    def do(self, act: str, **more: Any) -> Any:
        """An act of make_population.py."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": act, **more}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "make_population.py has ended"
        return json.loads(line)

    def page(self, desk: Desk, who: str) -> Page:
        context = desk.context()
        session = {"name": "sessionid", "value": self.facts["sessions"][who], "url": self.installation.address}
        context.add_cookies([session])  # type: ignore[list-item]
        return desk.watched(context)

    def fault(self, name: str, value: str = "", *calls: str, times: int | None = None) -> None:
        with closing(open_folder(self.partner)) as db:
            switches.switch_on(db, name, value, calls=calls, times=times)

    def no_faults(self) -> None:
        with closing(open_folder(self.partner)) as db:
            switches.switch_off(db)

    def decided(self, request_id: str) -> list[str]:
        """What the partner stored under a request: once, or nothing."""
        with closing(open_folder(self.partner)) as db:
            rows = db.execute("select state from request where request_id = ? order by number", (request_id,))
            return [str(row["state"]) for row in rows]

    def citizens(self, name: str) -> list[str]:
        """The numbers of everybody of exactly this name, as the partner has them."""
        with closing(open_folder(self.partner)) as db:
            rows = db.execute("select personal_id from citizen where full_name = ?", (name,))
            return [str(row["personal_id"]) for row in rows]

    def stop(self) -> None:
        self.no_faults()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def _await_citizens(self) -> None:
        for _ in range(600):
            if (self.partner / "population.sqlite").exists() and (self.partner / "client-secret").exists():
                return
            time.sleep(0.2)
        raise AssertionError("the stand-in has no citizens yet")


@pytest.fixture(scope="module")
def people(installation: Installation) -> Iterator[World]:
    made = World(installation)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What one test leaves to the next: addresses."""
    return {}


# ---- from the keying screen into the book


def fill(page: Page, values: Mapping[str, str]) -> None:
    for code, text in values.items():
        box = page.locator(f"#f-{code}")
        if box.count() and box.is_visible():
            box.fill(text)


def badge(page: Page) -> Locator:
    return page.locator(".k-row:has(#f-child_full_name) .k-found")


def look_up(page: Page) -> Locator:
    """F3 until the answer is there: on a busy machine the question is kept first, and keying goes on."""
    panel = page.locator("#keying-people")
    for _ in range(6):
        page.locator("#f-child_full_name").focus()
        page.keyboard.press("F3")
        for _ in range(150):
            page.wait_for_timeout(100)
            is_asked = panel.is_visible() and "Đang tra cứu" not in panel.get_by_role("status").inner_text()
            if is_asked or (badge(page).is_visible() and "Có trả lời" in badge(page).inner_text()):
                break
        if panel.is_visible():
            return panel
    raise AssertionError("no answer")


def test_each_of_the_three_is_told_at_the_desk_and_kept_with_the_case(desk: Desk, people: World) -> None:
    page = people.page(desk, "keyer")
    visit(page, f"/nhap-lieu/man-hinh/#{people.facts['package']}")
    page.locator("body.is-ready").wait_for()
    page.keyboard.press("Escape")  # the tour of the first visit
    for name, values in people.facts["cases"].items():
        fill(page, values)
        panel = look_up(page)
        if name in ("absent", "number"):
            expect(panel.get_by_role("status")).to_contain_text("Không tìm thấy người phù hợp")
            page.keyboard.press("a")
            asked = "công an xác minh số" if name == "number" else "không có lý do thì không gửi"
            expect(page.locator("#keying-ask")).to_contain_text(asked)
            page.keyboard.press("4")
            expect(badge(page)).to_contain_text("Chưa được thu thập")
        else:
            expect(panel.get_by_role("option", selected=True)).to_contain_text(
                "Trùng khớp" if name == "equal" else "Không trùng khớp"
            )
            page.keyboard.press("Enter")
            expect(badge(page)).to_contain_text("Trùng khớp" if name == "equal" else "Không trùng khớp")
        save(page)
    expect(page.locator("[data-outbox]")).to_have_attribute("data-pending", "0")
    expect(page.locator("#keying-said")).to_contain_text("Đã nhập hết gói này")
    assert violations(page) == []


def test_each_of_the_three_takes_its_way_when_the_entries_are_approved(
    desk: Desk, people: World, kept: dict[str, str]
) -> None:
    kept.update(people.do("into_book"))
    page = people.page(desk, "officer")
    for name, outcome in (("equal", "Trùng khớp"), ("book", "Không trùng khớp"), ("absent", "Không tìm thấy")):
        visit(page, f"/doi-chieu/tra-cuu-trang/ban-ghi/{kept[name]}/")
        expect(page.locator("main").get_by_text(outcome, exact=True).first).to_be_visible()
    visit(page, f"/doi-chieu/tra-cuu-trang/ban-ghi/{kept['equal']}/")
    [citizen] = [each for each in people.facts["citizens"] if each["full_name"] == name_of(people, "equal")]
    expect(page.locator("main")).to_contain_text(citizen["personal_id"])
    assert violations(page) == []
    states = {each["record"]: (each["kind"], each["state"]) for each in people.do("sent").values()}
    assert states[kept["absent"]] == ("create", "waiting")
    assert kept["number"] not in states  # a number nobody is known under goes to the police instead


def name_of(people: World, case: str) -> str:
    return str(people.facts["cases"][case]["child_full_name"])


def refused(desk: Desk, page: Page, button: Locator) -> None:
    """Press a button whose work is refused: told in an alert, and by the browser as an error of its own that was meant."""
    before = len(desk.complaints)
    with page.expect_response(lambda answer: answer.request.method == "POST") as told:
        button.click()
    assert told.value.status == 409
    expect(page.get_by_role("alert").first).to_be_visible()
    del desk.complaints[before:]


def item_of(page: Page, people: World, case: str) -> None:
    """Open the item of this case from the tracking list."""
    visit(page, "/doi-chieu/theo-doi/")
    page.get_by_role("link", name=name_of(people, case)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name_of(people, case))


# ---- the tracking list: who is right, and what follows

VERDICTS = {"book": "Sổ hộ tịch đúng", "population": "CSDL dân cư đúng", "both_wrong": "Cả hai đều sai",
            "keying_error": "Lỗi nhập liệu"}  # fmt: skip
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000"
    "03a7e9b550000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def test_the_police_get_each_item_and_say_who_is_right(desk: Desk, people: World, kept: dict[str, str]) -> None:
    officer, police = people.page(desk, "officer"), people.page(desk, "police")
    for case, verdict in VERDICTS.items():
        item_of(officer, people, case)
        officer.get_by_label("Giao cho").select_option(label=people.facts["police"])
        officer.get_by_role("button", name="Phân công xác minh").click()
        item_of(police, people, case)
        kept[f"item {case}"] = police.url
        refused(desk, police, police.get_by_role("button", name=re.compile("Ghi kết luận")))  # without a verdict
        police.get_by_role("radio", name=verdict).check()
        if case == "both_wrong":
            police.get_by_label("Giá trị đúng").fill("Đinh Văn Thạnh")
        police.get_by_label(re.compile("Căn cứ của kết luận")).fill("Tàng thư căn cước và bản chụp sổ")
        with police.expect_navigation():
            police.get_by_role("button", name=re.compile("Ghi kết luận")).click()
        visit(police, kept[f"item {case}"])
        expect(police.locator("main")).to_contain_text(verdict)
    assert violations(police) == []


def test_a_number_nobody_is_known_under_is_judged_before_he_is_proposed_for_entry(
    desk: Desk, people: World, kept: dict[str, str]
) -> None:
    police = people.page(desk, "police")
    item_of(police, people, "number")
    expect(police.locator("main")).to_contain_text("CSDL dân cư không có số này")
    police.get_by_role("button", name="Nhận xác minh").click()
    expect(police.get_by_role("radio", name="Không phải cùng một người")).to_have_count(0)
    police.get_by_role("radio", name="Sổ hộ tịch đúng").check()
    police.get_by_label(re.compile("Căn cứ của kết luận")).fill("Đúng số trên giấy khai sinh")
    with police.expect_navigation():
        police.get_by_role("button", name=re.compile("Ghi kết luận")).click()
    states = {each["record"]: (each["kind"], each["state"]) for each in people.do("sent").values()}
    assert states[kept["number"]] == ("create", "waiting")


def test_three_different_things_follow_and_the_citizen_is_spoken_to(
    desk: Desk, people: World, kept: dict[str, str], tmp_path: Path
) -> None:
    people.fault("timeout_after_commit", "4", "dieu-chinh")
    people.fault("down", "1", "trang-thai")
    page = people.page(desk, "officer")
    paper = tmp_path / "giay-khai-sinh.png"
    paper.write_bytes(PNG)
    for case in VERDICTS:
        visit(page, kept[f"item {case}"])
        page.get_by_role("button", name="Kết thúc mục theo dõi").click()
        expect(page.get_by_role("alert").filter(has_text="Còn việc phải làm")).to_be_visible()
        contact(page)
        if case == "population":
            page.get_by_text("Kèm giấy tờ", exact=True).first.click()
            page.get_by_label("Tệp giấy tờ").set_input_files(paper)
            page.get_by_label("Tên giấy tờ").fill("Giấy khai sinh bản chính")
            page.get_by_role("button", name="Kèm giấy tờ").click()
            expect(page.locator("main")).to_contain_text("Giấy khai sinh bản chính")
        while page.locator(".tracking-task-form").count():
            form = page.locator(".tracking-task-form").first
            if form.get_by_role("textbox").count():
                form.get_by_role("textbox").last.fill("Theo kết luận xác minh")
            with page.expect_navigation():
                form.get_by_role("button").click()
        page.get_by_role("button", name="Kết thúc mục theo dõi").click()
        expect(page.locator("main")).to_contain_text("Kết thúc lúc")
    assert violations(page) == []
    begun = {case: [task for task in ("Cải chính hộ tịch", "Sửa lỗi nhập liệu", "Điều chỉnh thông tin dân cư")
                    if task in told(page, kept[f"item {case}"])] for case in VERDICTS}  # fmt: skip
    assert begun == {
        "book": ["Điều chỉnh thông tin dân cư"], "population": ["Cải chính hộ tịch"],
        "both_wrong": ["Cải chính hộ tịch", "Điều chỉnh thông tin dân cư"], "keying_error": ["Sửa lỗi nhập liệu"],
    }  # fmt: skip


def contact(page: Page) -> None:
    page.get_by_label("Cách liên hệ").select_option(label="Điện thoại")
    page.get_by_label("Nội dung").fill("Đã hướng dẫn công dân")
    page.get_by_role("button", name="Ghi lần liên hệ").click()
    expect(page.locator("main")).to_contain_text("Đã hướng dẫn công dân")


def told(page: Page, address: str) -> str:
    visit(page, address)
    return page.locator("#settle").locator("xpath=ancestor::section").inner_text()


# ---- what is sent, under each fault of the partner


def test_an_adjustment_that_was_done_without_an_answer_is_asked_about_and_not_done_twice(people: World) -> None:
    people.do("round")  # both faults are on since before they were sent
    sent = {key: each for key, each in people.do("sent").items() if each["kind"] == "adjust"}
    assert [each["state"] for each in sent.values()] == ["unclear", "unclear"]
    people.no_faults()
    people.do("round")
    ours = people.do("sent")
    assert [ours[key]["state"] for key in sent] == ["done", "done"]
    assert [people.decided(key) for key in sent] == [["da_dieu_chinh"]] * 2


FAULTS = [("slow", "1", ""), ("down", "1", "tạm ngừng phục vụ"), ("timeout_after_commit", "4", "không trả lời kịp"),
          ("wrong_answer", "not_json", "không hợp lệ"), ("wrong_answer", "no_fields", "không hợp lệ"),
          ("rate_limit", "1", "quá nhiều yêu cầu")]  # fmt: skip


@pytest.mark.parametrize(("fault", "value", "words"), FAULTS)
def test_a_creation_is_done_once_and_a_failure_is_told_whatever_the_partner_does(
    desk: Desk, people: World, fault: str, value: str, words: str
) -> None:
    asked = people.do("absent")
    police = people.page(desk, "police")
    people.fault(fault, value, "cap-moi")
    try:
        confirm(police, asked["request"])
        people.do("round")
        visit(police, f"/doi-chieu/gui-nhan/{asked['request']}/")
        if words:
            expect(police.locator("main")).to_contain_text(words)
    finally:
        people.no_faults()
    people.do("round")
    people.do("round")  # again changes nothing
    ours = people.do("sent")[asked["request"]]
    assert people.decided(asked["request"]) == ["da_cap"]
    assert (ours["state"], ours["numbers"]) == ("done", people.citizens(asked["name"]))
    assert len(ours["numbers"]) == 1


def test_a_suspected_duplicate_enters_nobody_until_the_police_say_he_is_another(desk: Desk, people: World) -> None:
    asked = people.do("absent")
    police, officer = people.page(desk, "police"), people.page(desk, "officer")
    confirm(police, asked["request"])
    people.fault("suspected", "", "cap-moi", times=1)
    people.do("round")
    people.no_faults()
    assert (people.decided(asked["request"]), people.citizens(asked["name"])) == (["nghi_trung"], [])
    visit(officer, f"/doi-chieu/gui-nhan/{asked['request']}/")
    expect(officer.locator("main")).to_contain_text("nghi người này đã có")
    officer.get_by_role("button", name="Không phải những người này").click()
    officer.get_by_role("dialog").get_by_role("textbox").fill("Đã gặp cả hai người")
    with officer.expect_navigation():
        officer.get_by_role("dialog").get_by_role("button", name="Lập yêu cầu mới").click()
    again = officer.url.rstrip("/").rsplit("/", 1)[1]
    assert again != asked["request"]
    confirm(police, again)
    people.do("round")
    ours = people.do("sent")
    assert (ours[asked["request"]]["state"], ours[again]["state"]) == ("cancelled", "done")
    assert ours[again]["numbers"] == people.citizens(asked["name"])


def confirm(page: Page, request_id: str) -> None:
    visit(page, f"/doi-chieu/gui-nhan/{request_id}/")
    page.get_by_role("button", name="Xác nhận", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Xác nhận", exact=True).click()


# ---- looking up while the partner fails

LOOK_UPS = [("slow", "1", "Không tìm thấy"), ("down", "1", UNREACHED), ("timeout_after_commit", "6", UNREACHED),
            ("wrong_answer", "not_json", UNREACHED)]  # fmt: skip


@pytest.mark.parametrize(("fault", "value", "words"), LOOK_UPS)
def test_a_look_up_that_fails_is_told_changes_nothing_and_can_be_kept(
    desk: Desk, people: World, kept: dict[str, str], fault: str, value: str, words: str
) -> None:
    page = people.page(desk, "officer")
    made = people.do("absent")
    visit(page, f"/doi-chieu/tra-cuu-trang/ban-ghi/{made['record']}/mother/")
    people.fault(fault, value, "tra-cuu")
    try:
        page.get_by_role("button", name="Tra cứu theo thông tin trong sổ").click()
        expect(page.get_by_role("status").first).to_be_visible(timeout=20_000)
    finally:
        people.no_faults()
    if words == UNREACHED:
        page.get_by_role("button", name="Giữ câu hỏi, hỏi sau").click()
        visit(page, f"/doi-chieu/tra-cuu-trang/ban-ghi/{made['record']}/")
        expect(page.locator("main")).to_contain_text("Chờ trả lời")
        people.do("round")
        visit(page, f"/doi-chieu/tra-cuu-trang/ban-ghi/{made['record']}/")
        expect(page.locator("main")).not_to_contain_text("Chờ trả lời")


# ---- both ways, every day


def test_the_day_agrees_and_what_one_side_lacks_is_named(desk: Desk, people: World) -> None:
    assert people.do("agree") == 0
    lost = next(key for key, each in people.do("sent").items() if each["state"] == "done")
    with closing(open_folder(people.partner)) as db:
        db.execute(
            "update request set request_id = '01900000-0000-7000-8000-00000000dead' where request_id = ?", (lost,)
        )
    assert people.do("agree") == 2
    page = people.page(desk, "officer")
    visit(page, "/doi-chieu/gui-nhan/doi-soat/")
    expect(page.locator("main")).to_contain_text("CSDL dân cư có, ở đây không có")
    expect(page.locator("main")).to_contain_text("Ở đây có, CSDL dân cư không có")
    expect(page.locator("main")).to_contain_text(lost)
    assert violations(page) == []
