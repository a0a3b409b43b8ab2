"""Reads: how much was keyed of a book, by keyer and the team he was in on the day, by field and length, and by page (H5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from hotich.database.plain import ask
from hotich.keying.models import EntryKind, KeyingTeam
from hotich.keying.queries.figures import ZONE
from hotich.keying.queries.teams import roster_of_keyers
from hotich.keying.rules.figures import LENGTH_BANDS
from hotich.keying.rules.teams import Roster
from hotich.registers.models import Book

Hand = tuple[int, UUID | None]
"""A keyer, and the team he was in on the day; None: in no team."""


@dataclass(frozen=True, slots=True)
class FieldVolume:
    """Values of one field, one keyer in one team, and one band of length: how many, and their characters."""

    keyer: int
    team: UUID | None
    field: str
    band: int
    values: int
    characters: int

    @property
    def hand(self) -> Hand:
        """Whose work it is."""
        return self.keyer, self.team


@dataclass(frozen=True, slots=True)
class PageVolume:
    """What was keyed of one page of the book ("" where no page is noted)."""

    page: str
    cases: int
    values: int
    characters: int


@dataclass(frozen=True, slots=True)
class Volume:
    """How much of a book was keyed: cases of each hand, values by field and length, and by page."""

    cases: Mapping[Hand, int]
    marked: Mapping[Hand, int]  # numbers noted as crossed out, pages noted as missing
    fields: tuple[FieldVolume, ...]
    pages: tuple[PageVolume, ...]
    teams: Mapping[UUID, KeyingTeam]  # those that occur

    @property
    def cases_by_keyer(self) -> dict[int, int]:
        """Cases of each keyer, whatever team he was in."""
        made: dict[int, int] = defaultdict(int)
        for (keyer, _team), count in self.cases.items():
            made[keyer] += count
        return dict(made)

    @property
    def hands(self) -> set[Hand]:
        """Everybody who keyed or marked something, once for each team he did it in."""
        return {*self.cases, *self.marked, *(line.hand for line in self.fields)}


_TEXT = (
    "case jsonb_typeof(f.raw) when 'string' then f.raw #>> '{}' when 'object' then coalesce(f.raw ->> 'text', '') "
    "else '' end"
)
_DAY = "(e.first_received_at at time zone %(zone)s)::date"
# a case of the second original that was decided beside the first is work, too, though it becomes no record
_COUNTS = """(c.state is null or c.state <> 'withdrawn' or exists (
        select 1 from original_decision d where d.entry_id = e.id
    ))"""
_ENTRIES = f"""
select e.keyer, {_DAY}, e.kind, count(*)
from keying_package p
join keyed_entry e on e.package_id = p.id
left join intake_case c on c.id = e.case_id
where p.book_id = %(book)s and p.state <> 'withdrawn' and {_COUNTS}
group by 1, 2, 3
"""  # nosec B608 - only constants of this module are put together
_VALUES = f"""
with kept as (
    select e.keyer, {_DAY} as day, c.page_no, c.as_recorded, c.id
    from keying_package p
    join keyed_entry e on e.package_id = p.id
    join intake_case c on c.id = e.case_id
    where p.book_id = %(book)s and p.state <> 'withdrawn' and e.kind = 'case' and {_COUNTS}
), filled as (
    select kept.keyer, kept.day, kept.page_no, kept.id, f.field, char_length({_TEXT}) as length
    from kept cross join lateral (
        select key as field, value as raw from jsonb_each(kept.as_recorded) where jsonb_typeof(value) <> 'array'
        union all
        select part.key, part.value
        from jsonb_each(kept.as_recorded) as whole
        cross join lateral jsonb_array_elements(
            case when jsonb_typeof(whole.value) = 'array' then whole.value else '[]'::jsonb end
        ) as line
        cross join lateral jsonb_each(line) as part
    ) f
    where {_TEXT} <> ''
)
"""  # nosec B608 - only constants of this module are put together


def volume_of(book: Book) -> Volume:
    """How much was keyed of one book: characters and values as they are stored now, after checks and corrections."""
    params: dict[str, Any] = {"book": book.id, "bands": [limit + 1 for limit in LENGTH_BANDS], "zone": ZONE}
    entries = ask(_ENTRIES, params)
    teams = _teams_of_days({keyer for keyer, *_ in entries}, [day for _, day, _, _ in entries])
    cases: dict[Hand, int] = defaultdict(int)
    marked: dict[Hand, int] = defaultdict(int)
    for keyer, day, kind, count in entries:
        target = cases if kind == EntryKind.CASE else marked
        target[keyer, teams.team_on(keyer, book.origin_office_id, day)] += count
    with connection.cursor() as cursor:
        cursor.execute(
            _VALUES + "select keyer, day, field, width_bucket(length, %(bands)s::int[]), count(*), sum(length) "
            "from filled group by 1, 2, 3, 4",
            params,
        )
        fields = _fields(book, cursor.fetchall(), teams)
        cursor.execute(
            _VALUES + "select page_no, count(distinct id), count(*), sum(length) from filled group by 1 "
            "order by case when page_no ~ '^[0-9]{1,9}$' then page_no::int end nulls last, page_no",
            params,
        )
        pages = tuple(PageVolume(*row) for row in cursor.fetchall())
    known = KeyingTeam.objects.in_bulk([team for _, team in {*cases, *marked} if team is not None])
    return Volume(dict(cases), dict(marked), fields, pages, known)


def _teams_of_days(keyers: Collection[int], days: Collection[date]) -> Roster:
    return roster_of_keyers(keyers, min(days), max(days)) if days else Roster(())


def _fields(book: Book, rows: Iterable[tuple[Any, ...]], teams: Roster) -> tuple[FieldVolume, ...]:
    """The days of a keyer put together by the team he was in; by keyer, field and band."""
    sums: dict[tuple[int, UUID | None, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for keyer, day, field, band, values, characters in rows:
        found = sums[keyer, teams.team_on(keyer, book.origin_office_id, day), field, band]
        found[0] += values
        found[1] += characters
    ordered = sorted(sums, key=lambda key: (key[0], key[2], key[3], str(key[1] or "")))
    return tuple(FieldVolume(*key, *sums[key]) for key in ordered)
