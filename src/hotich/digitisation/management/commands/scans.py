import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hotich.digitisation.management.commands._scans_deliver import add_deliver_arguments, deliver
from hotich.scans import command_line


class Command(BaseCommand):
    """On the command line `hotich scans encode` takes a shorter way, without Django: hotich/__main__.py."""

    help = (
        "`encode IN OUT`: pages or ready-cut cases in, one legible PDF/A a case out, with a report; needs no database. "
        "`deliver OUT`: books with their scans, checked both ways"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("encode", "deliver"))
        command_line.add_encode_arguments(parser)
        add_deliver_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = deliver(options) if options["act"] == "deliver" else command_line.encode(options)
        if code:
            sys.exit(code)
