"""Encryption at rest of stored files: AES-256-GCM, the hash of the content bound to the cipher text.

A sealed file names the key it is sealed with, so that keys can be exchanged file by file.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

FIRST_MARK = b"HTF1"  # mark, nonce, cipher text: the key is not named
MARK = b"HTF2"  # mark, id of the key, nonce, cipher text
KEY_ID, NONCE, TAG = 8, 12, 16
HEAD = len(MARK) + KEY_ID + NONCE  # this many bytes tell one sealing from any other
BLOCK = 2**20
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


def seal_blocks(key: bytes, blocks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """What `seal` makes of the content, a block at a time: for what is too long for the memory.

    Raises SealBroken at its end where the blocks have another hash: the file was changed while it was read.
    """
    nonce, seen = os.urandom(NONCE), hashlib.sha256()
    yield MARK + key_id(key) + nonce
    cipher = Cipher(AES(key), GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(sha256.encode())
    for block in blocks:
        seen.update(block)
        yield cipher.update(block)
    if seen.hexdigest() != sha256:
        raise SealBroken("the content has another hash")
    yield cipher.finalize() + cipher.tag


def unseal_blocks(keys: Iterable[bytes], sealed: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """What `unseal` gives, a block at a time. Only what came before an end without SealBroken is the content: whoever
    takes the blocks keeps them to himself until then."""
    blocks, held = iter(sealed), b""
    while len(held) < HEAD and (block := next(blocks, b"")):
        held += block
    if not held.startswith(MARK):  # sealed before keys were named: which of them it is shows at the end only
        yield unseal(keys, held + b"".join(blocks), sha256)
        return
    key = next((key for key in keys if is_under(key, held)), None)
    if key is None or len(held) < HEAD:
        raise SealBroken("the seal does not fit")
    cipher, seen = Cipher(AES(key), GCM(held[HEAD - NONCE : HEAD])).decryptor(), hashlib.sha256()
    cipher.authenticate_additional_data(sha256.encode())
    held = held[HEAD:]
    for block in itertools.chain([b""], blocks):
        held += block
        content, held = cipher.update(held[:-TAG]), held[-TAG:]  # the last bytes are the tag
        seen.update(content)
        yield content
    try:
        cipher.finalize_with_tag(held)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not fit") from error
    if seen.hexdigest() != sha256:
        raise SealBroken("the content has another hash")


def is_under(key: bytes, head: bytes) -> bool:
    """Whether a sealed file that begins with these bytes (at least `HEAD`) says it is sealed with this key."""
    return head.startswith(MARK + key_id(key))


def is_whole(head: bytes, sealed_size: int, content_size: int) -> bool:
    """Whether a sealed file of this size can hold a content of that size: one cut short by a crash cannot."""
    return sealed_size == content_size + _OVERHEAD.get(head[: len(MARK)], -1)
