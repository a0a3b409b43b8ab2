"""The two originals of a book (commune, district): in what two keyings of one number differ (requirement H6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hotich.registers.rules.values import AsRecorded, Reason, Recorded, decode

HEAD = frozenset({"register_book_no", "page_no"})
"""Where a case stands in its copy: two copies may differ in it without anything being wrong."""

Number = tuple[int, int, str]  # registration year, number, suffix


@dataclass(frozen=True, slots=True)
class KeyedCase:
    """A case as it was keyed from one copy: its values as recorded, and how many notes stand in its margin."""

    values: AsRecorded
    notes: int = 0


@dataclass(frozen=True, slots=True)
class CopyDifference:
    """A finding of the comparison. `kind` is a CopyFinding; `fields`: codes of the fields that differ."""

    number: Number
    kind: str
    fields: tuple[str, ...] = field(default=())


def differing_fields(first: AsRecorded, second: AsRecorded) -> tuple[str, ...]:
    """Codes of the fields whose words differ, spaces and Unicode form apart. A blank is a difference to words.

    Letters are not folded: Hòa and Hoà in two originals are for a person to judge.
    """
    codes = sorted((set(first) | set(second)) - HEAD)
    return tuple(code for code in codes if _words(first.get(code)) != _words(second.get(code)))


def _words(raw: Recorded | None) -> tuple[str, str]:
    """The words and the reason of a value; a surrogate of ours stands in no book and is nothing."""
    value = decode(raw)
    if value.reason == Reason.ASSIGNED:
        return "", ""
    return " ".join(unicodedata.normalize("NFC", value.text).split()), str(value.reason)


def compare_copies(
    first: Mapping[Number, KeyedCase],
    second: Mapping[Number, KeyedCase],
    *,
    first_whole: bool,
    second_whole: bool,
) -> list[CopyDifference]:
    """Findings of two copies, in the order of their numbers.

    A number that one copy lacks says something only once that copy was keyed whole (`first_whole`, `second_whole`).
    """
    found: list[CopyDifference] = []
    for number in sorted(set(first) | set(second)):
        one, other = first.get(number), second.get(number)
        if one is not None and other is not None:
            found.extend(_of_pair(number, one, other))
        elif one is not None and second_whole:
            found.append(CopyDifference(number, "only_first"))
        elif other is not None and first_whole:
            found.append(CopyDifference(number, "only_second"))
    return found


def _of_pair(number: Number, one: KeyedCase, other: KeyedCase) -> Iterable[CopyDifference]:
    fields = differing_fields(one.values, other.values)
    if fields:
        yield CopyDifference(number, "differs", fields)
    if one.notes and not other.notes:
        yield CopyDifference(number, "note_first")
    if other.notes and not one.notes:
        yield CopyDifference(number, "note_second")
