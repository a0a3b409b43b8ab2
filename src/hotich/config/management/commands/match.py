import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hotich.matching import command_line


class Command(BaseCommand):
    """On the command line `hotich match` takes a shorter way, without Django: hotich/__main__.py."""

    help = "Is each person of a register in the population? Two parquet files in, one out; needs no database"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if code := command_line.match(options):
            sys.exit(code)
