"""A workbook goes in: counts, findings, what is unchanged, replaced, held or not stored at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from hotich.audit.models import Detail, Entry
from hotich.audit.queries import faults_of_chain
from hotich.intake.models import Batch, BatchState, Case, CaseState
from hotich.intake.queries.report import batch_report, problems_of_batch
from hotich.intake.services import importing as service
from hotich.intake.services import run_import, start_import
from hotich.intake.services.importing import Delivery
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.intake_parts import (
    AT,
    IMPORTS,
    an_office,
    approver,
    bring_in,
    codes_of,
    good_cells,
    keyer,
    rows_of,
    workbook,
)

pytestmark = pytest.mark.django_db
COUNTS = ("rows", "accepted", "held", "rejected", "unchanged")


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def _counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in COUNTS)


def test_good_rows_wait_for_approval_and_are_written_into_the_trail(office: Office) -> None:
    report = bring_in(office, workbook(rows_of("KS", 3)))
    assert _counts(report) == (3, 3, 0, 0, 0)
    assert (report["register_type"], report["office"]) == ("KS", office.code)
    cases = Case.objects.order_by("row_number")
    assert [(case.row_number, case.state, case.number_text) for case in cases] == [
        (2, CaseState.WAITING, "1/2016"), (3, CaseState.WAITING, "2/2016"), (4, CaseState.WAITING, "3/2016"),
    ]  # fmt: skip
    assert cases[0].schema_version == "KS-L2014-1"
    assert cases[0].standard["child_birth_date"]["value"] == "2016-06-01"
    assert cases[0].touched_by == [11]
    entries = Entry.objects.filter(verb="case.imported")
    assert {entry.subject_id for entry in entries} == {str(case.id) for case in cases}
    detail = Detail.objects.get(entry_id=entries[0].id)
    assert detail.after["as_recorded"]["child_full_name"] == "Nguyễn Minh Hải"
    assert "Nguyễn" not in str([entry.facts for entry in Entry.objects.all()])
    assert faults_of_chain(office.id) == []


def test_every_row_is_counted_once(office: Office) -> None:
    rows = [
        good_cells(number=1),
        good_cells(number=2, nksNgaySinh="30.02.2016"),  # held
        good_cells(number=3) | {"so": ""},  # not stored
        good_cells(number=1),  # the first row again
    ]
    report = bring_in(office, workbook(rows))
    assert _counts(report) == (4, 1, 1, 2, 0)
    assert codes_of(report, 3) >= {"date_impossible"}
    assert "registration_number_missing" in codes_of(report, 4)
    assert codes_of(report, 5) == {"row_repeated"}
    assert Case.objects.count() == 2
    found = next(entry for entry in report["problems"] if entry["code"] == "date_impossible")
    assert found == {
        "row": 3, "column": "nksNgaySinh", "field": "child_birth_date", "code": "date_impossible",
        "severity": "error", "text": found["text"],
    }  # fmt: skip
    assert found["text"] == "Không có ngày này trong lịch."


def test_damage_by_excel_is_mended_and_told(office: Office) -> None:
    row = good_cells(number=5) | {
        "nksSoDinhDanh": 82216000123, "meNgaySinh": date(1990, 3, 5), "trangSo": 7.0, "so": 5, "nguoiKy": "Lê  Văn Khoa",
    }  # fmt: skip
    report = bring_in(office, workbook([row]))
    assert _counts(report) == (1, 1, 0, 0, 0)
    assert codes_of(report) >= {
        "excel_lost_leading_zero", "excel_date_cell", "excel_float_number", "number_composed", "text_cleaned",
    }  # fmt: skip
    values = Case.objects.get().as_recorded
    assert values["child_personal_id"] == "082216000123"
    assert values["mother_birth_date"] == "05.03.1990"
    assert values["registration_number"] == "5/2016"
    assert values["signatory_name"] == "Lê Văn Khoa"
    assert all(entry["severity"] == "warning" for entry in report["problems"])


def test_a_formula_holds_its_row(office: Office) -> None:
    report = bring_in(office, workbook([good_cells()], formulas={(2, "nksHoTen"): '="An"'}))
    assert _counts(report) == (1, 0, 1, 0, 0)
    assert "cell_is_formula" in codes_of(report, 2)


def test_the_same_file_again_adds_nothing_and_says_so(office: Office) -> None:
    content = workbook([good_cells(number=1), good_cells(number=2, nksNgaySinh="30.02.2016")])
    first = bring_in(office, content)
    entries = Entry.objects.count()
    again = bring_in(office, content)
    assert _counts(again) == (2, 0, 0, 0, 2)
    assert again["batch"] == first["batch"]
    assert again["problems"] == []
    assert (Batch.objects.count(), Case.objects.count(), Entry.objects.count()) == (1, 2, entries)


def test_the_same_rows_in_another_file_are_unchanged(office: Office) -> None:
    rows = rows_of("KS", 3)
    bring_in(office, workbook(rows))
    report = bring_in(office, workbook([*reversed(rows), good_cells(number=9)]))
    assert _counts(report) == (4, 1, 0, 0, 3)
    assert Case.objects.count() == 4


def test_a_dry_run_stores_nothing_and_tells_the_same(office: Office) -> None:
    rows = [good_cells(number=1), good_cells(number=2, nksNgaySinh="30.02.2016"), good_cells(number=1), {"so": "x"}]
    content = workbook(rows, header=[*good_cells(), "cột lạ"])
    dry = bring_in(office, content, dry_run=True)
    assert (Batch.objects.count(), Case.objects.count(), Entry.objects.count()) == (0, 0, 0)
    real = bring_in(office, content)
    assert dry["batch"] is None
    assert {**dry, "batch": ""} == {**real, "batch": ""}


def test_a_corrected_row_takes_the_place_of_the_held_one(office: Office) -> None:
    first = bring_in(office, workbook([good_cells(number=1, nksNgaySinh="30.02.2016")]))
    held = Case.objects.get()
    report = bring_in(office, workbook([good_cells(number=1)]), actor=keyer(office, 12))
    assert _counts(report) == (1, 1, 0, 0, 0)
    case = Case.objects.get()
    assert (case.id, case.version, case.state) == (held.id, 2, CaseState.WAITING)
    assert (str(case.batch_id), case.touched_by) == (report["batch"], [11, 12])
    entry = Entry.objects.get(verb="case.replaced")
    detail = Detail.objects.get(entry_id=entry.id)
    assert detail.before["as_recorded"]["child_birth_date"] == "30.02.2016"
    assert first["batch"] != report["batch"]


def test_another_row_with_the_number_of_a_waiting_case_is_held_and_names_it(office: Office) -> None:
    bring_in(office, workbook([good_cells(number=1)]), name="KS.2016.lan-dau.xlsx")
    report = bring_in(office, workbook([good_cells(number=1, nksHoTen="Trần Văn Khác")]))
    assert _counts(report) == (1, 0, 1, 0, 0)
    found = next(entry for entry in report["problems"] if entry["code"] == "registration_number_unique")
    assert "1/2016" in found["text"] and "KS.2016.lan-dau.xlsx" in found["text"]


def test_two_rows_of_one_number_in_a_file_are_told_apart_by_row(office: Office) -> None:
    report = bring_in(office, workbook([good_cells(number=1), good_cells(number=1, nksHoTen="Trần Văn Khác")]))
    assert _counts(report) == (2, 1, 1, 0, 0)
    assert "registration_number_unique" in codes_of(report, 3)
    assert "registration_number_unique" not in codes_of(report, 2)


def test_the_same_number_in_another_book_year_or_office_is_another_number(office: Office, in_scope: Any) -> None:
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("-id").first()
    assert other is not None
    in_scope(office, other)
    rows = [good_cells(number=1), good_cells(number=1, quyenSo="02/2016"), good_cells(number=1, so="1a/2016")]
    assert _counts(bring_in(office, workbook(rows))) == (3, 3, 0, 0, 0)
    assert _counts(bring_in(other, workbook(rows))) == (3, 3, 0, 0, 0)


def test_rows_of_one_change_case_are_siblings_and_no_doubles(office: Office) -> None:
    rows = [
        good_cells("TD", 4),
        good_cells("TD", 4, changed_field="Quê quán", old_value="", new_value="xã Tân Thử"),
        good_cells("TD", 4, legal_basis="khác"),  # the first change again, worded otherwise
    ]
    report = bring_in(office, workbook(rows, "TD"))
    assert "registration_number_unique" not in codes_of(report, 2) | codes_of(report, 3)
    assert "registration_number_unique" in codes_of(report, 4)


def test_the_era_is_that_of_the_officer_or_of_each_row(office: Office) -> None:
    old = good_cells(number=1, ngayDangKy="20.06.2005", so="1/2005", quyenSo="01/2005", nksNgaySinh="01.06.2005",
                     nksNgaySinhBangChu="", nksSoDinhDanh="", meNgaySinh="1980", chaNgaySinh="1980")  # fmt: skip
    bring_in(office, workbook([old, good_cells(number=2)]))
    assert list(Case.objects.order_by("row_number").values_list("era", flat=True)) == ["ND83", "L2014"]
    with pytest.raises(RuleBroken, match="era_unknown"):
        bring_in(office, workbook([old]), era="XYZ")
    with pytest.raises(RuleBroken, match="era_without_register"):
        bring_in(office, workbook([good_cells("TD")], "TD"), era="PRE1999")


def test_only_officers_with_the_right_at_the_office_may_import(office: Office) -> None:
    with pytest.raises(RuleBroken, match="not_allowed"):
        bring_in(office, workbook([good_cells()]), actor=approver(office))
    with pytest.raises(RuleBroken, match="not_allowed"):
        bring_in(
            office, workbook([good_cells()]), actor=Actor("system", office.id, None, frozenset({office.id}), IMPORTS)
        )
    with pytest.raises(RuleBroken, match="office_not_in_scope"):
        bring_in(office, workbook([good_cells()]), actor=Actor("x", 1, 11, frozenset({1}), IMPORTS))


def test_an_interrupted_import_goes_on_where_it_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ROWS_A_PIECE", 2)
    content = workbook([*rows_of("KS", 5), *rows_of("KS", 1)])
    pieces: list[int] = []

    def stop(done: int, total: int) -> None:
        pieces.append(done)
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in(office, content, progress=stop)
    batch = Batch.objects.get()
    assert (batch.state, batch.rows_done, Case.objects.count()) == (BatchState.LOADING, 4, 4)
    report = bring_in(office, content)
    assert report["batch"] == str(batch.id)
    assert _counts(report) == (6, 5, 0, 1, 0)
    assert codes_of(report, 7) == {"row_repeated"}
    batch.refresh_from_db()
    assert (batch.state, Case.objects.count()) == (BatchState.LOADED, 5)


def test_a_second_process_that_finds_rows_it_did_not_store_gives_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ROWS_A_PIECE", 2)

    def meddle(done: int, total: int) -> None:
        Batch.objects.update(rows_done=total)

    with pytest.raises(RuleBroken, match="import_running_already"):
        bring_in(office, workbook(rows_of("KS", 4)), progress=meddle)


def test_an_upload_waits_as_a_batch_and_is_loaded_by_its_job(office: Office) -> None:
    delivery = Delivery("KS.xlsx", workbook(rows_of("KS", 3)))
    batch = start_import(actor=keyer(office), at=AT, office_id=office.id, delivery=delivery)
    assert (batch.state, batch.rows, batch.rows_done) == (BatchState.LOADING, 3, 0)
    assert start_import(actor=keyer(office), at=AT, office_id=office.id, delivery=delivery).id == batch.id
    report = run_import(actor=keyer(office), at=AT, batch_id=batch.id)
    assert report is not None and _counts(report) == (3, 3, 0, 0, 0)
    assert run_import(actor=keyer(office), at=AT, batch_id=batch.id) is None
    with pytest.raises(RuleBroken, match="workbook_not_xlsx"):
        start_import(actor=keyer(office), at=AT, office_id=office.id, delivery=Delivery("x.xlsx", b"x"))


def test_the_report_is_rebuilt_from_what_is_stored(office: Office) -> None:
    report = bring_in(office, workbook([good_cells(number=1, nksNgaySinh="30.02.2016"), {"so": "x"}]))
    batch = Batch.objects.get()
    assert batch_report(batch.id) == report
    groups = problems_of_batch(batch.id)
    assert groups[0].severity == "error"
    assert sum(len(group.entries) for group in groups) == len(report["problems"])


def test_a_large_workbook_is_examined_by_helpers_with_the_same_result(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotich.intake.services import examination_pool

    rows = rows_of("KS", 450)
    rows[420] = good_cells(number=421, nksNgaySinh="30.02.2016")
    content = workbook(rows)
    alone = bring_in(office, content, dry_run=True)
    monkeypatch.setattr(examination_pool, "BYTES_WORTH_PROCESSES", 1)
    monkeypatch.setattr(examination_pool, "CORES_OF_OTHERS", 0)
    assert bring_in(office, content, dry_run=True) == alone
    assert _counts(alone) == (450, 449, 1, 0, 0)


def test_nobody_sees_cases_without_their_office(office: Office, in_scope: Any) -> None:
    bring_in(office, workbook(rows_of("KS", 2)))
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.offices', '', true)")
        cursor.execute("select count(*) from intake_case")
        assert cursor.fetchone() == (0,)
        cursor.execute("select count(*) from intake_batch")
        assert cursor.fetchone() == (0,)
