"""JPEG: segments are taken out, the coded picture between them is carried over byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from hotich.scans.metadata.exif import exif_kinds, kinds_of_xmp, only_turn

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_BARE = frozenset({0x01, _START, _END, *range(0xD0, 0xD8)})  # without a length
_EXIF, _XMP = b"Exif\0\0", (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_COLOUR = b"ICC_PROFILE\0"


def _pieces(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes (marker included) of each segment; coded data come with the segment they follow."""
    at = 0
    while at < len(content):
        if content[at] != 0xFF:
            raise ValueError("no marker")
        while at + 1 < len(content) and content[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = content[at + 1]
        end = at + 2 if marker in _BARE else at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end > len(content) or (marker not in _BARE and end < at + 4):
            raise ValueError("cut short")
        if marker == _SCAN:
            end = _behind_data(content, end)
        yield marker, content[at:end]
        if marker == _END:
            return
        at = end
    raise ValueError("no end")


def _behind_data(content: bytes, at: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart."""
    while (at := content.find(b"\xff", at)) >= 0:
        following = content[at + 1] if at + 1 < len(content) else 0
        if following != 0 and following != 0xFF and not 0xD0 <= following <= 0xD7:
            return at
        at += 1 if following == 0xFF else 2
    raise ValueError("no end")


def without(content: bytes) -> tuple[bytes, frozenset[str]]:
    """The copy and what was taken out. Also what follows the picture goes (a second picture, a film)."""
    kept: list[bytes] = []
    found: set[str] = set()
    exif, size, states_density = b"", 0, False
    for marker, piece in _pieces(content):
        size += len(piece)
        body = piece[4:]
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            states_density = len(body) > 7 and body[7] != 0
            kept.append(piece)
        elif marker == 0xE1 and body.startswith(_EXIF):
            exif = exif or body[len(_EXIF) :]
        elif _is_told(marker, body):
            found |= kinds_of_xmp(body) if body.startswith(_XMP) else {"person"} if marker == 0xED else {"text"}
        else:
            kept.append(piece)
    turn = only_turn(exif, resolution=not states_density) if exif else b""
    if turn:
        place = 2 if len(kept) > 1 and kept[1][1] == 0xE0 else 1
        kept.insert(place, b"\xff\xe1" + (len(turn) + len(_EXIF) + 2).to_bytes(2, "big") + _EXIF + turn)
    if exif and exif != turn:
        found |= exif_kinds(exif)
    if content[size:].strip(b"\0\xff"):
        found.add("text")
    return (b"".join(kept), frozenset(found)) if found else (content, frozenset())


def _is_told(marker: int, body: bytes) -> bool:
    """Whether a segment is no part of the picture: applications' segments but for the colours, and comments."""
    if marker == 0xFE:
        return True
    if not 0xE0 <= marker <= 0xEF:
        return False
    return not ((marker == 0xE2 and body.startswith(_COLOUR)) or (marker == 0xEE and body.startswith(b"Adobe")))
