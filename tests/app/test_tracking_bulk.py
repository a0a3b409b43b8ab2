"""Many items that differ only because the book tells a part of a date; and the list taken away by two people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.kernel.problems import RuleBroken
from hotich.reconciliation.models import PopulationCheck, TrackingItem
from hotich.reconciliation.queries.tracking import PART_ONLY, Wanted, items
from hotich.reconciliation.queries.tracking_bulk import bulks
from hotich.reconciliation.services import tracking_bulk
from hotich.reconciliation.services.tracking import assign_items
from hotich.reconciliation.services.tracking_bulk import (
    judge_part_only,
    reopen_settled,
    settle_judged,
    undo_judged,
)
from hotich.reconciliation.services.tracking_export import decide_export, note_export, request_export, use_export
from hotich.reconciliation.services.tracking_verifying import verify_item
from hotich.records.models import Record
from tests.app.tracking_parts import AT, BIRTH, NAME, Team, a_check, a_team, given, listed, verdicts

pytestmark = pytest.mark.django_db
YEAR = {"field": "birth", "kind": "year_only", "ours": "1961", "theirs": "1961-05-03", "is_basic": True}
OTHER_WAY = {**YEAR, "ours": "1961-05-03", "theirs": "1961"}
WORDS = "Sổ cũ chỉ ghi năm sinh, đúng với hồ sơ cư trú"


@pytest.fixture
def team() -> Iterator[Team]:
    made = a_team()
    with office_scope([made.office.id]):
        yield made


def refused(code: str, act: Callable[[], Any]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        act()
    assert refusal.value.code == code


def years(team: Team, number: int, record: Record | None = None) -> list[TrackingItem]:
    """Items of one record whose people differ only by a date told in part: the parents' checks are moved to new roles."""
    first = a_check(team, [YEAR], record=record)
    made = [first]
    for place in range(1, number):
        made.append(
            PopulationCheck.objects.create(
                origin_office=team.office, record=first.record, role=f"r{place}", outcome="different", way="batch",
                differences=[YEAR], decided_at=AT, participant_id=first.participant_id,
            )
        )  # fmt: skip
    return listed(team, *made)


def states(found: list[TrackingItem]) -> list[str]:
    return [TrackingItem.objects.get(id=each.id).state for each in found]


def test_a_piece_is_judged_by_the_police_and_settled_by_another_hand(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking_bulk, "PIECE", 2)
    found = years(team, 3)
    (whole,) = listed(team, a_check(team, [YEAR, NAME]))
    (other,) = listed(team, a_check(team, [OTHER_WAY]))
    assert team.colleague.officer_id is not None
    refused("not_allowed", lambda: judge_part_only(actor=team.officer, at=AT, words=WORDS))
    refused("tracking_words_missing", lambda: judge_part_only(actor=team.police, at=AT, words=" "))
    first = judge_part_only(actor=team.police, at=AT, words=WORDS)
    assert (first.done, first.left) == (2, 1)  # whatever breaks off here goes on with the next one
    second = judge_part_only(actor=team.police, at=AT, words=WORDS, bulk_id=first.bulk_id)
    assert (second.done, second.left) == (1, 0)
    refused("tracking_none_left", lambda: judge_part_only(actor=team.police, at=AT, words=WORDS))
    assert set(states(found)) == {"verified"} and states([whole, other]) == ["open", "open"]
    assert found[0].fields.get().right_value == "1961-05-03"
    assert Entry.objects.filter(verb="tracking.verified").count() == 3
    refused("not_allowed", lambda: settle_judged(actor=team.police, at=AT, bulk_id=first.bulk_id))
    both = replace(team.police, rights=team.police.rights | {"population.settle"})
    refused("tracking_none_left", lambda: settle_judged(actor=both, at=AT, bulk_id=first.bulk_id))
    assert settle_judged(actor=team.officer, at=AT, bulk_id=first.bulk_id).left == 1
    (act,) = bulks(team.officer)
    assert (act.id, act.open, act.closed) == (first.bulk_id, 1, 2)
    # undone: what is settled stays, what is not waits for the police again
    refused("reason_missing", lambda: undo_judged(actor=team.police, at=AT, bulk_id=first.bulk_id, reason=""))
    refused(
        "tracking_none_left", lambda: undo_judged(actor=team.colleague, at=AT, bulk_id=first.bulk_id, reason="Nhầm")
    )
    assert undo_judged(actor=team.police, at=AT, bulk_id=first.bulk_id, reason="Nhầm").done == 1
    assert sorted(states(found)) == ["closed", "closed", "open"]
    assert reopen_settled(actor=team.officer, at=AT, bulk_id=first.bulk_id, reason="Nhầm").done == 2
    assert sorted(states(found)) == ["open", "verified", "verified"]


