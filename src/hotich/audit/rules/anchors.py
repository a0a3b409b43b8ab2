"""Anchors: signed lines, kept outside the database, that say where every chain stood at a time.

One line is one JSON object {"anchor": {…}, "signature": base64}. What is signed is DOMAIN ‖ canonical JSON of "anchor":

    version 1 · number 1, 2, 3 … · at · previous: sha256 of the line before · full: whether `heads` has every chain, or
    only those that moved · heads [[office, sequence, hash], …] · chains, entries: how many there are in all · root: the
    Merkle root over all heads by office · key: the signing key · new_key {id, public}: the next one signs from now on ·
    archives [[office, sequence, hash, sha256 of the file], …] · loss {reason, by}: chains went back with a restore

A verifier needs the file, the first public key from elsewhere, and this module.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotich.audit.rules.canonical import canonical
from hotich.audit.rules.chain import GENESIS, ChainFault, Point
from hotich.audit.rules.ed25519 import is_signed
from hotich.audit.rules.merkle import head_leaf, merkle_root

DOMAIN = b"hotich audit anchor v1\n"
Head = tuple[int, str]  # sequence, hash
Verify = Callable[[bytes, bytes, bytes], bool]  # public key, signature, message


def key_id_of(public: bytes) -> str:
    """The short name of a public key: the first 16 hex digits of its sha256."""
    return hashlib.sha256(public).hexdigest()[:16]


def root_of(heads: Mapping[int, Head]) -> str:
    """The Merkle root over the heads, ordered by office, in hex."""
    return merkle_root([head_leaf(office, *heads[office]) for office in sorted(heads)]).hex()


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a chain was archived: everything up to `sequence` is in the file of this sha256."""

    office: int
    sequence: int
    hash: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Last:
    """The end of the file (or of the table of anchors): number and hash of the line; where every chain stood."""

    number: int = 0
    line_hash: str = GENESIS
    heads: Mapping[int, Head] | None = None
    key: str = ""  # the key that must sign the next line; "" for any
    root: str = ""


def replay(lines: Iterable[bytes]) -> Last | None:
    """Where a file of anchors ends, taken as it is (`read_anchors` judges it); None when it has no line."""
    number, digest, key, root = 0, "", "", ""
    heads: dict[int, Head] = {}
    for line in lines:
        found = _parsed(line)
        if found is None:
            continue
        content = found[0]
        if content["full"]:
            heads = {}
        heads |= {office: (sequence, hashed) for office, sequence, hashed in content["heads"]}
        number, digest, root = content["number"], line_hash(line), content["root"]
        key = (content.get("new_key") or {}).get("id") or content["key"]
    return Last(number, digest, heads, key, root) if number else None


