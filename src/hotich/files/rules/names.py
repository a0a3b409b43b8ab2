"""Names of files as they are delivered: kept for people to read, never used as a path."""

from __future__ import annotations

import unicodedata

LONGEST = 255


def plain_name(name: str) -> str:
    """The name without any folder or control character, at most 255 characters; the ending is kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in unicodedata.normalize("NFC", last) if letter.isprintable()).strip()
    if clean in ("", ".", ".."):
        return "tep"
    if len(clean) <= LONGEST:
        return clean
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else clean[:LONGEST]


def storage_path(sha256: str) -> str:
    """Where the content of this hash lies in the storage: ab/cd/abcd…"""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
