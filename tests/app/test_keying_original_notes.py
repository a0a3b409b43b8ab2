"""A note only the second original has is written beside the record by one act, and that act is taken back (H6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from hotich.audit.models import Entry as AuditEntry
from hotich.database.scope import office_scope
from hotich.intake.services.approval import approve_cases
from hotich.keying.models import Entry, OriginalDecision
from hotich.keying.queries.original_notes import unwritten_notes
from hotich.keying.rules.originals import PointDecided
from hotich.keying.services.original_notes import take_back_note_of_original, write_note_of_original
from hotich.keying.services.originals import take_back_original
from hotich.records.models import Annotation, Record
from tests.app.keying_checking_parts import entries_of, values_of
from tests.app.keying_inventory_parts import refused
from tests.app.keying_parts import AT, Team, a_team
from tests.app.test_keying_check_pages import as_
from tests.app.test_keying_original_decisions import CLEARER, OTHER_NAME, both, case_of, decided

pytestmark = pytest.mark.django_db
REISSUED = {"kind": "reissue", "text": "Đã cấp lại bản chính ngày 5/6/2018"}
ADOPTED = {"kind": "adoption", "text": "Đã được nhận làm con"}


def second_with(
    team: Team, *notes: dict[str, Any], first: tuple[dict[str, Any], ...] = (), is_record: bool = True
) -> Entry:
    """A case of which the commune's original was approved and the district's has these notes; none of it decided."""
    one, two = both(team, [values_of(1)], [values_of(1)], notes=[first, notes])
    [held] = entries_of(team, two)
    if is_record:
        approve_cases(actor=team.approver, at=AT, case_ids=[entries_of(team, one)[0].case_id])
    return held


def notes_of_record(team: Team) -> list[tuple[str, str, bool]]:
    with office_scope([team.office.id]):
        return [(each.text, each.original, each.in_force) for each in Annotation.objects.order_by("sequence")]


def test_a_note_decided_for_is_written_by_one_act_with_its_source_and_taken_back_by_another() -> None:
    team = a_team()
    second = second_with(team, REISSUED)
    row = decided(team, second, PointDecided("note.1", "second", CLEARER))
    assert (row.notes_left, notes_of_record(team)) == (1, []), "the checker's decision writes nothing on a record"
    with office_scope([team.office.id]):
        assert [number for _, number in unwritten_notes(team.checker)] == [1]
    asked = {"at": AT, "entry_id": second.id, "field": "note.1"}
    with refused("not_allowed"):
        write_note_of_original(actor=team.checker, **asked)
    for _ in range(2):  # a second press writes nothing more
        write_note_of_original(actor=team.officer, **asked)
    assert notes_of_record(team) == [(REISSUED["text"], "district", True)]
    with office_scope([team.office.id]):
        assert unwritten_notes(team.checker) == []
        assert AuditEntry.objects.filter(verb="record.annotated").count() == 1
    with refused("original_note_written"):
        take_back_original(actor=team.checker, at=AT, entry_id=second.id)
    take_back_note_of_original(actor=team.officer, **asked)
    assert notes_of_record(team) == [(REISSUED["text"], "district", False)]
    take_back_original(actor=team.checker, at=AT, entry_id=second.id)
    with office_scope([team.office.id]):
        assert OriginalDecision.objects.count() == 0


def test_a_note_that_says_it_otherwise_gives_way_and_comes_back() -> None:
    team = a_team()
    clearer = {**REISSUED, "text": "Đã cấp lại bản chính ngày 15/6/2018"}
    second = second_with(team, clearer, first=(REISSUED,))
    decided(team, second, PointDecided("note.1", "second", "keyed_wrong"))
    asked = {"actor": team.officer, "at": AT, "entry_id": second.id, "field": "note.1"}
    write_note_of_original(**asked)
    assert notes_of_record(team) == [(REISSUED["text"], "", False), (clearer["text"], "district", True)]
    take_back_note_of_original(**asked)
    assert notes_of_record(team)[1:] == [(clearer["text"], "district", False), (REISSUED["text"], "", True)]


def test_a_note_decided_for_before_approval_comes_with_the_record_and_names_its_original() -> None:
    team = a_team()
    second = second_with(team, REISSUED, is_record=False)
    row = decided(team, second, PointDecided("note.1", "second", CLEARER))
    assert (row.notes_left, row.first_case is not None) == (0, True)
    assert row.first_case is not None
    approve_cases(actor=team.approver, at=AT, case_ids=[row.first_case.id])
    assert notes_of_record(team) == [(REISSUED["text"], "district", True)]


def test_what_was_noted_on_the_record_by_hand_is_no_difference_any_more() -> None:
    team = a_team()
    second = second_with(team, REISSUED)
    with office_scope([team.office.id]):
        Annotation.objects.create(
            record=Record.objects.get(), origin_office=team.office, sequence=1, created_at=AT, **REISSUED
        )
    assert decided(team, second).outcome == "same"


def test_a_note_nobody_decided_about_is_not_written() -> None:
    team = a_team()
    second = second_with(team, REISSUED)
    asked = {"actor": team.officer, "at": AT, "entry_id": second.id, "field": "note.1"}
    with refused("entry_unknown"):
        write_note_of_original(**asked)
    decided(team, second, PointDecided("note.1", "first", CLEARER))
    with refused("original_note_unknown"):
        write_note_of_original(**asked)


def test_the_note_is_offered_in_the_queue_on_the_decision_and_on_the_record() -> None:
    team = a_team()
    second = second_with(team, REISSUED)
    decided(team, second, PointDecided("note.1", "second", CLEARER))
    checker, officer = as_(team, "checker"), as_(team, "officer")
    act, closed = (reverse(f"keying:{name}", args=[second.id]) for name in ("original_note", "original"))
    assert closed in checker.get(reverse("keying:checking")).content.decode()
    assert act not in checker.get(closed).content.decode(), "a checker may not annotate"
    with office_scope([team.office.id]):
        record = Record.objects.get()
    beside = reverse("keying:original_of_record", args=[record.id])
    assert act in officer.get(beside).content.decode()
    answer = officer.post(act, {"field": "note.1", "act": "write", "back": "record"})
    assert answer["Location"] == reverse("records:record", args=[record.id]) + "?phan=ghi-chu"
    assert "đã ghi vào bản ghi" in officer.get(beside).content.decode()
    noted = officer.get(reverse("records:record", args=[record.id]), {"phan": "ghi-chu"}).content.decode()
    assert "Bản lưu cấp huyện" in noted
    assert checker.post(act, {"field": "note.1"}).status_code == 403


def test_a_restricted_note_of_the_other_original_is_hidden_from_whoever_may_not_see_it() -> None:
    team = a_team()
    second = second_with(team, ADOPTED)
    decided(team, second, PointDecided("note.1", "second", CLEARER))
    with office_scope([team.office.id]):
        address = reverse("keying:original_of_record", args=[Record.objects.get().id])
    assert ADOPTED["text"] in as_(team, "officer").get(address).content.decode()
    shown = as_(team, "approver").get(address).content.decode()
    assert ADOPTED["text"] not in shown
    assert "Hai bản lưu khác nhau ở nội dung bạn không được xem." in shown
    act = reverse("keying:original_note", args=[second.id])
    assert as_(team, "approver").post(act, {"field": "note.1"}).status_code in (403, 404)
    assert notes_of_record(team) == []


def test_a_name_and_a_note_are_decided_together_and_the_name_goes_to_a_repair() -> None:
    team = a_team()
    one, two = both(team, [values_of(1)], [values_of(1, child_full_name=OTHER_NAME)], notes=[(), (REISSUED,)])
    [first], [second] = entries_of(team, one), entries_of(team, two)
    approve_cases(actor=team.approver, at=AT, case_ids=[first.case_id])
    points = [PointDecided("child_full_name", "second", CLEARER), PointDecided("note.1", "second", CLEARER)]
    row = decided(team, second, *points, by="officer")
    assert (row.repair_id is not None, row.notes_left) == (True, 1)
    assert case_of(team, second).state == "withdrawn"
    with refused("case_approved_already"):
        take_back_original(actor=replace(team.checker), at=AT, entry_id=second.id)
