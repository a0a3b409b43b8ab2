"""The population database over HTTP: short waits, one token, a breaker. It never sends anything twice by itself."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from hotich.reconciliation.adapters import wire
from hotich.reconciliation.adapters.base import (
    Context,
    CreateAnswer,
    PartnerNotAsked,
    PartnerRefused,
    PartnerUnreachable,
    Traced,
)
from hotich.reconciliation.adapters.breaker import Breaker
from hotich.reconciliation.rules.citizen import BookFacts, Citizen
from hotich.reconciliation.rules.questions import Question

CONNECT = 2.0
ASKING = 4.0  # somebody sits before the screen
CHANGING = 10.0
FETCHING = 300.0
MOST_BYTES = 8_000_000
_PIECE = 1 << 20


class LivePartner:
    """The partner at an address. Safe for threads; one for a process, so that token and breaker are shared."""

    name = "live"

    def __init__(
        self, url: str, client: str, secret: str, *, authorities: str = "", breaker: Breaker | None = None,
        asking: float = ASKING, changing: float = CHANGING,
    ) -> None:  # fmt: skip
        """`authorities`: a file of certificates to trust instead of those of the system."""
        self._url, self._client, self._secret = url.rstrip("/"), client, secret
        self._asking, self._changing = asking, changing
        self._breaker = breaker or Breaker()
        # a proxy of the environment is for the open internet; this partner is on a network of the state
        self._pool = urllib3.PoolManager(
            maxsize=8, retries=False, cert_reqs="CERT_REQUIRED", ca_certs=authorities or None
        )
        self._lock = threading.Lock()
        self._token, self._good_until = "", 0.0

    def look_up(self, context: Context, question: Question) -> Sequence[Citizen]:
        """See `Partner.look_up`. Raises PartnerRefused TOO_MANY for a question that fits too many."""
        body = wire.header(context) | wire.question_body(question)
        return wire.citizens_of(self._ask("/v1/tra-cuu", body, context.request_id, self._asking))

    def create(self, context: Context, facts: BookFacts, reason: str, others: Sequence[str] = ()) -> CreateAnswer:
        """See `Partner.create`."""
        body = wire.header(context) | wire.creation_body(facts, reason, others)
        return wire.answer_of(self._ask("/v1/cap-moi", body, context.request_id, self._changing))

    def adjust(
        self, context: Context, personal_id: str, changes: Sequence[tuple[str, str, str]], basis: str
    ) -> CreateAnswer:
        """See `Partner.adjust`."""
        body = wire.header(context) | wire.adjustment_body(personal_id, changes, basis)
        return wire.answer_of(self._ask("/v1/dieu-chinh", body, context.request_id, self._changing))

    def state_of(self, context: Context) -> CreateAnswer | None:
        """See `Partner.state_of`. The question has an id of its own."""
        own = uuid4()
        body = wire.header(context, own) | {"MaYeuCauGoc": str(context.request_id)}
        try:
            return wire.answer_of(self._ask("/v1/trang-thai", body, own, self._changing))
        except PartnerRefused as refusal:
            if refusal.args[0] == wire.NOT_FOUND:
                return None
            raise

    def requests_of(self, context: Context, day: date) -> Sequence[Traced]:
        """See `Partner.requests_of`."""
        body = wire.header(context) | wire.day_body(day)
        return wire.traced_of(self._ask("/v1/doi-soat", body, context.request_id, self._changing))

    def extract(self, context: Context, area: str, target: Path) -> int:
        """See `Partner.extract`: whole or not at all."""
        body = wire.header(context) | wire.area_body(area)
        part = target.with_name(f".{target.name}.part")
        try:
            self._fetch("/v1/trich-xuat", body, context.request_id, part)
            count = _rows_in(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return count

    def _ask(self, path: str, body: Mapping[str, Any], request_id: UUID, wait: float) -> Mapping[str, Any]:
        """One question, one answer; a token that was refused is fetched anew, once, since nothing was done then."""
        answer = self._guarded(path, body, wait)
        return wire.response_of(answer, request_id)

    def _guarded(self, path: str, body: Mapping[str, Any], wait: float) -> object:
        if not self._breaker.lets_through():
            raise PartnerNotAsked("partner_resting")
        try:
            status, headers, content = self._post_signed_in(path, body, wait)
        except PartnerUnreachable:
            self._breaker.failed()
            raise
        _must_be_answered(status, headers, self._breaker)
        return _json(content)

    def _post_signed_in(
        self, path: str, body: Mapping[str, Any], wait: float
    ) -> tuple[int, Mapping[str, str], bytes]:  # fmt: skip
        status, headers, content = self._post(path, body, wait, self._signed_in())
        if status == 401:
            self._forget_token()
            status, headers, content = self._post(path, body, wait, self._signed_in())
        return status, headers, content

    def _post(  # nosec B107 - "": no token yet
        self, path: str, body: Mapping[str, Any], wait: float, token: str = ""
    ) -> tuple[int, Mapping[str, str], bytes]:
        response = self._open(path, body, wait, token)
        try:
            content = response.read(MOST_BYTES + 1, decode_content=True)
        except HTTPError as error:
            raise PartnerUnreachable("partner_timeout") from error
        finally:
            response.release_conn()
        if len(content) > MOST_BYTES:
            raise PartnerUnreachable(wire.UNREADABLE)
        return response.status, response.headers, content

    def _open(self, path: str, body: Mapping[str, Any], wait: float, token: str) -> urllib3.BaseHTTPResponse:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            return self._pool.request(
                "POST", self._url + path, body=json.dumps(body, ensure_ascii=False).encode(), headers=headers,
                timeout=urllib3.Timeout(connect=CONNECT, read=wait), redirect=False, preload_content=False,
            )  # fmt: skip
        except (ConnectTimeoutError, NewConnectionError, NameResolutionError) as error:
            raise PartnerNotAsked("partner_unreachable") from error
        except ReadTimeoutError as error:
            raise PartnerUnreachable("partner_timeout") from error
        except HTTPError as error:  # cut off while it was sent or answered
            raise PartnerUnreachable("partner_unreachable") from error

    def _signed_in(self) -> str:
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._token, seconds = self._new_token()
                self._good_until = time.monotonic() + max(1.0, seconds - 30)
            return self._token

    def _new_token(self) -> tuple[str, float]:
        body = {"client_id": self._client, "client_secret": self._secret}
        try:
            status, headers, content = self._post("/token", body, self._asking)
        except PartnerUnreachable as error:
            raise PartnerNotAsked(str(error.args[0])) from error  # nothing but a token was asked for
        if status in (400, 401, 403):
            raise PartnerNotAsked("partner_sign_in_refused")
        if status == 429:
            raise PartnerNotAsked("partner_busy", _seconds(headers))
        if status != 200:
            raise PartnerNotAsked("partner_down")
        told = _json(content)
        if not isinstance(told, Mapping) or not told.get("access_token"):
            raise PartnerNotAsked(wire.UNREADABLE)
        return str(told["access_token"]), float(told.get("expires_in") or 60)

    def _forget_token(self) -> None:
        with self._lock:
            self._good_until = 0.0

    def _fetch(self, path: str, body: Mapping[str, Any], request_id: UUID, part: Path) -> None:
        if not self._breaker.lets_through():
            raise PartnerNotAsked("partner_resting")
        response = self._open(path, body, FETCHING, self._signed_in())
        try:
            if response.headers.get("Content-Type", "").startswith("application/json"):
                _must_be_answered(response.status, response.headers, self._breaker)
                wire.response_of(_json(response.read(MOST_BYTES)), request_id)
                raise PartnerUnreachable(wire.UNREADABLE)  # an answer without a file
            _must_be_answered(response.status, response.headers, self._breaker)
            part.touch(mode=0o600)
            with part.open("wb") as stream:
                for piece in response.stream(_PIECE):
                    stream.write(piece)
        except HTTPError as error:
            raise PartnerUnreachable("partner_timeout") from error
        finally:
            response.release_conn()


def _must_be_answered(status: int, headers: Mapping[str, str], breaker: Breaker) -> None:
    """Raises PartnerNotAsked, PartnerUnreachable for a status that carries no answer."""
    if status == 200:
        breaker.succeeded()
        return
    if status == 429:
        raise PartnerNotAsked("partner_busy", _seconds(headers))
    if status in (401, 403):
        raise PartnerNotAsked("partner_sign_in_refused")
    breaker.failed()
    # whoever says 503 may have done it before he went down
    raise PartnerUnreachable("partner_down" if status in (502, 503, 504) else wire.UNREADABLE)


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return min(float(headers.get("Retry-After", "")), 3600.0)
    except ValueError:
        return None


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError as error:
        raise PartnerUnreachable(wire.UNREADABLE) from error


def _rows_in(path: Path) -> int:
    """How many citizens a file has. Raises PartnerUnreachable for what is no Parquet file."""
    import duckdb  # only where extracts are fetched

    try:
        with duckdb.connect() as db:
            row = db.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    except duckdb.Error as error:
        raise PartnerUnreachable(wire.UNREADABLE) from error
    return int(row[0]) if row else 0
