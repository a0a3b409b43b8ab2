"""Keying repair in the browser: seen before sent, decided with its consequences, told to whoever had the wrong value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import AT, actor_at, enter, offices

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.intake.models import Dispatch, DispatchState
from hotich.intake.queries.recipients import everybody_who_received
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.persons.services import decide_repair
from hotich.records.models import KeyingRepair, Record
from hotich.records.queries.repairs import check_repair, editions_of
from hotich.records.services import note_reading, note_told, propose_repair, withdraw_repair
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Trần Thị Dịu", "child_sex": "Nữ", "child_birth_date": "05/01/2001",
         "father_full_name": "Trần Văn Bách", "father_birth_date": "1970", "father_id_doc_type": "1",
         "father_id_doc_number": "210111222"}  # fmt: skip


@pytest.fixture
def office() -> Office:
    return offices(1)[0]


@pytest.fixture
def birth(office: Office) -> Iterator[Record]:
    actor = actor_at(office)
    with office_scope(actor.office_ids):
        yield enter(actor, office, "KS", year=2001, number=8, **CHILD)


def signed_in(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def proposal(record: Record, office: Office, **values: Any) -> KeyingRepair:
    return propose_repair(actor=actor_at(office, officer=71), at=AT, record_id=record.id, version=record.version,
                          values=values, reason="Gõ sai")  # fmt: skip


def approve(repair: KeyingRepair, office: Office, at: Any = AT) -> None:
    decide_repair(actor=actor_at(office, officer=72), at=at, repair_id=repair.id, approve=True)


def given(record: Record, **more: str) -> dict[str, str]:
    values = {code: value for code, value in record.as_recorded.items() if isinstance(value, str)}
    return values | {"version": str(record.version), "ly-do-reason": "Gõ sai"} | more


def test_the_preview_shows_what_differs_letter_by_letter_and_writes_nothing(birth: Record, office: Office) -> None:
    url = reverse("records:propose_repair", args=[birth.id])
    answer = signed_in(office).post(url, given(birth, child_full_name="Trần Thị Diễm", act="preview"))
    page = answer.content.decode()
    assert '<del class="letters">ịu</del>' in page
    assert '<ins class="letters">iễm</ins>' in page
    assert "Không có lỗi hay cảnh báo mới" in page
    assert not KeyingRepair.objects.exists()


def test_the_preview_tells_the_errors_a_value_would_bring(birth: Record, office: Office) -> None:
    url = reverse("records:propose_repair", args=[birth.id])
    answer = signed_in(office).post(url, given(birth, child_birth_date="31/02/2001", act="preview"))
    assert "Còn lỗi thì đề nghị không được duyệt" in answer.content.decode()


def test_a_number_another_entry_has_is_refused_when_it_is_proposed(birth: Record, office: Office) -> None:
    enter(actor_at(office), office, "KS", year=2001, number=9, **CHILD)
    with pytest.raises(RuleBroken) as refused:
        proposal(birth, office, registration_number="9/2001")
    assert (refused.value.code, refused.value.field) == ("registration_number_taken", "registration_number")
    assert check_repair(birth, {"registration_number": "9/2001"}).number_taken
    assert not check_repair(birth, {"registration_number": "8a/2001"}).number_taken


def test_its_author_takes_a_proposal_back_and_nobody_else(birth: Record, office: Office) -> None:
    repair = proposal(birth, office, child_full_name="Trần Thị Diễm")
    with pytest.raises(RuleBroken) as refused:
        withdraw_repair(actor=actor_at(office, officer=72), at=AT, repair_id=repair.id)
    assert refused.value.code == "not_own_repair"
    assert withdraw_repair(actor=actor_at(office, officer=71), at=AT, repair_id=repair.id).state == "withdrawn"
    assert Entry.objects.filter(verb="repair.withdrawn", subject_id=str(birth.id)).count() == 1
    with pytest.raises(RuleBroken) as refused:
        approve(repair, office)
    assert refused.value.code == "act_not_allowed_in_state"
    assert proposal(birth, office, child_full_name="Trần Thị Diễm").state == "proposed"


def test_the_decider_sees_scan_reason_difference_and_what_follows(birth: Record, office: Office) -> None:
    repair = proposal(birth, office, father_full_name="Trần Văn Bạch")
    leader = signed_in(office, "commune_leader", "chu.tich")
    page = leader.get(reverse("persons:decide_repair", args=[birth.id, repair.id])).content.decode()
    for expected in ("Gõ sai", "letters", "Điều sẽ thay đổi", "Trần Văn Bạch", "Duyệt sửa"):
        assert expected in page
    birth.refresh_from_db()
    assert birth.version == 1


def test_a_decided_proposal_leads_back_to_its_record(birth: Record, office: Office) -> None:
    repair = proposal(birth, office, child_full_name="Trần Thị Diễm")
    approve(repair, office)
    leader = signed_in(office, "commune_leader", "chu.tich")
    answer = leader.get(reverse("persons:decide_repair", args=[birth.id, repair.id]))
    assert answer.headers["Location"] == reverse("records:record", args=[birth.id])


def test_versions_stand_beside_each_other_with_who_when_and_why(birth: Record, office: Office) -> None:
    approve(proposal(birth, office, child_full_name="Trần Thị Diễm"), office)
    birth.refresh_from_db()
    editions = editions_of(birth)
    assert [edition.values["child_full_name"] for edition in editions] == ["Trần Thị Dịu", "Trần Thị Diễm"]
    assert [edition.made_by.reason if edition.made_by else "" for edition in editions] == ["", "Gõ sai"]
    page = signed_in(office).get(reverse("records:record", args=[birth.id]) + "?phan=ban-du-lieu").content.decode()
    for expected in ("Bản 1", "Bản 2", "Gõ sai", "như khi vào sổ"):
        assert expected in page


def test_whoever_had_the_wrong_value_is_named_until_told(birth: Record, office: Office) -> None:
    actor = actor_at(office)
    row = Dispatch.objects.create(origin_office=office, record=birth, record_version=1, state=DispatchState.ACKNOWLEDGED,
                                  queued_at=AT, changed_at=AT)  # fmt: skip
    note_reading(actor=actor, at=AT, subject_kind="record", subject_id=birth.id, subject_office=office.id,
                 facts={"part": "in"})  # fmt: skip
    assert everybody_who_received(birth) == []
    later = AT + timedelta(hours=1)
    approve(proposal(birth, office, child_full_name="Trần Thị Diễm"), office, later)
    birth.refresh_from_db()
    received = everybody_who_received(birth)
    assert {each.way: each.told_at for each in received} == {"ministry": None, "print": None}
    Dispatch.objects.create(origin_office=office, record=birth, record_version=2, state=DispatchState.SENT,
                            queued_at=later, changed_at=later + timedelta(hours=2))  # fmt: skip
    printed = next(each for each in received if each.way == "print")
    note_told(actor=actor, at=later + timedelta(hours=3), record_id=birth.id, recipient=printed.key, how="Điện thoại")
    told = {each.way: each.told_at for each in everybody_who_received(birth)}
    assert told == {"ministry": later + timedelta(hours=2), "print": later + timedelta(hours=3)}
    assert row.record_version == 1


def test_what_goes_out_after_the_repair_makes_no_wrong_recipient(birth: Record, office: Office) -> None:
    approve(proposal(birth, office, child_full_name="Trần Thị Diễm"), office)
    note_reading(actor=actor_at(office), at=AT + timedelta(hours=1), subject_kind="record", subject_id=birth.id,
                 subject_office=office.id, facts={"part": "in"})  # fmt: skip
    birth.refresh_from_db()
    assert everybody_who_received(birth) == []


def test_telling_needs_words_a_right_and_a_known_way(birth: Record, office: Office) -> None:
    key = f"print:{office.id}"
    reader = actor_at(office, rights=frozenset({"record.read"}))
    for actor, recipient, how, code in ((reader, key, "Thư", "not_allowed"), (actor_at(office), key, " ", "reason_missing"),
                                        (actor_at(office), "radio:1", "Thư", "recipient_unknown")):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            note_told(actor=actor, at=AT, record_id=birth.id, recipient=recipient, how=how)
        assert refused.value.code == code


def test_recipients_are_a_part_of_the_page_and_the_telling_is_posted(birth: Record, office: Office) -> None:
    note_reading(actor=actor_at(office), at=AT, subject_kind="record", subject_id=birth.id, subject_office=office.id,
                 facts={"part": "in"})  # fmt: skip
    approve(proposal(birth, office, child_full_name="Trần Thị Diễm"), office, clock.now())
    officer = signed_in(office)
    url = reverse("intake:recipients", args=[birth.id])
    assert url in officer.get(reverse("records:record", args=[birth.id])).content.decode()
    part = officer.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "chưa báo lại" in part
    assert "<html" not in part
    answer = officer.post(
        reverse("records:note_told", args=[birth.id]), {"recipient": f"print:{office.id}", "how": "Thư"}
    )
    assert answer.status_code == 302
    assert "đã báo lại lúc" in officer.get(url).content.decode()


def test_pages_of_a_repair_are_closed_to_others(birth: Record, office: Office) -> None:
    repair = proposal(birth, office, child_full_name="Trần Thị Diễm")
    decide = reverse("persons:decide_repair", args=[birth.id, repair.id])
    assert signed_in(office, login="thu.ky").get(decide).status_code == 403
    stranger = signed_in(offices(2)[1], "commune_leader", "noi.khac")
    with office_scope([]):
        assert stranger.get(decide).status_code == 404
        assert stranger.get(reverse("intake:recipients", args=[birth.id])).status_code == 404
        assert stranger.get(reverse("persons:annul", args=[birth.id])).status_code == 404
