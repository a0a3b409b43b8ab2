"""Numbers of the cases of a batch: proposed in sequence, and what is odd about them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.records.rules.numbers import gaps

LARGEST_NUMBER = 99_999
_SUFFIX = re.compile(r"[A-Za-z]?(?:\(\d{1,3}\))?")
_DAY = re.compile(r"((?:18|19|20)\d\d)-(0\d|1[0-2])-([0-2]\d|3[01])")
SEQUENCE, OFFICER, READER = "sequence", "officer", "reader"

NumberKey = tuple[int | None, int, str]
"""Year (None where numbers run through the book), number, suffix in small letters."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A case as the numbering sees it. `by` "officer": its number is fixed, others are counted on from it."""

    id: Hashable
    number: int | None = None
    suffix: str = ""
    by: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class NumberFinding:
    """Something odd about numbers: a code of the messages; `case_id` None where it is about the whole batch."""

    code: str
    severity: str  # error, warning, info
    params: Mapping[str, Any] = field(default_factory=dict)
    case_id: Any = None


def checked_number(number: int | None, suffix: str) -> tuple[int | None, str]:
    """A number and its suffix in one form ("12A" is "12a"). Raises RuleBroken number_malformed, suffix_malformed."""
    suffix = suffix.strip()
    if number is not None and not 1 <= number <= LARGEST_NUMBER:
        raise RuleBroken("number_malformed", field="number", most=LARGEST_NUMBER)
    if not _SUFFIX.fullmatch(suffix) or len(suffix) > 8 or (suffix and number is None):
        raise RuleBroken("suffix_malformed", field="suffix")
    return number, suffix.lower()


def checked_day(text: str) -> str:
    """A day of registration for the name of the file: yyyy-mm-dd, month or day 00 where unknown; "" for none.

    Raises RuleBroken day_malformed.
    """
    text = text.strip()
    if text and not _DAY.fullmatch(text):
        raise RuleBroken("day_malformed", field="registered_on")
    return text


def propose(start: int | None, cases: Sequence[Numbered], skip: Collection[int] = ()) -> dict[Hashable, int | None]:
    """Numbers in sequence for the cases whose number nobody fixed; void and missing numbers (`skip`) are passed over.

    Counting goes on from every number an officer or a reader gave: after 12 and 12a comes 13. Without any number to
    begin with, there is no proposal.
    """
    expected, made = start, {}
    for case in cases:
        if case.by in (OFFICER, READER):
            expected = case.number + 1 if case.number is not None else expected
            continue
        while expected is not None and expected in skip:
            expected += 1
        made[case.id] = expected if expected is not None and expected <= LARGEST_NUMBER else None
        expected = expected + 1 if expected is not None else None
    return made


def free_suffix(taken: Collection[str]) -> str:
    """A suffix for one more entry with a number that is taken: "a" after letters ("12", "12a" → "12b"), else "(1)"."""
    letters = sorted(suffix for suffix in taken if len(suffix) == 1 and suffix.isalpha())
    if letters:
        return chr(ord(letters[-1]) + 1) if letters[-1] < "z" else "(1)"
    copies = [int(found.group(1)) for suffix in taken if (found := re.fullmatch(r"\((\d+)\)", suffix))]
    return f"({max(copies, default=0) + 1})"


@dataclass(frozen=True, slots=True)
class BookNumbers:
    """What is known of a book beside the batch. Keys as `NumberKey`; years None where numbers run through the book."""

    declared: frozenset[tuple[int | None, int]] = frozenset()  # void or missing
    void: frozenset[tuple[int | None, int]] = frozenset()
    scanned: Mapping[NumberKey, str] = field(default_factory=dict)  # in other batches → id of the batch
    keyed: frozenset[NumberKey] = frozenset()  # entries of intake or records
    has_keyed: bool = False


def find_odd_numbers(cases: Sequence[Numbered], book: BookNumbers) -> list[NumberFinding]:
    """Missing and double numbers of single cases in their order, then the gaps of the batch."""
    keys: dict[NumberKey, list[Numbered]] = defaultdict(list)
    for case in cases:
        if case.number is not None:
            keys[case.year, case.number, case.suffix].append(case)
    found = [finding for case in cases for finding in _of_case(case, keys, book)]
    return [*found, *_gaps(keys, book)]


def _of_case(case: Numbered, keys: Mapping[NumberKey, list[Numbered]], book: BookNumbers) -> Iterable[NumberFinding]:
    if case.number is None:
        yield NumberFinding("number_missing", "error", {}, case.id)
        return
    key = (case.year, case.number, case.suffix)
    told = {"number": f"{case.number}{case.suffix}"}
    if len(keys[key]) > 1 and keys[key][0].id != case.id:
        taken = {suffix for year, number, suffix in keys if (year, number) == key[:2]}
        yield NumberFinding("number_double", "error", {**told, "suffix": free_suffix(taken)}, case.id)
    if key in book.scanned:
        yield NumberFinding("number_in_other_batch", "warning", {**told, "batch": book.scanned[key]}, case.id)
    if key[:2] in book.void:
        yield NumberFinding("number_void", "warning", told, case.id)
    if book.has_keyed and key not in book.keyed:
        yield NumberFinding("number_unknown", "info", told, case.id)


def _gaps(keys: Iterable[NumberKey], book: BookNumbers) -> Iterable[NumberFinding]:
    by_year: dict[int | None, set[int]] = defaultdict(set)
    for year, number, _ in keys:
        by_year[year].add(number)
    for year in sorted(by_year, key=lambda item: item or 0):
        own = by_year[year]
        elsewhere = {number for where, number, _ in book.scanned if where == year}
        elsewhere |= {number for where, number in book.declared if where == year}
        known = own | {number for number in elsewhere if min(own) <= number <= max(own)}
        for gap in gaps(known, year=year):
            yield NumberFinding(
                "number_gap", "warning", {"first": gap.first, "last": gap.last, "count": gap.count, "year": year or ""}
            )
