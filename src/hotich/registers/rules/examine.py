"""Examining one entry of a register: every value read, every statement tested, the keys of the case taken out.

`examine` is pure and fast: versions are prepared once, texts are read through caches, and a check that has nothing to
look at returns at once. It decides nothing about what happens to a case; callers act on severities and on
REJECTING_CODES.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hotich.kernel.problems import Problem, Severity
from hotich.kernel.text import clean_text
from hotich.registers.rules import reading
from hotich.registers.rules.case import Case, Layout, OfficeFacts, Run, Span, layout_of
from hotich.registers.rules.checks import BY_CODE, checks_for
from hotich.registers.rules.reading import Fault, Reader, with_surrogates
from hotich.registers.rules.values import AsRecorded, decode, text_of
from hotich.registers.types.declaration import Channel, RegisterVersion

__all__ = [
    "REJECTING_CODES",
    "CaseKeys",
    "Examination",
    "OfficeFacts",
    "Standard",
    "examine",
    "with_surrogates",
]

REJECTING_CODES = frozenset({"registration_number_missing", "text_too_long", "control_characters", "value_malformed"})
"""Findings for which a row is not stored at all: it has no identity, or a text that no field may hold."""

Standard = dict[str, Mapping[str, str]]
"""Standard values beside the recorded ones: {field: {"value": code, ISO date …, "rule": rule that made it}}.

