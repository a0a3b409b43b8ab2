"""That access was refused, and that somebody read the trail itself, is in the trail too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hotich.audit.services.writing import unit_of_work
from hotich.kernel.actor import Actor


def note_access_refused(*, actor: Actor, at: datetime, view: str, method: str, code: str) -> None:
    """An officer was refused. `view` is the name of the page, never its address: that holds ids of citizens' records."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            "access.refused", subject_kind="page", subject_id=view[:64], subject_office=actor.office_id,
            facts={"method": method, "code": code},
        )  # fmt: skip


def note_reading_of_trail(
    *, actor: Actor, at: datetime, verb: str, subject_id: object = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Somebody read the trail: "audit.searched" (which filters, how many lines) or "audit.entry_read" (which entry)."""
    if verb not in ("audit.searched", "audit.entry_read"):
        raise ValueError(verb)
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            verb, subject_kind="trail", subject_id=subject_id, subject_office=actor.office_id, facts=dict(facts or {})
        )
