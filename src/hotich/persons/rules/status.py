"""Marital and life status are derived from what records prove, never typed (procedures 4.6, 4.7).

Dates may be partial. An event counts when it may have happened by the day asked for; a marriage is ended by a later
event unless that certainly came before the marriage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from hotich.persons.rules.facts import UNKNOWN, Days

SINGLE, MARRIED, DIVORCED, WIDOWED, NOT_KNOWN = "S", "M", "D", "W", "U"  # code list marital_status
ALIVE, DEAD, DECLARED_DEAD, MISSING = "alive", "dead", "declared_dead", "missing"
DEATHS = frozenset({"died", "declared_dead"})


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about a person, with the record that proves it."""

    kind: str
    days: Days = UNKNOWN
    spouse: UUID | None = None
    record: UUID | None = None


@dataclass(frozen=True, slots=True)
class Marriage:
    """A marriage as it stands on a day. `ended_by`: "" (in force), divorce, annulment, death."""

    spouse: UUID | None
    since: Days
    ended_by: str = ""
    until: Days = UNKNOWN
    records: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """A derived status: its code, since when, and the records it rests on."""

    code: str
    since: Days = UNKNOWN
    records: tuple[UUID, ...] = ()
    marriages: tuple[Marriage, ...] = field(default=())


def _by(day: date | None, event: Event) -> bool:
    return day is None or event.days.earliest is None or event.days.earliest <= day


def _before(a: Days, b: Days) -> bool:
    """Whether `a` certainly lies before `b`."""
    return a.latest is not None and b.earliest is not None and a.latest < b.earliest


def _order(days: Days) -> tuple[date, date]:
    """Undated events come first: nothing says that they are recent."""
    return days.earliest or days.latest or date.min, days.latest or days.earliest or date.min


def life_status(events: Iterable[Event], on: date | None = None) -> Status:
    """Dead, declared dead, missing, or alive as far as is known."""
    known = [event for event in events if _by(on, event)]
    if died := _first(known, "died"):
        return Status(DEAD, died.days, _records(died))
    for kind, revoked, code in (
        ("declared_dead", "death_revoked", DECLARED_DEAD),
        ("declared_missing", "missing_revoked", MISSING),
    ):
        declared = _last(known, kind)
        lifted = _last(known, revoked)
        if declared and not (lifted and not _before(lifted.days, declared.days)):
            return Status(code, declared.days, _records(declared))
    return Status(ALIVE)


def _first(events: Sequence[Event], kind: str) -> Event | None:
    return min((e for e in events if e.kind == kind), key=_stable, default=None)


def _last(events: Sequence[Event], kind: str) -> Event | None:
    return max((e for e in events if e.kind == kind), key=_stable, default=None)


def _stable(event: Event) -> tuple[tuple[date, date], str]:
    return _order(event.days), str(event.record)


def _records(*events: Event | None) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(event.record for event in events if event is not None and event.record is not None))


def marriages_of(
    events: Iterable[Event], of_spouses: Mapping[UUID, Iterable[Event]], on: date | None = None
) -> tuple[Marriage, ...]:
    """The marriages of a person on a day, the oldest first; one that was annulled is not among them.

    `of_spouses`: the facts about each spouse. The commune's and the district's entry of one marriage are one marriage.
    """
    known = [event for event in events if _by(on, event)]
    begun = sorted((e for e in known if e.kind == "married"), key=_stable)
    found: list[Marriage] = []
    for event in begun:
        ending = _end(event, known, [e for e in of_spouses.get(event.spouse, ()) if _by(on, e)] if event.spouse else [])
        if ending is None:
            continue  # annulled: as if it had never been
        made = Marriage(event.spouse, event.days, *ending[:2], _records(event) + ending[2])
        if found and event.spouse is not None and _same_marriage(found[-1], made):
            found[-1] = Marriage(made.spouse, found[-1].since, made.ended_by or found[-1].ended_by,
                                 made.until if made.ended_by else found[-1].until,
                                 tuple(dict.fromkeys(found[-1].records + made.records)))  # fmt: skip
        else:
            found.append(made)
    return tuple(_revived(found, known, of_spouses, on))


