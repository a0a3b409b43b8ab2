"""Pages of units, offices and custody: who may open them, what they show, and a merger from form to force."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import acting, enter
from units_parts import AT, communes, merger_of, officer, unit_of

from hotich.kernel import clock
from hotich.registers.models import Book, BookHandover
from hotich.units import queries
from hotich.units.models import Office, UnitOperation
from hotich.units.services import LegalAct, draft_operation

pytestmark = pytest.mark.django_db
OLD = "25129-2025"
HEAD = {"act_number": "12/NQ", "act_authority": "Quốc hội", "act_date": "01/10/2026", "act_link": "", "notes": ""}


def signed_in(login: str, role: str = "department_of_justice", code: str = "68") -> Client:
    client = Client()
    person = make_officer(login, office=queries.office_by_code(code), role=role)
    client.force_login(person, settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def one() -> Client:
    return signed_in("so.mot")


@pytest.fixture
def two() -> Client:
    return signed_in("so.hai")


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"registers:{name}", args=args), query)
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def send(client: Client, name: str, *args: object, **data: object) -> str:
    answer = client.post(reverse(f"registers:{name}", args=args), data, follow=True)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def in_two_days() -> str:
    return f"{clock.in_vietnam(clock.now()).date() + timedelta(days=2):%d/%m/%Y}"


# ── reading ──
def test_every_officer_reads_units_and_offices_but_changes_nothing() -> None:
    clerk = signed_in("lan.thu", "civil_status_officer", "25126")
    assert "Xã An Nhơn" in page(clerk, "units", q="an nhon", cap="commune")
    assert "Xã An Nhơn" not in page(clerk, "units", q="ân nhon")
    assert "Phường An Nhơn" not in page(clerk, "units", q="an nhon", ngay="01/01/2025")
    old = queries.office_by_code(OLD)
    shown = page(clerk, "office", old.id)
    assert "Chưa rà soát" in shown and "Đánh dấu đã rà soát" not in shown
    assert "Trở thành" in page(clerk, "unit", old.unit_id)
    assert "Tỉnh Gia Lai" in page(clerk, "unit_tree")
    page(clerk, "unit_tree", ngay="01/01/2025", tinh=str(unit_of(queries.office_by_code("01")).id))
    for name in ("unit_operations", "offices", "office_reviews"):
        page(clerk, name)
    page(clerk, "unit_operation_new", status=403)
    page(clerk, "closed_books", status=403)
    page(clerk, "unit", 5, status=404)
    page(clerk, "office", 5, status=404)
    page(clerk, "unit_operation", uuid4(), status=404)


def test_a_province_opens_on_the_tree_with_what_lay_in_it_on_the_day(one: Client) -> None:
    province = queries.unit_valid_at("68", "province", AT.date())
    assert province is not None
    assert "Huyện Đạ Huoai" in page(one, "unit_tree", ngay="01/01/2025", tinh=str(province.id))
    assert "Huyện Đạ Huoai" not in page(one, "unit_tree", ngay="01/01/2026", tinh=str(province.id))


# ── a merger, from form to force ──
def test_a_merger_is_drafted_planned_proposed_and_approved_by_another(one: Client, two: Client) -> None:
    first, second = communes()
    send(one, "unit_operation_new", request_key=uuid4(), level="commune", codes=f"{first.code}, {second.code}",
         effective_on=f"{clock.in_vietnam(clock.now()):%d/%m/%Y}", **HEAD)  # fmt: skip
    operation = UnitOperation.objects.get()
    assert operation.plan["ends"] == [first.unit_id, second.unit_id]
    shown = send(one, "unit_operation_plan", operation.id, viec="hinh-thanh", version=1, kind="commune",
                 short_name="Hợp Nhất", code=first.code, parent="68")  # fmt: skip
    assert "Xã Hợp Nhất" in shown and f"{first.code}-{operation.effective_on.year}" in shown
    assert "Đã trình" in send(one, "unit_operation_step", operation.id, "trinh", version=2)
    own = page(one, "unit_operation", operation.id)
    assert "Duyệt và thực hiện" not in own
    assert "cần người thứ hai" in send(one, "unit_operation_step", operation.id, "duyet", version=3)
    assert "Duyệt và thực hiện" in page(two, "unit_operation", operation.id)
    done = send(two, "unit_operation_step", operation.id, "duyet", version=3)
    assert "Đã có hiệu lực" in done and "Đã thực hiện" in done
    # the button pressed twice
    assert "Đã có hiệu lực" in send(two, "unit_operation_step", operation.id, "duyet", version=3)
    assert Office.objects.filter(code=first.code).count() == 1
    assert "Hợp Nhất" in page(one, "unit_operations")


def test_what_is_wrong_is_said_where_it_is_typed(one: Client) -> None:
    key = {"request_key": uuid4(), "level": "commune"}
    shown = send(one, "unit_operation_new", codes="99999", effective_on=in_two_days(), **key, **HEAD)
    assert "Không có đơn vị nào mang mã “99999”" in shown
    shown = send(one, "unit_operation_new", codes="", effective_on=in_two_days(), **key, **(HEAD | {"act_number": ""}))
    assert "Chưa nhập mục này" in shown
    assert not UnitOperation.objects.exists()


def test_parts_are_added_and_taken_out_of_a_plan(one: Client) -> None:
    office = communes(1)[0]
    send(one, "unit_operation_new", request_key=uuid4(), level="commune", codes=office.code,
         effective_on=in_two_days(), **HEAD)  # fmt: skip
    operation = UnitOperation.objects.get()
    version = 1
    for name, code in (("Phần Một", office.code), ("Phần Hai", "99001")):
        send(one, "unit_operation_plan", operation.id, viec="hinh-thanh", version=version, kind="ward",
             short_name=name, code=code, parent="68")  # fmt: skip
        version += 1
    for code, words in ((office.code, "thôn 1"), ("99001", "thôn 2")):
        send(one, "unit_operation_plan", operation.id, viec="chuyen", version=version, source=office.code, target=code,
             words=words, **({"is_default": "on"} if code == office.code else {}))  # fmt: skip
        version += 1
    operation.refresh_from_db()
    assert [share["words"] for share in operation.plan["shares"]] == ["thôn 1", "thôn 2"]
    assert "Trình duyệt" in page(one, "unit_operation", operation.id)
    send(one, "unit_operation_plan", operation.id, viec="bo-phan", version=version,
         phan=f"{office.unit_id}>n2")  # fmt: skip
    send(one, "unit_operation_plan", operation.id, viec="bo", version=version + 1, **{"don-vi": "n2"})
    operation.refresh_from_db()
    assert ([new["key"] for new in operation.plan["begins"]], len(operation.plan["shares"])) == (["n1"], 1)
    shown = send(
        one, "unit_operation_plan", operation.id, viec="ket-thuc", version=1, level="commune", codes=office.code
    )
    assert "vừa" in shown or "thay đổi" in shown  # an old page is told so
    assert one.post(reverse("registers:unit_operation_plan", args=[operation.id]), {"viec": "x"}).status_code == 404


def test_one_unit_is_renamed_from_its_page(one: Client) -> None:
    unit = unit_of(communes(1)[0])
    address = reverse("registers:unit_operation_new") + f"?loai=change&don-vi={unit.id}"
    assert unit.short_name in one.get(address).content.decode()
    one.post(address, {"request_key": uuid4(), "short_name": "Tên Mới", "kind": unit.kind, "code": unit.code,
                       "parent": "68", "effective_on": in_two_days(), **HEAD})  # fmt: skip
    operation = UnitOperation.objects.get()
    shown = page(one, "unit_operation", operation.id)
    assert "Đổi tên" in shown and "Tên Mới" in shown
    assert "đang có trong một đề nghị" in page(one, "unit", unit.id)
    send(one, "unit_operation_step", operation.id, "huy", version=1, reason="Nhầm")
    operation.refresh_from_db()
    assert operation.state == "cancelled"


def test_another_provinces_units_are_not_changed_from_the_browser(one: Client) -> None:
    code = Office.objects.filter(code="00008").values_list("code", flat=True).first()
    shown = send(one, "unit_operation_new", request_key=uuid4(), level="commune", codes=code or "",
                 effective_on=in_two_days(), **HEAD)  # fmt: skip
    assert "thuộc tỉnh khác" in shown


# ── custody and review ──
def test_books_are_handed_over_from_the_list_to_the_reception(one: Client, two: Client) -> None:
    old, now = queries.office_by_code(OLD), queries.office_by_code("25126")
    with acting(now, old) as actor:
        book = Book.objects.get(id=enter(actor, old, "KS", draw=False).book_id)
    assert old.name in page(one, "closed_books")
    order = {"request_key": uuid4(), "to_office": "68", "place": "", "from_day": "01/12/2026", "act_number": "15/QĐ",
             "act_date": "", "act_authority": ""}  # fmt: skip
    assert "Chưa chọn mục nào" in send(one, "closed_books", **order)
    assert "Không có cơ quan nào" in send(one, "closed_books", book=str(book.id), **(order | {"to_office": "xx"}))
    send(one, "closed_books", book=str(book.id), **order)
    handover = BookHandover.objects.get()
    assert "15/QĐ" in page(one, "handovers")
    send(one, "handover_step", handover.id, "giao", version=1)
    assert "Xác nhận đã nhận" not in page(one, "handover", handover.id)
    assert "Đã nhận" in send(two, "handover_step", handover.id, "nhan", version=2)
    book.refresh_from_db()
    assert book.keeping_office == queries.office_by_code("68")
    stranger = signed_in("xa.la", "civil_status_officer", "00008")
    page(stranger, "handover", handover.id, status=404)


def test_old_offices_are_reviewed_from_the_list_and_opened_again_from_their_page(one: Client) -> None:
    old = queries.office_by_code(OLD)
    province = unit_of(queries.office_by_code("68")).id
    assert OLD in page(one, "office_reviews", tinh=str(province), q=OLD)
    send(one, "office_reviews", office=old.id, viec="xong", notes="Đã đối chiếu", tinh=province)
    assert "Đã đối chiếu" in page(one, "office", old.id)
    assert f"row-{old.id}" not in page(one, "office_reviews", tinh=str(province), q=OLD)
    assert OLD in page(one, "office_reviews", tinh=str(province), con="tat-ca", q="An Nhơn")
    send(one, "office_reviews", office=old.id, viec="mo-lai", notes="Thiếu một thôn", ve=old.id)
    assert "Mở lại để rà soát" in page(one, "office", old.id)


def test_custody_of_a_district_is_decided_on_its_page(one: Client) -> None:
    district = queries.office_by_code("682-2025")
    assert "chưa xác định" in page(one, "office", district.id)
    assert "Đã xác định" in send(one, "office_custody", district.id, custodian="68")
    assert queries.keeping_office(district, clock.in_vietnam(clock.now()).date()) == queries.office_by_code("68")


def test_pages_speak_english_too(one: Client) -> None:
    operation = draft_operation(
        actor=officer(1), at=AT, request_key=uuid4(), kind="merger", effective_on=AT.date(),
        act=LegalAct("1/NQ", "QH"), plan=merger_of(*communes()),
    )  # fmt: skip
    one.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Preview: if it is carried out" in page(one, "unit_operation", operation.id)
    for name in ("units", "unit_tree", "unit_operations", "offices", "office_reviews", "closed_books", "handovers"):
        assert "Units and offices" in page(one, name)
