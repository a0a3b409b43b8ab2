"""The ten declared register types. Look one up by letters ("KS") or code ("birth"), a version by era or id."""

from __future__ import annotations

from datetime import date

from hotich.registers.types import (
    adoption,
    birth,
    civil_status_change,
    death,
    foreign_divorce_note,
    guardianship,
    guardianship_termination,
    marital_status_certificate,
    marriage,
    parent_child_recognition,
)
from hotich.registers.types.declaration import Era, RegisterType, RegisterVersion
from hotich.registers.types.eras import ERA_PERIODS as ERA_PERIODS
from hotich.registers.types.eras import default_era as default_era

REGISTER_TYPES: dict[str, RegisterType] = {
    module.REGISTER.letters: module.REGISTER
    for module in (
        birth,
        marriage,
        death,
        parent_child_recognition,
        marital_status_certificate,
        guardianship,
        guardianship_termination,
        civil_status_change,
        foreign_divorce_note,
        adoption,
    )
}
_BY_CODE = {item.code: item for item in REGISTER_TYPES.values()}
_BY_ID = {made.id: made for item in REGISTER_TYPES.values() for made in item.every_version}


class UnknownRegister(LookupError):
    """There is no such register type, or it did not exist in that era."""


def register_type(letters_or_code: str) -> RegisterType:
    """The register type of "KS" or "birth" (case does not matter for letters). Raises UnknownRegister."""
    found = REGISTER_TYPES.get(letters_or_code.upper()) or _BY_CODE.get(letters_or_code)
    if found is None:
        raise UnknownRegister(letters_or_code)
    return found


def version_for(letters: str, era: Era | str, registered_on: date | None = None) -> RegisterVersion:
    """The version of a register in an era: the newest, or that of a day. Raises UnknownRegister if there was none."""
    found = register_type(letters)
    try:
        return found.version_on(Era(era), registered_on)
    except (KeyError, ValueError) as error:
        raise UnknownRegister(f"{letters} {era}") from error


def version_by_id(version_id: str) -> RegisterVersion:
    """The version a record names as its schema_version, e.g. "KS-L2014-1". Raises UnknownRegister."""
    try:
        return _BY_ID[version_id]
    except KeyError as error:
        raise UnknownRegister(version_id) from error


def eras_of(letters: str) -> tuple[Era, ...]:
    """The eras in which the register existed, oldest first."""
    versions = register_type(letters).versions
    return tuple(era for era in Era if era in versions)