def _same_marriage(a: Marriage, b: Marriage) -> bool:
    """Two entries of one marriage: the same spouse, and the first had not certainly ended before the second."""
    return a.spouse == b.spouse and not (a.ended_by and _before(a.until, b.since))


def _end(marriage: Event, own: Sequence[Event], spouse: Sequence[Event]) -> tuple[str, Days, tuple[UUID, ...]] | None:
    """What ended a marriage, when, and by which records; None when it was annulled; ("", …) while it lasts."""
    for event in own:
        if event.kind == "marriage_annulled" and _concerns(event, marriage):
            return None
    divorced = min((e for e in own if e.kind == "divorced" and _concerns(e, marriage)), key=_stable, default=None)
    if divorced:
        return "divorce", divorced.days, _records(divorced)
    dead = life_status(spouse)
    if dead.code in (DEAD, DECLARED_DEAD) and not _before(dead.since, marriage.days):
        return "death", dead.since, dead.records
    return "", UNKNOWN, ()


def _concerns(event: Event, marriage: Event) -> bool:
    """Whether a divorce or annulment is one of this marriage: the same entry, or the same couple and not earlier."""
    if event.record is not None and event.record == marriage.record:
        return True
    return event.spouse is not None and event.spouse == marriage.spouse and not _before(event.days, marriage.days)


def _revived(
    marriages: list[Marriage], own: Sequence[Event], of_spouses: Mapping[UUID, Iterable[Event]], on: date | None
) -> Iterable[Marriage]:
    """One of the two was declared dead and came back: the marriage goes on, unless the other had married again in
    between (BLDS 2015, Điều 73)."""
    for marriage in marriages:
        theirs = [e for e in of_spouses.get(marriage.spouse, ()) if _by(on, e)] if marriage.spouse else []
        mine = [(item.since, item.spouse) for item in marriages if item is not marriage]
        gone = _gone(theirs, [since for since, spouse in mine if spouse != marriage.spouse])
        # seen from the one who came back: the other's marriages, but not this one
        gone = gone or _gone(own, _other_marriages(theirs, marriage))
        if marriage.ended_by or gone is None:
            yield marriage
        else:
            records = tuple(dict.fromkeys((*marriage.records, *_records(gone))))
            yield Marriage(marriage.spouse, marriage.since, "death", gone.days, records)


def _gone(events: Sequence[Event], marriages: Iterable[Days]) -> Event | None:
    """The declaration of death after which, and before it was lifted, one of these marriages was concluded."""
    declared, lifted = _last(events, "declared_dead"), _last(events, "death_revoked")
    if declared is None or lifted is None:
        return None
    between = (since for since in marriages if not _before(since, declared.days) and not _before(lifted.days, since))
    return declared if any(True for _ in between) else None


def _other_marriages(theirs: Sequence[Event], marriage: Marriage) -> list[Days]:
    annulled = {event.record for event in theirs if event.kind == "marriage_annulled"}
    return [
        event.days
        for event in theirs
        if event.kind == "married" and event.record not in annulled and event.record not in marriage.records
    ]


def marital_status(
    events: Iterable[Event],
    of_spouses: Mapping[UUID, Iterable[Event]],
    on: date | None = None,
    *,
    coverage_known: bool = False,
) -> Status:
    """The marital status on a day (None: after everything known).

    Never married is certain only where every place of residence since the age of marriage is covered by digitised
    books (`coverage_known`); else the answer is that it is not known.
    """
    known = [event for event in events if _by(on, event)]
    marriages = marriages_of(known, of_spouses, on)
    lasting = [marriage for marriage in marriages if not marriage.ended_by]
    if lasting:
        newest = max(lasting, key=lambda item: _order(item.since))
        return Status(MARRIED, newest.since, newest.records, marriages)
    codes = {"divorce": DIVORCED, "death": WIDOWED}
    ends = [(codes[item.ended_by], item.until, item.records) for item in marriages]
    # a divorce whose marriage was never entered here still tells that there was one
    ends += [
        (DIVORCED, event.days, _records(event))
        for event in known
        if event.kind == "divorced" and not any(item.spouse == event.spouse for item in marriages)
    ]
    if ends:
        code, since, records = max(ends, key=lambda item: (_order(item[1]), item[0]))
        return Status(code, since, records, marriages)
    return Status(SINGLE if coverage_known else NOT_KNOWN, marriages=marriages)
