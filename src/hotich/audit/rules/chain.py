"""The arithmetic of the hash chain. Plain Python, so that a verifier needs no framework."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotich.audit.rules.canonical import canonical

GENESIS = "0" * 64

__all__ = [
    "GENESIS",
    "ChainCheck",
    "ChainFault",
    "Link",
    "Point",
    "canonical",
    "chain_faults",
    "detail_hash",
    "entry_hash",
]


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
    detail_expected: bool = False  # the verifier sees details; one that is not there has been removed


@dataclass(frozen=True, slots=True)
class ChainFault:
    """What is wrong where: code, sequence number (0: the chain as a whole), chain (office), number of the anchor.

    `through` is the last sequence of a run of entries, `anchor` the anchor that proves it (0: none).
    """

    code: str
    sequence: int = 0
    office: int = 0
    anchor: int = 0
    through: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """Where a chain stood when an anchor was taken."""

    sequence: int
    hash: str
    anchor: int


@dataclass(slots=True)
class ChainCheck:
    """Reads one chain entry by entry, in order; `finish` gives its faults.

    `start` is the sequence and hash the chain goes on from (0 and GENESIS, or an archive's); `points` the anchored
    heads that must be met. Codes: audit_entry_missing, audit_entry_inserted, audit_entry_changed,
    audit_detail_changed, audit_detail_missing, audit_head_differs, audit_chain_rewritten, audit_chain_cut,
    audit_chain_missing.
    """

    office: int = 0
    start: tuple[int, str] = (0, GENESIS)
    points: Iterable[Point] = ()
    entries: int = 0
    faults: list[ChainFault] = field(default_factory=list)
    _expected: int = 0
    _previous: str = ""
    _ahead: list[Point] = field(default_factory=list)
    _rewritten: bool = False

    def __post_init__(self) -> None:
        """Points at or before the start are met there or nowhere."""
        self._expected, self._previous = self.start[0] + 1, self.start[1]
        self._ahead = sorted(
            (p for p in self.points if p.sequence >= self.start[0]), key=lambda p: (-p.sequence, -p.anchor)
        )
        self._meet(self.start[0], self.start[1])

    def see(self, link: Link) -> None:
        """The next entry of the chain."""
        if link.sequence > self._expected:
            self._add("audit_entry_missing", self._expected, through=link.sequence - 1)
            self._previous = link.previous  # go on behind the gap
        if link.sequence < self._expected:
            self._add("audit_entry_inserted", link.sequence)
            return
        self.entries += 1
        if entry_hash(link.previous, link.content) != link.hash:
            self._add("audit_entry_changed", link.sequence)
        elif link.previous != self._previous:
            self._add("audit_entry_inserted", link.sequence)
        self._check_detail(link)
        self._meet(link.sequence, link.hash)
        self._previous, self._expected = link.hash, link.sequence + 1

    def finish(self, head_sequence: int, head_hash: str) -> list[ChainFault]:
        """All faults, once every entry was seen; the head is what the table of heads says."""
        last = self._expected - 1
        newest = self._ahead[0] if self._ahead else None
        if newest is not None and not self.entries and head_sequence == 0 and last == 0:
            self._add("audit_chain_missing", 0, anchor=newest.anchor, through=newest.sequence)
            return self.faults
        if head_sequence > last:
            self._add("audit_entry_missing", self._expected, through=head_sequence)
        elif not self.faults and (last != head_sequence or self._previous != head_hash):
            self._add("audit_head_differs", head_sequence)
        if newest is not None and newest.sequence > max(last, head_sequence):
            first = min((p for p in self._ahead if p.sequence > last), key=lambda p: p.anchor)
            self._add("audit_chain_cut", max(last, head_sequence) + 1, anchor=first.anchor, through=newest.sequence)
        return self.faults

    def _check_detail(self, link: Link) -> None:
        expected = link.content.get("detail_hash")
        if link.detail is not None and detail_hash(*link.detail) != expected:
            self._add("audit_detail_changed", link.sequence)
        elif link.detail is None and link.detail_expected and expected:
            self._add("audit_detail_missing", link.sequence)

    def _meet(self, sequence: int, found: str) -> None:
        while self._ahead and self._ahead[-1].sequence <= sequence:
            point = self._ahead.pop()
            if point.sequence == sequence and point.hash != found and not self._rewritten:
                self._rewritten = True  # all later points differ too: one fault is enough
                self._add("audit_chain_rewritten", sequence, anchor=point.anchor)

    def _add(self, code: str, sequence: int, *, anchor: int = 0, through: int = 0) -> None:
        self.faults.append(ChainFault(code, sequence, self.office, anchor, through))


def chain_faults(links: Iterable[Link], *, head_sequence: int, head_hash: str) -> list[ChainFault]:
    """Every changed, removed or inserted entry of one chain, in order; empty when the chain is whole."""
    check = ChainCheck()
    for link in links:
        check.see(link)
    return check.finish(head_sequence, head_hash)
