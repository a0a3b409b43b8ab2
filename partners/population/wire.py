"""Citizens and refusals as they travel: the partner's own field names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

COLUMN_OF = {
    "SoDinhDanh": "personal_id",
    "SoCMND": "old_id",
    "HoVaTen": "full_name",
    "NgayThangNamSinh": "birth",
    "GioiTinh": "sex",
    "DanToc": "ethnicity",
    "QuocTich": "nationality",
    "QueQuan": "native_place",
    "NoiDangKyKhaiSinh": "registration_place",
    "NoiThuongTru": "residence",
    "MaTinh": "province_code",
    "MaXa": "commune_code",
    "HoVaTenCha": "father_name",
    "SoDinhDanhCha": "father_id",
    "HoVaTenMe": "mother_name",
    "SoDinhDanhMe": "mother_id",
    "HoVaTenVoChong": "spouse_name",
    "TrangThai": "life",
}
"""Field of a citizen on the wire -> column of the table."""

LIVES = ("song", "chet", "mat_tich")
LONGEST = 400


class Refusal(Exception):
    """An answer that is no: `code` and words, sent with HTTP 200 as the partner does."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def reference(identity: int) -> str:
    """MaCongDan of a row."""
    return f"CD{identity:09d}"


def name_parts(name: str) -> dict[str, str]:
    """First syllable, those between, last one; joined with blanks they are the name again."""
    parts = name.split()
    if len(parts) < 2:
        return {"Ho": "", "ChuDem": "", "Ten": name}
    return {"Ho": parts[0], "ChuDem": " ".join(parts[1:-1]), "Ten": parts[-1]}


def citizen_out(row: Mapping[str, Any] | Any) -> dict[str, Any]:
    """A row of the table as the wire carries it."""
    made: dict[str, Any] = {"MaCongDan": reference(row["id"])}
    for field, column in COLUMN_OF.items():
        made[field] = name_parts(row[column]) if field == "HoVaTen" else row[column]
    return made


def citizen_in(given: Any) -> dict[str, str]:
    """Columns of a citizen that was sent; fields that are unknown are refused, those left out are blank."""
    if not isinstance(given, Mapping):
        raise Refusal("BAD_REQUEST", "CongDan: thiếu hoặc không đúng dạng")
    unknown = sorted(set(given) - set(COLUMN_OF) - {"MaCongDan"})
    if unknown:
        raise Refusal("BAD_REQUEST", f"CongDan: trường không có trong hợp đồng: {', '.join(unknown)}")
    made = {column: text_of(given, field) for field, column in COLUMN_OF.items() if field != "HoVaTen"}
    return made | {"full_name": name_of(given)}


def name_of(given: Mapping[str, Any]) -> str:
    """HoVaTen as one text or in its three parts."""
    name = given.get("HoVaTen") or ""
    if isinstance(name, Mapping):
        name = " ".join(str(name.get(part) or "") for part in ("Ho", "ChuDem", "Ten"))
    if not isinstance(name, str) or len(name) > LONGEST:
        raise Refusal("BAD_REQUEST", "HoVaTen: không đúng dạng")
    return " ".join(name.split())


def text_of(given: Mapping[str, Any], field: str, longest: int = LONGEST, *, is_needed: bool = False) -> str:
    """One text field, blanks around it gone."""
    value = given.get(field)
    if value is None:
        value = ""
    if not isinstance(value, str) or len(value) > longest:
        raise Refusal("BAD_REQUEST", f"{field}: không đúng dạng hoặc dài quá {longest} ký tự")
    if is_needed and not value.strip():
        raise Refusal("BAD_REQUEST", f"{field}: bắt buộc")
    return value.strip()


def is_birth(text: str) -> bool:
    """yyyy, yyyy-mm or yyyy-mm-dd, and a day that exists."""
    if len(text) not in (4, 7, 10):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True
