"""Notes in the margin, as they are keyed: one JSON object each, in `KeyedItem.annotations`, `Case.annotations`.

    {"kind": "correction",              one of KINDS (those of records' annotations)
     "text": "…",                       the words of the note; may be blank where a field is named
     "field": "child_birth_date",       which field it changes; blank: none
     "new_value": "05.03.1978",         what the field says from then on; a text or {"text", "reason"}; absent: taken away
     "note_date_text": "12.04.2010",    when it was noted, as written; blank: the book has no date there
     "basis_number": "15/QĐ-UBND",      the paper it is based on: its number, date, authority, each as written
     "basis_date_text": "10.04.2010",
     "basis_authority": "UBND huyện …"}

All are texts but `new_value`; blank ones are left out. The keys are fields of `records.services.AnnotationDraft`, so an
approver's "enter" makes annotations of the record from them. Number, book and their like are no fields to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.problems import Problem, Severity
from hotich.registers.types.declaration import RegisterVersion

KINDS = (
    "change",
    "correction",
    "supplement",
    "ethnicity",
    "sex",
    "nationality",
    "recognition",
    "adoption",
    "adoption_end",
    "divorce",
    "annulment",
    "marriage_recognised",
    "guardianship",
    "guardianship_end",
    "death",
    "declared_missing",
    "declared_dead",
    "incapacity",
    "declaration_revoked",
    "reissue",
    "duplicate",
    "other",
)
"""The kinds of records' annotations, in their order (a test keeps both alike)."""

ABOUT_MARRIAGE = frozenset({"divorce", "annulment", "marriage_recognised"})
ABOUT_GUARDIANSHIP = frozenset({"guardianship", "guardianship_end"})
WITHOUT_MARRIAGE = frozenset({"GH", "CDGH", "CN"})
TEXTS = ("text", "field", "note_date_text", "basis_number", "basis_date_text", "basis_authority")
NOT_CHANGEABLE = frozenset({"registration_number", "register_book_no"})


def kinds_for(version: RegisterVersion) -> tuple[str, ...]:
    """The kinds that can stand beside an entry of this register, in the order of the list."""
    left_out = ABOUT_MARRIAGE if version.letters in WITHOUT_MARRIAGE else frozenset()
    if version.letters in ("KH", "LH"):
        left_out = ABOUT_GUARDIANSHIP | {"adoption", "adoption_end"}
    return tuple(kind for kind in KINDS if kind not in left_out)


def problems_of(version: RegisterVersion, note: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a note: codes annotation_kind_unknown, annotation_empty, field_not_changeable and those of
    dates that cannot be read. Dates are warnings: the margin says what it says.
    """
    found = []
    if note.get("kind") not in KINDS:
        found.append(Problem("annotation_kind_unknown", "kind"))
    if not note.get("field") and not str(note.get("text") or "").strip():
        found.append(Problem("annotation_empty", "text"))
    field = note.get("field") or ""
    if field and (field in NOT_CHANGEABLE or field not in {item.code for item in version.fields}):
        found.append(Problem("field_not_changeable", "field", params={"name": field}))
    for name in ("note_date_text", "basis_date_text"):
        try:
            parse_date(note[name]) if note.get(name) else None
        except DateError as error:
            found.append(Problem(error.code, name, Severity.WARNING, {"text": error.text}))
    return found


def tidy(note: Mapping[str, Any]) -> dict[str, Any]:
    """The note with nothing but the keys it may have, blank ones left out."""
    kept = {name: note[name] for name in ("kind", *TEXTS, "new_value") if note.get(name)}
    if not kept.get("field"):
        kept.pop("new_value", None)
    return kept
