"""Signed request files answered by signed response files: for networks that are not joined."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from partners.population import access, calls

FORMAT = "hotich-population-1"
CALL_OF = {"look_up": "tra-cuu", "create": "cap-moi", "adjust": "dieu-chinh", "state": "trang-thai"}


def signature(secret: str, lines: Sequence[bytes]) -> str:
    """HMAC-SHA256, in hexadecimal digits, over the lines with the line feed that ends each."""
    return hmac.new(secret.encode(), b"".join(line + b"\n" for line in lines), hashlib.sha256).hexdigest()


def answer_file(db: sqlite3.Connection, request: Path, response: Path) -> int:
    """Answer every request of a file; how many. ValueError for a file that is not signed by its client or not whole.

    Answering the same file again gives the same answers to what changes something.
    """
    header, bodies, secret = read_signed(db, request)
    answers = [_answered(db, header["key_id"], body) for body in bodies]
    told = {name: header[name] for name in ("format", "office", "key_id")}
    _write_signed(response, told | {"made_at": datetime.now(UTC).isoformat(), "count": len(answers)}, answers, secret)
    return len(answers)


def read_signed(db: sqlite3.Connection, file: Path) -> tuple[dict[str, Any], list[Any], str]:
    """Header, lines and the secret of the client that signed."""
    lines = file.read_bytes().removesuffix(b"\n").split(b"\n")
    try:
        header, *bodies, last = (json.loads(line) for line in lines)
        if header["format"] != FORMAT:
            raise ValueError(f"{file.name}: another format")
        client, given = str(header["key_id"]), str(last["signature"])
        office, count = header["office"], header["count"]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{file.name}: no request file ({error})") from None
    secret = access.secret_of(db, client)
    if secret is None or not hmac.compare_digest(signature(secret, lines[:-1]), given):
        raise ValueError(f"{file.name}: the signature is not that of {client}")
    if not isinstance(office, str) or count != len(bodies):
        raise ValueError(f"{file.name}: {len(bodies)} requests, the header says {count}")
    return header, bodies, secret


def _answered(db: sqlite3.Connection, client: str, body: Any) -> dict[str, Any]:
    call = CALL_OF.get(str(body.get("kind"))) if isinstance(body, dict) else None
    if call is None:
        refusal = {"error_code": "BAD_REQUEST", "message": "kind: look_up, create, adjust hoặc state", "data": []}
        return {"MaYeuCau": calls.request_id_of(body), "response": refusal}
    return {"MaYeuCau": calls.request_id_of(body), "response": calls.answer(db, client, call, body)}


def _write_signed(file: Path, header: dict[str, Any], answers: Sequence[dict[str, Any]], secret: str) -> None:
    lines = [json.dumps(each, ensure_ascii=False).encode() for each in (header, *answers)]
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.touch(mode=0o600)
    last = json.dumps({"signature": signature(secret, lines)}).encode()
    part.write_bytes(b"".join(line + b"\n" for line in (*lines, last)))
    part.replace(file)
