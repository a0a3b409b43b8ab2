"""Who looked at a person: every reading of the records, scans and conclusions, of one's own offices and of others.

Ready to be told to the citizen (procedures 5.4): when, which office, in which role, for what. Names of officers are for
reviewers only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hotich.accounts.models import Post
from hotich.audit.models import Entry
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import BreakGlass, ForeignHit, Person, PersonLink
from hotich.persons.queries.profile import current_person
from hotich.records.models import Attachment, Record

MOST = 500
KINDS = {
    "record.read": "record",
    "case.read": "case",
    "scan.read": "scan",
    "person.read": "person",
    "restricted.read": "restricted",
    "glass.broken": "glass",
    "record.printed": "print",
    "person.printed": "print",
    "book.exported": "export",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading. `officer_id` None: not told to whoever asks. `purpose`, `dossier`: of readings from elsewhere."""

    at: datetime
    kind: str  # a value of KINDS, or "shown" and "opened" of another office's look-up
    office_id: int
    roles: tuple[str, ...]
    officer_id: int | None
    record_id: UUID | None = None
    purpose: str = ""
    dossier: str = ""
    reason: str = ""


def readings_of_person(person_id: UUID, *, actor: Actor | None = None, most: int = MOST) -> list[Reading]:
    """The readings that touch this person, the newest first, as far as the present offices may see them.

    With an `actor` who reviews (right reading.review) officers are named; without one – the citizen's view – not. A
    person who cannot be seen has none. Raises RuleBroken not_allowed, person_unknown.
    """
    if actor is not None and not actor.may("reading.review"):
        raise RuleBroken("not_allowed")
    person = current_person(person_id)
    persons = [person.id, *Person.objects.filter(merged_into_id=person.id).values_list("id", flat=True)]
    links = PersonLink.objects.filter(person=person).values_list("participant__record_id", flat=True)
    records = Record.objects.in_bulk(list(links))
    found = _of_records(records.values(), persons, most)
    return _told(found, named=actor is not None)[:most]


def readings_of_record(record_id: UUID, *, actor: Actor, most: int = MOST) -> list[Reading]:
    """The readings of one record of one's offices. Raises RuleBroken not_allowed, record_unknown."""
    if not actor.may("reading.review"):
        raise RuleBroken("not_allowed")
    record = Record.objects.filter(id=record_id, origin_office_id__in=actor.office_ids).first()
    if record is None:
        raise RuleBroken("record_unknown")
    return _told(_of_records([record], [], most), named=True)[:most]


def _of_records(records: Iterable[Record], persons: Collection[UUID], most: int) -> list[Reading]:
    owners: dict[str, UUID] = {}
    for record in records:
        owners[str(record.id)] = record.id
        owners.setdefault(str(record.book_id), record.id)
        if record.source_case_id:
            owners[str(record.source_case_id)] = record.id
    record_ids = set(owners.values())
    scans = Attachment.objects.filter(record_id__in=record_ids).values_list("id", "file_id", "record_id")
    for attachment, file, owner in scans:  # the case page names the file, the record page the attachment
        owners[str(attachment)] = owners[str(file)] = owner
    subjects = [*owners, *map(str, persons)]
    entries = Entry.objects.filter(subject_id__in=subjects, verb__in=KINDS).order_by("-at", "-sequence")[:most]
    reasons = dict(BreakGlass.objects.filter(record_id__in=record_ids).values_list("id", "reason"))
    found = [_of_entry(entry, owners, {str(key): text for key, text in reasons.items()}) for entry in entries]
    for hit in ForeignHit.objects.filter(record_id__in=record_ids).order_by("-at")[:most]:
        found += _of_hit(hit)
    return found


def _of_entry(entry: Entry, owners: dict[str, UUID], reasons: dict[str, str]) -> Reading:
    return Reading(
        entry.at, KINDS[entry.verb], entry.chain_office_id, (), entry.actor_id, owners.get(entry.subject_id),
        reason=reasons.get(str(entry.facts.get("glass_id", "")), ""),
    )  # fmt: skip


def _of_hit(hit: ForeignHit) -> list[Reading]:
    shown = Reading(hit.at, "shown", hit.asking_office_id, (), hit.officer_id, hit.record_id, hit.purpose, hit.dossier)
    if hit.opened_at is None:
        return [shown]
    return [
        Reading(hit.opened_at, "opened", hit.asking_office_id, (), hit.officer_id, hit.record_id, hit.purpose,
                hit.dossier)
    ]  # fmt: skip


def _told(found: list[Reading], *, named: bool) -> list[Reading]:
    """With the roles held on the day; without officers where they are not told."""
    posts = _posts({reading.officer_id for reading in found if reading.officer_id})
    told = [
        Reading(
            reading.at, reading.kind, reading.office_id, roles_on(posts, reading), reading.officer_id if named else None,
            reading.record_id, reading.purpose, reading.dossier, reading.reason if named else "",
        )
        for reading in found
    ]  # fmt: skip
    return sorted(told, key=lambda reading: reading.at, reverse=True)


Posts = dict[tuple[int, int], list[tuple[str, date, date | None]]]


def _posts(officers: Collection[int]) -> Posts:
    held: Posts = defaultdict(list)
    for post in Post.objects.filter(officer_id__in=officers).order_by("valid_from", "id"):
        held[post.officer_id, post.office_id].append((post.role, post.valid_from, post.valid_to))
    return held


def roles_on(posts: Posts, reading: Reading) -> tuple[str, ...]:
    """The roles the officer held at that office on that day."""
    day = in_vietnam(reading.at).date()
    held = posts.get((reading.officer_id or 0, reading.office_id), [])
    return tuple(role for role, start, end in held if start <= day and (end is None or day <= end))


def glasses_to_review(actor: Actor) -> int:
    """How many openings of restricted facts wait for this reviewer: those of his offices that were not his own."""
    if not actor.may("reading.review"):
        return 0
    waiting = BreakGlass.objects.filter(Q(origin_office_id__in=actor.office_ids), verdict=BreakGlass.Verdict.WAITING)
    return waiting.exclude(opened_by=actor.officer_id or 0).count()
