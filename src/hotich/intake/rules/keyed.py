"""One case as somebody keyed it from the page of a book, made into what is stored and what was found about it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from hotich.intake.rules.row_examination import Finding, digest_of, finding_of
from hotich.intake.rules.workbook_repair import NUMBER_COMPOSED, compose_number
from hotich.kernel.dates import DateError, parse_date
from hotich.registers.rules.examine import CaseKeys, OfficeFacts, Standard, examine, with_surrogates
from hotich.registers.rules.reading import read_book, read_date
from hotich.registers.rules.values import AsRecorded, Reason, Recorded, reason_of, text_of
from hotich.registers.types.declaration import Channel, RegisterVersion

NOTES = "annotations"
"""The field name of findings about the notes in the margin."""

BOOK_NOT_OF_PACKAGE = "book_not_of_package"
SAME_AS_ANOTHER = "case_as_another"
_IDENTITY = frozenset({"registration_number", "register_book_no"})  # of the entry: no note in the margin changes them


@dataclass(frozen=True, slots=True)
class KeyedCase:
    """What was keyed. `id` names the case from now on; `year` is that of the registration where the book tells it;
    `facts` go into the trail with it (identifiers and counts only)."""

    id: UUID
    schema_version: str
    values: AsRecorded
    annotations: Sequence[Mapping[str, Any]] = ()
    scan_id: UUID | None = None
    year: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyedBook:
    """The book in hand: its number ("01"), its year, and whether the number is ours because the book shows none."""

    number: str
    year: int
    is_number_assigned: bool = False

    @property
    def label(self) -> str:
        """As written on the spine: 01/2006."""
        return f"{self.number}/{self.year}"


class Looked(NamedTuple):
    """A keyed case, examined."""

    keyed: KeyedCase
    recorded: AsRecorded
    written: bytes  # `recorded` as JSON with its keys in order
    digest: str
    standard: Standard
    findings: list[Finding]
    repairs: list[Finding]
    keys: CaseKeys


class Setting(NamedTuple):
    """What is the same for all cases of a save."""

    letters: str
    channel: Channel
    book: KeyedBook | None  # None: whoever changes the case has no book in hand
    office: OfficeFacts
    today: date
    note_kinds: Collection[str]


def look_at(version: RegisterVersion, keyed: KeyedCase, setting: Setting) -> Looked:
    """Complete what the book in hand says anyway, and examine. Never raises for bad data."""
    values: dict[str, Recorded] = {code: raw for code, raw in keyed.values.items() if raw}
    if setting.book is not None:
        _with_book(values, setting.book)
    repairs = _with_year(values, keyed.year)
    recorded = with_surrogates(version, values)
    found = examine(version, recorded, channel=setting.channel, office=setting.office, today=setting.today)
    findings = [
        *(_of_another_book(recorded, setting.book) if setting.book is not None else []),
        *_faults_of_notes(version, keyed.annotations, setting.note_kinds),
        *map(finding_of, found.problems),
    ]
    written = orjson.dumps(recorded, option=orjson.OPT_SORT_KEYS)
    digest = digest_of(setting.letters, recorded)
    return Looked(keyed, recorded, written, digest, found.standard, findings, repairs, found.keys)


def _with_book(values: dict[str, Recorded], book: KeyedBook) -> None:
    """The keyer has the book before him and need not key its number."""
    if text_of(values, "register_book_no") or reason_of(values, "register_book_no"):
        return
    label: Recorded = book.label
    values["register_book_no"] = (
        {"text": book.label, "reason": Reason.ASSIGNED.value} if book.is_number_assigned else label
    )


def _with_year(values: dict[str, Recorded], year: int | None) -> list[Finding]:
    """A number without its year gets that of the registration, as the rows of a workbook do."""
    text = values.get("registration_number")
    if not isinstance(text, str) or "/" in text:
        return []
    when = read_date(text_of(values, "registration_date"), None).date
    whole = compose_number(text, when.year if when else year)
    if not whole:
        return []
    values["registration_number"] = whole
    return [(NUMBER_COMPOSED, "registration_number", "warning", {"before": text, "after": whole})]


def _of_another_book(recorded: AsRecorded, book: KeyedBook) -> list[Finding]:
    read = read_book(text_of(recorded, "register_book_no"))
    if read is None or (read.number, read.year or book.year) == (book.number, book.year):
        return []
    return [(BOOK_NOT_OF_PACKAGE, "register_book_no", "error", {"book": book.label})]


def _faults_of_notes(
    version: RegisterVersion, notes: Sequence[Mapping[str, Any]], kinds: Collection[str]
) -> list[Finding]:
    """What would stop the notes from being entered with the record."""
    found: list[Finding] = []
    codes = {item.code for item in version.fields} - _IDENTITY if notes else frozenset()
    for place, note in enumerate(notes, start=1):
        if note.get("kind") not in kinds:
            found.append(("annotation_kind_unknown", NOTES, "error", {"place": place}))
        if note.get("field") and note["field"] not in codes:
            found.append(("field_not_changeable", NOTES, "error", {"name": note["field"], "place": place}))
        for name in ("note_date_text", "basis_date_text"):
            try:
                parse_date(note[name]) if note.get(name) else None
            except DateError as error:
                found.append((error.code, NOTES, "error", {"text": error.text, "place": place}))
    return found


def as_double(digest: str, case_id: UUID) -> str:
    """The fingerprint of a case that says exactly what another says: kept beside it, and to be mended."""
    return digest_of(str(case_id), {"digest": digest})
