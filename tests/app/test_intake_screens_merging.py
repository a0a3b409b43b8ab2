"""Two officers saved one case: what becomes of each field."""

from __future__ import annotations

import pytest

from hotich.intake.views.merging import merge


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "value", "taken", "told"),
    [
        ("a", "a", "a", "a", False, None),  # nobody changed it
        ("a", "b", "a", "b", False, None),  # only I did
        ("a", "a", "c", "c", True, None),  # only the other did
        ("a", "b", "b", "b", False, None),  # both, to the same
        ("a", "b", "c", "b", False, "c"),  # both, to different things: mine stays, theirs is told
        ("a", "", "c", "", False, "c"),  # I emptied it
        ("a", "a", "", "", True, None),  # the other emptied it
        ("", "b", "", "b", False, None),
    ],
)
def test_a_field_is_merged(base: str, mine: str, theirs: str, value: str, taken: bool, told: str | None) -> None:
    merged = merge({"f": base}, {"f": mine}, {"f": theirs})
    assert merged.values == {"f": value}
    assert merged.taken == (("f",) if taken else ())
    assert merged.conflicts.get("f") == told


def test_a_form_that_lost_its_beginning_asks_about_every_difference() -> None:
    merged = merge({}, {"f": "b", "g": "x"}, {"f": "c", "g": "x"})
    assert merged.conflicts == {"f": "c"}
    assert merged.values == {"f": "b", "g": "x"}
