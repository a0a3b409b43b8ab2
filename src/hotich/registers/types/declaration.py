"""How a register type is described. One description feeds form, checks, JSON Schema, import, export, dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds; it decides how the text of the book is read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    DATE = "date"  # always a partial date: old registers often hold only a year, or an age
    DATE_WORDS = "date_words"
    TIME = "time"
    CODE = "code"  # one of a code list; exchanged by number or by name
    PLACE = "place"
    OFFICE = "office"
    REGISTRATION_NUMBER = "registration_number"
    BOOK_NUMBER = "book_number"
    PAGE_NUMBER = "page_number"
    PERSONAL_ID = "personal_id"
    ID_NUMBER = "id_number"


class Need(StrEnum):
    """How much a field is wanted (registers.md 1.3)."""

    KEY = "K"  # identity of the case: a value, a reason code or a flagged surrogate
    MINIMUM = "M"  # stored for every case; empty only when empty or illegible in the book
    RECORDED = "R"  # entered if the book has it
    OPTIONAL = "O"
    CONDITIONAL = "C"


class Era(StrEnum):
    """The four phases of the paper books and the live register; the era belongs to the book, not to the year."""

    PRE1999 = "PRE1999"
    ND83 = "ND83"
    ND158 = "ND158"
    L2014 = "L2014"
    LIVE = "LIVE"


class Channel(StrEnum):
    """Where a case comes from; it decides how severe a finding is."""

    HISTORICAL = "historical"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register. `code` never changes; `column` is the import key of the Ministry's workbook."""

    code: str
    label: Label
    kind: Kind
    need: Need = Need.OPTIONAL
    code_list: str = ""  # name in registers.codes, for Kind.CODE (and for text with a suggested list)
    column: str = ""  # empty: the column is `code`
    max_length: int = 500
    carry: bool = False  # keying: keep the value of the case before
    repeat_of: str = ""  # the field of the first guardian that this `_2` field repeats
    source: str = ""  # the article, form or template that has it
    verified: bool = True  # False: from memory or our proposal, shown as "chưa kiểm chứng"
    restricted: bool = False  # adoption origin, cause of death: hidden without the right
    on_form: bool = True  # False: importable, but books of this era have no such column, so the form leaves it out

    @property
    def import_key(self) -> str:
        """The heading of this field in a workbook."""
        return self.column or self.code


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together on the form, in the order of the book."""

    code: str
    label: Label
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Participant:
    """One role in a record and the fields that describe whoever holds it ("" = the register does not ask)."""

    role: str  # child, mother, father, husband, wife, deceased, parent, subject, guardian, ward, adoptee …
    name: str
    sex: str = ""  # a field, or a constant "=1" (male) / "=2" (female) where the role implies it
    birth: str = ""
    personal_id: str = ""
    id_type: str = ""
    id_number: str = ""
    ethnicity: str = ""
    nationality: str = ""
    residence: str = ""
    restricted: bool = False
    sex_fallback: str = ""  # a code field that tells the sex when `sex` is blank …
    sex_of_code: Mapping[str, str] = field(default_factory=dict)  # … its code -> sex "1" | "2"


@dataclass(frozen=True, slots=True)
class RegisterVersion:
    """A register type as its form stood from one day to another of an era; old versions stay, read-only.

    `id` is a record's schema_version: letters, era and the edition within the era.
    """

    id: str  # e.g. "KS-L2014-1"
    letters: str
    era: Era
    valid_from: date | None
    valid_to: date | None
    sections: tuple[Section, ...]
    participants: tuple[Participant, ...]
    column_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # template name -> headings in order
    row_fields: tuple[str, ...] = ()  # a case has one workbook row for each set of these (changed fields)
    source: str = ""  # the decree or circular whose form this is
    verified: bool = True  # False: that this register existed in this era is from memory

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the book."""
        return tuple(item for section in self.sections for item in section.fields)


@dataclass(frozen=True, slots=True)
class RegisterType:
    """A kind of register book, e.g. letters "KS", code "birth", label "Sổ đăng ký khai sinh"."""

    letters: str
    code: str
    label: Label
    short: Label
    versions: Mapping[Era, RegisterVersion]  # the newest version of each era
    legal_ref: str = ""
    api_noun: str = ""
    earlier: tuple[RegisterVersion, ...] = ()  # versions replaced within their era; their records keep them

    @property
    def every_version(self) -> tuple[RegisterVersion, ...]:
        """All versions, by era, within an era oldest first."""
        return tuple(
            version
            for era, newest in self.versions.items()
            for version in (*(former for former in self.earlier if former.era == era), newest)
        )

    def version_on(self, era: Era, registered_on: date | None) -> RegisterVersion:
        """The version of the era whose form was in use on a day of registration; the newest when no day is known.

        Raises KeyError when the register did not exist in the era.
        """
        newest = self.versions[era]
        if registered_on is None or not self.earlier:
            return newest
        for former in self.earlier:
            if former.era == era and former.valid_to is not None and registered_on <= former.valid_to:
                return former
        return newest
