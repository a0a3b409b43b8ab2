"""Asking the function that counts the readings of many offices, and what was asked about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from hotich.accounts.queries import province_of
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.working_days import is_working_day
from hotich.persons.models import ReadingOverview, ReadingQuestion
from hotich.persons.queries.oversight import ACT_DAYS, limits
from hotich.persons.rules.overview import FLAGS
from hotich.units.models import Office

WIDE = "unit.manage"  # department and Ministry
WITHIN_PROVINCE = "officer.manage"  # a department; the Ministry has none of it


@dataclass(frozen=True, slots=True)
class Counts:
    """What one officer of an office read in the span, in numbers. `officer_id` None: flags of the office as a whole."""

    office_id: int
    officer_id: int | None
    subjects: int
    look_ups: int
    flags: dict[str, int]

    @property
    def is_odd(self) -> bool:
        """Whether any rule found something."""
        return any(self.flags.values())


def may_look_over(actor: Actor) -> bool:
    """Whether readings beyond one's own offices may be looked over. Nobody does so in somebody's place."""
    return (
        actor.may("reading.review") and actor.may(WIDE) and actor.officer_id is not None and actor.on_behalf_of is None
    )


def offices_looked_over(actor: Actor) -> QuerySet[Office]:
    """Living offices of the department's province; for the Ministry all."""
    offices = Office.objects.filter(valid_to__isnull=True).order_by("code")
    if not may_look_over(actor):
        return offices.none()
    if not actor.may(WITHIN_PROVINCE):
        return offices
    return of_province(offices, Office.objects.filter(id=actor.office_id).select_related("unit").first())


def of_province(offices: QuerySet[Office], office: Office | None) -> QuerySet[Office]:
    """Those of the offices that lie in the same province as this one."""
    province = province_of(office)
    if province is None:
        return offices.none()
    return offices.filter(Q(unit_id=province) | Q(unit__parent_id=province) | Q(unit__parent__parent_id=province))


def counts_of(
    actor: Actor, offices: Collection[int], *, since: datetime, until: datetime, purpose: str, words: str
) -> list[Counts]:
    """What the function tells; it writes down who asked and why in the same statement."""
    now = limits()
    given: list[Any] = [
        sorted(offices), since, until, now.first_hour, now.last_hour, free_days(since, until), now.fast_subjects,
        now.fast_minutes, now.same_subject_officers, now.empty_look_ups, now.dossier_records, ACT_DAYS, actor.office_id,
        actor.officer_id, purpose, words,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"select * from overview_of_readings(%s::int[], %s, %s, %s, %s, %s::date[]{', %s' * 10})", given)
        rows = cursor.fetchall()
    return [Counts(row[0], row[1], row[2], row[3], dict(zip(FLAGS, row[4:], strict=True))) for row in rows]


def free_days(since: datetime, until: datetime) -> list[date]:
    """The days of a span on which nobody works."""
    first = in_vietnam(since).date()
    span = (in_vietnam(until).date() - first).days + 1
    return [day for day in (first + timedelta(days=by) for by in range(span)) if not is_working_day(day)]


def overviews(actor: Actor) -> QuerySet[ReadingOverview]:
    """What one's office looked over, the newest first."""
    return ReadingOverview.objects.filter(office_id=actor.office_id).order_by("-at", "-id")


def questions(actor: Actor) -> QuerySet[ReadingQuestion]:
    """Questions one's offices asked or have to answer: open ones first, then the newest."""
    if not actor.may("reading.review"):
        return ReadingQuestion.objects.none()
    mine = Q(office_id__in=actor.office_ids) | Q(asking_office_id__in=actor.office_ids)
    return ReadingQuestion.objects.filter(mine).order_by("-asked_at", "-id")


def questions_to_answer(actor: Actor) -> int:
    """How many wait for this leader: of his offices, not about himself, not asked by himself."""
    if not actor.may("reading.review"):
        return 0
    waiting = ReadingQuestion.objects.filter(office_id__in=actor.office_ids, answered_at__isnull=True)
    me = actor.officer_id or 0
    return waiting.exclude(asked_by=me).exclude(officer_id=me).count()
