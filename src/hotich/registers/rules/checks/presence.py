"""Statements about what must be there: the key of an entry, and what is stored of every entry (registers.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterable

from hotich.registers.rules.case import NOTHING, Case, Found
from hotich.registers.rules.checks.lists import VIETNAM
from hotich.registers.rules.values import Reason

KEYS = ("registration_number", "register_book_no", "registration_date", "registration_office")


def _missing(case: Case, name: str) -> tuple[Found, ...]:
    return NOTHING if name in case.text or name in case.reason else (Found(name),)


def registration_number_is_given(case: Case) -> Iterable[Found]:
    """An entry has a number, or the book has one that nobody can read; else it cannot be told from others."""
    if "registration_number" in case.text or case.reason.get("registration_number") == Reason.ILLEGIBLE:
        return NOTHING
    return (Found("registration_number"),)


def book_number_is_given(case: Case) -> Iterable[Found]:
    """An entry names its book; books without a number get a surrogate (`with_surrogates`) or say so."""
    return _missing(case, "register_book_no")


def book_number_is_the_books_own(case: Case) -> Iterable[Found]:
    """The number of the book stands on the book; a surrogate of ours is marked (registers.md 2.3)."""
    if case.reason.get("register_book_no") != Reason.ASSIGNED:
        return NOTHING
    return (Found("register_book_no", {"book": case.text.get("register_book_no", "")}),)


def registration_date_is_given(case: Case) -> Iterable[Found]:
    """An entry has a date; a date that the book lacks stays blank and is never copied from the next entry."""
    return _missing(case, "registration_date")


def registration_office_is_given(case: Case) -> Iterable[Found]:
    """An entry names the office that registered."""
    return _missing(case, "registration_office")


def key_is_legible(case: Case) -> Iterable[Found]:
    """What tells an entry from others can be read."""
    reason = case.reason
    if not reason:
        return NOTHING
    return tuple(Found(name) for name in KEYS if reason.get(name) == Reason.ILLEGIBLE)


_ONE_OF_SEVERAL = ("adoptive_father", "adoptive_mother", "giving_father", "giving_mother")


def _is_excused(case: Case, name: str, owner: str) -> bool:
    """Whether an empty field is no loss: it follows from another one, or another finding says it already."""
    text = case.text
    if owner and owner not in text:
        return True  # the name itself is reported
    if name.endswith("_residence_type"):
        return name.replace("_residence_type", "_usual_residence") not in text
    for stem in ("_ethnicity", "_personal_id"):
        if name.endswith(stem):  # foreigners have neither
            return case.code.get(name.replace(stem, "_nationality"), VIETNAM) != VIETNAM
    if name.endswith("_id_doc_type"):
        return True  # with a number `id_doc_type_missing` says it, without one the number is reported
    return name.endswith("_full_name") and name.startswith(_ONE_OF_SEVERAL)


def minimum_is_stored(case: Case) -> Iterable[Found]:
    """What is stored of every entry is there, or a reason says why not; fields that follow from others are excused."""
    text, reason, found = case.text, case.reason, NOTHING
    # once the kind of birth case is known, `determined_parent_is_named` says which parent is missing
    settled = ("mother_full_name", "father_full_name") if "birth_case_type" in case.code else ()
    for name, owner in case.layout.minimum:
        if name in text or name in reason or name in settled or _is_excused(case, name, owner):
            continue
        found += (Found(name),)
    return found
