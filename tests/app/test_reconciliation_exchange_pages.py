"""The pages of the exchange: each face, each act, who may, and what an officer may not see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hotich.database.scope import office_scope
from hotich.reconciliation.models import DailyAgreement, ExchangeFile, PopulationRequest, RequestState
from hotich.reconciliation.rules.signed_lines import write_lines
from hotich.records.models import Participant
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.reconciliation_exchange_parts import AT, a_birth, absent, an_office, proposed, to_send

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "a-secret-of-tests"


@pytest.fixture(autouse=True)
def _closed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed network: files, and a secret both sides know."""
    settings.HOTICH_POPULATION_ADAPTER = "files"
    monkeypatch.setenv("HOTICH_POPULATION_KEY", SECRET)


@pytest.fixture
def office() -> Iterator[Office]:
    found = an_office()
    with office_scope([found.id]):
        yield found


def _browser(office: Office, role: str, login: str) -> Client:
    made = Client()
    made.force_login(make_officer(login, office=office, role=role), backend=BACKEND)
    return made


@pytest.fixture
def clerk(office: Office) -> Client:
    return _browser(office, "civil_status_officer", "lan.thu")


@pytest.fixture
def police(office: Office) -> Client:
    return _browser(office, "police_verifier", "cong.an.thu")


