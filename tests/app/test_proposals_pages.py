"""Pages of duplicates and families: a list, two entries side by side, deciding and undoing; who may; the background."""

from __future__ import annotations

from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from intake_parts import a_pdf
from procrastinate.contrib.django.models import ProcrastinateJob
from records_support import AT, acting, enter, offices
from test_proposals_finding import COUPLE, birth, proposal_of, search

from hotich.audit.models import Entry
from hotich.files.services import store_file
from hotich.persons.models import LinkDecision
from hotich.reconciliation.models import LinkProposal, LinkSearch
from hotich.reconciliation.services.link_searches import advance_search, plan_search
from hotich.reconciliation.tasks import search_links_job
from hotich.records.models import Attachment
from hotich.units.models import Office

pytestmark = pytest.mark.django_db
LIST = "reconciliation:proposals"


def signed_in(office: Office, role: str = "civil_status_officer") -> Client:
    client = Client()
    officer = make_officer(role.replace("_", "."), office=office, role=role)
    client.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
    return client


def family(actor: Any, office: Office) -> None:
    enter(actor, office, "KH", year=1995, **COUPLE)
    enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
    enter(actor, office, "KS", year=2006, **birth("Đặng Thị Diu", "05/01/2001"))
    search(actor, office)


def test_the_list_shows_both_with_reasons_and_a_proposal_shows_the_entries_side_by_side() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        family(actor, office)
        client = signed_in(office)
        page = client.get(reverse(LIST)).content.decode()
        assert "Đặng Thị Dịu" in page
        assert "Ngày sinh giống hệt" in page
        only = client.get(reverse(LIST), {"loai": "parent"}).content.decode()
        assert "Đặng Thị Dịu" not in only
        assert "Đặng Văn Quảng" in only
        one = proposal_of("duplicate_record", "child", "child")
        url = reverse("reconciliation:proposal", args=[one.id])
        found = client.get(url).content.decode()
        assert "<mark>ị</mark>" in found
        assert "Họ tên mẹ giống hệt" in found
        assert "Không có gì mâu thuẫn" in found
        read = Entry.objects.filter(verb="record.read", facts__part="trung_lap").values_list("subject_id", flat=True)
        assert set(read) == {str(one.first.record_id), str(one.second.record_id)}
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        english = client.get(url).content.decode()
        assert "Both entries side by side" in english


def test_the_list_says_that_proposals_of_an_earlier_rule_wait_for_another_search() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        family(actor, office)
        client = signed_in(office)
        assert "quy tắc trước đây" not in client.get(reverse(LIST)).content.decode()
        (one, *_) = LinkProposal.objects.filter(state="open").order_by("id")
        LinkProposal.objects.filter(id=one.id).update(rule_version=0)
        assert "1 đề xuất đang chờ do quy tắc trước đây lập" in client.get(reverse(LIST)).content.decode()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "1 open proposal was weighed by an earlier rule" in client.get(reverse(LIST)).content.decode()


def test_one_key_decides_the_next_one_opens_and_the_last_decision_can_be_undone() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        family(actor, office)
        client = signed_in(office)
        one, other = LinkProposal.objects.filter(kind="parent", state="open").order_by("-score", "id")[:2]
        act = reverse("reconciliation:proposal_decide", args=[one.id])
        here, there = (reverse("reconciliation:proposal", args=[each.id]) for each in (one, other))
        assert client.post(act, {"reason": "x"}).url == here  # type: ignore[attr-defined]
        assert LinkDecision.objects.count() == 0
        assert client.post(act, {"decision": "later"}).url == there  # type: ignore[attr-defined]
        assert client.get(reverse(LIST), {"loai": "parent"}).context["page"].paginator.count == 4  # it still waits
        assert client.post(act, {"decision": "same"}).url == there  # type: ignore[attr-defined]
        assert "Ngày sinh giống hệt" in LinkDecision.objects.get().reason  # the evidence of the page is the reason
        page = client.get(there).content.decode()
        undo = reverse("reconciliation:proposal_undo", args=[one.id])
        assert f'action="{undo}"' in page
        assert client.post(undo).url == here  # type: ignore[attr-defined]
        assert LinkDecision.objects.count() == 0
        assert f'action="{undo}"' not in client.get(there).content.decode()
        client.post(act, {"decision": "apart", "reason": "Xem sổ gốc"})
        assert "Xem sổ gốc" in client.get(here).content.decode()
        client.post(undo, {"reason": "Nhầm"})
        assert "Đã hoàn tác" in client.get(reverse(LIST), {"trang_thai": "all"}).content.decode()


