"""Encryption of what is too long for the memory: a backup of the database, a segment of its log. AES-256-GCM in blocks.

Each stream has a key of its own, made from the key of the installation and a random salt (HKDF, SHA-256). Blocks are
numbered in their nonce, and the last one is marked there (the STREAM construction of Hoang, Reyhanitabar, Rogaway and
Vizár, 2015): blocks that were exchanged, left out, repeated or cut off do not open. What the stream is called is bound
to it, so that no stream can stand for another.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotich.files.rules.sealing import KEY_ID, TAG, SealBroken, key_id

MARK = b"HTS1"  # mark, id of the key, salt, then blocks
SALT = 32
HEAD = len(MARK) + KEY_ID + SALT
BLOCK = 2**20
Read = Callable[[int], bytes]


def backup_key_of(secret: str) -> bytes:
    """The 32-byte key of backups, made from the secret of files: whoever has that can read both, and needs no other."""
    return hashlib.sha256(b"hotich.backup\x1f" + secret.encode()).digest()


def is_sealed_stream(head: bytes) -> bool:
    """Whether something that begins with these bytes is a sealed stream."""
    return head.startswith(MARK)


def is_stream_under(key: bytes, head: bytes) -> bool:
    """Whether it says that it is sealed with this key."""
    return head.startswith(MARK + key_id(key))


def seal_stream(key: bytes, read: Read, name: str) -> Iterator[bytes]:
    """What `read` gives until it gives nothing, encrypted under the name; never more than two blocks in memory."""
    salt = os.urandom(SALT)
    yield MARK + key_id(key) + salt
    cipher = AESGCM(_stream_key(key, salt, name))
    number, block = 0, _full(read, BLOCK)
    while True:
        after = _full(read, BLOCK) if len(block) == BLOCK else b""
        yield cipher.encrypt(_nonce(number, last=not after), block, None)
        if not after:
            return
        number, block = number + 1, after


def unseal_stream(keys: Iterable[bytes], read: Read, name: str) -> Iterator[bytes]:
    """The content of a sealed stream, block by block. Only what came before the end without SealBroken is the whole.

    Raises SealBroken: no stream, a key nobody here has, changed, cut short, gone on with, or of another name.
    """
    head = _full(read, HEAD)
    if len(head) < HEAD or not is_sealed_stream(head):
        raise SealBroken("not a sealed stream")
    named, salt = head[len(MARK) : len(MARK) + KEY_ID], head[-SALT:]
    key = next((key for key in keys if key_id(key) == named), None)
    if key is None:
        raise SealBroken("sealed with a key that is not here")
    cipher = AESGCM(_stream_key(key, salt, name))
    number, block = 0, _full(read, BLOCK + TAG)
    while True:
        after = _full(read, BLOCK + TAG) if len(block) == BLOCK + TAG else b""
        try:
            content = cipher.decrypt(_nonce(number, last=not after), block, None)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the seal does not fit") from error
        if content:
            yield content
        if not after:
            return
        number, block = number + 1, after


class Unsealed:
    """The content of a sealed stream as something to read from, for `tarfile` and `gzip`."""

    def __init__(self, keys: Iterable[bytes], read: Read, name: str) -> None:
        self._blocks = unseal_stream(keys, read, name)
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """As a file does. Raises SealBroken."""
        parts, wanted = [], size
        while wanted:
            if not self._rest:
                block = next(self._blocks, None)
                if block is None:
                    break
                self._rest = memoryview(block)
            part = self._rest if wanted < 0 else self._rest[:wanted]
            self._rest = self._rest[len(part) :]
            wanted -= len(part) if wanted > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def finish(self) -> None:
        """Read to the end, so that a stream cut behind what was wanted is found. Raises SealBroken."""
        self._rest = memoryview(b"")
        for _ in self._blocks:
            pass


def _stream_key(key: bytes, salt: bytes, name: str) -> bytes:
    return HKDF(SHA256(), 32, salt, b"hotich.stream\x1f" + name.encode()).derive(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _full(read: Read, size: int) -> bytes:
    """As many bytes as wanted; fewer only at the end, also where a pipe gives them in pieces."""
    found = read(size)
    if not found or len(found) == size:
        return found
    parts, have = [found], len(found)
    while have < size and (part := read(size - have)):
        parts.append(part)
        have += len(part)
    return b"".join(parts)
