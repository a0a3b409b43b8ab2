"""The tracking list as tables: the life of an item, and what follows in law from who is right. Pure.

A verdict of the police says of every field who is right. Three different things may follow: our own typing error is
repaired against the scan; a wrong entry of the book is corrected by decision at the citizen's request (cải chính, Luật
Hộ tịch 2014, Điều 28); a wrong entry of the population database is adjusted there. None of them is done by the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.records.rules.workflow import Table, acts, next_state

# "found_again" comes from a check that differs anew (another citizen, other values): it begins from the start.
# "end_by_rule": what differed differs no more, or the right citizen was looked up after "another person".
# "undo_verdict": whoever judged many items at once takes it back before anybody has gone on with them.
ITEM: Table = {
    "open": {"assign": "verifying", "take": "verifying", "found_again": "open", "end_by_rule": "closed"},
    "verifying": {
        "assign": "verifying", "take": "verifying", "give_back": "open", "verify": "verified", "found_again": "open",
        "end_by_rule": "closed",
    },
    "verified": {
        "contact": "contacting", "start_task": "verified", "send_back": "verifying", "close": "closed",
        "undo_verdict": "open", "found_again": "open", "end_by_rule": "closed",
    },
    "contacting": {
        "contact": "contacting", "start_task": "contacting", "send_back": "verifying", "close": "closed",
        "found_again": "open", "end_by_rule": "closed",
    },
    "closed": {"reopen": "verified", "found_again": "open"},
}  # fmt: skip

WITH_POLICE, WITH_OFFICER = frozenset({"open", "verifying"}), frozenset({"verified", "contacting"})
NOT_CLOSED = WITH_POLICE | WITH_OFFICER

BOOK, POPULATION, BOTH_WRONG, KEYING_ERROR, OTHER_PERSON, PART_ONLY = VERDICTS = (
    "book", "population", "both_wrong", "keying_error", "other_person", "part_only",
)  # fmt: skip
NONE, KEYING_REPAIR, LEGAL_CORRECTION, POPULATION_ADJUSTMENT = TASKS = (
    "none", "keying_repair", "legal_correction", "population_adjustment",
)  # fmt: skip
_HEAVIEST_FIRST = (LEGAL_CORRECTION, KEYING_REPAIR, POPULATION_ADJUSTMENT)

LONGEST_VALUE = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """One field that differs, with the verdict on it. `right` is what it should say, "" where one of the sides tells."""

    field: str
    ours: str
    theirs: str
    verdict: str = ""
    right: str = ""


def judged_fields(found: Sequence[Judged], given: Mapping[str, tuple[str, str]]) -> tuple[Judged, ...]:
    """The fields with their verdicts; `given`: field → (verdict, right value as typed).

    Every field gets a verdict: nothing leaves the list without one. Somebody else is somebody else in every field.
    What is right is asked where no side says it: both are wrong, or we typed wrongly (then what the book shows; blank
    counts as what the population database says).
    Raises RuleBroken: verdict_missing, verdict_unknown, verdict_other_person_mixed, right_value_missing,
    right_value_is_wrong_one, verdict_not_part_only, verdict_nobody_found.
    """
    made = tuple(_judged(field, *given.get(field.field, ("", ""))) for field in found)
    others = [field.verdict == OTHER_PERSON for field in made]
    if any(others) and not all(others):
        raise RuleBroken("verdict_other_person_mixed", field="verdict")
    return made


def _judged(field: Judged, verdict: str, typed: str) -> Judged:
    if not verdict:
        raise RuleBroken("verdict_missing", field=field.field)
    if verdict not in VERDICTS:
        raise RuleBroken("verdict_unknown", field=field.field)
    if verdict == PART_ONLY and not tells_a_part(field):
        raise RuleBroken("verdict_not_part_only", field=field.field)
    if verdict == OTHER_PERSON and is_unknown_number(field):
        raise RuleBroken("verdict_nobody_found", field=field.field)
    typed = clean_text(typed)[:LONGEST_VALUE]
    if verdict == KEYING_ERROR:
        typed = typed or field.theirs
    right = {BOOK: field.ours, POPULATION: field.theirs, OTHER_PERSON: "", PART_ONLY: field.theirs}.get(verdict, typed)
    if verdict in (BOTH_WRONG, KEYING_ERROR):
        if not right:
            raise RuleBroken("right_value_missing", field=field.field)
        if right == field.ours or (verdict == BOTH_WRONG and right == field.theirs):
            raise RuleBroken("right_value_is_wrong_one", field=field.field)
    return Judged(field.field, field.ours, field.theirs, verdict, right)


def tells_a_part(field: Judged) -> bool:
    """Whether the book tells a part of the date the population database tells whole: 1961 of 1961-05-03. Both may be true.

    What follows in law is nothing by itself: the citizen may ask for what is missing to be added (bổ sung hộ tịch, Luật
    Hộ tịch 2014, Điều 4 khoản 13, Điều 29).
    """
    return field.field == "birth" and bool(field.ours) and field.theirs.startswith(f"{field.ours}-")


def is_unknown_number(field: Judged) -> bool:
    """Whether nothing differs but that nobody is known under the personal number the book gives. A comparison never says
    so: what one side leaves out is no difference."""
    return field.field == "personal_id" and bool(field.ours) and not field.theirs


def verdict_of(fields: Sequence[Judged]) -> str:
    """The verdict on the whole: the common one, and where fields differ in it, that both sides are wrong somewhere."""
    verdicts = {field.verdict for field in fields}
    return verdicts.pop() if len(verdicts) == 1 else BOTH_WRONG if verdicts else ""


def verdict_by_rule(field: Judged, *, ours_now: str, differs_as_recorded: bool) -> str:
    """Who was right about a fact that differs no more, told by what changed; "" where the book says what it said.

    Mended as recorded: our keying error. Mended by a note beside the entry: the population database was right.
    """
    if ours_now == field.ours:
        return ""
    return POPULATION if differs_as_recorded else KEYING_ERROR


def tasks_of_field(field: Judged, adjustable: Collection[str]) -> frozenset[str]:
    """What follows from the verdict on one field; `adjustable` are the fields the population database changes."""
    needed = {
        BOOK: {POPULATION_ADJUSTMENT},
        POPULATION: {LEGAL_CORRECTION},
        BOTH_WRONG: {LEGAL_CORRECTION, POPULATION_ADJUSTMENT},
        KEYING_ERROR: {KEYING_REPAIR} | ({POPULATION_ADJUSTMENT} if field.right != field.theirs else set()),
    }.get(field.verdict, set())
    return frozenset(needed - ({POPULATION_ADJUSTMENT} if field.field not in adjustable else set()))


def tasks_needed(fields: Sequence[Judged], adjustable: Collection[str]) -> tuple[str, ...]:
    """Everything that follows from the verdicts, the heaviest first; () when nothing does."""
    needed = frozenset[str]().union(*(tasks_of_field(field, adjustable) for field in fields))
    return tuple(task for task in _HEAVIEST_FIRST if task in needed)


def heaviest(tasks: Collection[str]) -> str:
    """The task an item is listed under."""
    return next((task for task in _HEAVIEST_FIRST if task in tasks), NONE)


def may_close(needed: Collection[str], started: Collection[str], *, verdict: str, contacts: int, words: str) -> str:
    """The code closing is refused with, "" when it may be: what follows was started, or it is said why it was not.

    A citizen whose entry is to be corrected by decision was at least written to: he is the one who asks for it.
    """
    if not verdict:
        return "tracking_without_verdict"
    left = [task for task in needed if task not in started]
    if left and not words.strip():
        return "tracking_tasks_left"
    if LEGAL_CORRECTION in needed and not contacts:
        return "tracking_citizen_not_contacted"
    return ""


@dataclass(frozen=True, slots=True)
class Band:
    """An age in working days, `most` included; None without an end."""

    code: str
    least: int
    most: int | None


AGE_BANDS = (Band("week", 0, 5), Band("fortnight", 6, 10), Band("month", 11, 22), Band("quarter", 23, 66),
             Band("older", 67, None))  # fmt: skip
"""How long items have stood on the list, in working days: about a week, two, a month, a quarter, longer."""


def band_of(days: int) -> str:
    """The band of an age in working days."""
    return next(band.code for band in AGE_BANDS if band.most is None or days <= band.most)


__all__ = [
    "AGE_BANDS", "ITEM", "NOT_CLOSED", "TASKS", "VERDICTS", "WITH_OFFICER", "WITH_POLICE", "Band", "Judged", "acts",
    "band_of", "heaviest", "is_unknown_number", "judged_fields", "may_close", "next_state", "tasks_needed",
    "tasks_of_field", "tells_a_part", "verdict_by_rule", "verdict_of",
]  # fmt: skip
