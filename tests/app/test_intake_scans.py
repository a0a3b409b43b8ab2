"""The PDFs that come with a workbook: linked, missing, unmatched, too large; and packages that mean harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from hotich.files.queries import read_file
from hotich.intake.models import Case, CaseState
from hotich.intake.services import replace_scan, scans
from hotich.intake.services.scans import is_good_pdf, open_scans
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.intake_parts import AT, a_pdf, an_office, bring_in, codes_of, good_cells, keyer, rows_of, workbook


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def a_zip(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return target.getvalue()


@pytest.mark.django_db
def test_scans_are_linked_and_the_rest_is_told(office: Office) -> None:
    one = a_pdf(mark="1")
    package = a_zip({
        "KS.2016.01.001.pdf": one,
        "KS/2016/KS.2016.01.2016-06-20.002.pdf": a_pdf(120_000, mark="2"),
        "KS.2016.01.099.pdf": a_pdf(mark="99"),
        "KS.2016.01.003.pdf": b"not a PDF",
        "__MACOSX/._KS.2016.01.001.pdf": b"x",
        "Thumbs.db": b"x",
    })  # fmt: skip
    report = bring_in(office, workbook(rows_of("KS", 4)), scans=package)
    assert report["scans"] == {
        "linked": 2,
        "missing": ["3/2016", "4/2016"],
        "unmatched": ["KS.2016.01.003.pdf", "KS.2016.01.099.pdf"],
        "too_large": ["KS/2016/KS.2016.01.2016-06-20.002.pdf"],
    }
    assert [report[name] for name in ("rows", "accepted", "held")] == [4, 3, 1]
    assert "scan_too_large" in codes_of(report, 3)
    assert "scan_unreadable" in codes_of(report, 4)
    assert "scan_missing" in codes_of(report, 5)
    first, second, third, _ = Case.objects.order_by("row_number")
    assert first.scan is not None and read_file(first.scan) == one
    assert (second.state, second.scan is None, third.scan) == (CaseState.HELD, False, None)


@pytest.mark.django_db
def test_nothing_is_said_of_scans_when_none_were_given(office: Office) -> None:
    report = bring_in(office, workbook(rows_of("KS", 2)))
    assert report["scans"] == {"linked": 0, "missing": [], "unmatched": [], "too_large": []}
    assert "scan_missing" not in codes_of(report)


@pytest.mark.django_db
def test_scans_that_come_later_are_linked_to_the_cases_that_are_there(office: Office) -> None:
    content = workbook(rows_of("KS", 2))
    bring_in(office, content)
    report = bring_in(office, content, scans=a_zip({"KS.2016.01.001.pdf": a_pdf()}))
    assert (report["unchanged"], report["scans"]["linked"]) == (2, 1)
    assert Case.objects.exclude(scan=None).get().row_number == 2
    again = bring_in(office, content, scans=a_zip({"KS.2016.01.001.pdf": a_pdf()}))
    assert again["scans"] == {"linked": 0, "missing": [], "unmatched": [], "too_large": []}


@pytest.mark.django_db
def test_a_folder_of_scans_does_as_well(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "KS" / "2016"
    folder.mkdir(parents=True)
    (folder / "KS.2016.01.001.PDF").write_bytes(a_pdf())
    (tmp_path / "KS.2016.01.002.pdf").symlink_to(folder / "KS.2016.01.001.PDF")
    report = bring_in(office, workbook(rows_of("KS", 2)), scans=tmp_path)
    assert report["scans"]["linked"] == 1
    assert report["scans"]["missing"] == ["2/2016"]


@pytest.mark.django_db
def test_rows_of_one_change_case_share_the_scan(office: Office) -> None:
    rows = [good_cells("TD", 4), good_cells("TD", 4, changed_field="Quê quán", old_value="a", new_value="b")]
    report = bring_in(office, workbook(rows, "TD"), scans=a_zip({"TD.2016.01.004.pdf": a_pdf()}))
    assert report["scans"]["linked"] == 1
    assert report["scans"]["missing"] == []
    assert Case.objects.exclude(scan=None).count() == 2


@pytest.mark.django_db
def test_a_smaller_scan_frees_the_case(office: Office) -> None:
    bring_in(office, workbook(rows_of("KS", 1)), scans=a_zip({"KS.2016.01.001.pdf": a_pdf(120_000)}))
    case = Case.objects.get()
    with pytest.raises(RuleBroken, match="scan_unreadable"):
        replace_scan(actor=keyer(office), at=AT, case_id=case.id, name="x.pdf", content=b"x")
    replaced = replace_scan(actor=keyer(office, 12), at=AT, case_id=case.id, name="x.pdf", content=a_pdf())
    assert (replaced.state, replaced.version, replaced.touched_by) == (CaseState.WAITING, 2, [11, 12])


def _refusal(package: bytes | Path) -> str:
    with pytest.raises(RuleBroken) as caught:
        open_scans(package)
    return caught.value.code


def test_packages_that_mean_harm_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert _refusal(b"not a zip") == "scans_not_a_zip"
    assert _refusal(tmp_path / "nothing.zip") == "scans_not_found"
    assert _refusal(a_zip({"../KS.2016.01.001.pdf": b"x"})) == "scans_unsafe_names"
    assert _refusal(a_zip({"/etc/KS.2016.01.001.pdf": b"x"})) == "scans_unsafe_names"
    assert _refusal(a_zip({"KS.2016.01.001.pdf": b" " * 9_000_000})) == "scans_packed_too_tightly"
    monkeypatch.setattr(scans, "MOST_FILES", 1)
    assert _refusal(a_zip({"a.pdf": b"x", "b.pdf": b"x"})) == "scans_too_many"
    monkeypatch.setattr(scans, "MOST_FILES", 9)
    monkeypatch.setattr(scans, "MOST_BYTES", 1)
    assert _refusal(a_zip({"a.pdf": b"xx"})) == "scans_too_large"


def test_only_a_pdf_that_opens_is_good() -> None:
    assert is_good_pdf(a_pdf())
    assert not is_good_pdf(b"")
    assert not is_good_pdf(b"%PDF-1.7 and nothing more")
    assert not is_good_pdf(b"PK\x03\x04")
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_pdf())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert not is_good_pdf(locked.getvalue())
