"""What a book says of each participant, in the form that is compared: from as-recorded values, read, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.text import clean_text
from hotich.reconciliation.rules.citizen import BookFacts
from hotich.records.models import Record
from hotich.records.rules.current_view import current_view
from hotich.records.rules.keys import personal_number, plain_number
from hotich.records.rules.participants import sex_of, standard_code
from hotich.registers import codes
from hotich.registers.rules.values import AsRecorded, text_of
from hotich.registers.types import version_by_id
from hotich.registers.types.declaration import Field, Participant, RegisterVersion
from hotich.units.models import AdministrativeUnit, Level, Office

NOT_COUNTED = frozenset({"informant"})
"""Who only brought the news is no subject of the entry."""

_OLD_CARD = "1"  # chứng minh nhân dân
# whose parents the other roles of an entry are; the parents of an adopted child stay out: they are its origin
_PARENTS = {"child": {"father_name": "father", "mother_name": "mother"}}
_SPOUSES = {"husband": "wife", "wife": "husband"}


def counted(version: RegisterVersion) -> tuple[Participant, ...]:
    """The participants of a register that are looked up."""
    return tuple(each for each in version.participants if each.role not in NOT_COUNTED)


def facts_of_record(record: Record) -> dict[str, BookFacts]:
    """Role -> what the record says today (after its annotations in force); roles with neither name nor number left out."""
    values = current_view(record.as_recorded, record.annotations.all()).values
    return facts_of_values(
        version_by_id(record.schema_version), values, record.registration_year, office_id=record.origin_office_id
    )


def facts_as_recorded(record: Record) -> dict[str, BookFacts]:
    """Role -> what the entry itself says, without the notes beside it."""
    return facts_of_values(
        version_by_id(record.schema_version), record.as_recorded, record.registration_year,
        office_id=record.origin_office_id,
    )  # fmt: skip


def facts_of_values(
    version: RegisterVersion, values: AsRecorded, year: int | None, *, office_id: int | None = None
) -> dict[str, BookFacts]:
    """Role -> what these values say. `year`: of the registration, for ages; `office_id`: that registered, for the place."""
    fields = {field.code: field for field in version.fields}
    province, commune = place_codes(office_id) if office_id is not None else ("", "")
    found = {
        person.role: _facts(person, fields, values, year, (province, commune, version.letters))
        for person in counted(version)
    }
    names = {role: facts.full_name for role, facts in found.items()}
    return {
        role: replace(facts, **family) if (family := dict(_family(role, found, names))) else facts
        for role, facts in found.items()
        if facts.full_name or facts.personal_id or facts.old_id
    }


def _facts(
    person: Participant, fields: Mapping[str, Field], values: AsRecorded, year: int | None, of: tuple[str, str, str]
) -> BookFacts:
    """`of`: codes of province and commune, letters of the register."""

    def text(code: str) -> str:
        return clean_text(text_of(values, code)) if code in fields else ""

    id_type = standard_code(fields, values, person.id_type)
    number = text(person.id_number)
    own = personal_number(text(person.personal_id), id_type, number)
    prefix = person.name.removesuffix("_full_name")
    birth, is_estimated = birth_of(text(person.birth), year)
    return BookFacts(
        role=person.role,
        full_name=text(person.name),
        birth=birth,
        birth_is_estimated=is_estimated,
        sex=sex_of(person, fields, values),
        personal_id=own,
        old_id=_old_number(id_type, number, own),
        ethnicity=_words(fields, values, person.ethnicity),
        nationality=_words(fields, values, person.nationality),
        native_place=text(f"{prefix}_native_place"),
        residence=text(person.residence),
        province_code=of[0],
        commune_code=of[1],
        register=of[2],
    )


def birth_of(text: str, year: int | None) -> tuple[str, bool]:
    """A birth as a book writes it, as far as it is known (1961, 1961-05, 1961-05-03; "" for what is no date), and
    whether it is estimated."""
    if not text:
        return "", False
    try:
        found = parse_date(text, registration_year=year)
    except DateError:
        return "", False
    return found.iso(), found.estimated


def _old_number(id_type: str, number: str, own: str) -> str:
    plain = plain_number(number)
    if plain == own or id_type not in ("", _OLD_CARD) or not plain.isdecimal():
        return ""
    return plain if len(plain) == 9 or (id_type == _OLD_CARD and len(plain) == 12) else ""


def _words(fields: Mapping[str, Field], values: AsRecorded, code: str) -> str:
    """The official name of a code, or the words of the book."""
    if code not in fields:
        return ""
    found = standard_code(fields, values, code)
    return codes.label_of(fields[code].code_list, found) if found else clean_text(text_of(values, code))


def _family(role: str, found: Mapping[str, BookFacts], names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for fact, other in _PARENTS.get(role, {}).items():
        if names.get(other):
            yield fact, names[other]
    if role == "child" and names.get("parent"):  # recognised: father or mother, as the entry says
        recogniser = {"1": "father_name", "2": "mother_name"}.get(found["parent"].sex)
        if recogniser:
            yield recogniser, names["parent"]
    if role in _SPOUSES and names.get(_SPOUSES[role]):
        yield "spouse_name", names[_SPOUSES[role]]


@lru_cache(maxsize=4096)
def place_codes(office_id: int) -> tuple[str, str]:
    """(province, commune) of the unit of an office, as their codes; "" for what it has not."""
    office = Office.objects.filter(id=office_id).select_related("unit__parent__parent").first()
    unit: AdministrativeUnit | None = office.unit if office is not None else None
    found: dict[str, str] = {}
    while unit is not None:
        found[unit.level] = unit.code
        unit = unit.parent
    return found.get(Level.PROVINCE, ""), found.get(Level.COMMUNE, "")


def facts_as_typed(register: str, role: str, told: Mapping[str, str], *, office_id: int) -> BookFacts:
    """What a keyer has typed so far of somebody: `told` by fact (names as in `BookFacts`), as recorded."""
    sex = told.get("sex", "").strip()
    number, own = clean_text(told.get("old_id", "")), told.get("personal_id", "")
    personal = personal_number(own, "", number)
    found = codes.find("sex", sex) if sex else None
    province, commune = place_codes(office_id)
    plain = {name: clean_text(told.get(name, "")) for name in _AS_TYPED}
    birth, is_estimated = birth_of(clean_text(told.get("birth", "")), _year_of(told.get("year", "")))
    return BookFacts(
        role=role, birth=birth, birth_is_estimated=is_estimated, sex=found if isinstance(found, str) else "",
        personal_id=personal, old_id=_old_number("", number, personal), province_code=province, commune_code=commune,
        register=register, **plain,
    )  # fmt: skip


_AS_TYPED = ("full_name", "father_name", "mother_name", "spouse_name", "ethnicity", "nationality", "native_place")


def _year_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None
