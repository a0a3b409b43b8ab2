"""The arithmetic of the trail: canonical JSON, the Merkle tree, signatures, without a database."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hotich.audit.rules.canonical import canonical, canonical_plain
from hotich.audit.rules.ed25519 import L, is_signed
from hotich.audit.rules.faults import FAULTS
from hotich.audit.rules.merkle import is_in_tree, leaf_hash, merkle_path, merkle_root, node_hash

# what a jsonb column can hold and give back
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(VALUES)
@settings(max_examples=600, deadline=None)
def test_canonical_json_is_the_same_with_and_without_a_package(value: Any) -> None:
    assert canonical(value) == canonical_plain(value)


@given(st.floats(min_value=-1e15, max_value=1e15) | st.floats(min_value=-1e-4, max_value=1e-4))
@settings(max_examples=1500, deadline=None)
def test_every_float_below_1e16_is_written_as_orjson_writes_it(value: float) -> None:
    assert canonical_plain(value) == (b"0.0" if value == 0 else orjson.dumps(value))


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_canonical_json_says_the_same_as_the_value(value: Any) -> None:
    assert json.loads(canonical_plain(value), parse_int=float) == json.loads(json.dumps(value), parse_int=float)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_what_was_written_and_read_back_has_the_same_canonical_json(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e16, b"10000000000000000"), (1.5e300, b"15" + b"0" * 299), (-0.0, b"0.0"), (0.00001, b"0.00001"),
        (1.5e-7, b"1.5e-7"), (-1.25e-5, b"-0.0000125"), (2**70, str(2**70).encode()), ({"b": 1, "a": [True, None]},
        b'{"a":[true,null],"b":1}'), ({2: "x"}, b'{"2":"x"}'), ("Lò Thị Á\n\u2028", '"Lò Thị Á\\n\u2028"'.encode()),
        (float("nan"), b"null"),
    ],
)  # fmt: skip
def test_numbers_and_texts_are_written_in_one_way(value: Any, written: bytes) -> None:
    assert canonical(value) == canonical_plain(value) == written


# ---- the tree


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


LEAVES = st.lists(st.binary(max_size=6), max_size=40)


@given(LEAVES)
@settings(deadline=None)
def test_the_root_is_the_one_of_the_recursive_definition(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == by_definition(leaves)


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=40), st.data())
@settings(deadline=None)
def test_a_path_proves_its_leaf_at_its_place_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    path, root, size = merkle_path(leaves, place), merkle_root(leaves), len(leaves)
    assert is_in_tree(leaves[place], place=place, size=size, path=path, root=root)
    assert not is_in_tree(leaves[place] + b"x", place=place, size=size, path=path, root=root)
    assert not is_in_tree(leaves[place], place=place, size=size, path=[*path, root], root=root)
    assert not is_in_tree(leaves[place], place=size, size=size, path=path, root=root)
    if path:
        assert not is_in_tree(leaves[place], place=place, size=size, path=path[:-1], root=root)
        assert not is_in_tree(leaves[place], place=place, size=size, path=[b"\0" * 32, *path[1:]], root=root)


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert merkle_root([b"a", b"b"]) != merkle_root([left + right])


def test_a_place_outside_the_tree_has_no_path() -> None:
    with pytest.raises(IndexError):
        merkle_path([b"a"], 1)


# ---- signatures


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80))
@settings(max_examples=15, deadline=None)
def test_signatures_of_a_library_are_accepted_and_changed_ones_are_not(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, signature, message)
    assert not is_signed(public, signature, message + b"x")
    assert not is_signed(public, bytes([signature[0] ^ 1]) + signature[1:], message)
    assert not is_signed(public, signature[:63], message)
    # the same signature with the order of the group added is not accepted a second time
    scalar = int.from_bytes(signature[32:], "little") + L
    assert not is_signed(public, signature[:32] + scalar.to_bytes(32, "little"), message)


def test_the_first_vectors_of_rfc_8032_are_accepted() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert is_signed(public, signature, b"")
    assert not is_signed(b"\xff" * 32, signature, b"")
    assert not is_signed(public[:31], signature, b"")


def test_every_finding_says_what_is_wrong_and_what_to_do_in_both_languages() -> None:
    for words in FAULTS.values():
        assert all((words.what, words.todo, words.what_en, words.todo_en))
