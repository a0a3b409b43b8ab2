"""The arithmetic of the hash chain. Plain Python, so that a verifier needs no framework."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """The one JSON writing of a value: sorted keys, UTF-8, no spaces; dates and identifiers as text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)


def detail_hash(salt: str, before: Any, after: Any) -> str:
    """Salted hash of what changed: the chain proves the detail without revealing it."""
    return hashlib.sha256(salt.encode() + canonical([before, after])).hexdigest()


def entry_hash(previous: str, content: Mapping[str, Any]) -> str:
    """sha256(previous hash ‖ canonical JSON of the entry), in hex."""
    return hashlib.sha256(previous.encode() + canonical(content)).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry as the verifier sees it."""

    sequence: int
    content: Mapping[str, Any]
    previous: str
    hash: str
    detail: tuple[str, Any, Any] | None = None  # salt, before, after


@dataclass(frozen=True, slots=True)
class ChainFault:
    """What is wrong at which place of a chain: code, sequence number."""

    code: str
    sequence: int


def chain_faults(links: Iterable[Link], *, head_sequence: int, head_hash: str) -> list[ChainFault]:
    """Every changed, removed or inserted entry of one chain, in order; empty when the chain is whole.

    Codes: audit_entry_missing, audit_entry_inserted, audit_entry_changed, audit_detail_changed, audit_head_differs.
    """
    faults: list[ChainFault] = []
    expected, previous = 1, GENESIS
    for link in links:
        while link.sequence > expected:
            faults.append(ChainFault("audit_entry_missing", expected))
            previous = link.previous  # go on behind the gap
            expected += 1
        if link.sequence < expected:
            faults.append(ChainFault("audit_entry_inserted", link.sequence))
            continue
        if entry_hash(link.previous, link.content) != link.hash:
            faults.append(ChainFault("audit_entry_changed", link.sequence))
        elif link.previous != previous:
            faults.append(ChainFault("audit_entry_inserted", link.sequence))
        if link.detail is not None and detail_hash(*link.detail) != link.content.get("detail_hash"):
            faults.append(ChainFault("audit_detail_changed", link.sequence))
        previous, expected = link.hash, link.sequence + 1
    while expected <= head_sequence:
        faults.append(ChainFault("audit_entry_missing", expected))
        expected += 1
    if not faults and (expected - 1 != head_sequence or previous != head_hash):
        faults.append(ChainFault("audit_head_differs", head_sequence))
    return faults
