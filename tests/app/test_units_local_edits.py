"""Newer tables of the product do not undo what was decided here; where the two disagree, it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from units_parts import AT, TODAY, communes, drafted, merger_of, officer, unit_of

from hotich.registers.services.succession import approve_operation, propose_operation
from hotich.units.data import ChangeRow, UnitRow, change_rows, unit_rows
from hotich.units.models import AdministrativeUnit, LocalEdit, Office, UnitChange
from hotich.units.rules.gazetteer import LocalChanges, use_local_changes
from hotich.units.services import load_reference_data
from hotich.units.services.reference import Edit, load_tables

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped_units_afterwards() -> Iterator[None]:
    yield
    use_local_changes(LocalChanges())


def merged() -> tuple[Office, Office]:
    first, second = communes()
    operation = drafted(merger_of(first, second))
    propose_operation(actor=officer(1), at=AT, operation_id=operation.id, version=1)
    approve_operation(actor=officer(2), at=AT, operation_id=operation.id, version=2)
    return first, second


def edits() -> list[Edit]:
    return [Edit(*row) for row in LocalEdit.objects.values_list("table", "row_id", "column", "shipped")]


def test_loading_the_same_tables_after_a_merger_changes_nothing_and_reports_nothing() -> None:
    first, _second = merged()
    loaded = load_reference_data()
    assert (loaded.units, loaded.changes, loaded.offices, loaded.successions, loaded.conflicts) == (0, 0, 0, 0, ())
    first.refresh_from_db()
    assert first.code.endswith("-2026")
    assert unit_of(first).valid_to is not None


def shipped(office: Office, **changed: object) -> tuple[list[UnitRow], UnitRow]:
    """The committed units with one of them changed."""
    rows = list(unit_rows())
    at = next(place for place, row in enumerate(rows) if row.id == office.unit_id)
    rows[at] = replace(rows[at], **changed)  # type: ignore[arg-type]
    return rows, rows[at]


def test_cells_nobody_changed_here_still_follow_the_product() -> None:
    first, _second = merged()
    rows, _row = shipped(first, source="newer source")
    assert load_tables(edits(), units=rows).conflicts == ()
    unit = unit_of(first)
    assert (unit.source, unit.valid_to is None) == ("newer source", False)


def test_another_end_of_a_unit_than_the_one_decided_here_is_a_conflict() -> None:
    first, _second = merged()
    ended = unit_of(first).valid_to
    rows, _row = shipped(first, valid_to=date(2026, 12, 31), to_precision="day")
    found = load_tables(edits(), units=rows).conflicts
    assert ("cell", str(ended), "2026-12-31") in {(each.kind, each.ours, each.shipped) for each in found}
    assert unit_of(first).valid_to == ended
    same, _row = shipped(first, valid_to=ended, to_precision="day")
    cells = {each.what.split()[-1] for each in load_tables(edits(), units=same).conflicts}
    assert "valid_to" not in cells  # the product has come to say the same


def test_a_shipped_unit_under_a_code_in_use_here_is_left_out_with_its_changes() -> None:
    first, second = merged()
    old = next(row for row in unit_rows() if row.id == second.unit_id)
    new = replace(
        old, id=13_999_999, code=Office.objects.get(code=unit_of(first).code).code, name="Xã Khác", valid_from=TODAY,
        valid_to=None, key=f"commune/{unit_of(first).code}/{TODAY}",
    )  # fmt: skip
    step = ChangeRow(old.key, new.key, "merged", True, TODAY, "day", "newer", True)
    loaded = load_tables(edits(), units=[*unit_rows(), new], changes=[*change_rows(), step])
    assert {(each.kind, each.shipped) for each in loaded.conflicts} == {("unit", "Xã Khác")}
    assert not AdministrativeUnit.objects.filter(id=13_999_999).exists()


def test_another_successor_than_the_one_decided_here_is_a_conflict() -> None:
    _first, second = merged()
    rows = {row.id: row for row in unit_rows()}
    other = next(row for row in rows.values() if row.level == "commune" and row.valid_from == date(2025, 7, 1))
    old = rows[second.unit_id or 0]
    step = ChangeRow(old.key, other.key, "merged", True, TODAY, "day", "newer", True)
    loaded = load_tables(edits(), changes=[*change_rows(), step])
    assert [(each.kind, each.what) for each in loaded.conflicts] == [("change", old.key)]
    assert not UnitChange.objects.filter(predecessor_id=second.unit_id, successor_id=other.id).exists()


def test_a_table_that_grows_in_the_middle_keeps_the_numbers_of_its_changes() -> None:
    rows = list(change_rows())
    first, last = UnitChange.objects.get(id=1), UnitChange.objects.order_by("id").last()
    assert last is not None
    loaded = load_tables(changes=rows[::-1])
    assert loaded.changes == 0
    assert UnitChange.objects.get(id=1).predecessor_id == first.predecessor_id
