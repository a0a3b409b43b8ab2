"""Pages of reading beyond the ordinary: look-ups, emergency openings, reviews, exports – who, what, what never."""

from __future__ import annotations

from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import actor_at, enter, offices

from hotich.accounts.models import Officer
from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.persons.models import BreakGlass, ForeignHit, ForeignLookUp, PersonLink
from hotich.records.models import Record
from hotich.records.services import reading as reading_service
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

REASON = "Cơ quan công an yêu cầu xác minh nguyên nhân chết ngay trong ngày"
WHY = {"purpose": "extract_copy", "dossier": "H24.01-0001", "purpose_words": ""}


@pytest.fixture
def places() -> list[Office]:
    return offices(2)


@pytest.fixture
def death(places: list[Office]) -> Record:
    home = places[1]
    with office_scope([home.id]):
        return enter(
            actor_at(home), home, "KT", year=2019, number=3, deceased_full_name="Vũ Văn Đức", deceased_sex="1",
            deceased_birth_date="02/03/1970", deceased_id_doc_type="4", deceased_id_doc_number="052070000123",
            cause_of_death="Bệnh rất kín",
        )  # fmt: skip


def signed_in(office: Office, role: str, login: str = "") -> Client:
    client = Client()
    officer = make_officer(login or role.replace("_", "."), office=office, role=role)
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    return client


def page(client: Client, name: str, *ids: Any, status: int = 200) -> str:
    answer = client.get(reverse(name, args=ids))
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def asked(client: Client, **more: str) -> str:
    answer = client.post(reverse("persons:foreign_look_up"), WHY | {"cach": "so"} | more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_number_leads_to_a_summary_without_what_is_restricted(places: list[Office], death: Record) -> None:
    officer = signed_in(places[0], "civil_status_officer")
    found = asked(officer, number="052070000123")
    assert "Vũ Văn Đức" in found
    with office_scope([places[0].id]):
        hit = ForeignHit.objects.get()
    summary = page(officer, "persons:foreign_record", hit.look_up_id, hit.record_id)
    assert "Vũ Văn Đức" in summary
    assert "H24.01-0001" in summary
    assert "Bệnh rất kín" not in summary + found
    # the next question keeps purpose and case, nothing else
    assert "H24.01-0001" in (again := page(officer, "persons:foreign_look_up"))
    assert "052070000123" not in again
    # nobody else opens it
    other = signed_in(places[0], "civil_status_officer", "hai.thu")
    assert "Vũ Văn Đức" not in page(other, "persons:foreign_record", hit.look_up_id, hit.record_id, status=409)
    assert Entry.objects.filter(verb="foreign_record.refused").count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"number": "052070000123", "dossier": "Nguyễn Văn A"}, "Chưa ghi số hồ sơ"),
        ({"number": "12"}, "ít nhất 8"),
        ({"number": "052070000123", "purpose": "other"}, "Mục đích khác phải được ghi rõ"),
        (
            {"cach": "muc", "register_type": "KT", "entry_number": "3/2019", "office": "không có ở đâu cả"},
            "Chưa rõ cơ quan",
        ),
        ({"cach": "ten", "full_name": "Đức", "birth": "1970"}, "đủ họ và tên"),
        ({"cach": "ten", "full_name": "Vũ Văn Đức", "birth": "hồi đó"}, "ngày sinh hoặc năm sinh"),
    ],
)
def test_a_question_that_lacks_something_is_answered_at_its_field_and_the_refusal_is_written(
    places: list[Office], death: Record, more: dict[str, str], words: str
) -> None:
    shown = asked(signed_in(places[0], "civil_status_officer"), **more)
    assert words in shown
    assert Entry.objects.filter(verb="look_up.refused").count() == 1
    with office_scope([places[0].id]):
        assert not ForeignLookUp.objects.exists()


def test_an_entry_is_found_by_the_code_of_its_office_and_a_name_by_its_birth(
    places: list[Office], death: Record
) -> None:
    officer = signed_in(places[0], "civil_status_officer")
    entry = asked(officer, cach="muc", register_type="KT", entry_number="3/2019", office=places[1].code)
    name = asked(officer, cach="ten", full_name="vu van duc", birth="02/03/1970")
    assert "Vũ Văn Đức" in entry
    assert "Vũ Văn Đức" in name
    assert "Không có bản ghi nào phù hợp" in asked(officer, cach="ten", full_name="Vũ Văn Không", birth="1970")


