"""What a backup says about itself: enough to prove after a restore that nothing is missing."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORM = 2  # 1: the database was a plain folder
READABLE = (1, 2)


class ManifestError(Exception):
    """A folder is no backup, or its manifest was changed; the text says which."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`kind` is "whole" (database, files, anchors) or "files". Counts and heads were read *before* the base backup began.

    So what was restored may have more, never less.
    """

    name: str
    kind: str
    started_at: str
    finished_at: str
    program: str
    migrations: list[list[str]]
    files: int
    files_bytes: int
    missing: list[str]  # hashes of contents that have a row and were not in the storage
    list_sha256: str  # of contents.txt
    postgresql: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    heads: dict[str, list[Any]] = field(default_factory=dict)  # office -> sequence, hash
    database_sha256: str = ""  # of the base backup's backup_manifest, which has the hash of every file of the database
    first_segment: str = ""
    database_bytes: int = 0  # of the database laid out; 0 where it is a plain folder
    fingerprints: dict[str, str] = field(default_factory=dict)  # secret -> what it is recognised by
    holds_secrets: bool = False
    anchors: dict[str, str] = field(default_factory=dict)  # file -> hash
    form: int = FORM


def fingerprint(name: str, secret: str) -> str:
    """What a secret is recognised by; secrets are random and long, so it gives nothing away."""
    return hashlib.sha256(f"hotich.fingerprint\x1f{name}\x1f{secret}".encode()).hexdigest()[:16]


def hash_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with its own hash, and see it on the disk."""
    content = asdict(manifest)
    with (folder / NAME).open("w") as stream:
        json.dump(content | {"hash": _hash(content)}, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises ManifestError."""
    try:
        content = json.loads((folder / NAME).read_text())
        told = content.pop("hash")
        if content.get("form") not in READABLE:
            raise ManifestError(f"{folder} was written by a newer hotich (form {content.get('form')})")
        manifest = Manifest(**content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{folder} is no whole backup: its manifest cannot be read") from error
    if told != _hash(content):
        raise ManifestError(f"the manifest of {folder} was changed")
    return manifest


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
