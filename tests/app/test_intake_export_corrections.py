"""Whoever took a book away before a record in it was put right is found, told by event, and named until told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from intake_parts import AT, an_office, approver, bring_in, good_cells, keyer, workbook

from hotich.audit.models import Entry, Event
from hotich.database.launcher import connect_as_superuser
from hotich.database.scope import office_scope
from hotich.intake.models import Batch, ExportCorrection, ExportDownload, ExportRequest
from hotich.intake.queries.recipients import everybody_who_received
from hotich.intake.services import (
    approve_batch,
    build_export,
    decide_export,
    download_export,
    note_exports_told,
    note_wrong_exports,
    refresh_dispatch,
    request_export,
)
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.records.models import Record
from hotich.records.services import decide_repair, propose_repair
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture
def book() -> Office:
    office = an_office()
    bring_in(office, workbook([good_cells("KS", 1), good_cells("KS", 2)]))
    with office_scope([office.id]):
        approve_batch(actor=approver(office), at=AT, batch_id=Batch.objects.get().id)
    return office


def asker(office: Office, officer: int = 31) -> Actor:
    return replace(keyer(office, officer), rights=frozenset({"record.read", "restricted.read", "export.request"}))


def allowed(office: Office, officer: int = 31) -> ExportRequest:
    request = request_export(actor=asker(office, officer), at=AT, office_id=office.id, register_type="KS",
                             books=["01/2016"], reason="Bàn giao dữ liệu cho Sở Tư pháp theo kế hoạch")  # fmt: skip
    leader = replace(keyer(office, 41), rights=frozenset({"record.read", "export.approve"}))
    return decide_export(actor=leader, at=AT, request_id=request.id, approve=True)


def taken(office: Office, at: Any = AT, officer: int = 31) -> ExportRequest:
    request = allowed(office, officer)
    download_export(actor=asker(office, officer), at=at, request_id=request.id)
    return request


def repaired(office: Office, at: Any = LATER) -> Record:
    """The first record, put right."""
    rights = frozenset({"record.read", "record.repair", "record.approve_repair", "restricted.read"})
    with office_scope([office.id]):
        record = Record.objects.get(number=1)
        repair = propose_repair(actor=replace(keyer(office, 51), rights=rights), at=AT, record_id=record.id,
                                version=record.version, values={"child_native_place": "Xã khác"}, reason="Gõ")  # fmt: skip
        decide_repair(actor=replace(keyer(office, 52), rights=rights), at=at, repair_id=repair.id, approve=True)
        return Record.objects.select_related("book").get(id=record.id)


def told(office: Office, record: Record) -> list[tuple[int | None, bool]]:
    with office_scope([office.id]):
        found = everybody_who_received(record)
    return [(each.officer_id, each.told_at is not None) for each in found if each.way == "export"]


def test_who_took_the_book_before_the_repair_received_the_wrong_value_and_who_came_later_did_not(book: Office) -> None:
    taken(book)
    taken(book, at=LATER + timedelta(minutes=5), officer=32)
    assert told(book, repaired(book)) == [(31, False)]


def test_before_a_change_the_preview_names_them_too(book: Office) -> None:
    taken(book)
    with office_scope([book.id]):
        record = Record.objects.select_related("book").get(number=2)
        found = everybody_who_received(record, changing=LATER)
    assert [(each.way, each.officer_id) for each in found] == [("export", 31)]


def test_a_file_built_before_the_repair_is_wrong_however_late_it_is_taken(book: Office) -> None:
    request = allowed(book)
    build_export(actor=asker(book), at=AT, request_id=request.id)
    record = repaired(book)
    download_export(actor=asker(book), at=LATER + timedelta(minutes=5), request_id=request.id)
    assert told(book, record) == [(31, False)]


def test_a_later_file_of_the_same_officer_tells_what_is_right(book: Office) -> None:
    request = taken(book)
    record = repaired(book)
    download_export(actor=asker(book), at=LATER + timedelta(minutes=5), request_id=request.id)
    assert told(book, record) == [(31, True)]


def test_the_event_of_the_repair_tells_each_of_them_once(book: Office) -> None:
    request, record = taken(book), repaired(book)
    for _again in range(2):
        note_wrong_exports(at=LATER, office_id=book.id, record_ids=[record.id])
    with office_scope([book.id]):
        row = ExportCorrection.objects.get()
    assert (row.record_id, row.changed_at, row.told_at) == (record.id, LATER, None)
    assert Event.objects.filter(kind="export.outdated", subject_id=str(request.id)).count() == 1
    assert Entry.objects.filter(verb="export.outdated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_reader_of_the_event_log_does_it(book: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(book)
    repaired(book)
    refresh_dispatch(at=LATER)
    with office_scope([book.id]):
        assert ExportCorrection.objects.count() == 1


def test_told_is_noted_by_whoever_took_the_file_and_by_nobody_else(book: Office) -> None:
    taken(book)
    record = repaired(book)
    note_wrong_exports(at=LATER, office_id=book.id, record_ids=[record.id])
    with office_scope([book.id]):
        row = ExportCorrection.objects.get()
    given: dict[str, Any] = {"at": LATER + timedelta(days=1), "correction_ids": [row.id], "how": "Công văn 12/UBND"}
    for actor, more, code in (
        (asker(book, 32), {}, "export_unknown"),
        (keyer(book, 33), {}, "not_allowed"),
        (asker(book), {"how": " "}, "reason_missing"),
        (asker(book), {"correction_ids": []}, "corrections_missing"),
    ):
        with pytest.raises(RuleBroken) as refused:
            note_exports_told(actor=actor, **given | more)
        assert refused.value.code == code
    assert told(book, record) == [(31, False)]
    assert note_exports_told(actor=asker(book), **given) == 1
    assert note_exports_told(actor=asker(book), **given) == 0
    assert told(book, record) == [(31, True)]


def test_the_page_lists_what_is_to_be_told_and_takes_the_answer(book: Office) -> None:
    officer = make_officer("can.bo.xuat", office=book, role="commune_leader")
    taken(book)
    record = repaired(book)
    note_wrong_exports(at=LATER, office_id=book.id, record_ids=[record.id])
    client = Client()
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    url = reverse("intake:export_corrections")
    page = client.get(url).content.decode()
    with office_scope([book.id]):
        row = ExportCorrection.objects.get()
    assert str(row.id) in page and "1/2016" in page
    client.post(url, {"chosen": [str(row.id)], "how": "Điện thoại"})
    page = client.get(url).content.decode()
    assert "Không còn gì phải báo lại" in page and "Điện thoại" in page


def test_raw_sql_changes_neither_what_was_taken_nor_what_it_was(book: Office) -> None:
    taken(book)
    note_wrong_exports(at=LATER, office_id=book.id, record_ids=[repaired(book).id])
    for sql in ("update export_download set built_at = now()", "delete from export_download",
                "update export_correction set changed_at = now()", "delete from export_correction"):  # fmt: skip
        with office_scope([book.id]), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with office_scope([book.id + 1]):
        assert not ExportDownload.objects.exists() and not ExportCorrection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_before_the_upgrade_is_read_from_the_trail(book: Office) -> None:
    request = taken(book)
    with office_scope([book.id]):
        (made,) = ExportDownload.objects.values_list("request_id", "officer_id", "at", "built_at", "origin_office_id")
    assert made[0] == request.id
    with connect_as_superuser(str(connection.settings_dict["NAME"])) as owner:
        owner.execute("truncate export_download cascade")
        owner.execute("set role hotich_owner")
        with owner.transaction():
            owner.execute("alter table export_download no force row level security")  # as it is before `protect`
            migration = import_module("hotich.intake.migrations.0007_export_downloads")
            migration.fill(None, SimpleNamespace(connection=owner))
            owner.execute("alter table export_download force row level security")
        assert owner.execute("select count(*) from export_request").fetchone() == (0,)  # bound again
    with office_scope([book.id]):
        assert list(
            ExportDownload.objects.values_list("request_id", "officer_id", "at", "built_at", "origin_office_id")
        ) == [made]
