"""Pages of books, records and persons: who may open them, what they show, that reading is written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import AT, actor_at, enter, offices

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.files.services import store_file
from hotich.persons.models import PersonLink
from hotich.records.models import Annotation, Attachment, KeyingRepair, Record
from hotich.registers.codes import CODE_LISTS
from hotich.registers.types import REGISTER_TYPES
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

COUPLE = {"husband_full_name": "Trần Văn Bách", "husband_birth_date": "02/03/1970", "husband_id_doc_type": "1",
          "husband_id_doc_number": "210111222", "wife_full_name": "Lê Thị Cúc", "wife_birth_date": "1972"}  # fmt: skip
CHILD = {"child_full_name": "Trần Thị Dịu", "child_sex": "Nữ", "child_birth_date": "05/01/2001",
         "father_full_name": "Trần Văn Bách", "father_birth_date": "1970", "father_id_doc_type": "1",
         "father_id_doc_number": "210111222"}  # fmt: skip


@pytest.fixture
def office() -> Office:
    return offices(1)[0]


@pytest.fixture
def world(office: Office) -> Iterator[dict[str, Record]]:
    """A marriage, a birth with a scan and an adoption."""
    actor = actor_at(office)
    with office_scope(actor.office_ids):
        records = {
            "marriage": enter(actor, office, "KH", year=1999, number=3, **COUPLE),
            "birth": enter(actor, office, "KS", year=2001, number=8, **CHILD),
            "adoption": enter(actor, office, "CN", year=2018, adoptee_full_name="Ngô Thị Lan",
                              giving_mother_full_name="Bùi Thị Nga", adoptive_father_full_name="Ngô Văn Minh"),
        }  # fmt: skip
        scan = store_file(office_id=office.id, name="KS 8.pdf", content=b"%PDF-1.4 page", media_type="application/pdf",
                          actor=actor, at=AT)  # fmt: skip
        Attachment.objects.create(origin_office=office, record=records["birth"], file=scan, created_at=AT)
        yield records


@pytest.fixture
def officer(office: Office) -> Client:
    return signed_in(office)


def signed_in(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def text(client: Client, url: str, status: int = 200, **headers: str) -> str:
    answer = client.get(url, headers=headers or None)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode()


def searched(client: Client, words: str, **more: str) -> str:
    answer = client.post(reverse("records:search"), {"q": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_books_page_counts_and_the_book_page_lists(world: dict[str, Record], officer: Client) -> None:
    page = text(officer, reverse("records:books"))
    assert "01/2001" in page
    assert "Chưa có số liệu khóa sổ" in page
    assert "01/1999" not in text(officer, reverse("records:books") + "?loai=KS")
    book = world["birth"].book
    page = text(officer, reverse("records:book", args=[book.id]))
    assert "8/2001" in page
    assert "Trần Thị Dịu" in page
    totals = {"version": 1, "cases_declared": 2, "first_number": 7, "last_number": 8, "number_scope": "year",
              "closed_on": "31/12/2001"}  # fmt: skip
    assert officer.post(reverse("records:close_book", args=[book.id]), totals).status_code == 302
    page = text(officer, reverse("records:book", args=[book.id]))
    assert "Khuyết số 7/2001" in page
    assert "31/12/2001" in page
    assert "Chênh lệch -1" in page
    # somebody who saves from an older page is told
    answer = officer.post(reverse("records:close_book", args=[book.id]), totals)
    assert "đã được người khác thay đổi" in answer.content.decode()
    number = {"number": 7, "year": 2001, "use": "missing", "reason": "Sổ rách"}
    officer.post(reverse("records:declare_number", args=[book.id]), number)
    page = text(officer, reverse("records:book", args=[book.id]))
    assert "Khuyết số 7/2001" not in page
    assert "Sổ rách" in page


def test_a_record_is_found_and_each_part_of_its_page_opens(world: dict[str, Record], officer: Client) -> None:
    page = searched(officer, "tran thi diu")
    birth = world["birth"]
    assert reverse("records:record", args=[birth.id]) in page
    for part, expected in (("goc", "Trần Thị Dịu"), ("ghi-chu", "Chưa có ghi chú"),
                           ("hien-tai", "như trong Sổ gốc"), ("lich-su", "Vào sổ điện tử")):  # fmt: skip
        assert expected in text(officer, reverse("records:record", args=[birth.id]) + f"?phan={part}")
    with office_scope([birth.origin_office_id]):
        assert Entry.objects.filter(verb="record.read", subject_id=str(birth.id)).count() == 4


def test_the_scan_is_served_to_whoever_may_read_and_it_is_written_down(
    world: dict[str, Record], officer: Client, office: Office
) -> None:
    attachment = Attachment.objects.get()
    url = reverse("records:scan", args=[attachment.id])
    answer = officer.get(url)
    assert answer.content == b"%PDF-1.4 page"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert Entry.objects.filter(verb="scan.read").count() == 1
    assert text(signed_in(office, "keyer", "khoa.thu"), url, 403)


def test_another_offices_records_answer_as_if_they_were_not_there(world: dict[str, Record]) -> None:
    stranger = signed_in(offices(2)[1], login="xa.thu")
    with office_scope([]):
        text(stranger, reverse("records:record", args=[world["birth"].id]), 404)
        text(stranger, reverse("records:book", args=[world["birth"].book_id]), 404)
        text(stranger, reverse("records:scan", args=[Attachment(id=world["birth"].id).id]), 404)
        text(stranger, reverse("persons:of_record", args=[world["birth"].id]), 404)
        assert "Không tìm thấy bản ghi nào" in searched(stranger, "8/2001")


def test_an_annotation_is_written_shown_and_withdrawn(world: dict[str, Record], officer: Client) -> None:
    birth = world["birth"]
    url = reverse("persons:annotate", args=[birth.id])
    assert "Mục được thay đổi" in text(officer, url)
    given = {"kind": "change", "field": "child_full_name", "new_value": "Trần Thị Diệu", "text": "Thay đổi tên"}
    answer = officer.post(url, given)
    assert "Phải nêu căn cứ pháp lý" in answer.content.decode()
    basis = {"basis_number": "5/QĐ", "basis_authority": "UBND xã"}
    assert officer.post(url, given | basis).status_code == 302
    record_url = reverse("records:record", args=[birth.id])
    page = text(officer, record_url + "?phan=hien-tai")
    assert "Trần Thị Diệu" in page
    assert "đã thay đổi" in page
    assert "Sổ gốc: Trần Thị Dịu (ghi chú số 1)" in page
    note = Annotation.objects.get()
    officer.post(reverse("persons:withdraw_annotation", args=[birth.id, note.id]), {"reason": "Ghi nhầm"})
    assert "đã rút" in text(officer, record_url + "?phan=ghi-chu")
    assert "Trần Thị Diệu" not in text(officer, record_url + "?phan=hien-tai")


def test_a_repair_goes_through_two_officers(world: dict[str, Record], officer: Client, office: Office) -> None:
    birth = world["birth"]
    url = reverse("records:propose_repair", args=[birth.id])
    assert "Chỉ sửa chỗ nhập khác với bản chụp" in text(officer, url)
    given = {code: value for code, value in birth.as_recorded.items() if isinstance(value, str)}
    given |= {"child_full_name": "Trần Thị Diễm", "version": "1", "ly-do-reason": "Gõ sai"}
    assert officer.post(url, given).status_code == 302
    repair = KeyingRepair.objects.get()
    assert repair.values == {"child_full_name": "Trần Thị Diễm"}
    record_url = reverse("records:record", args=[birth.id])
    assert "Người đề nghị không được tự duyệt" in text(officer, record_url)
    leader = signed_in(office, "commune_leader", "chu.tich")
    decide = reverse("persons:decide_repair", args=[birth.id, repair.id])
    assert decide in text(leader, record_url)
    assert "Duyệt sửa" in text(leader, decide)
    leader.post(decide, {"decision": "approve"})
    assert "Trần Thị Diễm" in text(leader, record_url)
    assert "Trần Thị Dịu → Trần Thị Diễm" in text(leader, record_url + "?phan=lich-su")


def test_a_repair_reaches_each_row_of_an_entry_of_changes(
    world: dict[str, Record], officer: Client, office: Office
) -> None:
    actor = actor_at(office)
    rows = [{"changed_field": "Họ, chữ đệm, tên", "old_value": "Phan Thị Mơ", "new_value": "Phan Thị Mai"},
            {"changed_field": "Quê quán", "old_value": {"text": "", "reason": "illegible"}, "new_value": "Huế"}]  # fmt: skip
    with office_scope(actor.office_ids):  # within that of the world, which stays
        record = enter(actor, office, "TD", year=2019, number=5, subject_full_name="Phan Thị Mơ", change_items=rows)
    url = reverse("records:propose_repair", args=[record.id])
    assert "Mục thay đổi 2" in text(officer, url)
    given = {code: value for code, value in record.as_recorded.items() if isinstance(value, str)}
    given |= {"version": "1", "ly-do-reason": "Gõ sai", "muc-TOTAL_FORMS": "2", "muc-INITIAL_FORMS": "2",
              "muc-0-changed_field": "Họ, chữ đệm, tên", "muc-0-old_value": "Phan Thị Mơ",
              "muc-0-new_value": "Phan Thị Mây", "muc-1-changed_field": "Quê quán",
              "muc-1-old_value": "[không đọc được]", "muc-1-new_value": "Huế"}  # fmt: skip
    assert officer.post(url, given).status_code == 302
    wanted = KeyingRepair.objects.get().values
    assert list(wanted) == ["change_items"]
    assert wanted["change_items"] == [rows[0] | {"new_value": "Phan Thị Mây"}, rows[1]]
    leader = signed_in(office, "commune_leader", "chu.tich")
    repair = KeyingRepair.objects.get()
    leader.post(reverse("persons:decide_repair", args=[record.id, repair.id]), {"decision": "approve"})
    record.refresh_from_db()
    assert record.as_recorded["change_items"][0]["new_value"] == "Phan Thị Mây"
    assert "Phan Thị Mây" in text(leader, reverse("records:record", args=[record.id]))


def test_the_person_page_shows_facts_family_and_statuses_with_their_proofs(
    world: dict[str, Record], officer: Client, office: Office
) -> None:
    link = PersonLink.objects.get(participant__record=world["marriage"], participant__role="husband")
    page = text(officer, reverse("persons:person", args=[link.person_id]))
    for expected in ("Trần Văn Bách", "Lê Thị Cúc", "Trần Thị Dịu", "Vợ/chồng", "Con", "Đang có vợ/chồng",
                     "Cùng số giấy tờ tùy thân", "Khai sinh 8/2001", "Kết hôn 3/1999", "<svg", 'role="group"'):  # fmt: skip
        assert expected in page
    assert Entry.objects.filter(verb="person.read", subject_id=str(link.person_id)).count() == 1
    part = text(officer, reverse("persons:of_record", args=[world["birth"].id]), **{"HX-Request": "true"})
    assert "có trong bản ghi khác" in part
    assert "<html" not in part
    assert "<html" in text(officer, reverse("persons:of_record", args=[world["birth"].id]))
    leader = signed_in(office, "commune_leader", "chu.tich")
    annul = reverse("persons:annul", args=[world["marriage"].id])
    leader.post(annul, {"number": "1/QĐ", "date_text": "02/11/2026", "authority": "UBND tỉnh", "reason": "Kết hôn giả",
                        "confirmation": "3/1999"})  # fmt: skip
    # the id may have been that of the annulled entry; it leads to who the person is now
    after = officer.get(reverse("persons:person", args=[link.person_id]), follow=True)
    assert after.status_code == 200
    assert "Trần Thị Dịu" in after.content.decode()
    assert "Đang có vợ/chồng" not in after.content.decode()


def test_restricted_facts_do_not_reach_the_page_without_the_right(world: dict[str, Record], office: Office) -> None:
    adoption = reverse("records:record", args=[world["adoption"].id])
    assert "Bùi Thị Nga" in text(signed_in(office), adoption)
    approver = signed_in(office, "approver", "duyet.thu")
    for part in ("goc", "ghi-chu", "hien-tai", "lich-su"):
        assert "Bùi Thị Nga" not in text(approver, adoption + f"?phan={part}")
    assert "hạn chế xem" in text(approver, adoption)
    assert "Bùi Thị Nga" not in text(approver, reverse("persons:of_record", args=[world["adoption"].id]))
    assert "Bùi Thị Nga" not in searched(approver, "bui thi nga")
    adoptee = PersonLink.objects.get(participant__role="adoptee").person_id
    giver = PersonLink.objects.get(participant__role="giving_mother").person_id
    for person in (adoptee, giver):
        text(approver, reverse("persons:person", args=[person]), 404)


def test_the_data_dictionary_shows_every_register_list_and_threshold(officer: Client) -> None:
    page = text(officer, reverse("registers:dictionary"))
    for found in REGISTER_TYPES.values():
        assert found.label.vi in page
        for version in found.versions.values():
            body = text(officer, reverse("registers:version", args=[version.id]))
            assert all(field.code in body for field in version.fields)
            text(officer, reverse("registers:version", args=[version.id]) + "?phan=kiem-tra")
    for name in CODE_LISTS:
        text(officer, reverse("registers:code_list", args=[name]))
    assert "chưa kiểm chứng" in text(officer, reverse("registers:parameters"))
    text(officer, reverse("registers:version", args=["KS-NONE-1"]), 404)
    text(officer, reverse("registers:code_list", args=["none"]), 404)


def test_nobody_opens_a_page_without_signing_in() -> None:
    for name in ("records:books", "records:search", "records:notices", "records:repairs", "registers:dictionary"):
        assert Client().get(reverse(name)).status_code == 302


def test_a_message_of_success_does_not_take_the_title_of_the_page(world: dict[str, Record], officer: Client) -> None:
    book = world["birth"].book
    given = {"number": 7, "year": 2001, "use": "missing", "reason": "Sổ rách"}
    page = officer.post(reverse("records:declare_number", args=[book.id]), given, follow=True).content.decode()
    alert = page[page.index('id="alerts"') : page.index("</main>")].split("Đã khai báo số khuyết.")[0]
    assert "Sổ đăng ký khai sinh" not in alert
