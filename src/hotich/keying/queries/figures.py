"""Reads: speed and errors of keying by keyer, team, office and day (requirement H7).

Every question is bounded by offices and days, along the indexes `entries_by_arrival`, `second_keyings_by_arrival` and
`entries_by_check`, and answered in sums; no row of a case is loaded.

A case counts on the day the server received it first; a second keying on the day it came. **What error rates are of:**
fields in which one of the two keyings has something (a field both left empty proves nothing), whose difference, if any,
is decided. `fields` and `characters` come from cases keyed again whole (double keying and the random samples),
`key_fields` from every blind second keying. A reviewer's corrections and late strays are in none of them: who sees the
first value finds less, and strays are no random choice.

**Of which team:** work counts for the team the officer was in on the day of the work, an error for the team its keyer
was in on the day he keyed the case, whenever it was found. Who was in none then is in the figures of no team.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Min, Q

from hotich.accounts.models import CheckResult, Device, Post
from hotich.kernel.actor import Actor
from hotich.kernel.clock import start_of_day
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import CheckState, Entry, ItemState, KeyingPackage, KeyingTeam, PackageItem, PackageState
from hotich.keying.rules.comparison import critical_fields
from hotich.keying.rules.figures import Errors, Work
from hotich.keying.rules.intervals import Sums
from hotich.registers.types import REGISTER_TYPES

LONGEST = 92  # days one question may ask for
ZONE = "Asia/Ho_Chi_Minh"
WATCH = ("keying.watch", "keying.lead")
"""One of these rights shows the figures of everybody at one's offices."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last` (both included) at some offices; one officer or one team of them, or everybody."""

    first: date
    last: date
    offices: tuple[int, ...]
    officer: int | None = None
    team: UUID | None = None

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The moments of the period: from the first, up to but without the second."""
        return start_of_day(self.first), start_of_day(self.last + timedelta(days=1))

    @property
    def days(self) -> list[date]:
        """Its days in order."""
        return [self.first + timedelta(days=step) for step in range((self.last - self.first).days + 1)]

    @property
    def params(self) -> dict[str, Any]:
        """What the questions are filled with."""
        start, end = self.bounds
        return {"offices": list(self.offices), "start": start, "end": end, "officer": self.officer, "zone": ZONE}


@dataclass(frozen=True, slots=True)
class Done:
    """What one officer did in one day for the books of one office."""

    officer: int
    office: int
    day: date
    work: Work


def period_of(
    actor: Actor, first: date, last: date, *, office: int | None = None, officer: int | None = None,
    team: UUID | None = None,
) -> Period:  # fmt: skip
    """The period an actor may ask for. Somebody without the right to watch sees nobody but himself.

    Raises RuleBroken: not_allowed, office_not_in_scope, team_unknown, period_malformed (it ends before it begins),
    period_too_long.
    """
    if not any(map(actor.may, WATCH)) and (officer is None or officer not in actor.hands):
        raise RuleBroken("not_allowed")
    if office is not None and office not in actor.office_ids:
        raise RuleBroken("office_not_in_scope", field="office")
    if last < first:
        raise RuleBroken("period_malformed", field="last")
    if (last - first).days >= LONGEST:
        raise RuleBroken("period_too_long", field="last", most=LONGEST)
    offices = (office,) if office is not None else tuple(sorted(actor.office_ids))
    if team is not None and not KeyingTeam.objects.filter(id=team, origin_office_id__in=actor.office_ids).exists():
        raise RuleBroken("team_unknown", field="team")
    return Period(first, last, offices, officer, team)


_WORK = """
select keyer, origin_office_id, (first_received_at at time zone %(zone)s)::date as day, count(*), sum(strokes),
       sum(active_ms), sum(characters), sum(fields_filled)
from keyed_entry
where origin_office_id = any(%(offices)s) and first_received_at >= %(start)s and first_received_at < %(end)s
  and kind = 'case' and (%(officer)s::int is null or keyer = %(officer)s)
group by 1, 2, 3
"""
_SECOND_WORK = """
select keyer, origin_office_id, (received_at at time zone %(zone)s)::date as day, count(*), sum(strokes), sum(active_ms)
from second_keying
where origin_office_id = any(%(offices)s) and received_at >= %(start)s and received_at < %(end)s and kind <> 'stray'
  and (%(officer)s::int is null or keyer = %(officer)s)
group by 1, 2, 3
"""
_CHECKED = """
select checker, origin_office_id, (checked_at at time zone %(zone)s)::date as day, count(*)
from keyed_entry
where origin_office_id = any(%(offices)s) and checked_at >= %(start)s and checked_at < %(end)s
  and (%(officer)s::int is null or checker = %(officer)s) and checker is not null
