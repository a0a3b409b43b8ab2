"""What is looked for is a citizen's name or number: it stands in no address, and pages of results are posted again."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import acting, enter, enter_all, offices, values

from hotich.persons.models import PersonLink
from hotich.records.services import propose_repair
from hotich.registers.types import REGISTER_TYPES
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

SEARCH = "/ban-ghi/"
CHILD = {"child_full_name": "Hồ Thị Khuê", "child_sex": "2", "child_birth_date": "05/01/2001",
         "child_personal_id": "066301001234", "father_full_name": "Hồ Văn Lĩnh", "father_birth_date": "02/03/1970",
         "father_id_doc_type": "1", "father_id_doc_number": "210111222"}  # fmt: skip
SECRETS = ("Khuê", "khue", "Lĩnh", "linh", "066301001234", "210111222", "05/01/2001", "02/03/1970")


def signed_in(office: Office, role: str = "civil_status_officer") -> Client:
    client = Client()
    officer = make_officer(f"{role.replace('_', '.')}", office=office, role=role)
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    return client


def addresses(page: str) -> list[str]:
    return [unquote_plus(unquote(found)) for found in re.findall(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"', page)]


def test_a_search_in_the_address_is_not_answered_and_the_boxes_post() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", year=2001, number=8, **CHILD)
        client = signed_in(office)
        page = client.get(SEARCH, {"q": "ho thi"}).content.decode()
        assert "Khuê" not in page
        assert "Nhập số đăng ký, họ tên hoặc ngày sinh" in page
        boxes = re.findall(rf"<form[^>]*action=\"{SEARCH}\"[^>]*>", page)
        assert len(boxes) == 2  # of the page and of the top bar
        assert all('method="post"' in box for box in boxes)
        found = client.post(SEARCH, {"q": "ho thi"})
        assert "Khuê" in found.content.decode()
        assert found.status_code == 200  # a redirect would carry the words in an address


def test_a_search_needs_the_token_of_the_form() -> None:
    (office,) = offices(1)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_officer("kiem.thu", office=office), settings.AUTHENTICATION_BACKENDS[-1])
    assert client.post(SEARCH, {"q": "ho thi"}).status_code == 403


def test_the_next_page_of_results_is_posted_with_the_same_words() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter_all(actor, office, [("KS", values("KS", **CHILD)) for _ in range(53)])
        enter(actor, office, "KH", husband_full_name="Hồ Thị", wife_full_name="Lê Thị Sen")
        client = signed_in(office)
        first = client.post(SEARCH, {"q": "hồ thị", "loai": "KS"}).content.decode()
        assert "Tìm thấy 53 bản ghi" in first
        assert '<input type="hidden" name="q" value="hồ thị">' in first
        assert '<input type="hidden" name="loai" value="KS">' in first
        assert '<button name="page" value="2"' in first
        second = client.post(SEARCH, {"q": "hồ thị", "loai": "KS", "page": "2"}).content.decode()
        rows = re.compile(r'id="row-')
        assert (len(rows.findall(first)), len(rows.findall(second))) == (50, 3)


def test_no_page_of_records_persons_or_registers_has_a_name_or_a_number_in_an_address() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2001, number=8, **CHILD)
        enter(actor, office, "KS", year=2003, number=9, **CHILD | {"child_personal_id": ""})
        propose_repair(actor=actor, at=birth.created_at, record_id=birth.id, version=1,
                       values={"child_full_name": "Hồ Thị Khuê Anh"}, reason="Gõ thiếu")  # fmt: skip
        client = signed_in(office)
        person = PersonLink.objects.get(participant__record=birth, participant__role="child").person_id
        father = PersonLink.objects.get(participant__record=birth, participant__role="father").person_id
        pages = [client.post(SEARCH, {"q": words}).content.decode() for words in ("Hồ Thị", "066301001234", "ho 2001")]
        visited = [
            reverse("records:books"), reverse("records:book", args=[birth.book_id]), reverse("records:notices"),
            reverse("records:repairs"), reverse("persons:person", args=[person]),
            reverse("persons:person", args=[father]), reverse("persons:of_record", args=[birth.id]),
            reverse("persons:annotate", args=[birth.id]), reverse("records:propose_repair", args=[birth.id]),
            *(reverse("records:record", args=[birth.id]) + f"?phan={part}"
              for part in ("goc", "ghi-chu", "hien-tai", "lich-su")),
            *(reverse("registers:version", args=[item.id]) for item in REGISTER_TYPES["KS"].versions.values()),
        ]  # fmt: skip
        for address in visited:
            answer = client.get(address)
            assert answer.status_code == 200, address
            pages.append(answer.content.decode())
    assert any("Khuê" in page for page in pages)
    found = [address for page in pages for address in addresses(page)]
    assert len(found) > 100
    assert [address for address in found if any(secret in address for secret in SECRETS)] == []
