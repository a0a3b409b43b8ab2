"""A folder of pages becomes PDFs and a report; what is done is not done again, what has changed is."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pikepdf
import pytest
from batch_parts import pdfs_in, report_of, save, slip, table, without_times
from PIL import Image

from hotich.kernel.problems import RuleBroken
from hotich.scans.batch import BatchOrder, Progress, encode_folder
from hotich.scans.batch.folder import files_of, is_junk, stems_of
from hotich.scans.batch.journal import Journal, refusal
from hotich.scans.batch.order import FileOrder, settings_key
from hotich.scans.batch.twice import pages_twice
from hotich.scans.command_line import usual_jobs
from hotich.scans.messages import MESSAGES
from hotich.scans.settings import ScanSettings


class Run:
    """Batches over one folder; `known` and `fresh` name the files of the last one."""

    def __init__(self, folder: Path) -> None:
        self.source, self.target = folder / "in", folder / "out"

    def __call__(self, *, budget: int = 100_000, **changes: Any) -> dict[str, Any]:
        told: list[Progress] = []
        settings = replace(ScanSettings(), budget=budget)
        order = BatchOrder(self.source, self.target, settings, is_cropped=True)
        report = encode_folder(replace(order, **changes), told.append)
        assert [progress.done for progress in told] == list(range(1, len(told) + 1))
        self.known = sorted(p.entries[0]["file"] for p in told if p.is_known)
        self.fresh = sorted(p.entries[0]["file"] for p in told if not p.is_known)
        return report


@pytest.fixture
def run(tmp_path: Path) -> Run:
    save(tmp_path / "in" / "a.jpg", slip(1))
    save(tmp_path / "in" / "b.jpg", slip(2))
    return Run(tmp_path)


# ---- files and names


def test_every_file_is_told_and_none_but_ours_is_opened(tmp_path: Path) -> None:
    for name in ("b.jpg", "Sổ/a.jpg", ".hidden", "Thumbs.db", "__MACOSX/a.jpg", "~$list.docx", ".git/x.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "everything").symlink_to("/")
    files, closed = files_of(tmp_path)
    reasons = {file.name: file.reason for file in files}
    assert list(reasons) == sorted(reasons) and closed == []
    assert reasons == {
        "b.jpg": "", "Sổ/a.jpg": "", "link.jpg": "scan_is_link", "pipe": "scan_no_file", ".hidden": "scan_passed_over",
        "Thumbs.db": "scan_passed_over", "__MACOSX/a.jpg": "scan_passed_over", "~$list.docx": "scan_passed_over",
        ".git/x.jpg": "scan_passed_over",
    }  # fmt: skip


def test_a_name_in_no_encoding_can_still_be_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"s\xf4.jpg")).write_bytes(b"x")
    (file,), _ = files_of(tmp_path)
    assert file.name == "s\\xf4.jpg" and file.path.read_bytes() == b"x"


@pytest.mark.parametrize("name", ["desktop.ini", "a/.b/c.jpg", "@eaDir/a.jpg", "System Volume Information/x"])
def test_what_systems_leave_behind_is_junk(name: str) -> None:
    assert is_junk(PurePosixPath(name)) and not is_junk(PurePosixPath("Sổ 01/trang 1.jpg"))


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["Sổ đăng ký/Trang số 1.JPG"], ["So_dang_ky/Trang_so_1"]),
        (["a.jpg", "a.png"], ["a__jpg", "a__png"]),
        (["A.jpg", "a.tif"], ["A__jpg", "a__tif"]),  # one name on a disk that takes no notice of capitals
        (["x.y/a.b.jpg", "a"], ["x.y/a.b", "a"]),
        (["con.jpg", "   .jpg", "日本.jpg"], ["con_", "trang__jpg__", "trang__jpg__"]),
        (["a--b__c.jpg", "khong-dat/a.jpg"], ["a-b_c", "khong-dat_/a"]),
    ],
)
def test_names_are_ascii_and_apart(names: Sequence[str], stems: Sequence[str]) -> None:
    found = stems_of(names)
    assert all(found[name].startswith(stem) for name, stem in zip(names, stems, strict=True)), found
    assert len({stem.lower() for stem in found.values()}) == len(names)
    assert all(stem.isascii() and ".." not in stem for stem in found.values())


def test_files_alike_in_every_way_are_told_apart_by_hash_whatever_the_order() -> None:
    names = ["Sổ 1/a.jpg", "So 1/a.jpg", "So_1/a.jpg"]
    found = stems_of(names)
    assert len(set(found.values())) == 3 and found == stems_of(reversed(names))


def test_long_names_are_cut_and_stay_apart() -> None:
    found = stems_of(["x" * 250 + "1.jpg", "x" * 250 + "2.jpg"])
    assert len(set(found.values())) == 2 and all(len(stem) < 120 for stem in found.values())


# ---- a batch and what it makes


def test_a_file_of_two_pages_is_one_case_of_two_sheets(run: Run) -> None:
    save(run.source / "two.tif", slip(3), slip(4))
    entry = run()["files"][2]
    assert (entry["file"], entry["pdf"], entry["verdict"]) == ("two.tif", "two.pdf", "pass")
    with pikepdf.open(run.target / "two.pdf") as pdf:
        assert len(pdf.pages) == 2
    assert entry["bytes"] == (run.target / "two.pdf").stat().st_size <= 100_000


def test_a_file_with_more_sheets_than_a_case_has_is_refused(run: Run) -> None:
    save(run.source / "many.tif", *[slip(5, (200, 100))] * 9)
    entry = run()["files"][2]
    assert (entry["reason"], entry["pdf"]) == ("scan_too_many_sheets", None)
    assert entry["gate"]["findings"][0]["params"] == {"pages": 9, "most": 8}


def test_a_bad_page_of_a_file_that_is_split_harms_no_other(run: Run) -> None:
    content = bytearray(save(run.source / "c.tif", table(2), table(2), table(2)).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = b"\xff" * 2000
    (run.source / "c.tif").write_bytes(content)
    report = run(split="grid", is_cropped=False)
    entries = [entry for entry in report["files"] if entry["file"] == "c.tif"]
    assert [e["gate"]["page"] for e in entries if e["pdf"] is None] == [2]
    assert {e["gate"]["page"] for e in entries if e["pdf"] is not None} == {1, 3}
    # the third page shows the same as the first
    assert {e["reason"] for e in entries if e["gate"]["page"] == 3} == {"page_twice"}
    names = [f"c--{number:02d}.pdf" for number in range(1, len(entries) + 1)]
    assert [e["pdf"] for e in entries if e["pdf"]] == [n for n, e in zip(names, entries, strict=True) if e["pdf"]]
    assert all((run.target / e["pdf"]).stat().st_size == e["bytes"] for e in entries if e["pdf"])


def test_the_same_page_twice_is_told_at_the_later_one(run: Run) -> None:
    (run.source / "c").mkdir()
    (run.source / "c" / "a.jpg").write_bytes((run.source / "a.jpg").read_bytes())
    entry = run(jobs=2)["files"][2]
    assert (entry["verdict"], entry["reason"], entry["pdf"]) == ("review", "page_twice", "c/a.pdf")
    assert entry["gate"]["page_findings"][-1]["params"] == {"page": "a.jpg"}


def test_pages_are_compared_in_the_order_of_their_names() -> None:
    one, other = "f" * 256 + "0" * 256, "0" * 256 + "f" * 256
    twice = pages_twice({"c": [(1, one)], "b": [(1, other), (2, one)], "a": [(1, "e" + one[1:])]})
    assert twice == {"b": {2: "a"}, "c": {1: "a"}}


def test_best_tries_are_kept_apart_when_asked_for(run: Run) -> None:
    report = run(budget=4_000, keeps_refused=True)
    assert sorted(pdfs_in(run.target)) == ["khong-dat/a.pdf", "khong-dat/b.pdf"]
    assert [(entry["pdf"], entry["gate"]["best_try"]) for entry in report["files"]] == [
        (None, "khong-dat/a.pdf"), (None, "khong-dat/b.pdf"),
    ]  # fmt: skip


def test_files_without_resolution_get_the_one_that_is_given(run: Run) -> None:
    Image.fromarray(slip(4)).save(run.source / "c.png")
    assert run()["files"][2]["reason"] == "dpi_assumed"
    assert run(dpi=200.0)["files"][2]["verdict"] == "pass"


# ---- going on


def test_what_is_done_is_not_done_again_and_the_report_is_the_same(run: Run) -> None:
    first = run()
    times = {path: path.stat().st_mtime_ns for path in run.target.glob("*.pdf")}
    assert run() == first and run.known == ["a.jpg", "b.jpg"]
    assert {path: path.stat().st_mtime_ns for path in run.target.glob("*.pdf")} == times
    assert report_of(run.target / "bao-cao.json") == first


def test_what_is_not_whole_or_not_the_same_any_more_is_made_again(run: Run) -> None:
    for seed, name in enumerate(("c", "d", "e"), start=3):
        save(run.source / f"{name}.jpg", slip(seed))
    first, made = run(), pdfs_in(run.target)
    (run.target / "a.pdf").unlink()
    (run.target / "b.pdf").write_bytes(made["b.pdf"][:-1])
    (run.target / "c.pdf").write_bytes(made["c.pdf"][:-1] + b"?")
    assert without_times(run()) == without_times(first)
    assert run.fresh == ["a.jpg", "b.jpg", "c.jpg"] and pdfs_in(run.target) == made
    save(run.source / "d.jpg", slip(7))  # scanned again under its name
    run()
    assert run.fresh == ["d.jpg"] and pdfs_in(run.target)["d.pdf"] != made["d.pdf"]


def test_what_is_refused_now_leaves_no_pdf_that_looks_good(run: Run) -> None:
    run()
    assert sorted(pdfs_in(run.target)) == ["a.pdf", "b.pdf"]
    report = run(budget=4_000)
    assert run.fresh == ["a.jpg", "b.jpg"] and pdfs_in(run.target) == {}
    told = {(entry["verdict"], entry["pdf"], entry["bytes"]) for entry in report["files"]}
    assert told == {("refuse", None, 0)} and all(entry["reason"] for entry in report["files"])


def test_a_file_that_gets_another_name_leaves_no_old_pdf(run: Run) -> None:
    run()
    save(run.source / "a.png", slip(9))
    run()
    assert sorted(pdfs_in(run.target)) == ["a__jpg.pdf", "a__png.pdf", "b.pdf"]


def test_a_line_cut_off_by_a_crash_is_no_line(run: Run) -> None:
    first = run()
    journal = run.target / ".hotich-scans" / "journal.jsonl"
    lines = journal.read_bytes()
    journal.write_bytes(lines[:-20])
    (run.target / ".hotich-scans" / "part-1").write_bytes(b"half a PDF")
    assert without_times(run()) == without_times(first) and len(run.fresh) == 1
    assert run() == report_of(run.target / "bao-cao.json") and run.fresh == []
    assert not list(run.target.rglob("part-*"))


def test_two_orders_differ_in_everything_that_decides_the_bytes() -> None:
    order = FileOrder("/x/a.jpg", "a.jpg", "a", "0" * 64, ScanSettings())
    others = [
        replace(order, sha256="1" * 64), replace(order, paper="A3"), replace(order, split="grid"), replace(order, dpi=200.0),
        replace(order, is_cropped=True), replace(order, settings=ScanSettings(budget=1)), replace(order, name="b.jpg"),
    ]  # fmt: skip
    assert len({settings_key(one) for one in [order, *others]}) == 8
    assert settings_key(replace(order, path="/y/a.jpg")) == settings_key(order)


# ---- what cannot be done


def test_pdfs_of_others_are_not_overwritten_unless_asked(run: Run) -> None:
    run.target.mkdir()
    (run.target / "a.pdf").write_bytes(b"%PDF of somebody")
    (run.target / "other.pdf").write_bytes(b"%PDF of somebody")
    with pytest.raises(RuleBroken, match="scan_out_has_files"):
        run()
    assert (run.target / "a.pdf").read_bytes() == b"%PDF of somebody"
    run(overwrites=True)
    assert len((run.target / "a.pdf").read_bytes()) > 1000
    assert (run.target / "other.pdf").read_bytes() == b"%PDF of somebody"


def test_two_batches_do_not_write_into_one_folder(run: Run) -> None:
    with Journal(run.target), pytest.raises(RuleBroken, match="scan_out_in_use"):
        run()


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "scan_no_space"), (errno.EDQUOT, "scan_no_space"), (errno.EROFS, "scan_out_not_writable")],
)
def test_a_disk_that_takes_no_more_is_told_as_such(number: int, code: str) -> None:
    told = refusal(OSError(number, os.strerror(number)), Path("out"))
    assert told.code == code and MESSAGES[code].format(**told.params)


def test_there_are_as_many_jobs_as_cores_unless_memory_is_scarce() -> None:
    cores = len(os.sched_getaffinity(0))
    assert usual_jobs(1_000) == cores and usual_jobs(10**16) == 1
