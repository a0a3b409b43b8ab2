"""Pages of digitisation: who may open and do what, what a script is answered, what stays when something is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.digitisation_parts import a_batch, a_book, a_picture, cut, drawn_page, pages_with
from tests.app.intake_parts import an_office

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def clerk(office: Office) -> Client:
    return at_desk(office)


def at_desk(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    """A browser of an officer who has signed in."""
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), backend=BACKEND)
    return client


@pytest.fixture
def batch(office: Office) -> Iterator[ScanBatch]:
    """Two confirmed pages with two boxes each."""
    with office_scope([office.id]):
        made = a_batch(office, a_book(office))
        pages_with(office, made, 2, 2)
        yield made


def address(name: str, thing: Any) -> str:
    return reverse(f"digitisation:{name}", args=[thing.id])


def post_json(client: Client, url: str, body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json", **JSON)


def pages_in(batch: ScanBatch) -> list[ScanPage]:
    return list(ScanPage.objects.filter(batch=batch).order_by("position"))


def cases_in(batch: ScanBatch) -> list[ScannedCase]:
    return list(ScannedCase.objects.filter(batch=batch).order_by("position"))


# ---- who may open what


@pytest.mark.parametrize(
    ("role", "opened"),
    [("keyer", 200), ("checker", 200), ("approver", 200), ("auditor", 403), ("district_archive", 403)],
)
def test_a_batch_is_seen_by_those_who_scan_review_or_read_cases(
    office: Office, batch: ScanBatch, role: str, opened: int
) -> None:
    client = at_desk(office, role)
    for name in ("batch", "cases"):
        assert client.get(address(name, batch)).status_code == opened
    assert client.get(address("page", pages_in(batch)[0])).status_code == opened


def test_only_who_prepares_scans_sees_where_pages_come_in(office: Office, batch: ScanBatch) -> None:
    assert b"data-upload-zone" in at_desk(office, "keyer").get(address("batch", batch)).content
    reader = at_desk(office, "approver", "hoa.thu")
    assert b"data-upload-zone" not in reader.get(address("batch", batch)).content
    assert (
        reader.post(address("batch_receive", batch), {"file": SimpleUploadedFile("a.png", a_picture())}).status_code
        == 403
    )


def test_who_prepares_but_does_not_review_cannot_accept(office: Office, batch: ScanBatch) -> None:
    cut(office, batch)
    keyer = at_desk(office, "keyer")
    assert keyer.get(reverse("digitisation:review")).status_code == 403
    assert keyer.post(address("case_accept", cases_in(batch)[0]), {"version": 1}).status_code == 403


def test_a_batch_of_another_office_is_not_found(batch: ScanBatch) -> None:
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=batch.origin_office_id).last()
    assert far is not None
    stranger = at_desk(far)
    page = pages_in(batch)[0]
    urls = [address("batch", batch), address("cases", batch), address("page", page), address("page_thumb", page)]
    assert {stranger.get(url).status_code for url in urls} == {404}
    assert post_json(stranger, address("page_boxes", page), {"version": 1, "boxes": []}).status_code == 404


# ---- batches and files


def test_a_batch_is_opened_once_even_when_the_form_is_sent_twice(office: Office, clerk: Client) -> None:
    with office_scope([office.id]):
        form = {"book": str(a_book(office).id), "request_key": str(uuid4()), "notes": ""}
        first, second = (clerk.post(reverse("digitisation:batch_new"), form) for _ in range(2))
        assert first["Location"] == second["Location"]
        assert ScanBatch.objects.count() == 1


def test_a_form_without_a_book_says_so(office: Office, clerk: Client) -> None:
    answer = clerk.post(reverse("digitisation:batch_new"), {"request_key": str(uuid4())})
    assert answer.status_code == 422
    assert "book" in answer.context["form"].errors


def test_a_file_is_received_once_and_known_by_its_hash_before_it_is_sent(clerk: Client, batch: ScanBatch) -> None:
    content = a_picture(77)
    sha256 = hashlib.sha256(content).hexdigest()
    known = address("batch_known", batch)
    assert post_json(clerk, known, {"sha256": [sha256]}).json() == {"known": []}
    answers = [
        clerk.post(address("batch_receive", batch), {"file": SimpleUploadedFile("moi.png", content)}, **JSON).json()
        for _ in range(2)
    ]
    assert [(answer["known"], answer["pages"]) for answer in answers] == [(False, 1), (True, 0)]
    assert post_json(clerk, known, {"sha256": [sha256, "0" * 64]}).json() == {"known": [sha256]}
    assert len(pages_in(batch)) == 3


@pytest.mark.parametrize("content", [b"", b"hello, this is no picture"])
def test_a_file_that_is_no_picture_is_refused_with_its_reason(clerk: Client, batch: ScanBatch, content: bytes) -> None:
    given = SimpleUploadedFile("ghi chu.jpg", content)
    answer = clerk.post(address("batch_receive", batch), {"file": given}, **JSON)
    assert answer.status_code == 422
    assert answer.json()["code"] and answer.json()["text"]
    assert len(pages_in(batch)) == 2


def test_without_a_script_many_files_come_by_one_form(clerk: Client, batch: ScanBatch) -> None:
    files = [SimpleUploadedFile(f"{mark}.png", a_picture(mark)) for mark in (5, 6)]
    answer = clerk.post(address("batch_receive", batch), {"file": files}, follow=True)
    assert len(pages_in(batch)) == 4
    assert "Đã nhận 2 trang" in answer.content.decode()


def test_a_body_that_is_no_json_is_refused(clerk: Client, batch: ScanBatch) -> None:
    url = address("page_boxes", pages_in(batch)[0])
    for body in ("", "[1", "[]", '{"boxes": 7}'):
        answer = clerk.post(url, body, content_type="application/json", **JSON)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_malformed")


# ---- pages


def test_boxes_are_kept_and_a_page_somebody_else_changed_is_not_overwritten(clerk: Client, batch: ScanBatch) -> None:
    page = pages_in(batch)[0]
    boxes = [{"box": [10, 10, 500, 400], "header": None}]
    first = post_json(clerk, address("page_boxes", page), {"version": page.version, "boxes": boxes})
    assert first.status_code == 200
    assert first.json()["version"] == page.version + 1
    stale = post_json(clerk, address("page_boxes", page), {"version": page.version, "boxes": []})
    assert (stale.status_code, stale.json()["code"]) == (409, "page_changed_meanwhile")
    page.refresh_from_db()
    assert [box["box"] for box in page.boxes] == [[10.0, 10.0, 500.0, 400.0]]


def test_confirming_the_last_page_leads_back_to_the_batch(clerk: Client, batch: ScanBatch) -> None:
    page = pages_in(batch)[1]
    body = {"version": page.version, "boxes": page.boxes, "confirm": True}
    assert post_json(clerk, address("page_boxes", page), body).json()["next"] == address("batch", batch)


def test_laying_a_layout_that_nobody_has_drawn_says_so(clerk: Client, batch: ScanBatch) -> None:
    answer = post_json(clerk, address("page_lay", pages_in(batch)[0]), {})
    assert (answer.status_code, answer.json()["code"]) == (422, "layout_missing")


def test_a_page_is_moved_by_the_script_and_by_the_plain_form(clerk: Client, batch: ScanBatch) -> None:
    first, second = pages_in(batch)
    url = address("batch_order", batch)
    assert post_json(clerk, url, {"page": str(second.id), "before": str(first.id)}).status_code == 200
    assert [page.id for page in pages_in(batch)] == [second.id, first.id]
    assert clerk.post(url, {"page": str(second.id), "place": "2"}).status_code == 302
    assert [page.id for page in pages_in(batch)] == [first.id, second.id]
    assert post_json(clerk, url, {"page": str(uuid4()), "before": ""}).status_code == 404


def test_a_page_set_aside_can_be_used_again(clerk: Client, batch: ScanBatch) -> None:
    page = pages_in(batch)[0]
    clerk.post(address("page_aside", page), {"version": page.version})
    page.refresh_from_db()
    assert page.state == "set_aside"
    assert b"page-card" in clerk.get(address("batch", batch) + "?loc=bo-qua").content
    clerk.post(address("page_back", page), {"version": page.version, "note": ""})
    page.refresh_from_db()
    assert page.state == "received"


def test_a_stamp_of_a_page_is_no_reading_and_a_damaged_picture_no_fault(clerk: Client, batch: ScanBatch) -> None:
    good, damaged = pages_in(batch)
    clerk.post(address("batch_receive", batch), {"file": SimpleUploadedFile("that.jpg", drawn_page(3))}, **JSON)
    good.flat = pages_in(batch)[2].master
    good.save()
    answer = clerk.get(address("page_thumb", good))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"].startswith("private")
    assert clerk.get(address("page_thumb", damaged)).status_code == 404


# ---- cases


def test_a_number_counts_on_and_the_answer_says_what_the_others_have_now(clerk: Client, batch: ScanBatch) -> None:
    clerk.post(address("cases_make", batch))
    first = cases_in(batch)[0]
    answer = clerk.post(address("case_number", first), {"number": "12a", "version": first.version}, **JSON).json()
    assert [kept["number"] for kept in answer["cases"].values()] == ["12a", "13", "14", "15"]
    third = cases_in(batch)[2]
    assert answer["cases"][str(third.id)] == {"version": str(third.version), "number": "14"}


@pytest.mark.parametrize("number", ["mười hai", "12-13", "0", "1234567"])
def test_a_number_that_is_none_is_refused_at_its_line(clerk: Client, batch: ScanBatch, number: str) -> None:
    clerk.post(address("cases_make", batch))
    case = cases_in(batch)[0]
    answer = clerk.post(address("case_number", case), {"number": number, "version": case.version}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "number_malformed")


def test_a_day_of_which_only_the_year_is_known_is_kept_as_such(clerk: Client, batch: ScanBatch) -> None:
    clerk.post(address("cases_make", batch))
    case = cases_in(batch)[0]
    form = {"registration_year": "2016", "registered_on": "3/2016", "version": case.version}
    assert clerk.post(address("case_registration", case), form).status_code == 302
    case.refresh_from_db()
    assert case.registered_on == "2016-03-00"
    wrong = clerk.post(
        address("case_registration", case), {**form, "registered_on": "tháng ba", "version": case.version}
    )
    assert wrong.status_code == 422


def test_two_cases_are_merged_and_split_again(clerk: Client, batch: ScanBatch) -> None:
    clerk.post(address("cases_make", batch))
    clerk.post(address("case_merge", cases_in(batch)[1]))
    standing = [case for case in cases_in(batch) if case.state != "set_aside"]
    assert [len(case.parts) for case in standing] == [1, 2, 1]
    clerk.post(address("case_split", standing[1]), {"version": standing[1].version})
    assert [len(case.parts) for case in cases_in(batch) if case.state != "set_aside"] == [1, 1, 1, 1]


def test_the_page_of_a_book_counts_its_cases_and_says_when_there_are_none(
    clerk: Client, office: Office, batch: ScanBatch
) -> None:
    empty = clerk.get(reverse("digitisation:book", args=[a_book(office, number="09").id]))
    assert "chưa có trường hợp nào được quét" in empty.content.decode()
    clerk.post(address("cases_make", batch))
    page = clerk.get(reverse("digitisation:book", args=[batch.book_id]))
    assert page.context["total"] == 4


def test_what_an_officer_wrote_is_only_text(clerk: Client, office: Office) -> None:
    with office_scope([office.id]):
        made = a_batch(office, a_book(office), notes="<script>alert(7)</script>")
    assert "<script>alert(7)" not in clerk.get(address("batch", made)).content.decode()
