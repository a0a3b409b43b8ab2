"""Whether a change of the configuration makes sense: type, range, period, words. Pure; refuses by code."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.registers.codes import SHIPPED_LISTS, CodeList
from hotich.registers.codes.local import CodeAction
from hotich.registers.rules import parameters as table
from hotich.registers.rules.configuration import (
    Kind,
    LocalChange,
    canonical,
    code_change_of,
    day_changes_of,
    may_differ,
)
from hotich.registers.rules.snapshot import Snapshot
from hotich.registers.types.declaration import Era

LONGEST_TEXT, LONGEST_SOURCE, MOST_WORDS, MOST_DAYS = 200, 300, 50, 120
FIRST_YEAR, LAST_YEAR = 1990, 2100
_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")


def refuse_impossible(change: LocalChange, now: Snapshot) -> None:
    """Refuse what cannot be, seen beside the configuration `now`.

    Raises RuleBroken configuration_kind_unknown, configuration_key_unknown, configuration_source_missing,
    configuration_period_reversed, configuration_same_everywhere, configuration_value_malformed and what the kinds
    refuse with.
    """
    if change.kind not in list(Kind):
        raise RuleBroken("configuration_kind_unknown", kind=change.kind)
    if not 0 < len(change.source.strip()) <= LONGEST_SOURCE:
        raise RuleBroken("configuration_source_missing", field="source")
    if change.valid_from and change.valid_to and change.valid_to < change.valid_from:
        raise RuleBroken("configuration_period_reversed", field="valid_to")
    if change.province and not may_differ(change.kind, change.key):
        raise RuleBroken("configuration_same_everywhere", field="province")
    try:
        _CHECKED[Kind(change.kind)](change, now)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RuleBroken("configuration_value_malformed", key=change.key) from error


# ---- thresholds


def _parameter(change: LocalChange, now: Snapshot) -> None:
    found = table.DEFINITIONS.get(change.key)
    if found is None:
        raise RuleBroken("configuration_key_unknown", key=change.key)
    value = change.content["value"]
    if type(value) is not int:
        raise RuleBroken("configuration_value_not_number", field="value")
    if not found.lowest <= value <= found.highest:
        raise RuleBroken("configuration_value_out_of_range", field="value", lowest=found.lowest, highest=found.highest)
    _refuse_out_of_order(change, value, now)
    own = now.provincial.get((change.key, change.province), ())
    rows = own if change.province else now.parameters[change.key]
    same = [row for row in rows[:1] if (row.valid_from, row.valid_to) == (change.valid_from, change.valid_to)]
    if any((r.value, r.source, r.verified) == (value, change.source, change.verified) for r in same):
        raise RuleBroken("configuration_changes_nothing", field="value")


# the first of two is never more than the second
_ORDERED = (
    ("mother_gap_impossible", "mother_gap_min"),
    ("mother_gap_min", "mother_gap_max"),
    ("father_gap_min", "father_gap_max"),
    ("adoptee_age_below", "adoptee_age_limit"),
    ("year_first", "year_doubtful_before"),
)


def _refuse_out_of_order(change: LocalChange, value: int, now: Snapshot) -> None:
    day = change.valid_from or now.day
    for low, high in _ORDERED:
        if change.key not in (low, high):
            continue
        other = high if change.key == low else low
        beside = now.value(other, day)
        if beside is not None and (value > beside if change.key == low else value < beside):
            raise RuleBroken("configuration_value_out_of_order", field="value", other=other, value=beside)


# ---- codes


def _code(change: LocalChange, now: Snapshot) -> None:
    name, _, code = change.key.partition("/")
    if name not in SHIPPED_LISTS or not _CODE.fullmatch(code):
        raise RuleBroken("configuration_key_unknown", field="code", key=change.key)
    found, wanted = now.lists[name], code_change_of(change)
    known = code in found.by_code
    if wanted.action is CodeAction.ADD and known:
        raise RuleBroken("code_already_there", field="code", value=code)
    if wanted.action is not CodeAction.ADD and not known:
        raise RuleBroken("configuration_code_unknown", field="code", value=code)
    _refuse_texts(change.content)
    if wanted.action in (CodeAction.ADD, CodeAction.RENAME) and wanted.label is None:
        raise RuleBroken("code_label_missing", field="vi")
    if wanted.action is CodeAction.WORDS and not wanted.words:
        raise RuleBroken("code_words_missing", field="words")
    _refuse_taken(found, code, wanted.words if wanted.label is None else (wanted.label.vi, *wanted.words))
    _refuse_period(change, found, code, wanted.action)
    if wanted.action is CodeAction.MAP:
        _refuse_target(found, code, wanted.target)


def _refuse_texts(content: dict[str, Any]) -> None:
    words = content.get("words", [])
    texts = [content.get("vi") or "", content.get("en") or "", *words]
    if len(words) > MOST_WORDS or any(type(text) is not str or len(text) > LONGEST_TEXT for text in texts):
        raise RuleBroken("code_text_too_long", field="vi", most=LONGEST_TEXT)


def _refuse_taken(found: CodeList, code: str, words: tuple[str, ...]) -> None:
    """A word means one code: one that is read as another code already would become ambiguous."""
    for word in words:
        read = found.lookup(word)
        if isinstance(read, str) and read != code:
            raise RuleBroken("code_word_taken", field="words", word=word, other=read)


def _refuse_period(change: LocalChange, found: CodeList, code: str, action: CodeAction) -> None:
    if action is not CodeAction.END:
        return
    if change.valid_to is None:
        raise RuleBroken("code_end_missing", field="valid_to")
    starts = [entry.valid_from for entry in found.entries if entry.code == code]
    if all(start is not None and start > change.valid_to for start in starts):
        raise RuleBroken("code_ends_before_it_begins", field="valid_to")


def _refuse_target(found: CodeList, code: str, target: str) -> None:
    entry = found.by_code.get(target)
    if entry is None or target == code or entry.read_as:
        raise RuleBroken("code_target_unknown", field="target", value=target)
    if not entry.verified:
        raise RuleBroken("code_target_unverified", field="target", value=target)


# ---- days and eras


def _calendar(change: LocalChange, now: Snapshot) -> None:
    if not re.fullmatch(r"\d{4}", change.key) or not FIRST_YEAR <= int(change.key) <= LAST_YEAR:
        raise RuleBroken("calendar_year_out_of_range", field="days", first=FIRST_YEAR, last=LAST_YEAR)
    days = day_changes_of(change)
    if not 0 < len(days) <= MOST_DAYS:
        raise RuleBroken("calendar_has_no_days", field="days", most=MOST_DAYS)
    for item in days:
        if item.day.year != int(change.key):
            raise RuleBroken("calendar_day_of_other_year", field="days", day=f"{item.day:%d/%m/%Y}", year=change.key)
        if len(item.reason) > LONGEST_TEXT:
            raise RuleBroken("code_text_too_long", field="days", most=LONGEST_TEXT)
    if len({item.day for item in days}) < len(days):
        raise RuleBroken("calendar_day_twice", field="days")


def _era(change: LocalChange, now: Snapshot) -> None:
    if change.key not in Era.__members__:
        raise RuleBroken("configuration_key_unknown", key=change.key)
    content = change.content
    first, last = (date.fromisoformat(content[name]) if content.get(name) else None for name in ("first", "last"))
    if first and last and last < first:
        raise RuleBroken("configuration_period_reversed", field="last")
    if not isinstance(content.get("law"), str) or not 0 < len(content["law"].strip()) <= LONGEST_SOURCE:
        raise RuleBroken("era_law_missing", field="law")


_CHECKED = {Kind.PARAMETER: _parameter, Kind.CODE: _code, Kind.CALENDAR: _calendar, Kind.ERA: _era}


# ---- a pasted list of days

_LINE = re.compile(
    r"[-•*]?\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s*(?:-|–|đến)\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))?\s*[:;,\t]?\s*(.*)"
)
_WORKED = ("làm", "đi làm", "work")


def read_days(text: str) -> list[list[Any]]:
    """Days pasted from a notice, one line each: "01/01/2027 Tết Dương lịch", "16/02/2027 - 20/02/2027 …".

    What begins with "làm" is worked, all else is off. Returns the days as a change has them. Raises RuleBroken
    calendar_line_unreadable with the number of the line.
    """
    found: list[list[Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found += _days_of(line.strip(), number)
    return found


def _days_of(line: str, number: int) -> list[list[Any]]:
    read = _LINE.fullmatch(line)
    try:
        if read is None:
            raise ValueError(line)
        first = date(int(read[3]), int(read[2]), int(read[1]))
        last = date(int(read[6]), int(read[5]), int(read[4])) if read[4] else first
    except ValueError as error:
        raise RuleBroken("calendar_line_unreadable", field="days", number=number, line=line[:60]) from error
    if last < first or (last - first).days > MOST_DAYS:
        raise RuleBroken("calendar_line_unreadable", field="days", number=number, line=line[:60])
    reason = read[7].strip()
    worked = reason.casefold().startswith(_WORKED)
    days = range(first.toordinal(), last.toordinal() + 1)
    return [[date.fromordinal(day).isoformat(), worked, reason] for day in days]


def change_of(
    kind: str,
    key: str,
    value: dict[str, Any],
    *,
    source: str,
    verified: bool = False,
    valid_from: date | None = None,
    valid_to: date | None = None,
    province: str = "",
) -> LocalChange:
    """A change from its parts."""
    return LocalChange(kind, key, canonical(value), valid_from, valid_to, source.strip(), verified, province)
