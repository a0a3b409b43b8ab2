"""Codes and secrets of checked machines: made at random, kept as keyed hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

# Without what is misread from paper: 0 O, 1 I L, 5 S, 2 Z, 8 B.
_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LIFE = timedelta(minutes=30)


def enrolment_code() -> str:
    """A code to be typed on the machine: three groups of four, about 55 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def typed_code(text: str) -> str:
    """A code as it was typed: capitals, without blanks and hyphens, in its groups again."""
    plain = "".join(character for character in text.upper() if character in _ALPHABET)
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def device_secret() -> str:
    """What the machine's cookie holds, 256 bits."""
    return secrets.token_urlsafe(32)


def keyed_hash(key: str, text: str) -> str:
    """How codes and secrets are kept, 64 hexadecimal digits: whoever reads the table can neither use nor guess them."""
    return hmac.new(key.encode(), b"hotich-device\x1f" + text.encode(), hashlib.sha256).hexdigest()
