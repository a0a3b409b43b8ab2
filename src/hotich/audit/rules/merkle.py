"""A Merkle tree over the heads of all chains (RFC 6962, 2.1): one hash that stands for every chain.

Leaves and nodes are hashed with different prefixes, so that a node can never be passed off as a leaf. A path proves
that one head is in the tree without showing the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from hotich.audit.rules.canonical import canonical

LEAF, NODE = b"\x00", b"\x01"


def head_leaf(office: int, sequence: int, digest: str) -> bytes:
    """What is hashed as the leaf of one chain."""
    return canonical([office, sequence, digest])


def leaf_hash(data: bytes) -> bytes:
    """sha256(0x00 ‖ data)."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """sha256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(NODE + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaves; of no leaves sha256 of nothing.

    Level by level an odd last node moves up unchanged: the same tree as the recursive definition.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [leaf_hash(data) for data in leaves]
    while len(level) > 1:
        pairs = [node_hash(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
    return level[0]


def merkle_path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The hashes beside the way from one leaf to the root, from below. Raises IndexError for a place that is none."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    path: list[bytes] = []
    level = [leaf_hash(data) for data in leaves]
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            path.append(level[beside])
        pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
        place //= 2
    return path


def is_in_tree(data: bytes, *, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether this leaf stands at `place` of `size` leaves under `root`."""
    if not 0 <= place < size:
        return False
    digest, steps, width = leaf_hash(data), list(path), size
    while width > 1:
        if place % 2:
            if not steps:
                return False
            digest = node_hash(steps.pop(0), digest)
        elif place + 1 < width:
            if not steps:
                return False
            digest = node_hash(digest, steps.pop(0))
        place, width = place // 2, (width + 1) // 2
    return not steps and digest == root
