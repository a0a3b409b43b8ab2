"""A book goes out with its scans: checked both ways, named by rule, the same bytes every time, or nothing at all."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from hostile_parts import browser
from intake_parts import AT, a_pdf, approver, bring_in, good_cells, keyer, workbook
from test_intake_export_requests import asker, code_of, leader

from hotich.audit.models import Detail, Entry
from hotich.database.scope import office_scope
from hotich.files.rules.names import storage_path
from hotich.intake.models import Batch, Case, ExportRequest
from hotich.intake.rules.delivery_report import DeliveryNotWhole
from hotich.intake.rules.file_names import ScanNames
from hotich.intake.services import (
    Order,
    approve_batch,
    build_export,
    check_delivery,
    decide_export,
    deliver_books,
    download_export,
    request_export,
    retry_export,
)
from hotich.kernel import clock
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import an_office
from tests.app.test_intake_round_trip import read_back

pytestmark = pytest.mark.django_db
WHY = "Bàn giao dữ liệu và bản quét quyển sổ cho Sở Tư pháp"
NAMES = ["KS.2016.01.2016-03-14.001.pdf", "KS.2016.01.2016-03-14.002.pdf"]


@pytest.fixture
def office() -> Office:
    return an_office()


def a_scan(mark: str, author: str = "") -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf(mark=mark))) as document:
        if author:
            document.docinfo["/Author"] = author
        document.save(target, deterministic_id=True)
    return target.getvalue()


def scans(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in files.items():
            package.writestr(f"KS.2016.01.{name.removeprefix('n')}.pdf", content)
    return target.getvalue()


def a_book(office: Office, rows: int = 2, approve: bool = True, **files: bytes) -> None:
    given = files or {f"n{number:03}": a_scan(str(number), "Nguyen Van Quet") for number in range(1, rows + 1)}
    bring_in(office, workbook([good_cells("KS", number) for number in range(1, rows + 1)]), scans=scans(**given))
    if approve:
        with office_scope([office.id]):
            approve_batch(actor=approver(office), at=AT, batch_id=Batch.objects.get().id)


def order(office: Office, **more: Any) -> Order:
    return Order(office, "KS", ["01/2016"], **more)


def codes(office: Office, **more: Any) -> list[tuple[str, dict[str, Any]]]:
    report = check_delivery(actor=asker(office), order=order(office, **more))
    return [(trouble.code, dict(trouble.params)) for trouble in report.troubles]


def test_a_whole_book_goes_out_as_workbook_zip_and_report(office: Office, tmp_path: Path) -> None:
    a_book(office)
    report = deliver_books(actor=asker(office), at=AT, order=order(office), folder=tmp_path)
    place = tmp_path / office.code
    assert sorted(path.name for path in place.iterdir()) == ["KS.2016.01.json", "KS.2016.01.xlsx", "KS.2016.01.zip"]
    rows = read_back((place / "KS.2016.01.xlsx").read_bytes())[1]
    with zipfile.ZipFile(place / "KS.2016.01.zip") as package:
        names = package.namelist()
        contents = [package.read(name) for name in names]
    assert len(rows) == len(names) == 2
    read = [ScanNames().read(name) for name in names]
    assert [(name.number, name.book, name.book_year) for name in read if name] == [(1, "01", 2016), (2, "01", 2016)]
    for content in contents:  # what the scanner wrote beside the picture stays here
        with pikepdf.open(io.BytesIO(content)) as document:
            assert "/Author" not in document.docinfo
    told = json.loads((place / "KS.2016.01.json").read_text())
    assert told["whole"] is True
    assert [file["sha256"] for file in told["books"][0]["files"]] == [hashlib.sha256(c).hexdigest() for c in contents]
    assert report.is_whole
    entry = Entry.objects.get(verb="book.exported")
    assert (entry.facts["pdfs"], entry.facts["rows"], entry.facts["gaps"]) == (2, 2, 0)


def test_the_same_book_gives_the_same_bytes_again(office: Office, tmp_path: Path) -> None:
    a_book(office)
    for name in ("a", "b"):
        deliver_books(actor=asker(office), at=AT, order=order(office), folder=tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 3
    assert [(tmp_path / "a" / file).read_bytes() for file in files] == [
        (tmp_path / "b" / file).read_bytes() for file in files
    ]


def test_a_case_without_a_scan_and_a_scan_without_a_case_stop_the_delivery(office: Office, tmp_path: Path) -> None:
    a_book(office, n001=a_scan("1"), n077=a_scan("77"))
    found = codes(office)
    assert ("delivery_no_scan", {"number": "2/2016"}) in found
    assert ("delivery_no_row", {"file": "KS.2016.01.077.pdf"}) in found
    with pytest.raises(DeliveryNotWhole) as refused:
        deliver_books(actor=asker(office), at=AT, order=order(office), folder=tmp_path)
    assert refused.value.params["number"] == 2
    assert list(tmp_path.iterdir()) == []
    assert not Entry.objects.filter(verb="book.exported").exists()


def test_with_gaps_it_goes_out_and_the_report_tells_what_is_missing_and_why(office: Office, tmp_path: Path) -> None:
    a_book(office, n001=a_scan("1"))
    deliver_books(actor=asker(office), at=AT, order=order(office, gaps_reason="Trang 2 bị rách"), folder=tmp_path)
    told = json.loads((tmp_path / office.code / "KS.2016.01.json").read_text())
    assert (told["whole"], told["with_gaps"]) == (False, "Trang 2 bị rách")
    assert [problem["code"] for problem in told["books"][0]["problems"]] == ["delivery_no_scan"]
    entry = Entry.objects.get(verb="book.exported")
    assert (entry.facts["pdfs"], entry.facts["gaps"]) == (1, 1)
    with office_scope([office.id]):
        assert Detail.objects.get(entry_id=entry.id).after == {"reason": "Trang 2 bị rách"}


def test_a_scan_that_is_too_large_shared_lost_or_no_pdf_stops_the_delivery(office: Office) -> None:
    shared = a_scan("shared")
    a_book(office, 4, n001=a_pdf(150_000), n002=shared, n003=shared, n004=a_scan("4"))
    with office_scope([office.id]):
        last = Case.objects.get(number=4).scan
        assert last is not None
        default_storage.delete(storage_path(last.sha256))
    found = codes(office)
    assert ("delivery_scan_shared", {"number": "3/2016", "other": "2/2016"}) in found
    assert ("delivery_scan_lost", {"number": "4/2016"}) in found
    # a scan above the budget holds its case back: it is no record yet
    assert "delivery_scan_too_large" in [code for code, _ in codes(office, unapproved=True)]


def test_cases_that_are_not_approved_are_asked_for_only_where_they_go_out(office: Office) -> None:
    a_book(office, approve=False, n001=a_scan("1"))
    assert [code for code, _ in codes(office, unapproved=True)] == ["delivery_no_scan"]
    assert code_of(check_delivery, actor=asker(office), order=order(office)) in ("export_empty", "book_unknown")


def test_nobody_delivers_scans_he_may_not_see_or_of_other_offices(office: Office, tmp_path: Path) -> None:
    a_book(office)
    given = {"at": AT, "order": order(office), "folder": tmp_path}
    actor = asker(office)
    assert code_of(deliver_books, actor=replace(actor, rights=frozenset()), **given) == "not_allowed"
    stranger = replace(actor, office_ids=frozenset({office.id + 1}))
    assert code_of(deliver_books, actor=stranger, **given) == "office_not_in_scope"
    assert code_of(deliver_books, actor=actor, **given | {"order": order(office, pattern="TYPE.NUMBER")}) == (
        "scan_pattern_incomplete"
    )
    assert list(tmp_path.iterdir()) == []


def test_in_earnest_a_delivery_needs_a_request_that_asks_for_scans(
    office: Office, tmp_path: Path, settings: Any
) -> None:
    a_book(office)
    settings.DEMO = False
    given = {"actor": asker(office), "at": AT, "order": order(office), "folder": tmp_path}
    assert code_of(deliver_books, **given) == "export_needs_request"
    plain, full = (
        request_export(actor=asker(office), at=AT, office_id=office.id, register_type="KS", books=["01/2016"], reason=WHY,
                       with_scans=with_scans)
        for with_scans in (False, True)
    )  # fmt: skip
    for request in (plain, full):
        decide_export(actor=leader(office), at=AT, request_id=request.id, approve=True)
    assert code_of(deliver_books, **given, request_id=plain.id) == "export_not_as_approved"
    assert deliver_books(**given, request_id=full.id).request_id == str(full.id)
    with office_scope([office.id]):
        assert ExportRequest.objects.get(id=full.id).downloads == 1
        assert ExportRequest.objects.get(id=plain.id).downloads == 0


def test_a_refused_delivery_takes_no_download_off_the_request(office: Office, tmp_path: Path) -> None:
    a_book(office, n001=a_scan("1"))
    request = asked(office)
    decide_export(actor=leader(office), at=AT, request_id=request.id, approve=True)
    with pytest.raises(DeliveryNotWhole):
        deliver_books(actor=asker(office), at=AT, order=order(office), folder=tmp_path, request_id=request.id)
    with office_scope([office.id]):
        assert ExportRequest.objects.get(id=request.id).downloads == 0


def asked(office: Office, **more: Any) -> ExportRequest:
    return request_export(actor=asker(office), at=AT, office_id=office.id, register_type="KS", books=["01/2016"],
                          reason=WHY, with_scans=True, **more)  # fmt: skip


def test_a_request_tells_what_is_missing_before_anybody_decides_and_is_built_again_once_it_is_there(
    office: Office,
) -> None:
    a_book(office, n001=a_scan("1"))
    request = asked(office)
    assert request.report["problems"] == [["delivery_no_scan", {"number": "2/2016"}]]
    decide_export(actor=leader(office), at=AT, request_id=request.id, approve=True)
    mine = {"actor": asker(office), "at": AT, "request_id": request.id}
    assert code_of(download_export, **mine) == "export_not_built"
    assert build_export(**mine).failure == "delivery_not_whole"
    assert code_of(download_export, **mine) == "delivery_not_whole"
    bring_in(
        office,
        workbook([good_cells("KS", number) for number in (1, 2)]),
        scans=scans(n001=a_scan("1"), n002=a_scan("2")),
    )
    assert retry_export(**mine).failure == ""
    built = build_export(**mine)
    assert (built.failure, built.rows, built.report["problem_count"]) == ("", 2, 0)
    name, media_type, content = download_export(**mine)
    assert (name, media_type) == (f"KS-{office.code}.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.namelist() == [f"{office.code}/KS.2016.01.{ending}" for ending in ("json", "xlsx", "zip")]
    assert Entry.objects.get(verb="book.exported").facts["pdfs"] == 2
    assert code_of(retry_export, **mine) == "export_not_approved"


def test_the_command_writes_a_delivery_or_tells_line_by_line_why_not(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_officer("can.bo.giao", office=office, role="civil_status_officer", totp=False)
    a_book(office, n001=a_scan("1"))
    out, report = tmp_path / "giao", tmp_path / "bao-cao.json"
    whole = ["scans", "deliver", str(out), "--office", office.code, "--type", "ks", "--book", "01/2016",
             "--as", "can.bo.giao", "--report", str(report)]  # fmt: skip
    with pytest.raises(SystemExit) as stopped:
        call_command(*whole)
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert "Trường hợp 2/2016: chưa có bản quét." in said.out
    assert "Chưa có tệp nào được ghi" in said.err
    assert not out.exists()
    assert json.loads(report.read_text())["whole"] is False
    call_command(*whole, "--with-gaps", "Trang bị rách", "--pattern", "P1")
    assert "1 bản quét" in capsys.readouterr().out
    with zipfile.ZipFile(out / office.code / "KS.2016.01.zip") as package:
        assert package.namelist() == ["KS.2016.01.001.pdf"]
    assert sorted(path.name for path in out.iterdir()) == [office.code]
    for wrong in (whole[:-6], [*whole, "--request", "x"], [*whole[:-2], "--book", "77/2016"]):
        with pytest.raises(SystemExit) as stopped:
            call_command(*wrong)
        assert stopped.value.code == 2


def test_the_keyer_who_may_not_take_books_away_delivers_nothing(office: Office, tmp_path: Path, settings: Any) -> None:
    a_book(office)
    request = asked(office)
    decide_export(actor=leader(office), at=AT, request_id=request.id, approve=True)
    given = {"at": AT, "order": order(office), "folder": tmp_path, "request_id": request.id}
    assert code_of(deliver_books, actor=keyer(office), **given) == "not_allowed"


def test_the_pages_ask_for_scans_show_what_is_missing_and_try_again(office: Office, settings: Any) -> None:
    a_book(office, n001=a_scan("1"))
    asks = make_officer("can.bo.hoi", office=office, role="civil_status_officer")
    officer, chief = browser(asks), browser(make_officer("lanh.dao.hoi", office=office, role="commune_leader"))
    given = {"office": office.id, "register_type": "KS", "books": "01/2016", "reason": WHY, "with_scans": "on"}
    address = officer.post(reverse("intake:export_new"), given)["Location"]
    for each in (officer, chief):
        shown = each.get(address).content.decode()
        assert "Trường hợp 2/2016: chưa có bản quét." in shown
        assert "1 tệp PDF cho 2 trường hợp" in shown
    assert "Kiểm tra và tạo lại" not in shown
    assert chief.post(f"{address}quyet-dinh/", {"decision": "approve"}).status_code == 302
    assert "đang được tạo" in officer.get(address).content.decode()
    with office_scope([office.id]):
        request = ExportRequest.objects.get()
    build_export(actor=asker(office, asks.id), at=clock.now(), request_id=request.id)
    officer.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = officer.get(address).content.decode()
    main = shown[shown.index("<main") :]
    for text in (
        "Case 2/2016: has no scan.",
        "1 PDFs for 2 cases",
        "Check and make again",
        "Book and scans do not match",
    ):
        assert text in main
    assert "Not delivered: 1 points" in main
    assert "chưa có bản quét" not in main
    assert "Bản quét" not in officer.get(reverse("intake:export_new")).content.decode()
    assert chief.post(f"{address}tao-lai/").status_code == 403
    assert officer.post(f"{address}tao-lai/").status_code == 302
    with office_scope([office.id]):
        assert ExportRequest.objects.get().failure == ""
