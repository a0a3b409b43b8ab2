"""Identifiers made in Python, so that the same code runs on every PostgreSQL from 15 on."""

from __future__ import annotations

import os
import threading
import time
import uuid

_NAMESPACE = uuid.UUID("6f0b3a7e-0c59-5d0e-9a43-2d6f3b1a7c55")
_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A time-ordered identifier (RFC 9562, version 7); strictly increasing within one process."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 bits of their fraction; never the same twice
        now = (time.time_ns() << 12) // 1_000_000
        _last = now if now > _last else _last + 1
        stamp = _last
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62
    return uuid.UUID(int=value | int.from_bytes(os.urandom(8)) >> 2)


def stable_uuid(*parts: object) -> uuid.UUID:
    """The same identifier for the same parts, for rows that can be drawn again."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts))
