"""Streams too long for the memory are sealed in blocks: nothing can be changed, moved, left out or cut off unseen."""

from __future__ import annotations

import io
import os

import pytest

from hotich.files.rules import sealed_stream
from hotich.files.rules.sealed_stream import BLOCK, HEAD, Unsealed, backup_key_of, seal_stream, unseal_stream
from hotich.files.rules.sealing import TAG, SealBroken, key_of

KEY, OTHER = backup_key_of("a secret"), backup_key_of("another")
SEALED_BLOCK = BLOCK + TAG
LONG = os.urandom(1000) * ((2 * BLOCK + 500_000) // 1000)


def sealed(content: bytes, name: str = "base 1", key: bytes = KEY) -> bytes:
    return b"".join(seal_stream(key, io.BytesIO(content).read, name))


def opened(stream: bytes, name: str = "base 1", keys: tuple[bytes, ...] = (OTHER, KEY)) -> bytes:
    return b"".join(unseal_stream(keys, io.BytesIO(stream).read, name))


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK])
def test_what_was_sealed_comes_back_whatever_its_length(size: int) -> None:
    content = LONG[:size]
    stream = sealed(content)
    assert opened(stream) == content
    assert content[:64] not in stream or size < 2


def test_a_pipe_that_gives_pieces_seals_the_same_as_a_file() -> None:
    source = io.BytesIO(LONG)
    stream = b"".join(seal_stream(KEY, lambda size: source.read(min(size, 70_001)), "base 1"))
    assert opened(stream) == LONG


def test_the_same_content_is_never_sealed_alike_and_its_key_is_its_own() -> None:
    assert sealed(b"x" * 100)[HEAD:] != sealed(b"x" * 100)[HEAD:]
    assert key_of("a secret") != KEY


@pytest.mark.parametrize(
    "broken",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b"\x00",
        lambda whole: whole[: HEAD + SEALED_BLOCK],  # cut where a block ends
        lambda whole: whole[:HEAD] + whole[HEAD + SEALED_BLOCK :],  # without its first block
        lambda whole: whole[:HEAD] + whole[HEAD + SEALED_BLOCK : HEAD + 2 * SEALED_BLOCK]
        + whole[HEAD : HEAD + SEALED_BLOCK] + whole[HEAD + 2 * SEALED_BLOCK :],  # two blocks exchanged
        lambda whole: whole[: HEAD + 9] + bytes([whole[HEAD + 9] ^ 1]) + whole[HEAD + 10 :],
        lambda whole: whole[:HEAD],
        lambda whole: whole[: HEAD - 1],
        lambda whole: b"HTF2" + whole[4:],
    ],
)  # fmt: skip
def test_a_stream_that_was_changed_cut_or_put_together_otherwise_does_not_open(broken) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SealBroken):
        opened(broken(sealed(LONG)))


def test_a_stream_opens_only_under_its_key_and_its_name() -> None:
    stream = sealed(b"segment", "log 1")
    with pytest.raises(SealBroken, match="key that is not here"):
        opened(stream, "log 1", keys=(OTHER,))
    with pytest.raises(SealBroken):
        opened(stream, "log 2")
    assert sealed_stream.is_stream_under(KEY, stream)
    assert not sealed_stream.is_stream_under(OTHER, stream)


def test_reading_as_a_file_gives_what_is_asked_for_and_the_end_is_looked_at() -> None:
    whole = sealed(LONG)
    reader = Unsealed([KEY], io.BytesIO(whole).read, "base 1")
    assert reader.read(10) == LONG[:10]
    assert reader.read(BLOCK) == LONG[10 : BLOCK + 10]
    assert reader.read() == LONG[BLOCK + 10 :]
    assert reader.read(5) == b""
    cut = Unsealed([KEY], io.BytesIO(whole[:-3]).read, "base 1")
    cut.read(10)
    with pytest.raises(SealBroken):
        cut.finish()
