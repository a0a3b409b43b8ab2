"""Requests that change something, done once: cap-moi, dieu-chinh; and what became of them: trang-thai, doi-soat."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from partners.population.search import candidates
from partners.population.spelling import bare, is_within_one_slip
from partners.population.store import change_citizen, insert_citizen, writing
from partners.population.wire import (
    COLUMN_OF,
    LIVES,
    Refusal,
    citizen_in,
    citizen_out,
    is_birth,
    reference,
    text_of,
)  # fmt: skip

CREATED, ADJUSTED, SUSPECTED, REFUSED = "da_cap", "da_dieu_chinh", "nghi_trung", "tu_choi"
HERE = timedelta(hours=7)  # the day of a request is the day in Viet Nam
MOST_SUSPECTS = 10

Deed = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the client of the token, the request's own id, the office and the moment."""

    client: str
    request_id: str
    office: str
    at: datetime


def create(db: sqlite3.Connection, asking: Asking, body: Mapping[str, Any], *, suspect: bool = False) -> dict[str, Any]:
    """cap-moi: a citizen more, or a duplicate suspected, or a no. `suspect` is the fault of that name."""
    citizen = citizen_in(body.get("CongDan"))
    reason = text_of(body, "LyDo", is_needed=True)
    others = body.get("KhacVoi") or []
    if not isinstance(others, list) or not all(isinstance(each, str) for each in others):
        raise Refusal("BAD_REQUEST", "KhacVoi: danh sách MaCongDan")

    def do() -> dict[str, Any]:
        if wrong := _what_is_wrong(citizen, asking.at.date()):
            return _answer(REFUSED, reason=wrong)
        suspects = [row for row in _suspects(db, citizen) if reference(row["id"]) not in others]
        if suspect or suspects:
            return _answer(SUSPECTED, suspects=suspects or _alike(db, citizen))
        return _enter(db, citizen)

    return _once(db, asking, "cap_moi", {"citizen": citizen, "reason": reason, "others": others}, do)


def adjust(db: sqlite3.Connection, asking: Asking, body: Mapping[str, Any]) -> dict[str, Any]:
    """dieu-chinh: facts of one citizen changed on a legal basis; no when what stands is not what was said to stand."""
    number = text_of(body, "SoDinhDanh", 20, is_needed=True)
    basis = text_of(body, "CanCu", is_needed=True)
    changes = body.get("ThayDoi")
    if not isinstance(changes, list) or not changes or not all(isinstance(each, Mapping) for each in changes):
        raise Refusal("BAD_REQUEST", "ThayDoi: danh sách {Truong, Cu, Moi}")
    wanted = [(text_of(each, "Truong", 30), text_of(each, "Cu"), text_of(each, "Moi")) for each in changes]
    for field, _, _ in wanted:
        if field not in COLUMN_OF or field == "SoDinhDanh":
            raise Refusal("BAD_REQUEST", f"ThayDoi: không điều chỉnh được trường {field}")

    def do() -> dict[str, Any]:
        row = db.execute("select * from citizen where personal_id = ?", (number,)).fetchone()
        if row is None:
            return _answer(REFUSED, reason="Không có công dân mang số định danh này")
        citizen = dict(row)
        for field, before, after in wanted:
            column = COLUMN_OF[field]
            if bare(citizen[column]) != bare(before):
                return _answer(REFUSED, row, reason=f"{field}: giá trị đang lưu khác giá trị cũ trong yêu cầu")
            citizen[column] = after
        if wrong := _what_is_wrong(citizen, asking.at.date()):
            return _answer(REFUSED, row, reason=wrong)
        change_citizen(db, row["id"], citizen)
        return _answer(ADJUSTED, row)

    return _once(db, asking, "dieu_chinh", {"number": number, "basis": basis, "changes": wanted}, do)


def state_of(db: sqlite3.Connection, asking: Asking, body: Mapping[str, Any]) -> dict[str, Any]:
    """trang-thai: the first answer to a request; NOT_FOUND when it never came."""
    wanted = text_of(body, "MaYeuCauGoc", 40, is_needed=True)
    known = _known(db, asking.client, wanted)
    if known is None:
        raise Refusal("NOT_FOUND", "Không có yêu cầu mang mã này")
    return dict(json.loads(known["answer"]))


def requests_of(db: sqlite3.Connection, asking: Asking, body: Mapping[str, Any]) -> list[dict[str, str]]:
    """doi-soat: what was decided for this office on a day (Viet Nam's)."""
    day = text_of(body, "Ngay", 10, is_needed=True)
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Refusal("BAD_REQUEST", "Ngay: yyyy-mm-dd") from None
    rows = db.execute(
        "select * from request where client = ? and office = ? and day = ? order by number",
        (asking.client, asking.office, day),
    )
    return [
        {"MaYeuCau": row["request_id"], "Loai": row["kind"], "TrangThai": row["state"], "BienNhan": row["receipt"]}
        for row in rows
    ]


