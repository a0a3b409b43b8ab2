"""Reads: what in the figures of keying a leader should look at (requirement H7).

Looked at are the newest cases and checks of the period only (`MOST`), found along the indexes by day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from hotich.keying.queries.figures import Period, rows_of
from hotich.keying.rules.alarms import (
    FASTEST_STROKES,
    Alarm,
    Checks,
    Limits,
    Pace,
    SameValue,
    checks,
    paces,
    same_values,
)
from hotich.keying.rules.comparison import critical_fields
from hotich.registers.rules.parameters import constant
from hotich.registers.types import REGISTER_TYPES
from hotich.registers.types.declaration import Kind, Need, RegisterVersion

MOST = 5000  # newest cases that are looked at
PAUSE = 600  # seconds after which a checker has been away: no time of a check
_DIFFER = frozenset({Kind.NAME, Kind.DATE, Kind.PERSONAL_ID, Kind.ID_NUMBER})
"""Kinds of fields that say something else in every case; registers of one village share places, people and codes."""


def limits_in_force() -> Limits:
    """The parameters alarms go by today."""
    return Limits(
        fastest_case=constant("keying_fastest_case"),
        same_share=constant("keying_same_value_share"),
        same_cases=constant("keying_same_value_cases"),
        empty_share=constant("keying_empty_share"),
        clock_error=constant("keying_clock_error"),
    )


def alarms(period: Period, limits: Limits | None = None) -> list[Alarm]:
    """Everything to look at, what points at work not done first, then by officer."""
    limits = limits or limits_in_force()
    found = [*_paces(period, limits), *_same(period, limits), *_checks(period, limits)]
    return sorted(found, key=lambda alarm: (not alarm.is_severe, alarm.officer, alarm.code))


_NEWEST = """
newest as (
    select id, keyer, case_id, schema_version, active_ms, strokes, clock_error
    from keyed_entry
    where origin_office_id = any(%(offices)s) and first_received_at >= %(start)s and first_received_at < %(end)s
      and kind = 'case' and (%(officer)s::int is null or keyer = %(officer)s)
    order by first_received_at desc limit %(most)s
)
"""
_PACES = f"""
with {_NEWEST}
select keyer, count(*), count(*) filter (where active_ms < %(fastest)s),
       count(*) filter (where strokes * 1000 > %(hands)s * active_ms::bigint),
       count(*) filter (where abs(clock_error) > %(clock)s),
       (array_agg(clock_error order by abs(clock_error) desc))[1]
from newest group by keyer
"""  # nosec B608 - only constants of this module are put together


def _paces(period: Period, limits: Limits) -> Iterator[Alarm]:
    params = {
        **period.params, "most": MOST, "fastest": limits.fastest_case * 1000, "hands": FASTEST_STROKES,
        "clock": limits.clock_error * 1000,
    }  # fmt: skip
    needed = {
        officer: (int(asked), int(filled)) for officer, asked, filled in rows_of(_EMPTY, _with(period, _needed()))
    }
    for officer, cases, fast, hasty, wrong, worst in rows_of(_PACES, params):
        asked, filled = needed.get(officer, (0, 0))
        yield from paces(Pace(officer, cases, fast, hasty, asked, filled, wrong, worst), limits)


def _with(period: Period, fields: tuple[list[str], list[str]]) -> dict[str, Any]:
    return {**period.params, "most": MOST, "versions": fields[0], "codes": fields[1]}


_EMPTY = f"""
with {_NEWEST}
select newest.keyer, count(*),
       count(*) filter (where case jsonb_typeof(c.as_recorded -> w.field)
           when 'string' then c.as_recorded ->> w.field <> ''
           when 'object' then coalesce(c.as_recorded -> w.field ->> 'text', '') <> ''
                              or c.as_recorded -> w.field ->> 'reason' = 'illegible'
           else c.as_recorded -> w.field is not null end)