def anchor_content(
    *,
    last: Last,
    at: str,
    heads: Mapping[int, Head],
    key: str,
    new_public: bytes | None = None,
    archives: Iterable[Cut] = (),
    loss: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the next line says. Without `last.heads` (a new file) or after a loss it has every head."""
    full = last.heads is None or loss is not None
    known: Mapping[int, Head] = {} if full else last.heads or {}
    moved = [[office, *heads[office]] for office in sorted(heads) if known.get(office) != heads[office]]
    content: dict[str, Any] = {
        "version": 1, "number": last.number + 1, "at": at, "previous": last.line_hash, "full": full, "heads": moved,
        "chains": len(heads), "entries": sum(sequence for sequence, _hash in heads.values()),
        "root": root_of(heads), "key": key,
    }  # fmt: skip
    if new_public is not None:
        content["new_key"] = {"id": key_id_of(new_public), "public": base64.b64encode(new_public).decode()}
    if cuts := [[cut.office, cut.sequence, cut.hash, cut.sha256] for cut in archives]:
        content["archives"] = cuts
    if loss is not None:
        content["loss"] = dict(loss)
    return content


def signed_bytes(content: Mapping[str, Any]) -> bytes:
    """What is signed."""
    return DOMAIN + canonical(content)


def anchor_line(content: Mapping[str, Any], signature: bytes) -> bytes:
    """The line as it is appended, without the line break."""
    return canonical({"anchor": content, "signature": base64.b64encode(signature).decode()})


def line_hash(line: bytes) -> str:
    """What the next line names as `previous`."""
    return hashlib.sha256(line).hexdigest()


@dataclass(slots=True)
class AnchorHistory:
    """What a file of anchors says, read line by line with `read`; `faults` are those of the file itself.

    `keys`: public keys trusted from elsewhere, by id; a line signed by a trusted key may name the next one. `points`
    holds the newest head of every chain, and for offices in `wanted` every one. Codes: audit_anchor_unreadable,
    audit_anchor_missing (a line removed or out of order), audit_anchor_changed, audit_anchor_key_unknown,
    audit_anchor_signature_wrong, audit_anchor_root_wrong, audit_anchor_contradicts.
    """

    keys: dict[str, bytes]
    wanted: frozenset[int] = frozenset()
    verify: Verify = is_signed
    number: int = 0
    line_hash: str = GENESIS
    at: str = ""
    key: str = ""
    lines: int = 0
    heads: dict[int, Head] = field(default_factory=dict)
    points: dict[int, list[Point]] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)  # of the lines, by number
    losses: list[ChainFault] = field(default_factory=list)
    faults: list[ChainFault] = field(default_factory=list)

    def read(self, line: bytes) -> None:
        """One line, without its line break."""
        self.lines += 1
        found = _parsed(line)
        if found is None:
            self.faults.append(ChainFault("audit_anchor_unreadable", anchor=self.number + 1))
            return
        content, signature = found
        number = int(content["number"])
        # a file may begin with a later line, if that line has every head: what stood before is in an older file
        begins_anew = self.lines == 1 and content["full"]
        if not begins_anew and (number != self.number + 1 or content["previous"] != self.line_hash):
            code = "audit_anchor_changed" if number == self.number + 1 else "audit_anchor_missing"
            self.faults.append(ChainFault(code, anchor=min(number, self.number + 1) if number else 0))
        # what a line says counts only when a trusted key has signed it
        if self._is_trusted(content, signature, number):
            self._take(content, number)
        self.number, self.line_hash, self.at = number, line_hash(line), str(content["at"])
        self.hashes[number] = self.line_hash

    def _is_trusted(self, content: Mapping[str, Any], signature: bytes, number: int) -> bool:
        public = self.keys.get(content["key"])
        if public is None:
            self.faults.append(ChainFault("audit_anchor_key_unknown", anchor=number))
            return False
        if not self.verify(public, signature, signed_bytes(content)):
            self.faults.append(ChainFault("audit_anchor_signature_wrong", anchor=number))
            return False
        self.key = content["key"]
        if new := content.get("new_key"):
            self._exchange_key(new, number)
        return True

    def _exchange_key(self, new: Mapping[str, str], number: int) -> None:
        public = base64.b64decode(new["public"])
        if key_id_of(public) != new["id"]:
            self.faults.append(ChainFault("audit_anchor_key_unknown", anchor=number))
            return
        self.keys = {new["id"]: public}  # the old key signs nothing any more

    def _take(self, content: Mapping[str, Any], number: int) -> None:
        fresh = {int(office): (int(sequence), str(digest)) for office, sequence, digest in content["heads"]}
        after = fresh if content["full"] else {**self.heads, **fresh}
        if "loss" in content:
            self._accept_loss(after, number)
        else:
            self._compare(after, number)
        if root_of(after) != content["root"] or len(after) != content["chains"]:
            self.faults.append(ChainFault("audit_anchor_root_wrong", anchor=number))
        for office, (sequence, digest) in fresh.items():
            kept = self.points.get(office, []) if office in self.wanted else []
            self.points[office] = [*kept, Point(sequence, digest, number)]
        self.heads = after
        self.cuts += [Cut(int(a), int(b), str(c), str(d)) for a, b, c, d in content.get("archives", ())]

    def _compare(self, after: Mapping[int, Head], number: int) -> None:
        """Chains only grow: between two lines none may vanish, go back, or have another hash at the same place."""
        for office, (sequence, digest) in self.heads.items():
            now = after.get(office)
            if now is None or now[0] < sequence or (now[0] == sequence and now[1] != digest):
                self.faults.append(ChainFault("audit_anchor_contradicts", sequence, office, number))

    def _accept_loss(self, after: Mapping[int, Head], number: int) -> None:
        for office, (sequence, digest) in self.heads.items():
            now = after.get(office, (0, GENESIS))
            if now[0] < sequence or (now[0] == sequence and now[1] != digest):
                self.losses.append(ChainFault("audit_loss_accepted", now[0] + 1, office, number, sequence))
        self.points = {}


def _parsed(line: bytes) -> tuple[dict[str, Any], bytes] | None:
    """Content and signature of a line that has every part in its right shape; else None."""
    try:
        found = json.loads(line)
        content, signature = found["anchor"], base64.b64decode(found["signature"], validate=True)
        heads = [(int(office), int(sequence), str(digest)) for office, sequence, digest in content["heads"]]
        shaped = (
            content["version"] == 1
            and isinstance(content["full"], bool)
            and all(isinstance(content[name], str) for name in ("at", "previous", "root", "key"))
            and all(isinstance(content[name], int) for name in ("number", "chains", "entries"))
            and len({head[0] for head in heads}) == len(heads)
        )
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None
    return (content, signature) if shaped else None


def read_anchors(
    lines: Iterable[bytes],
    keys: Mapping[str, bytes],
    *,
    wanted: Iterable[int] = (),
    through: int | None = None,
    verify: Verify = is_signed,
) -> AnchorHistory:
    """Read a file of anchors, at most through the line of number `through`."""
    history = AnchorHistory(dict(keys), frozenset(wanted), verify)
    for line in lines:
        if through is not None and history.number >= through:
            break
        if line.strip():
            history.read(line.rstrip(b"\r\n"))
    return history
