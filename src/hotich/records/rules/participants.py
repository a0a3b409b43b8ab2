"""Who takes part in a record: one row per role, with names, birth interval and search keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.ids import stable_uuid
from hotich.kernel.names import given_key, keyset, match_key, search_key, sort_key
from hotich.records.rules.keys import (
    birth_md,
    birth_year,
    document_key,
    id_number_key,
    personal_id_key,
    personal_number,
    plain_number,
)
from hotich.registers import codes
from hotich.registers.rules.values import AsRecorded, text_of
from hotich.registers.types.declaration import Field, Kind, Participant, RegisterVersion

UNKNOWN_SEX = "3"
LONGEST = {"full_name": 300, "sort_key": 1000, "given_key": 60, "birth_text": 100, "id_number": 60, "other": 60,
           "residence": 500}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """One participant of a record, ready to be stored."""

    id: UUID
    role: str
    full_name: str
    search_key: str
    match_key: str
    sort_key: str
    keyset: str
    given_key: str
    sex: str
    birth_text: str
    birth_earliest: date | None
    birth_latest: date | None
    birth_year: int | None
    birth_md: int | None
    personal_id: str
    personal_id_key: str
    id_type: str
    id_number: str
    id_number_key: str
    document_key: str
    ethnicity: str
    nationality: str
    residence: str
    restricted: bool


def birth_shown(text: str, earliest: date | None, latest: date | None) -> str:
    """A birth for lists: an exact day as dd/mm/yyyy, however the book writes it; anything else in the book's words."""
    return f"{earliest:%d/%m/%Y}" if earliest is not None and earliest == latest else text


def participant_id(record_id: UUID, role: str) -> UUID:
    """The identifier of a role of a record, the same whenever it is drawn again."""
    return stable_uuid("participant", record_id, role)


def participants_of(
    version: RegisterVersion, values: AsRecorded, *, record_id: UUID, registration_year: int | None, secret: str
) -> Iterator[Role]:
    """The roles of a record whose holder has a name, or at least an identity number.

    `values` are those of the current view; `secret` keys the hashes of identity numbers.
    """
    fields = {field.code: field for field in version.fields}
    for person in version.participants:
        name = text_of(values, person.name)
        number = text_of(values, person.id_number) if person.id_number else ""
        own = text_of(values, person.personal_id) if person.personal_id else ""
        if name or plain_number(number) or plain_number(own):
            yield _role(person, fields, values, record_id, registration_year, secret)


def _role(
    person: Participant,
    fields: Mapping[str, Field],
    values: AsRecorded,
    record_id: UUID,
    year: int | None,
    secret: str,
) -> Role:
    def text(code: str, limit: int) -> str:
        return text_of(values, code)[:limit] if code else ""

    full_name = text(person.name, LONGEST["full_name"])
    id_type = standard_code(fields, values, person.id_type)
    id_number = text(person.id_number, LONGEST["id_number"])
    own = personal_number(text(person.personal_id, LONGEST["other"]), id_type, id_number)
    birth_text = text(person.birth, LONGEST["birth_text"])
    earliest, latest = _interval(birth_text, year)
    return Role(
        id=participant_id(record_id, person.role),
        role=person.role,
        full_name=full_name,
        search_key=search_key(full_name),
        match_key=match_key(full_name),
        sort_key=sort_key(full_name)[: LONGEST["sort_key"]],
        keyset=keyset(full_name),
        given_key=given_key(full_name)[: LONGEST["given_key"]],
        sex=sex_of(person, fields, values),
        birth_text=birth_text,
        birth_earliest=earliest,
        birth_latest=latest,
        birth_year=birth_year(earliest, latest),
        birth_md=birth_md(earliest, latest),
        personal_id=own,
        personal_id_key=personal_id_key(secret, own),
        id_type=id_type[:4],
        id_number=id_number,
        id_number_key=id_number_key(secret, id_type, id_number),
        document_key=document_key(secret, id_number or own),
        ethnicity=text(person.ethnicity, LONGEST["other"]),
        nationality=text(person.nationality, LONGEST["other"]),
        residence=text(person.residence, LONGEST["residence"]),
        restricted=person.restricted,
    )


def standard_code(fields: Mapping[str, Field], values: AsRecorded, code: str) -> str:
    """The standard code of a field of a code list, "" if it is blank or the words are not in the list."""
    field = fields.get(code)
    if field is None or field.kind is not Kind.CODE:
        return ""
    text = text_of(values, code)
    found = codes.find(field.code_list, text) if text else None
    return found if isinstance(found, str) else ""


def sex_of(person: Participant, fields: Mapping[str, Field], values: AsRecorded) -> str:
    """ "1" male, "2" female, "3" written as not known, "" not told by the register."""
    if person.sex.startswith("="):
        return person.sex[1:]
    told = standard_code(fields, values, person.sex) if person.sex else ""
    if told in ("1", "2") or not person.sex_fallback:
        return told
    return person.sex_of_code.get(standard_code(fields, values, person.sex_fallback), told)


def _interval(text: str, year: int | None) -> tuple[date | None, date | None]:
    if not text:
        return None, None
    try:
        found = parse_date(text, registration_year=year)
    except DateError:
        return None, None
    return found.earliest, found.latest
