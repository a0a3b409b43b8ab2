"""The pages of look-ups as an officer meets them, and the address the keying screen asks: rights, restricted facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hotich.accounts.models import Officer
from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel.ids import uuid7
from hotich.reconciliation.models import PopulationCheck, PopulationLookUp
from hotich.records.models import Record
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.hostile_parts import BACKEND
from tests.app.reconciliation_parts import ELDER, ELDER_NUMBER, connect
from tests.app.records_support import acting, enter, offices
from tests.population_partner import RunningPartner, running_partner

pytestmark = pytest.mark.django_db

FACTS = {"full_name": "Nguyễn Văn Hoà", "birth": "12/03/1988", "sex": "Nam", "father_name": "Nguyễn Văn Thuận",
         "mother_name": "Trần Thị Lài"}  # fmt: skip


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPartner]:
    with running_partner(tmp_path_factory.mktemp("partner")) as partner:
        yield partner


@pytest.fixture(autouse=True)
def partner(stand_in: RunningPartner, settings: Any, monkeypatch: pytest.MonkeyPatch) -> RunningPartner:
    return connect(stand_in, settings, monkeypatch)


@pytest.fixture
def office(db: None) -> Office:
    return offices(1)[0]


@pytest.fixture
def record(office: Office) -> Record:
    with acting(office) as actor:
        return enter(actor, office, "KS", year=1988, era="ND83", **ELDER)


def browser(office: Office, role: str) -> Client:
    officer: Officer = make_officer(f"nguoi.{role}", role=role, office=office)
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def ask(client: Client, body: Any, **headers: str) -> Any:
    return client.post("/doi-chieu/tra-cuu/", body, content_type="application/json", headers=headers)


def question(**changes: Any) -> dict[str, Any]:
    return {"entry": str(uuid7()), "role": "child", "register": "KS", "facts": FACTS} | changes


def test_the_keying_screen_gets_candidates_with_evidence_and_differences_in_words(office: Office) -> None:
    told = ask(browser(office, "keyer"), question(facts={**FACTS, "birth": "03/12/1988"})).json()
    assert (told["state"], told["outcome"], len(told["candidates"])) == ("answered", "different", 2)
    best = told["candidates"][0]
    assert (best["personal_id"], best["birth"], best["outcome"]) == (ELDER_NUMBER, "1988-03-12", "different")
    assert "Họ tên cha giống hệt" in best["evidence"]
    assert best["differences"] == [
        {"field": "birth", "kind": "swapped_day_month",
         "text": "Ngày sinh: sổ ghi 03/12/1988, CSDL dân cư ghi 12/03/1988 (đảo ngày và tháng)"}
    ]  # fmt: skip
    with office_scope([office.id]):
        assert PopulationLookUp.objects.filter(id=UUID(told["look_up"]), subject_kind="entry").exists()


def test_while_the_partner_is_down_the_keying_screen_is_told_to_go_on(office: Office, partner: RunningPartner) -> None:
    partner.fault("down")
    answer = ask(browser(office, "keyer"), question())
    told = answer.json()
    assert (answer.status_code, told["state"], told["outcome"], told["candidates"]) == (
        200,
        "unreachable",
        "pending",
        [],
    )
    assert "hãy nhập tiếp" in told["text"]


def test_what_is_no_question_is_refused_with_words_and_asks_nobody(office: Office, partner: RunningPartner) -> None:
    before, client = len(partner.calls()), browser(office, "keyer")
    assert ask(Client(), question()).status_code == 401
    assert ask(browser(office, "approver"), question()).status_code == 403
    assert ask(client, question(), **{"X-Hotich-User": "0"}).status_code == 409
    malformed = [b"{", [], question(entry="x"), question(register="XX"), question(facts={"full_name": 7}),
                 question(role=""), question(facts={"full_name": "Hòa" * 200})]  # fmt: skip
    for body in malformed:
        told = ask(client, body)
        assert (told.status_code, told.json()["code"]) == (422, "population_body_malformed")
    few = ask(client, question(facts={"full_name": "Nguyễn Văn Hòa"}))
    assert few.status_code == 200  # the commune of the office is one more fact
    assert len(partner.calls()) == before + 1


def test_a_clerk_looks_up_chooses_and_undoes_on_pages(office: Office, record: Record) -> None:
    client = browser(office, "civil_status_officer")
    page = f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/child/"
    first = client.get(page).content.decode()
    assert "Nguyễn Văn Hoà" in first
    assert 'href="/doi-chieu/tra-cuu-trang/" aria-current="page"' in first  # the line of the menu it was reached by
    found = client.post(page, {"viec": "so"})
    assert ELDER_NUMBER in found.content.decode()
    answer = found.context["answer"]
    chosen = client.post(
        page, {"viec": "chon", "tra_cuu": str(answer.look_up_id), "nguoi": answer.candidates[0].citizen.ref}
    )
    assert chosen.status_code == 302
    part = client.get(f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/", headers={"HX-Request": "true"}).content.decode()
    assert "Trùng khớp" in part and ELDER_NUMBER in part
    with office_scope([office.id]):
        check = PopulationCheck.objects.get()
    undone = client.post(f"/doi-chieu/ket-qua/{check.id}/bo/", {"reason": "không phải người này"})
    assert undone.status_code == 302
    listed = client.get("/doi-chieu/tra-cuu-trang/").content.decode()
    assert "Nguyễn Văn Hoà" in listed
    assert "Chưa xác định được" in client.get("/doi-chieu/").content.decode()


def test_absence_needs_its_reason_on_the_page_and_keeps_what_was_found(office: Office, record: Record) -> None:
    client = browser(office, "civil_status_officer")
    page = f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/child/"
    look_up_id = client.post(page, {"viec": "so"}).context["answer"].look_up_id
    refused = client.post(page, {"viec": "khong-co", "tra_cuu": str(look_up_id), "absence": ""})
    assert refused.status_code == 200 and refused.context["answer"].look_up_id == look_up_id
    without_words = client.post(page, {"viec": "khong-co", "tra_cuu": str(look_up_id), "absence": "other"})
    assert "Hãy nêu rõ lý do bằng lời." in without_words.content.decode()
    done = client.post(page, {"viec": "khong-co", "tra_cuu": str(look_up_id), "absence": "abroad"})
    assert done.status_code == 302


def test_nothing_about_anybody_stands_in_an_address_and_reading_is_written_down(office: Office, record: Record) -> None:
    client = browser(office, "civil_status_officer")
    client.get(f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/child/")
    assert Entry.objects.filter(verb="record.read", subject_id=str(record.id), facts__part="population").exists()
    assert client.get(f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/nobody/").status_code == 404


def test_other_offices_and_officers_without_the_right_see_nothing(record: Record) -> None:
    other = offices(2)[1]
    here = f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/"
    assert browser(other, "civil_status_officer").get(f"{here}child/").status_code == 404
    stranger = browser(offices(1)[0], "approver")
    for address in (here, "/doi-chieu/", "/doi-chieu/tra-cuu-trang/"):
        assert stranger.get(address).status_code == 403


def test_who_gave_a_child_for_adoption_is_not_shown_without_the_right(office: Office) -> None:
    with acting(office) as actor:
        record = enter(
            actor, office, "CN", year=2018, adoptee_full_name="Nguyễn Văn Hòa", adoptee_birth_date="12/03/1988",
            adoptive_mother_full_name="Trần Thị Lài", giving_mother_full_name="Khuất Thị Nguyệt Cầm",
        )  # fmt: skip
    address = f"/doi-chieu/tra-cuu-trang/ban-ghi/{record.id}/"
    assert "Nguyệt Cầm" in browser(office, "civil_status_officer").get(address).content.decode()
    police = browser(office, "police_verifier")
    assert "Nguyệt Cầm" not in police.get(address).content.decode()
    assert police.get(f"{address}giving_mother/").status_code == 404
