"""What the browser sends and what it is answered, item by item; read strictly, refused clearly, never lost.

A whole body is refused only when nothing in it can be answered; an item that cannot be read is refused by itself, so
that the others go in and this one stays in the browser's outbox with a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from hotich.kernel.problems import RuleBroken
from hotich.kernel.text import clean_text
from hotich.keying.rules.annotations import tidy
from hotich.keying.rules.population import PopulationChoice, read_choices
from hotich.registers.rules.values import Reason, Recorded, is_illegible_mark
from hotich.registers.types import UnknownRegister, register_type, version_by_id
from hotich.registers.types.declaration import RegisterVersion

MOST_ITEMS = 100
MOST_VALUES = 200
MOST_ANNOTATIONS = 40
MOST_CONFIRMED = 200
LONGEST_TEXT = 4000  # the limits of the fields are lower, and tell the keyer more
MOST_STROKES = 1_000_000
LONGEST_ACTIVE = 24 * 3600 * 1000
EARLIEST = 946_684_800_000  # 2000-01-01: a PC whose clock lost its battery says 1980; that is told, not refused
LATEST = 4_102_444_800_000  # 2100-01-01

KINDS = frozenset({"key", "critical", "double", "sample"})
STATES = frozenset({"case", "void", "missing", "blank"})
REASONS = frozenset({Reason.ILLEGIBLE.value, Reason.NOT_WRITTEN.value, Reason.ASSIGNED.value})

NOTE_LIMITS = {
    "kind": 24, "note_date_text": 40, "basis_number": 100, "basis_date_text": 40, "basis_authority": 200, "field": 60,
    "text": LONGEST_TEXT,
}  # fmt: skip
"""The texts of a note in the margin, and how long each may be as an annotation of a record."""

ACCEPTED, DUPLICATE, RETURNED, REFUSED = "accepted", "duplicate", "returned", "refused"


@dataclass(frozen=True, slots=True)
class SyncItem:
    """One save of one case in a browser.

    `client_id` was made there and stays; `revision` counts the saves. `item` is the place in the package, or None with
    `after` for a case that was found between two others. `kind` "key" is the first keying, the others are second ones.
    `values` hold texts in NFC without blanks; `saved_at` is the PC's clock in milliseconds.
    """

    client_id: UUID
    package: UUID
    item: UUID | None
    revision: int
    kind: str
    schema_version: str
    state: str
    saved_at: int
    after: UUID | None = None
    reason: str = ""
    values: Mapping[str, Recorded] = field(default_factory=dict)
    annotations: Sequence[Mapping[str, Any]] = ()
    confirmed: Sequence[Mapping[str, str]] = ()
    strokes: int = 0
    active_ms: int = 0
    number: int | None = None
    number_suffix: str = ""
    population: Mapping[str, PopulationChoice] = field(default_factory=dict)  # by role, what was found out there

    @property
    def characters(self) -> int:
        """Characters of the values: what the keyer's speed is measured by."""
        return sum([len(raw if isinstance(raw, str) else raw.get("text", "")) for raw in self.values.values()])


@dataclass(frozen=True, slots=True)
class SyncAnswer:
    """What became of one item. `returned`: stored, and to be mended by its keyer; `refused`: not stored.

    `problems` are [{"code", "field", "severity", "text"}] in the language of the page.
    """

    client_id: str
    revision: int
    result: str
    case_state: str = ""
    problems: Sequence[Mapping[str, Any]] = ()
    code: str = ""
    text: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)  # of `code`, for its text

    def as_json(self) -> dict[str, Any]:
        """The answer as the browser reads it."""
        return {
            "client_id": self.client_id,
            "revision": self.revision,
            "result": self.result,
            "case_state": self.case_state,
            "problems": list(self.problems),
            "code": self.code,
            "text": self.text,
        }


class Parsed(NamedTuple):
    """A body read: the PC's clock (milliseconds), the items, and the answers to what could not be read."""

    clock: int
    items: list[SyncItem]
    refused: list[SyncAnswer]


