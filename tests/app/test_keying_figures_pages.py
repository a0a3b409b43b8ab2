"""Pages of acceptance and figures: who may open and do what, what they show, the papers (H5, H7)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.keying.models import Acceptance, AcceptanceItem, Entry
from hotich.registers.models import Book
from tests.app.keying_checking_parts import keyed, values_of
from tests.app.keying_figures_parts import a_checked_book, drawn, judge_all, sample_of, work_of
from tests.app.keying_parts import Team, a_listed_book, a_team

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def team() -> Team:
    return a_team()


def desk(team: Team, name: str) -> Client:
    client = Client()
    client.force_login(team.accounts[name], backend=BACKEND)
    return client


def address(name: str, thing: Any = None) -> str:
    return reverse(f"keying:{name}", args=[] if thing is None else [getattr(thing, "id", thing)])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def now(team: Team, acceptance: Acceptance) -> Acceptance:
    with office_scope([team.office.id]):
        return Acceptance.objects.get(id=acceptance.id)


def test_who_sees_acceptances_and_who_may_judge(team: Team) -> None:
    book = a_checked_book(team)
    sample = drawn(team, book)
    [item, *_] = sample_of(team, sample)
    pages = [address("acceptances"), address("acceptance_book", book), address("acceptance", sample)]
    papers = [address("acceptance_print", sample), address("volume_print", book), address("volume_workbook", book)]
    for name, sees, judges in (("approver", 200, 200), ("leader", 200, 403), ("keyer", 403, 403), ("helper", 403, 403)):
        client = desk(team, name)
        assert {client.get(url).status_code for url in [*pages, *papers]} == {sees}, name
        assert client.get(address("acceptance_item", item)).status_code == judges, name
    assert desk(team, "leader").post(address("acceptance_draw", book)).status_code == 403


def test_a_book_is_frozen_drawn_judged_and_accepted_through_the_pages(team: Team) -> None:
    book = a_checked_book(team, frozen=None)
    client = desk(team, "approver")
    page = text(client.get(address("acceptance_book", book)))
    assert "Chưa chốt số trường hợp của quyển sổ." in page and address("acceptance_draw", book) not in page
    form = {"source": "decided", "value": "3", "reason": ""}
    assert client.post(address("acceptance_freeze", book), form).status_code == 422
    client.post(address("acceptance_freeze", book), {**form, "reason": "Đếm trong sổ"})
    page = text(client.get(address("acceptance_book", book)))
    assert "100 %" in page and address("acceptance_draw", book) in page
    answer = client.post(address("acceptance_draw", book))
    with office_scope([team.office.id]):
        sample = Acceptance.objects.get(book=book)
    assert answer["Location"] == address("acceptance", sample)
    for item in sample_of(team, sample):
        answer = client.post(address("acceptance_item", item), {})
    assert answer["Location"] == address("acceptance", sample)
    decision = {"version": "1", "act": "accept", "number": "", "words": ""}
    assert client.post(address("acceptance_decide", sample), decision).status_code == 422
    client.post(address("acceptance_decide", sample), {**decision, "number": "05/BB-UBND"})
    assert now(team, sample).state == "accepted" and work_of(team, book).state == "accepted"
    record = text(client.get(address("acceptance_print", sample)))
    assert "05/BB-UBND" in record and "100 %" in record and "bản dự thảo" not in record


def test_a_field_is_marked_wrong_with_words_and_the_next_case_follows(team: Team) -> None:
    sample = drawn(team, a_checked_book(team))
    first, second, _third = sample_of(team, sample)
    client, url = desk(team, "approver"), address("acceptance_item", first)
    refused = client.post(url, {"wrong": "child_full_name", "words-child_full_name": ""})
    assert refused.status_code == 422 and "Hãy ghi rõ sai ở đâu" in text(refused)
    answer = client.post(url, {"wrong": "child_full_name", "words-child_full_name": "Sổ ghi Lò Thị An"})
    assert answer["Location"] == address("acceptance_item", second)
    with office_scope([team.office.id]):
        [mark] = AcceptanceItem.objects.get(id=first.id).wrong
    assert (mark["field"], mark["words"]) == ("child_full_name", "Sổ ghi Lò Thị An")
    assert "Sổ ghi Lò Thị An" in text(client.get(address("acceptance", sample)))


def test_over_the_limit_the_page_offers_only_to_give_back(team: Team) -> None:
    book = a_checked_book(team)
    sample = drawn(team, book)
    judge_all(team, sample, {1: ["child_full_name"]})
    client = desk(team, "approver")
    page = text(client.get(address("acceptance", sample)))
    assert 'value="accept"' not in page and 'value="wrong"' in page
    client.post(address("acceptance_decide", sample), {"version": "1", "act": "wrong", "words": "Sai tên"})
    assert now(team, sample).state == "rejected" and work_of(team, book).state == "open"


def test_the_share_of_a_book_never_says_whole_too_early(team: Team) -> None:
    book = a_checked_book(team, [values_of(1), values_of(2)], frozen=1001)
    page = text(desk(team, "leader").get(address("acceptance_book", book)))
    assert "0,1 %" in page and "100 %" not in page


def test_the_volume_workbook_holds_numbers_and_no_citizen(team: Team) -> None:
    book = a_checked_book(team, [values_of(1, child_full_name="Khuất Thị Nguyệt Cầm")], frozen=None)
    answer = desk(team, "leader").get(address("volume_workbook", book))
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 1 in cells and not any("Khuất" in str(cell) for cell in cells)
    assert [sheet.title for sheet in workbook] == ["Người nhập", "Tổ", "Trường", "Trang"]


def test_another_office_finds_nothing(team: Team) -> None:
    from hotich.units.models import Office

    sample = drawn(team, a_checked_book(team))
    [item, *_] = sample_of(team, sample)
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=team.office.id).last()
    stranger = desk(a_team(far, mark=".xa"), "approver")
    urls = [address("acceptance_book", sample.book_id), address("acceptance", sample), address("acceptance_item", item),
            address("acceptance_print", sample), address("volume_print", sample.book_id)]  # fmt: skip
    assert {stranger.get(url).status_code for url in urls} == {404}
    assert stranger.post(address("acceptance_cancel", sample), {"version": "1", "words": "x"}).status_code == 404


# ---- the board


def keyed_now(team: Team, book: Book | None = None, by: str = "keyer") -> None:
    """A package keyed today, as the clock of the page says."""
    from hotich.kernel import clock

    package = keyed(team, book=book or a_listed_book(team), by=by)
    with office_scope([team.office.id]):
        at = clock.now()
        Entry.objects.filter(package=package).update(
            first_received_at=at, received_at=at, active_ms=90_000, strokes=180
        )


def test_the_board_shows_todays_work_and_its_live_part_is_the_same(team: Team) -> None:
    keyed_now(team)
    client = desk(team, "leader")
    for url in (address("board"), address("board_live"), address("board") + "?ky=7"):
        page = text(client.get(url))
        assert "Đỗ Văn Nhập" in page and ">40<" in page, url  # 90 seconds a case are 40 an hour
    assert "data-live-running" in text(client.get(address("board_live")))
    past = text(client.get(address("board") + "?tu=01/01/2020&den=05/01/2020"))
    assert f'id="row-{team.keyer.officer_id}"' not in past and "data-live-running" not in past


def test_two_looks_at_the_same_figures_say_the_same(team: Team) -> None:
    import re

    keyed_now(team)
    client = desk(team, "leader")
    marks = [re.findall(r'data-live-state="(\w+)"', text(client.get(address("board_live")))) for _ in range(2)]
    assert marks[0] == marks[1] and len(marks[0]) == 9


def test_a_span_that_makes_no_sense_is_told_and_today_is_shown(team: Team) -> None:
    client = desk(team, "leader")
    for query in (
        "?tu=01/01/2020&den=31/12/2026",
        "?tu=05/01/2020&den=01/01/2020",
        "?tu=x",
        "?co_quan=999999",
        "?ky=9",
    ):
        assert client.get(address("board") + query).status_code == 200, query
    assert "nhiều nhất 92 ngày" in text(client.get(address("board") + "?tu=01/01/2020&den=31/12/2026"))


def test_a_keyer_sees_his_own_figures_and_nobody_elses(team: Team) -> None:
    keyed_now(team)
    client = desk(team, "keyer")
    own, other = team.keyer.officer_id, team.keyer2.officer_id
    assert client.get(address("board")).status_code == 403
    assert "Đỗ Văn Nhập" in text(client.get(address("person_figures", own)))
    assert client.get(address("person_figures", other)).status_code == 403
    assert f'hx-get="{address("my_figures")}"' in text(client.get(address("home")))
    part = text(client.get(address("my_figures")))
    assert "<html" not in part and ">3<" in part
    assert desk(team, "leader").get(address("person_figures", own)).status_code == 200
    assert desk(team, "leader").get(address("person_figures", 999_999)).status_code == 404
    assert desk(team, "approver").get(address("my_figures")).status_code == 403


def test_the_pages_speak_english(team: Team) -> None:
    keyed_now(team)
    book = a_checked_book(team, [values_of(11, register_book_no="02/2016")], frozen=1, first=11,
                          book=a_listed_book(team, number="02", state="open"))  # fmt: skip
    client = desk(team, "approver")
    client.cookies["django_language"] = "en"
    assert "Is the book whole?" in text(client.get(address("acceptance_book", book)))
    assert "Progress of keying" in text(client.get(address("board")))
