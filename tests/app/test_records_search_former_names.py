"""People are found by the names they had before a change, within one's offices, and only where that may be known."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from records_support import acting, enter, offices

from hotich.database.launcher import connect_as_superuser
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.records.models import AnnotationKind, FormerName, Record
from hotich.records.queries import Found, find_records, understand
from hotich.records.services import AnnotationDraft, annotate_record, withdraw_annotation
from hotich.records.services.access import lookup_secret

pytestmark = pytest.mark.django_db

TY = {"child_full_name": "Nguyễn Thị Tý", "child_birth_date": "05/03/1987", "mother_full_name": "Lê Thị Tư"}


def search(actor: Actor, text: str) -> Found:
    return find_records(actor, understand(text), secret=lookup_secret())


def reasons(found: Found) -> list[tuple[str, str]]:
    return [(each.code, each.former) for item in found.records for hit in item.hits for each in hit.reasons]


def rename(actor: Actor, record: Record, name: str, *, field: str = "child_full_name",
           kind: str = AnnotationKind.CHANGE) -> UUID:  # fmt: skip
    draft = AnnotationDraft(kind=kind, field=field, new_value=name, basis_number="12/QĐ-UBND",
                            basis_authority="UBND xã")  # fmt: skip
    return annotate_record(actor=actor, at=clock.now(), record_id=record.id, drafts=[draft])[0].id


@pytest.mark.parametrize(
    "text",
    ["Nguyễn Thị Tý 1987", "nguyen thi ty 05/03/1987", "nguyen thi tyx 1987", "nguyen ty 1987", "nguyen thi ty",
     "nguyen thi ty mẹ le thi tu"],
)  # fmt: skip
def test_the_name_of_the_book_finds_who_has_another_one_now(text: str) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", draw=False, **TY)
        rename(actor, record, "Nguyễn Thị Thảo")
        found = search(actor, text)
        assert [item.record.id for item in found.records] == [record.id]
        assert found.records[0].hits[0].candidate.full_name == "Nguyễn Thị Thảo"
        assert found.records[0].hits[0].reasons[0].former == "Nguyễn Thị Tý"


def test_every_name_in_between_answers_and_the_present_one_without_speaking_of_the_past() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", draw=False, **TY)
        rename(actor, record, "Nguyễn Thị Hoa")
        rename(actor, record, "Nguyễn Thị Thảo", kind=AnnotationKind.CORRECTION)
        assert reasons(search(actor, "nguyen thi hoa 1987"))[0] == ("found_name_same", "Nguyễn Thị Hoa")
        assert reasons(search(actor, "nguyen thi thao 1987"))[0] == ("found_name_same", "")


def test_a_mother_is_found_by_the_name_she_had() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", draw=False, **TY)
        rename(actor, record, "Lê Ngọc Tư", field="mother_full_name")
        assert ("found_relative", "Lê Thị Tư") in reasons(search(actor, "nguyen thi ty mẹ le thi tu"))
        assert ("found_relative", "") in reasons(search(actor, "nguyen thi ty mẹ le ngoc tu"))


def test_a_change_taken_back_leaves_no_former_name() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", draw=False, **TY)
        note = rename(actor, record, "Trần Thị Sai")
        withdraw_annotation(actor=actor, at=clock.now(), annotation_id=note, reason="Ghi nhầm")
        assert search(actor, "tran thi sai 1987").records == ()
        assert reasons(search(actor, "nguyen thi ty 1987"))[0] == ("found_name_same", "")
        assert not FormerName.objects.exists()


def test_the_name_before_an_adoption_finds_only_for_those_who_may_know_of_it() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", draw=False, **TY)
        rename(actor, record, "Phạm Thị Thảo", kind=AnnotationKind.ADOPTION)
        assert actor.may("restricted.read")
        plain = replace(actor, rights=actor.rights - {"restricted.read"})
        assert search(plain, "nguyen thi ty 05/03/1987").records == ()
        assert search(plain, "nguyen thi ty").records == ()
        assert [item.record.id for item in search(actor, "nguyen thi ty").records] == [record.id]


def test_another_office_finds_nothing_by_a_former_name() -> None:
    here, there = offices(2)
    with acting(here) as actor:
        rename(actor, enter(actor, here, "KS", draw=False, **TY), "Nguyễn Thị Thảo")
    with acting(there) as stranger:
        assert search(stranger, "nguyen thi ty 1987").records == ()
        assert not FormerName.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_names_changed_before_the_upgrade_are_filled_in_as_new_ones_are() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        record = enter(actor, office, "KS", draw=False, **TY)
        rename(actor, record, "Nguyễn Thị Hoa")
        rename(actor, record, "Phạm Thị Thảo", kind=AnnotationKind.ADOPTION)
        made = _rows()
    assert len(made) == 2 and all(row["restricted"] for row in made)
    with connect_as_superuser(str(connection.settings_dict["NAME"])) as owner:
        owner.execute("delete from former_name")
        owner.execute("set role hotich_owner")
        with owner.transaction():
            owner.execute("alter table former_name no force row level security")  # as it is before `protect`
            migration = import_module("hotich.records.migrations.0007_former_names")
            migration.fill(None, SimpleNamespace(connection=owner))
            owner.execute("alter table former_name force row level security")
        for table in ("participant", "annotation", "civil_status_record"):
            assert owner.execute(f"select count(*) from {table}").fetchone() == (0,)  # bound again
    with acting(office):
        assert _rows() == made


def _rows() -> list[dict[str, Any]]:
    return list(FormerName.objects.order_by("id").values())