group by 1, 2, 3
"""


def keyed(period: Period) -> list[Done]:
    """Cases keyed, by keyer, office and day."""
    return [
        Done(officer, office, day, Work(*map(int, sums)))
        for officer, office, day, *sums in rows_of(_WORK, period.params)
    ]


def keyed_again(period: Period) -> list[Done]:
    """Cases keyed a second time, by who keyed them, office and day; only critical fields in most of them."""
    rows = rows_of(_SECOND_WORK, period.params)
    return [
        Done(officer, office, day, Work(int(cases), int(strokes), int(active)))
        for officer, office, day, cases, strokes, active in rows
    ]


def checked(period: Period) -> list[Done]:
    """Entries whose check ended by an officer (passed, or returned to the keyer), by office and day."""
    return [Done(officer, office, day, Work(cases)) for officer, office, day, cases in rows_of(_CHECKED, period.params)]


def sums_by_officer(done: Iterable[Done]) -> dict[int, Work]:
    """The work of each officer, all days together."""
    made: dict[int, Work] = defaultdict(Work)
    for each in done:
        made[each.officer] += each.work
    return dict(made)


def sums_by_office(done: Iterable[Done]) -> dict[int, Work]:
    """The work at each office, all days together."""
    made: dict[int, Work] = defaultdict(Work)
    for each in done:
        made[each.office] += each.work
    return dict(made)


def cases_by_day(done: Iterable[Done], period: Period) -> list[int]:
    """How many cases on each day of the period, days without any too."""
    made: dict[date, int] = defaultdict(int)
    for each in done:
        made[each.day] += each.work.cases
    return [made[day] for day in period.days]


@lru_cache(maxsize=1)
def _critical() -> tuple[list[str], list[str]]:
    """All critical fields of all register versions, as two columns."""
    pairs = [
        (version.id, code)
        for kind in REGISTER_TYPES.values()
        for version in kind.every_version
        for code in critical_fields(version)
    ]
    return [version for version, _ in pairs], [code for _, code in pairs]


def _text(value: str) -> str:
    return (
        f"case jsonb_typeof({value}) when 'string' then {value} #>> '{{}}' "
        f"when 'object' then coalesce({value} ->> 'text', '') else '' end"
    )


# one line a field of a second keying: what the second typed, what came of the difference; `unit`: of whose errors
_ERRORS = f"""
with given as (
    select distinct on (s.entry_id, s.kind) s.id, s.kind, s.values, s.keyer as second_keyer, e.keyer as first_keyer,
           s.origin_office_id as office, e.schema_version, s.annotations,
           (e.first_received_at at time zone %(zone)s)::date as first_day,
           (s.received_at at time zone %(zone)s)::date as second_day
    from second_keying s join keyed_entry e on e.id = s.entry_id
    where s.origin_office_id = any(%(offices)s) and s.received_at >= %(start)s and s.received_at < %(end)s
      and s.kind in ('critical', 'double', 'sample') and e.kind = 'case'
      and (%(officer)s::int is null or e.keyer = %(officer)s or (s.kind = 'double' and s.keyer = %(officer)s))
    order by s.entry_id, s.kind, s.received_at
), typed as (
    select given.id, f.key as field, char_length({_text("f.value")}) as length
    from given cross join lateral jsonb_each(given.values) f
    where {_text("f.value")} <> '' or f.value ->> 'reason' = 'illegible'
    union all
    select given.id, 'note.' || n.ordinality,
           (select sum(char_length(t.value))::int from jsonb_each_text(n.value) t where t.key not in ('kind', 'field'))
    from given cross join lateral jsonb_array_elements(coalesce(given.annotations, '[]')) with ordinality n
), apart as (
    select d.second_id as id, d.field, d.decision, d.first_errors, d.second_errors, d.length
    from keying_difference d join given on given.id = d.second_id where d.field <> ''
), fields as (
    select coalesce(typed.id, apart.id) as id, coalesce(typed.field, apart.field) as field,
           coalesce(apart.decision = '', false) as is_open, coalesce(apart.first_errors, 0) as first_errors,
           coalesce(apart.second_errors, 0) as second_errors, coalesce(apart.length, typed.length, 0) as length
    from typed full join apart on apart.id = typed.id and apart.field = typed.field
), judged as (
    select fields.*, given.kind, given.first_keyer, given.second_keyer, given.office, given.first_day, given.second_day,
           given.kind <> 'critical' as is_whole, given.kind = 'critical' or c.field is not null as is_key
    from fields join given on given.id = fields.id
    left join unnest(%(versions)s::text[], %(codes)s::text[]) as c(version, field)
           on c.version = given.schema_version and c.field = fields.field
), said as (
    select id, first_keyer as officer, office, first_day as day, is_open, is_whole, is_key, first_errors as errors, length
    from judged
    union all
    select id, second_keyer, office, second_day, is_open, is_whole, is_key, second_errors, length
    from judged where kind = 'double'
), cases as (
    select officer, office, day, id, count(*) filter (where is_open) as open,
           count(*) filter (where is_whole and not is_open) as f,
           count(*) filter (where is_whole and not is_open and errors > 0) as fe,
           coalesce(sum(greatest(length, errors)) filter (where is_whole and not is_open), 0) as c,
           coalesce(sum(errors) filter (where is_whole and not is_open), 0) as ce,
           count(*) filter (where is_key and not is_open) as k,
           count(*) filter (where is_key and not is_open and errors > 0) as ke
    from said where %(officer)s::int is null or officer = %(officer)s
    group by officer, office, day, id
)
select officer, office, day, sum(open),
       count(*) filter (where f > 0), sum(fe), sum(f), sum(fe * fe), sum(f * f), sum(fe * f),
       count(*) filter (where c > 0), sum(ce), sum(c), sum(ce * ce), sum(c * c), sum(ce * c),
       count(*) filter (where k > 0), sum(ke), sum(k), sum(ke * ke), sum(k * k), sum(ke * k)
