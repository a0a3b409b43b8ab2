"""Who may ask: clients with a secret, tokens for an hour, so many calls a second."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import threading
import time
from dataclasses import dataclass, field

TOKEN_LIFE = 3600
CALLS_A_SECOND = 200.0


def register_client(db: sqlite3.Connection, identity: str, secret: str) -> None:
    """Make a client known, or give it another secret; tokens of the former one end."""
    known = secret_of(db, identity)
    if known != secret:
        db.execute("insert or replace into client values (?, ?)", (identity, secret))
        db.execute("delete from token where client = ?", (identity,))


def secret_of(db: sqlite3.Connection, identity: str) -> str | None:
    """The secret a client shares with us, None for a stranger."""
    row = db.execute("select secret from client where id = ?", (identity,)).fetchone()
    return None if row is None else str(row[0])


def issue_token(db: sqlite3.Connection, identity: str, secret: str) -> str | None:
    """A token, or None when the pair is wrong."""
    known = secret_of(db, identity)
    if not hmac.compare_digest((known or secrets.token_urlsafe()).encode(), secret.encode()):
        return None
    token = secrets.token_urlsafe(32)
    now = time.time()
    db.execute("delete from token where expires < ?", (now,))
    db.execute("insert into token values (?, ?, ?)", (_digest(token), identity, now + TOKEN_LIFE))
    return token


def client_of(db: sqlite3.Connection, token: str) -> str | None:
    """The client of a token that is still good."""
    row = db.execute("select client, expires from token where digest = ?", (_digest(token),)).fetchone()
    return str(row["client"]) if row is not None and row["expires"] > time.time() else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass
class Limiter:
    """A bucket a client: full it holds the calls of two seconds."""

    rate: float = CALLS_A_SECOND
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_of(self, client: str) -> float:
        """0 when the call may go on, else how many seconds to wait."""
        now = time.monotonic()
        with self._lock:
            left, before = self._buckets.get(client, (2 * self.rate, now))
            left = min(2 * self.rate, left + (now - before) * self.rate)
            is_free = left >= 1
            self._buckets[client] = (left - is_free, now)
        return 0.0 if is_free else (1 - left) / self.rate
