"""Reads: notices of annotations between offices, and the entries one of them may mean."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.names import keyset, search_key
from hotich.kernel.problems import RuleBroken
from hotich.records.models import AnnotationNotice, Record
from hotich.records.rules.requests import MAIN_ROLES
from hotich.records.rules.restricted import sees_restricted
from hotich.registers.rules.reading import read_number

PENDING = AnnotationNotice.State.PENDING
MOST = 20


def notices_for(office_ids: Iterable[int], *, pending: bool = True) -> QuerySet[AnnotationNotice]:
    """Notices that these offices have to answer (or have answered), the oldest first."""
    found = AnnotationNotice.objects.filter(target_office_id__in=set(office_ids))
    found = found.filter(state=PENDING) if pending else found.exclude(state=PENDING)
    return found.select_related("origin_office", "target_office").order_by("created_at", "id")


def notices_sent(office_ids: Iterable[int]) -> QuerySet[AnnotationNotice]:
    """Notices these offices sent, the newest first."""
    found = AnnotationNotice.objects.filter(origin_office_id__in=set(office_ids))
    return found.select_related("target_office").order_by("-created_at", "-id")


def notice_to_answer(notice_id: UUID, actor: Actor) -> AnnotationNotice:
    """A notice that waits for an answer of this officer's offices. Raises RuleBroken notice_unknown."""
    found = notices_for(actor.office_ids).filter(id=notice_id, withdraws__isnull=True).first()
    if found is None:
        raise RuleBroken("notice_unknown")
    return found


def entries_for_notice(notice: AnnotationNotice, actor: Actor) -> list[Record]:
    """Entries of the office addressed that carry the number or a name of the notice, the likeliest first; at most 20.

    Accents do not count: what was noted wrongly is what the officer is asked about. Restricted participants are found
    only by those who may see them.
    """
    letters = notice.target["register_type"]
    number = read_number(notice.target.get("number_text", ""))
    names = {search_key(name) for name in notice.target.get("subjects", ())}
    same_number = Q(number=number.number, number_suffix=number.suffix) if number else Q(pk__in=[])
    if number and number.year:  # every year has a number 1; a year may be off by one, but hardly by more
        same_number &= Q(registration_year__range=(number.year - 1, number.year + 1))
    people = Q(
        participants__keyset__in={keyset(name) for name in names},  # the index; the order of the parts counts here
        participants__search_key__in=names,
        participants__role__in=MAIN_ROLES.get(letters, ()),
    )
    if not sees_restricted(actor):
        people &= Q(participants__restricted=False)
    entries = Record.objects.filter(
        origin_office_id=notice.target_office_id, origin_office_id__in=actor.office_ids, register_type=letters
    )
    ids = {*entries.filter(same_number).values_list("id", flat=True)[:MOST],
           *entries.filter(people).values_list("id", flat=True)[:MOST]}  # fmt: skip
    found = list(
        Record.objects.filter(id__in=ids).select_related("book", "origin_office").prefetch_related("participants")
    )

    def unlike(record: Record) -> tuple[int, str]:
        keys = {person.search_key for person in record.participants.all()}
        points = bool(names & keys) + bool(number and record.number == number.number)
        points += bool(number and number.year and record.registration_year == number.year)
        return -points, str(record.id)

    return sorted(found, key=unlike)[:MOST]
