"""What was done to one subject."""

from __future__ import annotations

from hotich.audit.models import Detail, Entry


def history_of(subject_kind: str, subject_id: object) -> list[tuple[Entry, Detail | None]]:
    """Every act on one subject, oldest first, with before and after where the present offices may see them."""
    entries = list(
        Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("at", "sequence")
    )
    details = Detail.objects.in_bulk([entry.id for entry in entries])
    return [(entry, details.get(entry.id)) for entry in entries]
