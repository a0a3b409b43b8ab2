"""`hotich scans encode` as it is used: its own process, its report word for word, its exit codes, killed and begun again."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command

from hotich.scans.batch.journal import Journal
from hotich.scans.messages import MESSAGES
from tests.rules.batch_parts import command, encode, environment, pdfs_in, report_of, save, slip, without_times

KEYS = ["file", "pdf", "bytes", "dpi", "method", "gate", "verdict", "reason", "seconds"]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    save(folder / "Sổ 01" / "trang 1.jpg", slip(1))
    save(folder / "Sổ 01" / "trang 2.png", slip(2))
    save(folder / "hai mặt.tif", slip(3), slip(4))
    return folder


def test_there_is_an_entry_for_every_file_and_it_looks_as_agreed(tmp_path: Path, pages: Path) -> None:
    (pages / "empty.jpg").touch()
    (pages / "letter.docx").write_bytes(b"PK\x03\x04 no picture")
    (pages / "cut.jpg").write_bytes((pages / "Sổ 01" / "trang 1.jpg").read_bytes()[:4000])
    (pages / ".DS_Store").write_bytes(b"x")
    (pages / "link.jpg").symlink_to(pages / "cut.jpg")
    done = encode(tmp_path, "in", "out", "--cropped", "--jobs", 2, "--report", "told.json")
    assert (done.returncode, done.stderr) == (0, "")
    report = report_of(tmp_path / "told.json")
    files = report["files"]
    assert all(list(entry) == KEYS for entry in files)
    found = [entry["file"] for entry in files]
    assert found == sorted(path.relative_to(pages).as_posix() for path in pages.rglob("*") if not path.is_dir())
    assert {entry["file"]: entry["reason"] for entry in files if entry["verdict"] == "refuse"} == {
        ".DS_Store": "scan_passed_over", "cut.jpg": "image_truncated", "empty.jpg": "scan_file_empty",
        "letter.docx": "image_kind_unsupported", "link.jpg": "scan_is_link",
    }  # fmt: skip
    assert all(entry["reason"] == "" or entry["reason"] in MESSAGES for entry in files)
    good = {entry["pdf"]: entry for entry in files if entry["verdict"] == "pass"}
    assert (
        sorted(good) == sorted(pdfs_in(tmp_path / "out")) == ["So_01/trang_1.pdf", "So_01/trang_2.pdf", "hai_mat.pdf"]
    )
    for name, content in pdfs_in(tmp_path / "out").items():
        assert good[name]["bytes"] == len(content) <= 100_000
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) == (2 if name == "hai_mat.pdf" else 1)
    assert report["counts"] == {"files": 8, "cases": 8, "pdfs": 3, "pass": 3, "review": 0, "refuse": 5}
    assert done.stdout.count("\n") == 10  # a line a file, two at the end


def test_it_needs_no_database_and_writes_nothing_but_out(tmp_path: Path, pages: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert encode(tmp_path, "in/Sổ 01/trang 1.jpg", "out", "--cropped").returncode == 0
    made = sorted(path.relative_to(tmp_path).as_posix() for path in set(tmp_path.rglob("*")) - set(before))
    assert made == [
        "out", "out/.hotich-scans", "out/.hotich-scans/journal.jsonl", "out/.hotich-scans/lock", "out/bao-cao.json",
        "out/trang_1.pdf",
    ]  # fmt: skip


def test_the_budget_is_kept(tmp_path: Path, pages: Path) -> None:
    assert encode(tmp_path, "in", "out", "--cropped", "--budget", 20_000).returncode == 0
    entries = report_of(tmp_path / "out" / "bao-cao.json")["files"]
    assert all(entry["bytes"] <= 20_000 and bool(entry["pdf"]) == (entry["verdict"] != "refuse") for entry in entries)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["no-such", "out"], "scan_in_missing"),
        (["in", "in/out"], "scan_out_inside_in"),
        (["in", "in"], "scan_out_inside_in"),
        (["in", "out", "--report", "in/told.json"], "scan_out_inside_in"),
        (["in", "file"], "scan_out_not_writable"),
        (["in", "file/out"], "scan_out_not_writable"),
        (["in", "out", "--report", "no-such/told.json"], "scan_report_not_writable"),
        (["in", "busy"], "scan_out_in_use"),
        (["in", "others"], "scan_out_has_files"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(tmp_path: Path, arguments: list[str], code: str) -> None:
    save(tmp_path / "in" / "a.jpg", slip(1))
    (tmp_path / "file").touch()
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "a.pdf").write_bytes(b"%PDF")
    with Journal(tmp_path / "busy"):
        done = encode(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hotich: ") and done.stderr.count("\n") == 1
    words = MESSAGES[code].split("{")[-1].split("}")[-1].strip()
    assert words[:12] in done.stderr, done.stderr


def test_arguments_that_make_no_sense_are_exit_2(tmp_path: Path) -> None:
    for arguments in ([], ["in"], ["in", "out", "--jobs", "0"], ["in", "out", "--paper", "A9"]):
        done = encode(tmp_path, *arguments)
        assert done.returncode == 2 and done.stderr


def test_the_management_command_does_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "in" / "a.jpg", slip(1))
    call_command("scans", "encode", str(tmp_path / "in"), str(tmp_path / "out"), "--cropped", "--jobs", "1")
    assert report_of(tmp_path / "out" / "bao-cao.json")["files"][0]["verdict"] == "pass"
    with pytest.raises(SystemExit) as caught:
        call_command("scans", "encode", str(tmp_path / "in"), str(tmp_path / "in"))
    assert caught.value.code == 2 and capsys.readouterr().err.count("\n") == 1


def test_a_reader_of_its_lines_that_goes_away_does_not_end_it(tmp_path: Path, pages: Path) -> None:
    process = subprocess.Popen(
        command("in", "out", "--cropped"), env=environment(tmp_path), cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait() == 0
    assert report_of(tmp_path / "out" / "bao-cao.json")["counts"]["pass"] == 3


# ---- stopped


@pytest.fixture
def many(tmp_path: Path) -> Path:
    for number in range(8):
        save(tmp_path / "in" / f"{number:02d}.jpg", slip(number))
    save(tmp_path / "in" / "hai mặt.tif", slip(20), slip(21))
    (tmp_path / "in" / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return tmp_path


def _started(folder: Path, target: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("in", target, "--cropped", "--jobs", 2), env=environment(folder), cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def _done(folder: Path, target: str) -> int:
    journal = folder / target / ".hotich-scans" / "journal.jsonl"
    return journal.read_bytes().count(b'"key"') if journal.exists() else 0


def _wait_for(process: subprocess.Popen[bytes], folder: Path, target: str, files: int) -> None:
    while _done(folder, target) < files and process.poll() is None:
        time.sleep(0.01)


def test_killed_at_any_moment_it_goes_on_and_ends_with_the_same_report(many: Path) -> None:
    assert encode(many, "in", "whole", "--cropped", "--jobs", 2).returncode == 0
    wanted, rng = pdfs_in(many / "whole"), random.Random()
    for files in (0, 2, 6):
        process = _started(many, "out")
        _wait_for(process, many, "out", files)
        time.sleep(rng.random() * 0.5)
        process.kill()
        process.wait()
        found = pdfs_in(many / "out") if (many / "out").exists() else {}
        assert {name: found[name] for name in found} == {name: wanted[name] for name in found}, "no half-written PDF"
    before = {path: path.stat().st_mtime_ns for path in (many / "out").glob("*.pdf")}
    kept = _done(many, "out")
    assert encode(many, "in", "out", "--cropped", "--jobs", 2).returncode == 0
    assert pdfs_in(many / "out") == wanted
    one, other = (without_times(report_of(many / name / "bao-cao.json")) for name in ("whole", "out"))
    assert one == other
    untouched = sum(path.stat().st_mtime_ns == when for path, when in before.items())
    assert untouched >= kept - 1  # the file that is no picture is done as well, and has none
    assert not list((many / "out").rglob("part-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_says_how_to_go_on(many: Path, number: int) -> None:
    process = _started(many, "out")
    _wait_for(process, many, "out", 2)
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == 130 and "Chạy lại đúng lệnh này" in errors.decode()
    assert "Traceback" not in errors.decode() and not (many / "out" / "bao-cao.json").exists()
    lines = (many / "out" / ".hotich-scans" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["file"] for line in lines)
