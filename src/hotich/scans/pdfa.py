"""One PDF/A-2b of pictures: put together by pikepdf, checked by its own checker, same input → same bytes.

Nothing of the delivered file is carried over: the PDF is made from pixels, so no EXIF, no place, no device.
"""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, pdfa

from hotich.scans import icc

FLAVOUR = "2b"
# points: a picture that reaches the very edge of its page is drawn one row larger by viewers that calculate with 24 bits,
# and so half a point out of place – a blur over the whole page
_INSET = 0.002
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG: its bytes as they go into the PDF."""

    data: bytes
    width: int
    height: int
    gray: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """Which points are ink: CCITT group 4, lossless."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the PDF: `paper` over the whole sheet; where `mask` says ink, the colours of `ink` over it."""

    width: float  # points
    height: float
    paper: Picture | None
    ink: Picture | None = None
    mask: Mask | None = None

    def size(self) -> int:
        """Bytes of its pictures."""
        return sum(len(part.data) for part in (self.paper, self.ink, self.mask) if part)


def write_pdf(sheets: Sequence[Sheet], title: str) -> bytes:
    """The PDF of these sheets, `title` in its metadata. What it holds is legal PDF/A-2b; `faults_of` proves it."""
    with Pdf.new() as pdf:
        for sheet in sheets:
            _add_sheet(pdf, sheet)
        packet = pdf.make_stream(_XMP.format(title=html.escape(_printable(title), quote=False)).encode())
        packet.Type, packet.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = packet
        profile = pdf.make_stream(icc.srgb())
        profile.N = 3
        pdf.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent,
                    S=Name.GTS_PDFA1,
                    OutputConditionIdentifier="sRGB",
                    DestOutputProfile=profile,
                )
            ]
        )
        out = io.BytesIO()
        pdf.save(out, **pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True))
        return out.getvalue()


def faults_of(content: bytes) -> list[str]:
    """What the checker finds against PDF/A-2b; empty: it conforms."""
    try:
        report = pdfa.validate_written(io.BytesIO(content), FLAVOUR)
    except pikepdf.PdfError as error:
        return [str(error)]
    return [str(finding) for finding in report.findings]


def _printable(title: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in title)


def _add_sheet(pdf: Pdf, sheet: Sheet) -> None:
    objects, drawing = Dictionary(), []
    width, height = sheet.width - 2 * _INSET, sheet.height - 2 * _INSET
    placed = f"q {width:.4f} 0 0 {height:.4f} {_INSET} {_INSET} cm"
    for name, picture, mask in (("P", sheet.paper, None), ("I", sheet.ink, sheet.mask)):
        if picture is not None:
            objects[f"/{name}"] = pdf.make_indirect(_picture(pdf, picture, mask))
            drawing.append(f"{placed} /{name} Do Q")
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, _points(sheet.width), _points(sheet.height)]),
        Resources=Dictionary(XObject=objects),
        Contents=pdf.make_stream("\n".join(drawing).encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _points(value: float) -> Any:
    from decimal import Decimal

    return Decimal(f"{value:.4f}")


def _picture(pdf: Pdf, picture: Picture, mask: Mask | None) -> Any:
    stream = pdf.make_stream(picture.data)
    _describe(stream, picture.width, picture.height, Name.DCTDecode)
    stream.ColorSpace = Name.DeviceGray if picture.gray else Name.DeviceRGB
    stream.BitsPerComponent = 8
    if mask is not None:
        stencil = pdf.make_stream(mask.data)
        _describe(stencil, mask.width, mask.height, Name.CCITTFaxDecode)
        stencil.ImageMask, stencil.BitsPerComponent = True, 1
        stencil.DecodeParms = Dictionary(K=-1, Columns=mask.width, Rows=mask.height)
        stream.Mask = stencil
    return stream


def _describe(stream: Any, width: int, height: int, coding: Any) -> None:
    stream.Type, stream.Subtype, stream.Width, stream.Height, stream.Filter = (
        Name.XObject,
        Name.Image,
        width,
        height,
        coding,
    )
