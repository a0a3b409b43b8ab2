"""`hotich offices [TEXT]`: code, name, valid from, valid to, separated by tabs; demo offices first."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from hotich.units.queries import offices_matching


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


class Command(BaseCommand):
    """Lists the offices whose code or name contains the text, whatever its accents."""

    help = "Liệt kê cơ quan đăng ký hộ tịch: mã, tên, từ ngày, đến ngày (cách nhau bằng dấu tab)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One optional text; several words are joined."""
        parser.add_argument("text", nargs="*", help="một phần của mã hoặc tên, có dấu hay không")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each office."""
        try:
            for office in offices_matching(" ".join(options["text"])).iterator():
                self.stdout.write("\t".join((office.code, office.name, _day(office.valid_from), _day(office.valid_to))))
            self.stdout.flush()
        except BrokenPipeError:
            # `| head` has read enough; what Python still wants to flush at exit goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stdout.fileno())