def _known(db: sqlite3.Connection, client: str, request_id: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = db.execute(
        "select * from request where client = ? and request_id = ?", (client, request_id)
    ).fetchone()
    return found


def _once(db: sqlite3.Connection, asking: Asking, kind: str, body: Any, do: Deed) -> dict[str, Any]:
    """Do it, or answer as the first time; deed and answer are one transaction."""
    digest = hashlib.sha256(json.dumps([kind, body], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with writing(db):
        known = _known(db, asking.client, asking.request_id)
        if known is not None:
            if known["body"] != digest:
                raise Refusal("OTHER_BODY", "MaYeuCau này đã dùng cho một yêu cầu khác")
            return dict(json.loads(known["answer"]))
        day = (asking.at.astimezone(UTC) + HERE).date().isoformat()
        number = int(db.execute("select coalesce(max(number), 0) + 1 from request").fetchone()[0])
        receipt = f"BN{day.replace('-', '')}-{number:07d}"
        told = do()
        answer = {"data": [told], "BienNhan": receipt}
        db.execute(
            "insert into request (number, client, request_id, kind, office, day, body, state, receipt, answer) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, asking.client, asking.request_id, kind, asking.office, day, digest, told["TrangThai"],
             receipt, json.dumps(answer, ensure_ascii=False)),
        )  # fmt: skip
        return answer


def _answer(
    state: str,
    row: Mapping[str, Any] | sqlite3.Row | None = None,
    *,
    reason: str = "",
    suspects: Sequence[sqlite3.Row] = (),
) -> dict[str, Any]:
    return {
        "MaCongDan": reference(row["id"]) if row is not None else "",
        "SoDinhDanh": row["personal_id"] if row is not None else "",
        "TrangThai": state,
        "LyDo": reason,
        "NghiTrung": [citizen_out(each) for each in suspects[:MOST_SUSPECTS]],
    }


def _what_is_wrong(citizen: Mapping[str, str], today: date) -> str:
    """Why these facts cannot stand, "" when they can."""
    birth = citizen["birth"]
    if not citizen["full_name"]:
        return "Thiếu họ và tên"
    if not is_birth(birth):
        return "Thiếu ngày, tháng, năm sinh hoặc không đúng dạng"
    if not birth[:4] >= "1900" or birth > today.isoformat():
        return "Năm sinh trước 1900 hoặc ngày sinh sau hôm nay"
    if citizen["sex"] not in ("1", "2"):
        return "Thiếu giới tính"
    if citizen["life"] not in ("", *LIVES):
        return "TrangThai: song, chet hoặc mat_tich"
    if citizen["personal_id"] and not _is_number_of(citizen):
        return "Số định danh không phù hợp với giới tính hoặc năm sinh"
    return ""


def _is_number_of(citizen: Mapping[str, str]) -> bool:
    number = citizen["personal_id"]
    return len(number) == 12 and number.isdigit() and number[3:6] == number_middle(citizen["birth"], citizen["sex"])


def number_middle(birth: str, sex: str) -> str:
    """Century with sex, and two figures of the year."""
    return f"{(int(birth[:2]) - 19) * 2 + (sex == '2')}{birth[2:4]}"


def _suspects(db: sqlite3.Connection, citizen: Mapping[str, str]) -> list[sqlite3.Row]:
    """Who may be the same: that number; or a name within one slip, a birth that fits, nothing said against it."""
    if number := citizen["personal_id"]:
        rows = db.execute("select * from citizen where personal_id = ?", (number,)).fetchall()
        if rows:
            return list(rows)
    found = candidates(db, citizen["full_name"], {"birth": citizen["birth"]})
    return [row for row in found if row["sex"] == citizen["sex"] and _may_share_parents(row, citizen)]


def _may_share_parents(row: sqlite3.Row, citizen: Mapping[str, str]) -> bool:
    return all(
        not row[column] or not citizen[column] or is_within_one_slip(bare(row[column]), bare(citizen[column]))
        for column in ("father_name", "mother_name")
    )


def _alike(db: sqlite3.Connection, citizen: Mapping[str, str]) -> list[sqlite3.Row]:
    """Somebody of the same year to be suspected, for the fault of that name."""
    rows = db.execute("select * from citizen where birth_year = ? limit 2", (int(citizen["birth"][:4]),)).fetchall()
    return list(rows or db.execute("select * from citizen limit 2").fetchall())


def _enter(db: sqlite3.Connection, citizen: dict[str, str]) -> dict[str, Any]:
    citizen = citizen | {"life": citizen["life"] or "song"}
    province = citizen["province_code"][-2:] if citizen["province_code"][-2:].isdigit() else "00"
    stem = f"{province:0>3}{number_middle(citizen['birth'], citizen['sex'])}"
    fresh = citizen["personal_id"] or ""
    while True:
        number = fresh or f"{stem}{secrets.randbelow(10**6):06d}"
        try:
            identity = insert_citizen(db, citizen | {"personal_id": number})
        except sqlite3.IntegrityError:  # only a drawn number can be taken: one that was sent was looked for before
            continue
        return _answer(CREATED, {"id": identity, "personal_id": number})
