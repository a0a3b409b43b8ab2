"""Where one is in the navigation, and tables as data."""

from __future__ import annotations

import pytest

from hotich.web.rules.navigation import NavigationItem, mark_active
from hotich.web.rules.tables import Cell, Column, Row, paired

ITEMS = [
    NavigationItem("Trang đầu", "/"),
    NavigationItem("Sổ", "/so/"),
    NavigationItem("Sổ thiếu số", "/so/thieu/"),
    NavigationItem("Lô", "/lo"),
]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Trang đầu"),
        ("/so/", "Sổ"),
        ("/so/12/", "Sổ"),
        ("/so/thieu/3/", "Sổ thiếu số"),
        ("/lo", "Lô"),
        ("/lo/7/", "Lô"),
        ("/lock/", None),
        ("/khac/", None),
    ],
)
def test_the_longest_fitting_address_is_the_active_one(path: str, label: str | None) -> None:
    active = [item.label for item in mark_active(ITEMS, path) if item.active]
    assert active == ([label] if label else [])


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        paired([Column("a"), Column("b")], Row("1", ["only one"]))


def test_plain_values_become_cells() -> None:
    columns = [Column("a"), Column("b", kind="number")]
    assert [cell for _, cell in paired(columns, Row("1", ["x", 5]))] == [Cell("x"), Cell(5)]
