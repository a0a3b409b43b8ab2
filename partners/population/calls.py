"""The calls of the contract by name, whoever carries them: HTTP or a signed file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from partners.population import requests
from partners.population.faults import strikes
from partners.population.requests import Asking
from partners.population.search import look_up
from partners.population.wire import Refusal, text_of

OK = {"error_code": "0", "message": "OK"}
# field every message carries -> longest
HEADER = {"MaDVC": 20, "MaDonVi": 35, "MaCanBo": 20}


def answer(db: sqlite3.Connection, client: str, call: str, body: Any) -> dict[str, Any]:
    """The `response` part of an envelope: error_code "0" with data, or a code with words. Every call is logged."""
    now = datetime.now(UTC)
    try:
        if not isinstance(body, Mapping):
            raise Refusal("BAD_REQUEST", "Nội dung không phải một đối tượng JSON")
        asking = _asking(client, body, now)
        response = OK | _work(db, asking, call, body)
    except Refusal as refusal:
        response = {"error_code": refusal.code, "message": refusal.message, "data": []}
    _log(db, client, call, body if isinstance(body, Mapping) else {}, now, response["error_code"])
    return response


def _work(db: sqlite3.Connection, asking: Asking, call: str, body: Mapping[str, Any]) -> dict[str, Any]:
    if call == "tra-cuu":
        return {"data": look_up(db, body)}
    if call == "cap-moi":
        return requests.create(db, asking, body, suspect=strikes(db, "suspected", call) is not None)
    if call == "dieu-chinh":
        return requests.adjust(db, asking, body)
    if call == "trang-thai":
        return requests.state_of(db, asking, body)
    return {"data": requests.requests_of(db, asking, body)}


def request_id_of(body: Any) -> str:
    """MaYeuCau of a message, "" where it has none that is one."""
    given = str(body.get("MaYeuCau") or "") if isinstance(body, Mapping) else ""
    try:
        return str(UUID(given))
    except ValueError:
        return ""


def _asking(client: str, body: Mapping[str, Any], now: datetime) -> Asking:
    request_id = request_id_of(body)
    if not request_id:
        raise Refusal("BAD_REQUEST", "MaYeuCau: bắt buộc, UUID")
    for field, longest in HEADER.items():
        text_of(body, field, longest, is_needed=True)
    text_of(body, "MaTichHop", 20)
    return Asking(client, request_id, text_of(body, "MaDonVi", 35), now)


def _log(
    db: sqlite3.Connection, client: str, call: str, body: Mapping[str, Any], now: datetime, error_code: str
) -> None:
    """Who asked for what purpose; never about whom."""
    told = (str(body.get(field) or "")[:40] for field in ("MaDVC", "MaDonVi", "MaCanBo"))
    db.execute(
        "insert into call (at, client, call, request_id, procedure, office, officer, error_code) values (?,?,?,?,?,?,?,?)",
        (now.isoformat(), client, call, request_id_of(body), *told, error_code),
    )
