"""What the tests of units and offices share: two communes of one province, who plans, who approves, plans and acts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from hotich.accounts.rules.roles import ROLES
from hotich.kernel.actor import Actor
from hotich.units.models import AdministrativeUnit, Office, UnitOperation
from hotich.units.queries import office_by_code, unit_chain
from hotich.units.rules.plans import Beginning, Plan, Share, merger
from hotich.units.services import LegalAct, draft_operation

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
TODAY = date(2026, 11, 25)
ACT = LegalAct(number="1234/NQ-UBTVQH15", authority="Ủy ban Thường vụ Quốc hội", on=date(2026, 10, 1))
DEPARTMENT = "68"  # the province of the communes below
BOTH = frozenset({"unit.manage", "unit.approve"})


def communes(number: int = 2) -> list[Office]:
    """Living commune offices of the province, by code."""
    province = office_by_code(DEPARTMENT)
    found = Office.objects.filter(kind="commune", valid_to__isnull=True, unit__parent=province.unit).select_related(
        "unit"
    )
    return list(found.order_by("code")[:number])


def unit_of(office: Office) -> AdministrativeUnit:
    office.refresh_from_db()
    assert office.unit is not None
    return office.unit


def officer(number: int, *, role: str = "department_of_justice", office: str = DEPARTMENT) -> Actor:
    """An officer of the department of justice of the province, unless told otherwise."""
    own = office_by_code(office)
    return Actor(
        login=f"officer{number}", office_id=own.id, officer_id=number, office_ids=frozenset({own.id}),
        rights=ROLES[role].rights,
    )  # fmt: skip


def new_commune(first: Office, *, key: str = "n1", code: str = "", name: str = "Hợp Nhất") -> Beginning:
    """A commune beside `first`, with its code unless told otherwise."""
    return Beginning(key, "commune", code or first.code, name, "commune", unit_chain(unit_of(first))[-1].id)


def merger_of(*offices: Office) -> Plan:
    """These communes become a new one under the code of the first."""
    return merger([unit_of(office).id for office in offices], new_commune(offices[0]))


def split_of(office: Office) -> Plan:
    """The commune becomes two, the first of which keeps code and books."""
    unit = unit_of(office).id
    return Plan(
        ends=(unit,),
        begins=(new_commune(office, name="Phần Một"), new_commune(office, key="n2", code="99001", name="Phần Hai")),
        shares=(Share(unit, "n1", "thôn 1 đến thôn 5", True), Share(unit, "n2", "thôn 6, thôn 7")),
    )


def drafted(plan: Plan, *, by: int = 1, on: date = TODAY, kind: str = "merger") -> UnitOperation:
    """A draft of this plan."""
    return draft_operation(
        actor=officer(by), at=AT, request_key=uuid4(), kind=kind, effective_on=on, act=ACT, plan=plan
    )
