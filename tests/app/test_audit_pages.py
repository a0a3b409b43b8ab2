"""Pages of the audit trail: who sees what, that reading it is written down, and that a refusal is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts_parts import make_officer, open_offices
from audit_parts import anchors, cut_tail
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hotich.audit import queries, services, tasks
from hotich.audit.models import Entry, Verification
from hotich.audit.queries.lists import EntryFilter, entries_page
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.actor import Actor
from hotich.units.models import Office

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["anchors"]

LIST = "/nhat-ky/"
INTEGRITY = "/nhat-ky/toan-ven/"


def client_of(login: str, office: Office, role: str) -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def edit(office: Office, count: int = 1, login: str = "can.bo") -> None:
    actor = Actor(login=login, office_id=office.id, office_ids=frozenset({office.id}))
    with office_scope([office.id]), services.unit_of_work(actor=actor, at=clock.now()) as work:
        for number in range(count):
            work.record(
                "case.corrected", subject_kind="case", subject_id=number, subject_office=office.id,
                before={"child_full_name": "Lò Thị A", "same": 1}, after={"child_full_name": "Lò Thị Á", "same": 1},
            )  # fmt: skip


@pytest.fixture
def offices(anchors: Path) -> Iterator[list[Office]]:
    found = open_offices(2)
    department = Office.objects.filter(kind="province", unit=found[0].unit.parent).first()  # type: ignore[union-attr]
    assert department is not None
    elsewhere = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(unit__parent=found[0].unit.parent)  # type: ignore[union-attr]
    yield [found[0], department, elsewhere.order_by("id")[0]]


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def newest(verb: str) -> Entry:
    found = Entry.objects.filter(verb=verb).order_by("-at").first()
    assert found is not None, verb
    return found


def test_an_auditor_sees_every_office_and_no_citizens_data(offices: list[Office]) -> None:
    edit(offices[0])
    edit(offices[2])
    auditor = client_of("kiem.toan", offices[1], "auditor")
    page = text(auditor, LIST)
    assert page.count("Sửa trường hợp trước khi duyệt</td>") == 2
    assert newest("audit.searched").facts == {"filters": [], "found": 3}  # two edits and the sign-in
    entry = newest("case.corrected")
    page = text(auditor, f"{LIST}{entry.id}/")
    assert "Lò Thị" not in page
    assert "vai trò này không được xem" in page
    assert entry.hash in page
    assert newest("audit.entry_read").subject_id == str(entry.id)


def test_a_department_sees_its_province_and_details_only_of_its_own_scope(offices: list[Office]) -> None:
    edit(offices[0])
    edit(offices[1])
    edit(offices[2])
    department = client_of("so.tu.phap", offices[1], "department_of_justice")
    page = text(department, LIST)
    assert page.count("Sửa trường hợp trước khi duyệt</td>") == 2
    own, other, foreign = (Entry.objects.get(verb="case.corrected", chain_office_id=office.id)
                           for office in (offices[1], offices[0], offices[2]))  # fmt: skip
    page = text(department, f"{LIST}{own.id}/")
    assert "<td>Lò Thị A</td><td>Lò Thị Á</td>" in page
    assert '<th scope="row">same' not in page  # only what differs
    assert "Lò Thị" not in text(department, f"{LIST}{other.id}/")
    text(department, f"{LIST}{foreign.id}/", status=404)


@pytest.mark.parametrize("role", ["civil_status_officer", "commune_leader", "technical_administrator"])
def test_others_are_refused_and_the_refusal_is_written_without_the_address(offices: list[Office], role: str) -> None:
    edit(offices[0])
    entry = newest("case.corrected")
    client = client_of("khac", offices[0], role)
    for url in (LIST, INTEGRITY, f"{LIST}{entry.id}/"):
        text(client, url, status=403)
    refused = newest("access.refused")
    assert (refused.subject_id, refused.actor_login) == ("persons:audit_entry", "khac")
    assert refused.facts == {"method": "GET", "code": "forbidden"}
    assert Entry.objects.filter(verb="access.refused").count() == 3
    assert Entry.objects.filter(verb__startswith="audit.").count() == 0


def test_an_anonymous_visitor_leaves_no_refusal(offices: list[Office]) -> None:
    assert Client().get(LIST).status_code == 302
    assert Entry.objects.filter(verb="access.refused").count() == 0


def test_the_filters_narrow_the_list(offices: list[Office]) -> None:
    edit(offices[0], 2, login="mot")
    edit(offices[2])
    auditor = client_of("kiem.toan", offices[1], "auditor")

    def count(**query: str) -> int:
        answer = auditor.get(LIST, query)
        assert answer.status_code == 200
        return sum("Sửa trường hợp" in str(row.cells[1]) for row in answer.context["rows"])

    today = f"{clock.in_vietnam(clock.now()):%Y-%m-%d}"
    assert count(tu=today, den=today) == 3
    assert count(tu="2001-01-01", den="2001-01-02") == 0
    assert count(co_quan=offices[0].code) == 2
    assert count(viec="case.corrected") == 3
    assert count(viec="officer.created") == 0
    assert count(loai="case", ma="1") == 1
    assert count(can_bo="kiem.toan") == 0
    assert "không có" in auditor.get(LIST, {"can_bo": "nguoi.la"}).content.decode().lower()
    assert newest("audit.searched").facts["filters"] == ["can_bo"]


def test_pages_follow_each_other_without_a_gap_in_both_directions(offices: list[Office]) -> None:
    edit(offices[0], 130)
    wanted = EntryFilter(None, verbs=("case.corrected",))
    first = entries_page(wanted)
    second = entries_page(wanted, before=first.older)
    third = entries_page(wanted, before=second.older)
    ids = [entry.id for page in (first, second, third) for entry in page.entries]
    assert len(ids) == len(set(ids)) == 130
    assert (first.newer, third.older) == (None, None)
    back = entries_page(wanted, after=third.newer)
    assert [entry.id for entry in back.entries] == [entry.id for entry in second.entries]
    assert [entry.id for entry in entries_page(wanted, after=back.newer).entries] == [e.id for e in first.entries]
    auditor = client_of("kiem.toan", offices[1], "auditor")
    answer = auditor.get(LIST, {"viec": "case.corrected"})
    turned = auditor.get(LIST + answer.context["older_url"])
    assert [row.key for row in turned.context["rows"]] == [str(entry.id) for entry in second.entries]
    assert auditor.get(LIST, {"truoc": "nonsense"}).status_code == 200


def test_a_verification_is_asked_for_run_and_shown(offices: list[Office]) -> None:
    edit(offices[0], 4)
    services.take_anchor(at=clock.now())
    auditor = client_of("kiem.toan", offices[1], "auditor")
    page = text(auditor, INTEGRITY)
    assert "Chưa có lần kiểm tra nào" in page
    answer = auditor.post(reverse("persons:audit_verify"), {"pham-vi": "toan-bo"})
    asked = Verification.objects.get()
    assert answer["Location"] == f"{INTEGRITY}{asked.id}/"
    assert "hx-get" in text(auditor, f"{INTEGRITY}{asked.id}/")
    tasks.run_verification_job(str(asked.id))
    page = text(auditor, f"{INTEGRITY}{asked.id}/")
    assert "Không thấy mục nào bị sửa" in page and "hx-get" not in page
    cut_tail(offices[0].id, after=2)
    auditor.post(reverse("persons:audit_verify"), {"pham-vi": "moi"})
    asked = queries.latest_verifications(1)[0]
    tasks.run_verification_job(str(asked.id))
    page = text(auditor, f"{INTEGRITY}{asked.id}/")
    assert "Phần cuối của chuỗi đã bị cắt" in page and "3–4" in page
    assert "Nhật ký có sai lệch" in text(auditor, INTEGRITY)


def test_only_an_auditor_verifies_and_exports(offices: list[Office]) -> None:
    department = client_of("so.tu.phap", offices[1], "department_of_justice")
    page = text(department, INTEGRITY)
    assert "Kiểm tra toàn bộ" not in page and "Tải tệp xuất" not in page
    for name in ("persons:audit_verify", "persons:audit_export"):
        assert department.post(reverse(name)).status_code == 403
    assert Verification.objects.count() == 0


def test_the_export_is_streamed_packed_and_written_down(offices: list[Office]) -> None:
    edit(offices[0], 3)
    auditor = client_of("kiem.toan", offices[1], "auditor")
    answer = auditor.post(reverse("persons:audit_export"), {"co_quan": offices[0].code})
    lines = gzip.decompress(b"".join(answer.streaming_content)).decode().splitlines()  # type: ignore[arg-type]
    assert lines[-1] == '{"end":3}'
    assert "Lò Thị" not in "".join(lines)
    assert newest("audit.exported").facts == {"chains": [offices[0].id], "details": False}
    answer = auditor.post(reverse("persons:audit_export"), {"co_quan": "khong-co"})
    assert answer["Location"] == INTEGRITY
    assert Entry.objects.filter(verb="audit.exported").count() == 1


def test_pages_are_told_in_english(offices: list[Office]) -> None:
    edit(offices[0])
    auditor = client_of("kiem.toan", offices[1], "auditor")
    auditor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = text(auditor, LIST)
    assert "Case corrected before approval" in page
    assert "Audit trail" in text(auditor, INTEGRITY)
