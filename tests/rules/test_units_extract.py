"""The script that made the tables, on a small package of the same shape."""

from __future__ import annotations

import csv
import importlib.util
import json
import sqlite3
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "extract_units.py"
OLD = [
    ("Tỉnh Một", "Huyện A", "Xã Hoa", "01", "001", "00001", "tinhmot", "huyena", "xahoa", '["xahoacu", "hoacu"]'),
    ("Tỉnh Một", "Huyện A", "Thị Trấn Nụ", "01", "001", "00002", "tinhmot", "huyena", "thitrannu", None),
    ("Tỉnh Hai", "Huyện Đảo", None, "02", "002", None, "tinhhai", "huyendao", None, None),
]
NEW = [
    ("Tỉnh Một", "Xã Hoa", "01", "00001", "tinhmot", "xahoa"),
    ("Tỉnh Một", "Phường Nụ", "01", "00002", "tinhmot", "phuongnu"),
    ("Tỉnh Một", "Đặc khu Đảo", "01", "00003", "tinhmot", "dackhudao"),
]
CONVERTER = {
    "DICT_PROVINCE": {"tinhmot": ["tinhmot", "tinhhai"]},
    "DICT_PROVINCE_WARD_NO_DIVIDED": {
        "tinhmot": {"xahoa": ["tinhmot_huyena_xahoa"], "dackhudao": ["tinhhai_huyendao_"]}
    },
    "DICT_PROVINCE_WARD_DIVIDED": {
        "tinhmot": {
            "tinhmot_huyena_thitrannu": [
                {"newWardKey": "phuongnu", "isDefaultNewWard": True},
                {"newWardKey": "xahoa", "isDefaultNewWard": False},
            ]
        }
    },
}


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("extract_units", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "extract_units", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "DATA", tmp_path)
    header = "level,code,name,kind,parent,valid_from,valid_to,successors,change,verified\n"
    (tmp_path / "history.csv").write_text(header + "province,H-KHONG,Tỉnh Không,province,,,1991,01;02,divided,0\n")
    return module


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    base = sqlite3.connect(tmp_path / "dataset.db")
    base.execute(
        "CREATE TABLE admin_units_legacy (province, district, ward, provinceCode, districtCode, wardCode, provinceKey, "
        "districtKey, wardKey, wardAlias, districtAlias)"
    )
    base.executemany("INSERT INTO admin_units_legacy VALUES (?,?,?,?,?,?,?,?,?,?,NULL)", OLD)
    base.execute("CREATE TABLE admin_units (province, ward, provinceCode, wardCode, provinceKey, wardKey)")
    base.executemany("INSERT INTO admin_units VALUES (?,?,?,?,?,?)", NEW)
    base.commit()
    base.close()
    path = tmp_path / "package.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "dataset.db", "vietnamadminunits/data/dataset.db")
        archive.writestr("vietnamadminunits/data/converter_2025.json", json.dumps(CONVERTER))
        archive.writestr("vietnamadminunits-1.0.4.dist-info/licenses/LICENSE", "Licence text\r\n")
    return path


def run(script: ModuleType, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[dict[str, str]], list[str]]:
    monkeypatch.setattr(sys, "argv", ["extract_units.py", str(wheel)])
    assert script.main() == 0
    with (script.DATA / "units.csv").open(encoding="utf-8") as lines:
        units = list(csv.DictReader(lines))
    with (script.DATA / "changes.csv").open(encoding="utf-8") as lines:
        changes = ["{from}>{to}:{kind}:{is_default}".format(**row) for row in csv.DictReader(lines)]
    return units, changes


def test_units_changes_and_notice_are_written(script: ModuleType, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units, changes = run(script, wheel, monkeypatch)
    assert {
        row["code"]: row["name"] for row in units if row["valid_to"] == "2025-06-30" and row["level"] == "commune"
    } == {
        "00001": "Xã Hoa",
        "00002": "Thị trấn Nụ",
    }
    assert [row["former_names"] for row in units if row["code"] == "00001"] == ["xahoacu", ""]
    assert "commune/00002/>commune/00001/2025-07-01:divided:0" in changes
    assert "commune/00002/>commune/00002/2025-07-01:divided:1" in changes
    assert "district/002/>commune/00003/2025-07-01:type_changed:1" in changes
    assert "province/H-KHONG/>province/02/1991:divided:0" in changes
    assert "province/01/1991>province/01/2025-07-01:merged:1" in changes
    assert "Licence text\n" in (script.DATA / "NOTICE.txt").read_text(encoding="utf-8")


def test_the_same_package_gives_the_same_bytes(
    script: ModuleType, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(script, wheel, monkeypatch)
    first = [(script.DATA / name).read_bytes() for name in ("units.csv", "changes.csv")]
    run(script, wheel, monkeypatch)
    assert [(script.DATA / name).read_bytes() for name in ("units.csv", "changes.csv")] == first


def test_a_name_of_no_known_kind_stops_the_script(script: ModuleType) -> None:
    with pytest.raises(SystemExit, match="no known kind"):
        script.split_name("Vùng Lạ", script.COMMUNE_KINDS)
