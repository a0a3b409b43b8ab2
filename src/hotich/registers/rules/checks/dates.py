"""Statements about the order of dates. A rule fails only if it fails for all days the dates may mean (R-DATE)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hotich.registers.rules.case import NOTHING, Case, Found
from hotich.registers.rules.parameters import threshold
from hotich.registers.rules.snapshot import active
from hotich.registers.types.declaration import RegisterVersion
from hotich.registers.types.eras import ERA_PERIODS


def _pair(case: Case, wrong: str, other: str) -> tuple[Found, ...]:
    return (Found(wrong, {"date": case.text.get(wrong, ""), "other": case.text.get(other, "")}),)


def in_order(case: Case, first: str, second: str, *, strictly: bool = False) -> tuple[Found, ...]:
    """Nothing if `first` may lie before `second` (or on the same day, unless `strictly`); else the finding."""
    a, b = case.span.get(first), case.span.get(second)
    if a is None or b is None:
        return NOTHING
    wrong = a.earliest >= b.latest if strictly else a.earliest > b.latest
    return _pair(case, second, first) if wrong else NOTHING


def _after_registration(case: Case, names: Iterable[str]) -> tuple[Found, ...]:
    registered = case.registered
    if registered is None:
        return NOTHING
    last, span, found = registered.latest, case.span, NOTHING
    for name in names:
        when = span.get(name)
        if when is not None and when.earliest > last:
            found += _pair(case, name, "registration_date")
    return found


def birth_not_after_registration(case: Case) -> Iterable[Found]:
    """Nobody named in an entry was born after it (C08, R-REGDATE)."""
    if case.registered is None:
        return NOTHING
    return _after_registration(case, [name for _, name in case.layout.births])


def death_not_after_registration(case: Case) -> Iterable[Found]:
    """A death is registered after it happened (C08)."""
    return _after_registration(case, ("death_date",))


def dates_not_after_registration(case: Case) -> Iterable[Found]:
    """No other date of an entry lies after its registration; dates of later notes excepted (R-REGDATE)."""
    return _after_registration(case, case.layout.past_dates)


def notes_not_before_registration(case: Case) -> Iterable[Found]:
    """A note is written into an entry that exists already."""
    if case.registered is None or case.span.keys().isdisjoint(case.layout.later_dates):
        return NOTHING
    first, found = case.registered.earliest, NOTHING
    for name in case.layout.later_dates:
        when = case.span.get(name)
        # a dissolved marriage has a stricter statement of its own
        if when is not None and when.latest < first and name != "dissolution_note_date":
            found += _pair(case, name, "registration_date")
    return found


def dates_not_in_future(case: Case) -> Iterable[Found]:
    """Nothing is dated after today (R-DATE, C08); the day is given by the caller."""
    today = case.today
    if today is None:
        return NOTHING
    return tuple(
        Found(name, {"date": case.text.get(name, ""), "today": f"{today:%d.%m.%Y}"})
        for name, when in case.span.items()
        if when.earliest > today
    )


def birth_not_after_death(case: Case) -> Iterable[Found]:
    """Whoever died was born before (C08)."""
    return in_order(case, "deceased_birth_date", "death_date")


def death_notice_not_before_death(case: Case) -> Iterable[Found]:
    """The notice of a death is issued after it."""
    return in_order(case, "death_date", "death_notice_date")


def marriage_after_births(case: Case) -> Iterable[Found]:
    """Husband and wife were born before they married (C08)."""
    return tuple(
        found
        for birth in ("husband_birth_date", "wife_birth_date")
        for found in in_order(case, birth, "marriage_effective_date", strictly=True)
    )


def marriage_dissolved_after_registration(case: Case) -> Iterable[Found]:
    """A divorce or annulment is noted after the marriage was registered, not on the same day."""
    return in_order(case, "registration_date", "dissolution_note_date", strictly=True)


_REVOCATIONS = (
    ("missing_declared_note_date", "missing_revoked_note_date"),
    ("incapacity_declared_note_date", "incapacity_revoked_note_date"),
    ("death_declared_note_date", "death_revoked_note_date"),
)


def revocation_not_before_declaration(case: Case) -> Iterable[Found]:
    """A declaration of a court is revoked after it was made."""
    if case.span.keys().isdisjoint(case.layout.later_dates):
        return NOTHING
    return tuple(found for first, second in _REVOCATIONS for found in in_order(case, first, second))


def period_in_order(case: Case) -> Iterable[Found]:
    """The period that a marital status certificate covers ends after it began."""
    return in_order(case, "status_period_from", "status_period_to")


def judgment_after_marriage(case: Case) -> Iterable[Found]:
    """A marriage is dissolved after the day it was made."""
    return in_order(case, "origin_marriage_date", "judgment_date", strictly=True)


def judgment_effective_after_it_was_given(case: Case) -> Iterable[Found]:
    """A judgment takes effect on the day it is given or later."""
    return in_order(case, "judgment_date", "effective_date")


def id_document_issued_after_birth(case: Case) -> Iterable[Found]:
    """An identity document is issued to somebody who is born."""
    span, found = case.span, NOTHING
    for document in case.layout.documents:
        if document.issued in span and document.birth in span:
            found += in_order(case, document.birth, document.issued)
    return found


_EVENTS = {
    "KS": "child_birth_date",
    "KT": "death_date",
    "KH": "marriage_effective_date",
    "CMC": "child_birth_date",
    "GH": "ward_birth_date",
    "TD": "subject_birth_date",
}


def foreign_registration_after_event(case: Case) -> Iterable[Found]:
    """An office abroad registered the event after it happened."""
    if "foreign_registration_date" not in case.span:
        return NOTHING
    return in_order(case, _EVENTS[case.letters], "foreign_registration_date")


def _period(version: RegisterVersion) -> tuple[date | None, date | None]:
    """When the forms of a version were in use: as the era in force says, unless the version has days of its own."""
    shipped, now = ERA_PERIODS[version.era], active().eras[version.era]
    first = now.valid_from if version.valid_from == shipped.valid_from else version.valid_from
    last = now.valid_to if version.valid_to == shipped.valid_to else version.valid_to
    return first, last


def registered_within_era(case: Case) -> Iterable[Found]:
    """The day of registration fits the era of the book; eras overlap, so only a year beyond is reported."""
    registered, version = case.registered, case.layout.version
    if registered is None:
        return NOTHING
    slack = timedelta(days=threshold("era_overlap_days", registered.latest))
    first, last = _period(version)
    early = first is not None and registered.latest < first - slack
    late = last is not None and registered.earliest > last + slack
    if not early and not late:
        return NOTHING
    return (Found("registration_date", {"date": case.text.get("registration_date", ""), "era": version.era.value}),)


def registered_while_office_existed(case: Case) -> Iterable[Found]:
    """The office existed on the day of registration (C31)."""
    registered, office = case.registered, case.office
    if registered is None or office is None:
        return NOTHING
    before = office.opened is not None and registered.latest < office.opened
    after = office.closed is not None and registered.earliest > office.closed
    if not before and not after:
        return NOTHING
    params = {"date": case.text.get("registration_date", ""), "office": office.name or office.code}
    return (Found("registration_date", params),)


def registration_year_is_plausible(case: Case) -> Iterable[Found]:
    """Books from before 1945 are rare enough to look twice (registers.md 1.1)."""
    registered = case.registered
    if registered is None:
        return NOTHING
    first, sure = (threshold(code, registered.latest) for code in ("year_first", "year_doubtful_before"))
    if not first <= registered.latest.year < sure:
        return NOTHING
    return (Found("registration_date", {"year": registered.latest.year}),)


def registration_year_is_accepted(case: Case) -> Iterable[Found]:
    """No book is older than the first year that books are accepted from (registers.md 1.1)."""
    registered = case.registered
    if registered is None:
        return NOTHING
    first = threshold("year_first", registered.latest)
    if registered.latest.year >= first:
        return NOTHING
    return (Found("registration_date", {"year": registered.latest.year, "first": first}),)


def registration_date_is_whole(case: Case) -> Iterable[Found]:
    """The day of registration is known to the day (R-REGDATE)."""
    when = case.dates.get("registration_date")
    if when is None or when.precision == "day":
        return NOTHING
    return (Found("registration_date", {"date": case.text.get("registration_date", "")}),)


def number_year_is_registration_year(case: Case) -> Iterable[Found]:
    """The year in the registration number is the year of registration (R-NO)."""
    registered = case.span.get("registration_date")
    if registered is None or case.number is None or case.number.year is None:
        return NOTHING
    if registered.earliest.year <= case.number.year <= registered.latest.year:
        return NOTHING
    params = {"number": case.text.get("registration_number", ""), "year": registered.earliest.year}
    return (Found("registration_number", params),)


def book_opened_before_registration(case: Case) -> Iterable[Found]:
    """A book is opened before an entry is written into it; it may be used for years (registers.md 2.2)."""
    if case.registered is None or case.book is None or case.book.year is None:
        return NOTHING
    if case.book.year <= case.registered.latest.year:
        return NOTHING
    params = {"book": case.text.get("register_book_no", ""), "year": case.registered.latest.year}
    return (Found("register_book_no", params),)


def book_is_of_this_register(case: Case) -> Iterable[Found]:
    """A label such as 01-TP/HT-2015-GH names this register (R-BOOK)."""
    if case.book is None or not case.book.letters or case.book.letters == case.letters:
        return NOTHING
    params = {"book": case.text.get("register_book_no", ""), "letters": case.letters}
    return (Found("register_book_no", params),)
