"""What a scan tells beside its picture – place, device, people, moments – and a copy that tells nothing of it.

Masters and PDFs are kept byte for byte under their hash. What is handed out is a copy from which this was taken out;
not one pixel changes: the coded picture is carried over as it is, with turn, resolution and colour profile.
"""

from __future__ import annotations

from collections.abc import Callable

from hotich.kernel.problems import RuleBroken
from hotich.scans.metadata import jpeg, pdf, png, tiff

Taken = tuple[bytes, frozenset[str]]
"""The copy, and the kinds of what was taken out of it."""

KINDS = frozenset({"place", "person", "device", "time", "text"})
_FORMATS: tuple[tuple[tuple[bytes, ...], Callable[[bytes], Taken]], ...] = (
    ((b"\xff\xd8\xff",), jpeg.without),
    ((png.SIGNATURE,), png.without),
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), tiff.without),
    ((b"%PDF-",), pdf.without),
)


def without_metadata(content: bytes) -> Taken:
    """A copy of a JPEG, PNG, TIFF or PDF without what it tells beside the picture; the same bytes when it tells nothing.

    Other formats come back as they are, and so do PDFs that are signed (a change would break the signature) or locked.
    Raises RuleBroken metadata_unreadable: a file of these formats that cannot be taken apart.
    """
    for starts, without in _FORMATS:
        if content.startswith(starts):
            try:
                return without(content)
            except (ValueError, IndexError, OverflowError) as error:
                raise RuleBroken("metadata_unreadable") from error
    return content, frozenset()


def find_metadata(content: bytes) -> frozenset[str]:
    """The kinds of what a file tells beside its picture, of `KINDS`. Raises RuleBroken as `without_metadata`."""
    return without_metadata(content)[1]
