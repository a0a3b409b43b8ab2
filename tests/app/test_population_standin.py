"""The stand-in of the population database, asked over HTTP as the real process that `hotich serve` starts."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pytest
from population_partner import RunningPartner, running_partner

HEADER = {"MaDVC": "2.000635", "MaTichHop": "HOTICH", "MaDonVi": "24529", "MaCanBo": "can.bo.1"}
SOMEBODY = {"HoVaTen": "Trần Văn Mới", "NgayThangNamSinh": "1971-02-03", "GioiTinh": "1", "MaTinh": "66"}


class Asker:
    """Calls with a token; `call` answers the inner part, `status` the HTTP status and headers."""

    def __init__(self, partner: RunningPartner) -> None:
        self.partner = partner
        _, _, told = self.post("/token", {"client_id": partner.client, "client_secret": partner.secret}, token="")
        self.token = json.loads(told)["access_token"]

    def post(self, path: str, body: Any, token: str | None = None) -> tuple[int, dict[str, str], bytes]:
        token = self.token if token is None else token
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.partner.url + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, {name.lower(): text for name, text in error.headers.items()}, error.read()

    def raw(self, name: str, **body: Any) -> tuple[int, dict[str, str], bytes]:
        return self.post(f"/v1/{name}", {"MaYeuCau": str(uuid4())} | HEADER | body)

    def call(self, name: str, **body: Any) -> dict[str, Any]:
        status, _, told = self.raw(name, **body)
        assert status == 200, told
        answer: dict[str, Any] = json.loads(told)["response"]
        return answer

    def numbers(self, **asked: str) -> list[str]:
        return sorted(each["SoDinhDanh"] for each in self.call("tra-cuu", **asked)["data"])


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner"), size=300) as running:
        yield running


@pytest.fixture
def asker(partner: RunningPartner) -> Iterator[Asker]:
    partner.no_faults()
    yield Asker(partner)
    partner.no_faults()


# ---- tra-cuu


def test_a_number_finds_its_citizen_with_every_field_of_the_contract(asker: Asker) -> None:
    status, _, told = asker.raw("tra-cuu", SoDinhDanh="066088000001", MaYeuCau="0b0e3a6e-6a40-4f2a-9f0e-1d1c6f0a0001")
    envelope = json.loads(told)
    assert (status, envelope["code"], envelope["status"]) == (200, "200", "OK")
    assert envelope["correlationId"] == "0b0e3a6e-6a40-4f2a-9f0e-1d1c6f0a0001"
    assert envelope["response"] == {
        "error_code": "0",
        "message": "OK",
        "data": [
            {
                "MaCongDan": "CD000000001", "SoDinhDanh": "066088000001", "SoCMND": "240000001",
                "HoVaTen": {"Ho": "Nguyễn", "ChuDem": "Văn", "Ten": "Hòa"}, "NgayThangNamSinh": "1988-03-12",
                "GioiTinh": "1", "DanToc": "Kinh", "QuocTich": "Việt Nam", "QueQuan": "Xã Vụ Bổn, Tỉnh Đắk Lắk",
                "NoiDangKyKhaiSinh": "", "NoiThuongTru": "Thôn 1, Xã Vụ Bổn, Tỉnh Đắk Lắk", "MaTinh": "66",
                "MaXa": "24529", "HoVaTenCha": "Nguyễn Văn Thuận", "SoDinhDanhCha": "066060000001",
                "HoVaTenMe": "Trần Thị Lài", "SoDinhDanhMe": "066162000001", "HoVaTenVoChong": "", "TrangThai": "song",
            }
        ],
    }  # fmt: skip
    assert asker.numbers(SoCMND="240000001") == ["066088000001"]
    assert asker.numbers(SoDinhDanh="099999999999") == []


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        ({"NgayThangNamSinh": "1988-03-12"}, ["066088000001"]),
        ({"NgayThangNamSinh": "1988-12-03"}, ["066088000001"]),  # day and month swapped
        ({"NgayThangNamSinh": "1988"}, ["066088000001", "068088000009"]),
        ({"NgayThangNamSinh": "1988", "MaTinh": "68"}, ["068088000009"]),
        ({"NgayThangNamSinh": "1988-03"}, ["066088000001"]),
        ({"HoVaTenCha": "nguyen van thuan"}, ["066088000001"]),
        ({"HoVaTenMe": "Lê Thị Cức"}, ["068088000009"]),
        ({"MaXa": "24985"}, ["068088000009"]),
        ({"MaXa": "24985", "GioiTinh": "2"}, []),
        ({"NgayThangNamSinh": "1977-03-12"}, []),
    ],
)
def test_a_name_and_one_more_fact_find_without_marks_and_with_a_slip(
    asker: Asker, fact: dict[str, str], found: list[str]
) -> None:
    for name in ("Nguyễn Văn Hòa", "nguyen van hoa", "Nguyễn Văn Hoà", "Nguyên Văb Hòa"):
        assert [number for number in asker.numbers(HoVaTen=name, **fact) if number[3:6] == "088"] == found, name


def test_refusals_say_what_is_missing(asker: Asker) -> None:
    codes = {
        name: asker.call(name, **body)["error_code"]
        for name, body in {
            "tra-cuu": {"HoVaTen": "Nguyễn Văn Hòa"},
            "cap-moi": {"CongDan": SOMEBODY},
            "dieu-chinh": {"SoDinhDanh": "066088000001", "CanCu": "x", "ThayDoi": [{"Truong": "SoDinhDanh"}]},
            "trang-thai": {"MaYeuCauGoc": str(uuid4())},
            "doi-soat": {"Ngay": "hôm qua"},
            "trich-xuat": {},
        }.items()
    }
    assert codes == {
        "tra-cuu": "NOT_ENOUGH", "cap-moi": "BAD_REQUEST", "dieu-chinh": "BAD_REQUEST", "trang-thai": "NOT_FOUND",
        "doi-soat": "BAD_REQUEST", "trich-xuat": "BAD_REQUEST",
    }  # fmt: skip
    assert asker.call("tra-cuu", SoDinhDanh="1", MaYeuCau="7")["error_code"] == "BAD_REQUEST"
    assert asker.call("tra-cuu", SoDinhDanh="1", MaCanBo="")["error_code"] == "BAD_REQUEST"


def test_only_a_good_token_opens_and_each_call_is_logged_with_its_purpose(asker: Asker) -> None:
    assert asker.post("/token", {"client_id": asker.partner.client, "client_secret": "guessed"}, "")[0] == 401
    assert asker.post("/v1/tra-cuu", HEADER, "")[0] == 401
    assert asker.post("/v1/tra-cuu", HEADER, "made-up")[0] == 401
    before = len(asker.partner.calls())
    asker.call("tra-cuu", SoDinhDanh="066088000001")
    (logged,) = asker.partner.calls()[before:]
    assert (logged["call"], logged["procedure"], logged["officer"]) == ("tra-cuu", "2.000635", "can.bo.1")
    assert "066088000001" not in logged.values()


# ---- cap-moi, dieu-chinh


def test_the_same_request_sent_by_eight_at_once_makes_one_citizen(asker: Asker) -> None:
    body = {"MaYeuCau": str(uuid4()), "CongDan": SOMEBODY | {"HoVaTen": "Lò Văn Một"}, "LyDo": "Chưa được thu thập"}
    with ThreadPoolExecutor(8) as askers:
        answers = list(askers.map(lambda _: asker.call("cap-moi", **body), range(8)))
    assert len({json.dumps(each, sort_keys=True) for each in answers}) == 1
    (made,) = answers[0]["data"]
    assert (made["TrangThai"], made["SoDinhDanh"][:6]) == ("da_cap", "066071")
    assert [each["personal_id"] for each in asker.partner.citizens_named("Lò Văn Một")] == [made["SoDinhDanh"]]
    assert asker.call("trang-thai", MaYeuCauGoc=body["MaYeuCau"])["data"] == [made]
    assert asker.call("cap-moi", **body | {"LyDo": "khác"})["error_code"] == "OTHER_BODY"
    today = (datetime.now(UTC) + timedelta(hours=7)).date().isoformat()
    traced = {each["MaYeuCau"]: each for each in asker.call("doi-soat", Ngay=today)["data"]}
    assert traced[body["MaYeuCau"]] == {
        "MaYeuCau": body["MaYeuCau"], "Loai": "cap_moi", "TrangThai": "da_cap", "BienNhan": answers[0]["BienNhan"],
    }  # fmt: skip
    assert body["MaYeuCau"] not in {e["MaYeuCau"] for e in asker.call("doi-soat", Ngay=today, MaDonVi="1")["data"]}


def test_somebody_who_may_be_there_is_suspected_until_it_is_said_that_he_is_another(asker: Asker) -> None:
    again = {"HoVaTen": "Nguyễn Văn Hỏa", "NgayThangNamSinh": "1988-12-03", "GioiTinh": "1", "MaTinh": "66"}
    (told,) = asker.call("cap-moi", CongDan=again, LyDo="Chưa được thu thập")["data"]
    assert (told["TrangThai"], told["SoDinhDanh"]) == ("nghi_trung", "")
    assert [each["SoDinhDanh"] for each in told["NghiTrung"]] == ["066088000001"]
    seen = [each["MaCongDan"] for each in told["NghiTrung"]]
    other_father = again | {"HoVaTenCha": "Phạm Văn Lộc"}
    for body in ({"CongDan": again, "KhacVoi": seen}, {"CongDan": other_father}):
        (told,) = asker.call("cap-moi", LyDo="Chưa được thu thập", **body)["data"]
        assert told["TrangThai"] == "da_cap"
        again = again | {"HoVaTen": "Nguyễn Văn Hùng Hòa"}  # the first is there now
        other_father |= {"HoVaTen": "Nguyễn Văn Hùng Hào"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"NgayThangNamSinh": "1971-02-30"}, {"NgayThangNamSinh": "2999-01-01"}, {"GioiTinh": ""}, {"HoVaTen": ""},
        {"SoDinhDanh": "066171000001"},
    ],
)  # fmt: skip
def test_a_person_whose_facts_cannot_be_is_refused(asker: Asker, wrong: dict[str, str]) -> None:
    (told,) = asker.call("cap-moi", CongDan=SOMEBODY | wrong, LyDo="Chưa được thu thập")["data"]
    assert told["TrangThai"] == "tu_choi" and told["LyDo"]


def test_an_adjustment_changes_what_stands_only_when_it_knows_what_stands(asker: Asker) -> None:
    (mother,) = (each for each in asker.partner.citizens if each["full_name"] == "Trần Thị Lài")

    def adjust(before: str, after: str) -> dict[str, Any]:
        change = {"Truong": "HoVaTen", "Cu": before, "Moi": after}
        return dict(
            asker.call("dieu-chinh", SoDinhDanh=mother["personal_id"], ThayDoi=[change], CanCu="QĐ 1")["data"][0]
        )

    assert adjust("Trần Thị Mai", "Trần Thị Lan")["TrangThai"] == "tu_choi"
    assert adjust("Trần Thị Lài", "Trần Thị Lan")["TrangThai"] == "da_dieu_chinh"
    assert asker.numbers(HoVaTen="Trần Thị Lan", NgayThangNamSinh="1962") == [mother["personal_id"]]
    assert adjust("Trần Thị Lan", "Trần Thị Lài")["TrangThai"] == "da_dieu_chinh"


# ---- trich-xuat


def test_an_extract_holds_the_citizens_of_the_commune_in_the_columns_of_matching(asker: Asker, tmp_path: Path) -> None:
    status, headers, told = asker.raw("trich-xuat", MaXa="24985")
    assert (status, headers["content-type"]) == (200, "application/vnd.apache.parquet")
    file = tmp_path / "extract.parquet"
    file.write_bytes(told)
    rows = duckdb.sql(f"select * from '{file}' where personal_id = '068088000009'").fetchall()
    names = [each[0] for each in duckdb.sql(f"describe select * from '{file}'").fetchall()]
    assert dict(zip(names, rows[0], strict=True)) == {
        "id": "CD000000005", "full_name": "Nguyễn Văn Hòa", "birth_date": "1988-09-30", "sex": "male",
        "father_name": "Nguyễn Văn Bảy", "mother_name": "Lê Thị Cúc", "province_code": "68", "commune_code": "24985",
        "personal_id": "068088000009", "old_id": None, "ethnicity": "Kinh", "nationality": "Việt Nam",
        "native_place": "Xã Vụ Bổn, Tỉnh Đắk Lắk", "spouse_name": None, "life": "alive",
    }  # fmt: skip
    assert int(headers["x-so-dong"]) == len(duckdb.sql(f"select id from '{file}'").fetchall()) > 1
    empty = tmp_path / "empty.parquet"
    empty.write_bytes(asker.raw("trich-xuat", MaTinh="99")[2])
    assert duckdb.sql(f"select count(*) from '{empty}'").fetchall() == [(0,)]