from newest join intake_case c on c.id = newest.case_id
join unnest(%(versions)s::text[], %(codes)s::text[]) as w(version, field) on w.version = newest.schema_version
group by 1
"""  # nosec B608 - only constants of this module are put together


def _versions() -> Iterator[RegisterVersion]:
    for kind in REGISTER_TYPES.values():
        yield from kind.every_version


@lru_cache(maxsize=1)
def _needed() -> tuple[list[str], list[str]]:
    """Fields every case should have something in, as two columns; most others are empty in most books."""
    pairs = [
        (version.id, field.code)
        for version in _versions()
        for field in version.fields
        if field.on_form and field.need in (Need.KEY, Need.MINIMUM)
    ]
    return [version for version, _ in pairs], [code for _, code in pairs]


_SAME = f"""
with {_NEWEST}, said as (
    select newest.keyer, f.key as field, f.value #>> '{{}}' as text
    from newest join intake_case c on c.id = newest.case_id
    cross join lateral jsonb_each(c.as_recorded) f
    join unnest(%(versions)s::text[], %(codes)s::text[]) as w(version, field)
      on w.version = newest.schema_version and w.field = f.key
    where jsonb_typeof(f.value) = 'string' and f.value <> '""'
), times as (
    select keyer, field, text, count(*) as times from said group by 1, 2, 3
)
select keyer, field, sum(times), max(times) from times group by 1, 2 having sum(times) >= %(least)s
"""  # nosec B608 - only constants of this module are put together


@lru_cache(maxsize=1)
def _watched() -> tuple[list[str], list[str]]:
    """Fields whose values should differ from case to case, as two columns: names, births and identities of the parties."""
    pairs = []
    for version in _versions():
        critical = set(critical_fields(version)) - {"registration_date"}
        pairs += [
            (version.id, field.code)
            for field in version.fields
            if field.code in critical and field.kind in _DIFFER and not field.carry
        ]
    return [version for version, _ in pairs], [code for _, code in pairs]


def _same(period: Period, limits: Limits) -> Iterator[Alarm]:
    params = {**_with(period, _watched()), "least": limits.same_cases}
    for officer, field, cases, same in rows_of(_SAME, params):
        yield from same_values(SameValue(officer, field, int(cases), int(same)), limits)


# a second keying tells its own time; of a look beside the scan only the time since the checker's last one is known
_CHECKS = """
with again as (
    select s.keyer as officer, s.active_ms / 1000.0 as seconds,
           exists (select 1 from keying_difference d where d.second_id = s.id) as finds
    from second_keying s
    where s.origin_office_id = any(%(offices)s) and s.received_at >= %(start)s and s.received_at < %(end)s
      and s.kind <> 'stray' and (%(officer)s::int is null or s.keyer = %(officer)s)
    order by s.received_at desc limit %(most)s
), looked as (
    select e.id, e.checker as officer, e.check_state,
           extract(epoch from e.checked_at - lag(e.checked_at) over (partition by e.checker order by e.checked_at))
           as seconds
    from keyed_entry e
    where e.origin_office_id = any(%(offices)s) and e.checked_at >= %(start)s and e.checked_at < %(end)s
      and e.checker is not null and (%(officer)s::int is null or e.checker = %(officer)s)
      and not exists (select 1 from second_keying s where s.entry_id = e.id)
    order by e.checked_at desc limit %(most)s
), done as (
    select officer, seconds, finds from again
    union all
    select officer, case when seconds < %(pause)s then seconds end,
           check_state <> 'passed' or exists (select 1 from keying_difference d where d.entry_id = looked.id)
    from looked
)
select officer, count(*), count(*) filter (where finds), percentile_cont(0.5) within group (order by seconds)
from done group by officer
"""


def _checks(period: Period, limits: Limits) -> Iterator[Alarm]:
    for officer, count, finds, median in rows_of(_CHECKS, {**period.params, "most": MOST, "pause": PAUSE}):
        seconds = None if median is None else float(median)
        yield from checks(Checks(officer, count, finds, seconds), limits)


def by_officer(found: list[Alarm]) -> dict[int, list[Alarm]]:
    """The alarms of each officer."""
    made: dict[int, list[Alarm]] = defaultdict(list)
    for alarm in found:
        made[alarm.officer].append(alarm)
    return dict(made)
