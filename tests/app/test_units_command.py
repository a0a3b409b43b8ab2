"""`hotich units`: units at a day, and every change between units as CSV."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hotich.units.models import UnitChange

pytestmark = pytest.mark.django_db


def lines(*words: str, **options: object) -> list[str]:
    out = StringIO()
    call_command("units", *words, stdout=out, **options)
    return out.getvalue().splitlines()


def test_units_are_listed_as_they_were_on_a_day() -> None:
    now = [line.split("\t")[:3] for line in lines("an", "nhon", on="2026-01-01")]
    assert ["commune", "21910", "Phường An Nhơn"] in now
    assert not any(name == "Xã An Nhơn" for _level, _code, name in now)
    assert ["commune", "25129", "Xã An Nhơn", "", "2025-06-30"] in [line.split("\t") for line in lines("An Nhơn")]
    assert lines("khong co noi nao nhu vay") == []


def test_marks_that_are_typed_must_fit() -> None:
    assert not any("An Nhơn" in line for line in lines("Ân Nhơn"))


def test_all_changes_come_out_as_a_table() -> None:
    rows = list(csv.DictReader(lines(changes=True)))
    assert len(rows) == UnitChange.objects.count() > 10_000
    assert {"kind", "date", "share", "source"} <= rows[0].keys()


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        lines(on="hôm qua")
