"""Our words and the partner's: the fields of its messages, as docs/partners/population.md names them. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from hotich.reconciliation.adapters.base import (
    Context,
    CreateAnswer,
    PartnerRefused,
    PartnerUnreachable,
    Traced,
)
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.questions import Question

INTEGRATION = "HOTICH"  # MaTichHop: the programme that asks
NOT_FOUND = "NOT_FOUND"
UNREADABLE = "partner_answer_unreadable"

_LIFE = {"song": "alive", "chet": "dead", "mat_tich": "missing"}
_LIFE_THERE = {ours: theirs for theirs, ours in _LIFE.items()}
# da_cap answers a creation, da_dieu_chinh an adjustment
_STATES: Mapping[str, Literal["done", "suspected", "refused"]] = {
    "da_cap": "done", "da_dieu_chinh": "done", "nghi_trung": "suspected", "tu_choi": "refused",
}  # fmt: skip
_KINDS: Mapping[str, Literal["create", "adjust"]] = {"cap_moi": "create", "dieu_chinh": "adjust"}
# field of Citizen: field of the partner
FIELDS: Mapping[str, str] = {
    "ref": "MaCongDan", "personal_id": "SoDinhDanh", "old_id": "SoCMND", "full_name": "HoVaTen",
    "birth": "NgayThangNamSinh", "sex": "GioiTinh", "ethnicity": "DanToc", "nationality": "QuocTich",
    "native_place": "QueQuan", "birth_registration_place": "NoiDangKyKhaiSinh", "residence": "NoiThuongTru",
    "province_code": "MaTinh", "commune_code": "MaXa", "father_name": "HoVaTenCha",
    "father_personal_id": "SoDinhDanhCha", "mother_name": "HoVaTenMe", "mother_personal_id": "SoDinhDanhMe",
    "spouse_name": "HoVaTenVoChong", "life": "TrangThai",
}  # fmt: skip
# residence is told by the police, never by a register
_SENT = tuple(name for name in FIELDS if name in BookFacts.__dataclass_fields__ and name != "residence")


def header(context: Context, request_id: UUID | None = None) -> dict[str, Any]:
    """What stands in every message: request, procedure, programme, unit, officer (procedures.md 5.2)."""
    return {
        "MaYeuCau": str(request_id or context.request_id),
        "MaDVC": context.procedure[:20],
        "MaTichHop": INTEGRATION,
        "MaDonVi": context.office[:35],
        "MaCanBo": context.officer[:20],
    }


def question_body(question: Question) -> dict[str, Any]:
    """A question, without what it does not ask for."""
    return {FIELDS[name]: value for name in Question.__dataclass_fields__ if (value := getattr(question, name))}


def creation_body(facts: BookFacts, reason: str, others: Sequence[str] = ()) -> dict[str, Any]:
    """Somebody to be entered: what the book says, without residence; and who he is not."""
    person: dict[str, Any] = {FIELDS[name]: value for name in _SENT if (value := getattr(facts, name))}
    person["HoVaTen"] = split_name(facts.full_name)
    return {"CongDan": person, "LyDo": reason} | ({"KhacVoi": list(others)} if others else {})


def adjustment_body(personal_id: str, changes: Sequence[tuple[str, str, str]], basis: str) -> dict[str, Any]:
    """Facts to be changed, each with what it is now there."""
    told = [
        {"Truong": FIELDS[field], "Cu": _there(field, old), "Moi": _there(field, new)} for field, old, new in changes
    ]
    return {"SoDinhDanh": personal_id, "ThayDoi": told, "CanCu": basis}


def _there(field: str, value: str) -> str:
    return _LIFE_THERE.get(value, value) if field == "life" else value


def split_name(full_name: str) -> dict[str, str]:
    """Family name, middle names and given name: the first, the inner and the last word."""
    words = full_name.split()
    if len(words) < 2:
        return {"Ho": "", "ChuDem": "", "Ten": full_name.strip()}
    return {"Ho": words[0], "ChuDem": " ".join(words[1:-1]), "Ten": words[-1]}


def joined_name(told: object) -> str:
    """A name told whole or in its three parts."""
    if isinstance(told, Mapping):
        return " ".join(part for key in ("Ho", "ChuDem", "Ten") if (part := str(told.get(key) or "").strip()))
    return str(told or "").strip()


def response_of(envelope: object, request_id: UUID) -> Mapping[str, Any]:
    """The inner part of an answer. Raises PartnerRefused for a no, PartnerUnreachable for what is no answer to this
    request: then nobody knows what was done."""
    if not isinstance(envelope, Mapping) or not isinstance(response := envelope.get("response"), Mapping):
        raise PartnerUnreachable(UNREADABLE)
    if str(envelope.get("correlationId") or request_id) != str(request_id):
        raise PartnerUnreachable(UNREADABLE)
    code = str(response.get("error_code", ""))
    if not code or str(envelope.get("code")) not in ("200", "0"):
        raise PartnerUnreachable(UNREADABLE)
    if code != "0":
        raise PartnerRefused(code, str(response.get("message", ""))[:300])
    return response


def citizens_of(response: Mapping[str, Any]) -> list[Citizen]:
    """The citizens of an answer. Raises PartnerUnreachable where one has no id or no name."""
    return [_citizen(each) for each in _rows(response)]


def _citizen(told: object) -> Citizen:
    if not isinstance(told, Mapping):
        raise PartnerUnreachable(UNREADABLE)
    values = {name: _text(told.get(there)) for name, there in FIELDS.items() if name not in ("full_name", "life")}
    for name in ("full_name", "father_name", "mother_name", "spouse_name"):
        values[name] = joined_name(told.get(FIELDS[name]))
    if not values["ref"] or not values["full_name"]:
        raise PartnerUnreachable(UNREADABLE)
    return Citizen(**values, life=_LIFE.get(_text(told.get("TrangThai")), "alive"))


def answer_of(response: Mapping[str, Any]) -> CreateAnswer:
    """What became of a creation or adjustment.

    A created person without a well-made number is no answer: raises PartnerUnreachable, so that it is asked again.
    """
    rows = _rows(response)
    if len(rows) != 1 or not isinstance(row := rows[0], Mapping):
        raise PartnerUnreachable(UNREADABLE)
    state = _STATES.get(_text(row.get("TrangThai")))
    if state is None:
        raise PartnerUnreachable(UNREADABLE)
    number = _text(row.get("SoDinhDanh"))
    if state == "done" and not is_number(number):
        raise PartnerUnreachable(UNREADABLE)
    suspects = row.get("NghiTrung") or []
    return CreateAnswer(
        state=state,
        receipt=_text(row.get("BienNhan") or response.get("BienNhan"))[:100],
        personal_id=number,
        ref=_text(row.get("MaCongDan"))[:40],
        reason=_text(row.get("LyDo"))[:300],
        suspects=tuple(_citizen(each) for each in suspects),
    )


def is_number(number: str) -> bool:
    """Whether this is twelve digits; whether they fit the person is a matter of comparison."""
    return len(number) == 12 and number.isascii() and number.isdigit()


def traced_of(response: Mapping[str, Any]) -> list[Traced]:
    """The requests of a day. Raises PartnerUnreachable for what is not readable."""
    try:
        return [
            Traced(
                UUID(_text(row["MaYeuCau"])), _KINDS[row["Loai"]], _STATES[row["TrangThai"]], _text(row.get("BienNhan"))
            )
            for row in _rows(response)
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise PartnerUnreachable(UNREADABLE) from error


def day_body(day: date) -> dict[str, Any]:
    """The day to be agreed on."""
    return {"Ngay": day.isoformat()}


def area_body(area: str) -> dict[str, Any]:
    """A commune by its five digits, a province by its two."""
    return {"MaXa" if len(area) > 2 else "MaTinh": area}


def _rows(response: Mapping[str, Any]) -> Sequence[Any]:
    rows = response.get("data")
    if not isinstance(rows, list):
        raise PartnerUnreachable(UNREADABLE)
    return rows


def _text(told: object) -> str:
    return "" if told is None else str(told).strip()
