from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import CommandParser

from hotich.intake.management.line import LineCommand, content_of, must_be_writable, write_whole
from hotich.intake.queries.actors import actor_of_login
from hotich.intake.services.importing import Delivery, import_book
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.texts import text_of


class Command(LineCommand):
    help = "Import one register book: the Ministry's workbook and the PDFs of its cases"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workbook", type=Path, metavar="WORKBOOK.xlsx")
        parser.add_argument("--scans", type=Path, metavar="ZIP_OR_DIR", help="the PDFs, in a zip or a folder")
        parser.add_argument("--office", required=True, metavar="CODE", help="the office that registered")
        parser.add_argument("--era", default="", help="PRE1999, ND83, ND158, L2014 or LIVE; else by each row's date")
        parser.add_argument("--type", default="", metavar="KS", help="refuse the workbook of any other register")
        parser.add_argument("--as", dest="login", default="", metavar="LOGIN", help="the officer who imports")
        parser.add_argument("--reason", default="", help="why a book goes in that is keyed in packages or elsewhere")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")
        parser.add_argument("--report", type=Path, required=True, metavar="OUT.json")

    def work(self, **options: Any) -> None:
        must_be_writable(options["report"])
        office = office_by_code(options["office"])
        actor = actor_of_login(options["login"], office, "case.import")
        path: Path = options["workbook"]
        delivery = Delivery(
            name=path.name,
            content=content_of(path),
            scans=options["scans"],
            era=options["era"].upper(),
            expected=options["type"].upper(),
            claims_reason=options["reason"],
        )
        try:
            report = import_book(
                actor=actor, at=clock.now(), office_id=office.id, delivery=delivery, dry_run=options["dry_run"]
            )
        except RuleBroken as refusal:
            for claim in refusal.params.get("claims", ()):
                self.stderr.write(text_of(claim.code, claim.params))
            raise
        write_whole(options["report"], orjson.dumps(report, option=orjson.OPT_INDENT_2))
        self.stdout.write(summary(report, dry_run=options["dry_run"]))


def summary(report: dict[str, Any], *, dry_run: bool) -> str:
    """The counts in one line."""
    line = (
        f"{report['register_type']} {report['office']}: {report['rows']} dòng = {report['accepted']} chờ duyệt"
        f" + {report['held']} cần sửa + {report['rejected']} không nhập + {report['unchanged']} không đổi"
    )
    if dry_run:
        return f"Chạy thử, không lưu gì. {line}"
    if not report["accepted"] and not report["held"] and report["unchanged"]:
        line = f"Tệp này đã được nhập trước đó; không có gì mới. {line}"
    return f"{line}; đợt nhập {report['batch']}"
