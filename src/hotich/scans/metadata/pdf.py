"""PDF: what it says of its making goes; pages, pictures and what PDF/A asks for stay as they are."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from hotich.scans.metadata import jpeg
from hotich.scans.metadata.exif import kinds_of_xmp

OURS = "hotich"  # the maker our own PDFs name
_INFO = frozenset({"/Title", "/Producer", "/CreationDate", "/ModDate", "/Trapped"})
_KIND_OF_INFO = {"/Author": "person", "/Creator": "device", "/Subject": "text", "/Keywords": "text"}
_XMP = frozenset(
    {
        "{http://www.aiim.org/pdfa/ns/id/}part", "{http://www.aiim.org/pdfa/ns/id/}conformance",
        "{http://www.aiim.org/pdfa/ns/id/}rev", "{http://purl.org/dc/elements/1.1/}title",
        "{http://purl.org/dc/elements/1.1/}format", "{http://purl.org/dc/elements/1.1/}language",
        "{http://ns.adobe.com/pdf/1.3/}Producer", "{http://ns.adobe.com/xap/1.0/}CreateDate",
        "{http://ns.adobe.com/xap/1.0/}ModifyDate", "{http://ns.adobe.com/xap/1.0/}MetadataDate",
    }
)  # fmt: skip
_TOOL = "{http://ns.adobe.com/xap/1.0/}CreatorTool"
_PRIVATE = ("/PieceInfo", "/LastModified")  # what programs keep in pages for themselves


def without(content: bytes) -> tuple[bytes, frozenset[str]]:
    """The copy and what was taken out; a signed or locked document is left as it is."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted or _is_signed(document):
                return content, frozenset()
            found = _clean_info(document) | _clean_xmp(document) | _clean_objects(document)
            if not found:
                return content, frozenset()
            target = io.BytesIO()
            document.save(target, deterministic_id=True)
            return target.getvalue(), frozenset(found)
    except pikepdf.PasswordError:
        return content, frozenset()
    except (pikepdf.PdfError, RuntimeError, TypeError, KeyError) as error:
        raise ValueError("damaged") from error


def _is_signed(document: Any) -> bool:
    form = document.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and bool(int(form.get("/SigFlags", 0)) & 1)


def _clean_info(document: Any) -> set[str]:
    info = document.trailer.get("/Info")
    found = set()
    for key in list(info.keys()) if isinstance(info, pikepdf.Dictionary) else []:
        if key in _INFO or (key == "/Creator" and str(info[key]).lower().startswith(OURS)):
            continue
        found.add(_KIND_OF_INFO.get(key, "text"))
        del info[key]
    return found


def _clean_xmp(document: Any) -> set[str]:
    """Only what PDF/A asks for and the title are left; a packet nobody can read goes whole."""
    if "/Metadata" not in document.Root:
        return set()
    packet = bytes(document.Root.Metadata.read_bytes())
    try:
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False, strict=False) as told:
            strange = [key for key in told if key not in _XMP and not (key == _TOOL and _is_ours(told[key]))]
            for key in strange:
                del told[key]
    except (ValueError, pikepdf.PdfError):
        del document.Root["/Metadata"]
        return {"text"}
    return kinds_of_xmp(packet) if strange else set()


def _is_ours(tool: Any) -> bool:
    return str(tool).lower().startswith(OURS)


def _clean_objects(document: Any) -> set[str]:
    """Packets of single pages and pictures, programs' own notes, and what JPEGs within tell."""
    found: set[str] = set()
    main = document.Root.get("/Metadata")
    for thing in document.objects:
        if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        holder = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if "/Metadata" in holder and not (main is not None and holder.get("/Metadata").objgen == main.objgen):
            found |= _packet_kinds(holder["/Metadata"])
            del thing["/Metadata"]
        for key in _PRIVATE:
            if key in holder:
                found.add("text")
                del thing[key]
        if isinstance(thing, pikepdf.Stream) and _is_jpeg(holder):
            found |= _clean_picture(thing)
    return found


def _packet_kinds(packet: Any) -> set[str]:
    try:
        return kinds_of_xmp(bytes(packet.read_bytes()))
    except (pikepdf.PdfError, TypeError, AttributeError):
        return {"text"}


def _is_jpeg(holder: Any) -> bool:
    filters = holder.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        return len(filters) == 1 and filters[0] == pikepdf.Name.DCTDecode
    return bool(filters == pikepdf.Name.DCTDecode)


def _clean_picture(stream: Any) -> set[str]:
    """The JPEG inside, without its own metadata; one that cannot be taken apart stays."""
    try:
        copy, found = jpeg.without(bytes(stream.read_raw_bytes()))
    except ValueError:
        return set()
    if found:
        stream.write(copy, filter=pikepdf.Name.DCTDecode, decode_parms=stream.get("/DecodeParms"))
    return set(found)
