"""What an office may do to a code list: add a code, end one, name it anew, give it other words, map it to another one.

Nothing is ever taken away: a code that ended or gave way keeps its entry, so that what is stored stays readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from hotich.registers.codes.code_list import Code, CodeList
from hotich.registers.types.declaration import Label


class CodeAction(StrEnum):
    """What a change does to one code."""

    ADD = "add"
    END = "end"
    RENAME = "rename"
    WORDS = "words"
    MAP = "map"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class CodeChange:
    """One change of one code. `start` and `end` bound the days it is about; blank: from ever, for ever.

    ADD: `label`, `words`. END: `end`, the last day of use. RENAME: `label`, from `start` on. WORDS: `words` that are
    read as the code from `start` on. MAP: words of the code are read as `target` from `start` on. VERIFY: the entry
    was seen in `source`.
    """

    code: str
    action: CodeAction
    label: Label | None = None
    words: tuple[str, ...] = ()
    target: str = ""
    start: date | None = None
    end: date | None = None
    source: str = ""
    verified: bool = False


def changed(found: CodeList, changes: Sequence[CodeChange], day: date | None) -> CodeList:
    """The list after these changes, in the order in which they were decided, with the names of `day`."""
    entries = list(found.entries)
    for change in changes:
        entries = _applied(entries, change)
    return replace(found, entries=tuple(entries), day=day)


def _applied(entries: list[Code], change: CodeChange) -> list[Code]:
    if change.action is CodeAction.ADD:
        assert change.label is not None
        own = Code(
            change.code, change.label, change.words, change.start, change.end, change.verified, source=change.source
        )
        return [*entries, own]
    made: list[Code] = []
    for entry in entries:
        made += _entry_changed(entry, change) if entry.code == change.code else [entry]
    return made


def _entry_changed(entry: Code, change: CodeChange) -> list[Code]:
    if change.action is CodeAction.VERIFY:
        return [replace(entry, verified=change.verified, source=change.source)]
    if change.action is CodeAction.END:
        return _ended(entry, change)
    return _split(entry, change)


def _ended(entry: Code, change: CodeChange) -> list[Code]:
    assert change.end is not None
    if entry.valid_from is not None and entry.valid_from > change.end:
        return []  # a period that would have begun later; the code has an earlier one
    last = change.end if entry.valid_to is None else min(change.end, entry.valid_to)
    return [replace(entry, valid_to=last, source=change.source or entry.source)]


def _split(entry: Code, change: CodeChange) -> list[Code]:
    """The entry until the day before the change, and the entry after it."""
    start = change.start
    if entry.valid_to is not None and start is not None and entry.valid_to < start:
        return [entry]
    after = _after(entry, change)
    if start is None or (entry.valid_from is not None and entry.valid_from >= start):
        return [after]
    return [replace(entry, valid_to=start - timedelta(days=1)), replace(after, valid_from=start)]


def _after(entry: Code, change: CodeChange) -> Code:
    if change.action is CodeAction.WORDS:
        return replace(entry, aliases=tuple(dict.fromkeys((*entry.aliases, *change.words))))
    seen = replace(entry, verified=change.verified, source=change.source)
    if change.action is CodeAction.MAP:
        return replace(seen, read_as=change.target)
    assert change.label is not None
    former = (entry.label.vi, *entry.aliases)  # people go on writing the former name
    return replace(seen, label=change.label, aliases=tuple(dict.fromkeys(former)))
