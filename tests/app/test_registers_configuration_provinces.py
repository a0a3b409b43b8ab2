"""A threshold may have a value of its own in a province: it stands before the national one there, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hotich.accounts.rules.roles import ROLES
from hotich.audit.models import Entry
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.models import ConfigurationChange, ProposalState
from hotich.registers.queries.configuration import constant_at, count_waiting, parameter_at, use_configuration_in_force
from hotich.registers.rules.configuration import LocalChange, shipped
from hotich.registers.rules.configuration_change import change_of
from hotich.registers.rules.configuration_file import read_file, write_file
from hotich.registers.rules.parameters import DEFINITIONS, constant
from hotich.registers.rules.snapshot import install
from hotich.registers.services.configuration import decide_proposal, propose_changes, take_back_change
from hotich.units.models import Office

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
NORM, NATIONAL = "keying_norm_machine_day", 300


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    install(shipped())


@pytest.fixture
def seats() -> tuple[Office, Office]:
    """The departments of justice of two provinces."""
    first, second = Office.objects.filter(kind="province", valid_to__isnull=True).select_related("unit")[:2]
    return first, second


def commune_of(seat: Office) -> Office:
    found = Office.objects.filter(kind="commune", valid_to__isnull=True, unit__parent_id=seat.unit_id).first()
    assert found is not None
    return found


def officer(seat: Office, role: str = "department_of_justice") -> Actor:
    return Actor("officer1", seat.id, 1, frozenset({seat.id}), ROLES[role].rights)


def own_value(seat: Office, value: int, key: str = NORM, **more: Any) -> LocalChange:
    assert seat.unit is not None
    more = {"source": "Kế hoạch của tỉnh", "province": seat.unit.code} | more
    return change_of("parameter", key, {"value": value}, **more)


def decided(actor: Actor, change: LocalChange) -> ConfigurationChange:
    proposal = propose_changes(actor=actor, at=AT, title="Định mức", reason="Kế hoạch cao điểm", changes=[change])
    assert proposal.state == ProposalState.APPROVED  # what practice sets holds at once
    use_configuration_in_force(at=AT)
    return proposal.changes.get()


def refused(actor: Actor, change: LocalChange) -> str:
    with pytest.raises(RuleBroken) as refusal:
        propose_changes(actor=actor, at=AT, title="Định mức", reason="Kế hoạch", changes=[change])
    return refusal.value.code


def test_a_province_has_its_own_value_and_everybody_else_the_national_one(seats: tuple[Office, Office]) -> None:
    here, there = seats
    change = decided(officer(here), own_value(here, 250))
    assert constant_at(NORM, commune_of(here).id) == constant_at(NORM, here.id) == 250
    assert constant_at(NORM, commune_of(there).id) == constant(NORM) == NATIONAL
    assert parameter_at(NORM, commune_of(here).id).source == "Kế hoạch của tỉnh"
    assert Entry.objects.filter(verb="configuration.approved").latest("id").facts["keys"] == [
        f"parameter:{NORM}@{change.province}"
    ]
    # the national value changes: the province keeps its own
    decided(officer(here, "ministry"), change_of("parameter", NORM, {"value": 320}, source="Bộ"))
    assert (constant_at(NORM, here.id), constant_at(NORM, there.id)) == (250, 320)
    take_back_change(actor=officer(here), at=AT, change_id=change.id, reason="Hết đợt", source="Kế hoạch mới")
    use_configuration_in_force(at=AT)
    assert constant_at(NORM, here.id) == 320


def test_a_value_of_a_province_holds_for_its_period_only(seats: tuple[Office, Office]) -> None:
    here, _ = seats
    decided(officer(here), own_value(here, 100, valid_from=date(2027, 1, 1)))
    assert constant_at(NORM, here.id) == NATIONAL
    decided(officer(here), own_value(here, 200, valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 30)))
    assert constant_at(NORM, here.id) == 200
    use_configuration_in_force(at=datetime(2027, 3, 1, tzinfo=UTC))
    assert constant_at(NORM, here.id) == 100


def test_a_department_sets_it_for_its_own_province_the_ministry_for_each(seats: tuple[Office, Office]) -> None:
    here, there = seats
    assert refused(officer(here), own_value(there, 250)) == "configuration_province_beyond"
    assert refused(officer(here, "ministry"), own_value(here, 250, province="999")) == "configuration_province_beyond"
    change = decided(officer(here, "ministry"), own_value(there, 250))
    with pytest.raises(RuleBroken) as refusal:
        take_back_change(actor=officer(here), at=AT, change_id=change.id, reason="Hết đợt", source="Kế hoạch")
    assert refusal.value.code == "configuration_province_beyond"


def test_where_the_ministry_has_officers_a_department_only_proposes_for_the_whole_country(
    seats: tuple[Office, Office],
) -> None:
    here, there = seats
    decided(officer(here), change_of("parameter", NORM, {"value": 320}, source="Sở"))  # an installation of one province
    make_officer("bo.mot", office=here, role="ministry", totp=False)
    decided(officer(here), own_value(here, 250))
    higher = change_of("parameter", NORM, {"value": 330}, source="Sở")
    waiting = propose_changes(actor=officer(here), at=AT, title="Định mức", reason="Kế hoạch", changes=[higher])
    assert (waiting.state, constant_at(NORM, there.id)) == (ProposalState.PROPOSED, 320)
    other = Actor("officer2", there.id, 2, frozenset({there.id}), ROLES["department_of_justice"].rights)
    assert count_waiting(other, AT.date()) == 0
    decide: dict[str, Any] = {"at": AT, "proposal_id": waiting.id, "version": waiting.version, "approve": True}
    with pytest.raises(RuleBroken) as refusal:
        decide_proposal(actor=other, **decide)
    assert refusal.value.code == "configuration_of_the_ministry"
    ministry = Actor("officer3", there.id, 3, frozenset({there.id}), ROLES["ministry"].rights)
    assert count_waiting(ministry, AT.date()) == 1
    decide_proposal(actor=ministry, **decide)
    use_configuration_in_force(at=AT)
    assert constant_at(NORM, there.id) == 330


def test_what_the_law_sets_is_the_same_everywhere(seats: tuple[Office, Office]) -> None:
    here, _ = seats
    assert refused(officer(here), own_value(here, 16, "adult_age")) == "configuration_same_everywhere"
    assert {code for code, found in DEFINITIONS.items() if found.by_province and found.legal} == set()


def test_a_file_with_values_of_provinces_is_not_taken_for_one_without(seats: tuple[Office, Office]) -> None:
    here, _ = seats
    own, national = own_value(here, 250), change_of("parameter", NORM, {"value": 320}, source="Bộ")
    assert read_file(write_file([own, national], at=AT, office="")) == [own, national]
    assert b'"edition": 2' in write_file([own], at=AT, office="")
    assert b'"edition": 1' in write_file([national], at=AT, office="")


def test_pages_offer_show_and_filter_the_value_of_a_province(seats: tuple[Office, Office]) -> None:
    here, there = seats
    assert here.unit is not None and there.unit is not None
    client = Client()
    client.force_login(
        make_officer("so.mot", office=here, role="department_of_justice"), settings.AUTHENTICATION_BACKENDS[-1]
    )
    propose = reverse("registers:configuration_propose", args=["tham-so", NORM])
    form = client.get(propose).content.decode()
    assert f'value="{here.unit.code}"' in form
    assert f'value="{there.unit.code}"' not in form
    assert (
        'name="province"'
        not in client.get(reverse("registers:configuration_propose", args=["tham-so", "adult_age"])).content.decode()
    )
    data = {"value": "250", "source": "Kế hoạch của tỉnh", "reason": "Cao điểm", "province": here.unit.code}
    draft = client.post(propose, data)
    proposal_id = draft["Location"].rstrip("/").rpartition("/")[2]
    assert here.unit.name in client.get(draft["Location"]).content.decode()
    client.post(reverse("registers:configuration_submit", args=[proposal_id]), {"version": "1"})
    key = client.get(reverse("registers:configuration_key", args=["tham-so", NORM])).content.decode()
    assert f"{here.unit.name}: 250" in key
    listed = client.get(reverse("registers:configuration"), {"tinh": here.unit.code}).content.decode()
    assert "giá trị riêng của tỉnh" in listed
    assert "giá trị riêng của tỉnh" not in client.get(reverse("registers:configuration")).content.decode()
