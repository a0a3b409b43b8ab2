"""What is looked for is a citizen's name or number: it stands in no address. What was found says why."""

from __future__ import annotations

import re
from html import unescape
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


def signed_in_again(office: Office) -> Client:
    client = Client()
    client.force_login(make_officer("lan.hai", office=office), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def shown(page: str) -> list[str]:
    """The first name of every line, without its marks."""
    found = re.findall(r'<div class="found-person"><a[^>]*>(.*?)</a>', page)
    return [unescape(re.sub("<[^>]*>", "", name)) for name in found]


def addresses(page: str) -> list[str]:
    return [unquote_plus(unquote(found)) for found in re.findall(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"', page)]


def test_a_search_in_the_address_is_not_answered_and_the_boxes_post() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", year=2001, number=8, **CHILD)
        client = signed_in(office)
        page = client.get(SEARCH, {"q": "ho thi khue"}).content.decode()
        assert "Khuê" not in page
        assert "Gõ gì cũng được" in page
        boxes = re.findall(rf"<form[^>]*action=\"{SEARCH}\"[^>]*>", page)
        assert len(boxes) == 2  # of the page and of the top bar
        assert all('method="post"' in box for box in boxes)
        found = client.post(SEARCH, {"q": "ho thi khue"})
        assert shown(found.content.decode()) == ["Hồ Thị Khuê"]
        assert found.status_code == 200  # a redirect would carry the words in an address


def test_a_search_needs_the_token_of_the_form() -> None:
    (office,) = offices(1)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_officer("kiem.thu", office=office), settings.AUTHENTICATION_BACKENDS[-1])
    assert client.post(SEARCH, {"q": "ho thi"}).status_code == 403


def test_each_hit_says_who_it_is_why_it_is_shown_and_what_matched() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        birth = enter(actor, office, "KS", year=2001, number=8, **CHILD)
        enter(actor, office, "KH", husband_full_name="Hồ Văn Lĩnh", wife_full_name="Lê Thị Sen", wife_birth_date="1972")
        client = signed_in(office)
        page = client.post(SEARCH, {"q": "ho thi khuee 2001"}).content.decode()
        assert shown(page) == ["Hồ Thị Khuê"]
        assert "Họ tên sai một chữ; năm sinh khớp" in page
        assert '<mark class="is-same">Hồ</mark>' in page
        assert '<mark class="is-near">Khuê</mark>' in page
        assert "05/01/2001" in page
        assert "8/2001" in page
        assert office.name in page
        assert reverse("records:record", args=[birth.id]) in page
        assert "<dt>Họ tên</dt><dd>ho thi khuee</dd>" in page
        # the relative of the other entry is named by the role it has there
        page = client.post(SEARCH, {"q": "ho van linh vợ le thi sen"}).content.decode()
        assert re.search(r"họ tên khớp; [^;<]*vợ: Lê Thị Sen", page, re.IGNORECASE)


def test_the_fields_say_the_same_as_the_line_and_narrow_it() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", year=2001, **CHILD)
        enter(actor, office, "KH", year=2020, wife_full_name="Hồ Thị Khuê", wife_birth_date="05/01/2001")
        client = signed_in(office)
        for fields, count in (
            ({"ho_ten": "ho thi khue", "ngay_sinh": "05/01/2001"}, 2),
            ({"ho_ten": "ho thi khue", "ngay_sinh": "2001", "loai": "KS"}, 1),
            ({"q": "ho thi khue 2001", "tu_nam": "2020"}, 1),
            ({"ho_ten": "ho thi khue", "quan_he": "father", "nguoi_than": "ho van linh"}, 1),
            ({"giay_to": "066301001234"}, 1),
            ({"giay_to": "210.111.222"}, 1),
            ({"ho_ten": "ho thi khue", "ngay_sinh": "1999"}, 0),
        ):
            page = client.post(SEARCH, fields).content.decode()
            assert len(shown(page)) == count, fields
            assert "<details" in page
        page = client.post(SEARCH, {"ho_ten": "ho thi khue", "ngay_sinh": "31/02/2001"}).content.decode()
        assert "Ngày, tháng, năm này không có thật" in page or 'aria-invalid="true"' in page
        assert shown(page) == []


def test_a_common_name_alone_shows_nobody_and_says_what_to_add() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter_all(actor, office, [("KS", values("KS", **CHILD)) for _ in range(21)])
        client = signed_in(office)
        page = client.post(SEARCH, {"q": "ho thi khue"}).content.decode()
        assert shown(page) == []
        assert "Có hơn 20 người mang tên này" in page
        assert re.search(r'<details class="search-precise" open', page)


def test_no_more_than_fifty_records_are_shown_and_the_page_says_how_to_narrow() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter_all(actor, office, [("KS", values("KS", **CHILD)) for _ in range(53)])
        page = signed_in(office).post(SEARCH, {"q": "ho thi khue 2001"}).content.decode()
        assert len(re.findall('id="row-', page)) == 50
        assert "Chỉ hiện 50 bản ghi phù hợp nhất" in page


@pytest.mark.parametrize(
    ("words", "tip"),
    [("tran van khong co 05/03/1950", "thử chỉ nhập năm sinh"), ("99/1999", "Kiểm tra năm trong số đăng ký"),
     ("012345678901", "gõ là x"), ("tran van khong mẹ le thi co", "thử ngày hoặc năm sinh thay cho")],
)  # fmt: skip
def test_finding_nothing_says_what_to_try(words: str, tip: str) -> None:
    (office,) = offices(1)
    page = signed_in(office).post(SEARCH, {"q": words}).content.decode()
    assert "Không tìm thấy bản ghi nào" in page
    assert tip in page


def test_a_name_with_a_script_is_shown_as_text() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KS", draw=False, **CHILD | {"child_full_name": "Hồ <b>Thị</b> Khuê"})
        page = signed_in(office).post(SEARCH, {"q": "05/01/2001 <script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in page
        page = signed_in_again(office).post(SEARCH, {"q": "05/01/2001"}).content.decode()
        assert "&lt;b&gt;Thị&lt;/b&gt;" in page


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
        pages = [
            client.post(SEARCH, {"q": words}).content.decode() for words in ("Hồ Thị Khuê", "066301001234", "ho 2001")
        ]
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
