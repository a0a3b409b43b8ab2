"""A book with one keyed case in a sample that is being judged, at any office and without any officer's account."""

from __future__ import annotations

from uuid import uuid4

from hotich.intake.services.keyed import KeyedCase, keep_keyed_cases, open_keying_batch
from hotich.kernel.actor import Actor
from hotich.kernel.ids import uuid7
from hotich.keying.models import (
    Acceptance,
    AcceptanceItem,
    CheckState,
    Entry,
    ItemState,
    KeyingPackage,
    KeyingTeam,
    PackageItem,
    PackageState,
    TeamMember,
)
from hotich.keying.services.acceptance import limits_in_force
from hotich.units.models import Office
from tests.app.digitisation_parts import a_book
from tests.app.intake_parts import AT
from tests.rules.registers_rows import good_row


def a_member(office: Office, officer: int, *, team: str) -> TeamMember:
    """An officer in a team of this name, which he leads; to be called in the scope of the office."""
    by = {"origin_office": office, "officer": officer, "added_by": 11, "added_at": AT}
    made = KeyingTeam.objects.create(
        origin_office=office, name=team, leader=officer, opened_on=AT.date(), created_by=11, created_at=AT
    )
    return TeamMember.objects.create(team=made, valid_from=AT.date(), **by)


def a_sample(office: Office, *, words: str = "", **values: str) -> AcceptanceItem:
    """The one case of a sample, marked wrong with these words; to be called in the scope of the office."""
    actor = Actor("nhap.thu", office.id, 11, frozenset({office.id}), frozenset({"keying.key"}))
    book = a_book(office, number="78")
    batch = open_keying_batch(actor=actor, at=AT, book=book, source_name="78/2016")
    case = KeyedCase(uuid7(), "KS-L2014-1", {**good_row("KS", "L2014"), "register_book_no": "78/2016", **values})
    keep_keyed_cases(actor=actor, at=AT, batch_id=batch.id, book=book, cases=[case])
    of_office = {"origin_office_id": office.id}
    package = KeyingPackage.objects.create(
        **of_office, book=book, batch=batch, position=1, schema_version="KS-L2014-1", mode="review", items_total=1,
        state=PackageState.CHECKED, keyer=11, checker=12, created_by=11, created_at=AT,
    )  # fmt: skip
    place = PackageItem.objects.create(**of_office, package=package, position=1000, state=ItemState.KEYED, number=1)
    entry = Entry.objects.create(
        **of_office, id=uuid4(), package=package, item=place, case_id=case.id, schema_version="KS-L2014-1", revision=1,
        keyer=11, saved_at=AT, received_at=AT, first_received_at=AT, check_state=CheckState.PASSED, checker=12,
        checked_at=AT,
    )  # fmt: skip
    sample = Acceptance.objects.create(
        **of_office,
        book=book,
        population=1,
        sample_size=1,
        seed=7,
        limits=limits_in_force(book.origin_office_id),
        drawn_by=22,
        drawn_at=AT,
    )
    marks = [{"field": "child_full_name", "is_key": True, "words": words}] if words else []
    return AcceptanceItem.objects.create(
        **of_office, acceptance=sample, entry=entry, place=1, fields_checked=30, key_fields_checked=6, wrong=marks,
        judged_by=22 if words else None, judged_at=AT if words else None,
    )  # fmt: skip