def test_an_emergency_opening_warns_shows_and_is_reviewed_by_the_leader(places: list[Office], death: Record) -> None:
    home = places[1]
    approver, leader = signed_in(home, "approver"), signed_in(home, "commune_leader")
    record_page = page(approver, "records:record", death.id)
    assert "Bệnh rất kín" not in record_page
    opening = reverse("persons:break_glass", args=[death.id])
    assert opening in record_page
    assert opening not in page(leader, "records:record", death.id)  # nothing is hidden from a leader
    assert "lãnh đạo được báo ngay" in page(approver, "persons:break_glass", death.id)
    refused = approver.post(opening, {"reason": "vì cần"}).content.decode()
    assert "ít nhất 20 chữ cái" in refused
    assert Entry.objects.filter(verb="break_glass.refused").count() == 1
    answer = approver.post(opening, {"reason": REASON})
    assert answer.status_code == 302
    assert "Bệnh rất kín" in approver.get(answer["Location"]).content.decode()
    assert "Bệnh rất kín" not in page(approver, "records:record", death.id)
    assert leader.get(answer["Location"]).status_code == 404
    with office_scope([home.id]):
        glass = BreakGlass.objects.get()
    assert REASON in page(leader, "persons:glasses")
    judged = leader.post(
        reverse("persons:judge_glass", args=[glass.id]), {"verdict": "justified", "words": "Đúng yêu cầu"}
    )
    assert judged.status_code == 302
    assert "Đúng yêu cầu" in page(leader, "persons:glasses")
    history = page(leader, "persons:record_readings", death.id)
    assert "Mở khẩn cấp" in history
    assert REASON in history


def test_reviews_and_histories_are_for_reviewers_only(places: list[Office], death: Record) -> None:
    home = places[1]
    with office_scope([home.id]):
        person = PersonLink.objects.filter(participant__record=death).values_list("person_id", flat=True)[0]
    officer, leader = signed_in(home, "civil_status_officer"), signed_in(home, "commune_leader")
    page(officer, "persons:person", person)
    for name, ids in (("persons:oversight", []), ("persons:glasses", []), ("persons:budgets", []),
                      ("persons:person_readings", [person]), ("persons:record_readings", [death.id])):  # fmt: skip
        page(officer, name, *ids, status=403)
        assert page(leader, name, *ids)
    assert "Hồ sơ cá nhân" in page(leader, "persons:person_readings", person)
    stranger = signed_in(places[0], "commune_leader", "xa.thu")
    page(stranger, "persons:person_readings", person, status=404)
    page(stranger, "persons:record_readings", death.id, status=404)


def test_who_reads_too_much_is_asked_why_and_led_back(
    places: list[Office], death: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"reading_alarm_officer": 1, "reading_limit_officer": 1, "reading_reason_length": 20}
    monkeypatch.setattr(reading_service, "constant", values.__getitem__)
    home = places[1]
    with office_scope([home.id]):
        other = enter(actor_at(home), home, "KT", year=2018, deceased_full_name="Lê Văn Tám")
    officer = signed_in(home, "civil_status_officer")
    page(officer, "records:record", death.id)
    address = reverse("records:record", args=[other.id])
    refused = officer.get(address)
    assert refused.status_code == 302
    assert refused["Location"].startswith(reverse("persons:reading_reason"))
    assert Entry.objects.filter(verb="reading.refused").count() == 1
    assert "1 bản ghi và cá nhân khác nhau" in officer.get(refused["Location"]).content.decode()
    told = officer.post(refused["Location"], {"reason": REASON})
    assert (told.status_code, told["Location"]) == (302, address)
    assert officer.get(address).status_code == 200
    leader = signed_in(home, "commune_leader")
    assert REASON in page(leader, "persons:budgets")
    # no other site is led to
    away = officer.post(reverse("persons:reading_reason") + "?tiep=//evil.example/", {"reason": REASON})
    assert away["Location"] == "/"


def test_a_book_is_asked_for_decided_and_downloaded_in_the_browser(places: list[Office], death: Record) -> None:
    home = places[1]
    officer, leader = signed_in(home, "civil_status_officer"), signed_in(home, "commune_leader")
    given = {"office": home.id, "register_type": "KT", "books": "01/2019", "reason": REASON}
    assert (
        "Không có quyển sổ" in officer.post(reverse("intake:export_new"), given | {"books": "9/1999"}).content.decode()
    )
    answer = officer.post(reverse("intake:export_new"), given)
    assert answer.status_code == 302
    address = answer["Location"]
    download, decide = address + "tai-ve/", address + "quyet-dinh/"
    assert officer.post(decide, {"decision": "approve"}).status_code == 403
    assert officer.post(download)["Location"] == address
    assert REASON in leader.get(address).content.decode()
    assert leader.post(decide, {"decision": "approve"}).status_code == 302
    assert "Tải về" in officer.get(address).content.decode()
    file = officer.post(download)
    assert file.status_code == 200
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Cache-Control"] == "private, no-store"
    assert leader.post(download).status_code == 403
    assert "01/2019" in page(leader, "intake:exports")
    keyer = signed_in(home, "keyer")
    assert page(keyer, "intake:exports", status=403)
    assert signed_in(places[0], "commune_leader", "xa.thu").get(address).status_code == 404
    assert Officer.objects.count() == 4


def test_the_pages_are_whole_in_english(places: list[Office], death: Record) -> None:
    leader = signed_in(places[1], "commune_leader")
    leader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for name in (
        "persons:foreign_look_up",
        "persons:oversight",
        "persons:glasses",
        "persons:budgets",
        "intake:exports",
    ):
        shown = page(leader, name)
        main = shown[shown.index("<main") :]
        for word in ("Tra cứu", "Rà soát", "Không có", "Mục đích", "Lý do"):
            assert word not in main, (name, word)
