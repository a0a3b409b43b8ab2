"""Writes: an approved operation is carried out on its day: units, changes, offices and successions in one transaction.

Nothing is overwritten: a unit's period is closed and the next one begins as another row. What shipped rows lose is noted
in `LocalEdit`. Posts and books follow in apps above, in the same unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Model

from hotich.audit.services import unit_of_work
from hotich.kernel.actor import Actor
from hotich.kernel.clock import in_vietnam
from hotich.kernel.problems import RuleBroken
from hotich.units.models import (
    FIRST_LOCAL_ID,
    AdministrativeUnit,
    ChangeKind,
    LocalEdit,
    Office,
    OfficeSuccession,
    OfficeVersion,
    Precision,
    UnitChange,
    UnitOperation,
)
from hotich.units.queries.operations import facts_of, offices_of_units, taken_codes
from hotich.units.queries.places import search_text, unit_chain
from hotich.units.rules.offices import office_name, unit_name
from hotich.units.rules.operations import (
    Facts,
    closing_code,
    kind_of_share,
    last_day_before,
    same_body,
    target_of_child,
)
from hotich.units.rules.plans import OfficeStep, Plan, Target, completed, from_json
from hotich.units.rules.workflow import next_state
from hotich.units.services.operations import check_province, refuse_errors, refuse_own


@dataclass(slots=True)
class Applied:
    """What was done. `keepers`: office that closed → the one that keeps its books (None: nobody named); `places`:
    target of the plan → its office; `repeated`: it had been carried out before, and nothing was done."""

    operation: UnitOperation
    keepers: dict[int, int | None] = field(default_factory=dict)
    places: dict[Target, int] = field(default_factory=dict)
    units_ended: int = 0
    units_begun: int = 0
    offices_opened: int = 0
    offices_changed: int = 0
    repeated: bool = False


def apply_operation(*, actor: Actor, at: datetime, operation_id: UUID) -> Applied:
    """Carry out an approved operation whose day has come. Called again it does nothing (`repeated`).

    The actor is the officer who approved, or the system on the day. Raises RuleBroken not_allowed, operation_unknown,
    operation_not_due, own_operation, operation_step_not_allowed, operation_has_errors.
    """
    if not actor.may("unit.approve"):
        raise RuleBroken("not_allowed")
    with unit_of_work(actor=actor, at=at) as work:
        operation = UnitOperation.objects.select_for_update().filter(id=operation_id).first()
        if operation is None:
            raise RuleBroken("operation_unknown")
        if operation.state == "in_force":
            return Applied(operation, repeated=True)
        plan = completed(from_json(operation.plan))
        check_province(actor, plan)
        if actor.officer_id is not None:
            refuse_own(actor, operation)
        operation.state = next_state(operation.state, "carry_out")
        if operation.effective_on > in_vietnam(at).date():
            raise RuleBroken("operation_not_due", day=operation.effective_on)
        # whoever changes the same units at the same time waits here, in the order of their numbers
        list(AdministrativeUnit.objects.select_for_update().filter(id__in=plan.touched_units).order_by("id"))
        refuse_errors(operation, at)
        applied = _Application(operation, plan, facts_of(plan, today=at.date(), operation_id=operation.id)).run()
        operation.carried_out_at = at
        operation.version += 1
        operation.save(update_fields=["state", "carried_out_at", "version"])
        work.record(
            "unit_operation.carried_out",
            subject_kind="unit_operation",
            subject_id=operation.id,
            subject_office=operation.office_id,
            facts={"ended": applied.units_ended, "begun": applied.units_begun, "closed": sorted(applied.keepers)},
        )
        for office in applied.keepers:
            work.announce("office.closed", subject_kind="office", subject_id=office, office=office)
        work.announce(
            "units.changed", subject_kind="unit_operation", subject_id=operation.id, office=operation.office_id
        )
    return applied


class _Application:
    """One carrying out: numbers of new rows, and what became of which target."""

    def __init__(self, operation: UnitOperation, plan: Plan, facts: Facts) -> None:
        self.operation, self.plan, self.facts = operation, plan, facts
        self.on = operation.effective_on
        self.until = last_day_before(self.on)
        # one row of numbers for both, as in the shipped tables: a new office has the number of its unit
        self.next_id = max(_next_local(AdministrativeUnit), _next_local(Office))
        self.next_change = _next_local(UnitChange)
        self.units: dict[Target, AdministrativeUnit] = {}
        self.offices = offices_of_units(plan.touched_units)
        self.applied = Applied(operation)

    def run(self) -> Applied:
        """In the order that keeps codes free: end, begin, link, then the offices."""
        old = AdministrativeUnit.objects.in_bulk(self.plan.touched_units)
        self.units.update(old)
        for unit in self.plan.ends:
            self._end(old[unit])
        self._begin_all()
        for share in self.plan.shares:
            kind = kind_of_share(self.plan, share, self.facts)
            alone = len(self.plan.shares_from(share.source)) == 1
            self._change(old[share.source], self.units[share.target], kind, share.is_default or alone, share.words)
        self._offices()
        self._children()
        for step in self.plan.offices:
            self._office_step(step)
        return self.applied

    # ── units ──
    def _end(self, unit: AdministrativeUnit) -> None:
        self._edited(unit, valid_to=None, to_precision="")
        unit.valid_to, unit.to_precision, unit.ended_by = self.until, Precision.DAY, self.operation.id
        unit.save(update_fields=["valid_to", "to_precision", "ended_by"])
        self.applied.units_ended += 1

    def _begin_all(self) -> None:
        """Provinces before what lies in them, so that parents are there."""
        levels = ("province", "district", "commune")
        for new in sorted(self.plan.begins, key=lambda each: levels.index(each.level)):
            parent = self.units.get(new.parent) if new.parent is not None else None
            if parent is None and isinstance(new.parent, int):
                parent = AdministrativeUnit.objects.get(pk=new.parent)
            name = unit_name(new.kind, new.short_name)
            self.units[new.key] = self._begin(new.level, new.code, name, new.short_name.strip(), new.kind, parent)

    def _begin(
        self, level: str, code: str, name: str, short_name: str, kind: str, parent: AdministrativeUnit | None
    ) -> AdministrativeUnit:
        unit = AdministrativeUnit.objects.create(
            id=self._number(), level=level, code=code, name=name, short_name=short_name, kind=kind, parent=parent,
            valid_from=self.on, from_precision=Precision.DAY, source=self.operation.act_number[:80], verified=True,
            begun_by=self.operation.id,
        )  # fmt: skip
        self.applied.units_begun += 1
        return unit

    def _change(
        self, old: AdministrativeUnit, new: AdministrativeUnit, kind: str, is_default: bool, words: str
    ) -> None:
        UnitChange.objects.create(
            id=self.next_change, predecessor=old, successor=new, kind=kind, is_default=is_default, at=self.on,
            precision=Precision.DAY, source=self.operation.act_number[:80], verified=True, share=words.strip()[:500],
            operation=self.operation.id,
        )  # fmt: skip
        self.next_change += 1

    def _children(self) -> None:
        """Units below one that ends begin anew below its successor; their offices live on with the new name."""
        for children in self.facts.children.values():
            going = [child for child in children if child.id not in self.plan.ends]
            offices = offices_of_units(child.id for child in going)
            rows = AdministrativeUnit.objects.in_bulk([child.id for child in going])
            for child in going:
                target = target_of_child(self.plan, child)
                assert target is not None  # refused before
                row = rows[child.id]
                self._end(row)
                new = self._begin(row.level, row.code, row.name, row.short_name, row.kind, self.units[target])
                self._change(row, new, ChangeKind.CONTINUED, True, "")
                if child.id in offices:
                    self._carry_on(offices[child.id], new.code, _name_of(new), new.id)

    # ── offices ──
    def _offices(self) -> None:
        living_on = same_body(self.plan)
        closing = [unit for unit in self.plan.ends if unit in self.offices and unit not in living_on]
        for unit in closing:  # first, so that their codes are free
            self._close(self.offices[unit])
        changing = {unit: key for unit, key in living_on.items() if unit in self.offices}
        for unit, key in changing.items():  # two that exchange their codes must not meet half-way
            if self.offices[unit].code != self.units[key].code:
                Office.objects.filter(pk=self.offices[unit].pk).update(code=f"~{self.offices[unit].pk}")
        for unit, key in changing.items():
            office, new = self.offices[unit], self.units[key]
            self._carry_on(office, new.code, _name_of(new), new.id)
            self.applied.places[key] = office.id
        for new_unit in self.plan.begins:
            if new_unit.key not in living_on.values():
                self._open_for(self.units[new_unit.key], new_unit.key)
        for unit in self.plan.touched_units - set(self.plan.ends):
            if unit in self.offices:
                self.applied.places[unit] = self.offices[unit].id
        for unit in closing:
            self._succeed(unit)

    def _close(self, office: Office) -> None:
        code = closing_code(office.code, self.on.year, taken_codes(office.code))
        self._edited(office, code=office.code, search_name=office.search_name, valid_to=None)
        OfficeVersion.objects.create(
            office=office, code=office.code, name=office.name, unit_id=office.unit_id,
            valid_from=self._since(office), valid_to=self.until, operation=self.operation.id,
        )  # fmt: skip
        office.code, office.valid_to = code, self.until
        office.search_name = search_text(f"{code} {office.name}")
        office.save(update_fields=["code", "valid_to", "search_name"])
        self.applied.keepers[office.id] = None

    def _since(self, office: Office) -> date | None:
        """The first day of the office's present name."""
        last: date | None = OfficeVersion.objects.filter(office=office).aggregate(last=Max("valid_to"))["last"]
        return date.fromordinal(last.toordinal() + 1) if last else office.valid_from

    def _carry_on(self, office: Office, code: str, name: str, unit_id: int | None) -> None:
        """The same body under another name, code or unit; the former ones are kept as a version."""
        OfficeVersion.objects.create(
            office=office, code=office.code, name=office.name, unit_id=office.unit_id,
            valid_from=self._since(office), valid_to=self.until, operation=self.operation.id,
        )  # fmt: skip
        self._edited(office, code=office.code, name=office.name, search_name=office.search_name, unit_id=office.unit_id)
        office.code, office.name, office.unit_id = code, name, unit_id
        office.search_name = search_text(f"{code} {name}")
        office.save(update_fields=["code", "name", "unit", "search_name"])
        self.applied.offices_changed += 1

    def _open_for(self, unit: AdministrativeUnit, key: Target) -> None:
        office = self._open(unit.id, unit.code, _name_of(unit), unit.level, unit.id, "VN")
        self.applied.places[key] = office.id

    def _number(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def _open(self, number: int, code: str, name: str, kind: str, unit_id: int | None, country: str) -> Office:
        office = Office.objects.create(
            id=number, code=code, name=name, search_name=search_text(f"{code} {name}"), kind=kind,
            unit_id=unit_id, country=country, valid_from=self.on, verified=True,
        )  # fmt: skip
        self.applied.offices_opened += 1
        return office

    def _succeed(self, unit: int) -> None:
        """Every successor's office is known; the default one keeps the books and sees the records at once."""
        office, keeper = self.offices[unit], self.plan.default_target(unit)
        for share in self.plan.shares_from(unit):
            place = self.applied.places.get(share.target)
            if place is None:
                continue
            is_keeper = share.target == keeper
            OfficeSuccession.objects.create(
                predecessor=office, successor_id=place, kind=kind_of_share(self.plan, share, self.facts),
                is_default=is_keeper, at=self.on, verified=True,
            )  # fmt: skip
            if is_keeper:
                self.applied.keepers[office.id] = place

    def _office_step(self, step: OfficeStep) -> None:
        """Changes of offices that follow no unit: missions above all."""
        if step.action == "open":
            number = self._number()
            self._open(number, step.code.strip().upper(), step.name.strip(), step.kind, step.unit, step.country or "VN")
            return
        office = Office.objects.select_for_update().get(pk=step.office or 0)
        if step.action == "change":
            self._carry_on(office, step.code.strip().upper() or office.code, step.name.strip(), office.unit_id)
            return
        self._close(office)
        if step.successor is not None:
            OfficeSuccession.objects.create(
                predecessor=office, successor_id=step.successor, kind=ChangeKind.MERGED, is_default=True, at=self.on,
                verified=True,
            )  # fmt: skip
            self.applied.keepers[office.id] = step.successor

    def _edited(self, row: Model, **shipped: Any) -> None:
        """Note what the product's tables say of cells that change; the first time only, and never of own rows."""
        if row.pk >= FIRST_LOCAL_ID:
            return
        LocalEdit.objects.bulk_create(
            [
                LocalEdit(
                    table=row._meta.db_table, row_id=row.pk, column=column, shipped=as_text(value),
                    operation=self.operation.id,
                )
                for column, value in shipped.items()
            ],
            ignore_conflicts=True,
        )  # fmt: skip


def as_text(value: object) -> str:
    """A cell as `LocalEdit.shipped` holds it."""
    return "" if value is None else str(value)[:250]


def _next_local(model: type[Model]) -> int:
    last: int | None = model._default_manager.aggregate(last=Max("pk"))["last"]
    return max(FIRST_LOCAL_ID, (last or 0) + 1)


def _name_of(unit: AdministrativeUnit) -> str:
    return office_name(unit_chain(unit))
