"""Requests and answers as signed JSON lines, for a population database on a closed network (requirement H1). Pure.

The first line is a header, the last one the signature: HMAC-SHA256 over every byte before it, under the secret both
sides share. Format: docs/partners/population.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.kernel.problems import RuleBroken

FORMAT = "hotich-population-1"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of a file: its place, the request it belongs to, the inner answer."""

    line: int
    request_id: UUID
    response: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of answers whose signature was right."""

    header: Mapping[str, Any]
    answers: Sequence[AnswerLine]


def write_lines(
    requests: Sequence[Mapping[str, Any]], *, office: str, made_at: datetime, client: str, secret: str
) -> bytes:
    """A signed file of requests, each a line as `{"kind", "MaYeuCau", …}`; `client` tells whose secret it is."""
    header = {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "office": office,
        "count": len(requests),
        "key_id": client,
    }
    body = b"".join(_line(each) for each in (header, *requests))
    return body + _line({"signature": _signature(body, secret)})


def read_answers(content: bytes, *, secrets: Sequence[str]) -> AnswerFile:
    """A signed file of answers; under the present secret or a former one.

    Nothing of it is looked at before the signature. Raises RuleBroken: exchange_file_unreadable,
    exchange_file_signature, exchange_file_count.
    """
    body, last = _parted(content)
    told = _object(last, 0).get("signature")
    if not isinstance(told, str) or not any(hmac.compare_digest(_signature(body, key), told) for key in secrets):
        raise RuleBroken("exchange_file_signature", field="file")
    lines = body.splitlines()
    header = _object(lines[0], 1)
    if header.get("format") != FORMAT:
        raise RuleBroken("exchange_file_unreadable", field="file", line=1)
    answers = [_answer(line, place) for place, line in enumerate(lines[1:], start=2)]
    if header.get("count") != len(answers):
        raise RuleBroken("exchange_file_count", field="file", told=str(header.get("count")), found=len(answers))
    return AnswerFile(header, answers)


def _parted(content: bytes) -> tuple[bytes, bytes]:
    whole = content.rstrip(b"\r\n")
    body, found, last = whole.rpartition(b"\n")
    if not found:
        raise RuleBroken("exchange_file_unreadable", field="file", line=1)
    return body + b"\n", last


def _answer(line: bytes, place: int) -> AnswerLine:
    told = _object(line, place)
    try:
        response = told["response"]
        if not isinstance(response, Mapping):
            raise TypeError
        return AnswerLine(place, UUID(str(told["MaYeuCau"])), response)
    except (KeyError, TypeError, ValueError) as error:
        raise RuleBroken("exchange_file_unreadable", field="file", line=place) from error


def _object(line: bytes, place: int) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError as error:
        raise RuleBroken("exchange_file_unreadable", field="file", line=place) from error
    if not isinstance(told, dict):
        raise RuleBroken("exchange_file_unreadable", field="file", line=place)
    return told


def _line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode() + b"\n"


def _signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
