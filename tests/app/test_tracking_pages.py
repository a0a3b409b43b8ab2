"""Pages of the tracking list: what they show and to whom, the acts on them, paper and workbook."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.kernel.working_days import add_working_days, working_days_between
from hotich.reconciliation.models import TrackingEvidence, TrackingExport, TrackingItem
from hotich.reconciliation.queries import tracking as queries
from hotich.reconciliation.rules.tracking_workflow import AGE_BANDS, band_of
from hotich.reconciliation.services.tracking_export import note_export
from hotich.reconciliation.views import tracking_export, tracking_paper
from hotich.reconciliation.views.tracking_parts import filter_of
from hotich.records.models import Participant
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import a_pdf
from tests.app.tracking_parts import AT, BIRTH, MOTHER, NAME, Team, a_check, a_team, given, listed, verified

pytestmark = pytest.mark.django_db
LIST = "/doi-chieu/theo-doi/"


@pytest.fixture
def team() -> Iterator[Team]:
    made = a_team()
    with office_scope([made.office.id]):
        yield made


def signed_in(team: Team, name: str) -> Client:
    client = Client()
    client.force_login(team.officers[name], settings.AUTHENTICATION_BACKENDS[-1])
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def of(item: TrackingItem, act: str = "") -> str:
    return f"{LIST}{item.id}/{act}"


def test_the_list_shows_its_figures_and_narrows_by_state_day_fact_and_verifier(team: Team) -> None:
    client = signed_in(team, "officer")
    assert "Chưa có gì phải theo dõi" in page(client, LIST)
    waiting = given(team, a_check(team, [MOTHER]))
    done = verified(team, "book", check=a_check(team, [NAME]))
    TrackingItem.objects.filter(id=waiting.id).update(due_on=AT.date())
    for query, shown in (
        ("", {waiting, done}), ("?trang_thai=police", {waiting}), ("?trang_thai=officer", {done}),
        ("?khac=full_name", {done}), (f"?xac_minh={team.police.officer_id}", {waiting, done}), ("?xac_minh=chua", set()),
        ("?han=qua_han", {waiting}), ("?ket_luan=book", {done}), ("?trang_thai=closed", set()), ("?loai=KH", set()),
        ("?xac_minh=999999999999999", {waiting, done}), ("?trang_thai=x", {waiting, done}),
    ):  # fmt: skip
        wanted = filter_of(team.officer, QueryDict(query.removeprefix("?"))).wanted()
        assert set(queries.items(team.officer, wanted, today=clock.in_vietnam(clock.now()).date())) == shown, query
    text = page(client, f"{LIST}?trang_thai=police")
    assert f"row-{waiting.id}" in text and f"row-{done.id}" not in text
    totals = queries.totals(team.officer, today=clock.in_vietnam(clock.now()).date())
    assert (totals.standing, totals.late, dict(totals.fields)) == (2, totals.late, {"full_name": 1, "mother_name": 1})


def test_who_has_no_right_to_the_list_is_refused_and_another_office_sees_nothing(team: Team) -> None:
    (item,) = listed(team)
    keyer = Client()
    keyer.force_login(
        make_officer("nguoi.nhap", office=team.office, role="keyer"), settings.AUTHENTICATION_BACKENDS[-1]
    )
    assert keyer.get(LIST).status_code == 403
    stranger = a_team(_another(team))
    client = signed_in(stranger, "police")
    assert "row-" not in page(client, LIST)
    page(client, of(item), 404)
    assert client.post(of(item, "nhan/")).status_code == 404


def _another(team: Team) -> Any:
    from tests.app.records_support import offices

    return next(office for office in offices(3) if office.id not in team.officer.office_ids)


def test_ages_of_the_list_are_those_of_the_calendar(team: Team) -> None:
    today = datetime(2026, 11, 30, 3, tzinfo=UTC).date()
    for days in (0, 5, 6, 10, 11, 22, 23, 66, 67):
        (item,) = listed(team, a_check(team))
        opened = datetime(2026, 11, 30, 3, tzinfo=UTC) - (today - add_working_days(today, -days))
        TrackingItem.objects.filter(id=item.id).update(opened_at=opened)
        assert working_days_between(clock.in_vietnam(opened).date(), today) == days
    totals = queries.totals(team.officer, today=today)
    assert {band: sum(counts.values()) for band, counts in totals.bands.items()} == {
        "week": 2, "fortnight": 2, "month": 2, "quarter": 2, "older": 1,
    }  # fmt: skip
    for band in AGE_BANDS:
        found = queries.items(team.officer, queries.Wanted(band=band.code), today=today)
        ages = [working_days_between(clock.in_vietnam(item.opened_at).date(), today) for item in found]
        assert {band_of(age) for age in ages} == {band.code}


def test_items_are_assigned_taken_judged_settled_and_closed_on_their_page(team: Team) -> None:
    (item,) = listed(team, a_check(team, [NAME, BIRTH]))
    officer, police = signed_in(team, "officer"), signed_in(team, "police")
    officer.post(f"{LIST}phan-cong/", {"item": [item.id, "x"], "officer": team.police.officer_id, "next": LIST})
    item.refresh_from_db()
    assert item.assigned_to == team.police.officer_id
    assert "Trần Văn Dũng" in page(police, of(item)) and Entry.objects.filter(verb="record.read").count() == 1
    given = {"version": item.version, "v_full_name": "book", "v_birth": "both_wrong", "r_birth": "gà", "words": "Hồ sơ"}
    refused = police.post(of(item), given)
    assert refused.status_code == 409 and 'value="gà"' in refused.content.decode()
    police.post(of(item), given | {"r_birth": "6/1/2001"})
    item.refresh_from_db()
    assert item.verdict == "both_wrong"
    officer.post(
        of(item, "viec/"), {"version": item.version, "task": "population_adjustment", "task_words": "Kết luận"}
    )
    officer.post(of(item, "lien-he/"), {"way": "phone", "is_reached": "on", "contact_words": "Đã hướng dẫn"})
    item.refresh_from_db()
    text = page(officer, of(item))
    assert "Đã hướng dẫn" in text and "đã bắt đầu" in text
    officer.post(of(item, "ket-thuc/"), {"version": item.version, "closing_words": "Công dân không yêu cầu cải chính"})
    item.refresh_from_db()
    assert item.state == "closed"
    officer.post(of(item, "mo-lai/"), {"version": item.version, "reason": "Công dân yêu cầu lại"})
    item.refresh_from_db()
    assert item.state == "verified"


def test_papers_are_shown_to_the_office_and_every_look_is_in_the_trail(team: Team) -> None:
    item = given(team)
    police = signed_in(team, "police")
    paper = SimpleUploadedFile("to-khai.pdf", a_pdf(), "text/html")
    police.post(of(item, "kem-giay-to/"), {"evidence_file": paper, "evidence_words": "Tờ khai"})
    made = TrackingEvidence.objects.get()
    address = reverse("reconciliation:tracking_evidence", args=[made.id])
    answer = police.get(address)
    assert answer["Content-Type"] == "application/pdf" and Entry.objects.filter(verb="tracking.read").count() == 1
    assert signed_in(a_team(_another(team)), "police").get(address).status_code == 404
    police.post(of(item, "tra-lai/"), {"reason": "Nghỉ phép"})
    police.post(of(item, "nhan/"))
    item.refresh_from_db()
    assert item.assigned_to == team.police.officer_id


def test_what_is_restricted_is_neither_named_nor_opened_without_the_right(team: Team) -> None:
    (item,) = listed(team)
    Participant.objects.filter(id=item.check_of.participant_id).update(restricted=True)
    police, officer = signed_in(team, "police"), signed_in(team, "officer")
    for address in (LIST, f"{LIST}in/"):
        assert "Trần Văn Dũng" not in page(police, address)
        assert "Trần Văn Dũng" in page(officer, address)
    page(police, of(item), 409)


def test_the_workbook_needs_the_right_a_reason_and_leaves_a_line_in_the_trail(team: Team) -> None:
    verified(team, "book", check=a_check(team, [NAME | {"theirs": "=cmd|' /C calc'!A0"}]))
    officer, police = signed_in(team, "officer"), signed_in(team, "police")
    assert police.get(f"{LIST}xuat/").status_code == 403
    page(officer, f"{LIST}xuat/")
    assert officer.post(f"{LIST}xuat/", {"reason": "Họp"})["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(verb="tracking.exported").exists()
    answer = officer.post(f"{LIST}xuat/?trang_thai=officer", {"reason": "Họp thống nhất dữ liệu với công an phường"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2 and "Trần Văn Dũng" in rows[1] and "Sổ hộ tịch đúng" in rows[1]
    cell = next(cell for row in sheet.iter_rows(min_row=2) for cell in row if str(cell.value).startswith("=cmd"))
    assert cell.data_type == "s"
    entry = Entry.objects.get(verb="tracking.exported")
    assert entry.facts == {"items": 1}
    page(officer, f"{LIST}in/")
    assert Entry.objects.get(verb="tracking.printed").facts == {"items": 1}


def test_more_than_a_page_is_asked_for_on_the_same_page_and_fetched_when_it_is_allowed(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking_export, "constant", lambda code: 0)
    verified(team, "book", check=a_check(team, [NAME]))
    officer, why = signed_in(team, "officer"), "Họp thống nhất dữ liệu với công an phường"
    assert officer.post(f"{LIST}xuat/?trang_thai=officer", {"reason": why}).status_code == 302
    made = TrackingExport.objects.get()
    assert officer.post(f"{LIST}xuat/{made.id}/quyet-dinh/", {"viec": "duyet"}).status_code == 403
    assert officer.post(f"{LIST}xuat/{made.id}/tai/").status_code == 302  # not yet
    leader = make_officer(f"leader.{team.office.id}", office=team.office, role="commune_leader", name="Người leader")
    team.officers["leader"] = leader
    page(signed_in(team, "leader"), f"{LIST}xuat/")
    signed_in(team, "leader").post(f"{LIST}xuat/{made.id}/quyet-dinh/", {"viec": "duyet"})
    assert officer.post(f"{LIST}xuat/{made.id}/tai/")["Content-Type"].endswith("sheet")
    assert Entry.objects.get(verb="tracking.exported").facts == {"items": 1, "export": str(made.id)}


def test_what_only_tells_a_part_is_judged_and_settled_on_one_page(team: Team) -> None:
    year = BIRTH | {"kind": "year_only", "ours": "2001", "theirs": "2001-05-01"}
    listed(team, a_check(team, [year]))
    police, officer, here = signed_in(team, "police"), signed_in(team, "officer"), f"{LIST}thieu-ngay/"
    assert "01/05/2001" in page(police, here) and "01/05/2001" not in page(officer, here)
    assert officer.post(f"{here}ket-luan/", {"words": "Sổ cũ"}).status_code == 403
    police.post(f"{here}ket-luan/", {"words": "Sổ cũ chỉ ghi năm"})
    (item,) = TrackingItem.objects.all()
    assert (item.state, item.verdict) == ("verified", "part_only")
    page(police, here)
    page(officer, here)
    officer.post(f"{here}{item.bulk_id}/", {"viec": "ket-thuc"})
    item.refresh_from_db()
    assert item.state == "closed"
    page(officer, f"{LIST}?khac=chi_thieu_ngay&trang_thai=all")
    page(officer, f"{LIST}{item.id}/")
    officer.post(f"{here}{item.bulk_id}/", {"viec": "mo-lai", "reason": "Xem lại"})
    police.post(f"{here}{item.bulk_id}/", {"viec": "rut", "reason": "Nhầm"})
    item.refresh_from_db()
    assert (item.state, item.verdict, item.bulk_id) == ("open", "", None)


@pytest.mark.parametrize(
    ("ids", "reason", "code"),
    [
        (1, "Họp", "reason_too_short"),
        (0, "Họp thống nhất dữ liệu với công an phường", "tracking_export_empty"),
        (51, "Họp thống nhất dữ liệu với công an phường", "tracking_export_not_alone"),
    ],
)
def test_an_export_without_a_reason_or_of_too_much_is_refused(team: Team, ids: int, reason: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        note_export(actor=team.officer, at=AT, item_ids=[uuid4() for _ in range(ids)], reason=reason)
    assert refusal.value.code == code
    with pytest.raises(RuleBroken) as refusal:
        note_export(actor=team.police, at=AT, item_ids=[uuid4()], reason=reason)
    assert refusal.value.code == "not_allowed"


def test_the_navigation_counts_what_waits_for_the_officer(team: Team) -> None:
    given(team, a_check(team, [NAME]))
    listed(team, a_check(team, [BIRTH]), at=AT - timedelta(days=1))
    assert queries.count_waiting(team.police) == 1
    assert queries.count_waiting(team.officer) == 1
    verified(team, "book", check=a_check(team, [MOTHER]))
    assert queries.count_waiting(team.officer) == 2


def test_a_long_list_is_printed_in_parts_that_leave_nothing_out_and_say_nothing_twice(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking_paper, "PRINT_MOST", 2)
    items = sorted((listed(team)[0] for _place in range(5)), key=lambda item: item.id)
    officer = signed_in(team, "officer")
    first = page(officer, f"{LIST}in/?loai=KS")
    links = re.findall(r'<a href="([^"]+)"[^>]*>(\d–\d)</a>', first)
    assert [numbers for _url, numbers in links] == ["1–2", "3–4", "5–5"]
    assert "Tổng số: 5 mục. Phần này: mục 1 đến 2." in first
    # the third leaves the list before the second part is printed: nothing behind it moves
    TrackingItem.objects.filter(id=items[2].id).update(register_type="KH")
    second = page(officer, links[1][0].replace("&amp;", "&"))
    assert "Phần này: mục 3 đến 4." in second
    assert "Phần tiếp theo" not in second
    printed = [entry.facts["items"] for entry in Entry.objects.filter(verb="tracking.printed").order_by("id")]
    assert printed == [2, 2]
    numbers = [item.record.number_text for item in items]
    assert [number in first for number in numbers] == [True, True, False, False, False]
    assert [number in second for number in numbers] == [False, False, False, True, True]
    assert "Phần tiếp theo" in first
    assert page(officer, f"{LIST}in/?tu=khong-phai-ma").count("<tbody>") == 2
    assert f'href="{LIST}?loai=KS"' in second  # back to the list, not to a part of it


def test_a_leader_is_told_how_many_requests_to_take_the_list_away_wait_for_him(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking_export, "constant", lambda code: 0)
    verified(team, "book", check=a_check(team, [NAME]))
    officer = signed_in(team, "officer")
    leader = Client()
    leader.force_login(
        make_officer("lanh.dao", office=team.office, role="commune_leader"), settings.AUTHENTICATION_BACKENDS[-1]
    )
    for address in ("/", LIST):
        assert "chờ duyệt" not in page(leader, address)
    officer.post(f"{LIST}xuat/?trang_thai=officer", {"reason": "Họp thống nhất dữ liệu với công an phường"})
    assert "Xuất danh sách theo dõi chờ duyệt" in page(leader, "/")
    listed_page = page(leader, LIST)
    assert "Đề nghị xuất chờ duyệt" in listed_page
    assert re.search(r'href="/doi-chieu/theo-doi/"[^>]*>.*?Danh sách theo dõi.*?>1<', listed_page, re.DOTALL)
    assert "Đề nghị xuất chờ duyệt" not in page(officer, LIST)
    made = TrackingExport.objects.get()
    leader.post(f"{LIST}xuat/{made.id}/quyet-dinh/", {"viec": "duyet"})
    assert "Đề nghị xuất chờ duyệt" not in page(leader, LIST)
