"""A case with several rows in a workbook, as one record and back (registers.md 1.4.8: one row a changed field)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.values import AsRecorded

ITEMS = "change_items"
"""Where a record keeps the rows of its case when there is more than one."""

OWN_FIELDS = ("legal_basis", "remarks")  # what each row may word for itself beside its row fields


def joined(rows: Sequence[AsRecorded], row_fields: Sequence[str], number: str) -> dict[str, Any]:
    """One `as_recorded` of the rows of a case. Raises RuleBroken group_disagrees when their common part differs."""
    if len(rows) == 1:
        return dict(rows[0])
    apart = {*row_fields, *OWN_FIELDS}
    commons = [{code: raw for code, raw in row.items() if code not in apart} for row in rows]
    if any(common != commons[0] for common in commons[1:]):
        raise RuleBroken("group_disagrees", field="registration_number", number=number)
    items = [{code: raw for code, raw in row.items() if code in apart} for row in rows]
    return {**commons[0], ITEMS: items}


def split(as_recorded: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a record: one, or one for each of its items."""
    common = {code: raw for code, raw in as_recorded.items() if code != ITEMS}
    items = as_recorded.get(ITEMS)
    if not items:
        yield common
        return
    for item in items:
        yield {**common, **item}
