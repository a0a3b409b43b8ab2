"""The checks that the keying screen makes while somebody types: the simple part of the declaration, as data.

`client_checks` writes them down for the browser (`ts/parts/checks.ts` runs them there), `client_findings` runs
them here. Both do the same with the same cases (tests/contract/test_keying_checks_parity.py). The screen never claims
what the server's `examine` would not: what needs more than figures, lists and the order of days is left to it.

A check is {"check", "code", "severity", …}: "given" (field, reasons), "minimum" (field, owner, excuse, other), "number",
"number_year", "book", "book_year", "page", "date", "time", "twelve", "name_digit", "name_symbol", "name_single", "whole",
"future", "year_of_number", "year_of_book" (field), "code" (field, list, also, prefixes), "long" (field, limit), "order"
(first, second, strict, report). Findings are of the channel of old books.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hotich.kernel.problems import Severity
from hotich.registers.codes import CODE_LISTS, exchange_text
from hotich.registers.rules import reading
from hotich.registers.rules.case import Layout, layout_of
from hotich.registers.rules.checks import BY_CODE
from hotich.registers.rules.checks.lists import VIETNAM
from hotich.registers.types.declaration import Channel, Era, Field, Kind, Participant, RegisterVersion

Check = dict[str, Any]

REGISTERED = "@registered"
"""In the order of dates: the day of registration, or the year of the number where that day cannot be read."""

_SURROGATE_ERAS = frozenset({Era.PRE1999, Era.ND83})
_ANY_REASON = ("illegible", "not_written", "assigned")

_ORDERS: tuple[tuple[str, str, str, bool], ...] = (
    # code, first, second, strictly; reported on the second
    ("death_before_birth", "deceased_birth_date", "death_date", False),
    ("death_notice_before_death", "death_date", "death_notice_date", False),
    ("married_before_birth", "husband_birth_date", "marriage_effective_date", True),
    ("married_before_birth", "wife_birth_date", "marriage_effective_date", True),
    ("dissolved_before_registration", "registration_date", "dissolution_note_date", True),
    ("revoked_before_declared", "missing_declared_note_date", "missing_revoked_note_date", False),
    ("revoked_before_declared", "incapacity_declared_note_date", "incapacity_revoked_note_date", False),
    ("revoked_before_declared", "death_declared_note_date", "death_revoked_note_date", False),
    ("period_reversed", "status_period_from", "status_period_to", False),
    ("judgment_before_marriage", "origin_marriage_date", "judgment_date", True),
    ("effective_before_judgment", "judgment_date", "effective_date", False),
)

# what the screen may report for a field of a kind, besides its length
_BY_KIND: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.REGISTRATION_NUMBER: (
        ("number", "registration_number_malformed"),
        ("number_year", "registration_number_without_year"),
    ),
    Kind.BOOK_NUMBER: (("book", "book_number_malformed"), ("book_year", "book_number_without_year")),
    Kind.PAGE_NUMBER: (("page", "page_not_numeric"),),
    Kind.DATE: (
        ("date", "date_unreadable"),
        ("date", "date_impossible"),
        ("date", "date_year_out_of_range"),
    ),
    Kind.TIME: (("time", "time_unreadable"),),
    Kind.NAME: (
        ("name_digit", "name_has_digit"),
        ("name_symbol", "name_has_symbol"),
        ("name_single", "name_single_token"),
    ),
}


def _severity(code: str) -> Severity | None:
    return BY_CODE[code].severity(Channel.HISTORICAL)


def _check(check: str, code: str, **more: Any) -> Iterable[Check]:
    severity = _severity(code)
    if severity is not None:
        yield {"check": check, "code": code, "severity": severity.value, **more}


def client_checks(version: RegisterVersion) -> list[Check]:
    """The checks of a version, in the order of the book; only of fields its form shows."""
    layout = layout_of(version)
    shown = {item.code for item in version.fields if item.on_form}
    made: list[Check] = []
    for item in version.fields:
        if item.on_form:
            made += _of_field(version, layout, item)
    made += [each for each in _orders(version, layout) if {each["first"], each["second"]} <= shown | {REGISTERED}]
    made += _check("whole", "registration_date_incomplete", field="registration_date")
    made += _check("year_of_number", "registration_number_year_mismatch", field="registration_number")
    made += _check("year_of_book", "book_year_after_registration", field="register_book_no")
    made += [each for code in layout.dates if code in shown for each in _check("future", "date_in_future", field=code)]
    return made


def _of_field(version: RegisterVersion, layout: Layout, item: Field) -> Iterable[Check]:
    yield from _given(version, layout, item)
    yield from _check("long", "text_too_long", field=item.code, limit=reading.limit_of(item))
    for check, code in _BY_KIND.get(item.kind, ()):
        yield from _check(check, code, field=item.code)
    if item.code in {person.personal_id for person in layout.numbered}:
        yield from _check("twelve", "personal_id_not_12_digits", field=item.code)
    if item.kind is Kind.CODE:
        found = CODE_LISTS[item.code_list]
        also = [doubt.text for doubt in found.doubts]
        yield from _check("code", "code_unknown", field=item.code, list=item.code_list, also=also,
                          prefixes=list(found.prefixes))  # fmt: skip


def _given(version: RegisterVersion, layout: Layout, item: Field) -> Iterable[Check]:
    if item.code == "registration_number":
        yield from _check("given", "registration_number_missing", field=item.code, reasons=["illegible"])
    elif item.code == "register_book_no":
        if version.era not in _SURROGATE_ERAS:  # these get a surrogate where the book has no number
            yield from _check("given", "book_number_missing", field=item.code, reasons=list(_ANY_REASON))
    elif item.code in ("registration_date", "registration_office"):
        yield from _check("given", f"{item.code}_missing", field=item.code, reasons=list(_ANY_REASON))
    else:
        for name, owner in layout.minimum:
            if name == item.code:
                yield from _minimum(version, name, owner)


_ONE_OF_SEVERAL = ("adoptive_father", "adoptive_mother", "giving_father", "giving_mother")


def _minimum(version: RegisterVersion, name: str, owner: str) -> Iterable[Check]:
    """The rule of registers' `minimum_is_stored`, with what excuses an empty field written out."""
    if name.endswith("_id_doc_type") or (name.endswith("_full_name") and name.startswith(_ONE_OF_SEVERAL)):
        return
    excuse, other = "", ""
    if name.endswith("_residence_type"):
        excuse, other = "blank", name.replace("_residence_type", "_usual_residence")
    for stem in ("_ethnicity", "_personal_id"):
        if name.endswith(stem):
            excuse, other = "foreign", name.replace(stem, "_nationality")
    if name in ("mother_full_name", "father_full_name") and version.letters == "KS":
        excuse, other = "filled", "birth_case_type"
    yield from _check("minimum", "minimum_field_missing", field=name, owner=owner, excuse=excuse, other=other,
                      reasons=list(_ANY_REASON), home=exchange_text("nationality", VIETNAM))  # fmt: skip


