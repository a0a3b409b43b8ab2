"""What a check looks at: one case, read field by field, and what its register version says about the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from hotich.kernel.dates.compare import full_years
from hotich.kernel.dates.partial import PartialDate
from hotich.kernel.problems import Severity
from hotich.registers.types.declaration import Channel, Field, Kind, Need, Participant, RegisterVersion


class Span(NamedTuple):
    """The days a partial date may mean, both ends included."""

    earliest: date
    latest: date

    def certainly_before(self, other: Span) -> bool:
        """Whether every day of this lies before every day of the other."""
        return self.latest < other.earliest

    def certainly_after(self, other: Span) -> bool:
        """Whether every day of this lies after every day of the other."""
        return self.earliest > other.latest

    @property
    def is_one_day(self) -> bool:
        """Whether the date is known to the day."""
        return self.earliest == self.latest


def least_years(start: Span, end: Span) -> int:
    """The fewest full years that can lie between two dates."""
    return full_years(start.latest, end.earliest)


def most_years(start: Span, end: Span) -> int:
    """The most full years that can lie between two dates."""
    return full_years(start.earliest, end.latest)


class Found(NamedTuple):
    """One place where a check does not hold: the field to look at and what fills the text."""

    field: str = ""
    params: Mapping[str, object] = {}


NOTHING: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What is known of the office that registered: its life, and whether it lies in a remote area (NĐ 83/1998)."""

    code: str
    name: str = ""
    opened: date | None = None
    closed: date | None = None
    remote: bool = False


class NumberRead(NamedTuple):
    """A registration number taken apart: 12a(1)/2006 is (12, "a(1)", 2006)."""

    number: int
    suffix: str
    year: int | None


class BookRead(NamedTuple):
    """A book number taken apart: 01-TP/HT-2015-GH is ("01", 2015, "GH")."""

    number: str
    year: int | None
    letters: str


class Document(NamedTuple):
    """The fields of one identity document of somebody ("" = the register does not ask)."""

    kind: str
    other: str
    number: str
    issued: str
    birth: str
    role: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What the checks need to know of a register version, worked out once."""

    version: RegisterVersion
    fields: Mapping[str, Field]
    births: tuple[tuple[str, str], ...]  # role, field of the birth date
    documents: tuple[Document, ...]
    residences: tuple[tuple[str, str], ...]  # field of the residence type, field of the residence
    nationals: tuple[tuple[str, str], ...]  # field of the nationality, field of the ethnicity
    names: tuple[tuple[str, str, str], ...]  # role, field of the name, field of the birth date
    identities: tuple[tuple[str, str], ...]  # role, field with an identity number of whoever holds it
    numbered: tuple[Participant, ...]  # roles of whose holders an identity number is asked
    past_dates: tuple[str, ...]  # dates that may not lie after the registration
    later_dates: tuple[str, ...]  # dates of notes made after it
    dates: tuple[str, ...]
    minimum: tuple[tuple[str, str], ...]  # field that is always stored, field of the name of whom it describes


@dataclass(slots=True)
class Case:
    """One entry, read. Missing keys mean that the book has nothing there or that it could not be read."""

    layout: Layout
    channel: Channel
    today: date | None = None
    office: OfficeFacts | None = None
    text: dict[str, str] = field(default_factory=dict)  # what is written, blanks left out
    reason: dict[str, str] = field(default_factory=dict)  # why nothing is written
    dates: dict[str, PartialDate] = field(default_factory=dict)
    span: dict[str, Span] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)  # standard value of code fields
    registered: Span | None = None
    number: NumberRead | None = None
    book: BookRead | None = None
    number_faults: tuple[tuple[str, str, str], ...] | None = None  # kept by checks.numbers

    @property
    def letters(self) -> str:
        """The letters of the register, e.g. "KS"."""
        return self.layout.version.letters

    def span_of_event(self, *fields: str) -> Span | None:
        """The first of these dates that is known."""
        for name in fields:
            found = self.span.get(name)
            if found is not None:
                return found
        return None


Run = Callable[[Case], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Check:
    """A statement that should hold of every case.

    `name` is the statement, `code` what is reported when it does not hold; both are stable. `historical` and `live`
    are the severities by channel, None where the statement is not asked. `run` is None for statements about one value,
    which are tested while the value is read. `types` are the letters of the registers, empty for all.
    """

    name: str
    code: str
    historical: Severity | None
    live: Severity | None
    rule: str
    source: str
    types: frozenset[str] = frozenset()
    run: Run | None = None
    verified: bool = True

    def severity(self, channel: Channel) -> Severity | None:
        """How severe it is, when the statement does not hold, for cases of this channel."""
        return self.live if channel is Channel.LIVE else self.historical

    def applies_to(self, version: RegisterVersion) -> bool:
        """Whether the statement is asked of this register."""
        return not self.types or version.letters in self.types


def _documents(version: RegisterVersion, codes: frozenset[str]) -> tuple[Document, ...]:
    births = {person.id_number: person for person in version.participants if person.id_number}
    found = []
    for name in sorted(codes, key=[item.code for item in version.fields].index):
        if "_id_doc_number" not in name:
            continue
        person = births.get(name)

        def sibling(stem: str, name: str = name) -> str:
            other = name.replace("_id_doc_number", stem)
            return other if other in codes else ""

        found.append(
            Document(
                sibling("_id_doc_type"),
                sibling("_id_doc_other"),
                name,
                sibling("_id_doc_issue_date"),
                (person.birth if person else "") or sibling("_birth_date"),
                person.role if person else name.partition("_id_doc_number")[0],
            )
        )
    return tuple(found)


def _residences(codes: frozenset[str]) -> tuple[tuple[str, str], ...]:
    pairs = ((name, name.replace("_residence_type", "_usual_residence")) for name in codes if "_residence_type" in name)
    return tuple(sorted((kind, place) for kind, place in pairs if place in codes))


def _owner(code: str, people: tuple[Participant, ...]) -> str:
    for person in people:
        stem, _, suffix = person.name.partition("_full_name")
        if code.startswith(f"{stem}_") and code.endswith(suffix) and code != person.name:
            return person.name
    return ""


LATER_NOTES = ("_note_date",)


def layout_of(version: RegisterVersion) -> Layout:
    """The layout of a version, from its declaration."""
    fields = {item.code: item for item in version.fields}
    codes = frozenset(fields)
    people: tuple[Participant, ...] = version.participants
    births = tuple((person.role, person.birth) for person in people if person.birth in codes)
    dates = tuple(code for code, item in fields.items() if item.kind is Kind.DATE)
    later = tuple(code for code in dates if code.endswith(LATER_NOTES))
    apart = {"registration_date", "death_date", *later, *(code for _, code in births)}
    return Layout(
        version,
        fields,
        births,
        _documents(version, codes),
        _residences(codes),
        tuple((p.nationality, p.ethnicity) for p in people if p.nationality in codes and p.ethnicity in codes),
        tuple((p.role, p.name, p.birth) for p in people if p.name in codes),
        tuple((p.role, code) for p in people for code in (p.personal_id, p.id_number) if code in codes),
        tuple(p for p in people if p.personal_id in codes or p.id_number in codes),
        tuple(code for code in dates if code not in apart),
        later,
        dates,
        tuple((code, _owner(code, people)) for code, item in fields.items() if item.need is Need.MINIMUM),
    )
