"""Makes real records for tests: values as a book has them go through examine, book and create_records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hotich.accounts.rules.roles import ROLES
from hotich.database.scope import office_scope
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.persons.services import draw_conclusions
from hotich.records.models import Record
from hotich.records.services import Decision, NewRecord, create_records
from hotich.registers.rules.examine import examine
from hotich.registers.services import find_or_make_book
from hotich.registers.types import version_for
from hotich.registers.types.declaration import Channel
from hotich.units.models import Office

AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
ALL_RIGHTS = frozenset().union(*(role.rights for role in ROLES.values()))
_numbers = count(1)


def offices(number: int = 3) -> list[Office]:
    """Living commune offices."""
    return list(Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[:number])


def actor_at(*places: Office, officer: int = 1, rights: frozenset[str] = ALL_RIGHTS) -> Actor:
    """An officer whose scope is these offices, the first one being that of the post."""
    return Actor(
        login=f"officer{officer}",
        office_id=places[0].id,
        officer_id=officer,
        office_ids=frozenset(office.id for office in places),
        rights=rights,
    )


@contextmanager
def acting(*places: Office, officer: int = 1) -> Iterator[Actor]:
    """The scope of these offices, and who acts there."""
    actor = actor_at(*places, officer=officer)
    with office_scope(actor.office_ids):
        yield actor


def values(letters: str, number: int | None = None, year: int = 2018, **more: Any) -> dict[str, Any]:
    """The head of an entry and whatever else the test says."""
    number = next(_numbers) if number is None else number
    head = {"registration_number": f"{number}/{year}", "register_book_no": f"01/{year}", "page_no": "1",
            "registration_date": f"15/06/{year}", "registration_office": "UBND"}  # fmt: skip
    return {code: value for code, value in (head | more).items() if value not in ("", None)}


def facts_of(actor: Actor, office: Office, letters: str, recorded: Mapping[str, Any], era: str = "L2014") -> NewRecord:
    """A case as intake hands it over."""
    version = version_for(letters, era)
    found = examine(version, recorded, channel=Channel.HISTORICAL)
    keys = found.keys
    assert keys.book_year is not None
    book = find_or_make_book(
        actor=actor, at=AT, office_id=office.id, register_type=letters, era=era, number=keys.book_number,
        year=keys.book_year,
    )  # fmt: skip
    return NewRecord(
        office_id=office.id, register_type=letters, schema_version=version.id, era=era, channel="historical",
        book_id=book.id, book_year=book.opening_year, number_text=keys.number_text, as_recorded=recorded,
        number=keys.number, number_suffix=keys.number_suffix, registration_year=keys.registration_year,
        page_no=keys.page_no, registered_earliest=keys.registered_earliest, registered_latest=keys.registered_latest,
        standard=dict(found.standard), source_case_id=uuid7(), keyed_by=2,
    )  # fmt: skip


def enter(actor: Actor, office: Office, letters: str, *, draw: bool = True, era: str = "L2014", **more: Any) -> Record:
    """One record, entered and (unless told otherwise) drawn."""
    made = create_records(actor=actor, at=AT, items=[facts_of(actor, office, letters, values(letters, **more), era)])
    if draw:
        draw_conclusions(actor=actor, at=AT, record_ids=[made[0].id])
    return made[0]


def enter_all(actor: Actor, office: Office, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Record]:
    """Several records, not drawn."""
    return create_records(
        actor=actor, at=AT, items=[facts_of(actor, office, letters, recorded) for letters, recorded in entries]
    )


def ruling(number: str) -> Decision:
    """A decision with everything the law asks for."""
    return Decision(number, "02/11/2026", "Ủy ban nhân dân xã", "Đăng ký trái pháp luật")
