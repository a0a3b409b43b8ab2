"""How one value of a register entry is stored in `as_recorded`: the text of the book, and why a text is missing.

In the jsonb column a value is `"text"` or `{"text": "...", "reason": "illegible|not_written|assigned"}`;
a blank or absent value is not written in the book (registers.md 3.6).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ILLEGIBLE_MARK = "[không đọc được]"

Recorded = str | Mapping[str, str]
"""One value as the database holds it."""

AsRecorded = Mapping[str, Recorded]
"""The values of a case: code of the field -> value."""


class Reason(StrEnum):
    """Why a value is not simply the text of the book."""

    NONE = ""
    ILLEGIBLE = "illegible"  # the book has something there that nobody can read
    NOT_WRITTEN = "not_written"  # somebody looked: the book has nothing there
    ASSIGNED = "assigned"  # a surrogate of ours, such as the number of a book that has none


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its reason. `text` is "" when the book has nothing or it cannot be read."""

    text: str = ""
    reason: Reason = Reason.NONE

    @property
    def is_blank(self) -> bool:
        """Nothing is known: neither a text nor a reason."""
        return not self.text and not self.reason

    @property
    def is_explained(self) -> bool:
        """A text, or a reason why there is none: enough for a field of need K or M."""
        return bool(self.text or self.reason)


BLANK = Value()
ILLEGIBLE = Value("", Reason.ILLEGIBLE)
NOT_WRITTEN = Value("", Reason.NOT_WRITTEN)


def is_illegible_mark(text: str) -> bool:
    """Whether the whole text is the mark for "cannot be read", however it was typed."""
    if not text or text.lstrip()[:1] != "[":  # the cheap test first: nearly every cell fails it
        return False
    return unicodedata.normalize("NFC", text).strip().casefold() == ILLEGIBLE_MARK


def decode(raw: Recorded | None) -> Value:
    """The stored form of a value, read. A text that is the mark for "cannot be read" counts as the reason.

    Raises ValueError for a reason that does not exist.
    """
    if raw is None or raw == "":
        return BLANK
    if isinstance(raw, str):
        if is_illegible_mark(raw):
            return ILLEGIBLE
        return Value(raw) if not raw.isspace() else BLANK
    text, reason = raw.get("text", ""), Reason(raw.get("reason", ""))
    if text.isspace() or is_illegible_mark(text):
        text = ""
    return Value(text, reason)


def encode(value: Value) -> Recorded | None:
    """The form in which a value is stored; None when there is nothing to store."""
    if value.reason:
        return {"text": value.text, "reason": value.reason.value}
    return value.text or None


def text_of(values: AsRecorded, code: str) -> str:
    """The text recorded for a field, "" if there is none."""
    raw = values.get(code)
    return decode(raw).text if raw else ""


def reason_of(values: AsRecorded, code: str) -> Reason:
    """The reason recorded for a field."""
    raw = values.get(code)
    return decode(raw).reason if raw else Reason.NONE