def test_the_scans_of_both_entries_stand_side_by_side() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        family(actor, office)
        one = proposal_of("duplicate_record", "child", "child")
        page = reverse("reconciliation:proposal", args=[one.id])
        client = signed_in(office)
        assert "data-viewer" not in client.get(page).content.decode()
        made = []
        for each in (one.first, one.second):
            kept = store_file(office_id=office.id, name="a.pdf", content=a_pdf(mark=str(each.id)),
                              media_type="application/pdf", actor=actor, at=AT)  # fmt: skip
            made.append(
                Attachment.objects.create(origin_office=office, record_id=each.record_id, file=kept, created_at=AT)
            )
        shown = client.get(page).content.decode()
        places = [shown.index(reverse("records:scan", args=[each.id])) for each in made]
        assert places == sorted(places)


def test_who_may_only_read_decides_nothing_and_other_offices_see_nothing() -> None:
    mine, other = offices(2)
    with acting(mine) as actor:
        family(actor, mine)
        one = LinkProposal.objects.filter(state="open").first()
        assert one is not None
        address = reverse("reconciliation:proposal", args=[one.id])
        leader = signed_in(mine, "commune_leader")
        assert leader.get(address).status_code == 200
        assert "data-decides" not in leader.get(address).content.decode()
        given = {"decision": "same", "reason": "x"}
        assert leader.post(reverse("reconciliation:proposal_decide", args=[one.id]), given).status_code == 403
        assert leader.post(reverse("reconciliation:proposals_search"), {"what": f"office:{mine.id}"}).status_code == 403
        assert signed_in(mine, "keyer").get(reverse(LIST)).status_code == 403
    with acting(other):
        stranger = Client()
        officer = make_officer("stranger", office=other, role="civil_status_officer")
        stranger.force_login(officer, settings.AUTHENTICATION_BACKENDS[-1])
        assert stranger.get(address).status_code == 404
        assert stranger.post(reverse("reconciliation:proposal_decide", args=[one.id]), given).status_code == 404
        assert "Chưa có đề xuất nào" in stranger.get(reverse(LIST)).content.decode()


def test_a_search_runs_in_the_background_once_and_finds_what_the_service_finds() -> None:
    mine, other = offices(2)
    with acting(mine) as actor:
        marriage = enter(actor, mine, "KH", year=1995, **COUPLE)
        enter(actor, mine, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        client = signed_in(mine)
        for _ in range(2):
            client.post(reverse("reconciliation:proposals_search"), {"what": f"book:{marriage.book_id}"})
        client.post(reverse("reconciliation:proposals_search"), {"what": f"office:{other.id}"})
        (job,) = ProcrastinateJob.objects.filter(task_name="reconciliation.search_links_of")
        assert "0 / 2" in client.get(reverse(LIST)).content.decode()
        search_links_job.func(_Context(), **job.args)
        assert LinkProposal.objects.filter(kind="parent").count() == 2
        search = LinkSearch.objects.get()
        assert (search.state, search.looked_at, search.total, search.proposed) == ("done", 2, 2, 2)
        assert "đã xem 2 / 2 người, 2 đề xuất mới" in client.get(reverse(LIST)).content.decode()
        progress = client.get(reverse("reconciliation:link_search_progress", args=[search.id]))
        assert progress.headers["HX-Refresh"] == "true"
        again = plan_search(actor=actor, at=AT, office_id=mine.id)
        search_links_job.func(_Context(), str(again.id), "nobody", mine.id)  # whose right ended
        again.refresh_from_db()
        assert (again.state, again.failure) == ("failed", "officer_unknown")
        assert Entry.objects.filter(verb="proposals.searched").count() == 1


def test_a_search_is_stopped_and_goes_on_behind_its_last_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        enter(actor, office, "KH", year=1995, **COUPLE)
        enter(actor, office, "KS", year=2001, **birth("Đặng Thị Dịu", "05/01/2001"))
        monkeypatch.setattr("hotich.reconciliation.services.link_search.PIECE", 2)
        search = plan_search(actor=actor, at=AT, office_id=office.id)
        assert plan_search(actor=actor, at=AT, office_id=office.id).id == search.id
        assert advance_search(actor=actor, at=AT, search_id=search.id)
        client, act = signed_in(office), reverse("reconciliation:link_search_act", args=[search.id])
        client.post(act, {"act": "stop"})
        assert not advance_search(actor=actor, at=AT, search_id=search.id)
        client.post(act, {"act": "resume"})
        while advance_search(actor=actor, at=AT, search_id=search.id):
            pass
        search.refresh_from_db()
        assert (search.state, search.looked_at, search.total) == ("done", 5, 5)
        assert ProcrastinateJob.objects.filter(task_name="reconciliation.search_links_of").count() == 1


class _Context:
    """The last attempt of a job."""

    class job:
        attempts = 9
