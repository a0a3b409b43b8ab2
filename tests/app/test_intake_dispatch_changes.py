"""Records that change after they were sent are told again; those annulled before it are never sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from hotich.audit.models import Entry, EventCursor
from hotich.audit.queries import faults_of_chain, next_events
from hotich.database.scope import office_scope
from hotich.files.queries import read_file
from hotich.intake.models import Dispatch
from hotich.intake.queries.batches import dispatch_counts
from hotich.intake.services import answer_dispatch, approve_batch, make_dispatch_file, refresh_dispatch, retry_dispatch
from hotich.intake.services import dispatch_changes as changes
from hotich.intake.tasks import refresh_dispatch_job
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.persons.services import annotate_record, annul_record, decide_repair, supersede_record
from hotich.records.models import Record
from hotich.records.services import AnnotationDraft, propose_repair
from hotich.units.models import Office
from tests.app.intake_parts import APPROVES, AT, IMPORTS, approver, bring_in, keyer, rows_of, workbook
from tests.app.records_support import ruling
from tests.app.test_intake_dispatch import _answer, _take
from tests.app.test_intake_round_trip import read_back

pytestmark = pytest.mark.django_db
MORE = frozenset({"record.repair", "record.approve_repair", "record.annul", "record.annotate"})
QUEUED = {"queued": 0, "sent": 0, "rejected": 0, "acknowledged": 0, "cancelled": 0}


def two_offices() -> list[Office]:
    return list(Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("id")[:2])


def boss(office: Office, officer_id: int) -> Actor:
    """Somebody who may do anything with records."""
    return Actor("x", office.id, officer_id, frozenset({office.id}), IMPORTS | APPROVES | MORE)


@pytest.fixture
def office(in_scope: Any) -> Office:
    """An office with two approved births."""
    found = two_offices()[0]
    in_scope(found)
    _births(found)
    return found


def _births(office: Office) -> None:
    batch = bring_in(office, workbook(rows_of("KS", 2)))["batch"]
    approve_batch(actor=approver(office), at=AT, batch_id=UUID(batch))


def _send(office: Office) -> list[dict[str, str]]:
    stored = make_dispatch_file(actor=keyer(office), at=AT, office_id=office.id, register_type="KS")
    return read_back(read_file(stored))[1]


def _record(office: Office, number: int = 1) -> Record:
    return Record.objects.get(number=number, origin_office=office)


def _repair(office: Office, number: int = 1, name: str = "Nguyễn Minh Hà") -> None:
    record = _record(office, number)
    values = {"child_full_name": name}
    proposed = propose_repair(
        actor=boss(office, 11), at=AT, record_id=record.id, version=record.version, values=values, reason="gõ nhầm"
    )
    decide_repair(actor=boss(office, 22), at=AT, repair_id=proposed.id, approve=True)


def _annotate(office: Office, number: int = 1, **values: Any) -> None:
    draft = AnnotationDraft(**{
        "kind": "correction", "field": "child_full_name", "new_value": "Nguyễn Minh Hà", "basis_number": "5/QĐ",
        "basis_authority": "UBND", "text": "Cải chính họ tên", **values,
    })  # fmt: skip
    annotate_record(actor=boss(office, 11), at=AT, record_id=_record(office, number).id, drafts=[draft])


def _annul(office: Office, number: int = 1) -> None:
    annul_record(
        actor=boss(office, 22), at=AT, record_id=_record(office, number).id, decision=ruling("Quyết định 9/QĐ-UBND")
    )


def _counts(office: Office) -> dict[str, int]:
    return dispatch_counts([office.id])


def test_a_repaired_record_is_sent_again_with_the_right_value(office: Office) -> None:
    assert [row["nksHoTen"] for row in _send(office)] == ["Nguyễn Minh Hải"] * 2
    _repair(office)
    assert refresh_dispatch(at=AT) == 1
    assert _counts(office) == QUEUED | {"queued": 1, "sent": 2}
    queued = Dispatch.objects.get(state="queued")
    assert (queued.record_id, queued.record_version) == (_record(office).id, 2)
    assert [row["nksHoTen"] for row in _send(office)] == ["Nguyễn Minh Hà"]
    assert faults_of_chain(office.id) == []
    note = Entry.objects.get(verb="dispatch.queued")
    assert (note.actor_login, note.chain_office_id) == ("system", office.id)


def test_reading_the_log_again_queues_nothing_twice(office: Office) -> None:
    _send(office)
    _repair(office)
    assert [refresh_dispatch(at=AT) for _ in range(2)] == [1, 0]
    EventCursor.objects.update(position=0)  # the place was lost: all is read anew
    assert refresh_dispatch(at=AT) == 0
    _send(office)
    EventCursor.objects.update(position=0)
    assert refresh_dispatch(at=AT) == 0
    assert next_events(changes.CONSUMER) == []


def test_a_record_that_still_waits_goes_once_as_it_is_by_then(office: Office) -> None:
    _repair(office)
    assert refresh_dispatch(at=AT) == 0
    assert [row["nksHoTen"] for row in _send(office)] == ["Nguyễn Minh Hà", "Nguyễn Minh Hải"]
    assert refresh_dispatch(at=AT) == 0
    assert _counts(office)["queued"] == 0


def test_a_note_is_told_in_the_remarks(office: Office) -> None:
    _send(office)
    _annotate(office)
    _annotate(office, number=2, kind="other", field="", new_value=None, text="Đã cấp bản sao")
    assert refresh_dispatch(at=AT) == 2
    assert [(row["nksHoTen"], row["ghiChu"]) for row in _send(office)] == [
        ("Nguyễn Minh Hà", "Cải chính họ tên"),
        ("Nguyễn Minh Hải", "Đã cấp bản sao"),
    ]


def test_a_record_annulled_before_it_was_sent_is_never_sent(office: Office) -> None:
    _annul(office)
    assert refresh_dispatch(at=AT) == 0
    assert _counts(office) == QUEUED | {"queued": 1, "cancelled": 1}
    assert [row["so"] for row in _send(office)] == ["2/2016"]
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        retry_dispatch(actor=keyer(office), at=AT, dispatch_id=Dispatch.objects.get(state="cancelled").id)


def test_sending_looks_at_annulled_records_itself(office: Office) -> None:
    _annul(office)
    _annul(office, 2)
    with pytest.raises(RuleBroken, match="dispatch_nothing_queued"):
        _send(office)
    assert _counts(office) == QUEUED | {"cancelled": 2}
    assert refresh_dispatch(at=AT) == 0


def test_a_record_annulled_after_it_was_sent_is_told_with_that_in_its_remarks(office: Office) -> None:
    _send(office)
    _annul(office)
    assert refresh_dispatch(at=AT) == 1
    assert [(row["so"], row["ghiChu"]) for row in _send(office)] == [("1/2016", "Bản ghi đã bị hủy giá trị")]


def test_a_superseded_record_is_told_as_well(office: Office) -> None:
    _send(office)
    old, new = _record(office), _record(office, 2)
    Record.objects.filter(id=new.id).update(as_recorded={**new.as_recorded, "registration_type": "2"})  # đăng ký lại
    supersede_record(actor=boss(office, 22), at=AT, record_id=old.id, by_record_id=new.id)
    assert refresh_dispatch(at=AT) >= 1
    told = {row["so"]: row.get("ghiChu", "") for row in _send(office)}
    assert told["1/2016"] == "Bản ghi đã được thay thế bằng đăng ký lại"


def test_a_rejected_row_waits_again_once_its_record_is_repaired(office: Office) -> None:
    _send(office)
    row = Dispatch.objects.get(record=_record(office))
    answer_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id, accepted=False, reason="Sai họ tên")
    assert refresh_dispatch(at=AT) == 0  # nothing has been repaired yet
    _repair(office)
    assert refresh_dispatch(at=AT) == 1
    row.refresh_from_db()
    assert row.state == "queued"
    assert Dispatch.objects.filter(record_id=row.record_id).count() == 1


def test_a_rejected_row_of_an_annulled_record_is_done_with(office: Office) -> None:
    _send(office)
    row = Dispatch.objects.get(record=_record(office))
    answer_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id, accepted=False, reason="Sai")
    _annul(office)
    with pytest.raises(RuleBroken, match="dispatch_record_annulled"):
        retry_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id)
    assert refresh_dispatch(at=AT) == 0
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_an_old_rejection_is_not_sent_beside_the_newer_row(office: Office) -> None:
    _send(office)
    old = Dispatch.objects.get(record=_record(office))
    _repair(office)
    assert refresh_dispatch(at=AT) == 1
    answer_dispatch(actor=keyer(office), at=AT, dispatch_id=old.id, accepted=False, reason="Sai")
    with pytest.raises(RuleBroken, match="dispatch_queued_already"):
        retry_dispatch(actor=keyer(office), at=AT, dispatch_id=old.id)


def test_a_record_sent_twice_is_answered_in_turn(office: Office) -> None:
    _send(office)
    _repair(office)
    refresh_dispatch(at=AT)
    _send(office)
    first, second = Dispatch.objects.filter(record=_record(office)).order_by("id")
    _take(office, _answer(("1/2016", "01/2016", "Từ chối", "Sai họ tên")))
    _take(office, _answer(("1/2016", "01/2016", "Đã tiếp nhận", "")))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("rejected", "acknowledged")


@pytest.mark.django_db(transaction=True)
def test_the_job_and_the_command_work_through_all_offices_one_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    places = two_offices()
    for each in places:
        with office_scope([each.id]):
            _births(each)
            _send(each)
            _repair(each)
    refresh_dispatch_job(timestamp=0)
    for each in places:
        with office_scope([each.id]):
            assert _counts(each) == QUEUED | {"queued": 1, "sent": 2}
            _send(each)
            _annotate(each, 2)
    call_command("dispatch", "refresh")
    assert capsys.readouterr().out.startswith("2 bản ghi")
    assert Dispatch.objects.count() == 0  # nothing is seen outside of an office


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_breaks_off_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    places = two_offices()
    for each in places:
        with office_scope([each.id]):
            _births(each)
            _send(each)
            _repair(each)
    whole = changes.queue_changed

    def breaks(*, office_id: int, **more: Any) -> int:
        if office_id == places[1].id:
            raise ConnectionError
        return whole(office_id=office_id, **more)

    monkeypatch.setattr(changes, "queue_changed", breaks)
    with pytest.raises(ConnectionError):
        refresh_dispatch(at=AT)
    monkeypatch.undo()
    assert refresh_dispatch(at=AT) == 1
    for each in places:
        with office_scope([each.id]):
            assert _counts(each)["queued"] == 1
