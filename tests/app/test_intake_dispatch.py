"""The queue to the Ministry: sent in files, answered row by row, sent again after a refusal."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
import xlsxwriter

from hotich.files.queries import read_file
from hotich.intake.models import Dispatch
from hotich.intake.queries.batches import dispatch_counts, dispatch_rows
from hotich.intake.services import (
    answer_dispatch,
    approve_batch,
    make_dispatch_file,
    record_response,
    retry_dispatch,
)
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.intake_parts import AT, an_office, approver, bring_in, good_cells, keyer, rows_of, workbook
from tests.app.test_intake_round_trip import read_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    """An office with three approved births."""
    found = an_office()
    in_scope(found)
    batch = bring_in(found, workbook(rows_of("KS", 3)))["batch"]
    approve_batch(actor=approver(found), at=AT, batch_id=UUID(batch))
    return found


def _send(office: Office, letters: str = "KS") -> Any:
    return make_dispatch_file(actor=keyer(office), at=AT, office_id=office.id, register_type=letters)


def _answer(*lines: tuple[str, ...], header: tuple[str, ...] = ("so", "quyenSo", "trangThai", "lyDo")) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("Kết quả")
        for number, line in enumerate([header, *lines]):
            page.write_row(number, 0, line)
    return target.getvalue()


def _take(office: Office, content: bytes) -> Any:
    return record_response(actor=keyer(office), at=AT, office_id=office.id, register_type="KS", content=content)


def test_what_was_approved_is_queued_and_sent_once(office: Office) -> None:
    assert dispatch_counts([office.id])["queued"] == 3
    stored = _send(office)
    heading, rows = read_back(read_file(stored))
    assert len(heading) == 70
    assert [row["so"] for row in rows] == ["1/2016", "2/2016", "3/2016"]
    sent = list(dispatch_rows([office.id], state="sent").order_by("row_number"))
    assert [(row.row_number, row.file_id, row.attempts) for row in sent] == [(row, stored.id, 1) for row in (2, 3, 4)]
    with pytest.raises(RuleBroken, match="dispatch_nothing_queued"):
        _send(office)


def test_the_ministry_answers_row_by_row(office: Office) -> None:
    _send(office)
    lines = _answer(("1/2016", "1/2016", "Đã tiếp nhận", ""), ("2/2016", "01/2016", "Từ chối", "Sai quốc tịch"))
    assert (_take(office, lines).acknowledged, _take(office, lines).rejected) == (1, 1)
    assert dispatch_counts([office.id]) == {"queued": 0, "sent": 1, "rejected": 1, "acknowledged": 1, "cancelled": 0}
    assert dispatch_rows([office.id], state="rejected").get().reason == "Sai quốc tịch"


def test_a_rejected_row_is_sent_again(office: Office) -> None:
    _send(office)
    row = Dispatch.objects.order_by("row_number")[0]
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        retry_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id)
    with pytest.raises(RuleBroken, match="dispatch_reason_missing"):
        answer_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id, accepted=False)
    answer_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id, accepted=False, reason="Thiếu trang")
    assert retry_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id).state == "queued"
    assert [entry["so"] for entry in read_back(read_file(_send(office)))[1]] == ["1/2016"]
    assert Dispatch.objects.get(id=row.id).attempts == 2
    done = answer_dispatch(actor=keyer(office), at=AT, dispatch_id=row.id, accepted=True, receipt="BTP-1")
    assert (done.state, done.receipt, done.reason) == ("acknowledged", "BTP-1", "")


def test_an_answer_that_does_not_fit_changes_nothing(office: Office) -> None:
    good = ("1/2016", "01/2016", "Đã tiếp nhận", "")
    with pytest.raises(RuleBroken, match="response_row_unknown"):
        _take(office, _answer(good))  # nothing was sent yet
    _send(office)
    for lines, code in [
        ((good, ("9/2016", "01/2016", "Đã tiếp nhận", "")), "response_row_unknown"),
        ((good, ("2/2016", "01/2016", "có lẽ", "")), "response_state_unknown"),
        ((good, ("2/2016", "01/2016", "Từ chối", "")), "dispatch_reason_missing"),
    ]:
        with pytest.raises(RuleBroken, match=code):
            _take(office, _answer(*lines))
    with pytest.raises(RuleBroken, match="response_columns_missing"):
        _take(office, _answer(header=("so", "quyenSo")))
    assert dispatch_counts([office.id])["sent"] == 3


def test_a_change_case_of_two_rows_is_sent_as_two_rows(office: Office) -> None:
    second = good_cells("TD", 4, changed_field="Quê quán", old_value="a", new_value="b")
    rows = [good_cells("TD", 4), second, good_cells("TD", 5)]
    batch = bring_in(office, workbook(rows, "TD"))["batch"]
    approve_batch(actor=approver(office), at=AT, batch_id=UUID(batch))
    stored = _send(office, "TD")
    assert len(read_back(read_file(stored))[1]) == 3
    assert sorted(Dispatch.objects.filter(file_id=stored.id).values_list("row_number", flat=True)) == [2, 4]


def test_only_officers_with_the_right_send(office: Office) -> None:
    with pytest.raises(RuleBroken, match="not_allowed"):
        make_dispatch_file(actor=approver(office), at=AT, office_id=office.id, register_type="KS")
    with pytest.raises(RuleBroken, match="dispatch_unknown"):
        retry_dispatch(actor=keyer(office), at=AT, dispatch_id=uuid4())
