"""A case keyed from both originals of a book: where they differ, point by point, and what a decision makes of it (H6).

Nothing is overwritten unseen: what the other original says stays as evidence beside the record. Only where both books
say the same and one was keyed wrongly does the wrong text give way in its own case, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.keying.rules.check_reasons import KEYED_WRONG, parts_of
from hotich.keying.rules.copies import differing_fields
from hotich.keying.rules.notes import Note, differing_notes, is_note, same_note, with_decided
from hotich.records.rules.restricted import is_restricted_note, restricted_fields, sees_restricted
from hotich.registers.rules.values import AsRecorded, Recorded
from hotich.registers.types.declaration import RegisterVersion

FIRST, SECOND, OTHER = "first", "second", "other"
DECISIONS = (FIRST, SECOND, OTHER)


@dataclass(frozen=True, slots=True)
class Said:
    """What one original says of a case: values as recorded, and the notes in the margin (rules.annotations)."""

    values: AsRecorded
    notes: Sequence[Note] = ()
    original: str = ""  # a BookCopy


@dataclass(frozen=True, slots=True)
class Point:
    """A field or a note in which the originals differ; None: that original has nothing there."""

    field: str
    first: Any
    second: Any


@dataclass(frozen=True, slots=True)
class PointDecided:
    """What was decided about one point. `value`: of `other`, as the books have it (None: nothing)."""

    field: str
    decision: str
    reason: str
    value: Recorded | None = None


@dataclass(slots=True)
class Settled:
    """What the decisions make of the two cases, and how they are kept."""

    changes: dict[str, Recorded | None] = field(default_factory=dict)  # of the case that has the number
    notes: list[dict[str, Any]] = field(default_factory=list)
    second_changes: dict[str, Recorded | None] = field(default_factory=dict)  # keyed wrongly: of the other case
    second_notes: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)


def points_of(first: Said, second: Said, order: Sequence[str] = ()) -> list[Point]:
    """Where two originals differ: fields in `order` (of the form), then notes in the margin. Nothing: they say the same."""
    place = {code: number for number, code in enumerate(order)}
    codes = sorted(differing_fields(first.values, second.values), key=lambda code: (place.get(code, len(place)), code))
    fields = [Point(code, first.values.get(code), second.values.get(code)) for code in codes]
    return fields + [Point(*found) for found in differing_notes(first.notes, second.notes)]


def settle_points(first: Said, second: Said, points: Sequence[Point], decided: Sequence[PointDecided]) -> Settled:
    """Every point with its decision. Raises RuleBroken original_point_unknown, original_points_undecided,
    decision_unknown, reason_missing.
    """
    by_field = {each.field: each for each in decided}
    if set(by_field) - {point.field for point in points}:
        raise RuleBroken("original_point_unknown")
    left = sum(point.field not in by_field for point in points)
    if left:
        raise RuleBroken("original_points_undecided", number=left)
    made = Settled(notes=[dict(note) for note in first.notes], second_notes=[dict(note) for note in second.notes])
    for point in points:
        _settle(made, point, by_field[point.field], second.original)
    return made


def _settle(made: Settled, point: Point, said: PointDecided, second: str) -> None:
    if said.decision not in DECISIONS or (said.decision == OTHER and is_note(point.field)):
        raise RuleBroken("decision_unknown", field="decision")
    if not said.reason.strip():
        raise RuleBroken("reason_missing", field="reason")
    value = {FIRST: point.first, SECOND: point.second}.get(said.decision, said.value)
    # a third value is what both books say: then both were keyed wrongly
    is_keyed_wrong = said.decision == OTHER or parts_of(said.reason)[0] == KEYED_WRONG
    if is_note(point.field):
        made.notes = with_decided(made.notes, point.first, noted_in(value, said.decision, second))
        if is_keyed_wrong:
            made.second_notes = with_decided(made.second_notes, point.second, value)
    else:
        if value != point.first:
            made.changes[point.field] = value
        if is_keyed_wrong and value != point.second:
            made.second_changes[point.field] = value
    made.kept.append({
        "field": point.field, "first": point.first, "second": point.second, "decision": said.decision, "value": value,
        "reason": said.reason.strip(),
    })  # fmt: skip


def noted_in(note: Note | None, decision: str, second: str) -> Note | None:
    """A note as the record keeps it: one that was decided for as the second original has it names that original."""
    return {**note, "original": second} if note is not None and second and decision == SECOND else note


def changed_notes(points: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of the points of a decision as it is kept, the notes that it puts in the place of what the first original says."""
    return [each for each in points if is_note(each["field"]) and not same_note(each["value"], each["first"])]


def is_evidence(kept: Mapping[str, Any]) -> bool:
    """Whether a point that was decided says that the books differ, so that both texts are shown beside the record."""
    return kept["decision"] != OTHER and parts_of(kept["reason"])[0] != KEYED_WRONG


def may_see_point(actor: Actor, point: Mapping[str, Any], version: RegisterVersion) -> bool:
    """Whether this officer may see what the originals say in a point of a decision."""
    if sees_restricted(actor):
        return True
    closed = restricted_fields(version)
    if not is_note(point["field"]):
        return point["field"] not in closed
    notes: list[Note] = [note for note in (point["first"], point["second"]) if note]
    return not any(
        is_restricted_note(note.get("kind", ""), note.get("text", "")) or note.get("field") in closed for note in notes
    )
