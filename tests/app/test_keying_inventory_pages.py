"""Pages of the inventory, of hand-overs and of the two originals: what they show, what they do, and to whom."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hotich.audit.models import Entry as AuditEntry
from hotich.database.scope import office_scope
from hotich.keying.models import BookWork, CopyComparison, KeyingHandover
from hotich.keying.services.handovers import Paper, draft_handover, hand_over
from hotich.keying.services.inventory import mark_place
from hotich.keying.views.inventory_totals import share_words
from hotich.registers.models import Book
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.digitisation_parts import a_book
from tests.app.intake_parts import AT, an_office
from tests.app.keying_inventory_parts import listed, two_originals
from tests.app.records_support import actor_at

pytestmark = pytest.mark.django_db
POLICE = Paper("03/BB-UBND", date(2026, 11, 24), "police", "Công an xã", "Đại úy Trần Thử")
FORM = {
    "number": "05/BB-UBND", "day": "24/11/2026", "force_kind": "police", "force_name": "Công an xã",
    "receiver_name": "Đại úy Trần Thử", "due_back": "24/12/2026",
}  # fmt: skip


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def book(office: Office) -> Iterator[Book]:
    with office_scope([office.id]):
        yield a_book(office)


def signed_in(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def page(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(f"keying:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def sent(client: Client, name: str, *args: Any, status: int = 302, **values: Any) -> str:
    answer = client.post(reverse(f"keying:{name}", args=args), values)
    assert answer.status_code == status, answer.content.decode()
    return answer["Location"] if status == 302 else answer.content.decode()


def test_books_not_listed_are_listed_by_one_act_and_then_stand_in_the_inventory(office: Office, book: Book) -> None:
    client = signed_in(office)
    assert "Chưa kiểm kê quyển sổ nào" in page(client, "inventory")
    assert "01/2016" in page(client, "inventory_unlisted")
    assert sent(client, "inventory_unlisted", all="1") == reverse("keying:inventory")
    shown = page(client, "inventory")
    assert "Đã kiểm kê 1 quyển." in shown
    assert "Giai đoạn 1: 2016" in shown
    assert "chưa kiểm chứng" in shown
    assert "Mọi quyển sổ đã được kiểm kê" in page(client, "inventory_unlisted")


def test_ticked_books_are_marked_as_entered_elsewhere_and_the_list_can_be_narrowed_to_them(
    office: Office, book: Book
) -> None:
    listed(office, book)
    client = signed_in(office)
    where = sent(client, "inventory_place", book=str(book.id), place="police", reason="Biên bản 01")
    assert where == reverse("keying:inventory")
    assert BookWork.objects.get().place == "police"
    assert "Khai sinh 01/2016" in page(client, "inventory", query="?noi_nhap=police&loai=KS&giai_doan=1&nam=2016")
    assert "Không có quyển nào khớp với bộ lọc" in page(client, "inventory", query="?noi_nhap=here")
    assert "Hãy ghi căn cứ" in client.post(
        reverse("keying:inventory_place"), {"book": str(book.id), "place": "here", "one": "1"}, follow=True
    ).content.decode()  # fmt: skip


def test_the_page_of_a_book_tells_where_it_is_entered_and_keeps_what_an_officer_corrects(
    office: Office, book: Book
) -> None:
    client = signed_in(office)
    assert "Quyển sổ chưa được kiểm kê" in page(client, "inventory_book", book.id)
    listed(office, book)
    values = {"counted_pages": "98", "counted_cases": "97", "phase": "2", "group": "2", "mode": "", "version": "1"}
    assert sent(client, "inventory_book", book.id, **values) == reverse("keying:inventory_book", args=[book.id])
    mark_place(actor=actor_at(office), at=AT, book_ids=[book.id], place="earlier", reason="Đợt số hóa 2019")
    shown = page(client, "inventory_book", book.id)
    for expected in (
        "Đợt số hóa 2019", "Không nhập lần hai", "Năm mở sổ không thuộc giai đoạn này", "Nhập tệp đã nhập nơi khác",
        "Sửa thông tin kiểm kê của quyển sổ", "Số trang đếm được: 98",
    ):  # fmt: skip
        assert expected in shown, expected
    again = sent(client, "inventory_book", book.id, status=422, **values)
    assert "đã được người khác sửa" in again


def test_the_workbook_holds_the_list_as_text_and_numbers_and_no_formula(office: Office, book: Book) -> None:
    listed(office, book)
    BookWork.objects.update(notes="=1+1", counted_pages=98)
    answer = signed_in(office).get(reverse("keying:inventory_file") + "?loai=KS")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    heading, row = list(sheet.iter_rows(values_only=True))
    found = dict(zip(heading, row, strict=True))
    assert (found["Quyển số"], found["Số trang"], found["Ghi chú"]) == ("01", 98, "=1+1")
    assert all(cell.data_type != "f" for cell in sheet[2])
    assert AuditEntry.objects.filter(verb="book.printed", facts__paper="inventory").exists()


def test_a_share_is_rounded_down_so_that_nothing_is_called_whole_before_it_is() -> None:
    with translation.override("vi"):
        assert [share_words(part, 1000) for part in (0, 500, 999, 1000, 1001)] == [
            "0%", "50%", "99,9%", "100%", "100,1%",
        ]  # fmt: skip
        assert share_words(99_999, 100_000) == "99,9%"


def test_a_hand_over_is_drawn_up_from_ticked_books_printed_given_and_taken_back(office: Office, book: Book) -> None:
    client = signed_in(office)
    chosen = sent(client, "keying_handover_new", choose="1", book=str(book.id), status=200)
    assert "checked" in chosen
    assert "Chưa nhập mục này" not in chosen
    key = str(uuid4())
    where = sent(client, "keying_handover_new", **FORM, request_key=key, book=str(book.id))
    made = KeyingHandover.objects.get()
    assert where == reverse("keying:keying_handover", args=[made.id])
    pages = {f"pages-{book.id}": "98", f"condition-{book.id}": "Bìa rách", "book": str(book.id)}
    sent(client, "keying_handover", made.id, **FORM, **pages, request_key=key, version="1")
    paper = page(client, "keying_handover_print", made.id)
    for expected in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "05/BB-UBND", "Bìa rách", "98", "bản dự thảo", "Bên nhận",
                     "không nhập lần thứ hai"):  # fmt: skip
        assert expected in paper, expected
    assert "Nhận lại sổ" not in paper
    sent(client, "keying_handover_give", made.id, version="2")
    assert BookWork.objects.get().place == "police"
    assert "Nhận lại sổ" in page(client, "keying_handover", made.id)
    assert "Công an xã" in page(client, "inventory_book", book.id)
    sent(client, "keying_handover_back", made.id, version="3", **pages | {f"pages-{book.id}": "97"})
    assert "thiếu trang" in page(client, "keying_handover", made.id)
    assert "97" in page(client, "keying_handover_print", made.id)
    assert "Đã nhận lại" in page(client, "keying_handovers", query="?trang_thai=returned")


def test_a_form_that_lacks_something_is_shown_again_with_what_was_ticked(office: Office, book: Book) -> None:
    client = signed_in(office)
    shown = sent(client, "keying_handover_new", status=422, number="", book=str(book.id), request_key=str(uuid4()))
    assert "Chưa nhập mục này" in shown
    assert "checked" in shown
    refused = sent(client, "keying_handover_new", status=422, **FORM, request_key=str(uuid4()))
    assert "Chưa chọn mục nào" in refused
    assert not KeyingHandover.objects.exists()


def test_a_draft_is_cancelled_with_a_reason_and_a_step_out_of_turn_is_told(office: Office, book: Book) -> None:
    client = signed_in(office)
    made = draft_handover(actor=actor_at(office), at=AT, request_key=uuid4(), paper=POLICE, book_ids=[book.id])
    sent(client, "keying_handover_back", made.id, version="1", book=str(book.id))
    assert "không làm được việc này" in page(client, "keying_handover", made.id)
    sent(client, "keying_handover_cancel", made.id, version="1", reason="Lập nhầm")
    assert "Lập nhầm" in page(client, "keying_handover", made.id)
    sent(client, "keying_handover", made.id, **FORM, book=str(book.id))
    assert "không làm được việc này" in page(client, "keying_handover", made.id)


def test_a_hand_over_that_is_late_stands_out(office: Office, book: Book) -> None:
    late = Paper("01/BB", date(2024, 1, 2), "team", "Tổ 1", "Trần Thử", due_back=date(2024, 2, 2))
    made = draft_handover(actor=actor_at(office), at=AT, request_key=uuid4(), paper=late, book_ids=[book.id])
    client = signed_in(office)
    assert "quá hạn" not in page(client, "keying_handovers")
    hand_over(actor=actor_at(office), at=AT, handover_id=made.id, version=1)
    assert "quá hạn" in page(client, "keying_handovers")
    assert "quá hạn trả" in page(client, "keying_handover", made.id)
    assert "Mọi quyển đang được giao" in page(client, "keying_handover_new")


def test_what_differs_between_two_originals_is_written_down_and_settled(office: Office, book: Book) -> None:
    client = signed_in(office)
    assert "Không có sổ nào có cả hai bản lưu" in page(client, "copies")
    first, second = two_originals(office)
    assert "Khai sinh 01/1990" in page(client, "copies")
    page(client, "copies_of_book", book.id, status=404)
    values = {"finding": "note_second", "number": "12", "registration_year": "1990", "words": "Trang 5",
              "request_key": str(uuid4())}  # fmt: skip
    sent(client, "copies_of_book", second.id, **values)
    row = CopyComparison.objects.get()
    assert (row.first_id, row.second_id) == (first.id, second.id)
    assert "12/1990" in page(client, "copies_of_book", first.id)
    sent(client, "copies_settle", row.id, words="Lấy theo bản cấp huyện")
    shown = page(client, "copies_of_book", first.id)
    assert "Lấy theo bản cấp huyện" in shown
    sent(client, "copies_compare", first.id)
    assert "Không có điểm khác nhau mới." in page(client, "copies_of_book", first.id)


def test_who_only_watches_sees_the_inventory_and_changes_nothing(office: Office, book: Book) -> None:
    listed(office, book)
    two_originals(office)
    client = signed_in(office, role="commune_leader")
    for name in ("inventory", "inventory_unlisted", "keying_handovers", "copies"):
        shown = page(client, name)
        assert "Ghi nơi nhập" not in shown
        assert reverse("keying:keying_handover_new") not in shown
    assert "Sửa thông tin kiểm kê</h2>" not in page(client, "inventory_book", book.id)
    sent(client, "inventory_place", status=403, book=str(book.id), place="police", reason="x")
    sent(client, "inventory_unlisted", all="1")
    assert BookWork.objects.count() == 1
    assert "không có quyền" in sent(client, "inventory_book", book.id, status=422)
    page(client, "keying_handover_new", status=403)


def test_a_helper_sees_nothing_of_it_and_another_office_finds_nothing(office: Office, book: Book) -> None:
    listed(office, book)
    made = draft_handover(actor=actor_at(office), at=AT, request_key=uuid4(), paper=POLICE, book_ids=[book.id])
    helper = signed_in(office, role="keying_helper", login="giup.thu")
    for name in ("inventory", "inventory_unlisted", "keying_handovers", "copies", "inventory_file"):
        page(helper, name, status=403)
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[1]
    stranger = signed_in(other)
    page(stranger, "inventory_book", book.id, status=404)
    page(stranger, "keying_handover", made.id, status=404)
    page(stranger, "keying_handover_print", made.id, status=404)
    assert "Chưa kiểm kê quyển sổ nào" in page(stranger, "inventory")


def test_the_pages_speak_english_too(office: Office, book: Book) -> None:
    listed(office, book)
    client = signed_in(office)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for name, expected in (
        ("inventory", "Inventory of books"), ("keying_handovers", "Hand-over"), ("copies", "originals"),
    ):  # fmt: skip
        assert expected in page(client, name)
