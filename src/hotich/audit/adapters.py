"""The files outside the database: anchors, signing keys, archives.

All lie in one folder, `$HOTICH_ANCHORS` or `anchors/` in the state folder: `anchors.jsonl` (one line an anchor),
`keys.json` (every public key there ever was), `archives/`. The private key alone lies in `secrets/`.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from hotich.audit.rules.anchors import Head, Last, key_id_of, line_hash, replay, root_of
from hotich.database.state import sync_path
from hotich.kernel.problems import RuleBroken

FILE, KEYS, SUM, ARCHIVES, PRIVATE = "anchors.jsonl", "keys.json", "sum.json", "archives", "audit_anchor.pem"


def anchor_folder() -> Path:
    """Where anchors, public keys and archives lie."""
    return Path(settings.HOTICH_ANCHORS)


def anchor_file() -> Path:
    """The file of anchors."""
    return anchor_folder() / FILE


def archive_folder() -> Path:
    """Where archived parts of chains lie."""
    return anchor_folder() / ARCHIVES


def is_signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Ed25519 by `cryptography`: the fast twin of `rules.ed25519.is_signed`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# ---- keys


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key in use."""

    id: str
    public: bytes
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self.private.sign(message)


def _key_of(private: Ed25519PrivateKey) -> SigningKey:
    public = private.public_key().public_bytes_raw()
    return SigningKey(key_id_of(public), public, private)


def new_key() -> SigningKey:
    """A fresh key, kept nowhere yet."""
    return _key_of(Ed25519PrivateKey.generate())


def signing_key(expected: str = "") -> SigningKey:
    """The private key of this installation, made at first use; its public key stands in `keys.json`.

    `expected`: the id of the key that must sign, when the file of anchors says so. A key that was announced there
    while this machine stopped takes its place now. Raises RuleBroken audit_key_unreadable, audit_key_lost.
    """
    if not _private_path().exists():
        if expected and not _promoted(expected):
            raise RuleBroken("audit_key_lost", key=expected)
        _store(new_key(), _private_path())
    key = _read_key(_private_path())
    if expected and key.id != expected:
        if not _promoted(expected):
            raise RuleBroken("audit_key_lost", key=expected)
        key = _read_key(_private_path())
    if key.id not in public_keys():
        publish_key(key)
    return key


def keep_next_key(key: SigningKey) -> None:
    """Lay the key that will sign from the next line on beside the one in use, and publish it."""
    _next_path().unlink(missing_ok=True)
    _store(key, _next_path())
    publish_key(key)


def _promoted(expected: str) -> bool:
    """Put the key laid ready in use, if it is the one expected."""
    if not _next_path().exists() or _read_key(_next_path()).id != expected:
        return False
    _next_path().replace(_private_path())
    return True


def _read_key(path: Path) -> SigningKey:
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise RuleBroken("audit_key_unreadable", path=path.name) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise RuleBroken("audit_key_unreadable", path=path.name)
    return _key_of(found)


