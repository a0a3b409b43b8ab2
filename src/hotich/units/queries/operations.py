"""Reads: operations on units and offices, the facts their rules need, and what they will do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from hotich.kernel.actor import Actor
from hotich.kernel.problems import Problem, RuleBroken
from hotich.units.models import AdministrativeUnit, Office, OfficeKind, OperationState, UnitOperation
from hotich.units.queries.places import unit_chain
from hotich.units.rules.offices import office_name, unit_name
from hotich.units.rules.operations import (
    Facts,
    UnitFact,
    closing_code,
    kind_of_share,
    problems_of,
    same_body,
    target_of_child,
)
from hotich.units.rules.plans import Beginning, Plan, Target, completed, from_json

OPEN_STATES = (OperationState.DRAFT, OperationState.PROPOSED, OperationState.APPROVED)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """What happens to a unit: `what` is "ends", "begins" or "moves" (goes on below another parent)."""

    what: str
    name: str
    code: str
    kind: str
    unit_id: int | None = None
    target: str = ""
    share: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """What happens to an office: `what` is "closes", "opens", "changes"; `after` the new name or the keeper."""

    what: str
    name: str
    code: str
    office_id: int | None = None
    after: str = ""
    new_code: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """All an operation will do to units and offices, and what is wrong with it."""

    units: tuple[UnitLine, ...]
    offices: tuple[OfficeLine, ...]
    problems: tuple[Problem, ...]

    @property
    def closing(self) -> tuple[int, ...]:
        """Ids of the offices that close."""
        return tuple(line.office_id for line in self.offices if line.what == "closes" and line.office_id)


def operation_by_id(operation_id: UUID) -> UnitOperation:
    """One operation. Raises RuleBroken `operation_unknown`."""
    found = UnitOperation.objects.filter(id=operation_id).first()
    if found is None:
        raise RuleBroken("operation_unknown")
    return found


def operations(*, state: str = "") -> QuerySet[UnitOperation]:
    """Operations, those that still wait first, then the latest."""
    found = UnitOperation.objects.all()
    return (found.filter(state=state) if state else found).order_by("-effective_on", "-id")


def count_operations_to_decide(actor: Actor) -> int:
    """How many operations wait for this officer: those that he had no hand in."""
    if not actor.may("unit.approve"):
        return 0
    waiting = operations(state=OperationState.PROPOSED).values_list("touched_by", flat=True)
    return sum(not actor.hands & set(touched_by) for touched_by in waiting)


def operations_due(on: date) -> QuerySet[UnitOperation]:
    """Approved operations whose day has come, in the order of their days."""
    return UnitOperation.objects.filter(state=OperationState.APPROVED, effective_on__lte=on).order_by(
        "effective_on", "approved_at"
    )


def operations_touching(unit_ids: Iterable[int]) -> list[UnitOperation]:
    """Open operations that name one of these units."""
    wanted = frozenset(unit_ids)
    return [
        each
        for each in UnitOperation.objects.filter(state__in=OPEN_STATES)
        if from_json(each.plan).touched_units & wanted
    ]


def fact_of(unit: AdministrativeUnit) -> UnitFact:
    """A unit as the rules see it."""
    return UnitFact(
        unit.id, unit.level, unit.code, unit.name, unit.short_name, unit.kind, unit.parent_id, unit.valid_from,
        unit.valid_to,
    )  # fmt: skip


def facts_of(plan: Plan, *, today: date, operation_id: UUID | None = None) -> Facts:
    """What the rules must know of the plan's units. `operation_id`: the operation itself, which does not stand in its
    own way."""
    ids = set(plan.touched_units) | set(plan.children)
    ids |= {new.parent for new in plan.begins if isinstance(new.parent, int)}
    codes = Q(pk__in=[])
    for new in plan.begins:
        codes |= Q(level=new.level, code=new.code)
    children: dict[int, list[UnitFact]] = defaultdict(list)
    for child in AdministrativeUnit.objects.filter(parent_id__in=plan.ends, valid_to__isnull=True).order_by("code"):
        children[child.parent_id or 0].append(fact_of(child))
    others = [
        from_json(each.plan).touched_units
        for each in UnitOperation.objects.filter(state__in=(OperationState.PROPOSED, OperationState.APPROVED))
        if each.id != operation_id
    ]
    return Facts(
        units={unit.id: fact_of(unit) for unit in AdministrativeUnit.objects.filter(id__in=ids)},
        same_code=[fact_of(unit) for unit in AdministrativeUnit.objects.filter(codes)],
        children=children,
        pending=frozenset().union(*others),
        today=today,
    )


def offices_of_units(unit_ids: Iterable[int]) -> dict[int, Office]:
    """The living office of each unit that has one."""
    found = Office.objects.filter(unit_id__in=set(unit_ids), valid_to__isnull=True).order_by("-id")
    return {office.unit_id: office for office in found if office.unit_id is not None}


@dataclass(frozen=True, slots=True)
class _Part:
    """What `office_name` asks of a unit."""

    name: str
    short_name: str
    level: str


def chain_of(plan: Plan, target: Target | None) -> list[_Part]:
    """A unit of the plan with what it will belong to, up to the province."""
    if target is None:
        return []
    new = plan.beginning(target)
    if new is not None:
        own = _Part(unit_name(new.kind, new.short_name), new.short_name, new.level)
        return [own, *chain_of(plan, new.parent)]
    unit = AdministrativeUnit.objects.filter(pk=target).select_related("parent__parent").first()
    return [_Part(each.name, each.short_name, each.level) for each in unit_chain(unit)] if unit else []


def preview_of(operation: UnitOperation, *, today: date) -> Preview:
    """What the operation will do, as things stand now; nothing is written."""
    plan = completed(from_json(operation.plan))
    facts = facts_of(plan, today=today, operation_id=operation.id)
    problems = problems_of(plan, operation.effective_on, facts)
    if any(unit not in facts.units for unit in plan.touched_units):
        return Preview((), (), tuple(problems))
    offices, office_problems = _office_lines(plan, operation.effective_on)
    step_problems = list(office_step_problems(plan, operation.effective_on))
    return Preview(tuple(_unit_lines(plan, facts)), tuple(offices), (*problems, *office_problems, *step_problems))


def target_name(plan: Plan, target: Target | None, facts: Facts) -> str:
    """What a target is called."""
    if target is None:
        return ""
    new = plan.beginning(target)
    if new is not None:
        return unit_name(new.kind, new.short_name)
    return facts.units[target].name if isinstance(target, int) and target in facts.units else ""


def _unit_lines(plan: Plan, facts: Facts) -> Iterable[UnitLine]:
    for share in plan.shares:
        unit = facts.units[share.source]
        yield UnitLine(
            "ends" if share.source in plan.ends else "gives", unit.name, unit.code,
            kind_of_share(plan, share, facts), unit.id, target_name(plan, share.target, facts), share.words,
            share.is_default,
        )  # fmt: skip
    for ended in plan.ends:
        if not plan.shares_from(ended):
            yield UnitLine("ends", facts.units[ended].name, facts.units[ended].code, "", ended)
    for new in plan.begins:
        yield UnitLine("begins", unit_name(new.kind, new.short_name), new.code, "", target=_above(plan, new, facts))
    for children in facts.children.values():
        for child in children:
            if child.id not in plan.ends:
                target = target_name(plan, target_of_child(plan, child), facts)
                yield UnitLine("moves", child.name, child.code, "continued", child.id, target)


def _above(plan: Plan, new: Beginning, facts: Facts) -> str:
    return target_name(plan, new.parent, facts)


def _office_lines(plan: Plan, on: date) -> tuple[list[OfficeLine], list[Problem]]:
    offices = offices_of_units((*plan.ends, *(t for t in plan.touched_units)))
    living_on, lines = same_body(plan), []
    for unit in plan.ends:
        office = offices.get(unit)
        if office is None:
            continue
        if unit in living_on:
            new = plan.beginning(living_on[unit])
            code = new.code if new else office.code
            lines.append(OfficeLine("changes", office.name, office.code, office.id,
                                    office_name(chain_of(plan, living_on[unit])), code))  # fmt: skip
            continue
        keeper = _keeper_name(plan, unit, offices)
        lines.append(OfficeLine("closes", office.name, office.code, office.id, keeper, _closed_code(office, on)))
    for new in plan.begins:
        if new.key not in living_on.values():
            lines.append(OfficeLine("opens", office_name(chain_of(plan, new.key)), new.code, None))
    lines += [_step_line(plan, at) for at in range(len(plan.offices))]
    return lines, list(_code_problems(plan, offices, living_on))


def _closed_code(office: Office, on: date) -> str:
    return closing_code(office.code, on.year, taken_codes(office.code))


def taken_codes(code: str) -> frozenset[str]:
    """Codes that offices have and that begin so."""
    return frozenset(Office.objects.filter(code__startswith=code).values_list("code", flat=True))


def _keeper_name(plan: Plan, unit: int, offices: Mapping[int, Office]) -> str:
    target = plan.default_target(unit)
    if target is None:
        return ""
    if isinstance(target, int):
        return offices[target].name if target in offices else ""
    return office_name(chain_of(plan, target))


def _code_problems(plan: Plan, offices: Mapping[int, Office], living_on: Mapping[int, str]) -> Iterable[Problem]:
    """A code a new office wants that an office has which neither closes nor changes its own."""
    leaving = {offices[unit].id for unit in plan.ends if unit in offices}
    for new in plan.begins:
        holder = Office.objects.filter(code=new.code).first()
        if holder is not None and holder.id not in leaving:
            yield Problem("office_code_taken", params={"code": new.code, "office": holder.name})


def office_step_problems(plan: Plan, on: date) -> Iterable[Problem]:
    """What is wrong with the changes of offices that follow no unit."""
    for step in plan.offices:
        office = Office.objects.filter(pk=step.office).first() if step.office else None
        if step.action != "open" and (office is None or office.is_closed):
            yield Problem("office_not_open", params={"office": office.name if office else ""})
        if step.action != "close" and not step.name.strip():
            yield Problem("office_name_missing")
        if step.action == "open" and (not step.code.strip() or step.kind not in OfficeKind.values):
            yield Problem("office_code_missing")
        if step.code and Office.objects.filter(code=step.code).exclude(pk=step.office or 0).exists():
            yield Problem("office_code_taken", params={"code": step.code, "office": step.name})
        if step.action == "open" and step.kind != "mission" and step.unit is None:
            yield Problem("office_needs_a_unit")
        if office is not None and office.valid_from is not None and office.valid_from >= on:
            yield Problem("office_ends_before_it_begins", params={"office": office.name})
        if step.action == "close" and step.successor is not None:
            keeper = Office.objects.filter(pk=step.successor).first()
            if keeper is None or keeper.is_closed or keeper.id == step.office:
                yield Problem("office_successor_not_open")


def _step_line(plan: Plan, at: int) -> OfficeLine:
    step = plan.offices[at]
    office = Office.objects.filter(pk=step.office).first() if step.office else None
    if step.action == "open":
        return OfficeLine("opens", step.name, step.code)
    name, code = (office.name, office.code) if office else ("", "")
    if step.action == "change":
        return OfficeLine("changes", name, code, step.office, step.name, step.code or code)
    keeper = Office.objects.filter(pk=step.successor).first() if step.successor else None
    return OfficeLine("closes", name, code, step.office, keeper.name if keeper else "")
