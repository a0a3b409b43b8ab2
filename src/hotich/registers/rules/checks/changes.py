"""Statements about changes, corrections and supplements (C22, C23, registers.md 1.4.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hotich.kernel.text import clean_text
from hotich.registers.rules import reading
from hotich.registers.rules.case import NOTHING, Case, Found
from hotich.registers.rules.checks.lists import CHANGE_ETHNICITY, CHANGE_SEX
from hotich.registers.types.declaration import Field, Kind, Label


def old_and_new_value_differ(case: Case) -> Iterable[Found]:
    """A change changes something; a supplement has no old value."""
    old, new = case.text.get("old_value"), case.text.get("new_value")
    if old is None or new is None or clean_text(old) != clean_text(new):
        return NOTHING
    return (Found("new_value", {"value": new}),)


def _field(kind: Kind, code_list: str = "") -> Field:
    return Field("new_value", Label("Thành", "To"), kind, code_list=code_list)


_BY_ENDING: tuple[tuple[str, Field], ...] = (
    ("full_name", _field(Kind.NAME)),
    ("_date", _field(Kind.DATE)),
    ("sex", _field(Kind.CODE, "sex")),
    ("ethnicity", _field(Kind.CODE, "ethnicity")),
    ("nationality", _field(Kind.CODE, "nationality")),
    ("registration_number", _field(Kind.REGISTRATION_NUMBER)),
)

# what a doubtful but possible value is reported as; such a value may stand
_ONLY_DOUBTS = frozenset({"name_single_token", "name_no_diacritics", "code_ambiguous"})


def _reader(changed: str) -> Callable[[str, int | None], reading.Read] | None:
    for ending, field in _BY_ENDING:
        if changed.endswith(ending):
            return reading.reader_of(field)
    return None


def new_value_is_valid(case: Case) -> Iterable[Found]:
    """The new value keeps the rule of the field that is changed: a date is a date, a code is on its list."""
    value, changed = case.text.get("new_value"), case.code.get("changed_field", "")
    if value is None:
        return NOTHING
    if changed == "personal_id":
        wrong = not (len(value) == 12 and value.isdigit())
    else:
        read = _reader(changed)
        year = case.registered.latest.year if case.registered else None
        wrong = read is not None and any(code not in _ONLY_DOUBTS for code, _ in read(value, year).faults)
    return (Found("new_value", {"value": value}),) if wrong else NOTHING


_ONLY_FIELD = {CHANGE_ETHNICITY: "ethnicity", CHANGE_SEX: "sex"}


def kind_of_change_fits_field(case: Case) -> Iterable[Found]:
    """Ethnicity is re-determined by changing the ethnicity, sex by changing the sex (C23)."""
    wanted, changed = _ONLY_FIELD.get(case.code.get("change_type", "")), case.code.get("changed_field")
    if wanted is None or changed is None or changed == wanted:
        return NOTHING
    return (Found("changed_field", {"value": case.text.get("changed_field", "")}),)