def _store(key: SigningKey, path: Path) -> None:
    """In a file only its owner can read; of two processes the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    try:
        fresh.write_bytes(key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def _private_path() -> Path:
    return Path(settings.STATE) / "secrets" / PRIVATE


def _next_path() -> Path:
    return _private_path().with_suffix(".next.pem")


def public_keys(path: Path | None = None) -> dict[str, bytes]:
    """Every public key by its id, from `keys.json` or from a copy of it kept elsewhere.

    Raises RuleBroken audit_keys_unreadable.
    """
    path = path or anchor_folder() / KEYS
    if not path.exists():
        return {}
    try:
        listed = json.loads(path.read_bytes())["keys"]
        keys = {item["id"]: base64.b64decode(item["public"], validate=True) for item in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise RuleBroken("audit_keys_unreadable", path=str(path)) from error
    return {key: public for key, public in keys.items() if key_id_of(public) == key}


def publish_key(key: SigningKey) -> None:
    """Add the public key to `keys.json`, where every one there ever was stays."""
    folder = anchor_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with _locked(folder / "keys.lock"):
        keys = public_keys() | {key.id: key.public}
        listed = [{"id": each, "public": base64.b64encode(public).decode()} for each, public in keys.items()]
        fresh = folder / f"{KEYS}.{os.getpid()}"
        fresh.write_text(json.dumps({"algorithm": "Ed25519", "keys": listed}, indent=1) + "\n")
        fresh.replace(folder / KEYS)


# ---- the file of anchors


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def alone_with_anchors() -> Iterator[None]:
    """Nobody else appends meanwhile, on this machine (the database's own lock keeps other machines out)."""
    with _locked(anchor_folder() / "anchors.lock"):
        yield


def anchor_lines(path: Path | None = None) -> Iterator[bytes]:
    """The lines of the file of anchors, or of a copy; nothing when there is no file."""
    path = path or anchor_file()
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                if line.strip():
                    yield line.rstrip(b"\r\n")


def end_of_anchors() -> Last | None:
    """Where the file ends, read without judging it (`rules.anchors.read_anchors` judges); None for no file.

    Beside the file lies what it adds up to, so that not every line need be read each time; if it does not fit the
    last line (number, hash, root over its heads), every line is read.
    """
    last = replay(_last_line())
    if last is None:
        return replay(anchor_lines())
    try:
        kept = json.loads((anchor_folder() / SUM).read_bytes())
        heads = {int(office): (int(sequence), str(digest)) for office, sequence, digest in kept["heads"]}
    except (OSError, ValueError, KeyError, TypeError):
        return replay(anchor_lines())
    if kept.get("line_hash") != last.line_hash or root_of(heads) != last.root:
        return replay(anchor_lines())
    return replace(last, heads=heads)


def keep_sum(line_hash: str, heads: Mapping[int, Head]) -> None:
    """What all lines add up to; only a short cut, it proves nothing."""
    fresh = anchor_folder() / f"{SUM}.{os.getpid()}"
    fresh.write_text(json.dumps({"line_hash": line_hash, "heads": [[office, *heads[office]] for office in heads]}))
    fresh.replace(anchor_folder() / SUM)


def _last_line(block: int = 1 << 20) -> list[bytes]:
    """The last line of the file, read from its end."""
    path = anchor_file()
    if not path.exists() or not path.stat().st_size:
        return []
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        content = b""
        while len(content) < size and content.rstrip(b"\r\n").count(b"\n") == 0:
            length = min(size, len(content) + block)
            file.seek(size - length)
            content = file.read(length)
    return content.rstrip(b"\r\n").rsplit(b"\n", 1)[-1:]


def append_anchor(line: bytes) -> str:
    """Append one line, on the disk before this returns; the hash of the line. A half-written last line (power cut) is
    completed by a line break first, so that it stays one unreadable line and does not spoil this one."""
    path = anchor_file()
    is_new = not path.exists()
    with path.open("ab+") as file:
        if file.tell() and _last_byte(file) != b"\n":
            line = b"\n" + line
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_path(path.parent)
    return line_hash(line.lstrip(b"\n"))


def _last_byte(file: Any) -> bytes:
    file.seek(-1, os.SEEK_END)
    found: bytes = file.read(1)
    return found


def keep_archive(name: str, write: Callable[[Path], object]) -> Path:
    """Write a new file into the folder of archives: `write(path)` fills it; whole and on the disk before it has its
    name. Raises RuleBroken audit_archive_exists.
    """
    folder = archive_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    path, fresh = folder / name, folder / f".{name}.{os.getpid()}"
    if path.exists():
        raise RuleBroken("audit_archive_exists", name=name)
    try:
        write(fresh)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_path(folder)
    finally:
        fresh.unlink(missing_ok=True)
    return path
