"""The command line and the report, word for word: keys, counts, exit codes, one line for what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from hotich.intake.models import Batch, Case
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer, open_offices
from tests.app.intake_parts import a_pdf, good_cells, rows_of, workbook
from tests.app.test_intake_round_trip import read_back
from tests.app.test_intake_scans import a_zip

pytestmark = pytest.mark.django_db

KEYS = ["batch", "register_type", "office", "rows", "accepted", "held", "rejected", "unchanged", "problems", "scans"]
PROBLEM_KEYS = ["row", "column", "field", "code", "severity", "text"]
SCAN_KEYS = ["linked", "missing", "unmatched", "too_large"]


@pytest.fixture
def office(in_scope: Any) -> Office:
    """An office with an officer who imports and one who approves."""
    found = open_offices(1)[0]
    in_scope(found)
    make_officer("can.bo.thu", office=found, role="civil_status_officer", totp=False)
    make_officer("duyet.thu", office=found, role="approver", totp=False)
    return found


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "KS.2016.01.xlsx"
    path.write_bytes(workbook([*rows_of("KS", 2), good_cells(number=9, nksNgaySinh="30.02.2016"), {"ghiChu": "x"}]))
    return path


def _import(book: Path, office: Office, *more: str, login: str = "can.bo.thu") -> dict[str, Any]:
    out = book.with_name("out.json")
    out.unlink(missing_ok=True)
    who = ["--as", login] if login else []
    call_command("import_book", str(book), "--office", office.code, "--report", str(out), *who, *more)
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def _refused(capsys: pytest.CaptureFixture[str], command: str, *arguments: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught:
        call_command(command, *arguments)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.startswith("hotich: ")
    return said


def test_the_report_has_exactly_these_keys_and_its_counts_add_up(office: Office, book: Path) -> None:
    package = book.with_name("KS.2016.01.zip")
    package.write_bytes(a_zip({"KS.2016.01.001.pdf": a_pdf(), "KS.2016.01.077.pdf": a_pdf(mark="77")}))
    report = _import(book, office, "--scans", str(package))
    assert list(report) == KEYS
    assert list(report["scans"]) == SCAN_KEYS
    assert all(list(entry) == PROBLEM_KEYS for entry in report["problems"])
    assert {entry["severity"] for entry in report["problems"]} == {"error", "warning"}
    assert all(isinstance(entry["row"], int) and entry["text"] for entry in report["problems"])
    assert (report["register_type"], report["office"], report["rows"]) == ("KS", office.code, 4)
    assert report["rows"] == sum(report[name] for name in ("accepted", "held", "rejected", "unchanged"))
    assert (report["accepted"], report["held"], report["rejected"]) == (2, 1, 1)
    assert report["batch"] == str(Batch.objects.get().id)
    assert report["scans"] == {
        "linked": 1, "missing": ["2/2016", "9/2016"], "unmatched": ["KS.2016.01.077.pdf"], "too_large": [],
    }  # fmt: skip


def test_the_same_file_again_says_so(office: Office, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = _import(book, office)
    again = _import(book, office)
    assert (again["unchanged"], again["accepted"], again["held"], again["batch"]) == (3, 0, 0, first["batch"])
    assert "đã được nhập trước đó" in capsys.readouterr().out


def test_a_dry_run_stores_nothing(office: Office, book: Path) -> None:
    report = _import(book, office, "--dry-run")
    assert (report["batch"], report["accepted"], report["held"]) == (None, 2, 1)
    assert not Case.objects.exists()


def test_without_a_login_the_demo_finds_the_officer_of_the_office(office: Office, book: Path) -> None:
    assert _import(book, office, login="")["accepted"] == 2


def test_a_closed_office_is_served_by_the_one_that_keeps_its_books(book: Path, in_scope: Any) -> None:
    closed = Office.objects.filter(kind="commune", code__endswith="-2025", successions_after__is_default=True).first()
    assert closed is not None
    keeper = closed.successions_after.get(is_default=True).successor
    in_scope(closed, keeper)
    make_officer("can.bo.moi", office=keeper, role="civil_status_officer", totp=False)
    report = _import(book, closed, login="can.bo.moi")
    assert (report["office"], Case.objects.values_list("origin_office_id", flat=True)[0]) == (closed.code, closed.id)


def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    office: Office, book: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    out = str(book.with_name("o.json"))
    whole = [str(book), "--office", office.code, "--report", out, "--as", "can.bo.thu"]
    cases = {
        "mã": [str(book), "--office", "NIX", "--report", out, "--as", "can.bo.thu"],
        "ma.nao": [*whole[:-1], "ma.nao"],
        "không có quyền": [*whole[:-1], "duyet.thu"],
        "nothing.xlsx": ["nothing.xlsx", *whole[1:]],
        "/nothing/o.json": [*whole[:4], "/nothing/o.json", *whole[5:]],
        "không phải sổ tính": [str(Path(__file__)), *whole[1:]],
        "thời kỳ": [*whole, "--era", "XYZ"],
        "nothing.zip": [*whole, "--scans", "nothing.zip"],
        "loại sổ KS": [*whole, "--type", "KT"],
    }
    for words, arguments in cases.items():
        assert words in _refused(capsys, "import_book", *arguments), words
    settings.DEMO = False
    assert "--as" in _refused(capsys, "import_book", *whole[:-2])
    assert not Batch.objects.exists()


def test_a_batch_is_approved_by_another_officer_and_exported(
    office: Office, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = _import(book, office)["batch"]
    assert "quyền" in _refused(capsys, "approve_batch", batch, "--as", "can.bo.thu")
    _refused(capsys, "approve_batch", "not-a-batch", "--as", "duyet.thu")
    call_command("approve_batch", batch, "--as", "duyet.thu")
    assert "2 bản ghi" in capsys.readouterr().out
    out = book.with_name("out.xlsx")
    whole = [str(out), "--office", office.code, "--type", "KS", "--book", "01/2016", "--as", "can.bo.thu"]
    call_command("export_book", *whole)
    assert [row["so"] for row in read_back(out.read_bytes())[1]] == ["1/2016", "2/2016"]
    call_command("export_book", *whole, "--unapproved", "--template", "60")
    assert [row["so"] for row in read_back(out.read_bytes())[1]] == ["1/2016", "2/2016", "9/2016"]
    assert "02/1999" in _refused(capsys, "export_book", *[part.replace("01/2016", "02/1999") for part in whole])
    assert "2" in _refused(capsys, "withdraw_batch", batch, "--as", "can.bo.thu")


def test_a_batch_is_withdrawn(office: Office, book: Path) -> None:
    batch = _import(book, office)["batch"]
    call_command("withdraw_batch", batch, "--as", "can.bo.thu")
    assert Batch.objects.get().state == "withdrawn"
    assert _import(book, office)["accepted"] == 2


def test_the_queue_to_the_ministry_is_sent_as_a_file(
    office: Office, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("approve_batch", _import(book, office)["batch"], "--as", "duyet.thu")
    out = book.with_name("gui.xlsx")
    call_command("dispatch", "send", str(out), "--office", office.code, "--as", "can.bo.thu")
    assert len(read_back(out.read_bytes())[1]) == 2
    capsys.readouterr()
    call_command("dispatch", "status", "--office", office.code, "--as", "can.bo.thu")
    assert "sent\t2" in capsys.readouterr().out
