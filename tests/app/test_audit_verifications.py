"""Verifications that are kept: who asked, how far, what was found; and what the clock does by itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from audit_parts import AT, HOUR, SYSTEM, act, anchors, codes, cut_tail, tamper
from django.conf import settings
from procrastinate.contrib.django import app

from hotich.audit import queries, services, tasks
from hotich.audit.models import Anchor, DayCount, Entry, Verification, VerificationState
from hotich.audit.rules.chain import ChainFault
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["anchors"]


def run(**options: bool) -> Verification:
    asked = services.ask_for_verification(actor=SYSTEM, at=AT, **options)
    return services.run_verification(verification_id=asked.id, clock=lambda: AT + HOUR)


def test_a_verification_is_kept_with_what_it_found(anchors: Path) -> None:
    act(7, 4)
    services.take_anchor(at=AT)
    done = run()
    assert (done.state, done.anchor_number, done.fault_count, done.finished_at) == ("whole", 1, 0, AT + HOUR)
    assert (done.chains, done.chains_done, done.entries) == (2, 2, 5)  # that it was asked for is an entry as well
    cut_tail(7, after=2)
    done = run()
    assert (done.state, done.fault_count) == (VerificationState.FAULTY, 1)
    assert ChainFault(**done.faults[0]) == ChainFault("audit_chain_cut", 3, 7, 1, 4)
    verbs = Entry.objects.filter(verb__startswith="audit.").order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["audit.verification_asked", "audit.verified"] * 2


def test_one_verification_at_a_time_and_only_by_whoever_may(anchors: Path) -> None:
    with pytest.raises(RuleBroken) as refusal:
        services.ask_for_verification(actor=Actor(login="a", office_id=7), at=AT)
    assert refusal.value.code == "not_allowed"
    services.ask_for_verification(actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken) as refusal:
        services.ask_for_verification(actor=SYSTEM, at=AT)
    assert refusal.value.code == "audit_verification_under_way"


def test_a_verification_that_breaks_off_does_not_stand_in_the_way_of_the_next(anchors: Path) -> None:
    anchors.parent.mkdir(parents=True)
    (anchors.parent / "keys.json").write_text("{}")
    asked = services.ask_for_verification(actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken):
        services.run_verification(verification_id=asked.id, clock=lambda: AT)
    asked.refresh_from_db()
    assert asked.state == VerificationState.BROKEN_OFF
    (anchors.parent / "keys.json").unlink()
    assert run().state == VerificationState.WHOLE


def test_since_an_anchor_only_newer_entries_are_read(anchors: Path) -> None:
    act(7, 40)
    services.take_anchor(at=AT)
    act(7, 3)
    found = services.verify_chains(since_anchor=1)
    assert (found.faults, found.entries, found.since_anchor) == ([], 3, 1)


def test_since_an_anchor_a_cut_a_rewritten_and_a_changed_entry_are_found(anchors: Path) -> None:
    act(7, 4)
    act(8, 4)
    services.take_anchor(at=AT)
    act(8, 2)
    cut_tail(7, after=3)
    tamper("update audit_entry set verb = 'x' where chain_office_id = 8 and sequence = 5")
    assert codes(since_anchor=1) == [("audit_chain_cut", 7, 4, 1), ("audit_entry_changed", 8, 5, 0)]
    tamper("update audit_entry set hash = repeat('a', 64) where chain_office_id = 8 and sequence = 4")
    assert ("audit_chain_rewritten", 8, 4, 1) in codes(since_anchor=1)


def test_since_an_anchor_an_older_change_is_left_to_the_whole_verification(anchors: Path) -> None:
    """What is saved is paid for: an entry changed before the anchor, its stored hash left alone, is not read again."""
    act(7, 4)
    services.take_anchor(at=AT)
    tamper("update audit_entry set verb = 'x' where sequence = 2")
    assert codes(since_anchor=1) == []
    assert codes() == [("audit_entry_changed", 7, 2, 0)]


def test_the_next_one_goes_on_from_where_the_last_found_all_whole(anchors: Path) -> None:
    act(7, 4)
    services.take_anchor(at=AT)
    assert run(whole=False).since_anchor is None
    act(7, 4)
    assert run(whole=False).since_anchor == 1
    assert queries.latest_verifications(1)[0].entries < 8


def test_removed_details_are_found(anchors: Path) -> None:
    act(7, 2)
    tamper("delete from audit_detail where entry_id in (select id from audit_entry where sequence = 2)")
    assert codes() == [("audit_detail_missing", 7, 2, 0)]


def test_many_missing_entries_are_one_finding(anchors: Path) -> None:
    act(7, 3000, detail=False)
    tamper("delete from audit_entry where sequence between 10 and 2500")
    assert services.verify_chains().faults == [ChainFault("audit_entry_missing", 10, 7, 0, 2500)]


def test_the_clock_takes_anchors_verifies_and_counts(anchors: Path) -> None:
    planned = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert {"audit.take_anchor", "audit.verify_since_anchor", "audit.verify_whole"} <= planned
    act(7, 4)
    tasks.take_anchor_job(0)
    assert Anchor.objects.count() == 1
    assert dict(DayCount.objects.values_list("day", "entries")).get(date(2026, 11, 25), 4) == 4
    tasks.verify_since_anchor_job(0)
    assert queries.latest_verifications(1)[0].state == VerificationState.WHOLE


def test_an_anchor_that_cannot_be_taken_is_explained_by_a_verification(anchors: Path) -> None:
    act(7, 4)
    tasks.take_anchor_job(0)
    cut_tail(7, after=2)
    tasks.take_anchor_job(0)
    assert Anchor.objects.count() == 1
    assert queries.latest_verifications(1)[0].state == VerificationState.FAULTY


def test_finished_days_are_counted_once_by_the_clock_in_vietnam(anchors: Path) -> None:
    evening = AT.replace(hour=18)  # already tomorrow in Vietnam
    act(7, 3, at=AT)
    act(7, 2, at=evening)
    assert services.count_finished_days(at=AT) == 0
    assert services.count_finished_days(at=AT + timedelta(days=2)) == 2
    assert services.count_finished_days(at=AT + timedelta(days=2)) == 0
    days = [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
    expected = [(days[0], 0), (days[1], 3), (days[2], 2)]
    assert queries.entries_by_day(days, None) == expected
    assert queries.entries_by_day(days, frozenset({7})) == expected
    assert queries.entries_by_day(days, frozenset({8})) == [(day, 0) for day in days]
    assert settings.TIME_ZONE == "Asia/Ho_Chi_Minh"
