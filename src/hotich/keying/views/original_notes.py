"""Notes of the second original beside a record: what waits to be written there, and the act that writes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.keying.models import OriginalDecision
from hotich.keying.queries import original_notes as queries
from hotich.keying.rules.originals import may_see_point
from hotich.keying.services import original_notes as services
from hotich.registers.types import version_by_id
from hotich.registers.views.parts import actor_of, needs, or_not_found, telling


def notes_context(actor: Actor, decision: OriginalDecision, *, from_record: bool) -> dict[str, Any]:
    """The notes a decision puts on a record, by the field of their point, for `keying/parts/original_points.html`; none
    of those hidden from him."""
    notes = queries.notes_of_decision(decision)
    if not notes:
        return {"notes": {}}
    record = queries.record_of(decision)
    assert record is not None
    version = version_by_id(record.schema_version)
    points = {each["field"]: each for each in decision.points}
    seen = [note for note in notes if may_see_point(actor, points[note.field], version)]
    return {
        "notes": {note.field: note for note in seen},
        "notes_left": sum(not note.is_written for note in seen),
        "note_record_url": "" if from_record else reverse("records:record", args=[record.id]) + "?phan=ghi-chu",
        "note_act_url": reverse("keying:original_note", args=[decision.entry_id]),
        "note_back": "record" if from_record else "",
        "may_write": actor.may(services.ANNOTATE),
    }


@needs(services.ANNOTATE)
@require_POST
def original_note(request: HttpRequest, keyed_entry_id: UUID) -> HttpResponse:
    """Write a note of the second original beside the record, or take that back (`act=undo`)."""
    actor, field, is_undo = actor_of(request), request.POST.get("field", ""), request.POST.get("act") == "undo"
    act = services.take_back_note_of_original if is_undo else services.write_note_of_original
    told = _("Đã hoàn tác: ghi chú không còn hiệu lực trong bản ghi.") if is_undo else _("Đã ghi chú vào bản ghi.")
    with or_not_found():
        decision = queries.decision_to_note(actor, keyed_entry_id)
    with telling(request, told):
        act(actor=actor, at=clock.now(), entry_id=keyed_entry_id, field=field)
    if request.POST.get("back") == "record" and decision.first_case is not None and decision.first_case.record_id:
        return redirect(reverse("records:record", args=[decision.first_case.record_id]) + "?phan=ghi-chu")
    return redirect("keying:original", keyed_entry_id)
