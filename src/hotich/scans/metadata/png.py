"""PNG: chunks are taken out, those of the picture and its colours are carried over byte for byte."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from hotich.scans.metadata.exif import exif_kinds, kinds_of_xmp, only_turn

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
                   b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"mDCV", b"cLLI"})  # fmt: skip


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, data and all bytes of each chunk."""
    at = len(SIGNATURE)
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if end > len(content):
            raise ValueError("cut short")
        name = content[at + 4 : at + 8]
        yield name, content[at + 8 : end - 4], content[at:end]
        if name == b"IEND":
            return
        at = end
    raise ValueError("no end")


def without(content: bytes) -> tuple[bytes, frozenset[str]]:
    """The copy and what was taken out. Also what follows the picture goes."""
    kept, found, size, has_density = [SIGNATURE], set[str](), len(SIGNATURE), b"pHYs" in content[:65536]
    for name, data, whole in _chunks(content):
        size += len(whole)
        if name in _KEPT:
            kept.append(whole)
        elif name == b"eXIf":
            turn = only_turn(data, resolution=not has_density)
            kept += [_chunk(name, turn)] if turn else []
            found |= set() if turn == data else exif_kinds(data)
        elif name == b"tIME":
            found.add("time")
        else:
            found |= _kinds_of_text(data) if name in (b"tEXt", b"zTXt", b"iTXt") else {"text"}
    if size < len(content):
        found.add("text")
    return (b"".join(kept), frozenset(found)) if found else (content, frozenset())


def _kinds_of_text(data: bytes) -> set[str]:
    word = data.partition(b"\0")[0]
    if word == b"XML:com.adobe.xmp":
        return kinds_of_xmp(data)
    return {b"Author": {"person"}, b"Copyright": {"person"}, b"Creation Time": {"time"}, b"Software": {"device"},
            b"Source": {"device"}}.get(word, {"text"})  # fmt: skip


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
