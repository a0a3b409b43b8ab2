"""Files an officer takes away: the report of a batch, its book as a workbook, a file for the Ministry."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from hotich.files.queries import read_file, stored_file
from hotich.intake.models import Dispatch
from hotich.intake.queries.report import batch_report
from hotich.intake.views.parts import actor_of, batch_of, lang, needs
from hotich.kernel.problems import RuleBroken

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to keep; no cache on the way holds it."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs("case.import")
@require_GET
def batch_report_file(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The report of a batch, the same as `hotich import-book --report` writes."""
    batch = batch_of(actor_of(request), batch_id)
    content = orjson.dumps(batch_report(batch.id, lang=lang()), option=orjson.OPT_INDENT_2)
    return attachment(content, f"bao-cao-{batch.id}.json", "application/json")


@needs("dispatch.send")
@require_GET
def dispatch_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A file made for the Ministry."""
    offices = list(actor_of(request).office_ids)
    if not Dispatch.objects.filter(file_id=file_id, origin_office_id__in=offices).exists():
        raise Http404("file")
    try:
        found = stored_file(file_id)
    except RuleBroken as refusal:
        raise Http404("file") from refusal
    return attachment(read_file(found), found.name, found.media_type)
