"""What one record proves: kinship between its roles, and facts about the life and marriages of its participants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hotich.kernel.dates import DateError, parse_date
from hotich.kernel.names import search_key
from hotich.records.rules.participants import standard_code
from hotich.registers.rules.values import AsRecorded, text_of
from hotich.registers.types.declaration import Field, RegisterVersion


class Days(NamedTuple):
    """The days a date may mean; None where nothing is known."""

    earliest: date | None = None
    latest: date | None = None


UNKNOWN = Days()


@dataclass(frozen=True, slots=True)
class Edge:
    """What `relative` (a role) is to `person` (a role): father, mother, spouse, guardian …"""

    person: str
    relative: str
    kind: str
    valid_from: date | None = None
    restricted: bool = False
    ended_by: str = ""  # what the record itself says about its end
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the record proves about a role; `spouse` the other role of a marriage."""

    role: str
    kind: str
    days: Days = UNKNOWN
    spouse: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation in force, as far as conclusions need it."""

    kind: str
    days: Days = UNKNOWN
    text: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything one record proves."""

    edges: tuple[Edge, ...]
    facts: tuple[Fact, ...]


def days_of(text: str, year: int | None = None) -> Days:
    """The days the text of a date may mean."""
    if not text:
        return UNKNOWN
    try:
        found = parse_date(text, registration_year=year)
    except DateError:
        return UNKNOWN
    return Days(found.earliest, found.latest)


class Reading:
    """A record's current values, read for conclusions."""

    def __init__(self, version: RegisterVersion, values: AsRecorded, registered: Days, notes: Iterable[Note]) -> None:
        self.version, self.values, self.registered = version, values, registered
        self.notes = tuple(notes)
        self._fields: Mapping[str, Field] = {field.code: field for field in version.fields}

    def days(self, code: str) -> Days:
        """The days of a date field."""
        year = self.registered.earliest.year if self.registered.earliest else None
        return days_of(text_of(self.values, code), year)

    def code(self, name: str) -> str:
        """The standard code of a field."""
        return standard_code(self._fields, self.values, name)

    def noted(self, *kinds: str) -> Note | None:
        """The first annotation in force of one of these kinds."""
        return next((note for note in self.notes if note.kind in kinds), None)


def proof_of(
    version: RegisterVersion, values: AsRecorded, registered: Days, notes: Iterable[Note], sexes: Mapping[str, str]
) -> Proof:
    """What a record in force proves. `values` are the current view, `sexes` role → sex of the roles it has."""
    reading = Reading(version, values, registered, notes)
    makers = {"KS": _birth, "KH": _marriage, "KT": _death, "CMC": _recognition, "CN": _adoption, "GH": _guardianship,
              "LH": _divorce, "HN": _nothing, "TD": _nothing, "CDGH": _nothing}  # fmt: skip
    found = list(makers[version.letters](reading, sexes))
    found += _declared(reading, MAIN.get(version.letters, ()))
    edges = tuple(item for item in found if isinstance(item, Edge) and {item.person, item.relative} <= set(sexes))
    facts = tuple(item for item in found if isinstance(item, Fact) and item.role in sexes)
    return Proof(edges, facts)


MAIN: Mapping[str, tuple[str, ...]] = {"KS": ("child",), "KT": ("deceased",)}
Found = Iterator[Edge | Fact]


def _nothing(reading: Reading, sexes: Mapping[str, str]) -> Found:
    yield from ()


def _birth(reading: Reading, sexes: Mapping[str, str]) -> Found:
    born = reading.days("child_birth_date")
    yield Fact("child", "born", born)
    yield Edge("child", "father", "father", born.earliest)
    yield Edge("child", "mother", "mother", born.earliest)


