"""One-time codes of an authenticator application (RFC 4226 and RFC 6238): six digits, thirty seconds, SHA-1.

Signing in leaves the judgement of a code to the library; here only what it does not offer: the code of a demo seed,
and to which time step a code belongs, so that each is accepted once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct

PERIOD_SECONDS = 30
DIGITS = 6
TOLERANCE_STEPS = 1  # before and after the present one: clocks of telephones are off by seconds


def step_at(unix_seconds: float) -> int:
    """The number of the time step a moment lies in."""
    return int(unix_seconds) // PERIOD_SECONDS


def code_of_step(secret: str, step: int) -> str:
    """The code of a base32 secret in one time step."""
    key = base64.b32decode(secret.encode("ascii"), casefold=True)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def step_of_code(secret: str, code: str, *, unix_seconds: float, tolerance: int) -> int | None:
    """The latest time step within the tolerance (in steps) to which this code belongs, or None."""
    typed = "".join(code.split())
    now = step_at(unix_seconds)
    for step in range(now + tolerance, now - tolerance - 1, -1):
        if hmac.compare_digest(code_of_step(secret, step).encode(), typed.encode()):
            return step
    return None
