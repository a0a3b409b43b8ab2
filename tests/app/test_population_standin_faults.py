"""Each fault of the stand-in, switched on at its command line while it serves, and what is left of a request then."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from population_partner import CITIZENS, CLIENT, ROOT, SECRET, RunningPartner, running_partner

from partners.population.generator import generate
from partners.population.planting import SHARES

HEADER = {"MaDVC": "2.000635", "MaTichHop": "HOTICH", "MaDonVi": "24529", "MaCanBo": "can.bo.1"}
NEW = {"NgayThangNamSinh": "1971-02-03", "GioiTinh": "1", "MaTinh": "66"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner")) as partner:
        yield partner


@pytest.fixture
def partner(running: RunningPartner) -> Iterator[RunningPartner]:
    running.no_faults()
    yield running
    running.no_faults()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "partners.population", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def post(partner: RunningPartner, path: str, body: dict[str, object], token: str = "") -> tuple[int, str, bytes]:
    """Status, Retry-After, content."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(partner.url + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, "", answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Retry-After", ""), error.read()


def token(partner: RunningPartner) -> str:
    _, _, told = post(partner, "/token", {"client_id": CLIENT, "client_secret": SECRET})
    return str(json.loads(told)["access_token"])


def create(
    partner: RunningPartner, name: str, request_id: str = "", entry: str = ""
) -> tuple[int, str, bytes]:  # fmt: skip
    body = {"MaYeuCau": request_id or str(uuid4()), "CongDan": NEW | {"HoVaTen": name}, "LyDo": "Chưa được thu thập"}
    return post(partner, "/v1/cap-moi", HEADER | body, entry or token(partner))


def test_the_command_switches_on_lists_and_switches_off(partner: RunningPartner) -> None:
    data = ("faults", "--data", str(partner.folder))
    assert command(*data, "on", "slow", "--value", "0.1", "--call", "cap-moi", "--times", "2").stdout == (
        "slow 0.1 cap-moi 2 times\n"
    )
    assert command(*data, "on", "suspected").stdout.splitlines() == ["slow 0.1 cap-moi 2 times", "suspected"]
    assert command(*data, "off", "slow").stdout == "suspected\n"
    refused = command(*data, "on", "wrong_answer", "--value", "poetry")
    assert (refused.returncode, "wrong_answer is one of" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("fault", "status", "wait"), [("down", 503, "30"), ("rate_limit", 429, "5"), ("token_expired", 401, "")]
)
def test_a_call_that_is_turned_away_leaves_nothing_behind(
    partner: RunningPartner, fault: str, status: int, wait: str
) -> None:
    entry, before = token(partner), len(partner.requests())
    partner.fault(fault, times=1, calls=("cap-moi",))
    name = f"Trần Văn {fault.title().replace('_', '')}"
    assert create(partner, name, entry=entry)[:2] == (status, wait)
    assert len(partner.requests()) == before and partner.citizens_named(name) == []
    assert create(partner, name, entry=entry)[0] == 200
    assert len(partner.citizens_named(name)) == 1


def test_a_time_out_after_commit_has_been_done_and_says_so_when_asked(partner: RunningPartner) -> None:
    request_id, entry = str(uuid4()), token(partner)
    partner.fault("timeout_after_commit", "0.2", times=1)
    assert create(partner, "Trần Văn Chậm", request_id, entry)[0] == 504
    (made,) = partner.citizens_named("Trần Văn Chậm")
    body = HEADER | {"MaYeuCau": str(uuid4()), "MaYeuCauGoc": request_id}
    told = json.loads(post(partner, "/v1/trang-thai", body, entry)[2])["response"]
    assert (told["data"][0]["TrangThai"], told["data"][0]["SoDinhDanh"]) == ("da_cap", made["personal_id"])
    again = json.loads(create(partner, "Trần Văn Chậm", request_id, entry)[2])["response"]
    assert again == told
    assert len(partner.citizens_named("Trần Văn Chậm")) == 1


@pytest.mark.parametrize("kind", ["not_json", "no_fields", "other_request"])
def test_a_wrong_answer_hides_what_was_done(partner: RunningPartner, kind: str) -> None:
    request_id = str(uuid4())
    partner.fault("wrong_answer", kind, times=1)
    name = f"Trần Văn {kind.title().replace('_', '')}"
    status, _, told = create(partner, name, request_id)
    assert status == 200
    if kind == "not_json":
        with pytest.raises(ValueError):
            json.loads(told)
    elif kind == "no_fields":
        assert "error_code" not in json.loads(told)["response"]
    else:
        assert json.loads(told)["correlationId"] != request_id
    assert len(partner.citizens_named(name)) == 1


def test_suspicion_on_order_creates_nobody(partner: RunningPartner) -> None:
    partner.fault("suspected", times=1)
    (told,) = json.loads(create(partner, "Trần Văn Lạ")[2])["response"]["data"]
    assert told["TrangThai"] == "nghi_trung" and told["NghiTrung"]
    assert partner.citizens_named("Trần Văn Lạ") == []


def test_what_was_answered_is_known_after_the_machine_was_switched_off(partner: RunningPartner) -> None:
    request_id = str(uuid4())
    first = create(partner, "Trần Văn Bền", request_id)
    partner.stop()
    with pytest.raises(OSError):
        create(partner, "Trần Văn Bền", request_id, "any")
    partner.start()
    assert create(partner, "Trần Văn Bền", request_id) == first
    assert len(partner.citizens_named("Trần Văn Bền")) == 1


def test_slowness_makes_late_and_nothing_else(partner: RunningPartner) -> None:
    partner.fault("slow", "0.4", calls=("cap-moi",), times=1)
    entry, begun = token(partner), time.monotonic()
    assert create(partner, "Trần Văn Lâu", entry=entry)[0] == 200
    assert time.monotonic() - begun >= 0.4
    assert len(partner.citizens_named("Trần Văn Lâu")) == 1


# ---- generation


def test_the_same_seed_gives_the_same_citizens_and_people_are_planted_with_every_kind(tmp_path: Path) -> None:
    people = [
        CITIZENS[0] | {"personal_id": f"066{0:03}{number:06}", "full_name": "Nguyễn Văn Hòa", "ethnicity": "Ê-đê"}
        for number in range(600)
    ]
    handed = tmp_path / "people.jsonl"
    absent = [people[0] | {"personal_id": "066000999999", "absent": "abroad"}]
    handed.write_text("".join(json.dumps(each) + "\n" for each in [*people, *absent]), encoding="utf-8")
    options = ("--size", "700", "--people", str(handed))
    told = []
    for name in ("one", "other"):
        assert command("generate", "--data", str(tmp_path / name), *options).stdout == "700 citizens\n"
        told.append(command("planted", "--data", str(tmp_path / name)).stdout)
    assert told[0] == told[1]
    kinds = {line.split("\t")[0] for line in told[0].splitlines()}
    assert kinds == {*SHARES, "abroad"}
    again = command("generate", "--data", str(tmp_path / "one"), "--size", "5")
    assert again.stdout == "700 citizens\n"  # what is there is kept
    with pytest.raises(ValueError, match="5000000"):
        generate(tmp_path / "many", size=5_000_001)
