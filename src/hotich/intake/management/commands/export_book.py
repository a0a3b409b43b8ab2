from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from hotich.intake.management.line import LineCommand, must_be_writable, write_whole
from hotich.intake.queries.actors import actor_of_login
from hotich.intake.services.exporting import export_book
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code


class Command(LineCommand):
    help = "Export one register book as the Ministry's workbook"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.xlsx")
        parser.add_argument("--office", required=True, metavar="CODE", help="the office that registered")
        parser.add_argument("--type", dest="register_type", required=True, metavar="KS")
        parser.add_argument("--book", required=True, metavar="01/2006")
        parser.add_argument("--unapproved", action="store_true", help="with cases that are not approved yet")
        parser.add_argument("--current", action="store_true", help="the values after annotations")
        parser.add_argument("--template", default="", metavar="60|70", help="else the headings it was imported with")
        parser.add_argument("--as", dest="login", default="", metavar="LOGIN", help="the officer who exports")
        parser.add_argument(
            "--request", default="", metavar="ID", help="the request another officer approved; needed but for demo data"
        )

    def work(self, **options: Any) -> None:
        must_be_writable(options["out"])
        office = office_by_code(options["office"])
        request = request_id_of(options["request"])
        content = export_book(
            actor=actor_of_login(options["login"], office, "export.request" if request else "record.read"),
            at=clock.now(),
            office_id=office.id,
            register_type=options["register_type"].upper(),
            book=options["book"],
            unapproved=options["unapproved"],
            current=options["current"],
            template=options["template"],
            request_id=request,
        )
        write_whole(options["out"], content)
        self.stdout.write(f"Đã xuất quyển {options['book']} ra {options['out']}.")


def request_id_of(text: str) -> UUID | None:
    """The id of a request; None for "". Raises RuleBroken export_unknown."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise RuleBroken("export_unknown") from error
