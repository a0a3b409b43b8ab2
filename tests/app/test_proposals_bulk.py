"""Many proposals at once: a limit, a sample looked at first, block by block, gone on with after a kill, taken back whole."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from records_support import AT, acting, actor_at, enter, offices
from test_proposals_finding import search
from test_proposals_pages import _Context, signed_in

from hotich.audit.models import Entry
from hotich.kernel.problems import RuleBroken
from hotich.persons.models import LinkDecision, PersonLink
from hotich.persons.services import decide_link
from hotich.reconciliation.models import LinkBulk, LinkProposal
from hotich.reconciliation.services import link_bulks as services
from hotich.reconciliation.services.proposals import decide_proposal
from hotich.reconciliation.tasks import link_bulk_job
from hotich.units.models import Office

pytestmark = pytest.mark.django_db
NAMES = ("An", "Bình", "Cường", "Dũng")


@pytest.fixture
def sample_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    real = services.constant
    monkeypatch.setattr(services, "constant", lambda code: 2 if code == "population_bulk_sample" else real(code))
    monkeypatch.setattr(services, "BLOCK", 3)


def families(actor: Any, office: Office) -> None:
    """Four marriages, each with a child in another book: eight parents to be found."""
    for place, name in enumerate(NAMES):
        day = f"{place + 3:02}/0{place + 2}/19{70 + place}"
        husband, wife = f"Đặng Văn {name}", f"Lê Thị {name} Hoa"
        enter(actor, office, "KH", year=1995, number=place + 1, husband_full_name=husband, husband_birth_date=day,
              wife_full_name=wife, wife_birth_date=day)  # fmt: skip
        enter(actor, office, "KS", year=2001, number=place + 1, child_full_name=f"Đặng Thị {name} Mai",
              child_sex="2", child_birth_date=f"0{place + 1}/01/2001", father_full_name=husband,
              father_birth_date=day, mother_full_name=wife, mother_birth_date=day)  # fmt: skip
    search(actor, office)
    LinkProposal.objects.update(score=25, margin=None)  # whatever the model says of them


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(RuleBroken) as told:
        act(at=AT, **given)
    return told.value.code


def look_at_sample(actor: Any, bulk: LinkBulk, *, same: bool = True) -> None:
    for each in list(LinkProposal.objects.filter(bulk=bulk, in_sample=True, state="open")):
        decide_proposal(actor=actor, at=AT, proposal_id=each.id, same=same, reason="Đã xem")
        if not same:
            return


def test_a_bulk_is_accepted_after_its_sample_and_undone_whole(sample_of_two: None) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        families(actor, office)
        before = sorted(PersonLink.objects.values_list("participant_id", "person_id"))
        bulk = services.plan_bulk(actor=actor, at=AT, kind="parent", bits=20)
        assert (bulk.total, bulk.sampled) == (8, 2)
        assert refused(services.plan_bulk, actor=actor, kind="parent", bits=20) == "bulk_under_way"
        assert refused(services.start_bulk, actor=actor, bulk_id=bulk.id) == "bulk_sample_waits"
        look_at_sample(actor, bulk)
        services.start_bulk(actor=actor, at=AT, bulk_id=bulk.id)
        assert services.work_on_bulk(actor=actor, at=AT, bulk_id=bulk.id)
        services.stop_bulk(actor=actor, at=AT, bulk_id=bulk.id)
        assert not services.work_on_bulk(actor=actor, at=AT, bulk_id=bulk.id)
        assert LinkDecision.objects.count() == 5
        services.resume_bulk(actor=actor, at=AT, bulk_id=bulk.id)
        while services.work_on_bulk(actor=actor, at=AT, bulk_id=bulk.id):
            pass
        bulk.refresh_from_db()
        assert (bulk.state, bulk.accepted, bulk.stale) == ("done", 6, 0)
        assert LinkProposal.objects.filter(state="accepted", by_rule="bulk").count() == 6
        assert LinkDecision.objects.count() == 8
        assert refused(services.undo_bulk, actor=actor, bulk_id=bulk.id, reason=" ") == "reason_missing"
        services.undo_bulk(actor=actor, at=AT, bulk_id=bulk.id, reason="Mức quá thấp")
        while services.work_on_bulk(actor=actor, at=AT, bulk_id=bulk.id):
            pass
        bulk.refresh_from_db()
        assert (bulk.state, bulk.undone, LinkDecision.objects.count()) == ("undone", 6, 2)  # the sample is a human's
        for each in LinkProposal.objects.filter(in_sample=True, state="accepted"):
            assert each.by_rule == ""
        assert len(before) == PersonLink.objects.count()
        assert Entry.objects.filter(verb="proposals.bulk_block").count() == 2
        assert Entry.objects.filter(verb="proposal.undone", subject_kind="proposal").count() == 6


def test_one_refused_of_the_sample_ends_the_bulk_and_frees_the_others(sample_of_two: None) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        families(actor, office)
        bulk = services.plan_bulk(actor=actor, at=AT, kind="parent", bits=20)
        look_at_sample(actor, bulk, same=False)
        bulk.refresh_from_db()
        assert bulk.state == "refused"
        assert LinkProposal.objects.filter(state="open", bulk__isnull=True).count() == 7
        assert refused(services.start_bulk, actor=actor, bulk_id=bulk.id) == "bulk_not_in_state"
        again = services.plan_bulk(actor=actor, at=AT, kind="parent", bits=20)
        services.give_up_bulk(actor=actor, at=AT, bulk_id=again.id)
        assert not LinkProposal.objects.filter(state="open", bulk__isnull=False).exists()


def test_what_a_bulk_may_not_take_in_is_refused_by_code() -> None:
    mine, other = offices(2)
    with acting(mine) as actor:
        assert refused(services.plan_bulk, actor=actor, kind="duplicate_record", bits=30) == "bulk_kind"
        assert refused(services.plan_bulk, actor=actor, kind="parent", bits=5) == "bulk_limit_too_low"
        assert refused(services.plan_bulk, actor=actor, kind="parent", bits=30) == "bulk_empty"
        reader = actor_at(mine, rights=frozenset({"person.read"}))
        assert refused(services.plan_bulk, actor=reader, kind="parent", bits=30) == "not_allowed"
        families(actor, mine)
        bulk = services.plan_bulk(actor=actor, at=AT, kind="parent", bits=20)
        stranger = actor_at(other)
        assert refused(services.start_bulk, actor=stranger, bulk_id=bulk.id) == "bulk_unknown"


def test_a_block_joins_nobody_whom_another_entry_keeps_apart(sample_of_two: None) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        families(actor, office)
        bulk = services.plan_bulk(actor=actor, at=AT, kind="parent", bits=20)
        look_at_sample(actor, bulk)
        # a human says meanwhile that two of the rest are two people
        one = LinkProposal.objects.filter(bulk=bulk, state="open").first()
        assert one is not None
        decide_link(actor=actor, at=AT, first_id=one.first_id, second_id=one.second_id, same=False, reason="Hai người")
        services.start_bulk(actor=actor, at=AT, bulk_id=bulk.id)
        while services.work_on_bulk(actor=actor, at=AT, bulk_id=bulk.id):
            pass
        bulk.refresh_from_db()
        one.refresh_from_db()
        assert (bulk.accepted, bulk.stale, one.state) == (5, 1, "stale")
        assert LinkDecision.objects.filter(same=False).count() == 1


def test_the_pages_plan_show_the_sample_and_start_in_the_background(sample_of_two: None) -> None:
    (office,) = offices(1)
    with acting(office) as actor:
        families(actor, office)
        client, leader = signed_in(office), signed_in(office, "commune_leader")
        address = reverse("reconciliation:link_bulks")
        assert "8 đề xuất đủ điều kiện" in client.get(address).content.decode()
        assert "phải từ 20 bit" in client.post(address, {"kind": "parent", "bits": "12"}).content.decode()
        page = client.post(address, {"kind": "parent", "bits": "20"}).url  # type: ignore[attr-defined]
        bulk, act = LinkBulk.objects.get(), f"{page}viec/"
        assert "Xem mẫu" in client.get(page).content.decode()
        assert "Xem mẫu</a>" not in leader.get(page).content.decode()
        assert leader.post(act, {"act": "start"}).status_code == 403
        client.post(act, {"act": "start"})
        assert not ProcrastinateJob.objects.filter(task_name="reconciliation.link_bulk").exists()
        first = LinkProposal.objects.filter(bulk=bulk, in_sample=True).order_by("id")[0]
        decide = reverse("reconciliation:proposal_decide", args=[first.id])
        second = client.post(decide, {"decision": "same"}).url  # type: ignore[attr-defined]
        assert "Mẫu của một loạt: còn 1 / 2" in client.get(second).content.decode()
        assert client.post(f"{second}quyet-dinh/", {"decision": "same"}).url == page  # type: ignore[attr-defined]
        assert "nhiều nhất" in client.get(page).content.decode()
        client.post(act, {"act": "start"})
        assert "0 / 6" in client.get(page).content.decode()
        (job,) = ProcrastinateJob.objects.filter(task_name="reconciliation.link_bulk")
        link_bulk_job.func(_Context(), **job.args)
        assert client.get(f"{page}tien-do/").headers["HX-Refresh"] == "true"
        assert "Hoàn tác cả loạt" in client.get(page).content.decode()
        client.post(act, {"act": "undo", "reason": "Thử"})
        bulk.refresh_from_db()
        assert bulk.state == "undoing"


def test_what_only_the_names_of_a_couple_speak_for_is_never_accepted_in_bulk() -> None:
    (office,) = offices(1)
    couple = {"father_full_name": "Giàng A Páo", "mother_full_name": "Thào Thị Mỷ"}
    with acting(office) as actor:
        for place, name in enumerate(("Giàng A Sính", "Giàng Thị Dợ")):
            enter(actor, office, "KS", year=1985 + 3 * place, child_full_name=name, child_sex=str(place + 1),
                  child_birth_date=f"05/01/{1985 + 3 * place}", **couple)  # fmt: skip
        search(actor, office)
        assert LinkProposal.objects.filter(kind="same_person").update(score=25, margin=None) == 2
        assert refused(services.plan_bulk, actor=actor, kind="same_person", bits=20) == "bulk_empty"
        for row in LinkProposal.objects.all():  # told by their year, they qualify
            row.evidence = [
                each | {"level": "part_unknown"} if each["field"] == "birth" else each for each in row.evidence
            ]
            row.save()
        assert services.plan_bulk(actor=actor, at=AT, kind="same_person", bits=20).total == 2
