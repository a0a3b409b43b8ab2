"""The contract over HTTP: tokens, limits, faults and envelopes around `calls`."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import falcon

from partners.population import access, calls, faults
from partners.population.extract import write_extract
from partners.population.store import FILE, connect
from partners.population.wire import Refusal

MOST_BYTES = 1_000_000
JSON_CALLS = ("tra-cuu", "cap-moi", "dieu-chinh", "trang-thai", "doi-soat")


class Stopped(Exception):
    """An answer before the work: status, seconds to wait."""

    def __init__(self, status: int, message: str, retry_after: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.retry_after = status, message, retry_after


class Desk:
    """What all calls share: the database (a connection a thread) and the limits."""

    def __init__(self, folder: Path, rate: float) -> None:
        self.folder, self.limiter, self._threads = folder, access.Limiter(rate), threading.local()

    @property
    def db(self) -> Any:
        """The connection of this thread."""
        if not hasattr(self._threads, "db"):
            self._threads.db = connect(self.folder / FILE)
        return self._threads.db

    def begin(self, call: str) -> None:
        """Faults that come before any work. Raises Stopped."""
        if (wait := faults.strikes(self.db, "down", call)) is not None:
            raise Stopped(503, "Hệ thống tạm ngừng", wait)
        if (wait := faults.strikes(self.db, "slow", call)) is not None:
            time.sleep(float(wait))

    def client_of(self, request: falcon.Request, call: str) -> str:
        """Whose token this is and that he may go on. Raises Stopped."""
        kind, _, token = (request.auth or "").partition(" ")
        client = access.client_of(self.db, token.strip()) if kind.lower() == "bearer" else None
        if client is None or faults.strikes(self.db, "token_expired", call) is not None:
            raise Stopped(401, "Thiếu mã truy cập hoặc mã đã hết hạn")
        if (wait := faults.strikes(self.db, "rate_limit", call)) is not None:
            raise Stopped(429, "Quá nhiều yêu cầu", wait)
        if seconds := self.limiter.wait_of(client):
            raise Stopped(429, "Quá nhiều yêu cầu", str(max(1, round(seconds))))
        return client


class Token:
    """POST /token."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        self.desk.begin("token")
        body = _body(request)
        given = (str(body.get(name) or "") for name in ("client_id", "client_secret"))
        token = access.issue_token(self.desk.db, *given)
        if token is None:
            raise Stopped(401, "Sai client_id hoặc client_secret")
        response.media = {"access_token": token, "token_type": "Bearer", "expires_in": access.TOKEN_LIFE}


class Call:
    """POST /v1/<call> with a JSON answer."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        self.desk.begin(self.name)
        client = self.desk.client_of(request, self.name)
        body = _body(request)
        told = calls.answer(self.desk.db, client, self.name, body)
        if (wait := faults.strikes(self.desk.db, "timeout_after_commit", self.name)) is not None:
            time.sleep(float(wait))
            raise Stopped(504, "Hết thời gian chờ")
        response.media = _envelope(200, calls.request_id_of(body), told)
        if (kind := faults.strikes(self.desk.db, "wrong_answer", self.name)) is not None:
            _spoil(response, kind)


class Extract:
    """POST /v1/trich-xuat: a Parquet file, or an envelope with a code."""

    name = "trich-xuat"

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        self.desk.begin(self.name)
        self.desk.client_of(request, self.name)
        body = _body(request)
        with tempfile.TemporaryDirectory(dir=self.desk.folder) as folder:
            target = Path(folder) / "extract.parquet"
            try:
                count = write_extract(self.desk.db, body, target)
            except Refusal as refusal:
                told = {"error_code": refusal.code, "message": refusal.message, "data": []}
                response.media = _envelope(200, calls.request_id_of(body), told)
                return
            response.content_type = "application/vnd.apache.parquet"
            response.set_header("X-So-Dong", str(count))
            # the file is gone from the folder with the block, its content stays readable through the open stream
            response.set_stream(target.open("rb"), target.stat().st_size)


def application(folder: Path, *, rate: float = access.CALLS_A_SECOND) -> falcon.App[Any, Any]:
    """The WSGI application over the database of a folder."""
    app = falcon.App()
    desk = Desk(folder, rate)
    app.add_route("/token", Token(desk))
    for name in JSON_CALLS:
        app.add_route(f"/v1/{name}", Call(desk, name))
    app.add_route("/v1/trich-xuat", Extract(desk))
    app.add_error_handler(Stopped, _stopped)
    return app


def _stopped(request: falcon.Request, response: falcon.Response, stop: Stopped, parameters: dict[str, Any]) -> None:
    response.status = stop.status
    if stop.retry_after:
        response.set_header("Retry-After", stop.retry_after)
    told = {"error_code": str(stop.status), "message": stop.message, "data": []}
    response.media = _envelope(stop.status, "", told)


def _body(request: falcon.Request) -> dict[str, Any]:
    """The JSON object of a request, {} for what is none: the call then says what is missing. Raises Stopped."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Stopped(413, "Nội dung quá lớn")
    try:
        body = json.loads(request.bounded_stream.read(MOST_BYTES))
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _envelope(status: int, request_id: str, told: dict[str, Any]) -> dict[str, Any]:
    name = "OK" if status == 200 else HTTPStatus(status).phrase.upper().replace(" ", "_")
    return {"code": str(status), "status": name, "correlationId": request_id or str(uuid4()), "response": told}


def _spoil(response: falcon.Response, kind: str) -> None:
    """What was done stays done; what is told of it is wrong."""
    told = response.media
    if kind == "not_json":
        response.media, response.text = None, "<html><body>Lỗi hệ thống</body></html>"
    elif kind == "no_fields":
        response.media = told | {"response": {"message": "OK"}}
    else:
        response.media = told | {"correlationId": str(uuid4())}