def _marriage(reading: Reading, sexes: Mapping[str, str]) -> Found:
    effective = reading.days("marriage_effective_date")
    since = effective if effective.earliest else reading.registered
    yield Edge("husband", "wife", "spouse", since.earliest)
    yield from _of_both("married", since)
    status = reading.code("marriage_status")
    dissolved = reading.days("dissolution_note_date")
    if status == "divorced":
        yield from _of_both("divorced", dissolved)
    elif status == "annulled":
        yield from _of_both("marriage_annulled", dissolved)
    if note := reading.noted("divorce"):
        yield from _of_both("divorced", note.days)
    if note := reading.noted("annulment"):
        yield from _of_both("marriage_annulled", note.days)


def _of_both(kind: str, days: Days) -> Iterator[Fact]:
    yield Fact("husband", kind, days, "wife")
    yield Fact("wife", kind, days, "husband")


def _divorce(reading: Reading, sexes: Mapping[str, str]) -> Found:
    days = next(
        (
            found
            for code in ("judgment_effective_date", "judgment_date", "registration_date")
            if (found := reading.days(code)).earliest
        ),
        reading.registered,
    )
    yield from _of_both("marriage_annulled" if reading.code("dissolution_type") == "2" else "divorced", days)


def _death(reading: Reading, sexes: Mapping[str, str]) -> Found:
    died = reading.days("death_date")
    if not died.earliest:
        died = Days(None, reading.registered.latest)
    declared = reading.code("death_declaration_status")
    if not declared and reading.noted("declared_dead"):
        declared = "1"
    yield Fact("deceased", "declared_dead" if declared else "died", died)
    if declared == "2":
        yield Fact("deceased", "death_revoked", reading.days("death_revoked_note_date"))


def _declared(reading: Reading, roles: tuple[str, ...]) -> Iterator[Fact]:
    """Declarations of a court: columns of the template, or annotations."""
    for role in roles:
        if missing := reading.code("missing_declaration_status"):
            yield Fact(role, "declared_missing", reading.days("missing_declared_note_date"))
            if missing == "2":
                yield Fact(role, "missing_revoked", reading.days("missing_revoked_note_date"))
        for note in reading.notes:
            if note.kind == "declared_missing":
                yield Fact(role, "declared_missing", note.days)
            elif note.kind == "declared_dead" and reading.version.letters != "KT":
                yield Fact(role, "declared_dead", note.days)
            elif note.kind == "death" and reading.version.letters != "KT":
                yield Fact(role, "died", note.days)
            elif note.kind == "declaration_revoked":
                dead = reading.version.letters == "KT" or reading.noted("declared_dead")
                yield Fact(role, "death_revoked" if dead else "missing_revoked", note.days)


def _recognition(reading: Reading, sexes: Mapping[str, str]) -> Found:
    kind = {"1": "father", "2": "mother"}.get(sexes.get("parent", ""))
    if kind:
        yield Edge("child", "parent", kind, reading.days("child_birth_date").earliest)


def _adoption(reading: Reading, sexes: Mapping[str, str]) -> Found:
    since = reading.days("certificate_date")
    since = since if since.earliest else reading.registered
    end = reading.noted("adoption_end")
    ended, until = ("adoption_end", end.days.earliest) if end else ("", None)
    for role in ("adoptive_father", "adoptive_mother"):
        yield Edge("adoptee", role, role, since.earliest, True, ended, until)
    # who gave the child may be a grandparent or an institution: only words that name the parents make an edge
    words = set(search_key(text_of(reading.values, "giving_party_relationship")).split())
    if words & {"cha", "bo", "ba"}:
        yield Edge("adoptee", "giving_father", "father", restricted=True)
    if words & {"me", "ma"}:
        yield Edge("adoptee", "giving_mother", "mother", restricted=True)


def _guardianship(reading: Reading, sexes: Mapping[str, str]) -> Found:
    end = reading.noted("guardianship_end")
    ended, until = ("termination", end.days.earliest) if end else ("", None)
    for role in ("guardian", "guardian_2"):
        yield Edge("ward", role, "guardian", reading.registered.earliest, False, ended, until)