def parse_body(body: object) -> Parsed:
    """Read {"clock": …, "items": […]}. Raises RuleBroken: sync_body_malformed, sync_too_many_items."""
    if not isinstance(body, dict) or not isinstance(items := body.get("items"), list):
        raise RuleBroken("sync_body_malformed")
    if len(items) > MOST_ITEMS:
        raise RuleBroken("sync_too_many_items", limit=MOST_ITEMS)
    clock = _whole(body.get("clock"), "clock", EARLIEST - 40 * 366 * 86_400_000, LATEST)
    read: list[SyncItem] = []
    refused: list[SyncAnswer] = []
    for raw in items:
        try:
            read.append(parse_item(raw))
        except RuleBroken as fault:
            refused.append(_unreadable(raw, fault))
    return Parsed(clock, read, refused)


def _unreadable(raw: object, fault: RuleBroken) -> SyncAnswer:
    """The answer to an item that cannot be read, under its own identifier. Without one the body cannot be answered."""
    if not isinstance(raw, dict):
        raise RuleBroken("sync_body_malformed") from fault
    client_id = _uuid(raw.get("client_id"), "client_id", code="sync_body_malformed")
    revision = raw.get("revision")
    known = revision if isinstance(revision, int) and not isinstance(revision, bool) else 0
    return SyncAnswer(str(client_id), known, REFUSED, code=fault.code, params={"field": fault.field, **fault.params})


def parse_item(raw: object) -> SyncItem:
    """Read one item. Raises RuleBroken: sync_item_malformed (field), sync_item_too_long (field, limit),
    sync_place_missing, sync_reason_missing, sync_annotation_malformed.
    """
    if not isinstance(raw, dict):
        raise RuleBroken("sync_item_malformed")
    state = _one_of(raw.get("state"), "state", STATES)
    item = SyncItem(
        client_id=_uuid(raw.get("client_id"), "client_id"),
        package=_uuid(raw.get("package"), "package"),
        item=_maybe_uuid(raw.get("item"), "item"),
        after=_maybe_uuid(raw.get("after"), "after"),
        revision=_whole(raw.get("revision"), "revision", 1, 1_000_000),
        kind=_one_of(raw.get("kind"), "kind", KINDS),
        schema_version=_text(raw.get("schema_version"), "schema_version", 24),
        state=state,
        reason=_text(raw.get("reason"), "reason", 300),
        values=_values(raw.get("values"), "values") if state == "case" else {},
        annotations=_annotations(raw.get("annotations")) if state == "case" else (),
        confirmed=_confirmed(raw.get("confirmed")),
        saved_at=_whole(raw.get("saved_at"), "saved_at", EARLIEST - 40 * 366 * 86_400_000, LATEST),
        strokes=min(_whole(raw.get("strokes", 0), "strokes", 0, None), MOST_STROKES),
        active_ms=min(_whole(raw.get("active_ms", 0), "active_ms", 0, None), LONGEST_ACTIVE),
        number=_maybe_whole(raw.get("number"), "number", 1, 999_999),
        number_suffix=_text(raw.get("number_suffix"), "number_suffix", 8),
        population=read_choices(raw.get("population")) if state == "case" else {},
    )
    if item.item is None and item.after is None:
        raise RuleBroken("sync_place_missing", field="item")
    if item.state in ("void", "missing") and not item.reason:
        raise RuleBroken("sync_reason_missing", field="reason")
    return item


def _malformed(name: str) -> RuleBroken:
    return RuleBroken("sync_item_malformed", field=name)


def _uuid(raw: object, name: str, *, code: str = "sync_item_malformed") -> UUID:
    if not isinstance(raw, str) or len(raw) != 36:
        raise RuleBroken(code, field=name)
    try:
        return UUID(raw)
    except ValueError as error:
        raise RuleBroken(code, field=name) from error


def _maybe_uuid(raw: object, name: str) -> UUID | None:
    return None if raw is None else _uuid(raw, name)


def _whole(raw: object, name: str, least: int, most: int | None) -> int:
    if isinstance(raw, float) and raw.is_integer():  # some clocks of browsers count with a fraction that is nought
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < least or (most is not None and raw > most):
        raise _malformed(name)
    return raw


def _maybe_whole(raw: object, name: str, least: int, most: int) -> int | None:
    return None if raw is None else _whole(raw, name, least, most)


def _one_of(raw: object, name: str, known: frozenset[str]) -> str:
    if not isinstance(raw, str) or raw not in known:
        raise _malformed(name)
    return raw


