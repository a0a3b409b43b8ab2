"""A proposal a bulk cannot accept or take back is put aside and told; all others of its block are done; it is tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from records_support import AT, acting, actor_at, offices
from test_proposals_bulk import families, look_at_sample, refused
from test_proposals_pages import signed_in

from hotich.audit.models import Entry
from hotich.audit.queries import faults_of_chain
from hotich.database.roles import as_owner
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import LinkDecision
from hotich.reconciliation import tasks
from hotich.reconciliation.models import FaultyItem, LinkBulk, LinkProposal
from hotich.reconciliation.queries.faulty_items import faulty_items
from hotich.reconciliation.services import link_bulks as services
from hotich.reconciliation.services.proposals import decide_proposal
from hotich.records.models import Record

pytestmark = pytest.mark.django_db
SECRET = "Nguyễn Thị Bí Mật"


@pytest.fixture(autouse=True)
def sample_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    real = services.constant
    monkeypatch.setattr(services, "constant", lambda code: 2 if code == "population_bulk_sample" else real(code))


@pytest.fixture
def refusing() -> Iterator[Callable[..., None]]:
    """Have the database refuse decisions where a condition holds, with this SQLSTATE."""

    def refuse(when: str, condition: str, state: str = "P0001") -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "create or replace function no_decision() returns trigger language plpgsql as "
                f"$$ begin raise exception '{SECRET}' using errcode = '{state}'; end $$;"
                "drop trigger if exists no_decision on link_decision;"
                f"create trigger no_decision before {when} on link_decision for each row when ({condition}) "
                "execute function no_decision()"
            )

    yield refuse
    mended()


def mended() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("drop trigger if exists no_decision on link_decision")


class Bulk:
    """A bulk of eight, two of them looked at, about to accept the six others. Reads go in a scope of their own: a trigger is
    made by the owner, in no transaction of an office."""

    def __init__(self) -> None:
        (self.office,) = offices(1)
        self.actor = actor_at(self.office)
        with acting(self.office) as actor:
            families(actor, self.office)
            made = services.plan_bulk(actor=actor, at=AT, kind="parent", bits=20)
            look_at_sample(actor, made)
            self.id = services.start_bulk(actor=actor, at=AT, bulk_id=made.id).id
            rows = LinkProposal.objects.filter(bulk=made, in_sample=False).select_related("first", "second")
            self.rest = list(rows.order_by("-score", "id"))
        self.page = reverse("reconciliation:link_bulk", args=[self.id])

    def carried_out(self) -> LinkBulk:
        while services.work_on_bulk(actor=self.actor, at=AT, bulk_id=self.id):
            pass
        return self.now()

    def act(self, act: Callable[..., LinkBulk], **more: Any) -> None:
        act(actor=self.actor, at=AT, bulk_id=self.id, **more)

    def refused(self, act: Callable[..., LinkBulk]) -> str:
        return refused(act, actor=self.actor, bulk_id=self.id)

    def job(self, attempts: int = tasks.ATTEMPTS - 1) -> None:
        context = type("Context", (), {"job": type("Job", (), {"attempts": attempts})})()
        tasks.link_bulk_job.func(context, str(self.id), "civil.status.officer", self.office.id)

    def now(self) -> LinkBulk:
        with office_scope([self.office.id]):
            return LinkBulk.objects.get(id=self.id)

    def items(self) -> list[tuple[object, str, str, int]]:
        with office_scope([self.office.id]):
            return list(faulty_items(self.now()).values_list("proposal_id", "reason", "code", "tries"))

    def stored(self) -> list[FaultyItem]:
        with office_scope([self.office.id]):
            return list(FaultyItem.objects.all())

    def facts(self) -> list[dict[str, Any]]:
        with office_scope([self.office.id]):
            return list(Entry.objects.filter(subject_id=str(self.id)).values_list("facts", flat=True))

    def states(self) -> list[str]:
        with office_scope([self.office.id]):
            found = dict(LinkProposal.objects.filter(bulk_id=self.id).values_list("id", "state"))
            return [found[each.id] for each in self.rest]

    def decisions(self) -> dict[object, object]:
        with office_scope([self.office.id]):
            return dict(LinkProposal.objects.filter(bulk_id=self.id).values_list("id", "decision_id"))


def pair_of(row: LinkProposal) -> str:
    return f"new.first_id = '{row.first_id}' and new.second_id = '{row.second_id}'"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", [0, 3, 5])
def test_the_one_the_database_refuses_is_put_aside_wherever_it_stands_and_accepted_once_it_is_mended(
    refusing: Callable[..., None], place: int
) -> None:
    bulk = Bulk()
    bad = bulk.rest[place]
    refusing("insert", pair_of(bad))
    done = bulk.carried_out()
    assert (done.state, done.accepted, done.stale) == ("done", 5, 0)
    assert bulk.items() == [(bad.id, "database", "", 1)]
    assert bulk.states() == ["open" if at == place else "accepted" for at in range(6)]
    (item,) = bulk.stored()
    assert (item.record_id, item.role) == (bad.first.record_id, bad.first.role)
    assert "P0001" in item.error
    assert SECRET not in f"{item.error} {bulk.facts()}"
    assert sum(each.get("faulty_items", 0) for each in bulk.facts()) == 1

    bulk.act(services.retry_bulk)  # nothing is mended yet
    assert (bulk.carried_out().state, bulk.items()) == ("done", [(bad.id, "database", "", 2)])
    mended()
    bulk.act(services.retry_bulk)
    last = bulk.carried_out()
    assert (last.state, last.accepted, bulk.items(), bulk.stored()) == ("done", 6, [], [])
    assert bulk.states() == ["accepted"] * 6
    assert bulk.refused(services.retry_bulk) == "bulk_nothing_to_retry"
    with office_scope([bulk.office.id]):
        assert LinkDecision.objects.count() == 8
        assert faults_of_chain(bulk.office.id) == []


def test_one_a_rule_refuses_and_one_a_program_cannot_read_are_both_found_and_decided_by_hand_leave_the_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bulk = Bulk()
    ruled, unread = bulk.rest[1], bulk.rest[4]
    decide = services.decide_links

    def raising(*, pairs: Any, **more: Any) -> Any:
        if (ruled.first_id, ruled.second_id) in pairs:
            raise RuleBroken("participant_unknown")
        if (unread.first_id, unread.second_id) in pairs:
            raise ValueError(SECRET)
        return decide(pairs=pairs, **more)

    monkeypatch.setattr(services, "decide_links", raising)
    done = bulk.carried_out()
    assert set(bulk.items()) == {(ruled.id, "rule", "participant_unknown", 1), (unread.id, "value", "", 1)}
    assert (done.state, done.stale, done.accepted) == ("done", 0, 4)
    for row in (ruled, unread):
        decide_proposal(actor=bulk.actor, at=AT, proposal_id=row.id, same=row is ruled, reason="Đã xem hai bản ghi")
    assert bulk.items() == []
    assert bulk.refused(services.retry_bulk) == "bulk_nothing_to_retry"


def test_a_record_removed_meanwhile_and_a_proposal_that_is_gone_keep_nobody_else_from_being_accepted() -> None:
    bulk = Bulk()
    with office_scope([bulk.office.id]):
        Record.objects.filter(id=bulk.rest[2].first.record_id).update(state="void")
        deleted = bulk.rest[5]
        LinkProposal.objects.filter(id=deleted.id).delete()  # as when its participant is entered anew
    stale = [row for row in bulk.rest if bulk.rest[2].first.record_id in (row.first.record_id, row.second.record_id)]
    stale = [row for row in stale if row.id != deleted.id]
    done = bulk.carried_out()
    assert (done.state, done.stale, done.accepted, bulk.items()) == ("done", len(stale), 5 - len(stale), [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["57P01", "53100", "40P01"])  # shut down, disk full, deadlock
def test_an_outage_is_no_proposal_s_fault_and_nothing_is_lost(refusing: Callable[..., None], state: str) -> None:
    bulk = Bulk()
    refusing("insert", "true", state)
    with pytest.raises(OperationalError):
        bulk.carried_out()
    assert (bulk.now().accepted, bulk.stored(), bulk.states()) == (0, [], ["open"] * 6)
    mended()
    assert bulk.carried_out().accepted == 6


def test_what_keeps_every_proposal_from_being_accepted_fails_the_bulk_and_puts_none_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bulk = Bulk()
    signed_in(bulk.office)
    decide = services.decide_links

    def broken(**_given: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(services, "decide_links", broken)
    monkeypatch.setattr(services, "MOST_IN_A_ROW", 4)
    with pytest.raises(KeyError):
        bulk.job()
    assert (bulk.now().state, bulk.now().failure, bulk.stored()) == ("failed", "links_broken", [])
    monkeypatch.setattr(services, "decide_links", decide)
    bulk.act(services.resume_bulk)
    assert bulk.carried_out().accepted == 6


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_taken_back_stays_accepted_and_is_taken_back_later(refusing: Callable[..., None]) -> None:
    bulk = Bulk()
    bulk.carried_out()
    bad = bulk.rest[2]
    refusing("delete", f"old.id = '{bulk.decisions()[bad.id]}'")
    bulk.act(services.undo_bulk, reason="Mức quá thấp")
    done = bulk.carried_out()
    assert (done.state, done.undone, bulk.items()) == ("undone", 5, [(bad.id, "database", "", 1)])
    assert bulk.states() == ["undone", "undone", "accepted", "undone", "undone", "undone"]
    mended()
    bulk.act(services.retry_bulk)
    last = bulk.carried_out()
    assert (last.state, last.undone, bulk.items()) == ("undone", 6, [])


@pytest.mark.django_db(transaction=True)
def test_taking_back_that_met_an_outage_says_so_and_goes_on_by_a_press(refusing: Callable[..., None]) -> None:
    bulk = Bulk()
    bulk.carried_out()
    refusing("delete", "true", "53100")
    bulk.act(services.undo_bulk, reason="Mức quá thấp")
    client = signed_in(bulk.office)
    with pytest.raises(OperationalError):
        bulk.job()
    text = client.get(bulk.page).content.decode()
    assert "Có lỗi của hệ thống" in text
    assert 'value="resume"' in text
    assert client.get(f"{bulk.page}tien-do/").headers["HX-Refresh"] == "true"
    mended()
    client.post(f"{bulk.page}viec/", {"act": "resume"})
    done = bulk.carried_out()
    assert (done.state, done.undone, done.failure) == ("undone", 6, "")


@pytest.mark.django_db(transaction=True)
def test_the_page_tells_which_why_and_what_to_do_and_a_button_tries_again(refusing: Callable[..., None]) -> None:
    bulk = Bulk()
    bad = bulk.rest[1]
    refusing("insert", pair_of(bad))
    bulk.carried_out()
    client = signed_in(bulk.office)
    part = client.get(bulk.page).content.decode().partition('id="muc-gap-loi"')[2].partition("</section>")[0]
    for wanted in ("1 mục gặp lỗi, đã để riêng", "Cơ sở dữ liệu không nhận kết quả của đề xuất này", "P0001",
                   reverse("reconciliation:proposal", args=[bad.id]), "Gửi mã lỗi", 'value="retry"'):  # fmt: skip
        assert wanted in part
    assert bad.first.full_name not in part
    assert "1 mục gặp lỗi" in client.get(reverse("reconciliation:link_bulks")).content.decode()
    mended()
    before = ProcrastinateJob.objects.filter(task_name="reconciliation.link_bulk").count()
    client.post(f"{bulk.page}viec/", {"act": "retry"})
    assert ProcrastinateJob.objects.filter(task_name="reconciliation.link_bulk").count() == before + 1
    told = client.post(f"{bulk.page}viec/", {"act": "retry"}, follow=True).content.decode()  # pressed twice
    assert "đang ở bước khác" in told
    bulk.job()
    assert bulk.now().accepted == 6
    assert "mục gặp lỗi" not in client.get(bulk.page).content.decode()
    leader = signed_in(bulk.office, "commune_leader")
    assert leader.post(f"{bulk.page}viec/", {"act": "retry"}).status_code == 403