def test_what_a_colleague_has_and_what_one_found_oneself_is_left(team: Team) -> None:
    mine, his, own = years(team, 3)
    assert team.colleague.officer_id is not None
    assign_items(actor=team.officer, at=AT, item_ids=[his.id], officer_id=team.colleague.officer_id)
    PopulationCheck.objects.filter(id=own.check_of_id).update(decided_by=team.police.officer_id)
    assert judge_part_only(actor=team.police, at=AT, words=WORDS).done == 1
    assert states([mine, his, own]) == ["verified", "verifying", "open"]
    shown = items(team.officer, Wanted(field=PART_ONLY), today=AT.date())
    assert {each.id for each in shown} == {mine.id, his.id, own.id}


def test_only_a_part_is_no_verdict_on_what_really_differs(team: Team) -> None:
    item = given(team, a_check(team, [BIRTH]))
    refused("verdict_not_part_only", lambda: verify_item(
        actor=team.police, at=AT, item_id=item.id, version=item.version, verdicts=verdicts(item, "part_only"), words=WORDS,
    ))  # fmt: skip


def test_more_than_a_page_of_the_list_leaves_only_when_another_officer_allows_it(team: Team) -> None:
    ids = [each.id for each in years(team, 51)]
    asks = replace(team.officer, rights=team.officer.rights | {"export.request"})
    decides = replace(team.colleague, rights=frozenset({"export.approve", "export.request"}))
    why = "Họp thống nhất dữ liệu với công an xã"
    refused("not_allowed", lambda: note_export(actor=team.police, at=AT, item_ids=ids[:50], reason=why))
    note_export(actor=asks, at=AT, item_ids=ids[:50], reason=why)
    refused("tracking_export_not_alone", lambda: note_export(actor=asks, at=AT, item_ids=ids, reason=why))
    refused("reason_too_short", lambda: request_export(actor=asks, at=AT, item_ids=ids, reason="x"))
    made = request_export(actor=asks, at=AT, item_ids=ids, reason=why)
    refused("tracking_export_over", lambda: use_export(actor=asks, at=AT, export_id=made.id))
    both = replace(asks, rights=asks.rights | {"export.approve"})
    refused("second_person_required", lambda: decide_export(actor=both, at=AT, export_id=made.id, approve=True))
    refused("reason_missing", lambda: decide_export(actor=decides, at=AT, export_id=made.id, approve=False))
    decide_export(actor=decides, at=AT, export_id=made.id, approve=True)
    refused("tracking_export_decided", lambda: decide_export(actor=decides, at=AT, export_id=made.id, approve=True))
    refused("tracking_export_unknown", lambda: use_export(actor=decides, at=AT, export_id=made.id))
    for _time in range(3):
        assert len(use_export(actor=asks, at=AT, export_id=made.id).items) == 51
    refused("tracking_export_over", lambda: use_export(actor=asks, at=AT, export_id=made.id))
    assert Entry.objects.filter(verb="tracking.exported").count() == 4