def _text(raw: object, name: str, limit: int) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise _malformed(name)
    text = _clean(raw, name)
    if len(text) > limit:
        raise RuleBroken("sync_item_too_long", field=name, limit=limit, length=len(text))
    return text


def _clean(raw: str, name: str) -> str:
    """The text in NFC; half of a character that UTF-16 writes in two (a keyboard program that failed) is refused."""
    text = _cleaned(raw)
    if text is None:
        raise _malformed(name)
    return text


@lru_cache(maxsize=65536)  # books repeat their texts
def _cleaned(raw: str) -> str | None:
    if not raw.isascii():
        try:
            raw.encode()
        except UnicodeEncodeError:
            return None
    return clean_text(raw)


def _values(raw: object, name: str) -> dict[str, Recorded]:
    if raw is None:
        return {}
    if not isinstance(raw, dict) or len(raw) > MOST_VALUES:
        raise _malformed(name)
    found: dict[str, Recorded] = {}
    for code, value in raw.items():
        if len(code) > 60:
            raise _malformed(name)
        kept = _value(value, code)
        if kept:
            found[code] = kept
    return found


def _value(raw: object, name: str) -> Recorded | None:
    if raw is None or isinstance(raw, str):
        text = _text(raw, name, LONGEST_TEXT)
        if is_illegible_mark(text):
            return {"text": "", "reason": Reason.ILLEGIBLE.value}
        return text or None
    if not isinstance(raw, dict):
        raise _malformed(name)
    text, reason = _text(raw.get("text"), name, LONGEST_TEXT), raw.get("reason") or ""
    if not reason:
        return text or None
    return {"text": text, "reason": _one_of(reason, name, REASONS)}


def _annotations(raw: object) -> tuple[dict[str, Any], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or len(raw) > MOST_ANNOTATIONS:
        raise _malformed("annotations")
    return tuple(_annotation(each) for each in raw)


def _annotation(raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise RuleBroken("sync_annotation_malformed", field="annotations")
    found: dict[str, Any] = {name: _text(raw.get(name), name, limit) for name, limit in NOTE_LIMITS.items()}
    found["new_value"] = _value(raw.get("new_value"), "new_value")
    if not found["kind"] or not (found["text"] or found["field"]):
        raise RuleBroken("sync_annotation_malformed", field="annotations")
    return tidy(found)


def _confirmed(raw: object) -> tuple[dict[str, str], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or len(raw) > MOST_CONFIRMED or not all(isinstance(each, dict) for each in raw):
        raise _malformed("confirmed")
    limits = {"code": 80, "field": 60, "reason": 300}
    return tuple({name: _text(each.get(name), name, limit) for name, limit in limits.items()} for each in raw)


OF_THE_BOOK = frozenset({"registered_outside_office_life", "book_number_assigned"})
"""Warnings about a whole book, the same for every case of it: the keyer is not asked a hundred times."""


def unconfirmed(
    problems: Sequence[Mapping[str, Any]], confirmed: Sequence[Mapping[str, str]]
) -> list[Mapping[str, Any]]:
    """The warnings among stored findings that the keyer has still to confirm."""
    said = {(each["code"], each["field"]) for each in confirmed}
    return [found for found in warnings(problems) if (found["code"], found["field"]) not in said]


def warnings(problems: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The warnings that are for the keyer: those about the case, not about its book."""
    return [found for found in problems if found["severity"] == "warning" and found["code"] not in OF_THE_BOOK]


def accepted_version(expected: str, given: str) -> RegisterVersion:
    """The form a case was keyed in: that of its package, or the edition before it in the same era (the page was opened
    before a new one was installed). Raises RuleBroken schema_version_refused.
    """
    try:
        version = version_by_id(given)
        wanted = version_by_id(expected)
    except UnknownRegister as error:
        raise RuleBroken("schema_version_refused", given=given, expected=expected) from error
    editions = [each.id for each in register_type(wanted.letters).every_version if each.era == wanted.era]
    if version.id not in editions_taken(editions, wanted.id):
        raise RuleBroken("schema_version_refused", given=given, expected=expected)
    return version


def editions_taken(editions: Sequence[str], expected: str) -> tuple[str, ...]:
    """Of the editions of a form, oldest first: the one expected and the one before it."""
    place = editions.index(expected)
    return tuple(editions[max(0, place - 1) : place + 1])
