"""Encryption at rest of stored files: AES-256-GCM, the hash of the content bound to the cipher text."""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"HTF1"  # the form of a sealed file, so that a later form can be told apart
NONCE = 12
OVERHEAD = len(MARK) + NONCE + 16  # bytes a sealed file is longer than its content


class SealBroken(ValueError):
    """The sealed bytes are not what was stored: changed, cut, of another file, or sealed with another key."""


def key_of(secret: str) -> bytes:
    """The 32-byte key made from a secret of this installation."""
    return hashlib.sha256(b"hotich.files\x1f" + secret.encode()).digest()


def seal(key: bytes, content: bytes, sha256: str) -> bytes:
    """The content, encrypted; `sha256` (hex) is its hash and is authenticated with it."""
    nonce = os.urandom(NONCE)
    return MARK + nonce + AESGCM(key).encrypt(nonce, content, sha256.encode())


def unseal(key: bytes, sealed: bytes, sha256: str) -> bytes:
    """The content of a sealed file. Raises SealBroken."""
    if not sealed.startswith(MARK):
        raise SealBroken("not a sealed file")
    nonce = sealed[len(MARK) : len(MARK) + NONCE]
    try:
        content = AESGCM(key).decrypt(nonce, sealed[len(MARK) + NONCE :], sha256.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not fit") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SealBroken("the content has another hash")
    return content
