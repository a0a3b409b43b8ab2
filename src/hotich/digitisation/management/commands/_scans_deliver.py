"""`hotich scans deliver OUT_DIR`: books with their scans, as the Ministry's guidance asks."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError

from hotich.database.state import sync_path
from hotich.intake.management.line import must_be_writable, write_whole
from hotich.intake.queries.actors import actor_of_login
from hotich.intake.rules.delivery_report import DeliveryNotWhole, DeliveryReport, lines_of
from hotich.intake.rules.messages import MESSAGES
from hotich.intake.services import Order, deliver_books
from hotich.intake.services.delivery import report_bytes
from hotich.kernel import clock
from hotich.kernel.problems import RuleBroken
from hotich.units.queries import office_by_code
from hotich.web.texts import text_of_problem

LINES = 50  # problems that are printed; the report has them all


def add_deliver_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `hotich scans deliver`; its folder is the first positional argument of the command."""
    parser.add_argument("--office", default="", metavar="CODE", help="deliver: the office that registered")
    parser.add_argument("--type", dest="register_type", default="", metavar="KS", help="deliver: the register")
    parser.add_argument("--book", action="append", default=[], metavar="01/2006", help="deliver: may be given again")
    parser.add_argument("--request", default="", metavar="ID", help="deliver: the request another officer approved")
    parser.add_argument("--as", dest="login", default="", metavar="LOGIN", help="deliver: the officer who delivers")
    parser.add_argument("--pattern", default="", metavar="P2", help="deliver: names of the PDFs: P1, P2, P3 or own")
    parser.add_argument("--with-gaps", default="", metavar="REASON", help="deliver: also when something is missing")
    parser.add_argument("--unapproved", action="store_true", help="deliver: with cases that are not approved yet")


def deliver(options: Mapping[str, Any]) -> int:
    """The exit code: 0 when the delivery lies in its folder, 1 when it is not whole, 2 when it cannot be asked for."""
    target: Path | None = options["source"]
    if target is None or not (options["office"] and options["register_type"] and options["book"]):
        return _cannot("hotich scans deliver OUT_DIR --office CODE --type KS --book 01/2006 --request ID --as LOGIN")
    try:
        if options["report"]:
            must_be_writable(options["report"])
        report = _deliver(options, target)
    except DeliveryNotWhole as refusal:
        _tell(refusal.report, options["report"])
        sys.stderr.write(f"hotich: {text_of_problem(refusal)}\n")
        return 1
    except RuleBroken as refusal:
        return _cannot(text_of_problem(refusal))
    except (OSError, DatabaseError) as error:
        return _cannot(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
    _tell(report, options["report"])
    pdfs = sum(len(book.files) for book in report.books)
    sys.stdout.write(f"Đã giao {len(report.books)} quyển, {pdfs} bản quét vào {target / report.office}.\n")
    return 0


def _deliver(options: Mapping[str, Any], target: Path) -> DeliveryReport:
    """Everything is made in a hidden folder beside its place; files move there when all of it is made and noted."""
    office = office_by_code(options["office"])
    try:
        request = UUID(options["request"]) if options["request"] else None
    except ValueError as error:
        raise RuleBroken("export_unknown") from error
    order = Order(
        office, options["register_type"].upper(), options["book"], options["pattern"], options["with_gaps"],
        unapproved=options["unapproved"],
    )  # fmt: skip
    actor = actor_of_login(options["login"], office, "export.request" if request else "record.read")
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=target, prefix=".giao-") as made:
            report = deliver_books(actor=actor, at=clock.now(), order=order, folder=Path(made), request_id=request)
            _put_in_place(Path(made) / office.code, target / office.code)
    except BaseException:
        if is_new and not any(target.iterdir()):
            target.rmdir()
        raise
    return report


def _put_in_place(made: Path, place: Path) -> None:
    """Zip and workbook before the report: where a report lies, its book is whole."""
    for path in made.iterdir():
        sync_path(path)
    place.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(made.iterdir(), key=lambda path: (path.suffix == ".json", path.name)):
        path.replace(place / path.name)
    sync_path(place)


def _tell(report: DeliveryReport, place: Path | None) -> None:
    """The problems, line by line, and the report as a file where one was asked for."""
    for book in report.books:
        lines = lines_of(book.troubles, MESSAGES)
        sys.stdout.write(
            f"{book.name}: {book.entries} trường hợp, {len(book.files)} bản quét, {len(lines)} điểm chưa khớp\n"
        )
        for line in lines[:LINES]:
            sys.stdout.write(f"  {line['text']}\n")
        if len(lines) > LINES:
            sys.stdout.write(f"  … và {len(lines) - LINES} điểm nữa: xem báo cáo (--report).\n")
    if place:
        write_whole(place, report_bytes(report))


def _cannot(text: str) -> int:
    sys.stderr.write(f"hotich: {' '.join(text.split())}\n")
    return 2