The inner mappings are shared between cases and never to be changed.
"""


class CaseKeys(NamedTuple):
    """What tells a case from others. None and "" where the book does not say, or says it unreadably.

    `number_text` is the number with its year in one form ("12a/2006"), else as recorded; `book_number` has two figures
    at least ("01"), so that 1/2006 and 01/2006 are one book. Without a date the interval of the year is given.
    """

    number_text: str = ""
    number: int | None = None
    number_suffix: str = ""
    registration_year: int | None = None
    book_number: str = ""
    book_year: int | None = None
    page_no: str = ""
    registered_earliest: date | None = None
    registered_latest: date | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found in one entry. Problems stand in the order of the form, those of the whole case first."""

    standard: Standard
    problems: list[Problem]
    keys: CaseKeys

    @property
    def has_errors(self) -> bool:
        """Whether anything was found that holds the case."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def is_rejected(self) -> bool:
        """Whether anything was found for which the row must not be stored."""
        return any(problem.code in REJECTING_CODES for problem in self.problems)


class _Slot(NamedTuple):
    """How one field is read, and where it stands on the form."""

    reader: Reader | None
    limit: int
    place: int
    restricted: bool


class _Plan(NamedTuple):
    """A version made ready: readers by field, and the checks of each channel with their severity."""

    version: RegisterVersion
    layout: Layout
    slots: dict[str, _Slot]
    checks: dict[Channel, tuple[tuple[str, Severity, Run], ...]]
    severities: dict[Channel, dict[str, Severity]]


_plans: dict[str, _Plan] = {}


def _plan_of(version: RegisterVersion) -> _Plan:
    plan = _plans.get(version.id)
    if plan is None or plan.version is not version:
        plan = _plans[version.id] = _make_plan(version)
    return plan


def _make_plan(version: RegisterVersion) -> _Plan:
    slots = {
        item.code: _Slot(reading.reader_of(item), reading.limit_of(item), place, item.restricted)
        for place, item in enumerate(version.fields, start=1)
    }
    checks: dict[Channel, tuple[tuple[str, Severity, Run], ...]] = {}
    severities: dict[Channel, dict[str, Severity]] = {}
    for channel in Channel:
        asked = [(check, check.severity(channel)) for check in checks_for(version)]
        checks[channel] = tuple(
            (check.code, severity, check.run) for check, severity in asked if check.run is not None and severity
        )
        found = {code: check.severity(channel) for code, check in BY_CODE.items()}
        severities[channel] = {code: severity for code, severity in found.items() if severity}
    return _Plan(version, layout_of(version), slots, checks, severities)


def examine(
    version: RegisterVersion,
    as_recorded: AsRecorded,
    *,
    channel: Channel,
    office: OfficeFacts | None = None,
    today: date | None = None,
) -> Examination:
    """Reads one entry and tests every statement that is asked of its register on this channel.

    `as_recorded` holds the texts of the book, see `values`; it is not changed. Surrogates are not made here: call
    `with_surrogates` first for old books, and store what it returns. `office` is the office that registered, where
    known; `today` the day in Viet Nam, without which nothing is called "in the future". Never raises for bad data.
    """
    plan = _plan_of(version)
    case = Case(plan.layout, Channel(channel), today, office)
    standard: Standard = {}
    faults = _read(plan, case, as_recorded, standard)
    severities = plan.severities[case.channel]
    problems = [
        _problem(plan, code, name, severities[code], params) for name, (code, params) in faults if code in severities
    ]
    for code, severity, run in plan.checks[case.channel]:
        for name, params in run(case):
            problems.append(_problem(plan, code, name, severity, params))
    if len(problems) > 1:
        slots = plan.slots
        problems.sort(key=lambda problem: slots[problem.field].place if problem.field in slots else 0)
    return Examination(standard, problems, _keys(case))


def _problem(plan: _Plan, code: str, name: str, severity: Severity, params: Mapping[str, object]) -> Problem:
    slot = plan.slots.get(name)
    if slot is not None and slot.restricted:
        # what a restricted field says must not travel in texts and reports
        params = dict.fromkeys(params, "…")
    return Problem(code, name, severity, params)


# ---- reading

_WRONG = (AttributeError, TypeError, ValueError)  # what values of a wrong shape raise


def _read(plan: _Plan, case: Case, as_recorded: AsRecorded, standard: Standard) -> list[tuple[str, Fault]]:
    """Fills the case and the standard values; returns what could not be read."""
    faults: list[tuple[str, Fault]] = []
    year = _read_registration(case, as_recorded)
    slots, text, dates, span, code = plan.slots, case.text, case.dates, case.span, case.code
    plain = reading.PLAIN
    for name, raw in as_recorded.items():
        slot = slots.get(name)
        if slot is None:
            faults.append((name, ("field_unknown", {"field": name})))
            continue
        # the common way first: a short, printable text; everything else goes through `_unusual`
        if type(raw) is str and raw and raw[0] not in "[ " and len(raw) <= slot.limit and raw.isprintable():
            written = raw
        else:
            written = _unusual(case, name, raw, slot.limit, faults)
            if not written:
                continue
        text[name] = written
        if slot.reader is None:
            continue
        read = slot.reader(written, year)
        if read is plain:
            continue
        if read.standard is not None:
            standard[name] = read.standard
        if read.code:
            code[name] = read.code
        elif read.date is not None:
            dates[name] = read.date
            if read.span is not None:
                span[name] = read.span
        for fault in read.faults:
            faults.append((name, fault))
    return faults


def _unusual(case: Case, name: str, raw: object, limit: int, faults: list[tuple[str, Fault]]) -> str:
    """The text of a value that is blank, has a reason, or may be no good text; "" when there is nothing to read."""
    try:
        value = decode(raw)  # type: ignore[arg-type]  # whatever came in; a wrong shape raises
        written = value.text
        if value.reason:
            case.reason[name] = value.reason.value
        if len(written) > limit:
            faults.append((name, ("text_too_long", {"limit": limit, "length": len(written)})))
            return ""
        if reading.has_control_characters(written):
            faults.append((name, ("control_characters", {})))
            return ""
    except _WRONG:
        faults.append((name, ("value_malformed", {})))
        return ""
    return written


def _text(as_recorded: AsRecorded, name: str) -> str:
    raw = as_recorded.get(name)
    if type(raw) is str and raw[:1] != "[":
        return raw
    try:
        return text_of(as_recorded, name)
    except _WRONG:
        return ""


def _read_registration(case: Case, as_recorded: AsRecorded) -> int | None:
    """Number, book and day of registration come first: the year is needed to read ages and short years."""
    number, book = _text(as_recorded, "registration_number"), _text(as_recorded, "register_book_no")
    case.number = reading.read_number(number) if number else None
    case.book = reading.read_book(book) if book else None
    year = case.number.year if case.number else None
    when = reading.read_date(_text(as_recorded, "registration_date"), year)
    if when.span is not None:
        case.registered = when.span
        return when.date.year if when.date is not None else year
    if year is not None:
        case.registered = Span(date(year, 1, 1), date(year, 12, 31))
    return year


def _keys(case: Case) -> CaseKeys:
    number, book, registered, text = case.number, case.book, case.registered, case.text
    dated = case.dates.get("registration_date")
    year = number.year if number and number.year else dated.year if dated else None
    written = clean_text(text.get("registration_number", ""))
    if number is not None:
        written = f"{number.number}{number.suffix}" + (f"/{year}" if year else "")
    return CaseKeys(
        written,
        number.number if number else None,
        number.suffix if number else "",
        year,
        book.number if book else "",
        book.year if book else None,
        clean_text(text.get("page_no", "")),
        registered.earliest if registered else None,
        registered.latest if registered else None,
    )
