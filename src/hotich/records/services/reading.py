"""That somebody looked: every reading of a record or of its scan is in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor


def note_reading(
    *,
    actor: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: UUID,
    subject_office: int,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write that the actor read a record, a scan or a person ("record.read", "scan.read", "person.read")."""
    with unit_of_work(actor=actor, at=at) as work:
        work.record(
            f"{subject_kind}.read",
            subject_kind=subject_kind,
            subject_id=subject_id,
            subject_office=subject_office,
            facts=dict(facts or {}),
        )
