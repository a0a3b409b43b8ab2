"""Reads: the tracking list of one's offices – filtered, counted by state and age, one item with everything about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from hotich.kernel.actor import Actor
from hotich.kernel.clock import start_of_day
from hotich.kernel.problems import RuleBroken
from hotich.kernel.working_days import add_working_days
from hotich.reconciliation.models import (
    TrackingEvidence,
    TrackingExport,
    TrackingField,
    TrackingItem,
    TrackingState,
)
from hotich.reconciliation.queries.tracking_bulk import only_part
from hotich.reconciliation.rules.tracking_workflow import AGE_BANDS, NOT_CLOSED, WITH_OFFICER, WITH_POLICE
from hotich.records.models import Participant
from hotich.records.rules.restricted import sees_restricted

SEES = ("population.verify", "population.settle", "population.watch")
OVERDUE, SOON = "qua_han", "sap_het"
MINE, NOBODY = "toi", "chua"
PART_ONLY = "chi_thieu_ngay"  # nothing differs but a birth of which the book tells a part
SOON_DAYS = 3  # working days


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list is asked for; "" does not narrow. `state` a state, "police", "officer", "all"; else not closed."""

    state: str = ""
    office: int | None = None
    register_type: str = ""
    verdict: str = ""
    field: str = ""
    assigned: str = ""  # MINE, NOBODY, or the id of a verifier
    due: str = ""  # OVERDUE, SOON
    band: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole list of the offices, whatever is filtered: by state, overdue, by state and age, by field that differs."""

    states: Mapping[str, int]
    overdue: Mapping[str, int]
    bands: Mapping[str, Mapping[str, int]]  # band → state → how many
    fields: Mapping[str, int]  # of what is not closed
    verdicts: Mapping[str, int]

    @property
    def standing(self) -> int:
        """Not closed."""
        return sum(number for state, number in self.states.items() if state in NOT_CLOSED)

    @property
    def late(self) -> int:
        """Not closed, and its day is over."""
        return sum(self.overdue.values())


def items(actor: Actor, wanted: Wanted, *, today: date) -> QuerySet[TrackingItem]:
    """Items in the order of their days; none without a right to see the list."""
    found = TrackingItem.objects.filter(origin_office_id__in=actor.office_ids)
    if not any(map(actor.may, SEES)):
        return found.none()
    found = found.filter(_state(wanted.state))
    for name, value in (("origin_office_id", wanted.office), ("register_type", wanted.register_type),
                        ("verdict", wanted.verdict)):  # fmt: skip
        if value:
            found = found.filter(**{name: value})
    if wanted.field == PART_ONLY:
        found = found.filter(only_part())
    elif wanted.field:
        found = found.filter(Exists(TrackingField.objects.filter(item=OuterRef("id"), field=wanted.field)))
    if wanted.assigned:
        found = found.filter(_assigned(actor, wanted.assigned))
    if wanted.due:
        last = today if wanted.due == OVERDUE else add_working_days(today, SOON_DAYS) + timedelta(days=1)
        found = found.filter(due_on__lt=last, state__in=NOT_CLOSED)
        found = found.filter(due_on__gte=today) if wanted.due == SOON else found
    if wanted.band:
        found = found.filter(_opened_in(wanted.band, today))
    return found.select_related("check_of", "record__book").order_by("due_on", "id")


def from_item(found: QuerySet[TrackingItem], start: UUID | None) -> QuerySet[TrackingItem]:
    """Those of `items` from this one on, whether or not it still is among them; all without one, or with one of no office."""
    day = TrackingItem.objects.filter(id=start).values_list("due_on", flat=True).first() if start else None
    return found if day is None else found.filter(Q(due_on__gt=day) | Q(due_on=day, id__gte=start))


def starts_of_parts(found: QuerySet[TrackingItem], number: int, size: int) -> list[UUID]:
    """The first item of each part of `size` of these `number` items, in their order."""
    place = Window(RowNumber(), order_by=["due_on", "id"])
    rows = found.annotate(place=place).filter(place__in=range(1, number + 1, size))
    return list(rows.values_list("id", flat=True))


def _state(state: str) -> Q:
    if state == "all":
        return Q()
    groups = {"": NOT_CLOSED, "police": WITH_POLICE, "officer": WITH_OFFICER}
    return Q(state__in=groups.get(state, {state}))


def _assigned(actor: Actor, whom: str) -> Q:
    if whom == MINE:
        return Q(assigned_to__in=actor.hands)
    return Q(assigned_to=int(whom)) if whom.isdecimal() and len(whom) < 10 else Q(assigned_to__isnull=True)


def _opened_in(band: str, today: date) -> Q:
    """Opened so long ago: the age in working days turned into moments."""
    found = next((each for each in AGE_BANDS if each.code == band), None)
    if found is None:
        return Q()
    young = Q() if not found.least else Q(opened_at__lt=start_of_day(_first_of_age(today, found.least - 1)))
    old = Q() if found.most is None else Q(opened_at__gte=start_of_day(_first_of_age(today, found.most)))
    return young & old


def _first_of_age(today: date, days: int) -> date:
    """The first day from which not more than `days` working days have passed until today."""
    return add_working_days(today + timedelta(days=1), -days - 1)


def totals(actor: Actor, *, today: date) -> Totals:
    """Figures of the list in three questions."""
    found = TrackingItem.objects.filter(origin_office_id__in=actor.office_ids)
    bands = {f"band_{band.code}": Count("id", filter=_opened_in(band.code, today)) for band in AGE_BANDS}
    late = Count("id", filter=Q(due_on__lt=today))
    counted: Any = found.values("state").annotate(number=Count("id"), late=late, **bands).order_by("state")
    rows: list[dict[str, Any]] = list(counted)
    fields = (
        TrackingField.objects.filter(item__in=found.filter(state__in=NOT_CLOSED))
        .values_list("field")
        .annotate(number=Count("id"))
        .order_by("-number", "field")
    )
    verdicts = found.exclude(verdict="").values_list("verdict").annotate(number=Count("id")).order_by("verdict")
    return Totals(
        {row["state"]: row["number"] for row in rows},
        {row["state"]: row["late"] for row in rows if row["state"] in NOT_CLOSED},
        {
            band.code: {row["state"]: row[f"band_{band.code}"] for row in rows if row["state"] in NOT_CLOSED}
            for band in AGE_BANDS
        },
        dict(fields),
        dict(verdicts),
    )


def count_waiting(actor: Actor) -> int:
    """How many items wait for this officer: of the police those one has, of the office those to give out or to settle."""
    wanted = Q()
    if actor.may("population.verify"):
        wanted |= Q(state=TrackingState.VERIFYING, assigned_to__in=actor.hands)
    if actor.may("population.settle"):
        wanted |= Q(state__in=[TrackingState.OPEN, *WITH_OFFICER])
    if not wanted:
        return 0
    return TrackingItem.objects.filter(wanted, origin_office_id__in=actor.office_ids).count()


def item_of(actor: Actor, item_id: UUID) -> TrackingItem:
    """One item with its check and record. Raises RuleBroken tracking_unknown, tracking_restricted."""
    found = (
        TrackingItem.objects.filter(id=item_id, origin_office_id__in=actor.office_ids)
        .select_related("check_of__record", "record__book")
        .first()
    )
    if found is None or not any(map(actor.may, SEES)):
        raise RuleBroken("tracking_unknown")
    if is_hidden(actor, found):
        raise RuleBroken("tracking_restricted")
    return found


def people_of(found: Collection[TrackingItem]) -> dict[UUID, Participant]:
    """The participant each item is about, by the id of the item."""
    ids = {item.check_of.participant_id for item in found if item.check_of.participant_id is not None}
    people = {person.id: person for person in Participant.objects.filter(id__in=ids)}
    return {item.id: people[item.check_of.participant_id] for item in found if item.check_of.participant_id in people}


def is_hidden(actor: Actor, item: TrackingItem) -> bool:
    """Whether the item is about somebody whose facts are restricted, and this officer may not see them."""
    if sees_restricted(actor) or item.check_of.participant_id is None:
        return False
    return Participant.objects.filter(id=item.check_of.participant_id, restricted=True).exists()


def fields_of(found: Collection[TrackingItem]) -> dict[UUID, list[TrackingField]]:
    """What differs, by item, in the order it was found."""
    made: dict[UUID, list[TrackingField]] = {}
    for field in TrackingField.objects.filter(item__in=[item.id for item in found]).order_by("item_id", "id"):
        made.setdefault(field.item_id, []).append(field)
    return made


def neighbours_of(actor: Actor, item: TrackingItem) -> tuple[UUID | None, UUID | None]:
    """The items before and after it of those that stand where it stands, in the order of the list."""
    beside = TrackingItem.objects.filter(origin_office_id__in=actor.office_ids, state=item.state)
    if item.state == TrackingState.VERIFYING and actor.may("population.verify"):
        beside = beside.filter(assigned_to__in=actor.hands)
    before = beside.filter(Q(due_on__lt=item.due_on) | Q(due_on=item.due_on, id__lt=item.id))
    after = beside.filter(Q(due_on__gt=item.due_on) | Q(due_on=item.due_on, id__gt=item.id))
    return (
        before.order_by("-due_on", "-id").values_list("id", flat=True).first(),
        after.order_by("due_on", "id").values_list("id", flat=True).first(),
    )


def evidence_of(actor: Actor, evidence_id: UUID) -> TrackingEvidence:
    """A paper of an item of one's offices. Raises RuleBroken tracking_unknown, tracking_restricted."""
    found = (
        TrackingEvidence.objects.filter(id=evidence_id, origin_office_id__in=actor.office_ids)
        .select_related("file", "item__check_of")
        .first()
    )
    if found is None or not any(map(actor.may, SEES)):
        raise RuleBroken("tracking_unknown")
    if is_hidden(actor, found.item):
        raise RuleBroken("tracking_restricted")
    return found


