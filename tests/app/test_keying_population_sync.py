"""What a keyer chose in the population database goes with the case, is compared by the server, and comes back to mend."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from hotich.database.scope import office_scope
from hotich.kernel.ids import uuid7
from hotich.keying.models import KeyingPackage, PackageItem
from hotich.keying.queries.package_data import package_data
from hotich.reconciliation.models import PopulationCheck, PopulationLookUp
from hotich.reconciliation.rules.citizen import Citizen
from hotich.reconciliation.services.look_ups import keep_answer
from tests.app.keying_parts import AT, Team, a_team, checked_out, items_of
from tests.app.keying_sync_parts import an_item, entry_of, results, send, values_of

pytestmark = pytest.mark.django_db
Out = tuple[Team, KeyingPackage, list[PackageItem]]


@pytest.fixture
def out() -> Out:
    team = a_team()
    package = checked_out(team)
    return team, package, items_of(team, package)


def asked(team: Team, client_id: str, *citizens: Citizen) -> UUID:
    """A look-up of the keyer with what the partner answered, as the address of the screen keeps it."""
    look_up = uuid7()
    with office_scope([team.office.id]):
        PopulationLookUp.objects.create(
            id=look_up, origin_office_id=team.office.id, officer_id=team.keyer.officer_id, at=AT,
            purpose="digitisation", subject_kind="entry", subject_id=UUID(client_id), role="mother", way="name",
            question="x", adapter="live", result="answered", candidates=len(citizens),
        )  # fmt: skip
        keep_answer(look_up, team.office.id, AT, citizens)
    return look_up


def chosen(outcome: str, look_up: UUID | None = None, ref: str = "", absence: str = "") -> dict[str, Any]:
    return {"outcome": outcome, "ref": ref, "look_up": str(look_up) if look_up else None, "absence": absence,
            "absence_words": ""}  # fmt: skip


def checks(team: Team) -> dict[str, PopulationCheck]:
    with office_scope([team.office.id]):
        return {check.role: check for check in PopulationCheck.objects.all()}


def test_choices_are_kept_with_the_case_as_the_server_finds_them_and_no_field_changes(out: Out) -> None:
    team, package, places = out
    client_id = str(uuid4())
    mother = values_of(1)["mother_full_name"]
    look_up = asked(team, client_id, Citizen("C-1", "001180000014", f"{mother} Khác", "1990-01-01", "2"))
    raw = {
        "mother": chosen("equal", look_up, "C-1"),  # the browser says equal; the names differ
        "father": chosen("absent", look_up, absence="abroad"),
        "child": chosen("pending"),
    }
    item = an_item(package, places[0], 1, client_id=client_id, population=raw)
    assert results(send(team.keyer, item)) == ["accepted"]
    found = checks(team)
    assert {role: check.outcome for role, check in found.items()} == {
        "mother": "different", "father": "absent", "child": "pending",
    }  # fmt: skip
    assert found["mother"].citizen_ref == "C-1"
    assert found["father"].absence == "abroad"
    entry = entry_of(team, client_id)
    assert entry.case is not None
    assert {check.case_id for check in found.values()} == {entry.case.id}
    assert entry.case.as_recorded == values_of(1)


def test_a_choice_that_is_refused_is_told_and_never_costs_the_case(out: Out) -> None:
    team, package, places = out
    client_id = str(uuid4())
    look_up = asked(team, client_id, Citizen("C-1", "001180000014", "Ai Đó", "1990-01-01", "2"))
    raw = {"mother": chosen("equal", look_up, "C-of-another"), "nobody": chosen("pending"), "father": chosen("pending")}
    item = an_item(package, places[0], 1, client_id=client_id, population=raw)
    [answer] = send(team.keyer, item)
    assert answer.result == "returned"
    told = [(found["code"], found["field"]) for found in answer.problems]
    assert told == [("population_citizen_unknown", "mother_full_name"), ("population_role_unknown", "")]
    assert set(checks(team)) == {"father"}
    assert entry_of(team, client_id).case is not None
    [answer] = send(team.keyer, item)  # the answer was lost on the way: it is told again
    assert (answer.result, [(found["code"], found["field"]) for found in answer.problems]) == ("returned", told)
    said = [{"code": code, "field": field, "reason": "để người kiểm tra"} for code, field in told]
    again = an_item(package, places[0], 1, client_id=client_id, revision=2, population=raw, confirmed=said)
    assert results(send(team.keyer, again)) == ["accepted"]
    assert results(send(team.keyer, again)) == ["duplicate"]


def test_the_screen_gets_its_choices_back_and_a_mended_case_keeps_them(out: Out) -> None:
    team, package, places = out
    client_id = str(uuid4())
    raw = {"father": chosen("absent", asked(team, client_id), absence="dead")}
    wrong = an_item(
        package, places[0], 1, client_id=client_id, population=raw, values={"child_birth_date": "31.02.2016"}
    )
    assert results(send(team.keyer, wrong)) == ["returned"]
    with office_scope([team.office.id]):
        package.refresh_from_db()
        told = package_data(team.keyer, package)
    known = next(each["entry"] for each in told["items"] if each["id"] == str(places[0].id))
    assert known["population"]["father"]["absence"] == "dead"
    again = an_item(package, places[0], 1, client_id=client_id, revision=2, population=known["population"])
    before = checks(team)["father"]
    assert results(send(team.keyer, again)) == ["accepted"]
    after = checks(team)["father"]
    assert (after.id, after.outcome, after.absence) == (before.id, "absent", "dead")
    mended = entry_of(team, client_id)
    assert mended.case is not None
    assert mended.case.as_recorded == values_of(1)
