"""Records that stand wrong in files taken away: whoever took them tells those they went to, and says so here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hotich.accounts.queries import names_of_officers
from hotich.intake.models import ExportCorrection
from hotich.intake.queries.export_downloads import corrections
from hotich.intake.services.export_corrections import note_exports_told
from hotich.intake.views.parts import actor_of, needs, page_of, short_name, tell_refusal
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken


@needs("export.request", "export.approve")
@require_http_methods(["GET", "POST"])
def export_corrections(request: HttpRequest) -> HttpResponse:
    """The list, those nobody was told of first; chosen ones are marked as told, and how."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            chosen = [UUID(each) for each in request.POST.getlist("chosen")]
        except ValueError as error:
            raise Http404("correction") from error
        try:
            done = note_exports_told(
                actor=actor, at=clock.now(), correction_ids=chosen, how=request.POST.get("how", "")
            )
        except RuleBroken as refusal:
            tell_refusal(request, refusal)
        else:
            words = ngettext("Đã ghi nhận báo %(count)d bản ghi.", "Đã ghi nhận báo %(count)d bản ghi.", done)
            messages.success(request, words % {"count": done})
        return redirect("intake:export_corrections")
    found = corrections(actor)
    waiting = page_of(request, found.filter(told_at__isnull=True).order_by("-changed_at", "id"))
    told = list(found.filter(told_at__isnull=False).order_by("-told_at", "id")[:20])
    names = names_of_officers({each.download.officer_id for each in [*waiting, *told]})
    context = {
        "list_page": waiting,
        "rows": [_row(each, names) for each in waiting],
        "told": [_row(each, names) for each in told],
        "breadcrumb": [{"label": _("Xuất dữ liệu"), "url": reverse("intake:exports")},
                       {"label": _("Đã xuất, nay được sửa"), "url": ""}],
    }  # fmt: skip
    return render(request, "intake/export_corrections.html", context)


def _row(item: ExportCorrection, names: dict[int, str]) -> dict[str, Any]:
    record, taken = item.record, item.download
    return {
        "id": str(item.id),
        "entry": f"{short_name(record.register_type)} {record.number_text or '–'}",
        "book": record.book.label,
        "record_url": reverse("records:record", args=[record.id]),
        "export_url": reverse("intake:export", args=[taken.request_id]),
        "reason": taken.request.reason,
        "officer": names.get(taken.officer_id, "–"),
        "built_at": taken.built_at,
        "changed_at": item.changed_at,
        "told_at": item.told_at,
        "told_how": item.told_how,
    }
