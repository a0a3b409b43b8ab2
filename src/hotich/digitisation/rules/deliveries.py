"""Files that are handed in as pages: what they are by their first bytes. Whether they open is for the pipeline to say."""

from __future__ import annotations

LARGEST_FILE = 400 * 1024**2  # bytes: a scanner PDF of a whole book
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),  # BigTIFF
    (b"MM\x00+", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"GIF8", "image/gif"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
)
_PDF_WITHIN = 1024  # bytes: some scanners write a few before the mark
PDF = "application/pdf"


def media_type_of(head: bytes) -> str:
    """The media type of a file by its first 1,024 bytes; "" for what is neither picture nor PDF."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":  # HEIC and AVIF of phones: the pipeline says what it makes of them
        return "image/heif"
    return PDF if b"%PDF-" in head[:_PDF_WITHIN] else ""
