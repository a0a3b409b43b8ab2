"""Reading the trail: the history of a subject, the next events, and whether a chain is whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC

from django.db import connection

from hotich.audit.models import ChainHead, Detail, Entry, Event, EventCursor
from hotich.audit.rules.chain import ChainFault, Link, chain_faults

WRITERS = 7_002  # the first half of the lock that writers of events share (see migration 0003)
LOCK_TRIES, LOCK_PAUSE = 100, 0.02  # seconds


def history_of(subject_kind: str, subject_id: object) -> list[tuple[Entry, Detail | None]]:
    """Every act on one subject, oldest first, with before and after where the present offices may see them."""
    entries = list(
        Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("at", "sequence")
    )
    details = Detail.objects.in_bulk([entry.id for entry in entries])
    return [(entry, details.get(entry.id)) for entry in entries]


def next_events(consumer: str, limit: int = 500) -> list[Event]:
    """Events this consumer has not read yet, oldest first; none that a position under way could still come before.

    Empty also while writers never pause for two seconds: the events are there the next time.
    """
    settled = _settled_position()
    if settled is None:
        return []
    cursor = EventCursor.objects.filter(consumer=consumer).first()
    position = cursor.position if cursor else 0
    events = Event.objects.filter(position__gt=position, position__lte=settled).order_by("position")
    return list(events[:limit])


def _settled_position() -> int | None:
    """The last position of which all before it are committed or given up; None when writers leave no gap.

    The lock is tried, not waited for: a reader that waits would make every writer wait behind it.
    """
    with connection.cursor() as cursor:
        for _ in range(LOCK_TRIES):
            cursor.execute("select pg_try_advisory_lock(%s, 0)", [WRITERS])
            if cursor.fetchone()[0]:
                try:
                    cursor.execute("select coalesce(max(position), 0) from event")
                    return int(cursor.fetchone()[0])
                finally:
                    cursor.execute("select pg_advisory_unlock(%s, 0)", [WRITERS])
            time.sleep(LOCK_PAUSE)
    return None


def chain_offices() -> list[int]:
    """Offices that have a chain, whether or not its head is still there."""
    heads = set(ChainHead.objects.values_list("office_id", flat=True))
    return sorted(heads | set(Entry.objects.values_list("chain_office_id", flat=True).distinct()))


def faults_of_chain(office_id: int) -> list[ChainFault]:
    """Changed, removed or inserted entries of one office's chain (details only where they may be seen)."""
    head = ChainHead.objects.filter(office_id=office_id).first()
    return chain_faults(
        _links(office_id), head_sequence=head.sequence if head else 0, head_hash=head.hash if head else ""
    )


def _links(office_id: int) -> Iterator[Link]:
    entries = Entry.objects.filter(chain_office_id=office_id).order_by("sequence")
    batch: list[Entry] = []
    for entry in entries.iterator(chunk_size=1000):
        batch.append(entry)
        if len(batch) == 1000:
            yield from _with_details(batch)
            batch = []
    yield from _with_details(batch)


def _with_details(entries: list[Entry]) -> Iterator[Link]:
    details = Detail.objects.in_bulk([entry.id for entry in entries if entry.detail_hash])
    for entry in entries:
        detail = details.get(entry.id)
        content = {
            "id": str(entry.id),
            "office": entry.chain_office_id,
            "sequence": entry.sequence,
            "at": entry.at.astimezone(UTC).isoformat(),
            "actor_id": entry.actor_id,
            "actor_login": entry.actor_login,
            "verb": entry.verb,
            "subject_kind": entry.subject_kind,
            "subject_id": entry.subject_id,
            "subject_office_id": entry.subject_office_id,
            "facts": entry.facts,
            "detail_hash": entry.detail_hash,
        }
        yield Link(
            entry.sequence,
            content,
            entry.previous_hash,
            entry.hash,
            (detail.salt, detail.before, detail.after) if detail else None,
        )


def subject_offices(office_id: int) -> list[int]:
    """Offices whose subjects the chain of this office names."""
    found = Entry.objects.filter(chain_office_id=office_id).values_list("subject_office_id", flat=True).distinct()
    return sorted({*found, office_id})


def length_of_chain(office_id: int) -> int:
    """How many entries the chain of this office has."""
    return Entry.objects.filter(chain_office_id=office_id).count()
