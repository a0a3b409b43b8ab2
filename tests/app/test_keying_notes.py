"""Notes in the margin of a second keying: compared as fields are, decided with a reason, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hotich.keying.models import Difference, Entry, KeyingPackage
from hotich.keying.services.differences import Decided, decide_differences, undo_decision
from hotich.keying.services.review import start_check
from tests.app.accounts_parts import sign_in
from tests.app.keying_checking_parts import case_of, differences_of, entries_of, give, keyed, now, values_of
from tests.app.keying_inventory_parts import refused
from tests.app.keying_parts import AT, Team, a_team

pytestmark = pytest.mark.django_db
NOTE: dict[str, Any] = {
    "kind": "correction", "field": "child_full_name", "new_value": "Nguyễn Minh Hoà", "text": "Cải chính họ tên",
}  # fmt: skip
TYPED = {**NOTE, "new_value": "Nguyễn Minh Hòa", "basis_number": "12/QĐ"}
READ = "scan_clear"


@pytest.fixture
def team() -> Team:
    return a_team()


def differing(team: Team, *notes: dict[str, Any], kind: str = "double") -> tuple[KeyingPackage, Entry]:
    """One case without notes of which the checker keyed these notes too; its first keying is the same else."""
    package = keyed(team, [values_of(1)], mode=kind if kind == "double" else "blind_critical")
    start_check(actor=team.checker, at=AT, package_id=package.id)
    give(team, package, 0, values_of(1), kind=kind, annotations=list(notes))
    return package, entries_of(team, package)[0]


def decide(team: Team, entry: Entry, row: Difference, decision: str, value: Any = None) -> None:
    decided = [Decided(row.id, decision, READ, value)]
    decide_differences(actor=team.checker2, at=AT, entry_id=entry.id, decided=decided)


def test_a_note_only_the_second_keyed_waits_for_a_third_person_and_goes_into_the_case(team: Team) -> None:
    _, entry = differing(team, NOTE)
    [row] = differences_of(team, entry)
    assert (row.field, row.first_value, row.second_value, entry.check_state) == ("note.1", None, NOTE, "differs")
    with refused("third_person_required"):
        decided = [Decided(row.id, "second", READ)]
        decide_differences(actor=team.checker, at=AT, entry_id=entry.id, decided=decided)
    decide(team, entry, row, "second")
    assert case_of(team, entry).annotations == [NOTE]
    [row] = differences_of(team, entry)
    assert (now(team, entry).check_state, row.decided_by, row.reason) == ("passed", team.checker2.officer_id, READ)
    assert row.first_errors == row.length + 2  # all of it, with kind and field
    undo_decision(actor=team.checker2, at=AT, difference_id=row.id)
    assert (case_of(team, entry).annotations, now(team, entry).check_state) == ([], "differs")


def test_a_note_may_be_decided_otherwise_or_left_out_and_is_not_asked_again(team: Team) -> None:
    _, entry = differing(team, NOTE)
    [row] = differences_of(team, entry)
    with refused("annotation_kind_unknown"):
        decide(team, entry, row, "other", {**NOTE, "kind": "no kind"})
    decide(team, entry, row, "other", TYPED)
    assert case_of(team, entry).annotations == [TYPED]
    undo_decision(actor=team.checker2, at=AT, difference_id=row.id)
    decide(team, entry, row, "first")
    assert (case_of(team, entry).annotations, now(team, entry).check_state) == ([], "passed")


def test_critical_fields_keyed_again_ask_for_no_notes(team: Team) -> None:
    _, entry = differing(team, NOTE, kind="critical")
    assert entry.check_state == "passed" and differences_of(team, entry) == []


def test_the_page_shows_both_notes_part_by_part_and_takes_a_third(team: Team) -> None:
    _, entry = differing(team, NOTE)
    [row] = differences_of(team, entry)
    client = Client()
    sign_in(client, team.accounts["checker2"])
    page = client.get(reverse("keying:check_entry", args=[entry.id])).content.decode()
    assert "Ghi chú bên lề 1" in page and "Giá trị mới: Nguyễn Minh Hoà" in page and "(không có ghi chú này)" in page
    name = f"d{row.id.hex}"
    said = {f"{name}-{code}": text for code, text in TYPED.items()}
    data = {**said, f"{name}-choice": "other", f"{name}-reason_code": READ}
    assert client.post(reverse("keying:check_decide", args=[entry.id]), data).status_code == 302
    assert case_of(team, entry).annotations == [TYPED] and now(team, entry).check_state == "passed"