def _page(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"reconciliation:{name}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _post(client: Client, name: str, *args: Any, **data: Any) -> int:
    return int(client.post(reverse(f"reconciliation:{name}", args=args), data).status_code)


def _waiting(office: Office) -> PopulationRequest:
    return proposed(office, absent(office, a_birth(office)))


def test_nothing_yet_says_what_will_stand_here(clerk: Client) -> None:
    assert "Chưa có yêu cầu nào" in _page(clerk, "population_requests")
    assert "Chưa có tệp nào" in _page(clerk, "population_files")
    assert "Chưa có ngày nào được đối soát" in _page(clerk, "population_days")


def test_the_police_find_what_waits_see_what_is_sent_and_confirm_it(office: Office, police: Client) -> None:
    request = _waiting(office)
    name = request.content["facts"]["full_name"]
    listed = _page(police, "population_requests", trang_thai="waiting", loai="create")
    assert name in listed and name not in _page(police, "population_requests", trang_thai="done")
    shown = _page(police, "population_request", request.id)
    assert name in shown and "Chưa được thu thập" in shown and "confirm-request" in shown
    assert _post(police, "population_request_confirm", request.id) == 302
    request.refresh_from_db()
    assert request.state == RequestState.QUEUED
    assert "confirm-request" not in _page(police, "population_request", request.id)


def test_a_clerk_cannot_confirm_but_cancels_with_a_reason(office: Office, clerk: Client) -> None:
    request = _waiting(office)
    assert "confirm-request" not in _page(clerk, "population_request", request.id)
    assert _post(clerk, "population_request_confirm", request.id) == 403
    _post(clerk, "population_request_cancel", request.id, reason="")
    request.refresh_from_db()
    assert request.state == RequestState.WAITING
    _post(clerk, "population_request_cancel", request.id, reason="Đã tìm thấy giấy tờ")
    request.refresh_from_db()
    assert request.state == RequestState.CANCELLED


def test_a_creation_is_asked_for_and_what_cannot_be_is_explained(office: Office, clerk: Client) -> None:
    dead = absent(office, a_birth(office), reason="dead")
    foreigner = absent(office, a_birth(office), reason="foreign")
    assert "Người nước ngoài không được cấp số định danh" in _page(clerk, "population_creation_new", foreigner.id)
    assert (
        _post(clerk, "population_creation_new", dead.id, reason_words="Cấp trích lục") == 200
    )  # not said to be needed
    assert _post(clerk, "population_creation_new", dead.id, reason_words="Cấp trích lục", is_needed="on") == 302
    assert PopulationRequest.objects.get(check_of=dead).state == RequestState.WAITING
    assert clerk.get(reverse("reconciliation:population_creation_new", args=[uuid4()])).status_code == 404


def test_a_file_is_made_taken_away_and_answered(office: Office, clerk: Client) -> None:
    request = to_send(office)
    assert "Tạo tệp" in _page(clerk, "population_files")
    assert _post(clerk, "population_file_make", office=office.id) == 302
    made = ExchangeFile.objects.get()
    file = clerk.get(reverse("reconciliation:population_file", args=[made.id]))
    assert file.status_code == 200 and "no-store" in file["Cache-Control"]
    assert json.loads(file.content.splitlines()[1])["MaYeuCau"] == str(request.id)
    row = {"MaCongDan": "CD7", "SoDinhDanh": "066187000007", "TrangThai": "da_cap"}
    line = {"MaYeuCau": str(request.id), "response": {"error_code": "0", "BienNhan": "BN7", "data": [row]}}
    forged = write_lines([line], office=office.code, made_at=AT, client="hotich", secret="another")
    page = clerk.post(reverse("reconciliation:population_file_answer", args=[made.id]), {"file": _upload(forged)})
    assert page.status_code == 200 and "Chữ ký của tệp trả lời không đúng" in page.content.decode()
    good = write_lines([line], office=office.code, made_at=AT, client="hotich", secret=SECRET)
    assert _post(clerk, "population_file_answer", made.id, file=_upload(good)) == 302
    assert "1 câu trả lời mới" in _page(clerk, "population_files")
    assert "066187000007" in _page(clerk, "population_request", request.id)


def _upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("tra-loi.jsonl", content)


def test_suspects_are_shown_and_denied(office: Office, clerk: Client) -> None:
    request = to_send(office)
    check = request.check_of
    assert check is not None
    suspect = {"ref": "CD9", "personal_id": "066187000009", "full_name": "Đinh Nghi Trùng", "birth": "1987"}
    check.outcome, check.candidates = "clerk", [suspect]
    check.save()
    PopulationRequest.objects.filter(id=request.id).update(
        state=RequestState.SUSPECTED, answer={"state": "suspected", "suspects": [suspect]}, failure="creation_suspected"
    )
    assert "Đinh Nghi Trùng" in _page(clerk, "population_request", request.id)
    _post(clerk, "population_request_deny", request.id, reason="Khác cha mẹ")
    fresh = PopulationRequest.objects.get(state=RequestState.WAITING)
    assert fresh.content["others"] == ["CD9"]


def test_faults_of_a_day_lead_to_the_requests_we_have(office: Office, clerk: Client) -> None:
    request, unknown = to_send(office), str(uuid4())
    faults = [
        {"request_id": str(request.id), "fault": "missing_there"},
        {"request_id": unknown, "fault": "missing_here"},
    ]
    DailyAgreement.objects.create(origin_office=office, day=AT.date(), compared_at=AT, ours=1, theirs=1, faults=faults)
    shown = _page(clerk, "population_days")
    assert reverse("reconciliation:population_request", args=[request.id]) in shown
    assert unknown in shown and reverse("reconciliation:population_request", args=[unknown]) not in shown


def test_somebody_restricted_is_named_to_nobody_without_the_right(office: Office, police: Client) -> None:
    request = _waiting(office)
    Participant.objects.filter(id=request.check_of.participant_id).update(restricted=True)  # type: ignore[union-attr]
    name = request.content["facts"]["full_name"]
    assert name not in _page(police, "population_requests") and name not in _page(
        police, "population_request", request.id
    )


def test_who_has_no_right_and_who_is_of_another_office_sees_nothing(office: Office) -> None:
    request = _waiting(office)
    keyer = _browser(office, "keyer", "nhap.thu")
    for name in ("population_requests", "population_files", "population_days"):
        assert keyer.get(reverse(f"reconciliation:{name}")).status_code == 403
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).order_by("-id")[0]
    stranger = _browser(other, "police_verifier", "xa.khac")
    assert stranger.get(reverse("reconciliation:population_request", args=[request.id])).status_code == 404
