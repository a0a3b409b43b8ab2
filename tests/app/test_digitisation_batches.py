"""Batches of scans: opened, filled, ordered, finished, withdrawn; by whom and within which offices."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.database.scope import office_scope
from hotich.digitisation import services
from hotich.digitisation.models import PageLayout, ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries import layouts_for, pages_of, progress, progress_of, scan_batch, scan_batches
from hotich.digitisation.queries.settings import SHARES, WHOLE, scan_settings
from hotich.files.services import NewFile
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.parameters import DEFINITIONS
from hotich.scans.settings import ScanSettings
from hotich.units.models import Office
from tests.app.digitisation_parts import a_batch, a_book, a_picture, cut, pages_with, pictures, prepared, preparer, rows
from tests.app.intake_parts import AT, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


def other_office(office: Office) -> Office:
    found = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=office.id).order_by("id").first()
    assert found is not None
    return found


def receive(office: Office, batch: ScanBatch, *files: NewFile) -> services.Received:
    return services.receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=files)


def names(batch: ScanBatch) -> list[str]:
    return [page.master.name for page in pages_of(batch)]


def test_the_same_form_sent_twice_opens_one_batch(office: Office) -> None:
    key, book = uuid4(), a_book(office)
    who = preparer(office)
    first = services.open_scan_batch(actor=who, at=AT, book_id=book.id, request_key=key, notes=" quyển ẩm ")
    again = services.open_scan_batch(actor=who, at=AT, book_id=book.id, request_key=key)
    assert (first.id, first.notes, first.registration_year) == (again.id, "quyển ẩm", 2016)
    assert Entry.objects.filter(verb="scan_batch.opened").count() == 1
    with pytest.raises(RuleBroken, match="request_key_used"):
        services.open_scan_batch(actor=who, at=AT, book_id=a_book(office, number="02").id, request_key=key)


def test_pages_stand_in_the_order_of_their_names_also_when_more_come(office: Office) -> None:
    batch = a_batch(office)
    receive(office, batch, *pictures("trang 10.png", "trang 2.png"))
    receive(office, batch, *pictures("trang 9.png"))
    assert names(batch) == ["trang 2.png", "trang 9.png", "trang 10.png"]
    assert [page.position for page in pages_of(batch)] == [1, 2, 3]


def test_the_same_file_again_adds_nothing_whatever_its_name(office: Office) -> None:
    batch = a_batch(office)
    file = pictures("a.png")[0]
    assert len(receive(office, batch, file).added) == 1
    again = receive(office, batch, file, NewFile("b.png", file.content, "image/png"))
    assert (again.added, again.known) == ([], ["a.png", "b.png"])
    twice = receive(office, batch, NewFile("c.png", a_picture(9), ""), NewFile("d.png", a_picture(9), ""))
    assert ([page.master.name for page in twice.added], twice.known) == (["c.png"], ["d.png"])
    assert Entry.objects.filter(verb="scan_batch.received").count() == 2


def test_files_that_are_no_pages_are_told_and_harm_no_other(office: Office, tmp_path: Path) -> None:
    batch = a_batch(office)
    path = tmp_path / "good.png"
    path.write_bytes(a_picture(3))
    done = receive(
        office, batch, NewFile("good.png", path, ""), NewFile("empty.jpg", b"", ""), NewFile("notes.txt", b"abc", ""),
        NewFile("gone.png", tmp_path / "gone.png", ""),
    )  # fmt: skip
    assert [page.master.name for page in done.added] == ["good.png"]
    assert done.added[0].master.media_type == "image/png"
    told = [(name, refusal.code) for name, refusal in done.refused]
    assert told == [("empty.jpg", "file_empty"), ("notes.txt", "not_an_image"), ("gone.png", "file_unreadable")]


def test_pages_are_moved_by_hand_and_put_back(office: Office) -> None:
    batch = a_batch(office)
    receive(office, batch, *pictures("1.png", "2.png", "3.png"))
    first, _, third = pages_of(batch)
    who = preparer(office)
    services.move_page(actor=who, at=AT, page_id=third.id, before_id=first.id, version=third.version)
    assert names(batch) == ["3.png", "1.png", "2.png"]
    receive(office, batch, *pictures("0.png"))  # what comes later goes to the end now
    assert names(batch) == ["3.png", "1.png", "2.png", "0.png"]
    services.move_page(actor=who, at=AT, page_id=first.id, before_id=None, version=first.version)
    assert names(batch) == ["3.png", "2.png", "0.png", "1.png"]
    version = ScanBatch.objects.get().version
    services.order_by_name(actor=who, at=AT, batch_id=batch.id, version=version)
    assert names(batch) == ["0.png", "1.png", "2.png", "3.png"]
    with pytest.raises(RuleBroken, match="scan_batch_changed_meanwhile"):
        services.order_by_name(actor=who, at=AT, batch_id=batch.id, version=version)


def test_a_batch_is_finished_only_when_nothing_is_open(office: Office) -> None:
    batch, who = a_batch(office), preparer(office)
    pages_with(office, batch, 1)
    cut(office, batch)
    with pytest.raises(RuleBroken, match="scan_batch_has_open_work") as refusal:
        services.finish_scan_batch(actor=who, at=AT, batch_id=batch.id)
    assert refusal.value.params == {"pages": 0, "cases": 1}
    case = ScannedCase.objects.get()
    services.set_case_aside(actor=who, at=AT, case_id=case.id, version=case.version)
    assert services.finish_scan_batch(actor=who, at=AT, batch_id=batch.id).state == "finished"
    services.finish_scan_batch(actor=who, at=AT, batch_id=batch.id)
    with pytest.raises(RuleBroken, match="scan_batch_not_open"):
        receive(office, batch, *pictures("x.png"))
    assert services.reopen_scan_batch(actor=who, at=AT, batch_id=batch.id).state == "open"
    assert Entry.objects.filter(verb="scan_batch.finished").count() == 1
    assert faults_of_chain(office.id) == []


def test_a_withdrawn_batch_takes_nothing_more_and_does_not_open_again(office: Office) -> None:
    batch, who = a_batch(office), preparer(office)
    services.withdraw_scan_batch(actor=who, at=AT, batch_id=batch.id)
    services.withdraw_scan_batch(actor=who, at=AT, batch_id=batch.id)
    for act in (services.reopen_scan_batch, services.finish_scan_batch):
        with pytest.raises(RuleBroken, match="scan_batch_not_open"):
            act(actor=who, at=AT, batch_id=batch.id)
    assert services.prepare_next_pages(actor=who, at=AT, batch_id=batch.id) is False
    assert Entry.objects.filter(verb="scan_batch.withdrawn").count() == 1


def test_every_act_needs_the_right_to_prepare(office: Office) -> None:
    batch = a_batch(office)
    page = receive(office, batch, *pictures("1.png")).added[0]
    nobody = preparer(office, rights=frozenset({"scan.review", "case.read", "record.read"}))
    system = Actor("system", office.id, None, frozenset({office.id}), frozenset({"scan.prepare"}))
    page_act = {"page_id": page.id, "version": page.version}
    acts: list[tuple[Any, dict[str, Any]]] = [
        (services.open_scan_batch, {"book_id": batch.book_id, "request_key": uuid4()}),
        (services.receive_page_files, {"batch_id": batch.id, "files": []}),
        (services.finish_scan_batch, {"batch_id": batch.id}),
        (services.withdraw_scan_batch, {"batch_id": batch.id}),
        (services.turn_page, {**page_act, "by": 90}),
        (services.set_corners, {**page_act, "corners": None}),
        (services.confirm_boxes, page_act),
        (services.set_page_aside, page_act),
        (services.take_page_back, page_act),
        (services.replace_page, {**page_act, "file": pictures("2.png")[0]}),
        (services.make_cases, {"batch_id": batch.id}),
        (services.prepare_next_pages, {"batch_id": batch.id}),
        (services.choose_layout, {"batch_id": batch.id, "layout_id": None}),
    ]
    for who in (nobody, system):
        for act, arguments in acts:
            with pytest.raises(RuleBroken, match="not_allowed"):
                act(actor=who, at=AT, **arguments)


def test_another_office_neither_sees_nor_changes_anything(office: Office) -> None:
    batch = a_batch(office)
    page = pages_with(office, batch, 1)[0]
    cut(office, batch)
    elsewhere = preparer(other_office(office))
    with office_scope(elsewhere.office_ids):
        assert [m.objects.count() for m in (ScanBatch, ScanPage, ScannedCase, PageLayout)] == [0, 0, 0, 0]
        assert list(scan_batches(elsewhere)) == []
        with pytest.raises(RuleBroken, match="scan_batch_unknown"):
            scan_batch(batch.id, elsewhere)
    with pytest.raises(RuleBroken, match="scan_page_unknown"):
        services.set_page_aside(actor=elsewhere, at=AT, page_id=page.id, version=page.version)
    with pytest.raises(RuleBroken, match="scan_page_unknown"):
        services.open_page(actor=elsewhere, at=AT, page_id=page.id)
    with pytest.raises(RuleBroken, match="scan_batch_unknown"):
        services.receive_page_files(actor=elsewhere, at=AT, batch_id=batch.id, files=pictures("9.png"))


def test_a_row_of_another_office_cannot_be_written_past_the_services(office: Office) -> None:
    batch = a_batch(office)
    from django.db import ProgrammingError, transaction

    with office_scope([other_office(office).id]), connection.cursor() as cursor:
        cursor.execute("update scan_batch set notes = 'x' where id = %s", [batch.id])
        assert cursor.rowcount == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ScanBatch.objects.filter(id=batch.id).update(origin_office_id=other_office(office).id)


def test_how_far_batches_are_is_counted(office: Office) -> None:
    batch, empty = a_batch(office), a_batch(office)
    pages_with(office, batch, 2)
    extra = receive(office, batch, *pictures("x.png", "y.png")).added
    prepared(ScanPage.objects.get(id=extra[0].id), rows(1), boxes_by="layout", layout_fit=0.97)
    cut(office, batch)
    far = progress(batch)
    assert (far.pages, far.cases) == ({"confirmed": 1, "prepared": 1, "received": 1}, {"pending": 2})
    assert (far.confirmable, far.without_number, far.linked, far.is_working) == (1, 2, 0, True)
    assert progress_of([batch, empty])[empty.id].is_working is False


def test_layouts_are_kept_for_books_of_their_register_until_they_retire(office: Office) -> None:
    who, batch = preparer(office), a_batch(office)
    common = {"actor": who, "at": AT, "office_id": office.id, "drawing": {"rows": [0.1]}, "cases_on_page": 2}
    made = services.save_layout(**common, name="Hai hồ sơ", register_type="KS", era="L2014")
    other = services.save_layout(**common, name="Kết hôn", register_type="KH")
    assert layouts_for(batch.book, who) == [made]
    assert services.choose_layout(actor=who, at=AT, batch_id=batch.id, layout_id=made.id).layout == made
    with pytest.raises(RuleBroken, match="layout_of_other_register"):
        services.choose_layout(actor=who, at=AT, batch_id=batch.id, layout_id=other.id)
    services.retire_layout(actor=who, at=AT, layout_id=made.id)
    assert layouts_for(batch.book, who) == []
    assert ScanBatch.objects.get().layout == made
    for changes, code in [
        ({"name": " "}, "layout_name_missing"),
        ({"register_type": "XX"}, "register_unknown"),
        ({"drawing": {}}, "layout_empty"),
        ({"office_id": other_office(office).id}, "office_not_in_scope"),
    ]:
        with pytest.raises(RuleBroken, match=code):
            services.save_layout(**{**common, "name": "x", "register_type": "KS", **changes})


def test_a_layout_chosen_later_boxes_pages_again_that_no_officer_has_touched(office: Office) -> None:
    batch, who = a_batch(office), preparer(office)
    receive(office, batch, *pictures("1.png", "2.png", "3.png"))
    for page, by in zip(pages_of(batch), ("grid", "officer", "grid"), strict=True):
        prepared(page, rows(1), boxes_by=by)
    last = pages_of(batch)[2]
    services.confirm_boxes(actor=who, at=AT, page_id=last.id, version=last.version)
    services.choose_layout(actor=who, at=AT, batch_id=batch.id, layout_id=None)
    assert [page.state for page in pages_of(batch)] == ["received", "prepared", "confirmed"]
    assert pages_of(batch)[0].flat is not None  # only its boxes are found again


def test_the_thresholds_of_the_pipeline_are_those_of_the_configuration() -> None:
    shipped, found = ScanSettings(), scan_settings(AT.date())
    assert found == shipped
    assert {*WHOLE.values(), *SHARES.values()} == {code for code in DEFINITIONS if code.startswith("scan_")}
