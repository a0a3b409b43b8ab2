"""Handing out a stored file to whoever the calling view has let in; the view writes the reading into the trail."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse

from hotich.files.models import StoredFile
from hotich.files.queries import read_copy, read_file
from hotich.files.rules.pdf_pages import page_picture
from hotich.kernel.problems import RuleBroken

PAGE = "trang"  # ?trang=2: this page of a PDF as a picture
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})  # shown in the page; all else is only downloaded


def page_addresses(address: str, stored: StoredFile) -> list[str]:
    """Where the viewer finds the pictures of a PDF's pages, `address` being that of the PDF; none for other files."""
    if stored.media_type != "application/pdf":
        return [address] if stored.media_type in INLINE else []
    return [f"{address}?{PAGE}={number}" for number in range(1, (stored.page_count or 1) + 1)]


def file_response(request: HttpRequest, stored: StoredFile) -> HttpResponse:
    """A copy of the file without metadata, or with `?trang=N` one page of it as a picture.

    Raises RuleBroken as `read_file` does.
    """
    media_type, name = stored.media_type, stored.name
    if PAGE in request.GET:
        whole = read_file(stored)
        try:
            content = page_picture(whole, int(request.GET[PAGE]))
        except (ValueError, RuleBroken) as error:
            raise Http404("page") from error
        media_type, name = "image/jpeg", f"{name}.jpg"
    else:
        content = read_copy(stored)
    shown = media_type in INLINE
    response = HttpResponse(content, content_type=media_type if shown else "application/octet-stream")
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
