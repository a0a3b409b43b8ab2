"""One-time passwords that wait for whoever asked for them are kept sealed, under a key drawn from the installation's."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


def _box(keys: Sequence[str]) -> MultiFernet:
    drawn = [hashlib.blake2b(key.encode(), digest_size=32, person=b"hotich-opening").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in drawn])


def seal(text: str, keys: Sequence[str]) -> bytes:
    """Seal a text under the first key."""
    return _box(keys).encrypt(text.encode())


def unseal(sealed: bytes, keys: Sequence[str]) -> str:
    """The text again; also what was sealed under a former key. Raises cryptography.fernet.InvalidToken."""
    return _box(keys).decrypt(sealed).decode()
