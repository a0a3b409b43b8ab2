"""Encryption at rest of stored files: AES-256-GCM, the hash of the content bound to the cipher text.

A sealed file names the key it is sealed with, so that keys can be exchanged file by file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIRST_MARK = b"HTF1"  # mark, nonce, cipher text: the key is not named
MARK = b"HTF2"  # mark, id of the key, nonce, cipher text
KEY_ID, NONCE, TAG = 8, 12, 16
HEAD = len(MARK) + KEY_ID + NONCE  # this many bytes tell one sealing from any other
_OVERHEAD = {FIRST_MARK: len(FIRST_MARK) + NONCE + TAG, MARK: HEAD + TAG}


class SealBroken(ValueError):
    """The sealed bytes are not what was stored: changed, cut, of another file, or sealed with another key."""


def key_of(secret: str) -> bytes:
    """The 32-byte key made from a secret of this installation."""
    return hashlib.sha256(b"hotich.files\x1f" + secret.encode()).digest()


def key_id(key: bytes) -> bytes:
    """The name of a key, which tells nothing about it."""
    return hashlib.sha256(b"hotich.files.id\x1f" + key).digest()[:KEY_ID]


def seal(key: bytes, content: bytes, sha256: str) -> bytes:
    """The content, encrypted; `sha256` (hex) is its hash and is authenticated with it."""
    nonce = os.urandom(NONCE)
    return MARK + key_id(key) + nonce + AESGCM(key).encrypt(nonce, content, sha256.encode())


def unseal(keys: bytes | Iterable[bytes], sealed: bytes, sha256: str) -> bytes:
    """The content of a sealed file, by whichever of the keys it is sealed with. Raises SealBroken."""
    known = [keys] if isinstance(keys, bytes) else list(keys)
    if sealed.startswith(MARK):
        named = sealed[len(MARK) : len(MARK) + KEY_ID]
        known, start = [key for key in known if key_id(key) == named], len(MARK) + KEY_ID
    elif sealed.startswith(FIRST_MARK):
        start = len(FIRST_MARK)
    else:
        raise SealBroken("not a sealed file")
    for key in known:
        try:
            content = AESGCM(key).decrypt(sealed[start : start + NONCE], sealed[start + NONCE :], sha256.encode())
        except (InvalidTag, ValueError):
            continue
        if hashlib.sha256(content).hexdigest() != sha256:
            raise SealBroken("the content has another hash")
        return content
    raise SealBroken("the seal does not fit")


def is_under(key: bytes, head: bytes) -> bool:
    """Whether a sealed file that begins with these bytes (at least `HEAD`) says it is sealed with this key."""
    return head.startswith(MARK + key_id(key))


def is_whole(head: bytes, sealed_size: int, content_size: int) -> bool:
    """Whether a sealed file of this size can hold a content of that size: one cut short by a crash cannot."""
    return sealed_size == content_size + _OVERHEAD.get(head[: len(MARK)], -1)
