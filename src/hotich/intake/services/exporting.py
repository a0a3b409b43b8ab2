"""A book goes out as the workbook it came in as. Who took it is written down: it holds citizens' data."""

from __future__ import annotations

from datetime import datetime

from hotich.audit.services import unit_of_work
from hotich.database.scope import office_scope
from hotich.intake.queries.book_rows import book_rows
from hotich.intake.rules.workbook_header import newest_version
from hotich.intake.rules.workbook_writer import write_workbook
from hotich.intake.services.access import must_have, must_keep
from hotich.kernel.actor import Actor
from hotich.kernel.problems import RuleBroken
from hotich.registers.types import REGISTER_TYPES


def export_book(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    register_type: str,
    book: str,
    unapproved: bool = False,
    current: bool = False,
    template: str = "",
) -> bytes:
    """The workbook of the book `book` ("01/2006") of the office that registered.

    The same cells as imported (what was repaired counts as the cell); surrogates of ours are blank. `unapproved`: with
    cases that are not records yet; `current`: the values after annotations. Raises RuleBroken: not_allowed,
    office_not_in_scope, register_unknown, book_unknown, template_unknown, export_empty.
    """
    must_have(actor, "record.read")
    must_keep(actor, office_id)
    if register_type not in REGISTER_TYPES:
        raise RuleBroken("register_unknown", register_type=register_type, types=", ".join(REGISTER_TYPES))
    with office_scope(actor.office_ids), unit_of_work(actor=actor, at=at) as work:
        found = book_rows(
            office_id=office_id,
            letters=register_type,
            label=book,
            unapproved=unapproved,
            current=current,
            template=template,
            restricted=actor.may("restricted.read"),
        )
        if not found.rows:
            raise RuleBroken("export_empty")
        content = write_workbook(newest_version(register_type), found.headings, found.rows)
        work.record(
            "book.exported",
            subject_kind="office",
            subject_id=office_id,
            subject_office=office_id,
            facts={
                "register_type": register_type, "book": book, "rows": len(found.rows), "unapproved": unapproved,
                "current": current,
            },
        )  # fmt: skip
    return content
