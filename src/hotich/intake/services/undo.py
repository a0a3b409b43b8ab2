"""Taking back one's own last act on a case, while nobody has touched the case since. The trail keeps both acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotich.audit.queries import history_of
from hotich.database.scope import office_scope
from hotich.intake.models import Case
from hotich.intake.services.cases import correct_case, take_return_back
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

CORRECTED, RETURNED = "case.corrected", "case.returned"


def undo_last_act(*, actor: Actor, at: datetime, case_id: UUID) -> Case:
    """Give a case the values it had before one's own correction, or take one's own return of it back.

    Raises RuleBroken: case_unknown, nothing_to_undo (the last act was another one, or another officer's), and what
    the act that undoes refuses with.
    """
    with office_scope(actor.office_ids):
        case = Case.objects.filter(id=case_id, origin_office_id__in=actor.office_ids).first()
        if case is None:
            raise RuleBroken("case_unknown")
        history = history_of("case", case_id)
        if not history or history[-1][0].actor_id != actor.officer_id or actor.officer_id is None:
            raise RuleBroken("nothing_to_undo")
        last, detail = history[-1]
        if last.verb == RETURNED:
            return take_return_back(actor=actor, at=at, case_id=case_id, version=case.version)
        if last.verb == CORRECTED and detail is not None and detail.before:
            values = detail.before["as_recorded"]
            return correct_case(actor=actor, at=at, case_id=case_id, values=values, version=case.version)
    raise RuleBroken("nothing_to_undo")
