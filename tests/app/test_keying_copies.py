"""Two originals of one book: pairs are found, what differs is noted by people or by comparing keyings, and settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from hotich.database.scope import office_scope
from hotich.intake.models import Batch, Case
from hotich.keying.models import (
    BookWork,
    BookWorkState,
    CopyComparison,
    Entry,
    KeyingPackage,
    PackageItem,
)
from hotich.keying.queries.copies import copy_pairs, count_open_findings, findings_of_pair, pair_of
from hotich.keying.services.copies import Finding, compare_keyed_copies, record_finding, settle_finding
from hotich.registers.models import Book
from hotich.units.models import Office
from tests.app.digitisation_parts import a_book
from tests.app.intake_parts import AT, an_office
from tests.app.keying_inventory_parts import listed, refused, two_originals
from tests.app.records_support import actor_at

pytestmark = pytest.mark.django_db
SEEN = Finding("differs", "Tờ 12: bản huyện ghi chú ly hôn", 12, "", 1990)


@pytest.fixture
def office() -> Iterator[Office]:
    office = an_office()
    with office_scope([office.id]):
        yield office


def found(office: Office, first: Book, second: Book, finding: Finding = SEEN, **more: Any) -> CopyComparison:
    key = more.pop("request_key", None) or uuid4()
    return record_finding(
        actor=actor_at(office, **more), at=AT, request_key=key, first_id=first.id, second_id=second.id, finding=finding
    )


def keyed(book: Book, number: int, *, notes: int = 0, **values: str) -> Entry:
    """An entry of the book as the screen of keying leaves it; how it comes to be is tested elsewhere."""
    same = {"origin_office_id": book.origin_office_id}
    batch = Batch.objects.create(
        register_type=book.register_type, era=book.era, channel="historical", template="keying", source_name="gói",
        source_sha256="0" * 64, created_by=1, created_at=AT, **same,
    )  # fmt: skip
    case = Case.objects.create(
        batch=batch, row_number=number, register_type=book.register_type, schema_version="KS-PRE1999-1", era=book.era,
        channel="historical", state="checking", as_recorded=values, number=number, registration_year=1990,
        import_hash=uuid4().hex * 2, keyed_by=1, created_at=AT, updated_at=AT,
        annotations=[{"kind": "other"}] * notes, **same,
    )  # fmt: skip
    package, _made = KeyingPackage.objects.get_or_create(
        book=book, position=1,
        defaults={"schema_version": case.schema_version, "mode": "review", "created_by": 1, "created_at": AT, **same},
    )  # fmt: skip
    item = PackageItem.objects.create(package=package, position=number * 1000, state="keyed", **same)
    return Entry.objects.create(
        id=uuid4(), package=package, item=item, case=case, schema_version=case.schema_version, revision=1, keyer=1,
        saved_at=AT, received_at=AT, first_received_at=AT, **same,
    )  # fmt: skip


def compared(office: Office, first: Book, second: Book) -> list[CopyComparison]:
    return compare_keyed_copies(actor=actor_at(office), at=AT, first_id=first.id, second_id=second.id)


def test_pairs_are_the_commune_and_the_district_original_of_one_book(office: Office) -> None:
    first, second = two_originals(office)
    a_book(office)
    assert [(pair.first, pair.second) for pair in copy_pairs(actor_at(office))] == [(first, second)]
    alone = a_book(office, number="05")
    assert pair_of(actor_at(office), alone.id) is None
    pair = pair_of(actor_at(office), second.id)
    assert pair is not None
    assert (pair.first, pair.second) == (first, second)


def test_a_finding_is_noted_once_and_settled_once(office: Office) -> None:
    first, second = two_originals(office)
    key = uuid4()
    row = found(office, first, second, request_key=key)
    assert found(office, first, second, request_key=key).id == row.id
    pair = copy_pairs(actor_at(office))[0]
    assert (pair.findings, pair.open) == (1, 1)
    assert count_open_findings(actor_at(office)) == 1
    with refused("settled_words_missing"):
        settle_finding(actor=actor_at(office), at=AT, finding_id=row.id, words="")
    settled = settle_finding(actor=actor_at(office), at=AT, finding_id=row.id, words="Lấy theo bản cấp huyện")
    assert (settled.settled_words, settled.settled_at) == ("Lấy theo bản cấp huyện", AT)
    with refused("copy_finding_settled"):
        settle_finding(actor=actor_at(office), at=AT, finding_id=row.id, words="lần nữa")
    assert count_open_findings(actor_at(office)) == 0


def test_only_the_two_originals_of_one_book_are_compared_and_with_words(office: Office) -> None:
    first, second = two_originals(office)
    for one, other in ((second, first), (first, a_book(office))):
        with refused("copies_not_a_pair"):
            found(office, one, other)
    for finding, code in (
        (Finding("guess", "x"), "copy_finding_missing"), (Finding("differs", " "), "copy_words_missing"),
        (Finding("differs", "x", 12), "number_and_year_together"),
    ):  # fmt: skip
        with refused(code):
            found(office, first, second, finding)
    with refused("not_allowed"):
        found(office, first, second, rights=frozenset({"book.read"}))
    with refused("copy_finding_unknown"):
        settle_finding(actor=actor_at(office), at=AT, finding_id=uuid4(), words="x")


def test_keyed_copies_are_compared_by_number_and_findings_name_fields_not_what_they_say(office: Office) -> None:
    first, second = two_originals(office)
    keyed(first, 1, child_full_name="Phan Thị Mơ", page_no="1")
    keyed(second, 1, child_full_name="Phan Thị Mở", page_no="9", notes=1)
    keyed(first, 2, child_full_name="Phan Văn Hai")
    rows = {row.finding: row for row in compared(office, first, second)}
    assert set(rows) == {"differs", "note_second"}, "what the other copy lacks may just not be keyed yet"
    assert (rows["differs"].number, rows["differs"].registration_year) == (1, 1990)
    assert "Mơ" not in rows["differs"].words
    assert rows["differs"].words
    assert compared(office, first, second) == []


def test_a_number_one_copy_lacks_is_a_finding_once_that_copy_was_keyed_whole(office: Office) -> None:
    first, second = two_originals(office)
    listed(office, first, second)
    keyed(first, 2, child_full_name="Phan Văn Hai")
    assert compared(office, first, second) == []
    BookWork.objects.filter(book=second).update(state=BookWorkState.KEYED)
    assert [(row.finding, row.number) for row in compared(office, first, second)] == [("only_first", 2)]


def test_another_difference_of_a_settled_number_is_a_new_finding(office: Office) -> None:
    first, second = two_originals(office)
    keyed(first, 1, child_full_name="A", mother_full_name="M")
    entry = keyed(second, 1, child_full_name="B", mother_full_name="M")
    row = compared(office, first, second)[0]
    settle_finding(actor=actor_at(office), at=AT, finding_id=row.id, words="Bản xã đúng")
    assert compared(office, first, second) == []
    assert entry.case is not None
    entry.case.as_recorded = {"child_full_name": "B", "mother_full_name": "N"}
    entry.case.save()
    assert len(compared(office, first, second)) == 1
    pair = pair_of(actor_at(office), first.id)
    assert pair is not None
    assert [each.settled_at for each in findings_of_pair(pair)] == [None, AT]
