"""A part of the page of a proposed change of the configuration: what it would do to cases and records of one's offices."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hotich.intake.queries.configuration_preview import preview_of
from hotich.kernel import clock
from hotich.registers.queries.configuration import proposal_by_id
from hotich.registers.views.parts import actor_of, needs, or_not_found
from hotich.web.rules.tables import Cell, Column, Row
from hotich.web.texts import text_of


@needs("parameters.manage", "parameters.approve")
@require_GET
def configuration_preview(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Counts only: nothing of a case is shown."""
    with or_not_found():
        proposal = proposal_by_id(proposal_id, actor_of(request))
    found = preview_of(proposal, today=clock.today())
    context = {
        "preview": found,
        "columns": [Column(_("Kiểm tra")), Column(_("Thêm"), "number"), Column(_("Bớt"), "number")],
        "rows": [Row(item.code, [Cell(text_of(item.code), note=item.code), item.appears, item.disappears])
                 for item in found.differences],
    }  # fmt: skip
    return render(request, "intake/parts/configuration_preview.html", context)
