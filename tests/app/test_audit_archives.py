"""Archives: entries leave the database by one way only, and the chain goes on from the cut."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from audit_parts import AT, SYSTEM, act, anchors, codes, rewrite_chain, tamper
from django.db import DatabaseError, connection, transaction
from test_audit_export import verify, with_anchors

from hotich.audit import services
from hotich.audit.adapters import archive_folder
from hotich.audit.models import Archive, Detail, Entry
from hotich.audit.services import archiving
from hotich.database.roles import as_owner
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["anchors"]

OLD = datetime(2019, 3, 1, tzinfo=UTC)
BEFORE = date(2020, 1, 1)


def archive(office: int = 7, before: date = BEFORE, years: int | None = 5) -> Archive:
    return services.archive_chain(actor=SYSTEM, at=AT, office_id=office, before=before, years_online=years)


@pytest.fixture
def old_and_new(anchors: Path) -> Path:
    act(7, 4, at=OLD)
    act(8, 1)
    act(7, 3)
    services.take_anchor(at=AT)
    return anchors


def test_by_default_nothing_is_archived(old_and_new: Path) -> None:
    with pytest.raises(RuleBroken) as refusal:
        archive(years=None)
    assert refusal.value.code == "audit_kept_for_ever"
    assert Entry.objects.count() == 8


@pytest.mark.parametrize(
    ("office", "before", "code"),
    [(7, date(2022, 1, 1), "audit_archive_too_young"), (8, BEFORE, "audit_nothing_to_archive")],
)
def test_what_is_too_young_stays(old_and_new: Path, office: int, before: date, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        archive(office, before)
    assert refusal.value.code == code
    assert Entry.objects.count() == 8


def test_the_chain_goes_on_from_the_cut_and_the_file_proves_what_went(old_and_new: Path) -> None:
    row = archive()
    assert (row.first_sequence, row.sequence) == (1, 4)
    assert sorted(Entry.objects.filter(chain_office_id=7).values_list("sequence", flat=True)) == [5, 6, 7]
    with office_scope([7, 8]):
        assert Detail.objects.count() == 4
    assert codes() == []
    act(7, 2)
    services.take_anchor(at=AT)
    assert codes() == []
    assert verify(archive_folder() / row.file_name, *with_anchors(old_and_new)) == (0, [])
    assert Entry.objects.filter(verb="audit.archived").count() == 1


def test_an_archived_part_is_followed_by_the_next(old_and_new: Path) -> None:
    archive()
    act(7, 1)
    with pytest.raises(RuleBroken) as refusal:
        archive()
    assert refusal.value.code == "audit_nothing_to_archive"


def test_the_export_after_an_archive_begins_at_the_cut(old_and_new: Path, tmp_path: Path) -> None:
    archive()
    services.export_chains(path=tmp_path / "rest.jsonl", at=AT)
    assert verify(tmp_path / "rest.jsonl", *with_anchors(old_and_new)) == (0, [])


def test_before_and_after_go_into_a_sealed_file(old_and_new: Path) -> None:
    row = archive()
    sealed = archive_folder() / row.file_name.replace("jsonl", "details")
    opened = [json.loads(line) for line in services.open_archived_details(sealed)]
    assert [item["sequence"] for item in opened] == [1, 2, 3, 4]
    assert opened[0]["detail"][1] == {"child_full_name": "Lò Thị A"}
    assert "Lò Thị" not in (archive_folder() / row.file_name).read_text("latin-1")


def test_a_cut_that_nobody_signed_is_found(old_and_new: Path) -> None:
    tamper(
        "insert into audit_archive (office_id, first_sequence, sequence, hash, file_name, sha256, anchor_number, at, "
        "actor_login) select 7, 1, 2, hash, '', '', 1, now(), 'x' from audit_entry where chain_office_id = 7 "
        "and sequence = 2",
        "delete from audit_entry where chain_office_id = 7 and sequence <= 2",
    )
    assert codes() == [("audit_archive_unsigned", 7, 2, 0)]


def test_a_chain_that_is_not_whole_is_not_archived(old_and_new: Path) -> None:
    rewrite_chain(7, from_sequence=2)
    with pytest.raises(RuleBroken) as refusal:
        archive()
    assert refusal.value.code == "audit_archive_faulty"


def test_a_removal_that_did_not_come_about_is_taken_up_again(
    old_and_new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_going: object) -> None:
        raise OSError("the machine stops")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="stops"):
        patched.setattr(archiving, "_remove", broken)
        archive()
    assert Entry.objects.count() == 8
    assert codes() == []
    archive()
    assert Entry.objects.filter(chain_office_id=7).count() == 3
    assert codes() == []


@pytest.mark.parametrize("table", ["audit_entry", "audit_detail"])
def test_nobody_deletes_what_is_not_archived_and_the_serving_role_nothing_at_all(old_and_new: Path, table: str) -> None:
    with as_owner(), office_scope([7, 8]), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(f"delete from {table}")
    archive()
    with office_scope([7, 8]), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(f"delete from {table}")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(
                "insert into audit_archive (office_id, first_sequence, sequence, hash, file_name, sha256, anchor_number, "
                "at, actor_login) values (7, 1, 99, '', '', '', 1, now(), '')"
            )
