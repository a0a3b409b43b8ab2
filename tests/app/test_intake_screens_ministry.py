"""The pages of the queue to the Ministry: a file made, taken away, answered whole or by the row, sent again."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.intake.models import Dispatch, DispatchState
from hotich.intake.services import approve_batch
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import AT, approver, bring_in, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office() -> Iterator[Office]:
    """An office with two approved births that wait to be sent."""
    found = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[0]
    with office_scope([found.id]):
        report = bring_in(found, workbook(rows_of("KS", 2)), actor=keyer(found))
        approve_batch(actor=approver(found), at=AT, batch_id=report["batch"])
        yield found


@pytest.fixture
def client(office: Office) -> Client:
    officer = make_officer("lan.thu", office=office, role="civil_status_officer")
    made = Client()
    made.force_login(officer, backend=BACKEND)
    return made


def sent(client: Client, office: Office) -> str:
    """Make the file; its identifier."""
    client.post(reverse("intake:dispatch_make"), {"office": office.id, "type": "KS"})
    row = Dispatch.objects.filter(state=DispatchState.SENT).first()
    assert row is not None
    return str(row.file_id)


def answer_workbook(*lines: tuple[str, str, str, str]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (("so", "quyenSo", "trangThai", "lyDo"), *lines):
        sheet.append(line)
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("ket-qua.xlsx", target.getvalue())


def states() -> list[str]:
    return sorted(Dispatch.objects.values_list("state", flat=True))


def test_the_queue_shows_what_waits_and_offers_the_file(client: Client) -> None:
    page = client.get(reverse("intake:dispatch"))
    assert [maker["count"] for maker in page.context["makers"]] == [2]
    assert [line["number"] for line in page.context["lines"]] == ["1/2016", "2/2016"]


def test_a_file_is_made_once_and_can_be_taken_away(client: Client, office: Office) -> None:
    file = sent(client, office)
    assert states() == ["sent", "sent"]
    taken = client.get(reverse("intake:dispatch_file", args=[file]))
    assert taken.content[:2] == b"PK"
    assert "attachment" in taken["Content-Disposition"]
    again = client.post(reverse("intake:dispatch_make"), {"office": office.id, "type": "KS"}, follow=True)
    assert "Không có dòng nào đang chờ gửi" in again.content.decode()


def test_the_answer_of_a_file_is_noted_row_by_row(client: Client, office: Office) -> None:
    address = reverse("intake:dispatch_response", args=[sent(client, office)])
    assert client.get(address).status_code == 200
    page = client.get(reverse("intake:dispatch"), {"state": "sent"})
    book = page.context["lines"][0]["row"].record.book
    label = f"{book.number}/{book.opening_year}"
    lines = (("1/2016", label, "Đã tiếp nhận", ""), ("2/2016", label, "Từ chối", "Sai mã dân tộc"))
    done = client.post(address, {"response": answer_workbook(*lines)}, follow=True)
    assert "1 tiếp nhận, 1 từ chối" in done.content.decode()
    assert states() == ["acknowledged", "rejected"]
    rejected = Dispatch.objects.get(state=DispatchState.REJECTED)
    assert "Sai mã dân tộc" in client.get(reverse("intake:dispatch"), {"state": "rejected"}).content.decode()
    client.post(reverse("intake:dispatch_retry", args=[rejected.id]))
    assert states() == ["acknowledged", "queued"]


def test_an_answer_with_a_row_nobody_sent_is_refused_whole(client: Client, office: Office) -> None:
    address = reverse("intake:dispatch_response", args=[sent(client, office)])
    page = client.post(address, {"response": answer_workbook(("99/2016", "01/2016", "1", ""))})
    assert "99/2016" in " ".join(page.context["form"].non_field_errors())
    assert states() == ["sent", "sent"]


def test_one_row_is_rejected_by_hand_with_its_reason(client: Client, office: Office) -> None:
    sent(client, office)
    row = Dispatch.objects.order_by("id")[0]
    address = reverse("intake:dispatch_row", args=[row.id])
    assert client.post(address, {"outcome": "rejected", "reason": ""}).context["form"].errors["reason"]
    assert client.post(address, {"outcome": "rejected", "reason": "Thiếu ngày"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == (DispatchState.REJECTED, "Thiếu ngày")


def test_files_and_rows_of_other_offices_are_not_there(client: Client, office: Office) -> None:
    file = sent(client, office)
    row = Dispatch.objects.order_by("id")[0]
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=office.id).order_by("id")[0]
    stranger = Client()
    stranger.force_login(make_officer("minh.thu", office=other), backend=BACKEND)
    for name, identity in (
        ("intake:dispatch_file", file),
        ("intake:dispatch_response", file),
        ("intake:dispatch_row", row.id),
    ):
        assert stranger.get(reverse(name, args=[identity])).status_code == 404, name
    assert stranger.post(reverse("intake:dispatch_retry", args=[row.id])).status_code == 404