def _orders(version: RegisterVersion, layout: Layout) -> Iterable[Check]:
    codes = set(layout.fields)

    def order(code: str, first: str, second: str, report: str, strict: bool = False) -> Iterable[Check]:
        if BY_CODE[code].applies_to(version) and {first, second} <= codes | {REGISTERED}:
            yield from _check("order", code, first=first, second=second, strict=strict, report=report)

    for _, birth in layout.births:
        yield from order("birth_after_registration", birth, REGISTERED, birth)
    yield from order("death_after_registration", "death_date", REGISTERED, "death_date")
    for name in layout.past_dates:
        yield from order("date_after_registration", name, REGISTERED, name)
    for name in layout.later_dates:
        if name != "dissolution_note_date":  # it has a stricter statement of its own
            yield from order("note_before_registration", REGISTERED, name, name)
    for code, first, second, strict in _ORDERS:
        yield from order(code, first, second, second, strict)
    for document in layout.documents:
        if document.issued and document.birth:
            yield from order("id_doc_issued_before_birth", document.birth, document.issued, document.issued)
    for parent, code in (("mother", "mother_not_older"), ("father", "father_not_older")):
        yield from order(code, f"{parent}_birth_date", "child_birth_date", f"{parent}_birth_date", strict=True)


def person_fields(version: RegisterVersion, person: Participant) -> dict[str, str]:
    """The fields that describe whoever holds a role: what they say of him ("birth_date") -> the field."""
    stem, _, suffix = person.name.partition("_full_name")
    found = {}
    for item in version.fields:
        if item.on_form and item.code.startswith(f"{stem}_") and item.code.endswith(suffix):
            part = item.code[len(stem) + 1 : len(item.code) - len(suffix) if suffix else None]
            if suffix or not part.endswith("_2"):
                found[part] = item.code
    return found


def people(version: RegisterVersion) -> list[Mapping[str, Any]]:
    """Who is named in an entry: [{"role", "sex": a field or "=1", "=2", "fields": {part: field}}], as declared."""
    made: list[Mapping[str, Any]] = []
    for person in version.participants:
        fields = person_fields(version, person)
        if fields.get("full_name") == person.name:
            made.append({"role": person.role, "sex": person.sex, "fields": fields})
    return made
