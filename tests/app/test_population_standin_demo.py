"""The stand-in of a demo: made of the people of the demo books, opened by the secret of the state folder; signed files."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from population_partner import CLIENT, ROOT, SECRET, RunningPartner, awaited, free_port, running_partner

from hotich.config.management.commands import serve
from hotich.config.operation import stand_in
from partners.population.files import answer_file
from partners.population.store import open_folder

CITIZENS = 4_000  # more than the people of the demo books
ASKED = {"MaDVC": "2.000635", "MaTichHop": "HOTICH", "MaDonVi": "24529", "MaCanBo": "can.bo.1"}


@pytest.mark.parametrize(
    ("demo", "url", "adapter", "wanted"),
    [
        (True, "", "", True), (True, "", "live", True), (False, "", "", False), (True, "http://10.0.0.1", "", False),
        (True, "", "files", False), (True, "", "none", False),
    ],
)  # fmt: skip
def test_it_is_started_only_on_demo_state_without_another_partner(
    settings: Any, demo: bool, url: str, adapter: str, wanted: bool
) -> None:
    settings.DEMO, settings.HOTICH_POPULATION_URL, settings.HOTICH_POPULATION_ADAPTER = demo, url, adapter
    assert stand_in.is_wanted() is wanted


def test_it_makes_the_people_of_the_demo_books_once_and_opens_to_the_secret_of_the_state_folder(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "population"
    command = [sys.executable, "-m", "hotich.config.operation.stand_in", "--port", str(port)]
    environment = os.environ | {"HOTICH_STATE": str(tmp_path)}
    environment.pop("HOTICH_POPULATION_KEY", None)
    process = subprocess.Popen(
        [*command, "--citizens", str(CITIZENS), "--client", "hotich"], env=environment, start_new_session=True
    )
    try:
        awaited(process, port)
        secret = (tmp_path / "secrets" / "population").read_text()
        body = json.dumps({"client_id": "hotich", "client_secret": secret}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/token", body) as answer:
            assert json.load(answer)["access_token"]
        assert data.stat().st_mode & 0o077 == 0 and (data / "client-secret").stat().st_mode & 0o077 == 0
        assert not (data / stand_in.PEOPLE).exists()
        db = sqlite3.connect(data / "population.sqlite")
        assert db.execute("select count(*) from citizen").fetchone() == (CITIZENS,)
        living = "select count(*) from citizen where commune_code in ('24529', '24598', '24985')"
        assert db.execute(living).fetchone()[0] > 1500
        kinds = {kind for (kind,) in db.execute("select distinct kind from planted")}
        assert {"tone", "slip", "swapped_day_month", "year_only", "other_ethnicity", "entered_twice"} <= kinds
        assert {"never_collected", "dead_before", "abroad", "foreign"} <= kinds
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


@pytest.mark.parametrize("is_needed", [True, False])
def test_an_installation_ends_with_a_part_it_needs_and_goes_on_without_the_stand_in(
    monkeypatch: pytest.MonkeyPatch, is_needed: bool
) -> None:
    monkeypatch.setattr(serve, "RESTARTS", 0)
    child = serve.Child("a part", [sys.executable, "-c", "raise SystemExit(3)"], is_needed=is_needed)
    child.process.wait()
    assert child.keep_alive() is not is_needed
    child.stop()


# ---- signed files


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner")) as running:
        yield running


def signed(lines: list[dict[str, Any]], *, secret: str = SECRET, count: int | None = None) -> bytes:
    header = {
        "format": "hotich-population-1", "made_at": "2026-11-26T05:00:00+00:00", "office": "24529",
        "count": len(lines) if count is None else count, "key_id": CLIENT,
    }  # fmt: skip
    content = b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in (header, *lines))
    mark = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return content + json.dumps({"signature": mark}).encode() + b"\n"


def answer(partner: RunningPartner, folder: Path, content: bytes) -> tuple[int, str, Path]:
    """Exit code, what it says, the response file."""
    request, response = folder / "request.jsonl", folder / "response.jsonl"
    request.write_bytes(content)
    command = [sys.executable, "-m", "partners.population", "answer", "--data", str(partner.folder)]
    done = subprocess.run(
        [*command, str(request), str(response)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr, response


def test_a_signed_file_is_answered_line_by_line_and_twice_the_same(partner: RunningPartner, tmp_path: Path) -> None:
    person = {"HoVaTen": "Trần Văn Tệp", "NgayThangNamSinh": "1971-02-03", "GioiTinh": "1", "MaTinh": "66"}
    change = {"Truong": "DanToc", "Cu": "Kinh", "Moi": "Tày"}
    lines: list[dict[str, Any]] = [
        {"kind": "look_up", "SoDinhDanh": "066088000001"},
        {"kind": "create", "CongDan": person, "LyDo": "Chưa được thu thập"},
        {"kind": "adjust", "SoDinhDanh": "066090000002", "ThayDoi": [change], "CanCu": "QĐ 12"},
        {"kind": "erase", "SoDinhDanh": "066090000002"},
    ]
    lines = [each | ASKED | {"MaYeuCau": str(uuid4())} for each in lines]
    told = []
    for _ in range(2):
        code, words, response = answer(partner, tmp_path, signed(lines))
        assert (code, words) == (0, "4 requests answered\n")
        content = response.read_bytes()
        *whole, mark = content.removesuffix(b"\n").split(b"\n")
        given = hmac.new(SECRET.encode(), b"".join(line + b"\n" for line in whole), hashlib.sha256).hexdigest()
        assert json.loads(mark) == {"signature": given}
        header, *answers = map(json.loads, whole)
        assert (header["format"], header["office"], header["count"]) == ("hotich-population-1", "24529", 4)
        assert [each["MaYeuCau"] for each in answers] == [each["MaYeuCau"] for each in lines]
        told.append([each["response"] for each in answers])
    found, created, adjusted, refused = told[0]
    assert found["data"][0]["HoVaTen"]["Ten"] == "Hòa"
    assert (created["data"][0]["TrangThai"], adjusted["data"][0]["TrangThai"]) == ("da_cap", "da_dieu_chinh")
    assert refused["error_code"] == "BAD_REQUEST"
    assert told[1] == told[0]
    assert len(partner.citizens_named("Trần Văn Tệp")) == 1


def test_a_file_that_is_not_whole_or_not_its_clients_is_refused_whole(partner: RunningPartner, tmp_path: Path) -> None:
    line = ASKED | {"kind": "create", "MaYeuCau": str(uuid4()), "LyDo": "x", "CongDan": {"HoVaTen": "Trần Văn Giả"}}
    good, request, response = signed([line]), tmp_path / "request.jsonl", tmp_path / "response.jsonl"
    for content, words in (
        (signed([line], secret="guessed"), "signature"),
        (good.replace("Giả".encode(), "Thật".encode()), "signature"),
        (signed([line], count=2), "the header says 2"),
        (good.replace(b"hotich-population-1", b"hotich-population-9"), "another format"),
        (b"", "no request file"),
        (b"[]\n[]\n", "no request file"),
    ):
        request.write_bytes(content)
        with closing(open_folder(partner.folder)) as db, pytest.raises(ValueError, match=words):
            answer_file(db, request, response)
    assert not response.exists() and partner.citizens_named("Trần Văn Giả") == []
