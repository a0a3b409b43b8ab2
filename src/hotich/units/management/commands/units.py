"""`hotich units [TEXT] [--on DAY]`: level, code, name, valid from, valid to, separated by tabs. `--changes`: as CSV."""

from __future__ import annotations

import csv
import os
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hotich.units.models import UnitChange
from hotich.units.queries import units_matching

COLUMNS = (
    "predecessor_level", "predecessor_code", "predecessor_name", "successor_code", "successor_name", "kind", "is_default",
    "date", "precision", "share", "source", "verified",
)  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


class Command(BaseCommand):
    """Lists units by code or name, valid on a day or ever; or all changes between units."""

    help = "Liệt kê đơn vị hành chính: cấp, mã, tên, từ ngày, đến ngày (cách nhau bằng dấu tab)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One optional text; several words are joined."""
        parser.add_argument("text", nargs="*", help="một phần của mã hoặc tên, có dấu hay không")
        parser.add_argument("--on", help="chỉ đơn vị có hiệu lực vào ngày này, dạng 2025-07-01")
        parser.add_argument("--changes", action="store_true", help="xuất mọi biến động dạng CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each unit or change."""
        try:
            if options["changes"]:
                self._changes()
            else:
                self._units(" ".join(options["text"]), options["on"])
            self.stdout.flush()
        except BrokenPipeError:
            # `| head` has read enough; what Python still wants to flush at exit goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())

    def _units(self, text: str, on: str | None) -> None:
        try:
            day = date.fromisoformat(on) if on else None
        except ValueError as error:
            raise CommandError("--on cần ngày dạng 2025-07-01") from error
        for unit in units_matching(text, on=day).iterator():
            self.stdout.write("\t".join((unit.level, unit.code, unit.name, _day(unit.valid_from), _day(unit.valid_to))))

    def _changes(self) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        for step in UnitChange.objects.select_related("predecessor", "successor").order_by("at", "id").iterator():
            old, new = step.predecessor, step.successor
            writer.writerow(
                (old.level, old.code, old.name, new.code, new.name, step.kind, int(step.is_default), _day(step.at),
                 step.precision, step.share, step.source, int(step.verified))
            )  # fmt: skip
