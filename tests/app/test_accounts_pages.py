"""Pages of those who look after accounts, and of the own account: who opens them, what they do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from hotich.accounts.models import Officer, Opening, Session
from hotich.accounts.queries import actor_for, command_actor
from hotich.accounts.services import create_officer, give_post, open_next
from hotich.audit.models import Entry
from hotich.kernel import clock
from hotich.units.models import Office
from tests.app.accounts_parts import PASSWORD, give_password, make_officer, open_offices, pages_with, sign_in
from tests.app.test_accounts_opening import HEAD, department_office

pytestmark = pytest.mark.django_db
MANAGING = [
    "/can-bo/",
    "/can-bo/moi/",
    "/can-bo/khoa/",
    "/can-bo/tu-tep/",
    "/thiet-bi/",
    "/thiet-bi/moi/",
    "/thiet-bi/quy-dinh/",
]


@pytest.fixture(autouse=True)
def _only_pages_of_accounts() -> Any:
    with override_settings(ROOT_URLCONF=pages_with()):
        yield


@pytest.fixture
def office() -> Office:
    return open_offices(1)[0]


@pytest.fixture
def department(client: Client) -> Officer:
    officer = make_officer("so.thu", office=department_office(), role="department_of_justice")
    sign_in(client, officer)
    return officer


@pytest.mark.parametrize("path", MANAGING)
@pytest.mark.parametrize("role", ["civil_status_officer", "commune_leader", "auditor", "keyer"])
def test_pages_of_managing_are_for_managers_alone(client: Client, office: Office, path: str, role: str) -> None:
    assert client.get(path).status_code == 302
    sign_in(client, make_officer("can.bo", office=office, role=role))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", MANAGING)
def test_a_department_opens_every_page_of_managing(client: Client, department: Officer, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_list_holds_the_accounts_of_the_province_and_no_central_ones(
    client: Client, department: Officer, office: Office
) -> None:
    make_officer("gan", office=office, role="keyer", totp=False)
    far = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(
        unit__parent_id=department_office().unit_id
    )
    elsewhere = make_officer("o.xa", office=far[0], role="keyer", totp=False)
    central = make_officer("trung.uong", office=office, role="technical_administrator", totp=False)
    listed = client.get("/can-bo/").content.decode()
    assert ">gan<" in listed and "o.xa" not in listed and "trung.uong" not in listed and "so.thu" not in listed
    for officer in (elsewhere, central, department):
        assert client.get(f"/can-bo/{officer.id}/").status_code == 404
        assert client.post(f"/can-bo/{officer.id}/mat-khau/").status_code == 404
    assert ">gan<" not in client.get("/can-bo/?role=checker").content.decode()


def test_one_account_is_opened_with_its_post_and_the_password_shown_once(
    client: Client, department: Officer, office: Office
) -> None:
    asked = {"full_name": "Lê Thị Mẫu", "office": office.code, "role": "keyer", "valid_from": "01/07/2026"}
    answer = client.post("/can-bo/moi/", asked)
    password = re.search(r"data-secret>([^<]+)<", answer.content.decode())
    officer = Officer.objects.get(full_name="Lê Thị Mẫu")
    assert password and officer.check_password(password[1]) and "no-store" in answer["Cache-Control"]
    assert client.post("/can-bo/moi/", asked | {"role": "department_of_justice"}).status_code == 422
    refused = client.post("/can-bo/moi/", asked | {"office": "KHONG-CO"})
    assert refused.status_code == 422 and Officer.objects.filter(full_name="Lê Thị Mẫu").count() == 1


def test_what_is_done_for_an_account_is_done_from_its_page(client: Client, department: Officer, office: Office) -> None:
    officer = make_officer("gan", office=office, role="one_stop_clerk", name="Người Gần Đây")
    page = f"/can-bo/{officer.id}/"
    assert "Người Gần Đây" in client.get(page).content.decode()
    client.post(f"{page}vi-tri/", {"office": office.code, "role": "keyer", "valid_from": "01/07/2026"})
    post = officer.posts.get(role="keyer")
    client.post(f"{page}vi-tri/ket-thuc/", {"post": post.id})
    post.refresh_from_db()
    assert post.ended_at is not None
    client.post(f"{page}khoa/", {"reason": "Nghỉ việc"})
    assert not Officer.objects.get(id=officer.id).is_active
    assert "Nghỉ việc" in client.get(page).content.decode()
    client.post(f"{page}mo-khoa/", {"reason": "Trở lại"})
    client.post(f"{page}hai-lop/")
    assert Officer.objects.get(id=officer.id).is_active and not officer.authenticator_set.exists()  # type: ignore[attr-defined]
    verbs = set(Entry.objects.filter(subject_id=str(officer.id)).values_list("verb", flat=True))
    assert {"officer.locked", "officer.unlocked", "officer.post_ended", "officer.second_factor_reset"} <= verbs


def test_a_file_is_brought_checked_started_and_its_passwords_fetched_once(
    client: Client, department: Officer, office: Office
) -> None:
    file = SimpleUploadedFile("ds.csv", f"{HEAD}\nTạ Ngọc Thử,,{office.code},keyer,,,".encode("utf-8-sig"))
    page = client.post("/can-bo/tu-tep/", {"file": file})["Location"]
    assert "chờ quyết định mở" in client.get(page).content.decode()
    client.post(f"{page}mo/")
    made = Opening.objects.get()
    assert open_next(actor=actor_for(department), at=clock.now(), opening_id=made.id) == 0  # what the job does
    assert client.get(f"{page}mat-khau/").status_code == 405
    first = client.post(f"{page}mat-khau/")
    assert first["Content-Type"].startswith("text/csv") and "no-store" in first["Cache-Control"]
    assert client.post(f"{page}mat-khau/").status_code == 302
    other = Client()
    sign_in(other, make_officer("so.hai", office=department_office(), role="department_of_justice"))
    assert other.get(page).status_code == 404


def test_a_file_in_another_encoding_gets_a_clear_message(client: Client, department: Officer) -> None:
    answer = client.post("/can-bo/tu-tep/", {"file": SimpleUploadedFile("ds.csv", f"{HEAD}\nTạ".encode("utf-16"))})
    assert answer.status_code == 422 and "CSV UTF-8" in answer.content.decode()


def test_own_sessions_are_listed_and_others_ended(client: Client, office: Office) -> None:
    officer, elsewhere = make_officer("can.bo", office=office), Client()
    sign_in(client, officer)
    sign_in(elsewhere, officer, shift=1)
    assert Session.objects.filter(officer_id=officer.id).count() == 2
    keys = list(Session.objects.values_list("session_key", flat=True))
    shown = client.get("/tai-khoan/").content.decode()
    assert not any(key in shown for key in keys)
    client.post("/tai-khoan/phien/ket-thuc/")
    assert client.get("/tai-khoan/").status_code == 200 and elsewhere.get("/tai-khoan/").status_code == 302
    assert Entry.objects.filter(verb="officer.sessions_ended").count() == 1


def test_sessions_of_somebody_else_are_not_ended_by_their_mark(client: Client, office: Office) -> None:
    from hotich.accounts.rules.sessions import session_mark

    other = Client()
    sign_in(other, make_officer("nguoi.khac", office=office))
    mark = session_mark(Session.objects.get().session_key)
    sign_in(client, make_officer("can.bo", office=office))
    client.post("/tai-khoan/phien/ket-thuc/", {"mark": mark})
    assert other.get("/tai-khoan/").status_code == 200


def test_a_one_time_password_nobody_used_in_time_opens_nothing(client: Client, office: Office) -> None:
    past = clock.now() - timedelta(days=8)
    officer, password = create_officer(actor=command_actor(), at=past, login="cu.roi", full_name="Tạ Ngọc Thử")
    give_post(
        actor=command_actor(), at=past, officer_id=officer.id, office_id=office.id, role="keyer", valid_from=past.date()
    )
    answer = give_password(client, "cu.roi", password)
    assert answer.status_code == 403 and "hết hạn" in answer.content.decode()
    assert Entry.objects.filter(verb="officer.password_expired").count() == 1


def test_what_is_typed_as_a_login_and_is_none_is_not_kept(client: Client) -> None:
    give_password(client, PASSWORD, "x")
    (attempt,) = AccessAttempt.objects.all()
    assert PASSWORD not in str(AccessAttempt.objects.values().get()) and attempt.username.startswith("?")
    assert PASSWORD not in str(list(Entry.objects.values()))


def test_guessing_an_unknown_login_is_shut_too(client: Client) -> None:
    assert [give_password(client, "khong.co", str(n)).status_code for n in range(6)][-1] == 429


@pytest.mark.parametrize(
    "answer", ["", "[]", "1", "{}", '{"id": 1}', '{"id":"x","rawId":"x","type":"public-key","response":{}}']
)
def test_what_is_no_answer_of_a_key_signs_nobody_in_and_is_counted(client: Client, office: Office, answer: str) -> None:
    officer = make_officer("can.bo", office=office)
    give_password(client, officer.username)
    assert client.post("/tai-khoan/ma-xac-thuc/", {"credential": answer}).status_code in {200, 302}
    assert "_auth_user_id" not in client.session
    assert Entry.objects.filter(verb="officer.sign_in_failed").count() == (
        answer not in {"", "[]", "{}"}
    )  # empty: nothing to judge


def test_guessing_keys_is_shut(client: Client, office: Office) -> None:
    officer = make_officer("can.bo", office=office)
    give_password(client, officer.username)
    answers = [client.post("/tai-khoan/ma-xac-thuc/", {"credential": '{"id": "x"}'}).status_code for _ in range(6)]
    assert 429 in answers
