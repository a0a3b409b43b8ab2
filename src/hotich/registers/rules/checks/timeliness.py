"""Registration in time or late (C19, R-LATE): days from the event to its registration, by the law of that day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hotich.registers.rules.case import NOTHING, Case, Found
from hotich.registers.rules.parameters import parameter

ON_TIME, LATE = "1", "4"
"""Codes of the registration type in the birth and the death register: đúng hạn, quá hạn."""

_EVENTS = {"KS": ("child_birth_date", "birth_late_days"), "KT": ("death_date", "death_late_days")}


def allowed_days(letters: str, registered_on: date, *, remote: bool = False) -> int | None:
    """The days within which an event must be registered; None where the law of that day is not known.

    `letters` is "KS" or "KT"; `remote`: the office lies in a remote area, which NĐ 83/1998 gave 60 days.
    Raises KeyError for another register.
    """
    code = _EVENTS[letters][1]
    days = parameter(code, registered_on)
    if remote and letters == "KS" and days is not None:
        days = max(days, parameter("birth_late_days_remote", registered_on) or 0)
    return days


def is_late(letters: str, happened: date, registered_on: date, *, remote: bool = False) -> bool | None:
    """Whether a birth or death was registered too late (C19); None where the law of that day is not known."""
    days = allowed_days(letters, registered_on, remote=remote)
    return None if days is None else (registered_on - happened).days > days


def _delays(case: Case) -> tuple[bool | None, bool | None, str]:
    """Whether it was certainly late, whether it was possibly late, and the field of the event."""
    event, _ = _EVENTS[case.letters]
    happened, registered = case.span.get(event), case.span.get("registration_date")
    if happened is None or registered is None or happened.earliest > registered.latest:
        return None, None, event
    # for an office we know nothing about, the longer limit of remote areas can neither be claimed nor ruled out
    maybe_remote = case.office is None or case.office.remote
    surely_remote = case.office is not None and case.office.remote
    certainly = is_late(case.letters, happened.latest, registered.earliest, remote=maybe_remote)
    possibly = is_late(case.letters, happened.earliest, registered.latest, remote=surely_remote)
    return certainly, possibly, event


def _params(case: Case, event: str) -> dict[str, object]:
    return {"date": case.text.get(event, ""), "registered": case.text.get("registration_date", "")}


def on_time_entries_are_on_time(case: Case) -> Iterable[Found]:
    """An entry marked "đúng hạn" was made within the limit (C19, R-LATE)."""
    if case.code.get("registration_type") != ON_TIME:
        return NOTHING
    certainly, _, event = _delays(case)
    return (Found("registration_type", _params(case, event)),) if certainly else NOTHING


def late_entries_are_late(case: Case) -> Iterable[Found]:
    """An entry marked "quá hạn" was made after the limit (C19, R-LATE)."""
    if case.code.get("registration_type") != LATE:
        return NOTHING
    _, possibly, event = _delays(case)
    return (Found("registration_type", _params(case, event)),) if possibly is False else NOTHING
