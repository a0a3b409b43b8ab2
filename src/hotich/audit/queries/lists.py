"""Lists of entries for the screens: paged by (at, id) along an index, never counted, so that length does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from hotich.audit.models import DayCount, Detail, Entry
from hotich.kernel.clock import VIETNAM_TZ, in_vietnam, start_of_day
from hotich.kernel.problems import RuleBroken

PAGE_SIZE = 50
Place = tuple[datetime, UUID]  # of an entry in the list


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: `offices` is whose chains may be seen (None: all); the rest is what was asked for."""

    offices: frozenset[int] | None
    first_day: date | None = None
    last_day: date | None = None
    office: int | None = None
    officer_id: int | None = None
    verbs: tuple[str, ...] = ()
    subject_kind: str = ""
    subject_id: str = ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page, the newest first; `older` and `newer` are the places to go on from, None where there is nothing."""

    entries: list[Entry]
    older: Place | None
    newer: Place | None


def _matching(wanted: EntryFilter) -> QuerySet[Entry]:
    found = Entry.objects.all()
    if wanted.office is not None:
        found = found.filter(chain_office_id=wanted.office)
    if wanted.offices is not None:
        found = found.filter(chain_office_id__in=sorted(wanted.offices))
    if wanted.first_day:
        found = found.filter(at__gte=start_of_day(wanted.first_day))
    if wanted.last_day:
        found = found.filter(at__lt=start_of_day(wanted.last_day + timedelta(days=1)))
    if wanted.officer_id is not None:
        found = found.filter(actor_id=wanted.officer_id)
    if wanted.verbs:
        found = found.filter(verb__in=wanted.verbs)
    if wanted.subject_kind:
        found = found.filter(subject_kind=wanted.subject_kind)
    if wanted.subject_id:
        found = found.filter(subject_id=wanted.subject_id)
    return found


def entries_page(
    wanted: EntryFilter, *, before: Place | None = None, after: Place | None = None, size: int = PAGE_SIZE
) -> EntryPage:
    """A page of entries older than `before`, or newer than `after`, or the newest."""
    found = _matching(wanted)
    if after is not None:
        at, identity = after
        # the bound on `at` alone is what the index is entered by; the rest sorts out entries of the same moment
        newer = found.filter(Q(at__gt=at) | Q(at=at, id__gt=identity), at__gte=at).order_by("at", "id")
        rows = list(newer[: size + 1])
        more, entries = len(rows) > size, rows[:size][::-1]
        return EntryPage(entries, _place(entries[-1]) if entries else None, _place(entries[0]) if more else None)
    if before is not None:
        at, identity = before
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=identity), at__lte=at)
    rows = list(found.order_by("-at", "-id")[: size + 1])
    more, entries = len(rows) > size, rows[:size]
    newest = _place(entries[0]) if before is not None and entries else None
    return EntryPage(entries, _place(entries[-1]) if more else None, newest)


def _place(entry: Entry) -> Place:
    return entry.at, entry.id


def entry_by_id(
    entry_id: UUID, offices: frozenset[int] | None, *, with_detail: bool
) -> tuple[Entry, Detail | None, Entry | None]:
    """One entry, its before and after where the present scope shows them and they are asked for, and the entry before
    it in the chain. Raises RuleBroken audit_entry_unknown.
    """
    entry = Entry.objects.filter(id=entry_id).first()
    if entry is None or (offices is not None and entry.chain_office_id not in offices):
        raise RuleBroken("audit_entry_unknown")
    detail = Detail.objects.filter(entry_id=entry.id).first() if with_detail and entry.detail_hash else None
    before = Entry.objects.filter(chain_office_id=entry.chain_office_id, sequence=entry.sequence - 1).first()
    return entry, detail, before


def entries_by_day(days: list[date], offices: frozenset[int] | None) -> list[tuple[date, int]]:
    """How many acts each of these days had, by the clock in Vietnam. For all offices finished days are read from the
    table of day counts, only the others are counted."""
    known = {} if offices is not None else dict(DayCount.objects.filter(day__in=days).values_list("day", "entries"))
    missing = [day for day in days if day not in known]
    counted = _counted(min(missing), max(missing), offices) if missing else {}
    return [(day, known.get(day, counted.get(day, 0))) for day in days]


def _counted(first: date, last: date, offices: frozenset[int] | None) -> dict[date, int]:
    found = _matching(EntryFilter(offices, first, last))
    by_day = (
        found.annotate(day=TruncDate("at", tzinfo=VIETNAM_TZ)).values("day").annotate(number=Count("id")).order_by()
    )
    return dict(by_day.values_list("day", "number"))


def uncounted_days(at: datetime) -> list[date]:
    """Days that are over, from the first entry on (at most 400), and have no count yet."""
    first = Entry.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return []
    today = in_vietnam(at).date()
    begin = max(in_vietnam(first).date(), today - timedelta(days=400))
    counted = set(DayCount.objects.filter(day__gte=begin).values_list("day", flat=True))
    days = [begin + timedelta(days=number) for number in range((today - begin).days)]
    return [day for day in days if day not in counted]


def count_of_day(day: date) -> int:
    """How many entries a day has."""
    return _matching(EntryFilter(None, day, day)).count()