def verifiers_named(actor: Actor) -> Sequence[int]:
    """Officers that have an item of these offices now."""
    found = TrackingItem.objects.filter(origin_office_id__in=actor.office_ids, assigned_to__isnull=False)
    return [each for each in found.values_list("assigned_to", flat=True).distinct().order_by("assigned_to") if each]


def exports(actor: Actor, most: int = 50) -> list[TrackingExport]:
    """Requests to take the list away, of one's offices, the latest first: those one may decide, else one's own."""
    rows = TrackingExport.objects.filter(origin_office_id__in=actor.office_ids)
    if not actor.may("export.approve"):
        rows = rows.filter(requested_by__in=actor.hands)
    return list(rows.order_by("-requested_at", "-id")[:most])


def exports_to_decide(actor: Actor) -> int:
    """How many requests to take the list away wait for this officer: those of his offices that somebody else made."""
    if not actor.may("export.approve"):
        return 0
    waiting = TrackingExport.objects.filter(origin_office_id__in=actor.office_ids, state=TrackingExport.State.WAITING)
    return waiting.exclude(requested_by__in=actor.hands).count()


def items_of_export(actor: Actor, export: TrackingExport) -> list[TrackingItem]:
    """What was asked for, in the order of its days; without anybody who was restricted meanwhile."""
    rows = TrackingItem.objects.filter(id__in=export.items, origin_office_id__in=actor.office_ids)
    found = list(rows.select_related("check_of", "record__book").order_by("due_on", "id"))
    if sees_restricted(actor):
        return found
    people = people_of(found)
    return [item for item in found if item.id not in people or not people[item.id].restricted]
