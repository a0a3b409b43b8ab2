"""What a file is, by its first bytes alone: endings of names and declared types are claims, not facts."""

from __future__ import annotations

from typing import Literal

from hotich.kernel.problems import RuleBroken

Kind = Literal["JPEG", "PNG", "TIFF", "BMP", "WEBP", "JPEG2000", "PDF"]

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),  # BigTIFF
    (b"MM\x00+", "TIFF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
    (b"%PDF-", "PDF"),
)
_NOT_TAKEN: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF"),
    (b"AT&TFORM", "DjVu"),
    (b"8BPS", "PSD"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"PK\x03\x04", "ZIP, DOCX, XLSX"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
)
_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def kind_of(content: bytes) -> Kind:
    """Raises RuleBroken scan_file_empty, image_is_heic, image_kind_unsupported (`kind`), not_an_image."""
    if not content:
        raise RuleBroken("scan_file_empty")
    for start, kind in _MAGIC:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[:2] == b"BM" and len(content) >= 26 and content[6:10] == b"\x00\x00\x00\x00":
        return "BMP"
    if content[4:8] == b"ftyp":
        if content[8:12] in _HEIC:
            raise RuleBroken("image_is_heic")
        raise RuleBroken("image_kind_unsupported", kind="AVIF" if content[8:12] in (b"avif", b"avis") else "MP4")
    for start, name in _NOT_TAKEN:
        if content.startswith(start):
            raise RuleBroken("image_kind_unsupported", kind=name)
    if b"%PDF-" in content[:1024]:  # some scanners and mail gateways put bytes before the header
        return "PDF"
    raise RuleBroken("not_an_image")
