"""Pages for paper: complete, marked, audited as a reading, and nothing invented; and the notice linked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from records_support import AT, actor_at, enter, offices, ruling, values

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import PersonLink
from hotich.persons.services import annul_record, confirm_notice
from hotich.records.models import AnnotationNotice, Record
from hotich.records.queries.notices import entries_for_notice
from hotich.units.models import Office

pytestmark = pytest.mark.django_db

CHILD = {"child_full_name": "Phan Thị Mơ", "child_sex": "2", "child_birth_date": "02/03/2008",
         "mother_full_name": "Nguyễn Thị Hạnh", "mother_birth_date": "1980"}  # fmt: skip


@pytest.fixture
def office() -> Office:
    return offices(1)[0]


@pytest.fixture
def birth(office: Office) -> Iterator[Record]:
    actor = actor_at(office)
    with office_scope(actor.office_ids):
        yield enter(actor, office, "KS", year=2008, number=40, **CHILD)


def signed_in(office: Office, role: str = "civil_status_officer", login: str = "lan.thu") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def page(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_printed_record_is_marked_tells_who_printed_it_and_counts_as_a_reading(birth: Record, office: Office) -> None:
    paper = page(signed_in(office), "records:print_record", birth.id)
    for expected in (
        "Bản in tra cứu, không có giá trị pháp lý",
        "Phan Thị Mơ",
        "40/2008",
        "Không có ghi chú",
        office.name,
    ):
        assert expected in paper
    entry = Entry.objects.get(verb="record.read", subject_id=str(birth.id))
    assert entry.facts == {"part": "in"}


def test_a_printed_record_tells_that_it_was_annulled(birth: Record, office: Office) -> None:
    annul_record(actor=actor_at(office), at=AT, record_id=birth.id, decision=ruling("12/QĐ-UBND"))
    paper = page(signed_in(office), "records:print_record", birth.id)
    assert "Bản ghi đã bị hủy giá trị" in paper
    assert "12/QĐ-UBND" in paper


def test_restricted_values_are_not_printed_without_the_right(office: Office) -> None:
    with office_scope({office.id}):
        adoption = enter(actor_at(office), office, "CN", adoptee_full_name="Ngô Thị Lan",
                         giving_mother_full_name="Bùi Thị Nga", adoptive_father_full_name="Ngô Văn Minh")  # fmt: skip
        assert "Bùi Thị Nga" in page(signed_in(office), "records:print_record", adoption.id)
        approver = signed_in(office, "approver", "duyet.thu")
        assert "Bùi Thị Nga" not in page(approver, "records:print_record", adoption.id)


def test_a_printed_person_shows_facts_family_and_sources(birth: Record, office: Office) -> None:
    person = PersonLink.objects.get(participant__record=birth, participant__role="child").person_id
    paper = page(signed_in(office), "persons:print_person", person)
    for expected in ("Phan Thị Mơ", "Nguyễn Thị Hạnh", "<svg", "Khai sinh 40/2008", "không có giá trị pháp lý"):
        assert expected in paper
    assert Entry.objects.get(verb="person.read", subject_id=str(person)).facts == {"part": "in"}


def test_papers_of_books_leave_unknown_figures_dotted_and_are_written_down(birth: Record, office: Office) -> None:
    officer = signed_in(office)
    closing = page(officer, "records:print_closing", birth.book_id)
    assert closing.count("(chưa có)") >= 4  # opened, pages, blank pages, cases declared: nobody wrote them down
    assert "Trường hợp đã vào hệ thống" in closing
    assert "01/2008" in page(officer, "records:print_books")
    assert "Bên nhận" in page(officer, "records:print_hand_over", query=f"?quyen={birth.book_id}")
    accepted = page(officer, "intake:acceptance", birth.book_id)
    assert "Trường hợp đã duyệt chưa có bản chụp" in accepted
    papers = Entry.objects.filter(verb="book.printed").order_by("sequence")
    assert [entry.facts["paper"] for entry in papers] == ["closing", "book_list", "hand_over", "acceptance"]


def test_a_hand_over_of_a_book_of_another_office_lists_nothing(birth: Record) -> None:
    stranger = signed_in(offices(2)[1], login="noi.khac")
    with office_scope([]):
        assert "Không có quyển sổ nào" in page(stranger, "records:print_hand_over", query=f"?quyen={birth.book_id}")
        page(stranger, "records:print_closing", birth.book_id, status=404)
        page(stranger, "records:print_record", birth.id, status=404)
        page(stranger, "intake:acceptance", birth.book_id, status=404)


def test_paper_needs_the_right_of_the_page_it_prints(birth: Record, office: Office) -> None:
    keyer = signed_in(office, "keyer", "khoa.thu")
    page(keyer, "records:print_record", birth.id, status=403)
    page(keyer, "records:print_closing", birth.book_id)


def change_entry(office: Office, number: str, name: str) -> dict[str, Any]:
    rows = [{"changed_field": "Họ, chữ đệm, tên", "old_value": name, "new_value": "Phan Thị Mai"}]
    return values("TD", year=2019, change_type="Cải chính", subject_full_name=name,
                  target_record_type="Giấy khai sinh", target_registration_number=number,
                  target_registration_office=office.name, target_registration_date="10/03/2008",
                  change_items=rows)  # fmt: skip


@pytest.fixture
def notice(office: Office, birth: Record) -> AnnotationNotice:
    """Another office quotes the wrong number; the name differs by an accent."""
    sender = offices(2)[1]
    with office_scope({sender.id}):
        change = enter(actor_at(sender, officer=5), sender, "TD", **change_entry(office, "41/2008", "Phan Thị Mờ"))
        made = AnnotationNotice.objects.get(source_record=change)
    AnnotationNotice.objects.filter(id=made.id).update(target_office=office)
    made.refresh_from_db()
    return made


def test_a_notice_whose_entry_is_not_found_is_linked_by_hand(
    notice: AnnotationNotice, birth: Record, office: Office
) -> None:
    assert [record.id for record in entries_for_notice(notice, actor_at(office))] == [birth.id]
    officer = signed_in(office)
    assert reverse("records:choose_entry", args=[notice.id]) in page(officer, "records:notices")
    assert str(birth.id) in page(officer, "records:choose_entry", notice.id)
    officer.post(reverse("persons:confirm_notice", args=[notice.id]), {"record": str(birth.id)})
    notice.refresh_from_db()
    assert notice.state == "confirmed"
    assert birth.annotations.get().source_record_id == notice.source_record_id


def test_an_entry_is_also_chosen_by_book_and_number(notice: AnnotationNotice, birth: Record, office: Office) -> None:
    other = enter(actor_at(office), office, "KS", year=2008, number=77, child_full_name="Đỗ Văn Ba")
    officer = signed_in(office)
    url = reverse("records:choose_entry", args=[notice.id])
    answer = officer.post(url, {"book": "01/2008", "number": "77/2008"}).content.decode()
    assert f'value="{other.id}" id="entry-1" required checked' in answer
    assert "Không tìm thấy đúng một bản ghi" in officer.post(url, {"book": "01/2008", "number": "999"}).content.decode()


def test_a_notice_is_not_linked_to_an_entry_of_an_office_it_is_not_for(
    notice: AnnotationNotice, office: Office
) -> None:
    third = offices(3)[2]
    both = actor_at(office, third)
    with office_scope(both.office_ids):
        elsewhere = enter(both, third, "KS", year=2008, number=40, **CHILD)
        with pytest.raises(RuleBroken) as refused:
            confirm_notice(actor=both, at=AT, notice_id=notice.id, record_id=elsewhere.id)
    assert refused.value.code == "notice_names_somebody_else"


def test_the_choice_for_a_notice_of_others_answers_404(notice: AnnotationNotice) -> None:
    stranger = signed_in(offices(3)[2], login="noi.khac")
    with office_scope([]):
        page(stranger, "records:choose_entry", notice.id, status=404)
