"""Pages of duplicates and families: a list, two entries side by side, deciding and undoing; who may; the background."""

from __future__ import annotations

from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from records_support import AT, acting, enter, offices
from test_proposals_finding import COUPLE, birth, proposal_of, search

from hotich.audit.models import Entry
from hotich.persons.models import LinkDecision
from hotich.reconciliation.models import LinkProposal
from hotich.reconciliation.tasks import search_links_job
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


def test_a_decision_leads_to_the_next_one_and_can_be_undone() -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        family(actor, office)
        client = signed_in(office)
        one, other = LinkProposal.objects.filter(kind="parent", state="open").order_by("-score", "id")[:2]
        act = reverse("reconciliation:proposal_decide", args=[one.id])
        assert client.post(act, {"reason": "x"}).url == reverse("reconciliation:proposal", args=[one.id])  # type: ignore[attr-defined]
        assert LinkDecision.objects.count() == 0
        to = client.post(act, {"decision": "same", "reason": "Xem sổ gốc"}).url  # type: ignore[attr-defined]
        assert to == reverse("reconciliation:proposal", args=[other.id])
        page = client.get(reverse("reconciliation:proposal", args=[one.id])).content.decode()
        assert "Xem sổ gốc" in page
        client.post(reverse("reconciliation:proposal_undo", args=[one.id]), {"reason": "Nhầm"})
        assert LinkDecision.objects.count() == 0
        assert "Đã hoàn tác" in client.get(reverse(LIST), {"trang_thai": "all"}).content.decode()


def test_who_may_only_read_decides_nothing_and_other_offices_see_nothing() -> None:
    mine, other = offices(2)
    with acting(mine) as actor:
        family(actor, mine)
        one = LinkProposal.objects.filter(state="open").first()
        assert one is not None
        address = reverse("reconciliation:proposal", args=[one.id])
        leader = signed_in(mine, "commune_leader")
        assert leader.get(address).status_code == 200
        assert 'data-opens-dialog="accept"' not in leader.get(address).content.decode()
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
        (job,) = ProcrastinateJob.objects.filter(task_name="reconciliation.search_links")
        assert job.queueing_lock == f"links-{marriage.book_id}"
        search_links_job(**job.args)
        assert LinkProposal.objects.filter(kind="parent").count() == 2
        search_links_job(login="nobody", office_id=mine.id, book_id="")  # whose right ended: nothing happens
        assert Entry.objects.filter(verb="proposals.searched").count() == 1
        assert LinkProposal.objects.filter(proposed_at__gt=AT).exists()
