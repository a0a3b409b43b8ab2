"""What the tests of the tracking list share: an office with its officer and police, a record and a check that differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hotich.accounts.models import Officer
from hotich.accounts.queries import actor_for
from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.reconciliation.models import CheckOutcome, CheckWay, PopulationCheck, TrackingItem
from hotich.reconciliation.services.tracking import assign_items, open_items
from hotich.reconciliation.services.tracking_verifying import verify_item
from hotich.records.models import Participant, Record
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import an_office
from tests.app.records_support import actor_at, enter

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday; the Tuesday after it is a public holiday
NUMBER = "001170000123"
CHILD = {"child_full_name": "Trần Văn Dũng", "child_sex": "1", "child_birth_date": "05/01/2001",
         "father_full_name": "Trần Văn Bách", "mother_full_name": "Lê Thị Cúc"}  # fmt: skip
NAME = {"field": "full_name", "kind": "tone", "ours": "Trần Văn Dũng", "theirs": "Trần Văn Dụng", "is_basic": True}
BIRTH = {"field": "birth", "kind": "swapped_day_month", "ours": "2001-01-05", "theirs": "2001-05-01", "is_basic": True}
MOTHER = {
    "field": "mother_name",
    "kind": "typing_slip",
    "ours": "Lê Thị Cúc",
    "theirs": "Lê Thị Cút",
    "is_basic": False,
}
CITIZEN = {"ref": "CD-7", "personal_id": NUMBER, "full_name": "Trần Văn Dụng", "birth": "2001-05-01", "sex": "1"}


@dataclass
class Team:
    """Who works at the office."""

    office: Office
    officer: Actor
    police: Actor
    colleague: Actor
    officers: dict[str, Officer]


def a_team(office: Office | None = None) -> Team:
    """A civil-status officer and two verifiers of the police."""
    office = office or an_office()
    roles = {"officer": "civil_status_officer", "police": "police_verifier", "colleague": "police_verifier"}
    people = {
        name: make_officer(f"{name}.{office.id}", office=office, role=role, name=f"Người {name}")
        for name, role in roles.items()
    }
    return Team(office, *(actor_for(people[name]) for name in roles), people)


def a_check(
    team: Team, differences: Sequence[dict[str, Any]] = (NAME, BIRTH), *, record: Record | None = None,
    role: str = "child", decided_by: int = 4711,
) -> PopulationCheck:  # fmt: skip
    """A participant of a record of birth who differs, found by somebody else."""
    record = record or enter(actor_at(team.office, officer=99), team.office, "KS", year=2001, era="ND83", **CHILD)
    person = Participant.objects.get(record=record, role=role)
    return PopulationCheck.objects.create(
        origin_office=team.office, record=record, participant_id=person.id, role=role, outcome=CheckOutcome.DIFFERENT,
        way=CheckWay.PAGE, citizen_ref="CD-7", citizen=CITIZEN, personal_id=NUMBER, is_taken_over=True,
        differences=list(differences), decided_by=decided_by, decided_at=AT,
    )  # fmt: skip


def listed(team: Team, *checks: PopulationCheck, at: datetime = AT) -> list[TrackingItem]:
    """These checks, or one of a new record, on the list."""
    with unit_of_work(actor=team.officer, at=at) as work:
        return open_items(work, checks=list(checks) or [a_check(team)])


def given(team: Team, *checks: PopulationCheck) -> TrackingItem:
    """An item the police have."""
    (item,) = listed(team, *checks)
    assert team.police.officer_id is not None
    return assign_items(actor=team.officer, at=AT, item_ids=[item.id], officer_id=team.police.officer_id)[0]


def verdicts(item: TrackingItem, *each: tuple[str, str] | str) -> dict[str, tuple[str, str]]:
    """Verdicts for the fields in the order they differ."""
    told = [(one, "") if isinstance(one, str) else one for one in each]
    return dict(zip(item.fields.order_by("id").values_list("field", flat=True), told, strict=True))


def verified(team: Team, *each: tuple[str, str] | str, check: PopulationCheck | None = None) -> TrackingItem:
    """An item with these verdicts."""
    item = given(team, *([check] if check else []))
    return verify_item(
        actor=team.police, at=AT, item_id=item.id, version=item.version, verdicts=verdicts(item, *each),
        words="Theo tờ khai căn cước và hồ sơ cư trú",
    )  # fmt: skip