from cases group by officer, office, day
"""  # nosec B608 - only constants of this module are put together


@dataclass(frozen=True, slots=True)
class Measured:
    """What checks of the period found in what one officer keyed on one day for the books of one office."""

    officer: int
    office: int
    day: date
    errors: Errors


def measured(period: Period) -> list[Measured]:
    """Errors by keyer, office and day of his keying, from the second keyings that came in the period.

    In double keying both are measured against what was decided; else only the first keyer is.
    """
    versions, codes = _critical()
    return [
        Measured(officer, office, day, Errors(_sums(rest[0:6]), _sums(rest[6:12]), _sums(rest[12:18]), int(opened)))
        for officer, office, day, opened, *rest in rows_of(
            _ERRORS, {**period.params, "versions": versions, "codes": codes}
        )
    ]


def _sums(row: Iterable[Any]) -> Sums:
    return Sums(*(int(value) for value in row))


def errors_by_officer(found: Iterable[Measured]) -> dict[int, Errors]:
    """The errors of each officer, all offices together."""
    made: dict[int, Errors] = defaultdict(Errors)
    for each in found:
        made[each.officer] += each.errors
    return dict(made)


def errors_by_office(found: Iterable[Measured]) -> dict[int, Errors]:
    """The errors at each office."""
    made: dict[int, Errors] = defaultdict(Errors)
    for each in found:
        made[each.office] += each.errors
    return dict(made)


def rows_of(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Ask one question of sums."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@dataclass(frozen=True, slots=True)
class InWork:
    """A package somebody has: how far it is, and since when nothing came."""

    package: KeyingPackage
    done: int
    last_save: datetime | None


MOST_IN_WORK = 60


def packages_in_work(offices: Iterable[int], some: Q | None = None) -> list[InWork]:
    """Packages that are being keyed, or wait for their check or are in it; the longest in work first."""
    states = [PackageState.OUT, PackageState.RELEASED, PackageState.CHECKING]
    rows = KeyingPackage.objects.filter(some or Q(), origin_office_id__in=list(offices), state__in=states)
    packages = list(
        rows.select_related("book", "origin_office", "team").order_by("checked_out_at", "id")[:MOST_IN_WORK]
    )
    ids = [package.id for package in packages]
    items = PackageItem.objects.filter(package_id__in=ids).exclude(state=ItemState.OPEN).order_by()
    done = dict(items.values_list("package").annotate(count=Count("id")))
    saves = Entry.objects.filter(package_id__in=ids).order_by()
    last = dict(saves.values_list("package").annotate(last=Max("received_at")))
    return [InWork(package, done.get(package.id, 0), last.get(package.id)) for package in packages]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entries that wait for a checker, a decision or their keyer: how many, and since when the oldest."""

    state: str
    count: int
    oldest: datetime | None


def waiting(offices: Iterable[int], some: Q | None = None) -> list[Waiting]:
    """What lies between keying and approval, oldest first looked at."""
    states = [CheckState.PENDING, CheckState.DIFFERS, CheckState.RETURNED]
    rows = Entry.objects.filter(some or Q(), origin_office_id__in=list(offices), check_state__in=states).order_by()
    found = {
        state: (count, oldest)
        for state, count, oldest in rows.values_list("check_state").annotate(
            count=Count("id"), oldest=Min("first_received_at")
        )
    }
    return [Waiting(state.value, *found.get(state.value, (0, None))) for state in states]


def checked_machines(offices: Iterable[int], day: date) -> int:
    """Machines of the offices that are checked and in use on a day: what the norm of a machine and day is of."""
    good = Q(revoked_at__isnull=True, valid_to__gte=day) & ~Q(result=CheckResult.FAILED)
    return Device.objects.filter(good, office_id__in=list(offices)).count()


def offices_of_keyers(officers: Iterable[int], day: date) -> dict[int, int]:
    """The office of the post of each officer on a day. Who has no post then is left out."""
    posts = Post.objects.filter(officer_id__in=list(officers), valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )
    return dict(posts.order_by("-valid_from", "-id").values_list("officer_id", "office_id"))


def last_arrival(offices: Iterable[int], some: Q | None = None) -> datetime | None:
    """When the last case came in, to see at a glance whether anything moves."""
    rows = Entry.objects.filter(some or Q(), origin_office_id__in=list(offices)).order_by(F("first_received_at").desc())
    found: datetime | None = rows.values_list("first_received_at", flat=True).first()
    return found
