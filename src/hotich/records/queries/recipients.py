"""Reads: who received what a record said before it was put right or annulled, and who has been told since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hotich.audit.models import Entry
from hotich.records.models import AnnotationNotice, Annulment, Record, RecordVersion

MINISTRY, NOTICE, LOOK_UP, PRINT, EXPORT = "ministry", "notice", "look_up", "print", "export"
WAYS = (MINISTRY, NOTICE, EXPORT, LOOK_UP, PRINT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody received what a record said. `told_at`: since when he knows better; None while he does not."""

    way: str
    at: datetime
    office_id: int | None = None
    officer_id: int | None = None
    told_at: datetime | None = None

    @property
    def key(self) -> str:
        """Names the recipient within the record; of files taken away each officer, who alone knows whom they went to."""
        who = f":{self.officer_id or ''}" if self.way == EXPORT else ""
        return f"{self.way}:{self.office_id or ''}{who}"


def changed_at(record: Record) -> datetime | None:
    """When the record last stopped saying what it had said: the last repair or annulment; None if never."""
    repaired = RecordVersion.objects.filter(record=record).order_by("-version").values_list("replaced_at", flat=True)
    annulled = Annulment.objects.filter(record=record, revoked_at__isnull=True).values_list("annulled_at", flat=True)
    return max((*repaired[:1], *annulled[:1]), default=None)


def recipients_of(
    record: Record, further: Iterable[Receipt] = (), *, changing: datetime | None = None
) -> list[Receipt]:
    """Everyone who received the record as it was before it changed last, each once, who does not know first.

    `further`: receipts that higher apps know of (sent to the Ministry, looked up by another office). `changing`: a
    change that is about to be made; then it is everyone who received the record as it is.
    """
    changed = changing or changed_at(record)
    if changed is None:
        return []
    latest: dict[str, Receipt] = {}
    told: dict[str, datetime] = _told_by_hand(record)
    for each in sorted((*_notices(record), *_prints(record), *further), key=lambda item: item.at):
        if each.at < changed:
            latest[each.key] = each
        else:  # the same again after the change: now it is right
            told.setdefault(each.key, each.at)
    found = [
        replace(each, told_at=at if (at := each.told_at or told.get(each.key)) and at >= changed else None)
        for each in latest.values()
    ]
    return sorted(found, key=lambda item: (item.told_at is not None, WAYS.index(item.way), item.at))


def _notices(record: Record) -> Iterable[Receipt]:
    """Other offices that were asked to note something because of this record; a later notice tells them anew."""
    for notice in AnnotationNotice.objects.filter(source_record=record).exclude(
        target_office_id__in=[record.origin_office_id]
    ):
        if notice.target_office_id is not None:
            yield Receipt(NOTICE, notice.created_at, notice.target_office_id)
            if notice.state == AnnotationNotice.State.WITHDRAWN and notice.decided_at:
                yield Receipt(NOTICE, notice.decided_at, notice.target_office_id)


def _prints(record: Record) -> Iterable[Receipt]:
    """Print-outs: paper does not change by itself."""
    for entry in _entries(record, "record.read"):
        if entry.facts.get("part") == "in":
            yield Receipt(PRINT, entry.at, entry.chain_office_id, entry.actor_id)


def _told_by_hand(record: Record) -> dict[str, datetime]:
    return {entry.facts.get("recipient", ""): entry.at for entry in _entries(record, "recipient.told")}


def _entries(record: Record, verb: str) -> Iterable[Entry]:
    return Entry.objects.filter(subject_kind="record", subject_id=str(record.id), verb=verb).order_by("at", "sequence")
