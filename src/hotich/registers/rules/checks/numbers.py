"""Statements about identity numbers and documents, and dates in words (R-PID, R-IDNO, R-WORDS)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hotich.kernel.personal_id import (
    BIRTH_YEAR_MISMATCH,
    CENTURY_UNKNOWN,
    NOT_12_DIGITS,
    PROVINCE_UNKNOWN,
    SEX_MISMATCH,
    personal_id_problems,
)
from hotich.registers.rules.case import NOTHING, Case, Document, Found
from hotich.registers.rules.checks.lists import CITIZEN_CARD, IDENTITY_CARD, PASSPORT, VIETNAM
from hotich.registers.types.declaration import Participant

_VIETNAMESE_PASSPORT = re.compile(r"[A-Z]\d{7,8}")


def _bare(number: str) -> str:
    """The number without the spaces and dots that people put between figures."""
    return number if number.isdecimal() else number.replace(" ", "").replace(".", "").upper()


def _sex(case: Case, person: Participant) -> str | None:
    if person.sex.startswith("="):
        return person.sex[1:]
    found = case.code.get(person.sex)
    if found is None and person.sex_fallback:
        found = person.sex_of_code.get(case.code.get(person.sex_fallback, ""))
    return found


def _is_twelve(number: str) -> bool:
    return len(number) == 12 and number.isdecimal()


def _number_on_card(case: Case, person: Participant) -> str | None:
    """The personal identification number that stands on a card: twelve figures, unless on another document."""
    number = case.text.get(person.id_number)
    if number is None or case.code.get(person.id_type, CITIZEN_CARD) not in (CITIZEN_CARD, IDENTITY_CARD):
        return None
    number = _bare(number)
    return number if _is_twelve(number) else None


def _scan(case: Case) -> tuple[tuple[str, str, str], ...]:
    """Everything wrong with the personal identification numbers of a case: code, field, number. Worked out once."""
    if case.number_faults is None:
        found: list[tuple[str, str, str]] = []
        for person in case.layout.numbered:
            written = case.text.get(person.personal_id), _number_on_card(case, person)
            for name, number in zip((person.personal_id, person.id_number), written, strict=True):
                if number is not None:
                    faults = personal_id_problems(number, case.dates.get(person.birth), _sex(case, person))
                    found += [(code, name, number) for code in faults]
        case.number_faults = tuple(found)
    return case.number_faults


def _with(case: Case, wanted: str) -> tuple[Found, ...]:
    faults = _scan(case)
    if not faults:
        return NOTHING
    return tuple(Found(name, {"number": number}) for code, name, number in faults if code == wanted)


def personal_ids_are_well_formed(case: Case) -> Iterable[Found]:
    """A personal identification number has twelve figures (R-PID)."""
    return _with(case, NOT_12_DIGITS)


def personal_id_century_is_known(case: Case) -> Iterable[Found]:
    """The fourth figure of a personal identification number stands for a century that has begun (R-PID)."""
    return _with(case, CENTURY_UNKNOWN)


def personal_id_province_is_known(case: Case) -> Iterable[Found]:
    """A personal identification number begins with the code of one of the 63 old provinces or of a country (R-PID)."""
    return _with(case, PROVINCE_UNKNOWN)


def personal_id_fits_birth(case: Case) -> Iterable[Found]:
    """Century and year in a personal identification number are those of the birth (procedures.md 4.5)."""
    return _with(case, BIRTH_YEAR_MISMATCH)


def personal_id_fits_sex(case: Case) -> Iterable[Found]:
    """The sex in a personal identification number is that of its holder (procedures.md 4.5)."""
    return _with(case, SEX_MISMATCH)


# ---- documents


def _is_vietnamese(case: Case, document: Document) -> bool:
    return case.code.get(document.birth.replace("_birth_date", "_nationality"), VIETNAM) == VIETNAM


def citizen_card_numbers_have_twelve_figures(case: Case) -> Iterable[Found]:
    """The number of a citizen card (CCCD) has twelve figures (R-IDNO)."""
    return tuple(
        Found(document.number, {"number": case.text[document.number]})
        for document in case.layout.documents
        if case.code.get(document.kind) == CITIZEN_CARD
        and document.number in case.text
        and not _is_twelve(_bare(case.text[document.number]))
    )


def identity_card_numbers_have_nine_figures(case: Case) -> Iterable[Found]:
    """The number of an identity card (CMND) has nine figures, twelve on the last cards; older ones differ (R-IDNO)."""
    found = NOTHING
    for document in case.layout.documents:
        number = case.text.get(document.number)
        if number is None or case.code.get(document.kind) != IDENTITY_CARD:
            continue
        bare = _bare(number)
        if len(bare) not in (9, 12) or not bare.isdecimal():
            found += (Found(document.number, {"number": number}),)
    return found


def passport_numbers_have_a_letter(case: Case) -> Iterable[Found]:
    """A Vietnamese passport has a letter and seven or eight figures (R-IDNO); foreign ones are not judged."""
    return tuple(
        Found(document.number, {"number": case.text[document.number]})
        for document in case.layout.documents
        if case.code.get(document.kind) == PASSPORT
        and document.number in case.text
        and _is_vietnamese(case, document)
        and not _VIETNAMESE_PASSPORT.fullmatch(_bare(case.text[document.number]))
    )


# ---- dates in words

_WORDS = (("child_birth_date", "child_birth_date_words"), ("death_date", "death_date_words"))


def date_in_words_agrees(case: Case) -> Iterable[Found]:
    """The date in words is the date in figures, as far as both say something (R-WORDS)."""
    found = NOTHING
    for figures, words in _WORDS:
        first, second = case.dates.get(figures), case.dates.get(words)
        if first is None or second is None or first.words_agree(second):
            continue
        found += (Found(words, {"date": case.text.get(figures, ""), "words": case.text.get(words, "")}),)
    return found
