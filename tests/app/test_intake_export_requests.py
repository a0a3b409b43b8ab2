"""Taking books away in bulk needs a second person: who asks, who decides, how long, how often, what is written down."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from intake_parts import AT, approver, bring_in, good_cells, keyer, workbook

from hotich.audit.models import Entry, Event
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, ExportRequest
from hotich.intake.queries.export_requests import export_requests, exports_to_decide
from hotich.intake.services import (
    approve_batch,
    build_export,
    cancel_export,
    decide_export,
    download_export,
    export_book,
    request_export,
)
from hotich.intake.services import (
    export_requests as export_services,
)
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import an_office
from tests.app.test_intake_round_trip import read_back

pytestmark = pytest.mark.django_db

WHY = "Bàn giao dữ liệu quyển sổ cho Sở Tư pháp theo kế hoạch"


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def book(office: Office) -> Office:
    """Book KS 01/2016 with two records; the office."""
    bring_in(office, workbook([good_cells("KS", 1), good_cells("KS", 2)]))
    with office_scope([office.id]):
        approve_batch(actor=approver(office), at=AT, batch_id=Batch.objects.get().id)
    return office


def asker(office: Office, officer: int = 31) -> Actor:
    rights = frozenset({"record.read", "restricted.read", "export.request"})
    return replace(keyer(office, officer), rights=rights)


def leader(office: Office, officer: int = 41) -> Actor:
    return replace(keyer(office, officer), login="lanh.dao", rights=frozenset({"record.read", "export.approve"}))


def asked(office: Office, **more: Any) -> ExportRequest:
    given = {"actor": asker(office), "at": AT, "office_id": office.id, "register_type": "KS", "books": ["01/2016"],
             "reason": WHY} | more  # fmt: skip
    return request_export(**given)


def approved(office: Office, **more: Any) -> ExportRequest:
    request = asked(office, **more)
    return decide_export(actor=leader(office), at=AT, request_id=request.id, approve=True)


def code_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        call(**arguments)
    return refusal.value.code


def test_an_approved_request_is_downloaded_counted_and_written_down(book: Office) -> None:
    request = approved(book)
    name, _type, content = download_export(actor=asker(book), at=AT, request_id=request.id)
    assert name == "KS.01.2016.xlsx"
    assert [row["so"] for row in read_back(content)[1]] == ["1/2016", "2/2016"]
    with office_scope([book.id]):
        row = ExportRequest.objects.get(id=request.id)
        record = Record.objects.first()
    assert (row.downloads, row.downloads_left, row.rows) == (1, 2, 2)
    entry = Entry.objects.get(verb="book.exported")
    assert record is not None
    assert (entry.subject_kind, entry.subject_id, entry.facts["rows"]) == ("book", str(record.book_id), 2)
    assert set(Event.objects.filter(kind__startswith="export.").values_list("kind", flat=True)) == {
        "export.requested", "export.approved", "export.downloaded",
    }  # fmt: skip


def test_nobody_decides_on_his_own_request(book: Office) -> None:
    request = asked(book)
    both = replace(asker(book), rights=asker(book).rights | {"export.approve"})
    assert code_of(decide_export, actor=both, at=AT, request_id=request.id, approve=True) == "second_person_required"
    with office_scope([book.id]), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update export_request set state = 'approved', decided_by = requested_by")


def test_what_was_asked_is_never_rewritten_by_raw_sql(book: Office) -> None:
    request = asked(book)
    for sql in ("update export_request set books = '[\"99/2016\"]'", "delete from export_request"):
        with office_scope([book.id]), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with office_scope([book.id + 1]), connection.cursor() as cursor:
        cursor.execute("select count(*) from export_request")
        assert cursor.fetchone()[0] == 0
    with office_scope([book.id]):
        assert ExportRequest.objects.get(id=request.id).books == ["01/2016"]


def test_without_an_approval_in_time_by_its_asker_nothing_goes_out(book: Office) -> None:
    request = asked(book)
    mine = {"actor": asker(book), "at": AT, "request_id": request.id}
    assert code_of(download_export, **mine) == "export_not_approved"
    decide_export(actor=leader(book), at=AT, request_id=request.id, approve=True)
    assert code_of(download_export, **mine | {"actor": asker(book, 32)}) == "export_unknown"
    assert code_of(download_export, **mine | {"at": AT + timedelta(days=4)}) == "export_expired"
    assert code_of(download_export, **mine | {"actor": leader(book)}) == "not_allowed"
    for _ in range(3):
        download_export(**mine)
    assert code_of(download_export, **mine) == "export_used_up"


def test_refused_and_cancelled_requests_stay_closed(book: Office) -> None:
    request = asked(book)
    by_leader = {"actor": leader(book), "at": AT, "request_id": request.id}
    assert code_of(decide_export, **by_leader, approve=False) == "reason_missing"
    decide_export(**by_leader, approve=False, words="Không đúng kế hoạch")
    assert code_of(decide_export, **by_leader, approve=True) == "export_decided_already"
    assert code_of(download_export, actor=asker(book), at=AT, request_id=request.id) == "export_not_approved"
    other = approved(book)
    assert code_of(cancel_export, actor=asker(book, 32), at=AT, request_id=other.id) == "export_unknown"
    cancel_export(actor=asker(book), at=AT, request_id=other.id)
    assert code_of(download_export, actor=asker(book), at=AT, request_id=other.id) == "export_not_approved"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": "vì cần"}, "reason_too_short"),
        ({"books": []}, "books_missing"),
        ({"books": ["77/2016"]}, "book_unknown"),
        ({"books": [f"{number:02}/2016" for number in range(60)]}, "books_too_many"),
        ({"register_type": "XX"}, "register_unknown"),
        ({"office_id": 1}, "office_not_in_scope"),
    ],
)
def test_a_request_says_what_and_why(book: Office, more: dict[str, Any], code: str) -> None:
    assert code_of(asked, office=book, **more) == code


def test_asking_needs_the_right(book: Office) -> None:
    assert code_of(asked, office=book, actor=keyer(book)) == "not_allowed"
    assert code_of(export_requests, actor=keyer(book)) == "not_allowed"


def test_who_decides_sees_what_waits_and_who_asks_sees_only_his_own(book: Office) -> None:
    asked(book)
    asked(book, actor=asker(book, 32))
    with office_scope([book.id]):
        assert export_requests(asker(book)).count() == 1
        assert export_requests(leader(book)).count() == 2
        assert (exports_to_decide(leader(book)), exports_to_decide(leader(book, 32))) == (2, 1)


def test_several_books_come_as_one_package_and_a_large_one_is_made_in_the_background(
    book: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(book, workbook([good_cells("KS", 5, quyenSo="02/2016")]), name="KS.2016.02.xlsx")
    request = approved(book, books=["01/2016", "02/2016"], unapproved=True)
    monkeypatch.setattr(export_services, "LARGE", 1)
    mine = {"actor": asker(book), "at": AT, "request_id": request.id}
    assert code_of(download_export, **mine) == "export_not_built"
    built = build_export(**mine)
    assert (built.rows, build_export(**mine).file_id) == (3, built.file_id)
    name, media_type, content = download_export(**mine)
    assert (name, media_type) == (f"KS-{book.code}.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.namelist() == ["KS.01.2016.xlsx", "KS.02.2016.xlsx"]


def test_the_command_needs_an_approved_request_but_for_demo_data(
    book: Office, tmp_path: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    officer = make_officer("can.bo.xuat", office=book, role="civil_status_officer", totp=False)
    out = tmp_path / "out.xlsx"
    whole = ["export_book", str(out), "--office", book.code, "--type", "KS", "--book", "01/2016", "--as", "can.bo.xuat"]
    call_command(*whole)
    assert out.exists()
    settings.DEMO = False
    request = asked(book, actor=asker(book, officer.id))
    for more in ([], ["--request", str(request.id)], ["--request", "x"]):
        with pytest.raises(SystemExit):
            call_command(*whole, *more)
    decide_export(actor=leader(book), at=AT, request_id=request.id, approve=True)
    out.unlink()
    with office_scope([book.id]):
        ExportRequest.objects.filter(id=request.id).update(expires_at="2999-01-01T00:00:00Z")
    with pytest.raises(SystemExit):  # the request says nothing of unapproved cases
        call_command(*whole, "--request", str(request.id), "--unapproved")
    call_command(*whole, "--request", str(request.id))
    assert [row["so"] for row in read_back(out.read_bytes())[1]] == ["1/2016", "2/2016"]
    capsys.readouterr()


def test_without_demo_no_service_gives_a_book_away_unasked(book: Office, settings: Any) -> None:
    settings.DEMO = False
    code = code_of(export_book, actor=keyer(book), at=AT, office_id=book.id, register_type="KS", book="01/2016")
    assert code == "export_needs_request"
